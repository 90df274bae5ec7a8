"""Ctrl-C and SIGTERM end the program in an orderly way, and never from within something else."""

import signal
import sys
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from sts_desktop.ui.unix_signals import QuitSignals

PATIENCE_MS = 15_000

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows delivers neither to a window")


@pytest.fixture
def quits() -> list[str]:
    """Collects the calls of the function that is to quit."""
    return []


@pytest.fixture
def signals(qtbot: QtBot, quits: list[str]) -> Iterator[QuitSignals]:
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    parent = QObject()
    signals = QuitSignals(lambda: quits.append("quit"), parent)
    yield signals
    signals.close()
    parent.deleteLater()
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_quits_from_the_event_loop(
    qtbot: QtBot, signals: QuitSignals, quits: list[str], number: signal.Signals
) -> None:
    signal.raise_signal(number)
    assert quits == []  # whatever was going on, such as a paint event, goes on first
    qtbot.waitUntil(lambda: quits == ["quit"], timeout=PATIENCE_MS)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_second_signal_ends_the_process_at_once(signals: QuitSignals, number: signal.Signals) -> None:
    signal.raise_signal(number)
    assert signal.getsignal(number) is signal.SIG_DFL


def test_signals_are_given_back(signals: QuitSignals) -> None:
    signals.close()
    assert signal.getsignal(signal.SIGTERM) is signal.SIG_DFL
    assert signal.set_wakeup_fd(-1) == -1
