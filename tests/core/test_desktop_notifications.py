"""Notifications over a real bus, with a daemon of the test's own that says what it was told."""

import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from typing import TYPE_CHECKING, Any

import pytest

from sts_desktop.core.desktop_notifications import (
    BUS_NAME,
    DEFAULT_ACTION,
    DesktopNotifications,
    NoNotificationsError,
    Notification,
)
from tests.waiting import wait_until

if TYPE_CHECKING:
    from tests.private_bus import PrivateBus

pytestmark = pytest.mark.desktop("dbus-daemon")

PATH = "/org/freedesktop/Notifications"


class Daemon:
    """Answers as a notification daemon does; `shown` holds the arguments of each `Notify`."""

    def __init__(self, bus: "PrivateBus", capabilities: list[str]) -> None:
        from jeepney import DBusAddress, MessageType, message_bus, new_method_return, new_signal  # type: ignore[import-untyped]

        self.shown: list[Any] = []
        self.closed: list[int] = []
        self.senders: list[str] = []
        self._is_stopped = False
        self.connection = bus.connect()
        self.connection.bus_proxy.RequestName(BUS_NAME)
        self._kinds, self._bus = MessageType, message_bus
        self._return, self._signal, self._address = new_method_return, new_signal, DBusAddress
        self._capabilities = capabilities
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()

    def click(self, number: int, key: str) -> None:
        """Let a person click an action of a notification."""
        emitter = self._address(PATH, interface=BUS_NAME)
        self.connection.send(self._signal(emitter, "ActionInvoked", "us", (number, key)))

    def close_notification(self, number: int) -> None:
        """Let a notification go, as when its time is over."""
        emitter = self._address(PATH, interface=BUS_NAME)
        self.connection.send(self._signal(emitter, "NotificationClosed", "uu", (number, 1)))

    def stop(self) -> None:
        if self._is_stopped:
            return
        self._is_stopped = True
        self.connection.sock.shutdown(2)
        self._thread.join(20)
        self.connection.close()

    def _serve(self) -> None:
        try:
            while True:
                self._answer(self.connection.receive())
        except (ConnectionResetError, OSError):
            return

    def _answer(self, message: Any) -> None:
        if message.header.message_type is not self._kinds.method_call:
            return
        member = message.header.fields[3]
        if member == "GetCapabilities":
            self.connection.send(self._return(message, "as", (self._capabilities,)))
        elif member == "CloseNotification":
            self.closed.append(message.body[0])
            self.connection.send(self._return(message))
        elif member == "Notify":
            self.shown.append(message.body)
            self.senders.append(message.header.fields[7])
            replaces = message.body[1]
            self.connection.send(self._return(message, "u", (replaces or 6 + len(self.shown),)))


@pytest.fixture
def start_daemon(private_bus: "PrivateBus") -> Iterator[Callable[..., Daemon]]:
    daemons: list[Daemon] = []

    def start_daemon(*capabilities: str) -> Daemon:
        daemons.append(Daemon(private_bus, list(capabilities)))
        return daemons[-1]

    yield start_daemon
    for daemon in daemons:
        daemon.stop()


@pytest.fixture
def clicks() -> list[tuple[int, str]]:
    return []


@pytest.fixture
def arrived() -> threading.Event:
    return threading.Event()


@pytest.fixture
def gone() -> list[int]:
    """The ids that are no longer anybody's."""
    return []


@pytest.fixture
def notifications(
    clicks: list[tuple[int, str]], arrived: threading.Event, gone: list[int]
) -> Iterator[DesktopNotifications]:
    def note(number: int, key: str) -> None:
        clicks.append((number, key))
        arrived.set()

    with closing(DesktopNotifications("org.example.App", "App", note, gone.append)) as notifications:
        yield notifications


def test_everything_reaches_the_daemon(
    start_daemon: Callable[..., Daemon], notifications: DesktopNotifications
) -> None:
    daemon = start_daemon()
    number = notifications.show(Notification("title", "body", ((DEFAULT_ACTION, "Open"),), is_urgent=True))
    assert number == 7
    name, replaces, icon, title, body, actions, hints, _expiry = daemon.shown[0]
    assert (name, replaces, icon, title, body) == ("App", 0, "org.example.App", "title", "body")
    assert actions == ["default", "Open"]
    assert hints == {"desktop-entry": ("s", "org.example.App"), "urgency": ("y", 2)}


def test_one_takes_the_place_of_another(
    start_daemon: Callable[..., Daemon], notifications: DesktopNotifications
) -> None:
    daemon = start_daemon()
    first = notifications.show(Notification("one"), "a1")
    assert notifications.show(Notification("other"), "b2") != first
    assert notifications.show(Notification("two"), "a1") == first
    assert daemon.shown[2][1] == first


@pytest.mark.fault(41)
@pytest.mark.parametrize(
    ("capabilities", "shown"),
    [(("body-markup",), "&lt;b&gt;a &amp; b&lt;/b&gt;"), ((), "<b>a & b</b>")],
)
def test_markup_is_shown_as_it_is(
    start_daemon: Callable[..., Daemon],
    notifications: DesktopNotifications,
    capabilities: tuple[str, ...],
    shown: str,
) -> None:
    daemon = start_daemon(*capabilities)
    notifications.show(Notification("<i>title</i>", "<b>a & b</b>"))
    assert daemon.shown[0][3:5] == ("<i>title</i>", shown)


def test_clicks_come_back(
    start_daemon: Callable[..., Daemon],
    notifications: DesktopNotifications,
    clicks: list[tuple[int, str]],
    arrived: threading.Event,
) -> None:
    daemon = start_daemon()
    number = notifications.show(Notification("title", actions=((DEFAULT_ACTION, "Open"),)))
    daemon.click(number, DEFAULT_ACTION)
    assert arrived.wait(20)
    assert clicks == [(number, DEFAULT_ACTION)]


def test_without_a_daemon_that_is_told(private_bus: "PrivateBus", notifications: DesktopNotifications) -> None:
    with pytest.raises(NoNotificationsError) as told:
        notifications.show(Notification("title"))
    assert told.value.__context__ is None


def test_without_a_bus_that_is_told(notifications: DesktopNotifications, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere")
    with pytest.raises(NoNotificationsError):
        notifications.show(Notification("title"))


def test_a_daemon_that_comes_later_is_found(
    private_bus: "PrivateBus", start_daemon: Callable[..., Daemon], notifications: DesktopNotifications
) -> None:
    with pytest.raises(NoNotificationsError):
        notifications.show(Notification("one"))
    daemon = start_daemon()
    notifications.show(Notification("two"))
    assert [body[3] for body in daemon.shown] == ["two"]


def test_many_threads_share_one_connection(
    start_daemon: Callable[..., Daemon],
    notifications: DesktopNotifications,
    clicks: list[tuple[int, str]],
    arrived: threading.Event,
) -> None:
    daemon = start_daemon("body-markup")
    start = threading.Barrier(4)

    def show() -> None:
        start.wait(20)
        notifications.show(Notification("title", "a & b", ((DEFAULT_ACTION, "Open"),)))

    threads = [threading.Thread(target=show) for _number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert [body[4] for body in daemon.shown] == ["a &amp; b"] * 4
    assert len(set(daemon.senders)) == 1
    daemon.click(7, DEFAULT_ACTION)
    assert arrived.wait(20)
    notifications.show(Notification("another"))  # answered after the click was heard by everybody who hears
    assert clicks == [(7, DEFAULT_ACTION)]


def test_new_daemon_begins_with_new_ids(
    start_daemon: Callable[..., Daemon], notifications: DesktopNotifications, gone: list[int]
) -> None:
    first = start_daemon()
    notifications.show(Notification("one"))
    first.stop()
    wait_until(lambda: 0 in gone, "the end of all ids")


def test_closed_notification_is_told_of(
    start_daemon: Callable[..., Daemon], notifications: DesktopNotifications, gone: list[int]
) -> None:
    daemon = start_daemon()
    number = notifications.show(Notification("one"))
    daemon.close_notification(number)
    wait_until(lambda: number in gone, "the end of the id")


def test_nothing_is_shown_after_the_end(
    start_daemon: Callable[..., Daemon], notifications: DesktopNotifications
) -> None:
    daemon = start_daemon()
    notifications.show(Notification("one"))
    notifications.close()
    with pytest.raises(NoNotificationsError):
        notifications.show(Notification("two"))
    assert len(daemon.shown) == 1


def test_what_is_not_true_any_more_is_taken_back_and_all_at_the_end(
    start_daemon: Callable[..., Daemon], notifications: DesktopNotifications
) -> None:
    daemon = start_daemon()
    first, second = (notifications.show(Notification(title), title) for title in ("one", "two"))
    notifications.withdraw("one")
    notifications.withdraw("one")
    notifications.withdraw("nothing")
    wait_until(lambda: daemon.closed == [first], "the end of the first")
    notifications.close()
    wait_until(lambda: daemon.closed == [first, second], "the end of the second")
