"""What a second costs while nobody does anything: as much as what is seen of it, however many profiles there are."""

import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import FrameType, MappingProxyType
from typing import Any

import pytest
from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QColor, QFont, QPalette
from PySide6.QtWidgets import QApplication, QWidget

from sts_desktop.core.credentials import SessionCredentials
from sts_desktop.core.paths import Paths
from sts_desktop.core.profile import AwsProfileKey, Profile
from sts_desktop.core.services import Services, open_services
from sts_desktop.core.settings import Settings
from sts_desktop.core.state import SessionRecord, State
from sts_desktop.core.vault.vault import memory_vault
from sts_desktop.ui.app import Desktop
from sts_desktop.ui.profile_delegate import ProfileDelegate
from sts_desktop.ui.profile_model import ProfileModel
from tests.ui.conftest import Clock

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
LIFE = timedelta(hours=12)
LEFT = timedelta(hours=10, seconds=30)  # no minute begins for half of one
SECOND = timedelta(seconds=1)
FEW, MANY = 40, 1_000
"""Both are more than the window has room for."""

SEARCHED = 100
"""How many instructions of Python the search among a thousand sessions in their order may take more than among 40."""


class StillClock(Clock):
    """Noon, moved by `offset`."""

    def now(self) -> datetime:
        return NOON + self.offset


class Paints(QObject):
    """Notes which widgets are painted."""

    def __init__(self, *widgets: QWidget) -> None:
        super().__init__()
        self.painted: list[QObject] = []
        for widget in widgets:
            widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint:
            self.painted.append(watched)
        return False


@pytest.fixture
def clock() -> Clock:
    return StillClock()


@pytest.fixture
def open_with(open_desktop: Callable[..., Desktop], tmp_path: Path, clock: Clock) -> Callable[[int], Desktop]:
    """Open a window with that many profiles, each with a live session, and wait until it rests."""

    def open_with(count: int) -> Desktop:
        desktop = open_desktop(_services(tmp_path / f"{count}", count, clock))
        assert len(desktop.sessions.live_sessions()) == count
        QApplication.processEvents()
        return desktop

    return open_with


def _services(home: Path, count: int, clock: Clock) -> Services:
    paths = Paths(config=home / "config", state=home / "state", home=home)
    services = open_services(paths, vault=memory_vault(), now=clock.now)
    profiles = [Profile(f"{number:016x}", f"profile {number}", AwsProfileKey("bob")) for number in range(count)]
    record = SessionRecord(NOON + LEFT, NOON + LEFT - LIFE, 43_200, "WXYZ")
    services.settings.update(lambda _before: Settings(profiles=tuple(profiles)))
    services.state.update(lambda _before: State(MappingProxyType({profile.id: record for profile in profiles})))
    for profile in profiles:
        services.vault.store_session(profile.id, SessionCredentials("ASIAEXAMPLEDEMO2WXYZ", "x", "y", NOON + LEFT))
    return services


def _pass_second(desktop: Desktop, clock: Clock) -> None:
    """Let the window tick, with no waiting, and paint what it wants painted then."""
    clock.jump(SECOND)
    desktop.sessions.watch(True)
    QApplication.processEvents()


def _work_of_second(desktop: Desktop, clock: Clock) -> int:
    """Return how many instructions of Python a second takes: its work, measured without a clock."""
    count = 0

    def trace(frame: FrameType, event: str, _argument: Any) -> Any:
        nonlocal count
        frame.f_trace_opcodes = True
        count += event == "opcode"
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        _pass_second(desktop, clock)
    finally:
        sys.settrace(before)
    return count


def test_a_second_is_no_more_work_for_a_thousand_profiles_than_for_those_that_fill_the_window(
    open_with: Callable[[int], Desktop], clock: Clock
) -> None:
    work = {}
    for count in (FEW, MANY):
        desktop = open_with(count)
        # The least of some: what else the window has just begun may end in any of them.
        work[count] = min(_work_of_second(desktop, clock) for _ in range(5))
        desktop.window.hide()
    assert work[MANY] - work[FEW] < SEARCHED, work


def test_a_second_that_moves_nothing_in_the_panel_paints_nothing_of_it(
    open_with: Callable[[int], Desktop], clock: Clock
) -> None:
    desktop = open_with(1)
    panel, rows = desktop.window.panel, desktop.window.list.viewport()
    _pass_second(desktop, clock)
    paints = Paints(panel, panel.status, *panel.status.findChildren(QWidget), rows)
    _pass_second(desktop, clock)
    assert paints.painted == [rows]

    clock.jump(timedelta(hours=1))
    _pass_second(desktop, clock)
    assert panel.status in paints.painted


def test_rows_follow_fonts_and_colours_that_change_while_they_are_shown(open_with: Callable[[int], Desktop]) -> None:
    desktop = open_with(2)
    rows = desktop.window.list
    before = rows.grab().toImage()

    palette, font = QPalette(rows.palette()), QFont(rows.font())
    palette.setColor(QPalette.ColorRole.Base, QColor("#222222"))
    palette.setColor(QPalette.ColorRole.Text, QColor("#eeeeee"))
    rows.setPalette(palette)
    dark = rows.grab().toImage()
    font.setPointSizeF(font.pointSizeF() * 1.5)
    rows.setFont(font)
    large = rows.grab().toImage()

    assert before != dark != large
    model = rows.model()
    assert isinstance(model, ProfileModel)
    rows.setItemDelegate(ProfileDelegate(model, desktop.sessions, desktop.profiles, rows))
    assert rows.grab().toImage() == large
