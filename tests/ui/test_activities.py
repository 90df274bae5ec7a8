"""What else than getting a token takes its time: it is shown then, and can be cancelled."""

import threading
from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from sts_desktop.core.credentials import SessionCredentials
from sts_desktop.core.services import Services
from sts_desktop.core.vault.errors import KeyringLockedError
from sts_desktop.demo.control import Faults
from sts_desktop.demo.embedded_sts import EmbeddedSts
from sts_desktop.ui.activities import Activities, Task
from sts_desktop.ui.app import Desktop
from sts_desktop.ui.jobs import Job, Jobs
from tests.ui.hand import PATIENCE_MS, Hand


class Asking:
    """A keyring that asks for its password, once `lock` was called, and waits until `answer` is."""

    def __init__(self, services: Services, monkeypatch: pytest.MonkeyPatch) -> None:
        self._vault = services.vault
        self._monkeypatch = monkeypatch
        self._read = services.vault.session
        self._answered = threading.Event()

    def lock(self) -> None:
        self._monkeypatch.setattr(self._vault, "session", self._wait_and_read)

    def answer(self) -> None:
        self._answered.set()

    def _wait_and_read(self, profile_id: str, **options: bool) -> SessionCredentials | None:
        assert self._answered.wait(20)
        return self._read(profile_id, **options)


@pytest.fixture
def asking(services: Services, monkeypatch: pytest.MonkeyPatch) -> Iterator[Asking]:
    asking = Asking(services, monkeypatch)
    yield asking
    asking.answer()


@pytest.fixture
def wait_until_shown(qtbot: QtBot) -> Callable[[Desktop], None]:
    def wait_until_shown(desktop: Desktop) -> None:
        button = desktop.window.panel.actions_bar.primary
        qtbot.waitUntil(lambda: button.text() == "Cancel", timeout=PATIENCE_MS)

    return wait_until_shown


def begin(desktop: Desktop, task: Task, hand: Hand) -> None:
    panel = desktop.window.panel
    match task:
        case Task.COPY:
            hand.click(panel.actions_bar.copy)
        case Task.WRITE:
            hand.click(panel.actions_bar.write)
        case Task.END:
            hand.click(panel.actions_bar.end)
        case Task.TEST:
            panel.menu.test.trigger()
        case Task.GET_TOKEN:
            hand.click(panel.actions_bar.primary)


@pytest.mark.fault(13)
@pytest.mark.parametrize(
    ("task", "words"),
    [
        (Task.COPY, "Reading the session…"),
        (Task.WRITE, "Writing the session…"),
        (Task.END, "Forgetting the session…"),
        (Task.TEST, "Testing the session…"),
    ],
)
def test_whatever_waits_for_the_keyring_is_shown_and_can_be_cancelled(
    desktop: Desktop,
    hand: Hand,
    wait_until_shown: Callable[[Desktop], None],
    services: Services,
    asking: Asking,
    task: Task,
    words: str,
) -> None:
    hand.get_token(desktop)
    panel = desktop.window.panel
    before = desktop.sessions.record(panel.profile_id)
    asking.lock()
    begin(desktop, task, hand)
    assert panel.actions_bar.primary.text() == "&Renew"  # most is done before anybody could read *Cancel*
    wait_until_shown(desktop)
    assert words in panel.status.text()
    QTest.keyClick(panel, Qt.Key.Key_Escape)
    assert panel.actions_bar.primary.text() == "&Renew"
    assert panel.status.text().startswith("Active")
    assert hand.shown_text(desktop.window.message_bar.message) == "Cancelled."
    asking.answer()
    hand.settle(desktop)
    assert desktop.sessions.record(panel.profile_id) == before == services.sessions.record(panel.profile_id)
    assert desktop.clipboard.seconds_left() == 0
    assert not panel.note.isVisible()
    assert not panel.notice.isVisible()


def test_a_test_that_aws_does_not_answer_can_be_cancelled(
    desktop: Desktop, hand: Hand, wait_until_shown: Callable[[Desktop], None], embedded_sts: EmbeddedSts
) -> None:
    hand.get_token(desktop)
    embedded_sts.control.set(Faults(silent=True))
    panel = desktop.window.panel
    begin(desktop, Task.TEST, hand)
    wait_until_shown(desktop)
    QTest.keyClick(panel, Qt.Key.Key_Escape)
    assert panel.actions_bar.primary.text() == "&Renew"
    embedded_sts.control.set(Faults())
    hand.settle(desktop)
    assert not panel.notice.isVisible()


def test_what_is_done_at_once_leaves_focus_and_form_alone(
    qtbot: QtBot, desktop: Desktop, hand: Hand, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sts_desktop.ui.activities.SHOWN_AFTER_MS", 60_000)  # however busy the machine is
    hand.get_token(desktop)
    panel = desktop.window.panel
    panel.actions_bar.copy.setFocus()
    QTest.keyClick(panel.actions_bar.copy, Qt.Key.Key_Space)
    assert panel.actions_bar.copy.isEnabled()
    assert panel.form.duration.isEnabled()
    qtbot.waitUntil(lambda: desktop.clipboard.seconds_left() > 0, timeout=PATIENCE_MS)
    hand.settle(desktop)
    assert panel.actions_bar.copy.hasFocus()


def test_press_in_the_moment_of_another_is_not_lost(
    qtbot: QtBot, desktop: Desktop, hand: Hand, services: Services
) -> None:
    hand.get_token(desktop)
    profile_id = desktop.window.panel.profile_id
    copied: list[str] = []
    desktop.sessions.copied.connect(copied.append)
    with qtbot.waitSignal(desktop.sessions.ended, timeout=PATIENCE_MS):
        desktop.sessions.copy(profile_id)
        desktop.sessions.copy(profile_id)  # the second click of a double click
        desktop.sessions.end(profile_id)
    hand.settle(desktop)
    assert copied == [profile_id]
    assert not desktop.sessions.is_live(profile_id)


@pytest.mark.parametrize("how", ["fails", "is cancelled"])
def test_what_was_to_follow_is_not_done_where_the_first_does_not_come_about(
    jobs: Jobs, activities: Activities, qtbot: QtBot, how: str
) -> None:
    followed: list[str] = []
    gate = threading.Event()

    def work(_job: Job) -> None:
        gate.wait(20)
        if how == "fails":
            raise KeyringLockedError

    start(activities, work)
    activities.follow("p1", lambda: followed.append("followed"))
    if how == "is cancelled":
        activities.cancel("p1")
    gate.set()
    qtbot.waitUntil(jobs.is_idle, timeout=PATIENCE_MS)
    start(activities, lambda _job: None)  # nor after the next one, which does
    qtbot.waitUntil(lambda: jobs.is_idle() and activities.of("p1") is None, timeout=PATIENCE_MS)
    assert followed == []
    start(activities, lambda _job: None)
    activities.follow("p1", lambda: followed.append("followed"))
    qtbot.waitUntil(lambda: followed == ["followed"], timeout=PATIENCE_MS)


@pytest.fixture
def jobs(qtbot: QtBot) -> Iterator[Jobs]:
    jobs = Jobs()
    yield jobs
    jobs.close(20)
    jobs.deleteLater()


@pytest.fixture
def activities(jobs: Jobs) -> Iterator[Activities]:
    activities = Activities(jobs)
    yield activities
    activities.deleteLater()


def start(activities: Activities, work: Callable[[Job], None]) -> None:
    def nothing(_outcome: object = None) -> None:
        pass

    activities.start(Task.COPY, "p1", work, succeeded=nothing, failed=nothing, ended=nothing)
