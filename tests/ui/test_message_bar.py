"""The summary on the right of the line at the bottom: it changes each second."""

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication

from sts_desktop.core.state import SessionRecord
from sts_desktop.ui.app import Desktop
from tests.ui.hand import Hand, profile_of

if TYPE_CHECKING:
    from tests.ui.conftest import Clock

TICKS = 30


class Layouts(QObject):
    """Counts how often a widget lays out what is in it."""

    def __init__(self) -> None:
        super().__init__()
        self.count = 0

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        self.count += event.type() == QEvent.Type.LayoutRequest
        return False


def test_the_summary_fits_and_the_window_is_not_laid_out_each_second(
    desktop: Desktop, hand: Hand, clock: "Clock", monkeypatch: pytest.MonkeyPatch
) -> None:
    hand.settle(desktop)
    live = [SessionRecord(expiration=clock.now() + timedelta(hours=1))] * 3
    monkeypatch.setattr(desktop.sessions, "live_sessions", lambda: live)
    summary, layouts = desktop.window.message_bar.summary, Layouts()
    desktop.window.installEventFilter(layouts)

    for _ in range(TICKS):
        clock.jump(timedelta(seconds=1))
        desktop.sessions.ticked.emit()
        QApplication.processEvents()
        assert summary.width() >= summary.sizeHint().width()
    assert "3" in summary.text()
    assert layouts.count < TICKS / 3

    live.clear()
    desktop.sessions.ticked.emit()
    QApplication.processEvents()
    assert (summary.text(), summary.width()) == ("", summary.sizeHint().width())


def test_long_name_does_not_push_the_window_off_the_screen(desktop: Desktop, hand: Hand) -> None:
    profile = profile_of(desktop)
    desktop.profiles.edit(replace(profile, name="本" * 80))
    hand.settle(desktop)
    width = desktop.window.width()
    desktop.deletions.delete(profile.id)
    hand.settle(desktop)
    assert desktop.window.message_bar.undo.isVisible()
    assert desktop.window.width() == width
    assert desktop.window.minimumSizeHint().width() <= width
