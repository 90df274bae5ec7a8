"""How a row of the list of profiles is drawn."""

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPalette
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from sts_desktop.core import renewal
from sts_desktop.core.renewal import Phase
from sts_desktop.ui import colours, icons
from sts_desktop.ui.profile_model import ProfileModel
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
        self._style: _Style | None = None

    def sizeHint(self, option: QStyleOptionViewItem, _index: Index) -> QSize:
        """Return the room for two lines."""
        return QSize(200, option.fontMetrics.height() * 2 + 20)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw one row. Without `initStyleOption`, which asks the model for eight things that are not drawn."""
        profile = self._profiles.profile(self._model.profile_id(index.row()))
        if profile is None:
            return
        widget: QWidget = option.widget
        widget.style().drawControl(QStyle.ControlElement.CE_ItemViewItem, option, painter, widget)
        style = self._style_of(option)
        row = _Row(painter, option, style)
        record, now = self._sessions.record(profile.id), self._sessions.now()
        phase = renewal.phase(record, now)
        busy = self._sessions.activity(profile.id) is not None
        visible = row.colour_of(phase, colours.VISIBLE)
        row.draw_icon(WORKING.icon if busy else LOOKS[phase].icon, visible)
        row.draw_upper(profile.name, self._model.time_text(profile), row.colour_of(phase, colours.READABLE))
        row.draw_lower(self._model.place(profile), self._model.key_end(profile))
        life, left = renewal.lifetime(record), renewal.remaining(record, now)
        if option.state & QStyle.StateFlag.State_HasFocus:
            row.draw_focus()
        if life and left:
            row.draw_bar(min(left / life, 1.0), visible)

    def _style_of(self, option: QStyleOptionViewItem) -> "_Style":
        if self._style is None or not self._style.is_of(option):
            self._style = _Style(option)
        return self._style


class _Style:
    """Fonts and colours that all rows have in common: worked out once, and not for each of them each second."""

    def __init__(self, option: QStyleOptionViewItem) -> None:
        self.font = QFont(option.font)
        self.bold = QFont(option.font)
        self.bold.setBold(True)
        self.digits = QFont(option.font)
        self.digits.setFeature(QFont.Tag("tnum"), 1)
        palette: QPalette = option.palette
        self._key = palette.cacheKey(), palette.currentColorGroup()
        self._palette = QPalette(palette)
        self.text = palette.color(QPalette.ColorRole.Text)
        self.selected_text = palette.color(QPalette.ColorRole.HighlightedText)
        self.selection = palette.color(QPalette.ColorRole.Highlight)
        self.quiet = colours.quiet_text(palette, QPalette.ColorRole.Base)
        self._looks: dict[tuple[Phase, float], QColor] = {}

    def is_of(self, option: QStyleOptionViewItem) -> bool:
        """Return whether nothing of it has changed since."""
        palette: QPalette = option.palette
        is_palette: bool = (palette.cacheKey(), palette.currentColorGroup()) == self._key
        return is_palette and bool(option.font == self.font)

    def colour_of(self, phase: Phase, ratio: float) -> QColor:
        """Return the colour of a state with that contrast."""
        if (phase, ratio) not in self._looks:
            self._looks[phase, ratio] = look_colour(LOOKS[phase], self._palette, QPalette.ColorRole.Base, ratio)
        return self._looks[phase, ratio]


class _Row:
    """Where things stand in one row, and how they are coloured there."""

    def __init__(self, painter: QPainter, option: QStyleOptionViewItem, style: _Style) -> None:
        self._painter = painter
        self._style = style
        self._selected = bool(option.state & QStyle.StateFlag.State_Selected)
        self._text_colour = style.selected_text if self._selected else style.text
        self._quiet = style.selected_text if self._selected else style.quiet
        self._whole: QRect = option.rect
        padding = ProfileDelegate.PADDING
        self._rect: QRect = self._whole.adjusted(padding, 8, -padding - 2, -8)
        half = self._rect.height() // 2
        left = self._rect.left() + ProfileDelegate.ICON + 10
        self._upper = QRect(left, self._rect.top(), self._rect.right() - left, half)
        self._lower = QRect(left, self._rect.top() + half, self._rect.right() - left, half)

    def colour_of(self, phase: Phase, ratio: float) -> QColor:
        return self._style.selected_text if self._selected else self._style.colour_of(phase, ratio)

    def draw_icon(self, name: str, colour: QColor) -> None:
        size = ProfileDelegate.ICON
        top = self._upper.top() + (self._upper.height() - size) / 2
        # On the selection the shape is white, so what is white inside it elsewhere shows the selection's colour.
        inner = self._style.selection if self._selected else icons.WHITE
        drawn = icons.pixmap(name, colour, size, self._painter.device().devicePixelRatioF(), inner=inner)
        self._painter.drawPixmap(QPointF(self._rect.left(), top), drawn)

    def draw_focus(self) -> None:
        """Show that the keyboard acts here."""
        self._painter.setPen(self._text_colour)
        self._painter.setBrush(Qt.BrushStyle.NoBrush)
        self._painter.drawRect(self._whole.adjusted(2, 2, -3, -3))

    def draw_upper(self, name: str, time: str, colour: QColor) -> None:
        self._painter.setFont(self._style.digits)
        self._painter.setPen(colour)
        self._painter.drawText(self._upper, RIGHT, time)
        room = self._painter.fontMetrics().horizontalAdvance(time)
        self._painter.setFont(self._style.bold)
        self._painter.setPen(self._text_colour)
        self._draw_left(name, self._upper.adjusted(0, 0, -room - 8, 0))

    def draw_lower(self, place: str, key_end: str) -> None:
        """Draw both, the place shortened where there is no room: the end of a key id says nothing in part."""
        suffix = f" · {key_end}" if key_end else ""
        rect = self._lower.adjusted(0, 0, -ProfileDelegate.BAR_WIDTH - 8, 0)
        self._painter.setFont(self._style.font)
        self._painter.setPen(self._quiet)
        self._draw_left(place, rect, suffix)

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

    def _draw_left(self, text: str, rect: QRect, suffix: str = "") -> None:
        """Draw `text`, shortened where there is no room, and behind it `suffix`, whole as long as that has room."""
        metrics, shown = self._painter.fontMetrics(), text + suffix
        if metrics.horizontalAdvance(shown) > rect.width():
            room = rect.width() - metrics.horizontalAdvance(suffix)
            text, room, suffix = (text, room, suffix) if room > 0 else (shown, rect.width(), "")
            shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, room) + suffix
        self._painter.drawText(rect, LEFT, shown)
