"""The one clock: each second while somebody watches, otherwise when something is due, and never asleep for long."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from PySide6.QtCore import QTimer
from pytestqt.qtbot import QtBot

from sts_desktop.ui.ticker import UNWATCHED, Ticker

PATIENCE_MS = 15_000
NOON = datetime(2026, 7, 1, 12, 0, 0, 250_000, UTC)


@pytest.fixture
def moments() -> list[datetime]:
    """The current moment, as the only element; a quarter of a second past noon."""
    return [NOON]


@pytest.fixture
def ticker(qtbot: QtBot, moments: list[datetime]) -> Iterator[Ticker]:
    ticker = Ticker(lambda: moments[0])
    yield ticker
    ticker.deleteLater()


def wait_of(ticker: Ticker) -> int:
    """Return after how many milliseconds it ticks next."""
    (timer,) = ticker.findChildren(QTimer)
    assert timer.isActive()
    return timer.interval()


def test_ticks_at_once_and_with_each_full_second_while_watched(qtbot: QtBot, ticker: Ticker) -> None:
    with qtbot.waitSignal(ticker.ticked, timeout=0):
        ticker.watch(True)
    assert ticker.is_watched
    assert wait_of(ticker) == 750
    with qtbot.waitSignals([ticker.ticked] * 2, timeout=PATIENCE_MS):
        pass


@pytest.mark.parametrize(
    ("due", "milliseconds"),
    [
        (None, 30_000),
        (timedelta(seconds=10), 10_000),
        (timedelta(hours=1), 30_000),
        (timedelta(), 1),
        (timedelta(hours=-1), 1),
    ],
)
def test_waits_for_what_is_due_but_not_long(ticker: Ticker, due: timedelta | None, milliseconds: int) -> None:
    assert timedelta(milliseconds=30_000) == UNWATCHED
    ticker.set_due(None if due is None else NOON + due)
    assert not ticker.is_watched
    assert wait_of(ticker) == milliseconds


def test_ticks_when_something_is_due(qtbot: QtBot, ticker: Ticker) -> None:
    with qtbot.waitSignal(ticker.ticked, timeout=PATIENCE_MS):
        ticker.set_due(NOON + timedelta(milliseconds=5))


def test_what_is_due_does_not_slow_a_watched_clock(ticker: Ticker) -> None:
    ticker.watch(True)
    ticker.set_due(NOON + timedelta(hours=1))
    assert wait_of(ticker) == 750


def test_unwatched_it_rests_again(ticker: Ticker) -> None:
    ticker.watch(True)
    ticker.watch(False)
    assert not ticker.is_watched
    assert wait_of(ticker) == 30_000


def test_after_a_jump_of_the_clock_it_waits_by_the_new_time(ticker: Ticker, moments: list[datetime]) -> None:
    ticker.set_due(NOON + timedelta(hours=1))
    moments[0] = NOON + timedelta(minutes=59, seconds=50)
    ticker.watch(False)
    assert wait_of(ticker) == 10_000
