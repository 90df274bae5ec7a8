from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sts_desktop.core.clock import parse_rfc3339, rfc3339, utc_now

OFFSETS = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))


def test_now_is_in_utc() -> None:
    assert utc_now().tzinfo is UTC


@pytest.mark.parametrize(
    ("moment", "text"),
    [
        (datetime(2026, 7, 1, 21, 5, 0, tzinfo=UTC), "2026-07-01T21:05:00Z"),
        (datetime(2026, 7, 1, 21, 5, 0, 999_999, tzinfo=UTC), "2026-07-01T21:05:00Z"),
        (datetime(2026, 7, 2, 6, 5, 0, tzinfo=timezone(timedelta(hours=9))), "2026-07-01T21:05:00Z"),
        (datetime(999, 1, 2, 3, 4, 5, tzinfo=UTC), "0999-01-02T03:04:05Z"),
    ],
)
def test_a_moment_has_one_text(moment: datetime, text: str) -> None:
    assert rfc3339(moment) == text


@given(moment=st.datetimes(datetime(2, 1, 1), datetime(9998, 1, 1), timezones=OFFSETS))
def test_a_moment_is_read_as_it_was_written(moment: datetime) -> None:
    text = rfc3339(moment)
    assert parse_rfc3339(text) == moment.replace(microsecond=0)
    assert parse_rfc3339(text).tzinfo is UTC
    assert rfc3339(parse_rfc3339(text)) == text


@pytest.mark.parametrize("text", ["", "tomorrow", "2026-07-01T21:05:00", "2026-07-01", "2026-13-01T00:00:00Z"])
def test_what_is_no_moment_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        parse_rfc3339(text)


def test_an_offset_of_somebody_else_is_read() -> None:
    assert parse_rfc3339("2026-07-02T06:05:00+09:00") == datetime(2026, 7, 1, 21, 5, tzinfo=UTC)
