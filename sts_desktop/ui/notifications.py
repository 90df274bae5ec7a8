"""Telling a person something while they look elsewhere: by the desktop, or else by the tray, or else by the window."""

import sys
from dataclasses import dataclass

from PySide6.QtCore import QObject, Qt, Signal, Slot

from sts_desktop.core.desktop_notifications import (
    DEFAULT_ACTION,
    DesktopNotifications,
    NoNotificationsError,
    Notification,
)
from sts_desktop.core.i18n import _
from sts_desktop.ui.jobs import Job, Jobs

RENEW_ACTION = "renew"


@dataclass(frozen=True)
class Message:
    """What is told about a profile. Holds no account id, ARN or key id: it may show above a locked screen.

    Attributes:
        profile_id: whom it is about; its next message takes the place of this one.
        title: one line.
        body: more; may be empty.
        offers_renewal: whether a click begins a renewal, rather than open the window.
        is_urgent: whether it stays until it is closed.
    """

    profile_id: str
    title: str
    body: str = ""
    offers_renewal: bool = False
    is_urgent: bool = False


class Notifications(QObject):
    """Shows messages on the desktop, one for each profile at a time.

    Signals:
        open_requested(str): a message was clicked that is about this profile.
        renewal_requested(str): a message was clicked that offers to renew the session of this profile.
        not_shown(object): this `Message` could not be shown on the desktop.
    """

    open_requested = Signal(str)
    renewal_requested = Signal(str)
    not_shown = Signal(object)
    _invoked = Signal(object)
    _gone = Signal(object)

    def __init__(
        self, jobs: Jobs, application_id: str, parent: QObject | None = None, *, has_bus: bool = sys.platform == "linux"
    ) -> None:
        super().__init__(parent)
        self._jobs = jobs
        self._has_bus = has_bus
        self._is_closed = False
        self._messages: dict[int, Message] = {}
        # A signal, because actions arrive on a thread of the connection's.
        self._invoked.connect(self._take_action, Qt.ConnectionType.QueuedConnection)
        self._gone.connect(self._take_closed, Qt.ConnectionType.QueuedConnection)
        self._desktop = DesktopNotifications(
            application_id,
            _("STS Desktop"),
            on_action=lambda number, key: self._invoked.emit((number, key)),
            on_closed=self._gone.emit,
        )

    def tell(self, message: Message) -> None:
        """Show a message, or say by `not_shown` that it cannot be shown."""
        if self._is_closed:
            return
        if not self._has_bus:
            self.not_shown.emit(message)
            return
        actions = [(DEFAULT_ACTION, _("Open"))]
        if message.offers_renewal:
            actions = [(DEFAULT_ACTION, _("Renew")), (RENEW_ACTION, _("Renew"))]
        notification = Notification(message.title, message.body, tuple(actions), message.is_urgent)

        def work(_job: Job) -> int | None:
            try:
                return self._desktop.show(notification, message.profile_id)
            except NoNotificationsError:
                return None

        self._jobs.start(work, succeeded=lambda number: self._told(message, number), failed=lambda _error: None)

    def withdraw(self, profile_id: str) -> None:
        """Take the message about a profile off the desktop, if it is there still: it is not true any more."""
        numbers = [number for number, message in self._messages.items() if message.profile_id == profile_id]
        for number in numbers:
            del self._messages[number]
        if numbers and not self._is_closed:
            self._jobs.start(
                lambda _job: self._desktop.withdraw(profile_id),
                succeeded=lambda _nothing: None,
                failed=lambda _error: None,
            )

    def close(self) -> None:
        """Tell nothing more, and hear of no more clicks."""
        self._is_closed = True
        self._desktop.close()

    def _told(self, message: Message, number: int | None) -> None:
        if number is None:
            self.not_shown.emit(message)
            return
        self._messages[number] = message

    @Slot(object)
    def _take_closed(self, number: int) -> None:
        """Forget a message that is there no more, or all (0): its number may be another program's from now on."""
        if number == 0:
            self._messages.clear()
        else:
            self._messages.pop(number, None)

    @Slot(object)
    def _take_action(self, action: tuple[int, str]) -> None:
        message = self._messages.get(action[0])
        if message is not None:  # otherwise another program's: the daemon tells everybody
            self.take_click(message)

    def take_click(self, message: Message) -> None:
        """Do what a click on a message stands for, wherever it was shown."""
        if message.offers_renewal:
            self.renewal_requested.emit(message.profile_id)
        else:
            self.open_requested.emit(message.profile_id)
