"""The notes below the buttons, which stay where they are: what came of the last thing done, and what is still to do."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from sts_desktop.core.i18n import _
from sts_desktop.core.state import Written
from sts_desktop.ui import colours
from sts_desktop.ui.note import Note, Remedy
from sts_desktop.ui.notices import Notice


class NoticeNote(Note):
    """Tells what came of ending or testing a session.

    Signals:
        dismissed: the person has read it.
    """

    dismissed = Signal()

    def __init__(self, *, gap_below: int = 0, parent: QWidget | None = None) -> None:
        super().__init__(colours.BLUE, "note-information", gap_below=gap_below, parent=parent)

    def show_notice(self, notice: Notice | None) -> None:
        """Tell of `notice`, or hide when there is none."""
        if notice is None:
            self.hide()
        else:
            self.tell(notice.title, notice.text, close=self.dismissed.emit)


class UnwrittenNote(Note):
    """Tells of a session that is not in a file where it belongs, or still in one where it does not.

    Signals:
        write_requested(str): write it to this section.
        remove_requested: take it out, wherever it still is.
    """

    write_requested = Signal(str)
    remove_requested = Signal()

    def __init__(self, *, gap_below: int = 0, parent: QWidget | None = None) -> None:
        super().__init__(colours.AMBER, "state-failed", gap_below=gap_below, parent=parent)
        self._told: Written | None = None

    def show_written(self, places: Sequence[Written]) -> None:
        """Tell of the first of `places` where something is amiss; the next one's turn comes when that is mended."""
        amiss = next((written for written in places if written.problem or written.still_there), None)
        if amiss == self._told:  # told anew, its button could not be clicked
            return
        self._told = amiss
        if amiss is None:
            self.hide()
        elif amiss.still_there:
            title = _("The keys of the ended session are still in [{section}]").format(section=amiss.section)
            self.tell(title, amiss.still_there, [Remedy(_("Remove again"), self.remove_requested.emit)])
        else:
            title = _("The newest session is not in [{section}]").format(section=amiss.section)
            section = amiss.section
            self.tell(title, amiss.problem, [Remedy(_("Write again"), lambda: self.write_requested.emit(section))])
