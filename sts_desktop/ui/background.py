"""The program while its window is closed: the tray, the dialog for a code, and what closing the window means."""

from PySide6.QtCore import QObject, Signal, Slot

from sts_desktop.core.i18n import _
from sts_desktop.ui.code_dialog import CodeDialog
from sts_desktop.ui.key_store import KeyStore
from sts_desktop.ui.main_window import MainWindow
from sts_desktop.ui.news import News
from sts_desktop.ui.notifications import Message, Notifications
from sts_desktop.ui.profile_actions import ActionSets
from sts_desktop.ui.profile_store import ProfileStore
from sts_desktop.ui.session_store import SessionStore
from sts_desktop.ui.tray import Tray
from sts_desktop.ui.tray_host import TrayHost

TOLD_TRAY = "goes-on-in-tray"
TOLD_NO_TRAY = "no-tray"


class Background(QObject):
    """Decides what closing the window means, and asks for codes while it is closed; `News` tells what happens.

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
        self.host = TrayHost(self)
        self.tray = Tray(profiles, sessions, actions, self)
        self.news = News(window, profiles, sessions, notifications, self)
        self.news.is_told_elsewhere = self._dialogs.__contains__
        self.news.tell_by_balloon = self._tell_by_balloon

        self.host.decided.connect(self._make_icon)
        self.host.missing.connect(self._do_without_tray)
        self.host.found.connect(self._take_back_no_tray)
        self.host.lost.connect(self._come_back)
        self.tray.open_requested.connect(window.come_to_front)
        self.tray.quit_requested.connect(self.quit_requested)
        self.tray.balloon_clicked.connect(self.news.take_balloon)
        window.closed.connect(self._window_closed)
        profiles.profiles_changed.connect(self._refresh_dialogs)
        profiles.profile_changed.connect(self._refresh_dialogs)
        actions.token_requested.connect(self.request_token)
        notifications.renewal_requested.connect(self.request_token)
        notifications.open_requested.connect(self._open_profile)

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

    def _tell_by_balloon(self, title: str, body: str) -> bool:
        """Tell by the tray's own balloon; return whether it can."""
        # Over D-Bus a balloon is a notification too, and Qt spoils the icon with one that nobody shows.
        return self.host.is_available() and not self.host.is_over_dbus and self.tray.show_balloon(title, body)

    @Slot(str)
    def _open_profile(self, profile_id: str) -> None:
        self._window.come_to_front()
        if self._profiles.profile(profile_id) is not None:
            self._window.list.select(profile_id)


def _no_tray_title() -> str:
    return _("This desktop has no tray")
