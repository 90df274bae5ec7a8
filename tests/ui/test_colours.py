"""What is drawn can be read: contrasts measured on the pixels, in a light and a dark theme, and across a change."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, QRect
from PySide6.QtGui import QColor, QImage, QPalette
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from sts_desktop.core.errors import StsDesktopError
from sts_desktop.core.profile import Profile
from sts_desktop.core.renewal import Phase
from sts_desktop.demo.control import Faults
from sts_desktop.demo.embedded_sts import EmbeddedSts
from sts_desktop.demo.palettes import PALETTES
from sts_desktop.ui import colours
from sts_desktop.ui.app import Desktop
from sts_desktop.ui.palette_widgets import PrimaryButton, QuietLabel
from tests.ui.hand import PATIENCE_MS, Hand

TEXT, ICON = 4.5, 3.0

greys = st.integers(0, 255).map(lambda value: QColor(value, value, value))
any_colour = st.builds(QColor, *[st.integers(0, 255)] * 3)


@pytest.fixture
def use_palette(qtbot: QtBot) -> Iterator[Callable[[str], None]]:
    before = QApplication.palette()

    def use_palette(name: str) -> None:
        QApplication.setPalette(PALETTES[name]())
        QApplication.processEvents()

    yield use_palette
    QApplication.setPalette(before)


@pytest.fixture(params=sorted(PALETTES))
def theme(request: pytest.FixtureRequest, use_palette: Callable[[str], None]) -> str:
    use_palette(request.param)
    return str(request.param)


def pixels(image: QImage, area: Iterable[QPoint]) -> Counter[int]:
    return Counter(image.pixel(point) for point in area)


def drawn_contrast(image: QImage) -> float:
    """Return the contrast of what is drawn with what it is drawn on, which is the colour there is most of."""
    found = pixels(image, (QPoint(x, y) for x in range(image.width()) for y in range(image.height())))
    background = QColor(found.most_common(1)[0][0])
    return max(colours.contrast(QColor(pixel), background) for pixel in found)


def picture_of(widget: QWidget, area: QRect | None = None) -> QImage:
    """Return what a widget looks like in its window, with what is behind it."""
    window = widget.window()
    place = QRect(widget.mapTo(window, QPoint(0, 0)), widget.size())
    if area is not None:
        place = QRect(widget.mapTo(window, area.topLeft()), area.size())
    return window.grab(place).toImage()


def button_contrast(button: QWidget) -> float:
    """Return the contrast of a button's text with its fill in the row where that is least: fills have gradients."""
    image = picture_of(button)
    text = button.palette().color(QPalette.ColorRole.ButtonText)
    assert any(image.pixelColor(x, y) == text for x in range(image.width()) for y in range(image.height()))
    rows = range(image.height() // 4, image.height() * 3 // 4)
    fills = [pixels(image, (QPoint(x, y) for x in range(4, image.width() - 4))).most_common(1)[0][0] for y in rows]
    return min(colours.contrast(QColor(fill), text) for fill in fills)


@given(any_colour, any_colour)
def test_contrast_is_that_of_the_standard(one: QColor, other: QColor) -> None:
    assert colours.contrast(one, other) == colours.contrast(other, one)
    assert 1 <= colours.contrast(one, other) <= 21.001


def test_contrast_of_known_pairs() -> None:
    # WCAG's own extremes, and #767676 on white, the grey that is known to pass AA just so.
    assert colours.contrast(QColor("black"), QColor("white")) == pytest.approx(21)
    assert colours.contrast(QColor("#767676"), QColor("white")) == pytest.approx(4.54, abs=0.01)


@given(any_colour, greys)
def test_readable_is_readable_on_any_grey(colour: QColor, background: QColor) -> None:
    best = max(colours.contrast(background, QColor("black")), colours.contrast(background, QColor("white")))
    assert colours.contrast(colours.readable(colour, background), background) >= min(TEXT, best) - 0.05


def test_quiet_text_can_be_read(theme: str, desktop: Desktop) -> None:
    labels = [label for label in desktop.window.findChildren(QuietLabel) if label.isVisible() and label.text()]
    assert labels
    for label in labels:
        assert drawn_contrast(picture_of(label)) >= TEXT, label.text()


def test_primary_button_can_be_read(theme: str, desktop: Desktop) -> None:
    button = desktop.window.panel.actions_bar.primary
    assert button_contrast(button) >= TEXT


def test_primary_button_stands_out(theme: str, desktop: Desktop) -> None:
    button = desktop.window.panel.actions_bar.primary
    around = desktop.window.palette().color(QPalette.ColorRole.Window)
    image = picture_of(button)
    assert colours.contrast(QColor(image.pixel(image.width() // 2, image.height() // 5)), around) >= 2


def test_welcome_can_be_read(theme: str, open_desktop: Callable[..., Desktop]) -> None:
    window = open_desktop().window
    for label in window.welcome.findChildren(QLabel):
        if label.isVisible() and label.text():
            assert drawn_contrast(picture_of(label)) >= TEXT, label.text()
    for button in window.welcome.findChildren(PrimaryButton):
        if button.isVisible():
            assert button_contrast(button) >= TEXT, button.text()


def test_notes_can_be_read(theme: str, desktop: Desktop) -> None:
    desktop.window.tell_problem(StsDesktopError("It broke", "In the middle of it.", "Mend it."))
    QApplication.processEvents()
    for note in (desktop.window.notes.problem, desktop.window.notes.vault):
        assert note.isVisible()
        labels = [label for label in note.findChildren(QLabel) if label.isVisible()]
        assert len(labels) >= 3
        for label in labels:
            wanted = TEXT if label.text() else ICON
            assert drawn_contrast(picture_of(label)) >= wanted, label.text()


STATES = {
    Phase.NONE: timedelta(),
    Phase.ACTIVE: timedelta(),
    Phase.RENEW_SOON: timedelta(hours=11, minutes=50),
    Phase.EXPIRED: timedelta(hours=20),
    Phase.FAILED: timedelta(),
}


@pytest.mark.parametrize("phase", STATES, ids=str)
@pytest.mark.parametrize("selected", [True, False])
def test_every_state_can_be_told_apart_and_read(
    qtbot: QtBot,
    theme: str,
    open_desktop: Callable[..., Desktop],
    write_aws_files: Callable[..., None],
    add_profile: Callable[..., Profile],
    hand: Hand,
    embedded_sts: EmbeddedSts,
    clock: Any,
    phase: Phase,
    selected: bool,
) -> None:
    write_aws_files("bob")
    profile = add_profile("work")
    other = add_profile("other")
    desktop = open_desktop()
    if phase is Phase.FAILED:
        embedded_sts.control.set(Faults(region_disabled=True))
    if phase is not Phase.NONE:
        hand.get_token(desktop)
        clock.jump(STATES[phase])
        qtbot.waitUntil(lambda: desktop.sessions.phase(profile.id) is phase, timeout=PATIENCE_MS)
    if not selected:
        desktop.window.list.select(other.id)
    QApplication.processEvents()
    view = desktop.window.list
    row = view.visualRect(view.model().index(0, 0))
    icon = QRect(row.left() + 10, row.top(), 22, row.height())
    upper = QRect(row.left() + 40, row.top() + 2, row.width() - 40, row.height() // 2 - 2)
    time = QRect(row.center().x(), upper.top(), row.width() // 2, upper.height())
    lower = QRect(upper.left(), row.center().y(), row.width() // 2, upper.height())
    assert drawn_contrast(picture_of(view.viewport(), icon)) >= ICON
    for line in (upper, time, lower):
        assert drawn_contrast(picture_of(view.viewport(), line)) >= TEXT
    if selected:
        head = [label for label in desktop.window.panel.status.findChildren(QLabel) if label.isVisible()]
        for label in head:
            if label.text() or not label.pixmap().isNull():
                assert drawn_contrast(picture_of(label)) >= (TEXT if label.text() else ICON)


def test_change_of_the_theme_is_followed(desktop: Desktop, use_palette: Callable[[str], None]) -> None:
    window = desktop.window
    window.tell_problem(StsDesktopError("It broke", "In the middle of it.", "Mend it."))
    for name in ("light", "dark", "light"):
        use_palette(name)
        image = window.grab().toImage()
        corner = QColor(image.pixel(image.width() // 2, 3))
        assert (corner.lightness() > 128) == (name == "light")
        for label in window.findChildren(QLabel):
            if label.isVisible() and (label.text() or not label.pixmap().isNull()) and label.width() > 1:
                wanted = TEXT if label.text() else ICON
                assert drawn_contrast(picture_of(label)) >= wanted, f"{label.text()} in {name}"
        assert button_contrast(window.panel.actions_bar.primary) >= TEXT
        assert button_contrast(window.new) >= TEXT
        assert drawn_contrast(picture_of(window.panel.name)) >= TEXT
