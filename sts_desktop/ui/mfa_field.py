"""The choice of an MFA device, and the code that it shows: typed, or from the list that AWS gives."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from PySide6.QtCore import QSignalBlocker, QStringListModel, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QKeyEvent, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QComboBox, QCompleter, QHBoxLayout, QLineEdit, QSizePolicy, QWidget

from sts_desktop.core.errors import StsDesktopError
from sts_desktop.core.i18n import _
from sts_desktop.core.sts.checks import check_mfa_serial
from sts_desktop.core.sts.mfa_devices import kind_word
from sts_desktop.ui.code_field import code_field
from sts_desktop.ui.combo_box import ComboBox
from sts_desktop.ui.device_store import Answer, KnownDevices
from sts_desktop.ui.palette_widgets import QuietLabel, wrap

if TYPE_CHECKING:
    from sts_desktop.core.sts.mfa_devices import MfaDevice

_ASKS_AGAIN = "asks AWS again"
"""Marks the entry of the list that is no device."""


class DeviceBox(ComboBox):
    """An editable list that tells when it is about to be opened.

    Signals:
        opening: the person opens it.
    """

    opening = Signal()

    def showPopup(self) -> None:
        """Tell, and open."""
        self.opening.emit()
        super().showPopup()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Open the list by the arrow keys: to step through a closed one would choose what is not seen."""
        if event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down) and not self.is_open():
            self.showPopup()
        else:
            super().keyPressEvent(event)

    def is_open(self) -> bool:
        """Return whether the list is shown."""
        return self.view().isVisible()

    def reopen(self) -> None:
        """Show the list with what stands in it now: an open one keeps its size whatever is put into it."""
        self.hidePopup()
        super().showPopup()


class MfaField(QWidget):
    """Device and code side by side, and `told` to be laid out below them: what AWS says of the devices.

    Signals:
        picked(str): the serial number or ARN of a device; empty for none.
        refused(object): the `StsDesktopError` about what was typed; None once it is mended.
        devices_wanted(bool): the person opens the list, or wants AWS to be asked again (True).
        submitted: Enter was pressed in the code field.
    """

    picked = Signal(str)
    refused = Signal(object)
    devices_wanted = Signal(bool)
    submitted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown = ""
        self._known: KnownDevices | None = None
        self._rows = QStandardItemModel(self)
        self._completions = QStringListModel(self)
        self._was_refused = False
        self._was_filled_in = False
        self._was_opened = False
        self.serial = DeviceBox()
        self.serial.setModel(self._rows)
        self.serial.setEditable(True)
        self.serial.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.serial.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.serial.setMinimumContentsLength(8)
        self.serial.opening.connect(self._opening)
        self.serial.activated.connect(self._activate)
        edit = self.line()
        edit.setPlaceholderText(_("serial number or ARN; empty without MFA"))
        edit.setAccessibleName(_("MFA device"))
        self.serial.setAccessibleName(_("MFA device"))
        edit.editingFinished.connect(self.take)
        completer = QCompleter(self._completions, self)  # its own, or it would complete to a heading of the list
        completer.setCompletionMode(QCompleter.CompletionMode.InlineCompletion)
        self.serial.setCompleter(completer)
        self.code = code_field()
        self.code.returnPressed.connect(self.submitted)
        self.told = QuietLabel()
        wrap(self.told)
        self.told.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        self.told.hide()
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(12)
        layout.addWidget(self.serial, 1)
        layout.addWidget(self.code)
        self.setFocusProxy(self.serial)

    def line(self) -> QLineEdit:
        """Return the line that a serial number is typed into."""
        edit = self.serial.lineEdit()
        assert edit is not None  # noqa: S101  (an editable combo box has one)
        return edit

    # What it shows

    def show_serial(
        self, serial: str, known: KnownDevices | None, others: Iterable[str], *, can_ask: bool = True
    ) -> None:
        """Show the device of the profile.

        Args:
            serial: its serial number or ARN; empty for none.
            known: what is known of the devices of the user whose key it is.
            others: serial numbers that stand elsewhere: in other profiles and in the AWS files.
            can_ask: whether there is a key with which AWS can be asked for the devices.
        """
        typing = self.line().isModified()  # with the focus or without: ARNs are copied from other windows
        text = self.line().text()
        if serial != self._shown or typing:
            self._was_filled_in = False
        self._shown, self._known = serial, known
        self._fill(sorted(set(others) - {""}), can_ask=can_ask)
        self.serial.setEditText(text if typing else serial)
        self.line().setModified(typing)
        if not typing:
            self.line().setCursorPosition(len(serial))
        # A tool tip takes what looks like markup for markup; no device has such a name.
        hint = serial or _("Without a device, the session cannot call IAM.")
        self.serial.setToolTip("" if "<" in serial else hint)
        self._tell()

    def fill_in(self, serial: str) -> None:
        """Put the one device that there is into the empty field, as if it were chosen; its code is what comes next."""
        was_here = self.serial.is_open() or self.line().hasFocus()
        self.serial.hidePopup()
        self.line().setModified(False)
        self._shown, self._was_filled_in = serial, True
        self.picked.emit(serial)
        if was_here:
            self.code.setFocus(Qt.FocusReason.OtherFocusReason)

    def is_empty(self) -> bool:
        """Return whether no device is chosen or being typed."""
        return not self.serial.currentText().strip()

    def set_editable(self, *, editable: bool) -> None:
        """Let device and code be edited, or not."""
        self.serial.setEnabled(editable)
        self.code.setEnabled(editable)

    def stop_typing(self) -> None:
        """Let go of what was typed and not taken, and of the code: they belong to another profile."""
        self.line().setModified(False)
        self.forget_code()

    def forget_code(self) -> None:
        """Empty the code field; what was told about the choice of the device is over with it."""
        self.code.clear()
        self._was_filled_in = self._was_opened = False
        self._tell()

    def end_refusal(self) -> None:
        """Take back that what was typed was refused."""
        if self._was_refused:
            self._was_refused = False
            self.refused.emit(None)

    def _fill(self, others: list[str], *, can_ask: bool) -> None:
        """Put the devices into the list, unless they stand there already: it may be open."""
        devices = self._known.devices if self._known is not None else ()
        listed = {device.serial for device in devices}
        rest = [serial for serial in others if serial not in listed]
        rows = [_entry(device) for device in devices]
        if self._known is not None:
            rows.insert(0, _heading(_list_heading(self._known)))
        elif not can_ask:
            rows.append(_heading(_("Choose an access key, and AWS lists its user's devices here.")))
        if rest and rows:
            rows.append(_heading(_("From profiles and AWS files:")))
        rows += [QStandardItem(serial) for serial in rest]
        if self._known is not None and self._known.answer is not Answer.AWAITED:
            rows.append(_again())
        was_open = self.serial.is_open()
        with QSignalBlocker(self.serial):
            is_new = [row.text() for row in rows] != [self.serial.itemText(i) for i in range(self.serial.count())]
            if is_new:
                self.serial.clear()
                self._rows.invisibleRootItem().appendRows(rows)
                self._completions.setStringList([device.serial for device in devices if device.gives_codes] + rest)
            self.serial.setCurrentIndex(self.serial.findText(self._shown) if self._shown else -1)
        if is_new and was_open:
            self.serial.reopen()

    def _tell(self) -> None:
        """Say below the field what the list cannot: why there is nothing to choose, or what was chosen."""
        text = ""
        if self._was_filled_in:
            text = _("The user's only device that shows codes was filled in; empty the field to send none.")
        elif self._known is not None and self._was_opened and not self._shown:
            text = _answer_words(self._known)
        self.told.setText(text)
        self.told.setVisible(bool(text))

    # What a person does

    @Slot()
    def _opening(self) -> None:
        self._was_opened = True
        self._tell()
        self.devices_wanted.emit(False)

    @Slot(int)
    def _activate(self, index: int) -> None:
        if self.serial.itemData(index) == _ASKS_AGAIN:
            self.serial.setCurrentIndex(self.serial.findText(self._shown) if self._shown else -1)
            self.serial.setEditText(self._shown)
            self.devices_wanted.emit(True)
            QTimer.singleShot(0, self.serial, self.serial.reopen)
            return
        self.take()

    @Slot()
    def take(self) -> bool:
        """Take the device that was typed, if it can be one; return whether it can."""
        serial = self.serial.currentText().strip()
        try:
            serial = check_mfa_serial(serial) if serial else ""
        except StsDesktopError as error:
            self._was_refused = True
            self.refused.emit(error)
            return False
        self.end_refusal()
        self.line().setModified(False)
        self.picked.emit(serial)
        return True


def _list_heading(known: KnownDevices) -> str:
    match known.answer:
        case Answer.AWAITED:
            return _("Asking AWS for the devices of this key's user…")
        case Answer.GIVEN if known.devices:
            return _("From AWS, for this key's user:")
        case Answer.GIVEN:
            return _("AWS lists no MFA device for this key's user.")
        case _:
            return _("AWS did not list the devices of this key's user.")


def _answer_words(known: KnownDevices) -> str:
    """Return what there is to say of an answer while no device is chosen."""
    match known.answer:
        case Answer.AWAITED:
            return _("Asking AWS for the devices of this key's user…")
        case Answer.NOT_ALLOWED:
            return _("AWS does not list the devices to this key, as in many accounts: type the device here.")
        case Answer.FAILED if known.problem is not None:
            text = _("The devices could not be listed: {reason} You can type one.")
            return text.format(reason=StsDesktopError(known.problem.title, known.problem.message))
        case Answer.GIVEN if known.is_fido_only:
            return _("This key's user has passkeys or security keys only, which cannot be used here.")
        case Answer.GIVEN if not known.devices:
            return _("AWS lists no MFA device for this key's user.")
        case _:
            return ""


def _heading(text: str) -> QStandardItem:
    item = QStandardItem(text)
    item.setEnabled(False)
    return item


def _again() -> QStandardItem:
    item = QStandardItem(_("Ask AWS again"))
    item.setData(_ASKS_AGAIN, Qt.ItemDataRole.UserRole)
    return item


def _entry(device: "MfaDevice") -> QStandardItem:
    """Return the entry of a device; one that gives no codes says so, and cannot be chosen."""
    if device.gives_codes:
        item = QStandardItem(device.serial)
        item.setToolTip(kind_word(device.kind))
        return item
    item = QStandardItem(_("{kind}, gives no code: {name}").format(name=device.name, kind=kind_word(device.kind)))
    item.setEnabled(False)
    return item
