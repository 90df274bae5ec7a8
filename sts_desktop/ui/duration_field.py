"""The choice of a duration: presets and free text, with the local time at which the session would end."""

from datetime import datetime, timedelta

from PySide6.QtCore import QDateTime, QLocale, QSignalBlocker, Signal, Slot
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QWidget

from sts_desktop.core.credentials import CallerIdentity
from sts_desktop.core.duration import PRESETS, ROOT_SECONDS, format_duration, format_wish, granted, parse_wish
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


WISHES: tuple[int | None, ...] = (*PRESETS, None)
"""What the list offers: None leaves the duration to AWS."""

ROOT_WISHES = tuple(wish for wish in WISHES if wish is None or wish <= ROOT_SECONDS)
"""What it offers to root, which gets no more."""


class DurationField(QWidget):
    """An editable list of durations and, beside it, when the session would end or why the text is none.

    Signals:
        picked(object): a duration in seconds, or None for what AWS gives by default.
        refused(object): the `StsDesktopError` about a text that is no duration; None once it is one again.
    """

    picked = Signal(object)
    refused = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._wish: int | None = 0
        self._caller: CallerIdentity | None = None
        self._offered = WISHES
        self._was_refused = False
        self.combo = ComboBox()
        self.combo.setEditable(True)
        self.combo.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.combo.setCompleter(None)  # type: ignore[arg-type]  # Qt takes null for "none"
        self.combo.setMinimumContentsLength(8)
        self.combo.setMaxVisibleItems(len(WISHES))
        self.combo.addItems([format_wish(wish) for wish in WISHES])
        self.combo.activated.connect(self._take_text)
        edit = self.combo.lineEdit()
        if edit is not None:
            edit.setAccessibleName(_("Duration"))
            edit.editingFinished.connect(self._take_text)
        self.ends = QuietLabel()
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(12)
        layout.addWidget(self.combo, 1)
        layout.addWidget(self.ends)
        self.setFocusProxy(self.combo)

    def show_wish(self, wish: int | None, now: datetime) -> None:
        """Show a duration in seconds, or None for AWS's default, unless the person is typing one."""
        self._wish = wish
        edit = self.combo.lineEdit()
        if edit is None or not edit.isModified() or not edit.hasFocus():
            self._show_text(wish)
        self.show_end(now)

    def show_caller(self, caller: CallerIdentity | None, now: datetime) -> None:
        """Offer what `caller`, whose key it is, is granted; root gets an hour, and who that is may not be known."""
        self._caller = caller
        self._offer(ROOT_WISHES if self._is_root() else WISHES)
        self.show_end(now)

    def end_refusal(self) -> None:
        """Take back that the text was refused: it is another by now."""
        if self._was_refused:
            self._was_refused = False
            self.refused.emit(None)

    def stop_typing(self) -> None:
        """Let go of a text that was typed and not taken: it belongs to another profile."""
        edit = self.combo.lineEdit()
        if edit is not None:
            edit.setModified(False)

    def show_end(self, now: datetime) -> None:
        """Show when a session begun at `now` would end, unless what is typed is no duration."""
        if self._was_refused:
            return
        if self._wish is None and self._caller is None:
            self.ends.setText(_("12 h; 1 h for root"))
            return
        seconds = granted(self._wish, is_root=self._is_root())
        end = local_time(now + timedelta(seconds=seconds), now)
        if self._wish is not None and seconds < self._wish:
            text = _("root gets {limit}: would expire at {time}")
            self.ends.setText(text.format(limit=format_duration(seconds), time=end))
        else:
            self.ends.setText(_("would expire at {time}").format(time=end))

    def is_valid(self) -> bool:
        """Return whether the text is a duration; if not, `refused` tells why."""
        self._take_text()
        try:
            parse_wish(self.combo.currentText())
        except StsDesktopError:
            return False
        return True

    @Slot()
    def _take_text(self) -> None:
        text = self.combo.currentText()
        try:
            wish = parse_wish(text)
        except StsDesktopError as error:
            self._was_refused = True
            self.ends.clear()
            self.refused.emit(error)
            return
        self.stop_typing()
        self._show_text(wish)
        self.end_refusal()
        if wish != self._wish:
            self._wish = wish
            self.picked.emit(wish)

    def _is_root(self) -> bool:
        return self._caller is not None and self._caller.is_root

    def _offer(self, wishes: tuple[int | None, ...]) -> None:
        """Put other durations into the list; what stands in the field stays."""
        if wishes == self._offered:
            return
        edit = self.combo.lineEdit()
        text, is_modified = self.combo.currentText(), edit is not None and edit.isModified()
        self._offered = wishes
        with QSignalBlocker(self.combo):
            self.combo.clear()
            self.combo.addItems([format_wish(wish) for wish in wishes])
            self.combo.setEditText(text)
        if edit is not None:
            edit.setModified(is_modified)

    def _show_text(self, wish: int | None) -> None:
        """Show a duration, with its preset as the one that the arrow keys go on from."""
        self.combo.setCurrentIndex(self._offered.index(wish) if wish in self._offered else -1)
        self.combo.setEditText(format_wish(wish))
