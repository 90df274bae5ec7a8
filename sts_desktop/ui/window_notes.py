"""The notes above everything: what belongs to no profile."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from sts_desktop.core.errors import StsDesktopError
from sts_desktop.core.i18n import _
from sts_desktop.ui import colours
from sts_desktop.ui.jobs import UnexpectedError
from sts_desktop.ui.key_store import KeyStore
from sts_desktop.ui.left_keys_note import LeftKeysNote
from sts_desktop.ui.note import Note, Remedy
from sts_desktop.ui.profile_store import ProfileStore
from sts_desktop.ui.remedies import Command, command_label


class WindowNotes(QWidget):
    """Tells of the keyring, of problems of the program's own and of the AWS files, and of things worth knowing."""

    def __init__(
        self,
        profiles: ProfileStore,
        keys: KeyStore,
        left_keys: LeftKeysNote,
        open_log_folder: Callable[[], None],
        *,
        is_demo: bool,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._profiles = profiles
        self._keys = keys
        self._open_log_folder = open_log_folder
        self._is_demo = is_demo
        self._problem: StsDesktopError | None = None
        self.vault = Note(colours.AMBER, "note-information", gap_below=8)
        self.problem = Note(colours.RED, "state-failed", gap_below=8)
        self.aws_files = Note(colours.AMBER, "state-failed", gap_below=8)
        self.left_keys = left_keys
        self.hint = Note(colours.BLUE, "note-information", gap_below=8)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 0, 8, 0)
        for note in (self.vault, self.problem, self.aws_files, self.left_keys, self.hint):
            layout.addWidget(note)
        keys.vault_changed.connect(self._show_vault)
        keys.aws_profiles_changed.connect(self._show_aws_files)

    def tell_problem(self, error: StsDesktopError) -> None:
        """Tell of an error that belongs to no profile."""
        self._problem = error
        offered = (
            [Remedy(_("Open the log folder"), self._open_log_folder)] if isinstance(error, UnexpectedError) else []
        )
        self.problem.tell_error(error, offered, close=self.problem.hide)

    @Slot(object)
    def take_back_problem(self, error: StsDesktopError) -> None:
        """Tell no more of what is not so any longer, if that is what is told."""
        if self._problem is not None and self._problem.title == error.title:
            self.problem.hide()

    def tell_hint(
        self, title: str, text: str, remedies: Sequence[Remedy] = (), *, closed: Callable[[], None] = lambda: None
    ) -> None:
        """Tell of something worth knowing until it is closed, of which `closed` is told."""

        def close() -> None:
            self.hint.hide()
            closed()

        self.hint.tell(title, text, remedies, close=close)

    def take_back_hint(self, title: str) -> None:
        """Tell no more of what is not true any longer, if that is what is told."""
        if self.hint.title() == title:
            self.hint.hide()

    @Slot()
    def _show_vault(self) -> None:
        status, problem = self._keys.vault_status, self._keys.vault_problem
        if problem is not None:
            offered = [
                Remedy(command_label(Command.TRY_AGAIN), self._keys.try_keyring_again),
                Remedy(command_label(Command.GO_ON_WITHOUT_KEYRING), self._keys.go_on_without_keyring),
            ]
            self.vault.tell_error(problem, offered, close=self.vault.hide)
        elif status is None or status.is_persistent or self._is_demo:
            self.vault.hide()
        else:
            self.vault.tell(_("Sessions are kept in memory only"), status.reason, close=self.vault.hide)

    @Slot()
    def _show_aws_files(self) -> None:
        """Tell of files that cannot be read, once there are profiles; before, the page of the first run does."""
        problem = self._keys.aws_problem
        if problem is None or not self._profiles.settings.profiles:
            self.aws_files.hide()
        else:
            self.aws_files.tell_error(problem, close=self.aws_files.hide)
