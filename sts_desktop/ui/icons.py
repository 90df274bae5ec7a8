"""Icons: the SVG files of `sts_desktop.resources`, tinted, drawn at the size and pixel ratio they are shown at."""

from functools import cache
from pathlib import Path

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from sts_desktop.core.paths import resource_directory
from sts_desktop.core.renewal import Phase

WHITE = QColor("white")

TRAY_SIZES = (16, 22, 24, 32, 44, 48, 64)
"""What panels ask for, at a pixel ratio of 1 and of 2: each is drawn, for a scaled one has no sharp edge left."""


def icon(name: str, colour: QColor) -> QIcon:
    """Return `icons/<name>.svg` in `colour`, for a button or a menu."""
    result = QIcon()
    for size in (16, 24, 32, 48):
        result.addPixmap(pixmap(name, colour, size, 1.0))
    return result


def application_icon() -> QIcon:
    """Return the program's own icon, for the window's frame; Qt draws it at whatever size it needs."""
    return QIcon(str(_file("sts-desktop")))


def tray_icon(phase: Phase, *, is_working: bool = False) -> QIcon:
    """Return the icon that tells of the worst state of all sessions, or that work is under way.

    It has colours and a light rim of its own: nothing tells which colour a panel has.
    """
    name = "tray-working" if is_working else f"tray-{phase.value}"
    result = QIcon()
    for size in TRAY_SIZES:
        result.addPixmap(pixmap(name, QColor(), size, 1.0))
    return result


def pixmap(name: str, colour: QColor, size: int, device_pixel_ratio: float, *, inner: QColor = WHITE) -> QPixmap:
    """Return `icons/<name>.svg` in `colour`, `size` logical pixels square; what is white inside a shape in `inner`."""
    return _drawn(name, colour.name(), size, device_pixel_ratio, inner.name())


@cache
def _drawn(name: str, colour: str, size: int, device_pixel_ratio: float, inner: str) -> QPixmap:
    drawn = QPixmap(round(size * device_pixel_ratio), round(size * device_pixel_ratio))
    drawn.fill(Qt.GlobalColor.transparent)
    drawn.setDevicePixelRatio(device_pixel_ratio)
    painter = QPainter(drawn)
    _renderer(name, colour, inner).render(painter, QRectF(0, 0, size, size))
    painter.end()
    return drawn


@cache
def _renderer(name: str, colour: str, inner: str) -> QSvgRenderer:
    source = _file(name).read_text(encoding="utf-8")
    return QSvgRenderer(QByteArray(source.replace("#fff", inner).replace("currentColor", colour).encode()))


def _file(name: str) -> Path:
    return resource_directory() / "icons" / f"{name}.svg"
