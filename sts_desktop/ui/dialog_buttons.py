"""The buttons below a dialog, the same in all of them: what it does, and the way out."""

from PySide6.QtWidgets import QDialogButtonBox, QPushButton, QWidget

from sts_desktop.core.i18n import _
from sts_desktop.ui.palette_widgets import PrimaryButton


class DialogButtons(QDialogButtonBox):
    """Two buttons, in the order that the desktop is used to.

    Attributes:
        accept: stands out, and is pressed by Enter.
        cancel: gives up.
    """

    def __init__(self, label: str, parent: QWidget | None = None) -> None:
        """Make the buttons, `label` on the one that does something."""
        super().__init__(parent)
        self.accept = PrimaryButton(label)
        self.accept.setDefault(True)
        self.cancel = QPushButton(_("Cancel"))
        self.cancel.setAutoDefault(False)
        self.addButton(self.accept, QDialogButtonBox.ButtonRole.AcceptRole)
        self.addButton(self.cancel, QDialogButtonBox.ButtonRole.RejectRole)
