"""A desktop for each test that asks for one; all of it ends with the test."""

import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from sts_desktop.demo.control import Faults
from sts_desktop.demo.directory import demo_directory
from sts_desktop.demo.embedded_sts import EmbeddedSts
from tests.end_to_end.desktop_session import DesktopSession, Keyring, Tray
from tests.end_to_end.person import Person
from tests.end_to_end.tray_host import TrayHost


@pytest.fixture
def sts() -> Iterator[EmbeddedSts]:
    with EmbeddedSts(demo_directory()) as sts:
        yield sts
        sts.control.set(Faults())


@pytest.fixture
def sit_down(sts: EmbeddedSts) -> Iterator[Callable[..., Person]]:
    """Sit down at a new desktop; in the end the program has to end well, and to leave nothing bad in writing."""
    with ExitStack() as stack:

        def sit_down(*, tray: Tray = "none", keyring: Keyring = "unlocked", notifications: bool = True) -> Person:
            # A short path: sockets have no room for a long one.
            directory = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="desktop-"))) / "d"
            desktop = DesktopSession(directory, tray=tray, keyring=keyring, notifications=notifications)
            stack.callback(desktop.stop)
            person = Person(desktop, sts)
            stack.callback(_refuse_bad_traces, person)
            stack.callback(person.leave)
            return person

        yield sit_down


def _refuse_bad_traces(person: Person) -> None:
    traces = person.bad_traces()
    if traces:
        pytest.fail("the program left in writing:\n" + "\n".join(traces), pytrace=False)


@pytest.fixture
def look_at_tray() -> Iterator[Callable[[Person], TrayHost]]:
    with ExitStack() as stack:

        def look_at_tray(person: Person) -> TrayHost:
            host = TrayHost(person.desktop.bus)
            stack.callback(host.close)
            return host

        yield look_at_tray
