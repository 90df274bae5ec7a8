"""The notes below the buttons of the panel: what went wrong, what came of the last thing done, what is still to do."""

from dataclasses import replace
from functools import partial

from PySide6.QtCore import QObject, QTimer, QUrl, Signal, Slot
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QWidget

from sts_desktop.core.aws_files.errors import ForeignSectionError
from sts_desktop.core.errors import Field, StsDesktopError
from sts_desktop.core.profile import EndpointChoice, VaultKey
from sts_desktop.core.session_errors import ConfigWinsError
from sts_desktop.core.sts.errors import StsDisabledInRegionError
from sts_desktop.ui.key_store import KeyStore
from sts_desktop.ui.note import Note, scroll_to
from sts_desktop.ui.outcome_notes import NoticeNote, UnwrittenNote
from sts_desktop.ui.problem_note import ProblemNote
from sts_desktop.ui.profile_store import ProfileStore
from sts_desktop.ui.remedies import Command
from sts_desktop.ui.session_store import SessionStore

NOTE_GAP = 16


class PanelNotes(QObject):
    """Tells of one profile, and carries out what its buttons offer; what needs the form is asked of the panel.

    Signals:
        try_again_requested: repeat the last command, with what stands in the form now.
        enter_key_requested: the person wants to type an access key for this profile.
        field_concerned(object): a `Field` of the form is what the person needs next.
        endpoints_requested: the person wants to choose another endpoint.
        devices_requested: the person wants to choose among the MFA devices that AWS lists.
    """

    try_again_requested = Signal()
    enter_key_requested = Signal()
    field_concerned = Signal(object)
    endpoints_requested = Signal()
    devices_requested = Signal()

    def __init__(self, profiles: ProfileStore, sessions: SessionStore, keys: KeyStore, panel: QWidget) -> None:
        """Make the notes; `panel` lays them out."""
        super().__init__(panel)
        self._panel = panel
        self._profiles = profiles
        self._sessions = sessions
        self._keys = keys
        self._profile_id = ""
        self.problem = ProblemNote(gap_below=NOTE_GAP)
        self.notice = NoticeNote(gap_below=NOTE_GAP)
        self.not_written = UnwrittenNote(gap_below=NOTE_GAP)
        self.problem.chosen.connect(self._apply)
        self.problem.dismissed.connect(self._dismiss_problem)
        self.notice.dismissed.connect(self._dismiss_notice)
        self.not_written.write_requested.connect(self._write_to)
        self.not_written.remove_requested.connect(self._remove_left)

    def show_profile(self, profile_id: str) -> None:
        """Tell what there is to tell about a profile."""
        self._profile_id = profile_id
        is_busy = self._sessions.activity(profile_id) is not None
        notice = None if is_busy else self._sessions.notice(profile_id)
        problem = None if is_busy or notice is not None else self._sessions.problem(profile_id)
        profile = self._profiles.profile(profile_id)
        needs_keyring = profile is not None and isinstance(profile.source, VaultKey)
        self.problem.show_problem(problem, self._sessions.undone(profile_id), needs_keyring=needs_keyring)
        self.notice.show_notice(notice)
        self.not_written.show_written(self._sessions.record(profile_id).written)

    def show_news(self) -> None:
        """Tell what is told anew, and lead the person to it: not what is met again while walking through the list."""
        before, had_notice = self.problem.told, self.notice.isVisible()
        self.show_profile(self._profile_id)
        if self.problem.told is not None and self.problem.told is not before:
            self.field_concerned.emit(self.problem.told.field)
            self._scroll_to(self.problem)
        elif self.notice.isVisible() and not had_notice:
            self._scroll_to(self.notice)

    def tick(self) -> None:
        """Keep what is told true while time passes."""
        self.problem.count_down(self._sessions.now())

    def _scroll_to(self, note: Note) -> None:
        QTimer.singleShot(0, note, lambda: scroll_to(note))  # once it has its place

    @Slot()
    def choose_section(self) -> None:
        """Ask to which section of the credentials file the session is to be written, and write it there."""
        from sts_desktop.ui.section_dialog import SectionDialog  # not needed to paint the window

        profile = self._profiles.profile(self._profile_id)
        if profile is None:
            return
        settings = self._profiles.settings
        dialog = SectionDialog(
            settings.section_for(profile), settings.source_sections(), self._keys.credentials_file, self._panel
        )
        dialog.chosen.connect(self._write_to)
        dialog.open()

    @Slot(object, object)
    def _apply(self, command: Command, error: StsDesktopError) -> None:
        if command is Command.TRY_AGAIN:
            self.try_again_requested.emit()
            return
        if command is Command.OPEN_PAGE:
            QDesktopServices.openUrl(QUrl(error.link))
            return
        if command is Command.GO_ON_WITHOUT_KEYRING:
            self._keys.go_on_without_keyring(partial(self._try_again_for, self._profile_id))
            return
        self._dismiss_problem()
        match command:
            case Command.ENTER_KEY:
                self.enter_key_requested.emit()
            case Command.REPLACE_FOREIGN | Command.WRITE_ANYWAY:
                self._write_all_the_same(error)
            case Command.OTHER_SECTION:
                self.choose_section()
            case Command.USE_ALTERNATIVE:
                self._use_alternative(error)
            case Command.OTHER_ENDPOINT:
                self.field_concerned.emit(Field.ENDPOINT)
                self.endpoints_requested.emit()
            case Command.LIST_DEVICES:
                self.field_concerned.emit(Field.MFA_SERIAL)
                self.devices_requested.emit()

    def _use_alternative(self, error: StsDesktopError) -> None:
        """Choose the endpoint that was offered in place of one that refuses, and get the token there."""
        profile = self._profiles.profile(self._profile_id)
        if profile is not None and isinstance(error, StsDisabledInRegionError) and error.alternative is not None:
            self._profiles.edit(replace(profile, endpoint=EndpointChoice(error.alternative.id)))
            self.try_again_requested.emit()

    def _try_again_for(self, profile_id: str) -> None:
        if profile_id == self._profile_id:  # still the one that is looked at
            self.try_again_requested.emit()

    def _write_all_the_same(self, error: StsDesktopError) -> None:
        """Write where the error was met: the person agreed to what was told, and to nothing else."""
        if isinstance(error, ForeignSectionError):  # of the config file was told before
            self._sessions.write(self._profile_id, error.target.name, replace_foreign=True, despite_config=True)
        elif isinstance(error, ConfigWinsError):
            self._sessions.write(self._profile_id, error.target.name, despite_config=True)

    @Slot(str)
    def _write_to(self, section: str) -> None:
        if self._profiles.profile(self._profile_id) is not None:
            self._sessions.write(self._profile_id, section)

    @Slot()
    def _remove_left(self) -> None:
        self._sessions.remove_left(self._profile_id)

    @Slot()
    def _dismiss_notice(self) -> None:
        self._sessions.dismiss_notice(self._profile_id)

    @Slot()
    def _dismiss_problem(self) -> None:
        self._sessions.dismiss_problem(self._profile_id)
