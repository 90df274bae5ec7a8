from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sts_desktop.core.renewal import (
    WARN_BEFORE,
    Mark,
    Phase,
    is_live,
    lifetime,
    mark_passed,
    next_change,
    phase,
    remaining,
    worst,
)
from sts_desktop.core.state import Failure, SessionRecord

NOW = datetime(2026, 7, 1, 12, 0, 0, tzinfo=UTC)
NONE = SessionRecord()


def lasting(seconds: float) -> SessionRecord:
    """A session that begins now."""
    return SessionRecord(issued=NOW, expiration=NOW + timedelta(seconds=seconds))


MOMENTS = st.integers(-100_000, 300_000).map(lambda seconds: NOW + timedelta(seconds=seconds))
RECORDS = st.builds(
    SessionRecord,
    expiration=st.none() | MOMENTS,
    issued=st.none() | MOMENTS,
)


def test_without_a_session() -> None:
    assert phase(NONE, NOW) is Phase.NONE
    assert lifetime(NONE) == remaining(NONE, NOW) == timedelta()
    assert not is_live(NONE, NOW)
    assert next_change([NONE], NOW) is None
    assert next_change([], NOW) is None


@pytest.mark.parametrize(
    ("life", "soon"),
    [(129_600, 900), (43_200, 900), (4_500, 900), (4_499, 899.8), (3_600, 720), (1_200, 300), (900, 300)],
)
def test_a_long_session_is_due_a_quarter_of_an_hour_before_its_end_a_short_one_in_its_last_fifth(
    life: int, soon: float
) -> None:
    record = lasting(life)
    due = NOW + timedelta(seconds=life - soon)
    moment = timedelta(microseconds=1)
    assert phase(record, NOW) is Phase.ACTIVE
    assert phase(record, due - moment) is Phase.ACTIVE
    assert phase(record, due) is Phase.RENEW_SOON
    assert phase(record, NOW + timedelta(seconds=life) - moment) is Phase.RENEW_SOON
    assert phase(record, NOW + timedelta(seconds=life)) is Phase.EXPIRED
    warning = NOW + timedelta(seconds=life) - WARN_BEFORE
    assert due <= warning  # who is warned sees why
    moments = sorted({due, warning, NOW + timedelta(seconds=life)})
    for before, after in pairwise([NOW, *moments]):
        assert next_change([record], before) == after


def test_where_the_beginning_is_not_known_the_last_quarter_of_an_hour_counts() -> None:
    record = replace(lasting(3600), issued=None)
    assert phase(record, NOW + timedelta(minutes=45)) is Phase.RENEW_SOON
    assert phase(record, NOW + timedelta(minutes=44)) is Phase.ACTIVE


def test_a_failure_shows_even_beside_a_live_session() -> None:
    failure = Failure("title", "message", "hint", NOW)
    assert phase(replace(NONE, failure=failure), NOW) is Phase.FAILED
    record = replace(lasting(3600), failure=failure)
    assert phase(record, NOW) is Phase.FAILED
    assert is_live(record, NOW)


def test_the_values_that_scripts_read() -> None:
    assert {str(value) for value in Phase} == {"none", "active", "renew-soon", "expired", "failed"}


@pytest.mark.fault(11)
@given(record=RECORDS, now=MOMENTS)
def test_times_are_never_negative(record: SessionRecord, now: datetime) -> None:
    assert remaining(record, now) >= timedelta()
    assert lifetime(record) >= timedelta()
    assert is_live(record, now) == (phase(record, now) in (Phase.ACTIVE, Phase.RENEW_SOON))


@pytest.mark.fault(11)
@given(records=st.lists(RECORDS, max_size=4), now=MOMENTS, data=st.data())
def test_nothing_changes_before_the_next_change_and_something_then(
    records: list[SessionRecord], now: datetime, data: st.DataObject
) -> None:
    """So a clock that looks at `next_change`, after a sleep or a jump too, misses nothing."""
    change = next_change(records, now)
    phases = [phase(record, now) for record in records]
    if change is None:
        assert not any(value in (Phase.ACTIVE, Phase.RENEW_SOON) for value in phases)
        return
    assert change > now
    before = now + data.draw(st.floats(0, 0.999999)) * (change - now)
    assert [phase(record, before) for record in records] == phases
    assert not any(mark_passed(record, now, before) for record in records)
    has_another_phase = [phase(record, change) for record in records] != phases
    assert has_another_phase or any(mark_passed(record, now, change) for record in records)


@pytest.mark.fault(11)
def test_marks_are_passed_once_and_only_the_last_counts_after_a_suspend() -> None:
    record = lasting(3600)
    warning, end = NOW + timedelta(minutes=55), NOW + timedelta(minutes=60)
    moment = timedelta(seconds=1)
    assert mark_passed(NONE, NOW, end) is None
    assert mark_passed(record, NOW, warning - moment) is None
    assert mark_passed(record, NOW, warning) is Mark.EXPIRES_SOON
    assert mark_passed(record, warning, end - moment) is None
    assert mark_passed(record, end - moment, end) is Mark.EXPIRED
    assert mark_passed(record, NOW, end) is Mark.EXPIRED
    assert mark_passed(record, end, end + timedelta(hours=1)) is None


def test_the_worst_phase() -> None:
    assert worst([]) is Phase.NONE
    assert worst([Phase.NONE, Phase.ACTIVE]) is Phase.ACTIVE
    assert worst([Phase.ACTIVE, Phase.EXPIRED, Phase.RENEW_SOON]) is Phase.EXPIRED
    assert worst([Phase.EXPIRED, Phase.FAILED]) is Phase.FAILED
