"""What changes by itself as time passes: found out at each tick, without going through every session each second."""

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from sts_desktop.core import renewal
from sts_desktop.core.renewal import Phase
from sts_desktop.core.state import SessionRecord


class LiveSession(NamedTuple):
    """A session that AWS accepted at the last look, and when it ends."""

    expiration: datetime
    profile_id: str
    record: SessionRecord


class SessionTimes:
    """Knows the phase of each session, and until when all of them stay as they are.

    Attributes:
        next_change: when the first phase changes by itself; None if none will.
        live: the live sessions, the one that ends first in front.
    """

    next_change: datetime | None
    live: list[LiveSession]

    def __init__(self, sessions: Mapping[str, SessionRecord], now: datetime) -> None:
        self._sessions = sessions
        self._look(now)

    def take(self, sessions: Mapping[str, SessionRecord], now: datetime) -> list[str]:
        """Look at other sessions from here on, and return the profiles whose session has another phase than before."""
        before = self._phases
        self._sessions = sessions
        self._look(now)
        return self._changed_since(before)

    def changed(self, now: datetime) -> list[str]:
        """Return the profiles whose session has another phase at `now` than at the last look."""
        # A clock can also be set back.
        if self._looked <= now and (self.next_change is None or now < self.next_change):
            return []
        before = self._phases
        self._look(now)
        return self._changed_since(before)

    def _changed_since(self, before: Mapping[str, Phase]) -> list[str]:
        nothing = Phase.NONE
        return [
            profile_id
            for profile_id in before.keys() | self._phases.keys()
            if self._phases.get(profile_id, nothing) is not before.get(profile_id, nothing)
        ]

    def _look(self, now: datetime) -> None:
        self._looked = now
        self._phases = {profile_id: renewal.phase(record, now) for profile_id, record in self._sessions.items()}
        self.next_change = renewal.next_change(self._sessions.values(), now)
        live = (
            LiveSession(record.expiration, profile_id, record)
            for profile_id, record in self._sessions.items()
            if record.expiration is not None and record.expiration > now
        )
        self.live = sorted(live, key=lambda session: session.expiration)
