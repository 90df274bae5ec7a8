"""What can be done with a profile as a whole, and with its session now and then: a menu beside its name."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QMenu, QToolButton, QWidget

from sts_desktop.core.i18n import _
from sts_desktop.ui.palette_widgets import IconToolButton


class ProfileMenu(IconToolButton):
    """The menu.

    Signals:
        test_requested(bool): use the session once; whether to count buckets too.
        duplicate_requested: make a profile like this one.
        delete_requested: delete this one.
    """

    test_requested = Signal(bool)
    duplicate_requested = Signal()
    delete_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("more", _("More about this profile"), parent)
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(self)
        self.test = menu.addAction(_("&Test the session"))
        self.test_s3 = menu.addAction(_("Test the session and count &buckets"))
        menu.addSeparator()
        self.duplicate = menu.addAction(_("D&uplicate the profile"))
        self.delete = menu.addAction(_("De&lete the profile"))
        self.setMenu(menu)
        self.test.triggered.connect(lambda _checked=False: self.test_requested.emit(False))
        self.test_s3.triggered.connect(lambda _checked=False: self.test_requested.emit(True))
        self.duplicate.triggered.connect(self.duplicate_requested)
        self.delete.triggered.connect(self.delete_requested)

    def show_state(self, *, live: bool, busy: bool) -> None:
        """Offer what makes sense now."""
        for action in (self.test, self.test_s3):
            action.setEnabled(live and not busy)
