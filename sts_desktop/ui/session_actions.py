"""The buttons below the form."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QMenu, QPushButton, QToolButton, QWidget

from sts_desktop.core.i18n import _
from sts_desktop.ui.palette_widgets import PrimaryButton


class SessionActions(QWidget):
    """What can be done with a session; the primary button's word says what it will do."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.primary = PrimaryButton()
        self.copy = QPushButton(_("&Copy as bash"))
        self.write = QToolButton()
        self.write.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextOnly)
        self.write.setPopupMode(QToolButton.ToolButtonPopupMode.MenuButtonPopup)
        menu = QMenu(self.write)
        self.other_section = menu.addAction(_("Write to &another section…"))
        self.write.setMenu(menu)

        metrics = self.fontMetrics()
        self.primary.setMinimumSize(metrics.averageCharWidth() * 18, metrics.height() * 2)
        for button in (self.copy, self.write):
            button.setMinimumHeight(metrics.height() * 2)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(self.primary)
        layout.addSpacing(8)
        layout.addWidget(self.copy)
        layout.addWidget(self.write)
        layout.addStretch(1)

    def show_state(self, *, live: bool, busy: bool, cancellable: bool, section: str) -> None:
        """Offer what makes sense now.

        Args:
            live: there is a session that AWS accepts.
            busy: something is being done for the profile.
            cancellable: what is being done can be cancelled.
            section: where *Write* writes to.
        """
        if cancellable:
            self.primary.setText(_("Cancel"))
        else:
            self.primary.setText(_("&Renew") if live else _("&Get token"))
        self.primary.setEnabled(cancellable or not busy)
        self.copy.setEnabled(live and not busy)
        self.write.setEnabled(live and not busy)
        self.write.setText(_("&Write to [{section}]").format(section=section))
