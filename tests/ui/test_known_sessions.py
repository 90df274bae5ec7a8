"""What is known of the sessions is read on workers, of which a keyring that hangs must not take all."""

import threading
from collections.abc import Iterator
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

import pytest
from pytestqt.qtbot import QtBot

from sts_desktop.core.clock import utc_now
from sts_desktop.core.errors import StsDesktopError
from sts_desktop.core.state import SessionRecord, State
from sts_desktop.ui.jobs import Jobs
from sts_desktop.ui.known_sessions import KnownSessions
from tests.ui.hand import PATIENCE_MS

if TYPE_CHECKING:
    from sts_desktop.core.services import Services


class Hanging:
    """What `SessionRecords` is while it waits; each look shows one session more than the one before."""

    def __init__(self) -> None:
        self.looks = 0
        self.is_broken = False
        self._let_go = threading.Event()

    def settle(self) -> None:
        self.looks += 1
        assert self._let_go.wait(20)
        if self.is_broken:
            raise StsDesktopError("It does not answer", "", "")

    def as_settled(self) -> State:
        return State({f"a{number}": SessionRecord(last_four="WXYZ") for number in range(self.looks)})

    def let_go(self) -> None:
        self._let_go.set()


@pytest.fixture
def hanging() -> Hanging:
    return Hanging()


@pytest.fixture
def known(qtbot: QtBot, hanging: Hanging) -> Iterator[KnownSessions]:
    services = cast("Services", SimpleNamespace(sessions=SimpleNamespace(records=hanging), now=utc_now))
    jobs = Jobs()
    known = KnownSessions(services, jobs, State())
    yield known
    hanging.let_go()
    jobs.close(20)
    for one in (known, jobs):
        one.deleteLater()


@pytest.mark.parametrize("is_broken", [False, True])
def test_wishes_during_a_look_make_one_more(
    qtbot: QtBot, known: KnownSessions, hanging: Hanging, is_broken: bool
) -> None:
    known.reload()
    qtbot.waitUntil(lambda: hanging.looks == 1, timeout=PATIENCE_MS)
    for _wish in range(50):
        known.reload()
    hanging.is_broken = is_broken
    hanging.let_go()
    jobs: Any = known._jobs
    qtbot.waitUntil(lambda: hanging.looks == 2 and jobs.is_idle(), timeout=PATIENCE_MS)
    assert len(known.state.sessions) == (0 if is_broken else 2)
    known.reload()
    qtbot.waitUntil(lambda: hanging.looks == 3, timeout=PATIENCE_MS)


def test_reading_of_what_was_done_does_not_wait_for_a_look_that_hangs(
    qtbot: QtBot, known: KnownSessions, hanging: Hanging
) -> None:
    known.reload()
    qtbot.waitUntil(lambda: hanging.looks == 1, timeout=PATIENCE_MS)
    assert len(known.read().state.sessions) == 1
