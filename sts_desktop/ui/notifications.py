"""Telling a person something while they look elsewhere: by the desktop, or else by the tray, or else by the window."""

import sys
from collections import defaultdict, deque
from dataclasses import dataclass

from PySide6.QtCore import QObject, Qt, Signal, Slot

from sts_desktop.core.desktop_notifications import (
    DEFAULT_ACTION,
    DesktopNotifications,
    NoNotificationsError,
    Notification,
)
from sts_desktop.core.i18n import _, sentences
from sts_desktop.ui.jobs import Job, Jobs

RENEW_ACTION = "renew"


@dataclass(frozen=True)
class Message:
    """What is told about a profile. Holds no account id, ARN or key id: it may show above a locked screen.

    Attributes:
        profile_id: whom it is about; its next message takes the place of this one.
        title: one line.
        body: more; may be empty.
        click: what a click on it does, as a sentence; for where it can be clicked.
        offers_renewal: whether a click begins a renewal, rather than open the window.
        is_urgent: whether it stays until it is closed.
        is_fleeting: whether it is of no use to who reads it later.
    """

    profile_id: str
    title: str
    body: str = ""
    click: str = ""
    offers_renewal: bool = False
    is_urgent: bool = False
    is_fleeting: bool = False


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
        self._wishes: defaultdict[str, deque[Message | None]] = defaultdict(deque)  # None: to take it off again
        self._at_work: set[str] = set()
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
        self._wishes[message.profile_id].append(message)
        self._carry_out(message.profile_id)

    def withdraw(self, profile_id: str) -> None:
        """Take the message about a profile off the desktop, if it is or will be there: it is not true any more."""
        if self._is_closed or not self._has_bus:
            return
        self._wishes[profile_id] = deque([None])
        self._carry_out(profile_id)

    def _carry_out(self, profile_id: str) -> None:
        """Carry out the next wish about a profile, one at a time: workers could overtake one another."""
        wishes = self._wishes[profile_id]
        if profile_id in self._at_work or not wishes:
            return
        wish = wishes.popleft()
        if wish is None:
            self._forget_messages(profile_id)

        def work(_job: Job) -> int | None:
            if wish is None:
                self._desktop.withdraw(profile_id)
                return None
            try:
                return self._show(wish)
            except NoNotificationsError:
                return None

        def done(number: int | None) -> None:
            self._at_work.discard(profile_id)
            if wish is not None:
                self._told(wish, number)
            self._carry_out(profile_id)

        self._at_work.add(profile_id)
        self._jobs.start(work, succeeded=done, failed=lambda _error: done(None))

    def _show(self, message: Message) -> int:
        actions = [(DEFAULT_ACTION, _("Open"))]
        if message.offers_renewal:
            actions = [(DEFAULT_ACTION, _("Renew")), (RENEW_ACTION, _("Renew"))]
        body = sentences(message.body, message.click)
        notification = Notification(message.title, body, tuple(actions), message.is_urgent)
        return self._desktop.show(notification, message.profile_id)

    def _forget_messages(self, profile_id: str) -> None:
        for number in [number for number, message in self._messages.items() if message.profile_id == profile_id]:
            del self._messages[number]

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
