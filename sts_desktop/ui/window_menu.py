"""The menu of the window as a whole, with its shortcuts."""

from collections.abc import Callable

from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QMenu, QToolButton, QWidget

from sts_desktop.core.i18n import _
from sts_desktop.ui.palette_widgets import IconToolButton


class WindowMenu(IconToolButton):
    """A button that opens the menu; whoever adds its `actions` to a window gives that the shortcuts too."""

    def __init__(
        self,
        *,
        new: Callable[[], object],
        enter_key: Callable[[], object],
        read_again: Callable[[], object],
        open_log: Callable[[], object],
        about: Callable[[], object],
        quit_program: Callable[[], object],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__("menu", _("Menu"), parent)
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._menu = QMenu(self)
        self._add(_("&New profile"), new, QKeySequence.StandardKey.New)
        self._add(_("Enter an &access key…"), enter_key)
        self._add(_("&Read the AWS files again"), read_again, QKeySequence.StandardKey.Refresh)
        self._menu.addSeparator()
        self._add(_("Open the &log folder"), open_log)
        self._add(_("A&bout STS Desktop"), about)
        self._menu.addSeparator()
        self._add(_("&Quit"), quit_program, QKeySequence.StandardKey.Quit)
        self.setMenu(self._menu)

    def _add(self, text: str, act: Callable[[], object], shortcut: QKeySequence.StandardKey | None = None) -> None:
        action = self._menu.addAction(text)
        action.triggered.connect(lambda _checked=False: act())
        if shortcut is not None:
            action.setShortcut(shortcut)
