"""The buttons below the form."""

from PySide6.QtCore import QElapsedTimer, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QToolButton, QWidget

from sts_desktop.core.examples import LANGUAGES, language_label
from sts_desktop.core.exports import FORMATS, format_label
from sts_desktop.core.i18n import _
from sts_desktop.ui.palette_widgets import FlatButton, PrimaryButton
from sts_desktop.ui.profile_actions import ProfileActions

SECTION_SHOWN = 18
"""How many characters of a section's name the button shows: more would push the others out of a narrow window."""

DOUBLE_CLICK_MS = 400
"""The second click of a double click on *Get token* must not be the first on *Cancel*."""


class MenuButton(QToolButton):
    """A button with a menu beside it that the keyboard reaches too: arrow down opens it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextOnly)
        self.setPopupMode(QToolButton.ToolButtonPopupMode.MenuButtonPopup)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMenu(QMenu(self))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Open the menu by arrow down, and press the button by Enter as by the space bar."""
        if event.key() == Qt.Key.Key_Down:
            self.showMenu()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            super().keyPressEvent(event)


class SessionActions(QWidget):
    """What can be done with a session; the primary button's word says what it will do.

    Signals:
        primary_pressed: get a token, renew it, or cancel, as the button says.
        copy_requested(str): copy the session, in one of `exports.FORMATS`.
        example_requested(str): copy an example of using it, in one of `examples.LANGUAGES`.
    """

    primary_pressed = Signal()
    copy_requested = Signal(str)
    example_requested = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.primary = PrimaryButton()
        self.copy = MenuButton()
        self.copy.setText(_("&Copy as bash"))
        for name in FORMATS:
            action = self.copy.menu().addAction(_("Copy as {format}").format(format=format_label(name)))
            action.triggered.connect(lambda _checked=False, name=name: self.copy_requested.emit(name))
        self.copy.menu().addSeparator()
        self.examples = self.copy.menu().addMenu(_("Copy &example"))
        for name in LANGUAGES:
            action = self.examples.addAction(language_label(name))
            action.triggered.connect(lambda _checked=False, name=name: self.example_requested.emit(name))
        self.copy.clicked.connect(lambda: self.copy_requested.emit("bash"))
        self.write = MenuButton()
        self.other_section = self.write.menu().addAction(_("Write to &another section…"))
        self.end = FlatButton(_("End"))
        self.end.setToolTip(_("Forget the session here and take it out of the credentials file"))
        for push_button in (self.primary, self.end):
            push_button.setAutoDefault(True)  # Enter presses them too, as people expect on every desktop
        self._busy = False
        self._since_change = QElapsedTimer()
        self._since_change.start()
        self.primary.clicked.connect(self.press_primary)

        metrics = self.fontMetrics()
        self.primary.setMinimumSize(metrics.averageCharWidth() * 18, metrics.height() * 2)
        for button in (self.copy, self.write, self.end):
            button.setMinimumHeight(metrics.height() * 2)
        # No wider than its word: without a frame, the word alone is seen to end where the other lines do.
        self.end.setMaximumWidth(metrics.horizontalAdvance(self.end.text()) + metrics.averageCharWidth() * 2)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(self.primary)
        layout.addSpacing(8)
        layout.addWidget(self.copy)
        layout.addWidget(self.write)
        layout.addStretch(1)
        layout.addWidget(self.end)

    @Slot()
    def press_primary(self) -> None:
        """Do what the button says, unless it has said *Cancel* for less time than a double click takes."""
        if not self._busy or self._since_change.elapsed() > DOUBLE_CLICK_MS:
            self.primary_pressed.emit()

    def show_state(self, actions: ProfileActions, *, busy: bool, section: str) -> None:
        """Offer what makes sense now.

        Args:
            actions: what can be done with the session, and what cannot.
            busy: something is being done for the profile, and can be cancelled.
            section: where *Write* writes to.
        """
        if busy and not self._busy:
            self._since_change.restart()
        self._busy = busy
        self.primary.setToolTip(_("Esc") if busy else "")
        self.primary.setText(_("Cancel") if busy else actions.get_token.text())
        for button, action in ((self.copy, actions.copy), (self.write, actions.write), (self.end, actions.end)):
            button.setEnabled(action.isEnabled())
        shown = section if len(section) <= SECTION_SHOWN else section[:SECTION_SHOWN] + "…"
        self.write.setText(_("&Write to [{section}]").format(section=shown))
        self.write.setToolTip(f"[{section}]")
