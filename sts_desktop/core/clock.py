"""Wall-clock time in UTC, and its one text form (RFC 3339 with seconds and `Z`).

`time.strftime` and `strptime` are not used: `QApplication` switches the process to the user's locale, after which
they write foreign month names and calendars (enthought/traitsui#382).
"""

from collections.abc import Callable
from datetime import UTC, datetime

Now = Callable[[], datetime]
"""Where the time comes from; injected, so that tests can set it."""


def utc_now() -> datetime:
    """Return the current time in UTC."""
    return datetime.now(UTC)


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
