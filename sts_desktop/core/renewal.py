"""Pure rules about time: what a session's state is at a moment, its word, and when to look again."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import StrEnum

from sts_desktop.core.i18n import pgettext
from sts_desktop.core.state import SessionRecord

RENEW_SOON = timedelta(minutes=15)
"""botocore's advisory window: from here on a renewal is worthwhile (`botocore.credentials.RefreshableCredentials`)."""

RENEW_SOON_PART = 5
"""A session of less than 75 minutes is due in the last fifth of its life instead, or it would be due from the start;
though not after the warning of its end."""


WARN_BEFORE = timedelta(minutes=5)
"""How long before its end a person is told that a session is about to expire."""


class Mark(StrEnum):
    """A moment in the life of a session of which a person is told."""

    EXPIRES_SOON = "expires-soon"
    EXPIRED = "expired"


class Phase(StrEnum):
    """The state of a profile's session; the value is what `list --json` prints."""

    NONE = "none"
    ACTIVE = "active"
    RENEW_SOON = "renew-soon"
    EXPIRED = "expired"
    FAILED = "failed"


ROUNDING = timedelta(minutes=1)
"""A session this much shorter than asked for is not worth a word: the answer took its time."""


def lifetime(record: SessionRecord) -> timedelta:
    """Return how long the session lives in all, as far as that is known."""
    if record.expiration is None or record.issued is None:
        return timedelta()
    return max(record.expiration - record.issued, timedelta())


def is_cut(record: SessionRecord) -> bool:
    """Return whether AWS gave less than the duration that was asked for."""
    life = lifetime(record)
    return timedelta() < life < timedelta(seconds=record.requested_seconds) - ROUNDING


def remaining(record: SessionRecord, now: datetime) -> timedelta:
    """Return the time left at `now`; nothing without a session, never negative."""
    if record.expiration is None:
        return timedelta()
    return max(record.expiration - now, timedelta())


def is_live(record: SessionRecord, now: datetime) -> bool:
    """Return whether AWS still accepts the session at `now`."""
    return remaining(record, now) > timedelta()


def phase(record: SessionRecord, now: datetime) -> Phase:
    """Return the state of a session at `now`. A failed attempt shows even while an older session lives."""
    if record.failure is not None:
        return Phase.FAILED
    if record.expiration is None:
        return Phase.NONE
    if record.expiration <= now:
        return Phase.EXPIRED
    return Phase.RENEW_SOON if now >= _renew_soon_from(record, record.expiration) else Phase.ACTIVE


def phase_word(state: Phase) -> str:
    """Return the word for a state, the same in the window and in a table."""
    match state:
        case Phase.ACTIVE:
            return pgettext("state of a session", "Active")
        case Phase.RENEW_SOON:
            return pgettext("state of a session", "Renew soon")
        case Phase.EXPIRED:
            return pgettext("state of a session", "Expired")
        case Phase.FAILED:
            return pgettext("state of a session", "Failed")
        case Phase.NONE:
            return pgettext("state of a session", "No session")


WORST_FIRST = (Phase.FAILED, Phase.EXPIRED, Phase.RENEW_SOON, Phase.ACTIVE, Phase.NONE)
"""The order in which phases matter to a person."""


def worst(phases: Iterable[Phase]) -> Phase:
    """Return the phase that matters most; `NONE` where there is none."""
    return min(phases, key=WORST_FIRST.index, default=Phase.NONE)


def mark_passed(record: SessionRecord, since: datetime, now: datetime) -> Mark | None:
    """Return the last mark that a session has passed after `since` and up to `now`, if any.

    After a suspend only the last one counts: nobody wants to hear that a session expires soon which has expired.
    """
    if record.expiration is None:
        return None
    if since < record.expiration <= now:
        return Mark.EXPIRED
    return Mark.EXPIRES_SOON if since < record.expiration - WARN_BEFORE <= now < record.expiration else None


def next_change(records: Iterable[SessionRecord], now: datetime) -> datetime | None:
    """Return the first moment after `now` at which one of `records` changes its phase or passes a mark, or None."""
    moments = []
    for record in records:
        if record.expiration is not None:
            moments += [_renew_soon_from(record, record.expiration), record.expiration - WARN_BEFORE, record.expiration]
    return min((moment for moment in moments if moment > now), default=None)


def _renew_soon_from(record: SessionRecord, expiration: datetime) -> datetime:
    life = lifetime(record)
    return expiration - (min(RENEW_SOON, max(life / RENEW_SOON_PART, WARN_BEFORE)) if life else RENEW_SOON)
