"""What changes by itself: the same as a look at every session at every moment would find, with far fewer looks."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from sts_desktop.core import renewal
from sts_desktop.core.state import SessionRecord
from sts_desktop.ui.session_times import SessionTimes

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
TWELVE_HOURS = timedelta(hours=12)


def session(*, ends: timedelta) -> SessionRecord:
    """A session of twelve hours that ends that long after noon."""
    return SessionRecord(NOON + ends, NOON + ends - TWELVE_HOURS, 43_200, "WXYZ")


SESSIONS: Mapping[str, SessionRecord] = {
    "long": session(ends=timedelta(hours=5)),
    "short": session(ends=timedelta(hours=1)),
    "over": session(ends=timedelta(hours=-1)),
    "none": SessionRecord(),
}


def test_nothing_changes_until_the_first_session_is_to_be_renewed() -> None:
    times = SessionTimes(SESSIONS, NOON)
    assert times.next_change == NOON + timedelta(minutes=45)
    assert times.changed(NOON + timedelta(minutes=44)) == []
    assert times.changed(NOON + timedelta(minutes=45)) == ["short"]
    assert times.changed(NOON + timedelta(minutes=45, seconds=1)) == []
    assert times.next_change == NOON + timedelta(minutes=55)  # a person is told then
    assert times.changed(NOON + timedelta(minutes=55)) == []
    assert times.next_change == NOON + timedelta(hours=1)


def test_live_sessions_stand_in_the_order_of_their_end() -> None:
    times = SessionTimes(SESSIONS, NOON)
    assert [live.profile_id for live in times.live] == ["short", "long"]
    times.changed(NOON + timedelta(hours=2))
    assert [live.profile_id for live in times.live] == ["long"]


def test_clock_set_back_brings_a_session_to_life_again() -> None:
    times = SessionTimes(SESSIONS, NOON)
    assert times.changed(NOON - timedelta(hours=2)) == ["over"]
    assert [live.profile_id for live in times.live] == ["over", "short", "long"]


def test_other_sessions_are_no_change_that_came_by_itself() -> None:
    times = SessionTimes(SESSIONS, NOON)
    times.take({"short": SessionRecord(), "new": session(ends=timedelta(hours=-2))}, NOON)
    assert times.changed(NOON + timedelta(seconds=1)) == []
    assert times.live == []
    assert times.next_change is None


moments = st.integers(-48 * 60, 48 * 60).map(lambda minutes: timedelta(minutes=minutes))


@given(ends=st.lists(moments, max_size=6), steps=st.lists(moments, max_size=8))
def test_changes_are_those_that_a_look_at_each_would_find(ends: list[timedelta], steps: list[timedelta]) -> None:
    sessions = {str(number): session(ends=end) for number, end in enumerate(ends)}
    times = SessionTimes(sessions, NOON)
    before = {name: renewal.phase(record, NOON) for name, record in sessions.items()}
    for step in steps:
        after = {name: renewal.phase(record, NOON + step) for name, record in sessions.items()}
        assert set(times.changed(NOON + step)) == {name for name in sessions if after[name] != before[name]}
        before = after


def test_other_sessions_taken_after_a_jump_of_the_clock_hide_no_change() -> None:
    times = SessionTimes(SESSIONS, NOON)
    later = {**SESSIONS, "new": session(ends=timedelta(hours=9))}
    assert sorted(times.take(later, NOON + timedelta(hours=2))) == ["new", "short"]
    assert times.changed(NOON + timedelta(hours=2)) == []
    assert times.take({"long": SESSIONS["long"]}, NOON + timedelta(hours=2)) != []
