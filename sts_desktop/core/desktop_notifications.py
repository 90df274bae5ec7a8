"""The desktop's notifications, over D-Bus (Desktop Notifications Specification 1.3). Nothing of Qt; safe on any thread.

Not through QtDBus: PySide6 cannot make the 32-bit unsigned number that `Notify` asks for (6.11: a Python int always
becomes an `i` or a `q`), so every daemon would refuse the call.
"""

import html
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

log = logging.getLogger(__name__)

BUS_NAME = "org.freedesktop.Notifications"
_PATH = "/org/freedesktop/Notifications"
LIMIT_SECONDS = 3.0
"""A daemon that takes longer hangs; what it should have shown is then told elsewhere."""

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

    Args:
        application_id: names the program's desktop file, from which the desktop takes its name and icon.
        application_name: as people know it.
        on_action: called with the id of a notification and the key of its action, on a thread of this object.
    """

    def __init__(self, application_id: str, application_name: str, on_action: Callable[[int, str], None]) -> None:
        self._application_id = application_id
        self._application_name = application_name
        self._on_action = on_action
        self._router: Any = None
        self._shows_markup = False

    def show(self, notification: Notification, replaces: int = 0) -> int:
        """Show a notification and return its id.

        Args:
            notification: what to show.
            replaces: the id of one whose place it takes; 0 for none.

        Raises:
            NoNotificationsError: it could not be shown.
        """
        try:
            if self._router is None:
                self._open()
            actions = [text for action in notification.actions for text in action]
            body = html.escape(notification.body, quote=False) if self._shows_markup else notification.body
            hints = {"desktop-entry": ("s", self._application_id), "urgency": ("y", 2 if notification.is_urgent else 1)}
            arguments = (
                self._application_name, replaces, self._application_id, notification.title, body, actions, hints, -1,
            )  # fmt: skip
            return int(self._call("Notify", "susssasa{sv}i", arguments)[0])
        except Exception as error:  # a library's, a socket's or the daemon's: to us all the same
            log.info("a notification could not be shown: %s", type(error).__name__)
            self.close()
        raise NoNotificationsError  # outside, so that no text of theirs stays attached

    def close(self) -> None:
        """End the connection; `show` makes another."""
        router, self._router = self._router, None
        if router is not None:
            router.close()
            router.conn.close()

    def _open(self) -> None:
        from jeepney import MatchRule, message_bus  # type: ignore[import-untyped]  # has no types
        from jeepney.io.threading import DBusRouter, Proxy, open_dbus_connection  # type: ignore[import-untyped]

        self._router = DBusRouter(open_dbus_connection(auth_timeout=LIMIT_SECONDS))
        rule = MatchRule(type="signal", interface=BUS_NAME, member="ActionInvoked", path=_PATH)
        Proxy(message_bus, self._router, timeout=LIMIT_SECONDS).AddMatch(rule)
        self._filter = self._router.filter(rule, queue=_Calls(self._invoked))
        (capabilities,) = self._call("GetCapabilities", None, ())
        self._shows_markup = "body-markup" in capabilities

    def _invoked(self, body: Sequence[Any]) -> None:
        notification_id, key = body
        self._on_action(notification_id, key)

    def _call(self, member: str, signature: str | None, arguments: tuple[Any, ...]) -> tuple[Any, ...]:
        from jeepney import DBusAddress, new_method_call
        from jeepney.wrappers import unwrap_msg  # type: ignore[import-untyped]

        address = DBusAddress(_PATH, BUS_NAME, BUS_NAME)
        message = new_method_call(address, member, signature, arguments)
        answer: tuple[Any, ...] = unwrap_msg(self._router.send_and_get_reply(message, timeout=LIMIT_SECONDS))
        return answer


class _Calls:
    """Stands where a router puts messages, and calls instead: no second thread has to wait for them."""

    def __init__(self, call: Callable[[Sequence[Any]], None]) -> None:
        self._call = call

    def put_nowait(self, message: Any) -> None:
        """Take a message, on the router's thread, which an exception would end."""
        try:
            self._call(message.body)
        except Exception:
            log.exception("a notification's action was lost")
