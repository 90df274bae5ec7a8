"""The program as a process: its first paint, its end, and what is said where there is no display."""

import logging
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import IO

import pytest
from PySide6 import QtCore
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from sts_desktop.core.paths import Paths
from sts_desktop.core.services import Services
from sts_desktop.core.state import SessionRecord, Written
from sts_desktop.demo.control import Faults
from sts_desktop.demo.embedded_sts import EmbeddedSts
from sts_desktop.ui import app
from sts_desktop.ui.app import Desktop
from tests.ui.hand import PATIENCE_MS, Hand

FIRST_PAINT = """
import json, sys, threading
from sts_desktop.core.services import open_services
from sts_desktop.ui.app import run
from PySide6.QtWidgets import QApplication

LATE = {"boto3", "botocore", "cryptography", "filelock", "jeepney", "keyring", "platformdirs", "secretstorage"}
LATE |= {"concurrent.futures", "configparser", "decimal", "hashlib", "logging.handlers", "secrets", "socket"}
LATE |= {f"sts_desktop.core.{name}" for name in ("aws_files.files", "sessions", "sts.client", "vault.vault")}
LATE |= {f"sts_desktop.ui.{name}" for name in ("about", "access_key_dialog", "section_dialog")}

def prepare(desktop):
    def painted():
        loaded = sorted(LATE & sys.modules.keys())
        print(json.dumps({"loaded": loaded, "threads": [thread.name for thread in threading.enumerate()]}))
        QApplication.quit()
    desktop.window.painted.disconnect()  # or what follows the first paint would be counted with it
    desktop.window.painted.connect(painted)

sys.exit(run(open_services(), prepare=prepare))
"""

GARBAGE = """
import gc, sys
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from sts_desktop import __main__
from sts_desktop.ui import app

def prepare(desktop):
    seen = [gc.isenabled()]
    def painted():
        print(seen[0], gc.isenabled(), gc.get_freeze_count() > 10_000)
        QApplication.quit()
    desktop.window.painted.connect(lambda: QTimer.singleShot(0, painted))

whole = app.run
app.run = lambda services, **_options: whole(services, prepare=prepare)
sys.exit(__main__.main([]))
"""

# The window with one profile, asking an STS that never answers; ends in the way that the argument names.
SILENT_FETCH = """
import sys, tempfile
from pathlib import Path
from PySide6.QtCore import QTimer
from sts_desktop.core.profile import AwsProfileKey, Profile
from sts_desktop.core.session_step import Step
from sts_desktop.demo.control import Faults
from sts_desktop.demo.directory import demo_directory
from sts_desktop.demo.embedded_sts import EmbeddedSts
from sts_desktop.demo.window import demo_services
from sts_desktop.ui.app import run

with tempfile.TemporaryDirectory() as home, EmbeddedSts(demo_directory()) as server:
    services = demo_services(Path(home), server)
    profile = services.profiles.create("work", Profile(id="", name="", source=AwsProfileKey("bob")))
    server.control.set(Faults(silent=True))

    def prepare(desktop):
        timer = QTimer(desktop)
        def look():
            activity = desktop.sessions.activity(profile.id)
            if activity is None:
                desktop.window.panel.press_primary()
            elif activity.step is Step.ASKING_STS:
                timer.stop()
                print("asking", flush=True)
                {"close": desktop.window.close, "wait": bool}[sys.argv[1]]()
        timer.timeout.connect(look)
        timer.start(20)

    sys.exit(run(services, prepare=prepare))
"""


# Ends by itself with code 3, with a thread that never does if the argument says so.
ENDING = """
import logging, sys, threading
from sts_desktop.core.services import open_services
from sts_desktop.ui.app import run
from PySide6.QtWidgets import QApplication

def nothing(_value):
    pass

def prepare(desktop):
    if sys.argv[1] == "hangs":
        desktop.jobs.start(lambda _job: threading.Event().wait(), succeeded=nothing, failed=nothing)
    desktop.window.painted.connect(lambda: QApplication.exit(3))

def clean_up():
    logs = [handler for handler in logging.getLogger().handlers if getattr(handler, "stream", None)]
    print("cleaned up with", len(logs), "open logs")

sys.exit(run(open_services(), prepare=prepare, clean_up=clean_up))
"""


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """Start a program offscreen; killed after the test if it is still there."""
    started: list[subprocess.Popen[str]] = []

    def start(*arguments: str, **variables: str) -> subprocess.Popen[str]:
        environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "TMPDIR": str(tmp_path), **variables}
        process = subprocess.Popen(
            [sys.executable, *arguments],
            env=environment,
            cwd=tmp_path,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate()


def lines_of(stream: IO[str] | None) -> IO[str]:
    assert stream is not None
    return stream


def own_complaints(errors: str) -> list[str]:
    return [line for line in errors.splitlines() if not line.startswith("This plugin does not support")]


def test_first_paint_loads_nothing_heavy_and_starts_no_thread(start: Callable[..., subprocess.Popen[str]]) -> None:
    output, errors = start("-c", FIRST_PAINT).communicate(timeout=60)
    assert own_complaints(errors) == []
    assert output.strip() == '{"loaded": [], "threads": ["MainThread"]}'


def test_garbage_is_looked_for_after_the_first_paint_and_not_among_the_program(
    start: Callable[..., subprocess.Popen[str]],
) -> None:
    output, errors = start("-c", GARBAGE).communicate(timeout=60)
    assert output.split() == ["False", "True", "True"], errors


@pytest.mark.fault(21)
@pytest.mark.parametrize("way", ["close", "SIGTERM", "SIGINT"])
def test_quit_during_a_fetch_ends_within_two_seconds(
    start: Callable[..., subprocess.Popen[str]], tmp_path: Path, way: str
) -> None:
    process = start("-c", SILENT_FETCH, "wait" if way.startswith("SIG") else way)
    assert lines_of(process.stdout).readline() == "asking\n"
    began = time.monotonic()
    if way.startswith("SIG"):
        process.send_signal(signal.Signals[way])
    _output, errors = process.communicate(timeout=60)
    assert time.monotonic() - began < 4  # two are promised; the machine may be busy
    assert process.returncode == 0
    assert own_complaints(errors) == []


@pytest.mark.fault(21)
@pytest.mark.parametrize("thread", ["ends", "hangs"])
def test_cleans_up_and_keeps_its_exit_code(start: Callable[..., subprocess.Popen[str]], thread: str) -> None:
    process = start("-c", ENDING, thread)
    output, errors = process.communicate(timeout=60)
    assert own_complaints(errors) == []
    assert output == "cleaned up with 0 open logs\n"
    assert process.returncode == 3


@pytest.mark.fault(21)
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_demo_ends_cleanly_on_a_signal(
    qtbot: QtBot, start: Callable[..., subprocess.Popen[str]], tmp_path: Path, number: signal.Signals
) -> None:
    process = start("-m", "sts_desktop", "--demo")

    def is_up() -> bool:
        assert process.poll() is None, "it ended by itself"
        logs = tmp_path.glob("sts-desktop-demo-*/state/log/*.log")
        return any("secrets are kept in" in log.read_text() for log in logs)

    qtbot.waitUntil(is_up, timeout=PATIENCE_MS)
    began = time.monotonic()
    process.send_signal(number)
    output, errors = process.communicate(timeout=60)
    assert time.monotonic() - began < 4
    assert process.returncode == 0
    assert own_complaints(output + errors) == []
    assert list(tmp_path.iterdir()) == []  # the throwaway home went with it


def test_without_a_display_one_line_and_exit_code_1(start: Callable[..., subprocess.Popen[str]]) -> None:
    process = start("-m", "sts_desktop", QT_QPA_PLATFORM="xcb")
    output, errors = process.communicate(timeout=60)
    assert process.returncode == 1
    assert output == ""
    assert len(errors.splitlines()) == 1
    assert "no display" in errors


def test_what_is_being_typed_is_saved_at_the_end(
    qtbot: QtBot, open_desktop: Callable[..., Desktop], make_services: Callable[..., Services]
) -> None:
    services = make_services()
    desktop = open_desktop(services)
    profile = desktop.profiles.create("work")
    desktop.window.list.select(profile.id)
    panel = desktop.window.panel
    duration = panel.form.duration.combo.lineEdit()
    assert duration is not None
    for edit, text in ((duration, "1h"), (panel.form.mfa_serial.lineEdit(), "GAHT12345678"), (panel.name, "renamed")):
        assert edit is not None
        edit.setFocus()
        edit.selectAll()
        QTest.keyClicks(edit, text)
    assert desktop.close()
    saved = services.settings.load().profiles[0]
    assert (saved.name, saved.duration_seconds, saved.mfa_serial) == ("renamed", 3600, "GAHT12345678")


@pytest.mark.fault(21)
def test_end_during_a_fetch_stores_nothing(
    qtbot: QtBot, desktop: Desktop, services: Services, embedded_sts: EmbeddedSts, hand: Hand
) -> None:
    embedded_sts.control.set(Faults(silent=True))
    hand.click(desktop.window.panel.actions_bar.primary)
    profile = desktop.profiles.settings.profiles[0]
    before = services.settings.load()
    assert not desktop.jobs.close(0)
    desktop.sessions.cancel_all()
    embedded_sts.control.set(Faults())
    qtbot.waitUntil(desktop.jobs.is_idle, timeout=PATIENCE_MS)
    assert services.vault.session(profile.id) is None
    assert services.settings.load() == before


@pytest.mark.expects_warnings
def test_unexpected_error_in_a_job_is_told_in_the_window(
    desktop: Desktop, services: Services, monkeypatch: pytest.MonkeyPatch, hand: Hand, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_arguments: object, **_options: object) -> None:
        raise ZeroDivisionError("secret=abc")

    monkeypatch.setattr(type(services.sessions), "get_token", broken)
    hand.get_token(desktop)
    text = hand.shown_text(desktop.window.panel.note)
    assert "Something unexpected went wrong" in text
    assert "abc" not in text
    assert desktop.window.panel.actions_bar.primary.isEnabled()
    assert any(record.levelno == logging.ERROR for record in caplog.records)


def test_profile_of_another_window_appears_with_the_next_edit(
    desktop: Desktop, make_services: Callable[..., Services], hand: Hand
) -> None:
    make_services().profiles.create("theirs")
    profile = desktop.profiles.settings.profiles[0]
    desktop.profiles.edit(replace(profile, duration_seconds=3600))
    hand.settle(desktop)
    model = desktop.window.list.model()
    assert [model.index(row, 0).data() for row in range(model.rowCount())] == ["work", "theirs"]
    assert desktop.window.panel.profile_id == profile.id


@pytest.mark.fault(46)
def test_unreadable_settings_do_not_hide_what_is_known_of_the_sessions(
    open_desktop: Callable[..., Desktop], services: Services, paths: Paths, hand: Hand
) -> None:
    written = SessionRecord(written=(Written("work", "/home/alice/.aws/credentials"),))
    services.state.update(lambda state: state.with_session("a1", written))
    paths.settings_file.mkdir(parents=True)  # what cannot be read, for root too
    desktop = open_desktop()
    assert "cannot be read" in hand.shown_text(desktop.window.notes.problem)
    assert desktop.sessions.record("a1") == written


def test_demo_is_started_as_a_program_that_loads_nothing_from_where_it_stands(monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[tuple[str, list[str]]] = []

    class Process:
        @staticmethod
        def startDetached(program: str, arguments: list[str]) -> None:
            started.append((program, arguments))

    monkeypatch.setattr(QtCore, "QProcess", Process)
    app.start_demo()
    assert started == [(sys.executable, ["-P", "-m", "sts_desktop", "--demo"])]
