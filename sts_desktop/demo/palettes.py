"""Two fixed palettes, for pictures that do not depend on the desktop they are made on."""

from PySide6.QtGui import QColor, QPalette

_ROLES = (
    QPalette.ColorRole.Window,
    QPalette.ColorRole.WindowText,
    QPalette.ColorRole.Base,
    QPalette.ColorRole.AlternateBase,
    QPalette.ColorRole.Text,
    QPalette.ColorRole.Button,
    QPalette.ColorRole.ButtonText,
    QPalette.ColorRole.ToolTipBase,
    QPalette.ColorRole.ToolTipText,
    QPalette.ColorRole.Highlight,
    QPalette.ColorRole.HighlightedText,
    QPalette.ColorRole.Mid,
    QPalette.ColorRole.Dark,
    QPalette.ColorRole.Shadow,
    QPalette.ColorRole.Light,
    QPalette.ColorRole.Link,
)
_LIGHT = (
    "#f5f5f6 #1c1d20 #ffffff #f0f0f2 #1c1d20 #f5f5f6 #1c1d20 #ffffff #1c1d20 #2f6fdb #ffffff #cfd0d4 #a9abb1 #77797f "
    "#ffffff #1f5fbf"
)
_DARK = (
    "#2b2c31 #e9e9ec #1e1f23 #2a2b30 #e9e9ec #34363c #e9e9ec #34363c #e9e9ec #2f6fdb #ffffff #4a4c53 #17181a #0c0d0e "
    "#46484f #7fb0ff"
)
_FAINT = {"light": "#9a9ca2", "dark": "#7c7e85"}


def light_palette() -> QPalette:
    """Return the light one."""
    return _palette(_LIGHT, _FAINT["light"])


def dark_palette() -> QPalette:
    """Return the dark one."""
    return _palette(_DARK, _FAINT["dark"])


def _palette(colours: str, faint: str) -> QPalette:
    palette = QPalette()
    for role, colour in zip(_ROLES, colours.split(), strict=True):
        palette.setColor(role, QColor(colour))
    for role in (QPalette.ColorRole.WindowText, QPalette.ColorRole.Text, QPalette.ColorRole.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, role, QColor(faint))
    palette.setColor(QPalette.ColorRole.PlaceholderText, QColor(faint))
    return palette


PALETTES = {"dark": dark_palette, "light": light_palette}
