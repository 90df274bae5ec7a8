"""How a row of the list of profiles is drawn."""

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPalette
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from sts_desktop.core import renewal
from sts_desktop.core.renewal import Phase
from sts_desktop.ui import colours, icons
from sts_desktop.ui.profile_model import PROFILE_ID, ProfileModel
from sts_desktop.ui.profile_store import ProfileStore
from sts_desktop.ui.session_store import SessionStore
from sts_desktop.ui.status_line import LOOKS, WORKING, look_colour

Index = QModelIndex | QPersistentModelIndex
# Plain numbers, put together once: each row draws four texts each second.
LEFT = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
RIGHT = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)


class ProfileDelegate(QStyledItemDelegate):
    """Draws a row: icon, name and time above, endpoint and a thin bar below; palette colours only."""

    ICON = 16
    PADDING = 12
    BAR_WIDTH, BAR_HEIGHT = 48, 3

    def __init__(self, model: ProfileModel, sessions: SessionStore, profiles: ProfileStore, parent: QObject) -> None:
        super().__init__(parent)
        self._model = model
        self._sessions = sessions
        self._profiles = profiles

    def sizeHint(self, option: QStyleOptionViewItem, _index: Index) -> QSize:
        """Return the room for two lines."""
        return QSize(200, option.fontMetrics.height() * 2 + 20)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw one row."""
        profile = self._profiles.profile(index.data(PROFILE_ID))
        if profile is None:
            return
        self.initStyleOption(option, index)
        option.text = ""
        widget: QWidget = option.widget
        widget.style().drawControl(QStyle.ControlElement.CE_ItemViewItem, option, painter, widget)
        row = _Row(painter, option)
        phase = self._sessions.phase(profile.id)
        busy = self._sessions.activity(profile.id) is not None
        row.draw_icon(WORKING.icon if busy else LOOKS[phase].icon, row.colour_of(phase, colours.VISIBLE))
        row.draw_upper(profile.name, self._model.time_text(profile), row.colour_of(phase, colours.READABLE))
        row.draw_lower(self._model.place(profile), self._model.key_end(profile))
        record = self._sessions.record(profile.id)
        life = renewal.lifetime(record)
        left = renewal.remaining(record, self._sessions.now())
        if option.state & QStyle.StateFlag.State_HasFocus:
            row.draw_focus()
        if life and left:
            row.draw_bar(min(left / life, 1.0), row.colour_of(phase, colours.VISIBLE))


class _Row:
    """Where things stand in one row, and how they are coloured there."""

    def __init__(self, painter: QPainter, option: QStyleOptionViewItem) -> None:
        self._painter = painter
        self._palette: QPalette = option.palette
        self._selected = bool(option.state & QStyle.StateFlag.State_Selected)
        self._quiet = self._quiet_colour()
        self._font: QFont = option.font
        self._whole: QRect = option.rect
        padding = ProfileDelegate.PADDING
        self._rect: QRect = option.rect.adjusted(padding, 8, -padding - 2, -8)
        half = self._rect.height() // 2
        left = self._rect.left() + ProfileDelegate.ICON + 10
        self._upper = QRect(left, self._rect.top(), self._rect.right() - left, half)
        self._lower = QRect(left, self._rect.top() + half, self._rect.right() - left, half)

    def colour_of(self, phase: Phase, ratio: float) -> QColor:
        if self._selected:
            return self._palette.color(QPalette.ColorRole.HighlightedText)
        return look_colour(LOOKS[phase], self._palette, QPalette.ColorRole.Base, ratio)

    def draw_icon(self, name: str, colour: QColor) -> None:
        size = ProfileDelegate.ICON
        top = self._upper.top() + (self._upper.height() - size) / 2
        # On the selection the shape is white, so what is white inside it elsewhere shows the selection's colour.
        inner = self._palette.color(QPalette.ColorRole.Highlight) if self._selected else icons.WHITE
        icons.paint(self._painter, name, colour, QRectF(self._rect.left(), top, size, size), inner=inner)

    def draw_focus(self) -> None:
        """Show that the keyboard acts here."""
        self._painter.setPen(self._text_colour())
        self._painter.setBrush(Qt.BrushStyle.NoBrush)
        self._painter.drawRect(self._whole.adjusted(2, 2, -3, -3))

    def draw_upper(self, name: str, time: str, colour: QColor) -> None:
        bold = QFont(self._font)
        bold.setBold(True)
        digits = QFont(self._font)
        digits.setFeature(QFont.Tag("tnum"), 1)
        room = self._draw_right(time, self._upper, digits, colour)
        self._draw_left(name, self._upper.adjusted(0, 0, -room - 8, 0), bold, self._text_colour())

    def draw_lower(self, place: str, key_end: str) -> None:
        """Draw both, the place shortened where there is no room: the end of a key id says nothing in part."""
        suffix = f" · {key_end}" if key_end else ""
        room = QFontMetrics(self._font).horizontalAdvance(suffix)
        rect = self._lower.adjusted(0, 0, -ProfileDelegate.BAR_WIDTH - 8, 0)
        shown = self._draw_left(place, rect.adjusted(0, 0, -room, 0), self._font, self._quiet)
        self._draw_left(suffix, rect.adjusted(shown, 0, 0, 0), self._font, self._quiet)

    def draw_bar(self, part: float, colour: QColor) -> None:
        width, height = ProfileDelegate.BAR_WIDTH, ProfileDelegate.BAR_HEIGHT
        track = QRectF(self._lower.right() - width, self._lower.center().y() - height / 2 + 1, width, height)
        self._painter.save()
        self._painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._painter.setPen(Qt.PenStyle.NoPen)
        faint = QColor(self._quiet)
        faint.setAlphaF(0.35)
        self._painter.setBrush(faint)
        self._painter.drawRoundedRect(track, height / 2, height / 2)
        self._painter.setBrush(colour)
        self._painter.drawRoundedRect(track.adjusted(0, 0, -width * (1 - part), 0), height / 2, height / 2)
        self._painter.restore()

    def _draw_right(self, text: str, rect: QRect, font: QFont, colour: QColor) -> int:
        self._painter.setFont(font)
        self._painter.setPen(colour)
        self._painter.drawText(rect, RIGHT, text)
        return self._painter.fontMetrics().horizontalAdvance(text)

    def _draw_left(self, text: str, rect: QRect, font: QFont, colour: QColor) -> int:
        self._painter.setFont(font)
        self._painter.setPen(colour)
        shown = self._painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, rect.width())
        self._painter.drawText(rect, LEFT, shown)
        return self._painter.fontMetrics().horizontalAdvance(shown)

    def _text_colour(self) -> QColor:
        role = QPalette.ColorRole.HighlightedText if self._selected else QPalette.ColorRole.Text
        return self._palette.color(role)

    def _quiet_colour(self) -> QColor:
        if self._selected:
            return self._palette.color(QPalette.ColorRole.HighlightedText)
        return colours.quiet_text(self._palette, QPalette.ColorRole.Base)
