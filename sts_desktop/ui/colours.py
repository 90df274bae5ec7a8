"""Colours of the window: all from the palette, or fixed hues adjusted until they can be read on it."""

from functools import lru_cache

from PySide6.QtGui import QColor, QPalette

READABLE = 4.5
"""Contrast of text, WCAG 2.2, 1.4.3 (AA)."""

VISIBLE = 3.0
"""Contrast of icons and bars, WCAG 2.2, 1.4.11 (AA)."""

UNDER_GLOSS, PALED = 10.5, 0.75
"""Contrast to ask of a button's fill, and the part of its saturation that stays: Fusion draws it lighter and paler, and
READABLE must remain of it."""

GREEN, AMBER, RED, BLUE = QColor("#2da55d"), QColor("#c98500"), QColor("#d64541"), QColor("#2f6fdb")
WHITE = QColor("white")


def contrast(one: QColor, other: QColor) -> float:
    """Return the contrast ratio of two opaque colours, 1 to 21 (WCAG 2.2, "contrast ratio")."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def readable(colour: QColor, background: QColor, ratio: float = READABLE) -> QColor:
    """Return `colour`, darkened or lightened in small steps until it has `ratio` on `background`."""
    return QColor.fromRgba(_readable(colour.rgba(), background.rgba(), ratio))


@lru_cache(256)
def _readable(rgba: int, background_rgba: int, ratio: float) -> int:
    """Do so for colours as numbers, each once: every row of the list asks for six of them, each second."""
    colour, background = QColor.fromRgba(rgba), QColor.fromRgba(background_rgba)
    darker = _luminance(background) > 0.18
    for _step in range(64):
        if contrast(colour, background) >= ratio:
            break
        colour = colour.darker(108) if darker else _lighter(colour)
    return colour.rgba()


def quiet_text(palette: QPalette, role: QPalette.ColorRole = QPalette.ColorRole.Window) -> QColor:
    """Return the colour of secondary text on `role`: 60 % of the text's colour, yet readable."""
    text, background = palette.color(QPalette.ColorRole.WindowText), palette.color(role)
    return readable(_mixed(text, background, 0.6), background)


def primary_button_palette(palette: QPalette) -> QPalette:
    """Return `palette` with the button filled in the highlight colour and white text that can be read on it."""
    filled = QPalette(palette)
    highlight = palette.color(QPalette.ColorRole.Highlight)
    vivid = QColor.fromHsvF(
        max(highlight.hsvHueF(), 0.0), min(highlight.hsvSaturationF() / PALED, 1.0), highlight.valueF()
    )
    fill = readable(vivid, WHITE, UNDER_GLOSS)
    for group in (QPalette.ColorGroup.Active, QPalette.ColorGroup.Inactive):
        filled.setColor(group, QPalette.ColorRole.Button, fill)
        filled.setColor(group, QPalette.ColorRole.ButtonText, WHITE)
    return filled


def note_background(accent: QColor, palette: QPalette) -> QColor:
    """Return a tint of `accent` that stands out from the window's background without shouting."""
    return _mixed(accent, palette.color(QPalette.ColorRole.Window), 0.14)


def _luminance(colour: QColor) -> float:
    def linear(channel: float) -> float:
        return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4

    return 0.2126 * linear(colour.redF()) + 0.7152 * linear(colour.greenF()) + 0.0722 * linear(colour.blueF())


def _lighter(colour: QColor) -> QColor:
    return _mixed(WHITE, colour, 0.08)


def _mixed(one: QColor, other: QColor, part: float) -> QColor:
    return QColor.fromRgbF(
        one.redF() * part + other.redF() * (1 - part),
        one.greenF() * part + other.greenF() * (1 - part),
        one.blueF() * part + other.blueF() * (1 - part),
    )
