"""Deleting a profile, with a way back for a while: what the keyring holds of it goes only when that has lapsed.

What the credentials file holds of it goes only when the person wants that: AWS tools may be using it.
"""

from dataclasses import dataclass, replace

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from sts_desktop.core.profile import Profile
from sts_desktop.ui.profile_store import ProfileStore
from sts_desktop.ui.session_store import SessionStore

UNDO_MS = 12_000


@dataclass(frozen=True)
class Deletion:
    """A profile that was deleted.

    Attributes:
        profile: as it was.
        index: where it stood.
        keys_may_stay: the person said that its keys are to be left in the credentials file.
    """

    profile: Profile
    index: int
    keys_may_stay: bool = False


class Deletions(QObject):
    """Keeps the last deletion until it is undone or lapses; the next one lets it lapse.

    One whose session stands in the credentials file is not forgotten before the person has said what is to become of
    that.

    Signals:
        changed: there is another deletion to undo, or none any more; or others whose keys are left in the file.
        undone(str): the profile with this id is back.
    """

    changed = Signal()
    undone = Signal(str)

    def __init__(self, profiles: ProfileStore, sessions: SessionStore, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._profiles = profiles
        self._sessions = sessions
        self._last: Deletion | None = None
        self._unanswered: list[Deletion] = []
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.lapse)
        sessions.session_changed.connect(self._forget_cleared)

    @property
    def last(self) -> Deletion | None:
        """What can be undone now."""
        return self._last

    @property
    def with_keys(self) -> list[Deletion]:
        """Those whose keys stand in the credentials file, and about which the person has not said a word."""
        asked_about = [*self._unanswered]
        if self._last is not None and not self._last.keys_may_stay:
            asked_about.append(self._last)
        return [one for one in asked_about if self._sessions.record(one.profile.id).written]

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
        self.changed.emit()
        self.undone.emit(deletion.profile.id)

    @Slot()
    def remove_keys(self) -> None:
        """Take what deleted profiles have in the credentials file out of it too; *Undo* does not put it back."""
        for deletion in self.with_keys:
            self._sessions.remove_from_files(deletion.profile.id)

    @Slot()
    def leave_keys(self) -> None:
        """Leave them there, and say no more of it."""
        if self._last is not None:
            self._last = replace(self._last, keys_may_stay=True)
        unanswered, self._unanswered = self._unanswered, []
        for deletion in unanswered:
            self._sessions.forget(deletion.profile.id)
        self.changed.emit()

    @Slot()
    def lapse(self) -> None:
        """Forget what is left of the deleted profile; from here on there is no way back.

        A profile that could not be deleted is there again, and keeps its session.
        """
        if self._last is None:
            return
        deletion, self._last = self._last, None
        self._timer.stop()
        if self._sessions.record(deletion.profile.id).written and not deletion.keys_may_stay:
            self._unanswered.append(deletion)
        else:
            self._sessions.forget(deletion.profile.id)
        self.changed.emit()

    def finish(self) -> None:
        """Forget what is left of all deleted profiles: the program ends."""
        self.lapse()
        self.leave_keys()

    @Slot(str)
    def _forget_cleared(self, profile_id: str) -> None:
        """Forget a profile whose keys are out of the file by now."""
        cleared = [one for one in self._unanswered if one.profile.id == profile_id and one not in self.with_keys]
        for deletion in cleared:
            self._unanswered.remove(deletion)
            self._sessions.forget(profile_id)
