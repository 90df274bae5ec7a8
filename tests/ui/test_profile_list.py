"""How the list of profiles is repainted: what has changed, and no more."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import QEvent, QObject, QRect
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from sts_desktop.core.profile import Profile
from sts_desktop.ui.app import Desktop
from sts_desktop.ui.profile_model import Index, ProfileModel

ROWS = 40


class Paints(QObject):
    """Notes what of a widget is painted."""

    def __init__(self) -> None:
        super().__init__()
        self.rects: list[QRect] = []

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QPaintEvent):
            self.rects.append(event.rect())
        return False


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How often the model was asked for the number of its rows: twice for each row that is laid out."""
    asked: list[int] = []
    count = ProfileModel.rowCount

    def row_count(model: ProfileModel, *parent: Index) -> int:
        asked.append(1)
        return count(model, *parent)

    monkeypatch.setattr(ProfileModel, "rowCount", row_count)
    return asked


@pytest.fixture
def watched(
    counted: list[int], open_desktop: Callable[..., Desktop], add_profile: Callable[..., Profile], qtbot: QtBot
) -> tuple[Desktop, Paints]:
    for number in range(ROWS):
        add_profile(f"profile {number}")
    desktop, paints = open_desktop(), Paints()
    desktop.window.list.viewport().installEventFilter(paints)
    qtbot.waitUntil(lambda: bool(paints.rects))
    QApplication.processEvents()
    paints.rects.clear()
    counted.clear()
    return desktop, paints


def test_of_one_changed_row_no_other_is_painted_or_laid_out(
    watched: tuple[Desktop, Paints], counted: list[int], qtbot: QtBot
) -> None:
    desktop, paints = watched
    shown = desktop.window.list

    desktop.sessions.session_changed.emit(desktop.profiles.settings.profiles[1].id)

    qtbot.waitUntil(lambda: bool(paints.rects))
    assert paints.rects == [shown.visualRect(shown.model().index(1, 0))]
    assert len(counted) < ROWS


def test_a_tick_paints_every_row_that_is_seen(watched: tuple[Desktop, Paints], qtbot: QtBot) -> None:
    desktop, paints = watched

    desktop.sessions.ticked.emit()

    qtbot.waitUntil(lambda: bool(paints.rects))
    assert paints.rects[0] == desktop.window.list.viewport().rect()
