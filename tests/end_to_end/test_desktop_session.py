"""The desktop that the other tests stand on leaves nothing behind, however it ends."""

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.end_to_end.desktop_session import CHECKOUT, DIE_WITH_US, processes_of
from tests.end_to_end.person import Person
from tests.waiting import wait_until

pytestmark = pytest.mark.desktop(
    "Xvfb", "jwm", "dunst", "gnome-keyring-daemon", "xdotool", "xprop", "gdbus", "xfce4-panel", "setpriv"
)

TESTER = """
import sys
from pathlib import Path
from sts_desktop.demo.directory import demo_directory
from sts_desktop.demo.embedded_sts import EmbeddedSts
from tests.end_to_end.desktop_session import DesktopSession
from tests.end_to_end.person import Person

with EmbeddedSts(demo_directory()) as sts:
    person = Person(DesktopSession(Path(sys.argv[1]), tray="sni"), sts)
    person.make_profile("work", "bob")
    person.start()
    person.sees("Get token")
    print("ready", flush=True)
    sys.stdin.read()
"""


def test_all_of_it_ends_when_the_tests_are_killed() -> None:
    with tempfile.TemporaryDirectory(prefix="desktop-") as directory:
        desktop = Path(directory) / "d"
        command = (*DIE_WITH_US, sys.executable, "-c", TESTER, str(desktop))
        with subprocess.Popen(command, cwd=CHECKOUT, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as tester:
            assert tester.stdout is not None
            assert tester.stdout.readline() == b"ready\n"
            assert len(processes_of(desktop)) > 5
            tester.kill()
        try:
            wait_until(lambda: not processes_of(desktop), "everything to end")
        finally:
            for pid in processes_of(desktop):
                os.kill(pid, signal.SIGKILL)


def test_all_of_it_ends_with_a_test(sit_down: Callable[..., Person]) -> None:
    person = sit_down(tray="sni")
    person.screen.has("something")  # starts what D-Bus starts for those who look
    person.desktop.stop()
    assert processes_of(person.desktop.directory) == []
