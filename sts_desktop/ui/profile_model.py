"""The profiles as rows that can be searched."""

from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Slot

from sts_desktop.core import renewal
from sts_desktop.core.duration import format_countdown
from sts_desktop.core.errors import StsDesktopError
from sts_desktop.core.i18n import pgettext
from sts_desktop.core.profile import Profile
from sts_desktop.core.renewal import Phase
from sts_desktop.ui.profile_store import ProfileStore
from sts_desktop.ui.session_store import SessionStore

Index = QModelIndex | QPersistentModelIndex
# Plain numbers: comparing a role with an enum member costs more than the rest of `data` together.
DISPLAY = int(Qt.ItemDataRole.DisplayRole)
ACCESSIBLE = int(Qt.ItemDataRole.AccessibleTextRole)


class ProfileModel(QAbstractListModel):
    """The profiles whose name or endpoint contains what is searched for, in the order they were made."""

    def __init__(self, profiles: ProfileStore, sessions: SessionStore, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._profiles = profiles
        self._sessions = sessions
        self._needle = ""
        self._ids: list[str] = []
        profiles.profiles_changed.connect(self.reload)
        profiles.profile_changed.connect(self._changed)
        sessions.session_changed.connect(self._changed)
        self.reload()

    @Slot(str)
    def search(self, needle: str) -> None:
        """Show those that match."""
        self._needle = needle.strip().casefold()
        self.reload()

    @Slot()
    def reload(self) -> None:
        """Show the profiles there are now."""
        self.beginResetModel()
        self._ids = [profile.id for profile in self._profiles.settings.profiles if self._matches(profile)]
        self.endResetModel()

    def profile_id(self, row: int) -> str:
        """Return the profile of a row, or an empty text."""
        return self._ids[row] if 0 <= row < len(self._ids) else ""

    def row_of(self, profile_id: str) -> int:
        """Return the row of a profile, or -1."""
        return self._ids.index(profile_id) if profile_id in self._ids else -1

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  (Qt's own signature)
        """Return how many profiles match."""
        return 0 if parent.isValid() else len(self._ids)

    def data(self, index: Index, role: int = DISPLAY) -> Any:
        """Return a row's name, or the whole row in words for a screen reader."""
        profile = self._profiles.profile(self._ids[index.row()])
        if profile is None:
            return None
        if role == DISPLAY:
            return profile.name
        if role == ACCESSIBLE:
            return ", ".join((profile.name, self.time_text(profile), self.place(profile)))
        return None

    def time_text(self, profile: Profile) -> str:
        """Return the countdown, or the word for a state that has none."""
        activity = self._sessions.activity(profile.id)
        if activity is not None and activity.gets_token:
            return pgettext("in the list of profiles", "asking…")
        phase = self._sessions.phase(profile.id)
        if phase in (Phase.ACTIVE, Phase.RENEW_SOON):
            return format_countdown(renewal.remaining(self._sessions.record(profile.id), self._sessions.now()))
        return {
            Phase.EXPIRED: pgettext("in the list of profiles", "expired"),
            Phase.FAILED: pgettext("in the list of profiles", "failed"),
        }.get(phase, pgettext("in the list of profiles", "no session"))

    def place(self, profile: Profile) -> str:
        """Return where the profile's endpoint is."""
        try:
            return profile.endpoint.resolve().place
        except StsDesktopError:
            return profile.endpoint.id

    def key_end(self, profile: Profile) -> str:
        """Return the end of the session's key id, if there is a session."""
        last_four = self._sessions.record(profile.id).last_four
        return f"…{last_four}" if last_four else ""

    def _matches(self, profile: Profile) -> bool:
        if not self._needle:
            return True
        return (
            self._needle
            in f"{profile.name} {profile.endpoint.id} {self.place(profile)} {self.key_end(profile)}".casefold()
        )

    @Slot(str)
    def _changed(self, profile_id: str) -> None:
        row = self.row_of(profile_id)
        if row >= 0:
            self.dataChanged.emit(self.index(row), self.index(row))
