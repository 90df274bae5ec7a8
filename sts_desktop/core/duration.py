"""How long session credentials last: the limits of STS, and durations as text.

Limits: AWS STS API Reference, `GetSessionToken`, parameter `DurationSeconds`.
"""

from datetime import timedelta

from sts_desktop.core.errors import Field, InvalidInputError
from sts_desktop.core.i18n import _

MINIMUM_SECONDS = 900
MAXIMUM_SECONDS = 129_600
DEFAULT_SECONDS = 43_200
ROOT_SECONDS = 3_600
"""What root gets at most, and by default."""

_MINUTE = 60
_HOUR = 3_600
_DAY = 86_400

PRESETS: tuple[int, ...] = (MINIMUM_SECONDS, *(hours * _HOUR for hours in (1, 4, 8, 12, 24, 36)))
"""The durations that are offered, in seconds."""

_UNITS = {
    **dict.fromkeys(("s", "sec", "secs", "second", "seconds", "秒", "秒間"), 1),
    **dict.fromkeys(("m", "min", "mins", "minute", "minutes", "分", "分間"), _MINUTE),
    **dict.fromkeys(("h", "hr", "hrs", "hour", "hours", "時間"), _HOUR),
    **dict.fromkeys(("d", "day", "days", "日", "日間"), _DAY),
}
"""Accepted in any language of the program: a person may paste what a colleague wrote."""

_PART = r"\s*([0-9]{1,9}(?:\.[0-9]{1,9})?)\s*([^\W\d_]+)\s*"
"""A number and its unit. Bounded, and in ASCII digits, so that neither a long paste nor the digits of another script
get as far as a number."""


def parse_duration(text: str) -> int:
    """Return the seconds that `text` means, in the range that STS accepts.

    Takes seconds (`3600`), or numbers with units in English or Japanese, each unit once: `90m`, `1.5h`, `2 hours`,
    `1d 12h`, `12 時間`. Full-width forms count as their ASCII twins (Unicode NFKC). A fraction of a second is rounded.

    Raises:
        InvalidInputError: `text` is no duration, or one outside 15 minutes to 36 hours.
    """
    normal = _normal(text)
    plain = _plain_seconds(normal)
    if plain is not None:
        return check_seconds(plain, _("A number alone means seconds; “12h” means twelve hours."))
    seconds = _seconds_with_units(normal)
    if seconds is None:
        raise InvalidInputError(
            _("Not a duration"),
            _("The duration cannot be understood. It may be between 15 minutes and 36 hours."),
            _("Write it like 90m, 12h or 1d 12h, or as a number of seconds."),
            field=Field.DURATION,
        )
    return check_seconds(seconds)


def check_seconds(seconds: int, hint: str = "") -> int:
    """Return `seconds`, a duration that STS accepts.

    Args:
        seconds: the duration.
        hint: what to do about one that is out of range.

    Raises:
        InvalidInputError: it is outside 900 to 129,600 s.
    """
    if not MINIMUM_SECONDS <= seconds <= MAXIMUM_SECONDS:
        raise InvalidInputError(
            _("Duration out of range"),
            _("AWS accepts durations between 15 minutes and 36 hours (900 to 129600 seconds)."),
            hint or _("Choose a duration in that range."),
            field=Field.DURATION,
        )
    return seconds


def parse_wish(text: str) -> int | None:
    """Return the seconds that `text` means as `parse_duration` does, or None where it leaves the duration to AWS.

    That is `default` or `AWS default`, in English or in the current language, in any letter case.

    Raises:
        InvalidInputError: `text` is neither, or a duration that STS does not accept.
    """
    words = ("default", "AWS default", _("default"), _("AWS default"))
    return None if _normal(text) in {_normal(word) for word in words} else parse_duration(text)


def granted(wish: int | None, *, is_root: bool) -> int:
    """Return the seconds that AWS grants to whom asks for `wish`, or for none: root's wish is cut without a word."""
    if is_root:
        return min(wish or ROOT_SECONDS, ROOT_SECONDS)
    return DEFAULT_SECONDS if wish is None else wish


def format_wish(seconds: int | None) -> str:
    """Return the duration that is asked for in words; `parse_wish` reads it back.

    Args:
        seconds: as for `format_duration`; None when none is sent.
    """
    return _("AWS default") if seconds is None else format_duration(seconds)


def _normal(text: str) -> str:
    import unicodedata  # this, decimal and re are not needed to draw a list

    return unicodedata.normalize("NFKC", text).casefold().strip()


def _plain_seconds(normal: str) -> int | None:
    if not normal.isascii() or not normal.isdigit():
        return None
    return int(normal) if len(normal) < 10 else MAXIMUM_SECONDS + 1  # out of range, whatever it is exactly


def _seconds_with_units(normal: str) -> int | None:
    import re
    from decimal import ROUND_HALF_UP, Decimal

    total = Decimal()
    seen: set[int] = set()
    position = 0
    while position < len(normal):
        part = re.compile(_PART).match(normal, position)
        unit = _UNITS.get(part[2]) if part else None
        if part is None or unit is None or unit in seen:
            return None
        seen.add(unit)
        total += Decimal(part[1]) * unit
        position = part.end()
    return int(total.quantize(Decimal(1), ROUND_HALF_UP)) if seen else None


def format_duration(seconds: int) -> str:
    """Return a duration in words, such as `12 h`, `1 d 12 h` or `90 min`; `parse_duration` reads it back."""
    if _HOUR < seconds < 2 * _HOUR and seconds % _MINUTE == 0:
        return _minutes(seconds // _MINUTE)
    days, rest = divmod(seconds, _DAY)
    hours, rest = divmod(rest, _HOUR)
    minutes, rest = divmod(rest, _MINUTE)
    parts = [
        _days(days) if days else "",
        _hours(hours) if hours else "",
        _minutes(minutes) if minutes else "",
        _seconds(rest) if rest else "",
    ]
    return " ".join(filter(None, parts)) or _seconds(0)


def format_remaining(remaining: timedelta) -> str:
    """Return the time left in two units, such as `11 h 42 min` or `4 min 12 s`; never more than there is."""
    hours, minutes, seconds = _split(remaining)
    if hours:
        return f"{_hours(hours)} {_minutes(minutes)}"
    if minutes:
        return f"{_minutes(minutes)} {_seconds(seconds)}"
    return _seconds(seconds)


def format_countdown(remaining: timedelta) -> str:
    """Return the time left as `h:mm:ss`, such as `11:42:10` or `0:04:12`; never more than there is."""
    hours, minutes, seconds = _split(remaining)
    return f"{hours}:{minutes:02}:{seconds:02}"


def _split(remaining: timedelta) -> tuple[int, int, int]:
    minutes, seconds = divmod(max(0, remaining // timedelta(seconds=1)), _MINUTE)
    hours, minutes = divmod(minutes, 60)
    return hours, minutes, seconds


def _days(count: int) -> str:
    return _("{count} d").format(count=count)


def _hours(count: int) -> str:
    return _("{count} h").format(count=count)


def _minutes(count: int) -> str:
    return _("{count} min").format(count=count)


def _seconds(count: int) -> str:
    return _("{count} s").format(count=count)
