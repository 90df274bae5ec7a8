"""Messages on the desktop: one a profile, and what a click on one stands for."""

import threading
from collections.abc import Callable, Iterator

import pytest
from pytestqt.qtbot import QtBot

from sts_desktop.core.desktop_notifications import DEFAULT_ACTION, NoNotificationsError, Notification
from sts_desktop.ui.jobs import Jobs
from sts_desktop.ui.notifications import RENEW_ACTION, Message, Notifications
from tests.ui.hand import PATIENCE_MS

RENEWAL = Message("a1", "expires soon", offers_renewal=True)
NEWS = Message("b2", "is written")


class Daemon:
    """Stands where the connection to the daemon is; its own ways are tested with a real bus."""

    def __init__(self, on_action: Callable[[int, str], None], on_closed: Callable[[int], None]) -> None:
        self.click, self.close_notification = on_action, on_closed
        self.shown: list[tuple[Notification, str]] = []
        self.withdrawn: list[tuple[str, int]] = []
        self.is_away = False
        self.answers = threading.Event()
        self.answers.set()

    def show(self, notification: Notification, subject: str) -> int:
        assert self.answers.wait(20)
        if self.is_away:
            raise NoNotificationsError
        self.shown.append((notification, subject))
        return 6 + len(self.shown)

    def withdraw(self, subject: str) -> None:
        self.withdrawn.append((subject, len(self.shown)))

    def close(self) -> None:
        """Nothing is open."""


@pytest.fixture
def daemons(monkeypatch: pytest.MonkeyPatch) -> list[Daemon]:
    made: list[Daemon] = []

    def make(
        _id: str, _name: str, *, on_action: Callable[[int, str], None], on_closed: Callable[[int], None]
    ) -> Daemon:
        made.append(Daemon(on_action, on_closed))
        return made[-1]

    monkeypatch.setattr("sts_desktop.ui.notifications.DesktopNotifications", make)
    return made


@pytest.fixture
def notifications(qtbot: QtBot, daemons: list[Daemon]) -> Iterator[Notifications]:
    jobs = Jobs()
    notifications = Notifications(jobs, "org.example.App", has_bus=True)
    yield notifications
    notifications.close()
    jobs.close(20)
    for one in (notifications, jobs):
        one.deleteLater()


@pytest.fixture
def daemon(notifications: Notifications, daemons: list[Daemon]) -> Daemon:
    return daemons[0]


@pytest.fixture
def tell(qtbot: QtBot, notifications: Notifications, daemon: Daemon) -> Callable[[Message], int]:
    """Show a message, and return its number."""

    def tell(message: Message) -> int:
        notifications.tell(message)
        qtbot.waitUntil(notifications._jobs.is_idle, timeout=PATIENCE_MS)
        return 6 + len(daemon.shown)

    return tell


@pytest.mark.parametrize("action", [DEFAULT_ACTION, RENEW_ACTION])
def test_click_on_what_offers_it_renews(
    qtbot: QtBot, notifications: Notifications, daemon: Daemon, tell: Callable[[Message], int], action: str
) -> None:
    number = tell(RENEWAL)
    with qtbot.waitSignal(notifications.renewal_requested, timeout=PATIENCE_MS) as wish:
        daemon.click(number, action)
    assert wish.args == ["a1"]
    assert daemon.shown[0][1] == "a1"


def test_click_on_anything_else_opens_the_profile(
    qtbot: QtBot, notifications: Notifications, daemon: Daemon, tell: Callable[[Message], int]
) -> None:
    tell(RENEWAL)
    number = tell(NEWS)
    with qtbot.waitSignal(notifications.open_requested, timeout=PATIENCE_MS) as wish:
        daemon.click(number, DEFAULT_ACTION)
    assert wish.args == ["b2"]


@pytest.mark.parametrize("gone", ["it", "all"])
def test_number_of_what_is_gone_is_somebody_elses(
    qtbot: QtBot, notifications: Notifications, daemon: Daemon, tell: Callable[[Message], int], gone: str
) -> None:
    closed, kept = tell(RENEWAL), tell(NEWS)
    clicked: list[str] = []
    notifications.renewal_requested.connect(clicked.append)
    notifications.open_requested.connect(clicked.append)
    daemon.close_notification(closed if gone == "it" else 0)
    daemon.click(closed, DEFAULT_ACTION)
    daemon.click(kept, DEFAULT_ACTION)
    last = tell(NEWS)
    with qtbot.waitSignal(notifications.open_requested, timeout=PATIENCE_MS):
        daemon.click(last, DEFAULT_ACTION)
    assert clicked == (["b2", "b2"] if gone == "it" else ["b2"])


def test_what_cannot_be_shown_is_told_otherwise(qtbot: QtBot, notifications: Notifications, daemon: Daemon) -> None:
    daemon.is_away = True
    with qtbot.waitSignal(notifications.not_shown, timeout=PATIENCE_MS) as told:
        notifications.tell(NEWS)
    assert told.args == [NEWS]


def test_nothing_is_told_after_the_end(qtbot: QtBot, notifications: Notifications, daemon: Daemon) -> None:
    notifications.close()
    notifications.tell(NEWS)
    assert notifications._jobs.is_idle()
    assert daemon.shown == []


def test_message_that_is_not_true_any_more_is_taken_back(
    qtbot: QtBot, notifications: Notifications, daemon: Daemon, tell: Callable[[Message], int]
) -> None:
    number = tell(RENEWAL)
    notifications.withdraw("a1")
    qtbot.waitUntil(notifications._jobs.is_idle, timeout=PATIENCE_MS)
    assert daemon.withdrawn == [("a1", 1)]
    with qtbot.assertNotEmitted(notifications.renewal_requested, wait=50):
        daemon.click(number, DEFAULT_ACTION)


def test_message_that_is_taken_back_while_it_is_shown_is_taken_off_after_that(
    qtbot: QtBot, notifications: Notifications, daemon: Daemon
) -> None:
    daemon.answers.clear()
    notifications.tell(RENEWAL)
    notifications.tell(RENEWAL)  # not under way yet: shown no more
    notifications.withdraw("a1")
    daemon.answers.set()
    qtbot.waitUntil(notifications._jobs.is_idle, timeout=PATIENCE_MS)
    assert daemon.withdrawn == [("a1", 1)]
    assert len(daemon.shown) == 1


def test_next_message_comes_after_the_last_one_was_taken_back(
    qtbot: QtBot, notifications: Notifications, daemon: Daemon
) -> None:
    daemon.answers.clear()
    notifications.tell(RENEWAL)
    notifications.withdraw("a1")
    notifications.tell(Message("a1", "has a fresh session"))
    notifications.tell(NEWS)  # of another profile: waits for nobody
    daemon.answers.set()
    qtbot.waitUntil(notifications._jobs.is_idle, timeout=PATIENCE_MS)
    assert daemon.withdrawn in ([("a1", 1)], [("a1", 2)])
    assert [told.title for told, subject in daemon.shown if subject == "a1"] == ["expires soon", "has a fresh session"]
    place = next(place for place, (told, _) in enumerate(daemon.shown) if "fresh" in told.title)
    with qtbot.waitSignal(notifications.open_requested, timeout=PATIENCE_MS) as wish:
        daemon.click(7 + place, DEFAULT_ACTION)
    assert wish.args == ["a1"]
