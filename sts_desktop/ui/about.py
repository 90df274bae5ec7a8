"""What this program is, and where it keeps things."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QMessageBox, QWidget

from sts_desktop import __version__
from sts_desktop.core.i18n import _
from sts_desktop.core.paths import Paths
from sts_desktop.ui import icons

ICON_SIZE = 64


def show_about(parent: QWidget, paths: Paths) -> None:
    """Open the box."""
    box = QMessageBox(parent)
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    box.setWindowTitle(_("About STS Desktop"))
    box.setTextFormat(Qt.TextFormat.PlainText)
    colour = parent.palette().color(QPalette.ColorRole.Text)
    box.setIconPixmap(icons.pixmap("sts-desktop", colour, ICON_SIZE, parent.devicePixelRatioF()))
    box.setText(_("STS Desktop {version}").format(version=__version__))
    places = (
        _("Settings: {path}").format(path=paths.shown(paths.settings_file)),
        _("Log: {path}").format(path=paths.shown(paths.log_file)),
    )
    box.setInformativeText(
        _("Short-lived AWS credentials in one click, kept in the OS keyring.") + "\n\n" + "\n".join(places)
    )
    box.open()
