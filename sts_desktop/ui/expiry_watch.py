"""Notices when a session is about to expire, and when it has."""

from datetime import timedelta
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from sts_desktop.core import renewal
from sts_desktop.ui.profile_store import ProfileStore
from sts_desktop.ui.session_store import SessionStore

if TYPE_CHECKING:
    from datetime import datetime

    from sts_desktop.core.renewal import Mark


NEVER_BEFORE = timedelta(days=1)
"""When to look again where no session changes by itself."""


class ExpiryWatch(QObject):
    """Looks at each tick, and tells of each mark in the life of a session once.

    What has passed before the program was started is not told of: the window shows it.

    Signals:
        passed(str, object): the session of this profile has passed this `Mark`.
    """

    passed = Signal(str, object)

    def __init__(self, profiles: ProfileStore, sessions: SessionStore, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._profiles = profiles
        self._sessions = sessions
        self._looked = sessions.now()
        self._due: datetime | None = None
        self._told: set[tuple[str, datetime | None, Mark]] = set()
        sessions.time_passed.connect(self._look)
        sessions.session_changed.connect(self._look_at_all)

    @Slot()
    def _look_at_all(self) -> None:
        """Go through all sessions at the next tick: one of them is another."""
        self._due = None

    @Slot()
    def _look(self) -> None:
        now = self._sessions.now()
        if self._due is not None and self._looked <= now < self._due:
            return  # a thousand sessions are not gone through each second
        since, self._looked = self._looked, now
        profiles = self._profiles.settings.profiles
        records = [self._sessions.record(profile.id) for profile in profiles]
        self._due = renewal.next_change(records, now) or now + NEVER_BEFORE
        for profile, record in zip(profiles, records, strict=True):
            mark = renewal.mark_passed(record, since, self._looked)
            told = (profile.id, record.expiration, mark)
            if mark is not None and told not in self._told:  # a clock that is set back passes it again
                self._told.add((profile.id, record.expiration, mark))
                self.passed.emit(profile.id, mark)
