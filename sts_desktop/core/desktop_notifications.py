"""The desktop's notifications, over D-Bus (Desktop Notifications Specification 1.3). Nothing of Qt; safe on any thread.

Not through QtDBus: PySide6 cannot make the 32-bit unsigned number that `Notify` asks for (6.11: a Python int always
becomes an `i` or a `q`), so every daemon would refuse the call.
"""

import html
import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

log = logging.getLogger(__name__)

BUS_NAME = "org.freedesktop.Notifications"
_PATH = "/org/freedesktop/Notifications"
LIMIT_SECONDS = 3.0
"""A daemon that takes longer hangs; what it should have shown is then told elsewhere."""

CLOSE_SECONDS = 0.2
"""How long the end of the program waits for a notification that is being shown."""

DEFAULT_ACTION = "default"
"""The action of a click on the notification itself."""


class NoNotificationsError(Exception):
    """There is no notification daemon, or it does not answer. Carries no content; the window tells instead."""


@dataclass(frozen=True)
class Notification:
    """What is shown.

    Attributes:
        title: one line of plain text.
        body: more plain text; markup in it is shown as it is.
        actions: keys and labels of its buttons; `DEFAULT_ACTION` is a click on it.
        is_urgent: whether it stays until it is closed, where the desktop knows how.
    """

    title: str
    body: str = ""
    actions: tuple[tuple[str, str], ...] = ()
    is_urgent: bool = False


class DesktopNotifications:
    """A connection to the notification daemon of the session, made at first use and anew when it broke.

    Safe on any thread; one notification is shown at a time.

    Args:
        application_id: names the program's desktop file, from which the desktop takes its name and icon.
        application_name: as people know it.
        on_action: called with the id of a notification and the key of its action, on a thread of this object.
        on_closed: called with the id of a notification that is there no more, on a thread of this object; with 0 when
            that is true of all: the daemon is another, and its ids begin anew.
    """

    def __init__(
        self,
        application_id: str,
        application_name: str,
        on_action: Callable[[int, str], None],
        on_closed: Callable[[int], None],
    ) -> None:
        self._application_id = application_id
        self._application_name = application_name
        self._on_action = on_action
        self._on_closed = on_closed
        self._using = threading.Lock()
        self._is_closed = False
        self._last: dict[str, int] = {}
        self._router: Any = None
        self._shows_markup = False

    def show(self, notification: Notification, subject: str = "") -> int:
        """Show a notification and return its id.

        Args:
            notification: what to show.
            subject: what it is about; it takes the place of the last one about the same that is still there.

        Raises:
            NoNotificationsError: it could not be shown.
        """
        with self._using:
            try:
                number = self._show(notification, self._last.get(subject, 0) if subject else 0)
                self._last[subject] = number
                return number
            except Exception as error:  # a library's, a socket's or the daemon's: to us all the same
                log.info("a notification could not be shown: %s", type(error).__name__)
                self._disconnect()
        raise NoNotificationsError  # outside, so that no text of theirs stays attached

    def withdraw(self, subject: str) -> None:
        """Take the last notification about `subject` off the desktop, if it is there still."""
        with self._using:
            number = self._last.pop(subject, None)
            if number is not None:
                self._send_close(number)

    def close(self) -> None:
        """Show nothing more, and take off what is shown: nobody hears of a click on it any more.

        A daemon that hangs is not waited for: its connection ends with the process.
        """
        self._is_closed = True
        if self._using.acquire(timeout=CLOSE_SECONDS):
            try:
                for number in list(self._last.values()):
                    self._send_close(number)
                self._disconnect()
            finally:
                self._using.release()

    def _show(self, notification: Notification, replaces: int) -> int:
        if self._is_closed:
            raise RuntimeError("the program ends")
        if self._router is None:
            self._connect()
        actions = [text for action in notification.actions for text in action]
        body = html.escape(notification.body, quote=False) if self._shows_markup else notification.body
        hints = {"desktop-entry": ("s", self._application_id), "urgency": ("y", 2 if notification.is_urgent else 1)}
        arguments = (
            self._application_name, replaces, self._application_id, notification.title, body, actions, hints, -1,
        )  # fmt: skip
        return int(self._call("Notify", "susssasa{sv}i", arguments)[0])

    def _connect(self) -> None:
        from jeepney import MatchRule, message_bus  # type: ignore[import-untyped]  # has no types
        from jeepney.io.threading import DBusRouter, Proxy, open_dbus_connection  # type: ignore[import-untyped]

        self._router = DBusRouter(open_dbus_connection(auth_timeout=LIMIT_SECONDS))
        owner = MatchRule(type="signal", sender=message_bus.bus_name, member="NameOwnerChanged")
        owner.add_arg_condition(0, BUS_NAME)
        rules: dict[Any, Callable[..., None]] = {
            MatchRule(type="signal", interface=BUS_NAME, member="ActionInvoked", path=_PATH): self._on_action,
            MatchRule(type="signal", interface=BUS_NAME, member="NotificationClosed", path=_PATH): self._closed,
            owner: self._owner_changed,
        }
        bus = Proxy(message_bus, self._router, timeout=LIMIT_SECONDS)
        self._filters = []
        for rule, call in rules.items():
            bus.AddMatch(rule)
            self._filters.append(self._router.filter(rule, queue=_Calls(call)))
        (capabilities,) = self._call("GetCapabilities", None, ())
        self._shows_markup = "body-markup" in capabilities

    def _disconnect(self) -> None:
        router, self._router = self._router, None
        if router is not None:
            router.close()
            router.conn.close()
            self._last.clear()
            self._on_closed(0)  # nobody hears any more when one goes

    def _closed(self, notification_id: int, _reason: int) -> None:
        for subject, number in list(self._last.items()):
            if number == notification_id:
                self._last.pop(subject, None)
        self._on_closed(notification_id)

    def _owner_changed(self, _name: str, _before: str, _now: str) -> None:
        self._last.clear()
        self._on_closed(0)

    def _send_close(self, number: int) -> None:
        """Ask for the end of a notification; no answer is waited for."""
        from jeepney import DBusAddress, new_method_call

        if self._router is None:
            return
        message = new_method_call(DBusAddress(_PATH, BUS_NAME, BUS_NAME), "CloseNotification", "u", (number,))
        try:
            self._router.send(message)
        except Exception as error:  # as in `show`
            log.info("a notification could not be taken back: %s", type(error).__name__)

    def _call(self, member: str, signature: str | None, arguments: tuple[Any, ...]) -> tuple[Any, ...]:
        from jeepney import DBusAddress, new_method_call
        from jeepney.wrappers import unwrap_msg  # type: ignore[import-untyped]

        address = DBusAddress(_PATH, BUS_NAME, BUS_NAME)
        message = new_method_call(address, member, signature, arguments)
        answer: tuple[Any, ...] = unwrap_msg(self._router.send_and_get_reply(message, timeout=LIMIT_SECONDS))
        return answer


class _Calls:
    """Stands where a router puts messages, and calls instead: no second thread has to wait for them."""

    def __init__(self, call: Callable[..., None]) -> None:
        self._call = call

    def put_nowait(self, message: Any) -> None:
        """Take a message, on the router's thread, which an exception would end."""
        try:
            self._call(*message.body)
        except Exception:
            log.exception("a notification's action was lost")
