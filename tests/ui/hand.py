"""What a person does at the window: by clicks and keys, on what is shown and enabled; and what they see."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from sts_desktop.core.profile import Profile
from sts_desktop.ui.app import Desktop

PATIENCE_MS = 15_000
"""For a busy machine; what is waited for comes within milliseconds."""

TEXTS = ("text", "toolTip", "accessibleName", "accessibleDescription", "windowTitle", "placeholderText")


def chosen(desktop: Desktop) -> Profile:
    """Return the profile that is shown, as it stands in the window."""
    profile = desktop.profiles.profile(desktop.window.panel.profile_id)
    assert profile is not None
    return profile


def profile_of(desktop: Desktop) -> Profile:
    """Return the first profile, shown or not."""
    return desktop.profiles.settings.profiles[0]


class Hand:
    """Acts on any window of the test."""

    def __init__(self, qtbot: QtBot) -> None:
        self._qtbot = qtbot

    def settle(self, desktop: Desktop) -> None:
        """Wait until nothing is under way."""
        self._qtbot.waitUntil(lambda: desktop.jobs.is_idle() and desktop.profiles.is_saved(), timeout=PATIENCE_MS)

    def let_end(self, desktop: Desktop) -> None:
        """Wait until no job is under way; something may be left that could not be saved."""
        self._qtbot.waitUntil(desktop.jobs.is_idle, timeout=PATIENCE_MS)

    def click(self, widget: QWidget) -> None:
        """Click as a person can: only on what is shown (a new button is with the next event) and enabled."""
        self._qtbot.waitUntil(widget.isVisible, timeout=PATIENCE_MS)
        assert widget.isEnabled(), f"{widget} is disabled"
        QTest.mouseClick(widget, Qt.MouseButton.LeftButton)

    def retype(self, edit: QLineEdit | None, text: str) -> None:
        """Replace what stands in a line by typing, and press Enter."""
        assert edit is not None
        assert edit.isEnabled()
        edit.setFocus()
        edit.selectAll()
        QTest.keyClick(edit, Qt.Key.Key_Delete)
        if text.isascii():
            QTest.keyClicks(edit, text)
        else:
            edit.insert(text)  # as an input method commits it
        QTest.keyClick(edit, Qt.Key.Key_Return)

    def get_token(self, desktop: Desktop, code: str = "") -> None:
        """Type the code, if any, press the primary button, and wait for what comes of it."""
        panel = desktop.window.panel
        if code:
            QTest.keyClicks(panel.form.token_code, code)
        self.click(panel.actions_bar.primary)
        self._qtbot.waitUntil(lambda: desktop.sessions.activity(panel.profile_id) is None, timeout=PATIENCE_MS)
        self.settle(desktop)

    def write(self, desktop: Desktop) -> None:
        """Press *Write*, and wait for what comes of it."""
        self.click(desktop.window.panel.actions_bar.write)
        self.settle(desktop)

    def end(self, desktop: Desktop) -> None:
        """Press *End*, and wait for what comes of it."""
        self.click(desktop.window.panel.actions_bar.end)
        self.settle(desktop)

    def shown_text(self, widget: QWidget) -> str:
        """Return all text that labels below a widget show."""
        labels = [label for label in widget.findChildren(QLabel) if label.isVisible()]
        if isinstance(widget, QLabel) and widget.isVisible():
            labels.append(widget)
        return "\n".join(label.text() for label in labels if label.text())

    def all_text(self) -> str:
        """Return everything that any widget of the program holds as text, shown or not."""
        values = (widget.property(name) for widget in QApplication.allWidgets() for name in TEXTS)
        return "\n".join(value for value in values if isinstance(value, str))
