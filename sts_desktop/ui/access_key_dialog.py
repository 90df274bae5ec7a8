"""Typing an access key, once; it goes into the keyring and the fields forget it."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QDialog, QFormLayout, QLineEdit, QVBoxLayout, QWidget

from sts_desktop.core.access_keys import AccessKeyNameTakenError
from sts_desktop.core.errors import StsDesktopError
from sts_desktop.core.i18n import _
from sts_desktop.core.profile import free_name
from sts_desktop.core.settings import AccessKeyEntry, Settings
from sts_desktop.ui import colours
from sts_desktop.ui.dialog_buttons import DialogButtons
from sts_desktop.ui.key_store import KeyStore
from sts_desktop.ui.note import Note, Remedy
from sts_desktop.ui.palette_widgets import QuietLabel

if TYPE_CHECKING:
    from sts_desktop.ui.jobs import Job


class AccessKeyDialog(QDialog):
    """Asks for a name, an id and a secret; closes itself, accepted, when the key is in the vault.

    After that `entry` says which key it is.
    """

    def __init__(
        self, keys: KeyStore, settings: Settings, parent: QWidget, known: AccessKeyEntry | None = None
    ) -> None:
        """Ask for a key, by the name of `known` where that one is to be entered again."""
        super().__init__(parent)
        self.entry: AccessKeyEntry | None = None
        self._keys = keys
        self._job: Job | None = None
        self.setWindowTitle(_("Enter an access key"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        free = free_name(_("main"), [entry.name for entry in settings.access_keys])
        self.name = QLineEdit(known.name if known is not None else free)
        self.key_id = QLineEdit()
        self.key_id.setPlaceholderText("AKIA…")
        self.secret = QLineEdit()
        self.secret.setEchoMode(QLineEdit.EchoMode.Password)
        hints = Qt.InputMethodHint.ImhNoPredictiveText | Qt.InputMethodHint.ImhSensitiveData
        self.key_id.setInputMethodHints(hints)
        self.secret.setInputMethodHints(hints | Qt.InputMethodHint.ImhHiddenText)
        self.note = Note(colours.RED, "state-failed")
        for field in (self.name, self.key_id, self.secret):  # or “Replace it” would replace a key that was not told of
            field.textChanged.connect(self.note.hide)
        self._explanation = QuietLabel(self._where_it_goes())
        self._explanation.setWordWrap(True)
        self.buttons = DialogButtons(self._save_label())
        self.buttons.accepted.connect(self._save)
        self.buttons.rejected.connect(self.reject)

        form = QFormLayout()
        form.addRow(_("&Name"), self.name)
        form.addRow(_("Access key &ID"), self.key_id)
        form.addRow(_("&Secret access key"), self.secret)
        layout = QVBoxLayout(self)
        layout.setSpacing(14)
        layout.addLayout(form)
        layout.addWidget(self._explanation)
        layout.addWidget(self.note)
        layout.addWidget(self.buttons)
        self.setMinimumWidth(self.fontMetrics().averageCharWidth() * 72)
        self.key_id.setFocus()

    def done(self, result: int) -> None:
        """Forget what was typed, however the dialog ends, and store nothing that is not stored yet."""
        if self._job is not None:
            self._keys.cancel(self._job)
            self._job = None
        self.secret.clear()
        self.key_id.clear()
        super().done(result)

    def _is_kept(self) -> bool:
        status = self._keys.vault_status
        return status is None or status.is_persistent

    def _save_label(self) -> str:
        return _("Keep in keyring") if self._is_kept() else _("Keep in memory")

    def _where_it_goes(self) -> str:
        status = self._keys.vault_status
        if self._is_kept():
            return _(
                "The key is kept in {keyring}. It is never written to a file, and the secret is not shown again."
            ).format(keyring=status.name if status else _("the keyring"))
        return _("There is no usable keyring: the key is kept in memory and forgotten when STS Desktop ends.")

    @Slot()
    def _save(self) -> None:
        self._store(replace=False)

    def _store(self, *, replace: bool) -> None:
        self._set_busy(busy=True)
        self._job = self._keys.store(
            self.name.text(),
            self.key_id.text(),
            self.secret.text(),
            stored=self._stored,
            failed=self._failed,
            replace=replace,
        )

    def _stored(self, entry: AccessKeyEntry) -> None:
        self._job = None
        self.entry = entry
        self.accept()

    def _failed(self, error: StsDesktopError) -> None:
        self._job = None
        self._set_busy(busy=False)
        offered = []
        if isinstance(error, AccessKeyNameTakenError):
            offered = [Remedy(_("Replace it"), lambda: self._store(replace=True))]
        self.note.tell_error(error, offered)

    def _set_busy(self, *, busy: bool) -> None:
        for widget in (self.name, self.key_id, self.secret):
            widget.setEnabled(not busy)
        self.buttons.accept.setEnabled(not busy)
        for button in self.note.remedy_buttons():
            button.setEnabled(not busy)
