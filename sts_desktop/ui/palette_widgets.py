"""Widgets that take a colour of their own from the palette, and take it anew when the desktop goes dark or light."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QLineEdit, QPushButton, QToolButton, QWidget

from sts_desktop.ui import colours, icons

HEADING_SCALE = 1.55


def plain_label(text: str = "", *, bold: bool = False) -> QLabel:
    """Return a label that shows its text as it is: QLabel takes what looks like markup for markup."""
    label = QLabel(text)
    label.setTextFormat(Qt.TextFormat.PlainText)
    if bold:
        make_bold(label)
    return label


def wrap(label: QLabel) -> None:
    """Let the text of `label` go over as many lines as it needs."""
    label.setWordWrap(True)
    # Or it asks for the height at a width of its own choice, and a page scrolls that has room for everything.
    label.setMinimumHeight(1)


def make_bold(widget: QWidget, *, scale: float = 1.0) -> None:
    """Show the text of `widget` bold, and `scale` times as large."""
    font = QFont(widget.font())
    font.setBold(True)
    font.setPointSizeF(font.pointSizeF() * scale)
    widget.setFont(font)


if TYPE_CHECKING:
    _Widget = QWidget
else:
    _Widget = object  # two bases of Qt's would be one too many


class FollowsPalette(_Widget):
    """Beside a widget class, in front of it: lets `take_palette` know when the desktop goes dark or light."""

    def changeEvent(self, event: QEvent) -> None:
        """Follow the palette."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self.take_palette()

    def take_palette(self) -> None:
        """Take from the palette what is this widget's own."""
        raise NotImplementedError


class FlatButton(QPushButton):
    """A button that is nothing but its word, until it has the focus."""

    def __init__(self, text: str, parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self.setFlat(True)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Show the focus, which Fusion does not where there is no frame."""
        super().paintEvent(event)
        if self.hasFocus():
            painter = QPainter(self)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(self.palette().color(QPalette.ColorRole.Highlight), 1))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 2, 2)


class ElidedLabel(QLabel):
    """A line of plain text that gives way where there is too little room; the whole is its tool tip."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)

    def minimumSizeHint(self) -> QSize:
        """Ask for no width: a name of 80 characters must not push a window off the screen."""
        return QSize(0, super().minimumSizeHint().height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw as much as fits."""
        painter = QPainter(self)
        text = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideMiddle, self.width())
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, text)


class QuietLabel(FollowsPalette, QLabel):
    """Secondary text."""

    def __init__(self, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.take_palette()

    def take_palette(self) -> None:
        """Take the colours anew."""
        _set_colour(self, QPalette.ColorRole.WindowText, colours.quiet_text(QApplication.palette()))


class HeadingEdit(FollowsPalette, QLineEdit):
    """A line that looks like a heading until one types in it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFrame(False)
        self.setTextMargins(-2, 0, 0, 0)
        make_bold(self, scale=HEADING_SCALE)
        self.take_palette()

    def take_palette(self) -> None:
        """Take the colours anew."""
        background = QApplication.palette().color(QPalette.ColorRole.Window)
        _set_colour(self, QPalette.ColorRole.Base, background)


class PrimaryButton(FollowsPalette, QPushButton):
    """The one button that stands out, filled in the highlight colour; `set_primary` lets it step back."""

    def __init__(self, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self._primary = False
        self.set_primary(primary=True)

    def set_primary(self, *, primary: bool) -> None:
        """Stand out, or look like any button."""
        self._primary = primary
        font = QFont(QApplication.font(self))
        font.setBold(primary)
        self.setFont(font)
        self.take_palette()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Show the focus inside the fill: the style's own frame has the fill's colour."""
        super().paintEvent(event)
        if self.hasFocus() and self._primary:
            painter = QPainter(self)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(colours.WHITE, 1))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(3.5, 3.5, -3.5, -3.5), 2, 2)

    def take_palette(self) -> None:
        """Take the colours anew."""
        palette = QApplication.palette()
        wanted = colours.primary_button_palette(palette) if self._primary else palette
        for role in (QPalette.ColorRole.Button, QPalette.ColorRole.ButtonText):
            _set_colour(self, role, wanted.color(QPalette.ColorGroup.Active, role))


class IconButton(FollowsPalette, QPushButton):
    """A button with one of our icons, tinted like its text."""

    def __init__(self, icon_name: str, text: str, parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self._icon_name = icon_name
        self.take_palette()

    def take_palette(self) -> None:
        """Tint the icon anew."""
        _tint_icon(self, self._icon_name)


class IconToolButton(FollowsPalette, QToolButton):
    """A flat button of nothing but an icon; its name is for screen readers and the tool tip."""

    def __init__(self, icon_name: str, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icon_name = icon_name
        self.setAutoRaise(True)
        self.setAccessibleName(name)
        self.setToolTip(name)
        self.take_palette()

    def take_palette(self) -> None:
        """Tint the icon anew."""
        _tint_icon(self, self._icon_name)


def _tint_icon(button: QAbstractButton, name: str) -> None:
    """Give `button` one of our icons in the colour of its text."""
    button.setIcon(icons.icon(name, button.palette().color(QPalette.ColorRole.ButtonText)))


def _set_colour(widget: QWidget, role: QPalette.ColorRole, colour: QColor) -> None:
    """Set one colour, unless it is set already: setting it makes another change event."""
    palette = QPalette(widget.palette())
    if palette.color(QPalette.ColorGroup.Active, role) == colour:
        return
    for group in (QPalette.ColorGroup.Active, QPalette.ColorGroup.Inactive):
        palette.setColor(group, role, colour)
    widget.setPalette(palette)
