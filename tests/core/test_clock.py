from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sts_desktop.core.clock import CorrectedClock, parse_rfc3339, rfc3339, steady_seconds, utc_now

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


class Clocks:
    """This computer's two clocks: the one that people set, and the one that only ever goes on."""

    def __init__(self) -> None:
        self.wall = datetime(2026, 7, 1, 12, 0, tzinfo=UTC)
        self.steady = 100.0

    def pass_by(self, seconds: float) -> None:
        self.wall += timedelta(seconds=seconds)
        self.steady += seconds


@pytest.fixture
def clocks() -> Clocks:
    return Clocks()


@pytest.fixture
def clock(clocks: Clocks) -> CorrectedClock:
    return CorrectedClock(lambda: clocks.wall, lambda: clocks.steady)


@pytest.mark.fault(10)
@pytest.mark.parametrize("minutes", [-14, -1, 0, 1, 14])
def test_clock_goes_by_what_aws_said_of_its_own(clock: CorrectedClock, clocks: Clocks, minutes: int) -> None:
    clock.learn(timedelta(minutes=minutes))
    clocks.pass_by(3600)
    assert clock.skew() == timedelta(minutes=minutes)
    assert clock() == clocks.wall + timedelta(minutes=minutes)
    clock.learn(timedelta())
    assert clock() == clocks.wall


@pytest.mark.parametrize("ahead", [timedelta(seconds=1), timedelta(minutes=16), timedelta(days=-1)])
def test_too_little_and_what_aws_would_have_refused_is_not_believed(clock: CorrectedClock, ahead: timedelta) -> None:
    clock.learn(ahead)
    assert clock.skew() == timedelta()


def test_clock_that_was_set_meanwhile_is_taken_as_right(clock: CorrectedClock, clocks: Clocks) -> None:
    clock.learn(timedelta(minutes=5))
    clocks.wall += timedelta(minutes=5)
    assert clock() == clocks.wall
    assert clock.skew() == timedelta()


def test_steady_clock_goes_on() -> None:
    first = steady_seconds()
    assert steady_seconds() >= first
