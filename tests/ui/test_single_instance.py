"""One window a person: who comes second tells the first, and who cannot be reached is not running."""

import os
import stat
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from PySide6.QtNetwork import QLocalSocket
from pytestqt.qtbot import QtBot

from sts_desktop.ui import single_instance
from sts_desktop.ui.single_instance import SingleInstance, socket_name
from tests.ui.hand import PATIENCE_MS

SECOND = """
import sys
from pathlib import Path
from PySide6.QtCore import QCoreApplication
from sts_desktop.ui.single_instance import SingleInstance
application = QCoreApplication([])
print(SingleInstance(Path(sys.argv[1])).claim(sys.argv[2], show=bool(sys.argv[3])))
"""

KILLED = """
import sys, os, signal
from pathlib import Path
from PySide6.QtCore import QCoreApplication
from sts_desktop.ui.single_instance import SingleInstance
application = QCoreApplication([])
first = SingleInstance(Path(sys.argv[1]))
assert first.claim()
first.listen()
os.kill(os.getpid(), signal.SIGKILL)
"""

FIRST = """
import sys
from pathlib import Path
from PySide6.QtCore import QCoreApplication, Qt, QTimer
from sts_desktop.ui import single_instance
{where}
application = QCoreApplication([])
first = single_instance.SingleInstance(Path(sys.argv[1]))
assert first.claim()
first.listen()
first.show_requested.connect(application.quit, Qt.QueuedConnection)
QTimer.singleShot(20_000, lambda: application.exit(1))
print("first", flush=True)
print("not shown" if application.exec() else "shown", flush=True)
"""
IS_IMPATIENT = "single_instance.PATIENCE_MS = 100"
DISK_IS_FULL = """
import resource, signal
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
"""


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    return tmp_path / "run"


@pytest.fixture
def make(qtbot: QtBot, directory: Path) -> Iterator[Callable[[], SingleInstance]]:
    made: list[SingleInstance] = []

    def make() -> SingleInstance:
        made.append(SingleInstance(directory))
        return made[-1]

    yield make
    for instance in made:
        instance.close()
        instance.deleteLater()


@pytest.fixture
def start_second(directory: Path) -> Callable[..., list[str]]:
    """Start another process that wants to be the first; what it says arrives in the list."""

    def start_second(token: str = "", *, show: bool = True) -> list[str]:
        said: list[str] = []

        def run() -> None:
            command = [sys.executable, "-c", SECOND, str(directory), token, "show" if show else ""]
            said.append(subprocess.run(command, capture_output=True, text=True, timeout=60).stdout.strip())

        threading.Thread(target=run).start()
        return said

    return start_second


def test_first_is_first_and_its_files_are_private(make: Callable[[], SingleInstance], directory: Path) -> None:
    first = make()
    assert first.claim()
    first.listen()
    assert stat.S_IMODE(directory.stat().st_mode) == 0o700
    socket = Path(socket_name(directory))
    assert not socket.stat().st_mode & 0o077


@pytest.mark.parametrize("token", ["", "kwin-1234_TIME56"])
def test_second_is_told_no_and_the_first_is_to_show_itself(
    qtbot: QtBot, make: Callable[[], SingleInstance], start_second: Callable[..., list[str]], token: str
) -> None:
    first = make()
    assert first.claim()
    first.listen()
    with qtbot.waitSignal(first.show_requested, timeout=PATIENCE_MS) as wish:
        said = start_second(token)
    assert wish.args == [token]
    qtbot.waitUntil(lambda: said == ["False"], timeout=PATIENCE_MS)


def test_second_that_wants_no_window_leaves_the_first_as_it_is(
    qtbot: QtBot, make: Callable[[], SingleInstance], start_second: Callable[..., list[str]]
) -> None:
    first = make()
    assert first.claim()
    first.listen()
    with qtbot.assertNotEmitted(first.show_requested):
        said = start_second("", show=False)
        qtbot.waitUntil(lambda: said == ["False"], timeout=PATIENCE_MS)


def test_first_that_ended_leaves_its_place(make: Callable[[], SingleInstance]) -> None:
    first = make()
    assert first.claim()
    first.listen()
    first.close()
    assert make().claim()


def test_killed_first_is_taken_over(make: Callable[[], SingleInstance], directory: Path) -> None:
    subprocess.run([sys.executable, "-c", KILLED, str(directory)], timeout=60)
    assert (directory / "window.lock").exists()
    instance = make()
    assert instance.claim()
    instance.listen()


@pytest.mark.expects_warnings
def test_lock_whose_process_number_belongs_to_somebody_else_is_taken_over(
    make: Callable[[], SingleInstance], directory: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After a crash its number may be that of another live Python: `QLockFile` would refuse for ever."""
    monkeypatch.setattr(single_instance, "PATIENCE_MS", 100)
    holder = make()
    assert holder.claim()  # alive, this very process, and on no socket
    assert make().claim()


def test_first_that_was_taken_over_takes_nothing_back(
    make: Callable[[], SingleInstance], directory: Path, start_second: Callable[..., list[str]], qtbot: QtBot
) -> None:
    slow = make()
    assert slow.claim()
    command = [sys.executable, "-c", FIRST.format(where=IS_IMPATIENT), str(directory)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as first:
        assert first.stdout is not None
        assert first.stdout.readline() == "first\n"
        slow.listen()
        slow.close()
        said = start_second()
        assert first.stdout.readline() == "shown\n"
    qtbot.waitUntil(lambda: said == ["False"], timeout=PATIENCE_MS)


def test_first_that_was_taken_over_while_it_hung_leaves_the_other_ones_socket_at_its_end(
    make: Callable[[], SingleInstance], directory: Path, start_second: Callable[..., list[str]], qtbot: QtBot
) -> None:
    hung = make()
    assert hung.claim()
    hung.listen()  # and then it hears nothing: no event loop runs here
    command = [sys.executable, "-c", FIRST.format(where=IS_IMPATIENT), str(directory)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as first:
        assert first.stdout is not None
        assert first.stdout.readline() == "first\n"
        hung.close()
        said = start_second()
        assert first.stdout.readline() == "shown\n"
    qtbot.waitUntil(lambda: said == ["False"], timeout=PATIENCE_MS)


@pytest.mark.skipif(sys.platform == "win32", reason="limits of POSIX")
def test_full_disk_does_not_open_a_second_window(directory: Path, start_second: Callable[..., list[str]]) -> None:
    command = [sys.executable, "-c", FIRST.format(where=DISK_IS_FULL), str(directory)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as first:
        assert first.stdout is not None
        assert first.stdout.readline() == "first\n"
        start_second()
        assert first.stdout.readline() == "shown\n"


def test_lock_alone_does_not_make_a_second_the_first(
    qtbot: QtBot, make: Callable[[], SingleInstance], directory: Path, start_second: Callable[..., list[str]]
) -> None:
    first = make()
    assert first.claim()
    first.listen()
    (directory / "window.lock").unlink()
    with qtbot.waitSignal(first.show_requested, timeout=PATIENCE_MS):
        said = start_second()
    qtbot.waitUntil(lambda: said == ["False"], timeout=PATIENCE_MS)
    assert not (directory / "window.lock").exists()


@pytest.mark.parametrize(
    "message", [b"hide\n", b"show a b\n", b"show " + b"x" * 600 + b"\n", b"show \xff\n", b"x" * 5000]
)
def test_nothing_but_show_is_listened_to(
    qtbot: QtBot, make: Callable[[], SingleInstance], directory: Path, message: bytes
) -> None:
    first = make()
    assert first.claim()
    first.listen()
    wishes: list[str] = []
    first.show_requested.connect(wishes.append)
    stranger = QLocalSocket()
    with closing(stranger), qtbot.waitSignal(stranger.disconnected, timeout=PATIENCE_MS):
        stranger.connectToServer(socket_name(directory))
        stranger.write(message)
    assert wishes == []


def test_long_path_has_a_name_of_another_kind(tmp_path: Path) -> None:
    short, long = tmp_path / "run", tmp_path / ("x" * 120)
    assert socket_name(short) == str(short / "window.socket")
    assert os.sep not in socket_name(long)
    assert socket_name(long) != socket_name(long / "other")
