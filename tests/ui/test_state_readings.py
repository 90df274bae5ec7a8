"""Readings of the state count in the order in which they were seen, not in that of their delivery."""

from sts_desktop.core.state import SessionRecord, State
from sts_desktop.ui.state_readings import StateReadings


def test_reading_that_was_overtaken_is_no_news() -> None:
    states = iter([State(), State().with_session("a1", SessionRecord(last_four="WXYZ"))])
    readings = StateReadings(lambda: next(states))
    older, newer = readings.read(), readings.read()
    assert newer.state.session("a1").last_four == "WXYZ"
    assert readings.is_news(newer)
    assert not readings.is_news(older)
    assert readings.is_news(newer)
