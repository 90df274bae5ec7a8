"""The demo as a person starts it where there is no screen: it plays by itself, tells each step, and touches nothing."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtGui import QImage

from sts_desktop.core import i18n

# The demo with a server that refuses every call.
REFUSED = """
import sys
from sts_desktop.demo import window
from sts_desktop.demo.control import Faults
from sts_desktop.demo.embedded_sts import EmbeddedSts

class RefusingSts(EmbeddedSts):
    def start(self):
        self.control.set(Faults(throttled=True))
        return super().start()

window.EmbeddedSts = RefusingSts
sys.exit(window.run(sys.argv[1:]))
"""

# The same, with a thread that never ends.
REFUSED_AND_HANGING = (
    """
import threading
from sts_desktop.demo import window

Autoplay = window.Autoplay

def nothing(_value):
    pass

def autoplay(desktop, *others):
    desktop.jobs.start(lambda _job: threading.Event().wait(), succeeded=nothing, failed=nothing)
    return Autoplay(desktop, *others)

window.Autoplay = autoplay
"""
    + REFUSED
)


@pytest.fixture
def play(tmp_path: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Run the demo with nothing of a display, and everything it may write to below `tmp_path`."""
    for name in ("home", "cache", "temporary", "working"):
        (tmp_path / name).mkdir()

    def play(*arguments: str, script: str = "", **variables: str) -> subprocess.CompletedProcess[str]:
        environment = {name: value for name, value in os.environ.items() if not name.startswith(("QT_", "XDG_"))}
        environment |= {
            "HOME": str(tmp_path / "home"),
            "XDG_CACHE_HOME": str(tmp_path / "cache"),  # fontconfig's, not ours
            "TMPDIR": str(tmp_path / "temporary"),
        } | variables
        command = ["-c", script] if script else ["-m", "sts_desktop", "--demo"]
        return subprocess.run(
            [sys.executable, *command, *arguments],
            cwd=tmp_path / "working",
            env=environment,
            capture_output=True,
            text=True,
            timeout=120,
        )

    return play


def colours_in(picture: Path) -> int:
    image = QImage(str(picture))
    assert not image.isNull()
    return len({image.pixel(x, y) for x in range(0, image.width(), 3) for y in range(0, image.height(), 3)})


@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_plays_the_main_path_and_touches_nothing_of_the_person(
    play: Callable[..., subprocess.CompletedProcess[str]], tmp_path: Path, language: str
) -> None:
    theirs = tmp_path / "home" / ".aws" / "credentials"
    theirs.parent.mkdir()
    theirs.write_text("[default]\naws_access_key_id = AKIATHEIROWN\naws_secret_access_key = theirs\n")
    before = theirs.stat()
    pictures = tmp_path / "pictures"
    played = play(
        "--pictures", str(pictures), LC_ALL="ja_JP.UTF-8" if language == "ja" else "C.UTF-8", AWS_PROFILE="ghost"
    )
    assert played.returncode == 0, played.stdout + played.stderr
    steps = [line for line in played.stdout.splitlines() if line]
    assert len(steps) >= 10
    assert all(line.startswith("ok ") for line in steps)
    assert "arn:aws:iam::123456789012:user/alice" in steps[-1]
    for unwanted in ("Traceback", "demo+secret", "AWS_SESSION_TOKEN"):
        assert unwanted not in played.stderr
    assert "demo+secret" not in played.stdout

    shown = sorted(pictures.glob("*.png"))
    assert len(shown) >= 5
    for picture in shown:
        assert colours_in(picture) > 20, picture

    left = [path for path in (tmp_path / "home").rglob("*") if path.is_file()]
    assert left == [theirs]
    assert (theirs.stat().st_mtime_ns, theirs.stat().st_ino) == (before.st_mtime_ns, before.st_ino)
    assert list((tmp_path / "temporary").iterdir()) == []
    assert list((tmp_path / "working").iterdir()) == []


def test_step_that_does_not_hold_ends_with_exit_code_1(
    play: Callable[..., subprocess.CompletedProcess[str]], tmp_path: Path
) -> None:
    played = play("--pictures", str(tmp_path / "pictures"), script=REFUSED)
    assert played.returncode == 1
    last = played.stdout.splitlines()[-1]
    assert last.startswith("FAILED")
    assert "get token" in last
    assert "Too many requests" in last
    assert "Traceback" not in played.stderr


def test_hanging_thread_changes_neither_the_exit_code_nor_what_is_left_behind(
    play: Callable[..., subprocess.CompletedProcess[str]], tmp_path: Path
) -> None:
    played = play("--pictures", str(tmp_path / "pictures"), script=REFUSED_AND_HANGING)
    assert played.returncode == 1
    assert played.stdout.splitlines()[-1].startswith("FAILED")
    assert "Traceback" not in played.stderr
    assert list((tmp_path / "temporary").iterdir()) == []


def test_modules_where_it_stands_are_not_run(
    play: Callable[..., subprocess.CompletedProcess[str]], tmp_path: Path
) -> None:
    for name in ("boto3", "json"):
        (tmp_path / "working" / f"{name}.py").write_text("raise SystemExit('run by mistake')\n")
    script = "import sys; from sts_desktop.demo.window import run; sys.exit(run(sys.argv[1:]))"
    played = play("--pictures", str(tmp_path / "pictures"), script=f"import sys; sys.path.remove(''); {script}")
    assert played.returncode == 0, played.stdout + played.stderr


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_theme_is_as_asked_for(
    play: Callable[..., subprocess.CompletedProcess[str]], tmp_path: Path, theme: str
) -> None:
    pictures = tmp_path / theme
    played = play("--autoplay", "--theme", theme, "--pictures", str(pictures), QT_QPA_PLATFORM="offscreen")
    assert played.returncode == 0, played.stdout + played.stderr
    image = QImage(str(sorted(pictures.glob("*.png"))[0]))
    assert (image.pixelColor(2, image.height() - 3).lightness() > 128) == (theme == "light")


def test_unknown_option_is_wrong_usage(play: Callable[..., subprocess.CompletedProcess[str]]) -> None:
    played = play("--nonsense")
    assert played.returncode == 2
    assert "usage" in played.stderr
