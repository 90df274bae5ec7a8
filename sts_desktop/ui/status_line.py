"""The head of the panel: a session's state as shape, word and colour, and how much of its life is left."""

from dataclasses import dataclass

from PySide6.QtCore import QElapsedTimer, QRectF, QSize, Qt, QTimer
from PySide6.QtGui import QColor, QHideEvent, QPainter, QPaintEvent, QPalette, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QStyle, QVBoxLayout, QWidget

from sts_desktop.core.renewal import Phase
from sts_desktop.ui import colours, icons
from sts_desktop.ui.palette_widgets import FollowsPalette, plain_label, wrap


@dataclass(frozen=True)
class Look:
    """How a state is shown."""

    icon: str
    colour: QColor | None


LOOKS = {
    Phase.NONE: Look("state-none", None),
    Phase.ACTIVE: Look("state-active", colours.GREEN),
    Phase.RENEW_SOON: Look("state-renew-soon", colours.AMBER),
    Phase.EXPIRED: Look("state-expired", None),
    Phase.FAILED: Look("state-failed", colours.RED),
}
WORKING = Look("state-working", None)


def look_colour(look: Look, palette: QPalette, background: QPalette.ColorRole, ratio: float) -> QColor:
    """Return the colour of a state on `background`, with at least the contrast `ratio`."""
    if look.colour is None:
        return colours.quiet_text(palette, background)
    return colours.readable(look.colour, palette.color(background), ratio)


class LifeBar(QWidget):
    """A thin bar: the part of a session's life that is left, or a moving piece while work is under way."""

    HEIGHT = 6
    FRAME_MS = 40
    LAP_MS = 1_400

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._part = 0.0
        self._look = LOOKS[Phase.NONE]
        self._busy = False
        self._elapsed = QElapsedTimer()
        self._elapsed.start()
        self._timer = QTimer(self)
        self._timer.setInterval(self.FRAME_MS)
        self._timer.timeout.connect(self.update)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """Return the bar's height; its width is what the layout gives."""
        return QSize(120, self.HEIGHT)

    def show_part(self, part: float, look: Look) -> None:
        """Show that `part` (0 to 1) of the life is left; painted anew only where it can be seen, not each second."""
        before = self._busy, self._look, self._pixels()
        self._part, self._look = min(max(part, 0.0), 1.0), look
        if before != (False, look, self._pixels()):
            self._set_busy(busy=False)

    def show_busy(self) -> None:
        """Show that work is under way and nobody knows how long it takes."""
        self._set_busy(busy=True)

    def showEvent(self, event: QShowEvent) -> None:
        """Move again when it is seen."""
        super().showEvent(event)
        self._set_busy(busy=self._busy)

    def hideEvent(self, event: QHideEvent) -> None:
        """Stand still when it is not seen."""
        super().hideEvent(event)
        self._timer.stop()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the track and the piece."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        track = QRectF(self.rect())
        painter.setBrush(self.palette().color(QPalette.ColorRole.Mid))
        painter.drawRoundedRect(track, track.height() / 2, track.height() / 2)
        piece = self._piece(track)
        if piece.width() > 0:
            window = QPalette.ColorRole.Window
            colour = look_colour(self._look, self.palette(), window, colours.VISIBLE)
            painter.setBrush(self.palette().color(QPalette.ColorRole.Highlight) if self._busy else colour)
            painter.drawRoundedRect(piece, track.height() / 2, track.height() / 2)

    def _pixels(self) -> int:
        return round(self._part * self.width() * self.devicePixelRatioF())

    def _piece(self, track: QRectF) -> QRectF:
        if not self._busy:
            return QRectF(track.left(), track.top(), track.width() * self._part, track.height())
        width = track.width() / 4
        lap = (self._elapsed.elapsed() % self.LAP_MS) / self.LAP_MS
        left = -width + lap * (track.width() + width)
        return QRectF(left, track.top(), width, track.height()).intersected(track)

    def _set_busy(self, *, busy: bool) -> None:
        self._busy = busy
        if busy and self.isVisible():
            self._timer.start()
        else:
            self._timer.stop()
        self.update()


class StatusLine(FollowsPalette, QWidget):
    """Icon, word and explanation, with the bar below."""

    ICON_SIZE = 18

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icon = QLabel()
        self._word = plain_label(bold=True)
        self._detail = plain_label()
        wrap(self._detail)
        self._bar = LifeBar()
        policy = self._bar.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self._bar.setSizePolicy(policy)
        self._look = LOOKS[Phase.NONE]

        line = QHBoxLayout()
        line.setSpacing(8)
        line.addWidget(self._icon)
        line.addWidget(self._word)
        line.addWidget(self._detail, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(self.style().pixelMetric(QStyle.PixelMetric.PM_LayoutVerticalSpacing) + 2)
        layout.addLayout(line)
        layout.addWidget(self._bar)

    def tell(self, look: Look, word: str, detail: str, part: float | None) -> None:
        """Show a state.

        Args:
            look: its icon and colour.
            word: its name.
            detail: what it means now, such as the time left.
            part: the part of its life that is left, 0 to 1; None while work is under way.
        """
        self._look = look
        self.take_palette()
        self._word.setText(word)
        self._detail.setText(detail)
        self._bar.setVisible(part is None or part > 0)
        if part is None:
            self._bar.show_busy()
        else:
            # What is left of an old session is a warning, whatever has failed since.
            self._bar.show_part(part, LOOKS[Phase.RENEW_SOON] if look is LOOKS[Phase.FAILED] else look)

    def text(self) -> str:
        """Return what stands there, for tests and screen readers."""
        return f"{self._word.text()} {self._detail.text()}".strip()

    def take_palette(self) -> None:
        """Draw the icon anew."""
        colour = look_colour(self._look, self.palette(), QPalette.ColorRole.Window, colours.VISIBLE)
        self._icon.setPixmap(icons.pixmap(self._look.icon, colour, self.ICON_SIZE, self.devicePixelRatioF()))
