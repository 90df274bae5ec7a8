"""The first note below the buttons: what went wrong with a profile, and what the window can do about it."""

from datetime import datetime

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from sts_desktop.core.errors import StsDesktopError
from sts_desktop.core.i18n import sentences
from sts_desktop.core.session_errors import CodeAlreadySentError
from sts_desktop.core.token_codes import still_waited_for
from sts_desktop.ui import colours
from sts_desktop.ui.activities import Task
from sts_desktop.ui.note import Note, Remedy
from sts_desktop.ui.remedies import Command, command_label, commands_for, undone_text


class ProblemNote(Note):
    """Tells of one error at a time, each once, or its buttons could not be clicked while it is told anew.

    Signals:
        chosen(object, object): the person wants this `Command` done about this `StsDesktopError`.
        dismissed: the person closed the note, or what it told of is over.
    """

    chosen = Signal(object, object)
    dismissed = Signal()

    def __init__(self, *, gap_below: int = 0, parent: QWidget | None = None) -> None:
        super().__init__(colours.RED, "state-failed", gap_below=gap_below, parent=parent)
        self._seconds_left = 0
        self.told: StsDesktopError | None = None

    def show_problem(
        self, error: StsDesktopError | None, undone: Task | None = None, *, needs_keyring: bool = False
    ) -> None:
        """Tell of `error` and of what was not done because of it, or hide when there is none; see `commands_for`."""
        if error is self.told:
            return
        self.told = error
        self._seconds_left = 0
        if error is None:
            self.hide()
            return
        self._seconds_left = error.seconds_left if isinstance(error, CodeAlreadySentError) else 0
        offered = [
            Remedy(command_label(command, error), lambda command=command: self._choose(command, error))  # type: ignore[misc]
            for command in commands_for(error, undone, needs_keyring=needs_keyring)
        ]
        text = sentences(undone_text(undone, error), error.explanation)
        self.tell(error.title, text, offered, close=self.dismissed.emit)

    def count_down(self, now: datetime) -> None:
        """Keep what is told of a used code true, until the device shows the next one."""
        if self._seconds_left:
            self._seconds_left = still_waited_for(self._seconds_left, now)
            self.tell_error(CodeAlreadySentError(self._seconds_left), close=self.dismissed.emit)

    def _choose(self, command: Command, error: StsDesktopError) -> None:
        self.chosen.emit(command, error)
