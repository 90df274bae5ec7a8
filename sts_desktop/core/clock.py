"""Wall-clock time in UTC, and its one text form (RFC 3339 with seconds and `Z`).

`time.strftime` and `strptime` are not used: `QApplication` switches the process to the user's locale, after which
they write foreign month names and calendars (enthought/traitsui#382).
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

Now = Callable[[], datetime]
"""Where the time comes from; injected, so that tests can set it."""


def utc_now() -> datetime:
    """Return the current time in UTC."""
    return datetime.now(UTC)


def steady_seconds() -> float:
    """Return seconds that only ever pass, in suspend too where the system has such a clock."""
    if hasattr(time, "CLOCK_BOOTTIME"):
        return time.clock_gettime(time.CLOCK_BOOTTIME)
    return time.monotonic()


MOST_SKEW = timedelta(minutes=15)
"""AWS refuses requests that are further off (AWS General Reference, "Elements of an AWS API request signature"); who
answers all the same is a stand-in, whose clock says nothing."""

LEAST_SKEW = timedelta(seconds=2)
"""A `Date` has whole seconds; less than this is not worth a correction."""


@dataclass(frozen=True)
class _Skew:
    """What AWS's clock was ahead of this computer's, and when that was learned by both clocks of this computer."""

    ahead: timedelta
    wall: datetime
    steady: float


class CorrectedClock:
    """The time in UTC by this computer's clock, put right by what AWS last said of its own; safe on any thread.

    A session ends by AWS's clock: one that is shown by a clock of 10 minutes slow would be shown as alive 10 minutes
    after its end. When somebody sets this computer's clock, what was learned of it is forgotten.
    """

    def __init__(self, wall: Now = utc_now, steady: Callable[[], float] = steady_seconds) -> None:
        """Correct `wall`; `steady` tells when that was set."""
        self.wall = wall
        self._steady = steady
        self._skew: _Skew | None = None

    def __call__(self) -> datetime:
        """Return the current time."""
        return self.wall() + self.skew()

    def learn(self, ahead: timedelta) -> None:
        """Take how far AWS's clock is ahead of this computer's (negative: behind)."""
        is_believed = LEAST_SKEW <= abs(ahead) <= MOST_SKEW
        self._skew = _Skew(ahead, self.wall(), self._steady()) if is_believed else None

    def skew(self) -> timedelta:
        """Return how far AWS's clock is ahead of this computer's, as far as that is known."""
        skew = self._skew
        if skew is None:
            return timedelta()
        moved = (self.wall() - skew.wall) - timedelta(seconds=self._steady() - skew.steady)
        if abs(moved) >= LEAST_SKEW:
            self._skew = None
            return timedelta()
        return skew.ahead


def rfc3339(moment: datetime) -> str:
    """Return `moment` as `YYYY-MM-DDTHH:MM:SSZ`, the only form that every reader of `Expiration` takes.

    See JuliaCloud/AWS.jl#771 and awslabs/aws-sdk-rust#1021 for readers that refuse offsets and fractions.
    """
    return moment.astimezone(UTC).replace(microsecond=0, tzinfo=None).isoformat() + "Z"


def parse_rfc3339(text: str) -> datetime:
    """Return the moment that `rfc3339` wrote; raise ValueError for anything without a time zone."""
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError("a moment needs a time zone")
    return moment.astimezone(UTC)
