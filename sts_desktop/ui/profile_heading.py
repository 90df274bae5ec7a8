"""The head of the panel: the profile's name, edited in place, and the menu of the profile."""

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QWidget

from sts_desktop.core.errors import StsDesktopError
from sts_desktop.core.i18n import _
from sts_desktop.core.profile import Profile, check_name
from sts_desktop.ui.palette_widgets import HeadingEdit
from sts_desktop.ui.profile_menu import ProfileMenu
from sts_desktop.ui.profile_store import ProfileStore


class ProfileHeading(QWidget):
    """Name and menu of one profile.

    Signals:
        renamed(str): the profile is to have this name, which is normal and free.
        refused(object): what was typed cannot be its name, as this `StsDesktopError` says; it stays to be corrected.
    """

    renamed = Signal(str)
    refused = Signal(object)

    def __init__(self, profiles: ProfileStore, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._profiles = profiles
        self._profile_id = ""
        self.name = HeadingEdit()
        self.name.setAccessibleName(_("Name of the profile"))
        self.name.setToolTip(_("Name of the profile"))
        self.name.editingFinished.connect(self.finish_editing)
        self.menu = ProfileMenu()
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.name, 1)
        layout.addWidget(self.menu)

    def show_profile(self, profile: Profile) -> None:
        """Show the name of `profile`; what is being typed stays while it is the same one."""
        is_same = profile.id == self._profile_id
        self._profile_id = profile.id
        if not (is_same and self.name.hasFocus() and self.name.isModified()):
            self._show_name(profile.name)

    @Slot()
    def finish_editing(self) -> None:
        """Take the name that was typed, if any was."""
        profile = self._profiles.profile(self._profile_id)
        if profile is None or not self.name.isModified():
            return
        taken = [other.name for other in self._profiles.settings.profiles if other.id != profile.id]
        try:
            name = check_name(self.name.text(), taken)
        except StsDesktopError as error:
            self.refused.emit(error)
            self.name.setModified(True)
            return
        self._show_name(name)
        self.renamed.emit(name)

    def _show_name(self, name: str) -> None:
        self.name.setText(name)
        self.name.setCursorPosition(0)  # the beginning of a long name says more than its end
