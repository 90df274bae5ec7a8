"""What becomes of sessions, told on the desktop while nobody looks at the window; or else in the window."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot

from sts_desktop.core.i18n import _, sentences
from sts_desktop.core.renewal import Mark, Phase
from sts_desktop.ui.activities import Task
from sts_desktop.ui.duration_field import local_time
from sts_desktop.ui.expiry_watch import ExpiryWatch
from sts_desktop.ui.main_window import MainWindow
from sts_desktop.ui.note import Remedy
from sts_desktop.ui.notifications import Message, Notifications
from sts_desktop.ui.profile_store import ProfileStore
from sts_desktop.ui.remedies import undone_text
from sts_desktop.ui.session_store import SessionStore

if TYPE_CHECKING:
    from collections.abc import Callable


class News(QObject):
    """Tells of ends that are near and of what came of commands, and takes it back when it is not true any more.

    Attributes:
        is_told_elsewhere: whether something else on screen than the window tells of this profile.
        tell_by_balloon: tells a title and a text by the tray itself, and returns whether it could.
    """

    def __init__(
        self,
        window: MainWindow,
        profiles: ProfileStore,
        sessions: SessionStore,
        notifications: Notifications,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.is_told_elsewhere: Callable[[str], bool] = lambda _profile_id: False
        self.tell_by_balloon: Callable[[str, str], bool] = lambda _title, _body: False
        self._window = window
        self._profiles = profiles
        self._sessions = sessions
        self._notifications = notifications
        self._balloon: Message | None = None
        self._hinted: Message | None = None
        self._marked: set[str] = set()
        self._failed: set[str] = set()
        self.expiry = ExpiryWatch(profiles, sessions, self)
        self.expiry.passed.connect(self._tell_mark)
        notifications.not_shown.connect(self._tell_otherwise)
        sessions.token_received.connect(self._tell_received)
        sessions.copied.connect(self._tell_copied)
        sessions.written.connect(self._tell_written)
        sessions.ended.connect(self._tell_ended)
        sessions.failed.connect(self._tell_failed)
        sessions.session_changed.connect(self._withdraw)

    def _tell(self, profile_id: str, title: str, body: str = "", click: str = "", **options: bool) -> None:
        self._notifications.tell(Message(profile_id, title, body, click, **options))

    def _is_unseen(self, profile_id: str) -> bool:
        """Return whether nothing on screen tells what becomes of a profile's session."""
        return not self._is_window_seen() and not self.is_told_elsewhere(profile_id)

    def _is_window_seen(self) -> bool:
        return self._window.isVisible() and not self._window.isMinimized()

    def _name(self, profile_id: str) -> str:
        profile = self._profiles.profile(profile_id)
        return profile.name if profile is not None else ""

    @Slot(str, object)
    def _tell_mark(self, profile_id: str, mark: Mark) -> None:
        name = self._name(profile_id)
        if mark is Mark.EXPIRED:
            title, body = _("“{name}” has expired").format(name=name), ""
        else:
            expiration = self._sessions.record(profile_id).expiration
            until = local_time(expiration, self._sessions.now()) if expiration is not None else ""
            title = _("“{name}” expires soon").format(name=name)
            body = _("AWS accepts its session until {time}.").format(time=until)
        self._marked.add(profile_id)
        self._tell(profile_id, title, body, _("Click to renew it."), offers_renewal=True, is_urgent=True)

    @Slot(str)
    def _withdraw(self, profile_id: str) -> None:
        """Take back what was told of the end of a session that is another by now, or of a failure that is over."""
        ends = self._sessions.phase(profile_id) in (Phase.RENEW_SOON, Phase.EXPIRED, Phase.FAILED)
        is_marked = profile_id in self._marked and not (ends and self._profiles.profile(profile_id) is not None)
        is_over = profile_id in self._failed and self._sessions.problem(profile_id) is None
        if is_marked or is_over:
            self._marked.discard(profile_id)
            self._failed.discard(profile_id)
            self._notifications.withdraw(profile_id)
            self._take_back_hint(profile_id)

    def _take_back_hint(self, profile_id: str) -> None:
        """The same, where the window tells in the desktop's place."""
        if self._hinted is not None and self._hinted.profile_id == profile_id:
            self._window.notes.take_back_hint(self._hinted.title)
            self._hinted = None

    @Slot(str)
    def _tell_received(self, profile_id: str) -> None:
        expiration = self._sessions.record(profile_id).expiration
        if expiration is None or self._is_window_seen():
            return
        until = local_time(expiration, self._sessions.now())
        written = [place for place in self._sessions.record(profile_id).written if place.problem]
        body = _("The credentials file still has the old one.") if written else ""
        title = _("“{name}” has a fresh session").format(name=self._name(profile_id))
        self._tell(profile_id, title, sentences(_("AWS accepts it until {time}.").format(time=until), body))

    @Slot(str)
    def _tell_copied(self, profile_id: str) -> None:
        if self._is_unseen(profile_id):
            title = _("“{name}” is on the clipboard").format(name=self._name(profile_id))
            self._tell(profile_id, title, _("It is taken off again after 30 seconds."), is_fleeting=True)

    @Slot(str)
    def _tell_written(self, profile_id: str) -> None:
        written = self._sessions.record(profile_id).written
        if written and self._is_unseen(profile_id):
            title = _("“{name}” is written to [{section}]").format(
                name=self._name(profile_id), section=written[-1].section
            )
            self._tell(profile_id, title)

    @Slot(str)
    def _tell_ended(self, profile_id: str) -> None:
        if self._is_unseen(profile_id):
            title = _("The session of “{name}” is forgotten").format(name=self._name(profile_id))
            self._tell(profile_id, title, click=_("Click to read until when AWS accepts its credentials."))

    @Slot(str)
    def _tell_failed(self, profile_id: str) -> None:
        problem = self._sessions.problem(profile_id)
        if problem is not None and self._is_unseen(profile_id):
            undone = self._sessions.undone(profile_id)
            body = sentences(
                _("It is about “{name}”.").format(name=self._name(profile_id)), undone_text(undone, problem)
            )
            expiration = self._sessions.record(profile_id).expiration
            was_renewal = undone is Task.GET_TOKEN  # else it may be what is amiss
            if was_renewal and expiration is not None and self._sessions.is_live(profile_id):
                until = local_time(expiration, self._sessions.now())
                body = sentences(body, _("Its session still works until {time}.").format(time=until))
            self._failed.add(profile_id)
            self._tell(profile_id, problem.title, body, _("Click to see what can be done."), is_urgent=True)

    @Slot(object)
    def _tell_otherwise(self, message: Message) -> None:
        """Tell by the tray's own balloon, or else in the window: in a line, or where that is not seen, until it is."""
        self._balloon = message
        if self.tell_by_balloon(message.title, message.body):
            return
        if self._is_window_seen():
            self._window.message_bar.tell(sentences(message.title + ".", message.body))
        elif not message.is_fleeting:
            self._hinted = message
            self._window.notes.tell_hint(message.title, message.body, self._remedies(message))

    def _remedies(self, message: Message) -> list[Remedy]:
        """Return what a click on `message` would do, as a button."""
        if not message.profile_id:
            return []
        label = _("Renew") if message.offers_renewal else _("Show")

        def take() -> None:
            self._window.notes.take_back_hint(message.title)
            self._notifications.take_click(message)

        return [Remedy(label, take)]

    @Slot()
    def take_balloon(self) -> None:
        """Do what a click on the last balloon stands for."""
        if self._balloon is not None:
            self._notifications.take_click(self._balloon)
