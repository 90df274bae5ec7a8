"""What can be done with a session, as actions that the window and the tray share: they cannot disagree on it."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QAction

from sts_desktop.core.i18n import _
from sts_desktop.core.profile import Profile
from sts_desktop.ui.profile_store import ProfileStore
from sts_desktop.ui.session_store import SessionStore


class ProfileActions(QObject):
    """The actions of one profile, with the words and the state that fit its session."""

    def __init__(self, profile_id: str, parent: QObject) -> None:
        super().__init__(parent)
        self.profile_id = profile_id
        self.get_token = QAction(self)
        self.copy = QAction(_("&Copy as bash"), self)
        self.write = QAction(self)
        self.end = QAction(_("End"), self)
        self.end.setToolTip(_("Forget the session here and take it out of the credentials file"))
        self.menu_text: Callable[[str], str] = str

    def all(self) -> tuple[QAction, ...]:
        """Return the actions in the order in which they are offered."""
        return self.get_token, self.copy, self.write, self.end

    def show_state(self, *, live: bool, written: bool, busy: bool, section: str) -> None:
        """Offer what makes sense now.

        Args:
            live: there is a session that AWS accepts.
            written: one stands in the credentials file, alive or not.
            busy: something is being done for the profile.
            section: where *Write* writes to.
        """
        self.get_token.setText(_("&Renew") if live else _("&Get token"))
        self.get_token.setEnabled(not busy)
        self.copy.setEnabled(live and not busy)
        self.write.setText(_("&Write to [{section}]").format(section=self.menu_text(section)))
        self.write.setEnabled(live and not busy)
        self.end.setEnabled((live or written) and not busy)


class ActionSets(QObject):
    """Owns the actions of all profiles, each made when it is first asked for, and keeps them true.

    Signals:
        token_requested(str): a fresh session is wished for this profile; a code may have to be asked for first.
    """

    token_requested = Signal(str)

    def __init__(self, profiles: ProfileStore, sessions: SessionStore, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._profiles = profiles
        self._sessions = sessions
        self._sets: dict[str, ProfileActions] = {}
        self._menu_text: Callable[[str], str] = str
        sessions.session_changed.connect(self._refresh)
        profiles.profile_changed.connect(self._refresh)
        profiles.profiles_changed.connect(self._drop_deleted)

    def of(self, profile: Profile) -> ProfileActions:
        """Return the actions of a profile."""
        if profile.id not in self._sets:
            self._sets[profile.id] = self._made(profile.id)
            self._refresh(profile.id)
        return self._sets[profile.id]

    def set_menu_text(self, menu_text: Callable[[str], str]) -> None:
        """Write names from here on as `menu_text` does: so that the only menu they are in shows them as they are."""
        self._menu_text = menu_text
        for profile_id, actions in self._sets.items():
            actions.menu_text = menu_text
            self._refresh(profile_id)

    def _made(self, profile_id: str) -> ProfileActions:
        actions = ProfileActions(profile_id, self)
        actions.menu_text = self._menu_text
        actions.get_token.triggered.connect(lambda _checked=False: self.token_requested.emit(profile_id))
        actions.copy.triggered.connect(lambda _checked=False: self._sessions.copy(profile_id))
        actions.write.triggered.connect(lambda _checked=False: self._sessions.write(profile_id))
        actions.end.triggered.connect(lambda _checked=False: self._sessions.end(profile_id))
        return actions

    @Slot(str)
    def _refresh(self, profile_id: str) -> None:
        actions, profile = self._sets.get(profile_id), self._profiles.profile(profile_id)
        if actions is None or profile is None:
            return
        activity = self._sessions.activity(profile_id)
        actions.show_state(
            live=self._sessions.is_live(profile_id),
            written=bool(self._sessions.record(profile_id).written),
            busy=activity is not None and activity.is_shown,
            section=self._profiles.settings.section_for(profile),
        )

    @Slot()
    def _drop_deleted(self) -> None:
        for profile_id in list(self._sets):
            if self._profiles.profile(profile_id) is None:
                self._sets.pop(profile_id).deleteLater()
