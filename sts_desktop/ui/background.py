"""The program while its window is closed: the tray, the desktop's notifications, and the dialog for a code."""

from PySide6.QtCore import QObject, Signal, Slot

from sts_desktop.core.i18n import _, sentences
from sts_desktop.core.renewal import Mark, Phase
from sts_desktop.ui.activities import Task
from sts_desktop.ui.code_dialog import CodeDialog
from sts_desktop.ui.duration_field import local_time
from sts_desktop.ui.expiry_watch import ExpiryWatch
from sts_desktop.ui.key_store import KeyStore
from sts_desktop.ui.main_window import MainWindow
from sts_desktop.ui.note import Remedy
from sts_desktop.ui.notifications import Message, Notifications
from sts_desktop.ui.profile_actions import ActionSets
from sts_desktop.ui.profile_store import ProfileStore
from sts_desktop.ui.remedies import undone_text
from sts_desktop.ui.session_store import SessionStore
from sts_desktop.ui.tray import Tray
from sts_desktop.ui.tray_host import TrayHost

TOLD_TRAY = "goes-on-in-tray"
TOLD_NO_TRAY = "no-tray"


class Background(QObject):
    """Decides what closing the window means, and tells what happens while nobody looks at it.

    Signals:
        quit_requested: the program is to end.
    """

    quit_requested = Signal()

    def __init__(
        self,
        window: MainWindow,
        profiles: ProfileStore,
        sessions: SessionStore,
        keys: KeyStore,
        actions: ActionSets,
        notifications: Notifications,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._window = window
        self._profiles = profiles
        self._sessions = sessions
        self._keys = keys
        self._notifications = notifications
        self._starts_hidden = False
        self._is_closed = False
        self._dialogs: dict[str, CodeDialog] = {}
        self._balloon: Message | None = None
        self._hinted: Message | None = None
        self._marked: set[str] = set()
        self._failed: set[str] = set()
        self.host = TrayHost(self)
        self.tray = Tray(profiles, sessions, actions, self)
        self.expiry = ExpiryWatch(profiles, sessions, self)

        self.host.decided.connect(self._make_icon)
        self.host.missing.connect(self._do_without_tray)
        self.host.found.connect(self._take_back_no_tray)
        self.host.lost.connect(self._come_back)
        self.tray.open_requested.connect(window.come_to_front)
        self.tray.quit_requested.connect(self.quit_requested)
        self.tray.balloon_clicked.connect(self._take_balloon)
        window.closed.connect(self._window_closed)
        profiles.profiles_changed.connect(self._refresh_dialogs)
        profiles.profile_changed.connect(self._refresh_dialogs)
        actions.token_requested.connect(self.request_token)
        notifications.renewal_requested.connect(self.request_token)
        notifications.open_requested.connect(self._open_profile)
        notifications.not_shown.connect(self._tell_otherwise)
        self.expiry.passed.connect(self._tell_mark)
        sessions.token_received.connect(self._tell_received)
        sessions.copied.connect(self._tell_copied)
        sessions.written.connect(self._tell_written)
        sessions.ended.connect(self._tell_ended)
        sessions.failed.connect(self._tell_failed)
        sessions.session_changed.connect(self._withdraw_mark)

    def begin(self, *, hidden: bool) -> None:
        """Look for the tray; to be called after the first paint, or when there will be none (`hidden`)."""
        self._starts_hidden = hidden
        self.host.begin()

    def close(self) -> None:
        """Leave the tray, ask for nothing more, and hear of no more clicks, nor of the window's end."""
        self._is_closed = True
        for dialog in list(self._dialogs.values()):
            dialog.reject()
        self.tray.close()
        self._notifications.close()

    # Tokens

    @Slot(str)
    def request_token(self, profile_id: str) -> None:
        """Get a token, after its code was asked for where there is an MFA device."""
        profile = self._profiles.profile(profile_id)
        if profile is None or self._is_closed:
            return
        if not profile.mfa_serial:
            self._sessions.get_token(profile_id, "")
            return
        if profile_id not in self._dialogs:
            dialog = CodeDialog(profile, self._sessions, self._keys)
            dialog.finished.connect(lambda _result: self._dialogs.pop(profile_id).deleteLater())
            self._dialogs[profile_id] = dialog
        self._dialogs[profile_id].show()
        self._dialogs[profile_id].raise_()
        self._dialogs[profile_id].activateWindow()

    @Slot()
    def _refresh_dialogs(self) -> None:
        """Ask no more for the code of a profile that is gone or has no device now, and else for that of its device."""
        for profile_id, dialog in list(self._dialogs.items()):
            profile = self._profiles.profile(profile_id)
            if profile is not None and profile.mfa_serial:
                dialog.show_profile(profile)
            else:
                dialog.reject()

    def dialog(self, profile_id: str) -> CodeDialog | None:
        """Return the dialog that asks for a profile's code now, if there is one."""
        return self._dialogs.get(profile_id)

    # The window

    @Slot()
    def _make_icon(self) -> None:
        self.tray.show(over_dbus=self.host.is_over_dbus)

    @Slot()
    def _do_without_tray(self) -> None:
        if self._starts_hidden:
            self._window.come_to_front()
        if TOLD_NO_TRAY not in self._profiles.settings.told:
            self._tell_no_tray()

    def _tell_no_tray(self) -> None:
        self._window.notes.tell_hint(
            _no_tray_title(),
            _("Closing the window ends STS Desktop; sessions stay as they are."),
            closed=self._note_no_tray,
        )

    def _note_no_tray(self) -> None:
        """Tell no more of it: it was read, or is seen now. A tray that only comes late is no reason to fall silent."""
        if TOLD_NO_TRAY not in self._profiles.settings.told:
            self._profiles.note_told(TOLD_NO_TRAY)

    @Slot()
    def _take_back_no_tray(self) -> None:
        self._window.notes.take_back_hint(_no_tray_title())

    @Slot()
    def _window_closed(self) -> None:
        if self._is_closed:
            return
        self.host.decide_now()
        if not self.host.is_available():
            self._note_no_tray()
            self.quit_requested.emit()
        elif TOLD_TRAY not in self._profiles.settings.told:
            self._profiles.note_told(TOLD_TRAY)
            self._notifications.tell(
                Message(
                    "", _("STS Desktop goes on in the tray"), _("Its icon opens the window again; its menu has Quit.")
                )
            )

    @Slot()
    def _come_back(self) -> None:
        """The tray has gone: without the window nothing would lead to the program."""
        if not self._window.isVisible():
            self._window.show()
        self._tell_no_tray()

    @Slot(str)
    def _open_profile(self, profile_id: str) -> None:
        self._window.come_to_front()
        if self._profiles.profile(profile_id) is not None:
            self._window.list.select(profile_id)

    # What is told

    def _tell(self, profile_id: str, title: str, body: str = "", click: str = "", **options: bool) -> None:
        self._notifications.tell(Message(profile_id, title, body, click, **options))

    def _is_unseen(self, profile_id: str) -> bool:
        """Return whether nothing on screen tells what becomes of a profile's session."""
        return not self._is_window_seen() and profile_id not in self._dialogs

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
    def _withdraw_mark(self, profile_id: str) -> None:
        """Take back what was told of the end of a session that is another by now, or none."""
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
        # Over D-Bus a balloon is a notification too, and Qt spoils the icon with one that nobody shows.
        has_balloons = self.host.is_available() and not self.host.is_over_dbus
        if has_balloons and self.tray.show_balloon(message.title, message.body):
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
    def _take_balloon(self) -> None:
        if self._balloon is not None:
            self._notifications.take_click(self._balloon)


def _no_tray_title() -> str:
    return _("This desktop has no tray")
