"""A note about deleted profiles whose sessions still stand in the credentials file, and are accepted still."""

from collections.abc import Iterable

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QWidget

from sts_desktop.core.i18n import _, ngettext, sentences
from sts_desktop.core.state import SessionRecord
from sts_desktop.ui import colours
from sts_desktop.ui.duration_field import local_time
from sts_desktop.ui.note import Note, Remedy
from sts_desktop.ui.profile_store import ProfileStore
from sts_desktop.ui.session_store import SessionStore


class LeftKeysNote(Note):
    """Stays, over ends of the program too, until the keys are removed or expire, or the person closes it."""

    def __init__(
        self, profiles: ProfileStore, sessions: SessionStore, *, gap_below: int = 0, parent: QWidget | None = None
    ) -> None:
        super().__init__(colours.AMBER, "note-information", gap_below=gap_below, parent=parent)
        self._profiles = profiles
        self._sessions = sessions
        self._told: tuple[str, str] | None = None
        profiles.profiles_changed.connect(self._refresh)
        sessions.session_changed.connect(self._session_changed)
        sessions.time_passed.connect(self._time_passed)
        self._refresh()

    @Slot(str)
    def _session_changed(self, profile_id: str) -> None:
        if self._profiles.profile(profile_id) is None:
            self._refresh()

    @Slot()
    def _time_passed(self) -> None:
        if self._told is not None:
            self._refresh()

    @Slot()
    def _refresh(self) -> None:
        left = self._sessions.left_behind().values()
        told = (_title(left), self._about(left)) if left else None
        if told == self._told:  # told anew, its buttons could not be clicked
            return
        self._told = told
        if told is None:
            self.hide()
        else:
            self.tell(*told, [Remedy(_("Remove them"), self._remove)], close=self._leave)

    def _about(self, records: Iterable[SessionRecord]) -> str:
        problems = dict.fromkeys(place.still_there for record in records for place in record.written)
        until = max(record.accepted_until for record in records if record.accepted_until is not None)
        return sentences(
            *problems, _("AWS tools can use them until {time}.").format(time=local_time(until, self._sessions.now()))
        )

    def _remove(self) -> None:
        for profile_id in self._sessions.left_behind():
            self._sessions.remove_from_files(profile_id)

    def _leave(self) -> None:
        for profile_id in self._sessions.left_behind():
            self._sessions.leave_in_files(profile_id)


def _title(records: Iterable[SessionRecord]) -> str:
    sections = [f"[{place.section}]" for record in records for place in record.written]
    return ngettext(
        "Keys of a deleted profile are still in {sections}",
        "Keys of deleted profiles are still in {sections}",
        len(list(records)),
    ).format(sections=", ".join(sections))
