"""A box that tells of an error or a notice where it matters, with what to do about it as buttons."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from sts_desktop.core.errors import StsDesktopError
from sts_desktop.core.i18n import _
from sts_desktop.ui import colours, icons
from sts_desktop.ui.palette_widgets import FollowsPalette, IconToolButton, plain_label, wrap

ICON_SIZE = 18


@dataclass(frozen=True)
class Remedy:
    """What a button of a note does about it."""

    label: str
    apply: Callable[[], None]


class Note(FollowsPalette, QFrame):
    """Title, text and remedies. All text is plain: names and paths come from outside."""

    def __init__(self, accent: QColor, icon_name: str, *, gap_below: int = 0, parent: QWidget | None = None) -> None:
        """Make a hidden note.

        Args:
            accent: its colour.
            icon_name: its icon.
            gap_below: room kept free below the box while it is shown, in logical pixels.
            parent: the widget it belongs to.
        """
        super().__init__(parent)
        self._gap_below = gap_below
        self._accent = accent
        self._icon_name = icon_name
        self._icon = QLabel()
        self._icon.setFixedSize(ICON_SIZE, ICON_SIZE)
        self._title = plain_label(bold=True)
        self._text = plain_label()
        for label in (self._title, self._text):
            wrap(label)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._buttons = QHBoxLayout()
        self._buttons.addStretch(1)
        self._remedy_buttons: list[QPushButton] = []
        self.close_button = IconToolButton("close", _("Close this note"))
        self.close_button.clicked.connect(self._closed)
        self._on_close: Callable[[], None] | None = None

        texts = QVBoxLayout()
        texts.setSpacing(3)
        texts.addWidget(self._title)
        texts.addWidget(self._text)
        texts.addLayout(self._buttons)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(12, 10, 10, 10 + gap_below)
        layout.setSpacing(10)
        layout.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        layout.addLayout(texts, 1)
        layout.addWidget(self.close_button, 0, Qt.AlignmentFlag.AlignTop)
        self.hide()

    def tell(
        self, title: str, text: str, remedies: Sequence[Remedy] = (), *, close: Callable[[], None] | None = None
    ) -> None:
        """Show the note.

        Args:
            title: what happened.
            text: more about it; may be empty.
            remedies: a button each.
            close: called by a close button; without it there is none.
        """
        self._title.setText(title)
        self._text.setText(text)
        self._text.setVisible(bool(text))
        self._set_remedies(remedies)
        self.close_button.setVisible(close is not None)
        self._on_close = close
        self.take_palette()
        self.setAccessibleName(title)
        self.setAccessibleDescription(text)
        self.show()
        _grow(self.window())

    def tell_error(
        self, error: StsDesktopError, remedies: Sequence[Remedy] = (), *, close: Callable[[], None] | None = None
    ) -> None:
        """Show the note with what `error` says; the rest as for `tell`."""
        self.tell(error.title, error.explanation, remedies, close=close)

    def title(self) -> str:
        """Return what happened, as it is or was shown."""
        return self._title.text()

    def remedy_buttons(self) -> list[QPushButton]:
        """Return the buttons of the remedies, in their order."""
        return list(self._remedy_buttons)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the tinted box."""
        painter = QPainter(self)
        painter.setPen(QPen(colours.readable(self._accent, self._background(), 1.6), 1))
        painter.setBrush(self._background())
        painter.drawRect(self.rect().adjusted(0, 0, -1, -1 - self._gap_below))

    @Slot()
    def _closed(self) -> None:
        if self._on_close is not None:
            self._on_close()

    def _set_remedies(self, remedies: Sequence[Remedy]) -> None:
        for button in self._remedy_buttons:
            button.hide()
            button.deleteLater()
        self._remedy_buttons = []
        for remedy in remedies:
            button = QPushButton(remedy.label)
            # In a dialog Enter belongs to its fields; elsewhere it presses what has the focus.
            button.setAutoDefault(not isinstance(self.window(), QDialog))
            button.clicked.connect(lambda _checked=False, apply=remedy.apply: apply())
            self._buttons.insertWidget(len(self._remedy_buttons), button)
            self._remedy_buttons.append(button)

    def take_palette(self) -> None:
        """Draw the icon anew."""
        drawn = icons.pixmap(self._icon_name, self._icon_colour(), ICON_SIZE, self.devicePixelRatioF())
        self._icon.setPixmap(drawn)

    def _background(self) -> QColor:
        return colours.note_background(self._accent, self.palette())

    def _icon_colour(self) -> QColor:
        return colours.readable(self._accent, self.palette().color(QPalette.ColorRole.Window), colours.VISIBLE)


def scroll_to(note: Note) -> None:
    """Let all of `note` be seen, in a page that is longer than the window."""
    page = note.parentWidget()
    while page is not None and not isinstance(page, QScrollArea):
        page = page.parentWidget()
    if page is not None and note.isVisible():
        page.ensureWidgetVisible(note, 0, 0)


def _grow(window: QWidget) -> None:
    """Make room for a note in a dialog: layouts give wrapped text its height only when the window is resized."""
    layout = window.layout()
    if isinstance(window, QDialog) and layout is not None:
        layout.activate()
        window.resize(window.width(), max(window.height(), layout.totalHeightForWidth(window.width())))
