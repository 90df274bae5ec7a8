"""The tray's icons, at the 16 pixels that a small panel has: told apart by shape alone, on any panel."""

from itertools import combinations

import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QColor, QImage, QPainter
from pytestqt.qtbot import QtBot

from sts_desktop.core.renewal import Phase
from sts_desktop.ui import colours, icons

STATES: dict[str, tuple[Phase, bool]] = {phase.value: (phase, False) for phase in Phase} | {
    "working": (Phase.NONE, True)
}
LIGHT, DARK = "#eff0f1", "#2a2e32"
PANELS = {"light": LIGHT, "dark": DARK, "blue": "#3584e4", "wine": "#8b1a3a", "grey": "#808080"}

CLEARLY = 60
"""Of 255: a difference of two greys that is seen beside one another."""
MANY = 30
"""Of the 256 pixels."""


def on_panel(state: str, panel: str, size: int = 16) -> QImage:
    phase, is_working = STATES[state]
    image = QImage(size, size, QImage.Format.Format_RGB32)
    image.fill(QColor(panel))
    painter = QPainter(image)
    painter.drawPixmap(0, 0, icons.tray_icon(phase, is_working=is_working).pixmap(QSize(size, size), 1.0))
    painter.end()
    return image


def greys(image: QImage) -> list[int]:
    grey = image.convertToFormat(QImage.Format.Format_Grayscale8)
    return [grey.pixelColor(x, y).value() for y in range(grey.height()) for x in range(grey.width())]


@pytest.mark.parametrize("panel", list(PANELS.values()), ids=list(PANELS))
@pytest.mark.parametrize(("one", "other"), list(combinations(STATES, 2)))
def test_states_are_told_apart_without_colour(qtbot: QtBot, one: str, other: str, panel: str) -> None:
    pairs = zip(greys(on_panel(one, panel)), greys(on_panel(other, panel)), strict=True)

    assert sum(abs(a - b) >= CLEARLY for a, b in pairs) >= MANY


@pytest.mark.parametrize("panel", list(PANELS.values()), ids=list(PANELS))
@pytest.mark.parametrize("state", list(STATES))
def test_every_state_stands_out_from_the_panel(qtbot: QtBot, state: str, panel: str) -> None:
    image = on_panel(state, panel)
    seen = [
        colours.contrast(image.pixelColor(x, y), QColor(panel)) >= colours.VISIBLE
        for y in range(image.height())
        for x in range(image.width())
    ]

    assert sum(seen) >= MANY


@pytest.mark.parametrize("state", list(STATES))
def test_a_state_has_its_own_pixels_at_each_size_and_ratio(qtbot: QtBot, state: str) -> None:
    phase, is_working = STATES[state]
    icon = icons.tray_icon(phase, is_working=is_working)

    assert [size.width() for size in icon.availableSizes()] == list(icons.TRAY_SIZES)
    for size, ratio in ((16, 2.0), (22, 2.0), (24, 2.0), (32, 2.0)):
        drawn = icon.pixmap(QSize(size, size), ratio)
        assert (drawn.width(), drawn.devicePixelRatio()) == (size * ratio, ratio)
