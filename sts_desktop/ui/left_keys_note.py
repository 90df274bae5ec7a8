"""A note about deleted profiles whose sessions still stand in the credentials file."""

from collections.abc import Sequence

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QWidget

from sts_desktop.core.i18n import _, ngettext, sentences
from sts_desktop.core.state import SessionRecord
from sts_desktop.ui import colours
from sts_desktop.ui.deletions import Deletions
from sts_desktop.ui.duration_field import local_time
from sts_desktop.ui.note import Note, Remedy
from sts_desktop.ui.session_store import SessionStore


class LeftKeysNote(Note):
    """Stays until the keys are removed, or the person closes it, or the program ends."""

    def __init__(
        self, deletions: Deletions, sessions: SessionStore, *, gap_below: int = 0, parent: QWidget | None = None
    ) -> None:
        super().__init__(colours.AMBER, "note-information", gap_below=gap_below, parent=parent)
        self._deletions = deletions
        self._sessions = sessions
        self._told: tuple[str, str] | None = None
        deletions.changed.connect(self._refresh)
        sessions.session_changed.connect(self._refresh)

    @Slot()
    def _refresh(self) -> None:
        deleted = self._deletions.with_keys
        if not deleted:
            self._told = None
            self.hide()
            return
        records = [self._sessions.record(deletion.profile.id) for deletion in deleted]
        names = ", ".join(f"“{deletion.profile.name}”" for deletion in deleted)
        sections = ", ".join(f"[{place.section}]" for record in records for place in record.written)
        title = ngettext(
            "{names} is deleted; its keys are still in {sections}",
            "{names} are deleted; their keys are still in {sections}",
            len(deleted),
        ).format(names=names, sections=sections)
        if self._told != (title, self._text_about(records)):  # told anew, its buttons could not be clicked
            self._told = title, self._text_about(records)
            remove = Remedy(_("Remove them"), self._deletions.remove_keys)
            self.tell(*self._told, [remove], close=self._deletions.leave_keys)

    def _text_about(self, records: Sequence[SessionRecord]) -> str:
        problems = dict.fromkeys(place.still_there for record in records for place in record.written)
        ends = [record.expiration for record in records if record.expiration is not None]
        now, until = self._sessions.now(), ""
        if ends and max(ends) > now:
            until = _("AWS tools can use them until {time}.").format(time=local_time(max(ends), now))
        return sentences(*problems, until)
