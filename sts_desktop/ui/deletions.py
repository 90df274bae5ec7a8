"""Deleting a profile, with a way back for a while: what the keyring holds of it goes only when that has lapsed.

What the credentials file holds of it stays: AWS tools may be using it. `LeftKeysNote` tells of that.
"""

from dataclasses import dataclass

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from sts_desktop.core.profile import Profile
from sts_desktop.ui.profile_store import ProfileStore
from sts_desktop.ui.session_store import SessionStore

UNDO_MS = 12_000


@dataclass(frozen=True)
class Deletion:
    """A profile that was deleted, and where it stood."""

    profile: Profile
    index: int


class Deletions(QObject):
    """Keeps the last deletion until it is undone or lapses; the next one lets it lapse.

    Signals:
        changed: there is another deletion to undo, or none any more.
        undone(str): the profile with this id is back.
    """

    changed = Signal()
    undone = Signal(str)

    def __init__(self, profiles: ProfileStore, sessions: SessionStore, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._profiles = profiles
        self._sessions = sessions
        self._last: Deletion | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.lapse)

    @property
    def last(self) -> Deletion | None:
        """What can be undone now."""
        return self._last

    def delete(self, profile_id: str) -> None:
        """Delete a profile; what was being done for it is cancelled."""
        profile = self._profiles.profile(profile_id)
        if profile is None:
            return
        self.lapse()
        self._sessions.cancel(profile_id)
        self._last = Deletion(profile, self._profiles.settings.profiles.index(profile))
        self._profiles.delete(profile_id)
        self._timer.start(UNDO_MS)
        self.changed.emit()

    @Slot()
    def undo(self) -> None:
        """Put the profile back, with its session."""
        if self._last is None:
            return
        deletion, self._last = self._last, None
        self._timer.stop()
        self._profiles.restore(deletion.profile, deletion.index)
        self._sessions.leave_in_files(deletion.profile.id, may_stay=False)
        self.changed.emit()
        self.undone.emit(deletion.profile.id)

    @Slot()
    def lapse(self) -> None:
        """Forget what is left of the deleted profile; from here on there is no way back.

        A profile that could not be deleted is there again, and keeps its session.
        """
        if self._last is None:
            return
        deletion, self._last = self._last, None
        self._timer.stop()
        self._sessions.forget(deletion.profile.id)
        self.changed.emit()
