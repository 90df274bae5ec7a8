"""The left half of the window: every profile with its state and the time it has left."""

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, Qt, Signal, Slot
from PySide6.QtGui import QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QAbstractItemView, QListView, QWidget

from sts_desktop.core.i18n import _
from sts_desktop.ui import colours
from sts_desktop.ui.profile_delegate import ProfileDelegate
from sts_desktop.ui.profile_model import Index, ProfileModel
from sts_desktop.ui.profile_store import ProfileStore
from sts_desktop.ui.session_store import SessionStore


class ProfileList(QListView):
    """Shows a `ProfileModel`; keeps the selection when the rows change.

    Signals:
        selected(str): the profile that is current now; empty for none.
    """

    selected = Signal(str)

    def __init__(self, profiles: ProfileStore, sessions: SessionStore, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._profiles = profiles
        self._model = ProfileModel(profiles, sessions, self)
        self._current = ""
        self._current_row = 0
        self._needle = ""
        self._was_painted = False
        self.setModel(self._model)
        self.setItemDelegate(ProfileDelegate(self._model, sessions, profiles, self))
        self.setUniformItemSizes(True)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setFrameShape(QListView.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName(_("Profiles"))
        self.selectionModel().currentChanged.connect(self._current_changed)
        self._model.modelReset.connect(self._restore)
        self._model.modelReset.connect(self._tell_hint)
        sessions.ticked.connect(self._tick)
        self._tell_hint()

    def hint(self) -> str:
        """Return why the list is empty, in one line for a person; an empty text when it is not."""
        return self._hint(self._needle)

    def dataChanged(self, top_left: Index, bottom_right: Index, roles: Sequence[int] = ()) -> None:
        """Repaint what has changed. QListView would lay out all rows anew, though each is as high as any other."""
        QAbstractItemView.dataChanged(self, top_left, bottom_right, roles)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Show the hint where rows would be: an empty column looks as if something were broken."""
        super().paintEvent(event)
        self._was_painted = True
        if self._model.rowCount():
            return
        line = self.fontMetrics().lineSpacing()
        room = self.viewport().rect().adjusted(line, 2 * line, -line, 0)
        # What is quoted gets a line of its own if need be, and is never broken within.
        quoted = self.fontMetrics().elidedText(self._needle, Qt.TextElideMode.ElideRight, room.width() - line)
        painter = QPainter(self.viewport())
        painter.setPen(colours.quiet_text(self.palette(), QPalette.ColorRole.Base))
        centred = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap
        painter.drawText(room, int(centred), self._hint(quoted))

    def search(self, needle: str) -> None:
        """Show the profiles that match."""
        self._needle = needle.strip()
        self._model.search(needle)

    def select(self, profile_id: str) -> None:
        """Make a profile the current one."""
        row = self._model.row_of(profile_id)
        if row >= 0:
            self.setCurrentIndex(self._model.index(row))

    def current(self) -> str:
        """Return the current profile; empty for none."""
        return self._current

    def _hint(self, quoted: str) -> str:
        if self._model.rowCount():
            return ""
        if not self._profiles.settings.profiles:
            return _("No profiles yet")
        return _("Nothing matches “{text}”").format(text=quoted)

    @Slot()
    def _tell_hint(self) -> None:
        """Let screen readers have the hint, too."""
        self.setAccessibleDescription(self.hint())

    @Slot(QModelIndex)
    def _current_changed(self, index: QModelIndex) -> None:
        if index.isValid() and self._model.profile_id(index.row()) != self._current:
            self._current, self._current_row = self._model.profile_id(index.row()), index.row()
            self.selected.emit(self._current)

    @Slot()
    def _restore(self) -> None:
        row = self._model.row_of(self._current)
        if row < 0 and self._model.rowCount():
            row = min(self._current_row, self._model.rowCount() - 1)  # what stood below it stands there now
        if row >= 0:
            self.setCurrentIndex(self._model.index(row))

    @Slot()
    def _tick(self) -> None:
        if self._was_painted:  # the first call of `viewport` takes 7 ms: PySide makes the classes of all widgets for it
            self.viewport().update()
