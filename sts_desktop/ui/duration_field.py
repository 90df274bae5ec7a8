"""The choice of a duration: presets and free text, with the local time at which the session would end."""

from datetime import datetime, timedelta

from PySide6.QtCore import QDateTime, QLocale, Signal, Slot
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QWidget

from sts_desktop.core.duration import PRESETS, format_duration, parse_duration
from sts_desktop.core.errors import StsDesktopError
from sts_desktop.core.i18n import _
from sts_desktop.ui.combo_box import ComboBox
from sts_desktop.ui.palette_widgets import QuietLabel


def local_time(moment: datetime, now: datetime) -> str:
    """Return a moment as a person says it: the time, with the date unless it is today."""
    shown = QDateTime.fromSecsSinceEpoch(round(moment.timestamp()))
    today = QDateTime.fromSecsSinceEpoch(round(now.timestamp())).date()
    time = QLocale().toString(shown.time(), "HH:mm")
    if shown.date() == today:
        return time
    return _("{date}, {time}").format(date=QLocale().toString(shown.date(), _("ddd d MMM")), time=time)


class DurationField(QWidget):
    """An editable list of durations and, beside it, when the session would end or why the text is none.

    Signals:
        picked(int): a duration in seconds.
        refused(object): the `StsDesktopError` about a text that is no duration; None once it is one again.
    """

    picked = Signal(int)
    refused = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._seconds = 0
        self._was_refused = False
        self.combo = ComboBox()
        self.combo.setEditable(True)
        self.combo.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.combo.setCompleter(None)  # type: ignore[arg-type]  # Qt takes null for "none"
        self.combo.setMinimumContentsLength(8)
        self.combo.setMaxVisibleItems(len(PRESETS))
        self.combo.addItems([format_duration(seconds) for seconds in PRESETS])
        self.combo.activated.connect(self._take_text)
        edit = self.combo.lineEdit()
        if edit is not None:
            edit.editingFinished.connect(self._take_text)
        self.ends = QuietLabel()
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(12)
        layout.addWidget(self.combo, 1)
        layout.addWidget(self.ends)
        self.setFocusProxy(self.combo)

    def show_seconds(self, seconds: int, now: datetime) -> None:
        """Show a duration, unless the person is typing one."""
        self._seconds = seconds
        edit = self.combo.lineEdit()
        if edit is None or not edit.isModified() or not edit.hasFocus():
            self._show_text(seconds)
        self.show_end(now)

    def stop_typing(self) -> None:
        """Let go of a text that was typed and not taken: it belongs to another profile."""
        edit = self.combo.lineEdit()
        if edit is not None:
            edit.setModified(False)

    def show_end(self, now: datetime) -> None:
        """Show when a session begun at `now` would end."""
        end = now + timedelta(seconds=self._seconds)
        self.ends.setText(_("would expire at {time}").format(time=local_time(end, now)))

    def is_valid(self) -> bool:
        """Return whether the text is a duration; if not, `refused` tells why."""
        self._take_text()
        try:
            parse_duration(self.combo.currentText())
        except StsDesktopError:
            return False
        return True

    @Slot()
    def _take_text(self) -> None:
        text = self.combo.currentText()
        try:
            seconds = parse_duration(text)
        except StsDesktopError as error:
            self._was_refused = True
            self.refused.emit(error)
            return
        self.stop_typing()
        self._show_text(seconds)
        if self._was_refused:
            self._was_refused = False
            self.refused.emit(None)
        if seconds != self._seconds:
            self._seconds = seconds
            self.picked.emit(seconds)

    def _show_text(self, seconds: int) -> None:
        """Show a duration, with its preset as the one that the arrow keys go on from."""
        self.combo.setCurrentIndex(PRESETS.index(seconds) if seconds in PRESETS else -1)
        self.combo.setEditText(format_duration(seconds))
