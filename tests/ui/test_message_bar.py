"""The summary on the right of the line at the bottom: it changes each second."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication

from sts_desktop.core.profile import Profile
from sts_desktop.core.state import SessionRecord
from sts_desktop.demo.control import Faults
from sts_desktop.demo.embedded_sts import EmbeddedSts
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


@pytest.mark.parametrize(("user", "code_is_mentioned"), [("bob", False), ("alice", True)])
def test_only_where_there_is_a_device_a_code_may_have_been_spent(
    open_desktop: Callable[..., Desktop],
    write_aws_files: Callable[..., None],
    add_profile: Callable[..., Profile],
    embedded_sts: EmbeddedSts,
    user: str,
    code_is_mentioned: bool,
) -> None:
    write_aws_files(user)
    profile = add_profile("work", user)
    embedded_sts.control.set(Faults(silent=True))
    desktop = open_desktop()
    desktop.sessions.get_token(profile.id, "123456" if code_is_mentioned else "")
    desktop.sessions.cancel(profile.id)
    text = desktop.window.message_bar.message.text()
    assert text.startswith("Cancelled.")
    assert ("code" in text) is code_is_mentioned


def test_countdown_of_the_clipboard_takes_no_message_away(desktop: Desktop, hand: Hand, clock: "Clock") -> None:
    hand.get_token(desktop)
    hand.click(desktop.window.panel.actions_bar.copy)
    hand.settle(desktop)
    bar = desktop.window.message_bar
    width = bar.clear_now.width()
    bar.tell("Something else.")
    clock.jump(timedelta(seconds=25))
    desktop.clipboard.changed.emit()
    assert bar.message.text() == "Something else."
    assert "clipboard (5 s)" in bar.clear_now.text()
    QApplication.processEvents()
    assert bar.clear_now.width() == width
    desktop.clipboard.clear()
    assert not bar.clear_now.isVisible()
    assert bar.message.text() == "The credentials are off the clipboard."


def test_deletion_can_be_undone_whatever_is_told_meanwhile(desktop: Desktop, hand: Hand) -> None:
    bar, profile = desktop.window.message_bar, profile_of(desktop)
    desktop.deletions.delete(profile.id)
    assert bar.message.text() == f"“{profile.name}” is deleted."
    bar.tell("Something else.")
    assert bar.message.text() == "Something else."
    hand.click(bar.undo)
    assert bar.undo.text() == "Undo deletion"
    hand.settle(desktop)
    assert profile_of(desktop) == profile
