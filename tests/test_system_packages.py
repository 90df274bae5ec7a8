"""`packaging/linux/system-packages`, on a system that these tests make up: its programs stand in one folder."""

import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="a shell script for Linux")

SCRIPT = Path(__file__).parent.parent / "packaging" / "linux" / "system-packages"
USED = ("cat", "echo", "grep", "printf", "sed", "sh", "tr")

System = Callable[..., subprocess.CompletedProcess[str]]

WINDOW = """\
libgl1
libegl1
libxkbcommon0
libfontconfig1
libdbus-1-3
libglib2.0-0t64 libglib2.0-0 (= 2.80.0-6ubuntu3), libglib2.0-0-compat
libxcb-cursor0
libxkbcommon-x11-0
libxcb-icccm4
libxcb-keysyms1
libxcb-shape0
"""


@pytest.fixture
def system(tmp_path: Path) -> System:
    """Return a function that runs the script where `installed` packages are there, each with what it provides."""
    programs = tmp_path / "bin"
    programs.mkdir()
    for name in USED:
        if (program := shutil.which(name)) is not None:
            (programs / name).symlink_to(program)

    def write(name: str, *lines: str) -> None:
        script = programs / name
        script.write_text("\n".join(["#!/bin/sh", *lines]) + "\n", encoding="utf-8")
        script.chmod(0o755)

    def run_script(
        *groups: str, installed: str, user: int = 1000, debian: bool = True
    ) -> subprocess.CompletedProcess[str]:
        write("uname", "echo Linux")
        write("id", f"echo {user}")
        if debian:
            lines = [f"installed, {line.replace(' ', ', ', 1)}" for line in installed.splitlines()]
            (tmp_path / "installed").write_text("\n".join(["config-files, xclip", *lines]) + "\n", encoding="utf-8")
            write("dpkg-query", f"cat '{tmp_path}/installed'")
            write("apt-get", f"echo \"$@\" >> '{tmp_path}/calls'")
        command = [str(programs / "sh"), str(SCRIPT), *groups]
        return subprocess.run(command, env={"PATH": str(programs)}, capture_output=True, text=True, check=False)

    return run_script


def test_nothing_is_said_when_everything_is_there(system: System) -> None:
    result = system("window", installed=WINDOW)

    assert (result.returncode, result.stdout, result.stderr) == (0, "", "")


def test_a_person_is_told_the_one_command(system: System, tmp_path: Path) -> None:
    result = system("window", "desktop", installed=WINDOW + "xvfb\ngnome-keyring\ndbus-daemon\nzsh\n")

    assert result.returncode == 1
    assert (
        result.stdout == "sudo apt-get update && sudo apt-get install -y --no-install-recommends libglib2.0-bin xclip\n"
    )
    assert not (tmp_path / "calls").exists()


def test_root_installs_what_is_missing(system: System, tmp_path: Path) -> None:
    result = system("window", installed=WINDOW.replace("libxcb-cursor0\n", ""), user=0)

    assert result.returncode == 0
    assert (tmp_path / "calls").read_text(encoding="utf-8").splitlines() == [
        "-qq update",
        "-qq install -y --no-install-recommends libxcb-cursor0",
    ]


@pytest.mark.parametrize("font", ["fonts-noto-cjk", "fonts-ipafont-gothic fonts-japanese-gothic"])
def test_any_japanese_font_will_do(system: System, font: str) -> None:
    assert system("japanese", installed=f"{font}\n").returncode == 0
    assert system("japanese", installed="fonts-dejavu\n").stdout.split()[-1] == "fonts-motoya-l-cedar"


def test_a_package_that_was_removed_is_missing(system: System) -> None:
    result = system("desktop", installed="gnome-keyring\ndbus-daemon\nlibglib2.0-bin\nxvfb\nzsh\n")

    assert result.stdout.split()[-1] == "xclip"


def test_another_linux_is_told_what_is_needed(system: System) -> None:
    result = system("japanese", installed="", debian=False)

    assert result.returncode == 0
    assert "fonts-motoya-l-cedar" in result.stderr


def test_an_unknown_group_is_refused(system: System) -> None:
    assert system("nonsense", installed="").returncode == 2
