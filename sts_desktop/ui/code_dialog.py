"""Asks for the code of an MFA device while the window is closed, and stays until there is a session."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Slot
from PySide6.QtWidgets import QDialog, QVBoxLayout, QWidget

from sts_desktop.core.i18n import _
from sts_desktop.core.profile import Profile, VaultKey
from sts_desktop.core.session_errors import CodeAlreadySentError
from sts_desktop.core.session_step import Step
from sts_desktop.core.token_codes import still_waited_for
from sts_desktop.ui import colours
from sts_desktop.ui.activities import Task
from sts_desktop.ui.code_field import code_field
from sts_desktop.ui.dialog_buttons import DialogButtons
from sts_desktop.ui.key_store import KeyStore
from sts_desktop.ui.note import Note, Remedy
from sts_desktop.ui.palette_widgets import QuietLabel, plain_label, wrap
from sts_desktop.ui.remedies import Command, command_label, commands_for
from sts_desktop.ui.session_store import SessionStore
from sts_desktop.ui.session_words import describe

if TYPE_CHECKING:
    from sts_desktop.core.errors import StsDesktopError
    from sts_desktop.ui.jobs import Job


class CodeDialog(QDialog):
    """One field, and what came of the code that was typed before."""

    def __init__(self, profile: Profile, sessions: SessionStore, keys: KeyStore, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._keys = keys
        self._profile = profile
        self._sessions = sessions
        self._job: Job | None = None
        self._seconds_left = 0
        self._is_over = False
        self._told: StsDesktopError | None = None
        self.profile_name = plain_label(bold=True)
        wrap(self.profile_name)
        self.question = plain_label()
        self.code = code_field()
        self.question.setBuddy(self.code)
        self.progress = QuietLabel()
        self._countdown = QTimer(self)
        self._countdown.setInterval(1_000)
        self._countdown.timeout.connect(self._count_down)
        self.note = Note(colours.RED, "state-failed", gap_below=8)
        buttons = DialogButtons(_("&Renew") if sessions.is_live(profile.id) else _("&Get token"))
        self.submit, self.give_up = buttons.accept, buttons.cancel
        buttons.accepted.connect(self._submit)
        buttons.rejected.connect(self.reject)

        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 18, 20, 16)
        layout.setSpacing(10)
        layout.addWidget(self.profile_name)
        layout.addWidget(self.question)
        layout.addWidget(self.code)
        layout.addWidget(self.progress)
        layout.addWidget(self.note)
        layout.addWidget(buttons)
        self.setMinimumWidth(self.fontMetrics().averageCharWidth() * 44)
        sessions.session_changed.connect(self._refresh)
        sessions.token_received.connect(self._received)
        self.show_profile(profile)

    @property
    def profile_id(self) -> str:
        """Whose code is asked for."""
        return self._profile.id

    def show_profile(self, profile: Profile) -> None:
        """Ask for the code of the profile as it is now: it may have been edited since."""
        if profile.mfa_serial != self._profile.mfa_serial:
            self.code.clear()
        self._profile = profile
        self.setWindowTitle(profile.name)
        self.profile_name.setText(profile.name)
        device = profile.mfa_serial.rpartition("/")[2]
        self.question.setText(_("Code of {device}").format(device=device))
        self._refresh(profile.id)

    def reject(self) -> None:
        """Give up, and wait no longer for what was begun here; what somebody else began goes on."""
        activity = self._sessions.activity(self._profile.id)
        if activity is not None and activity.job is self._job:
            self._sessions.cancel(self._profile.id)
        super().reject()

    @Slot()
    def _submit(self) -> None:
        if self.code.text() and self._sessions.get_token(self._profile.id, self.code.text()):
            activity = self._sessions.activity(self._profile.id)
            self._job = activity.job if activity is not None else None

    @Slot(str)
    def _refresh(self, profile_id: str) -> None:
        if profile_id != self._profile.id:
            return
        activity, problem = self._sessions.activity(profile_id), self._sessions.problem(profile_id)
        is_busy = activity is not None
        if activity is not None and activity.job is self._job and activity.step is Step.ASKING_STS:
            self.code.clear()  # it is on its way, and is sent once
        self.code.setEnabled(not is_busy)
        self.submit.setEnabled(not is_busy)
        self.progress.setText(describe(self._profile, self._sessions).word if is_busy else "")
        if is_busy or self._job is None:  # of what was before the person knows
            problem = None
        if problem is self._told:
            return
        self._told = problem
        self._countdown.stop()
        if problem is None:
            self.note.hide()
            self._shrink()
            return
        self.note.tell_error(problem, self._remedies(problem))
        self.code.setFocus(Qt.FocusReason.OtherFocusReason)
        self.code.selectAll()
        if isinstance(problem, CodeAlreadySentError):
            self._seconds_left = problem.seconds_left
            self._countdown.start()

    def _remedies(self, problem: "StsDesktopError") -> list[Remedy]:
        """Return what is offered besides trying again, which the button below does."""
        needs_keyring = isinstance(self._profile.source, VaultKey)
        if Command.GO_ON_WITHOUT_KEYRING not in commands_for(problem, Task.GET_TOKEN, needs_keyring=needs_keyring):
            return []
        label = command_label(Command.GO_ON_WITHOUT_KEYRING)
        return [Remedy(label, lambda: self._keys.go_on_without_keyring(self._go_on))]

    def _go_on(self) -> None:
        """Go on in memory, unless the person has given up meanwhile; with the next code where this one was sent."""
        if self._is_over:
            return
        self._sessions.dismiss_problem(self._profile.id)
        self._submit()
        self.code.setFocus(Qt.FocusReason.OtherFocusReason)

    def done(self, result: int) -> None:
        """Be over, whatever is delivered yet."""
        self._is_over = True
        super().done(result)

    @Slot()
    def _count_down(self) -> None:
        """Keep what is told of a used code true, until the device shows the next one."""
        self._seconds_left = still_waited_for(self._seconds_left, self._sessions.now())
        self.note.tell_error(CodeAlreadySentError(self._seconds_left))
        if not self._seconds_left:
            self._countdown.stop()

    def _shrink(self) -> None:
        """Give back the room that the note took."""
        layout = self.layout()
        if layout is not None and self.isVisible():
            layout.activate()
            self.resize(self.width(), layout.totalHeightForWidth(self.width()))

    @Slot(str)
    def _received(self, profile_id: str) -> None:
        if profile_id == self._profile.id:
            self.accept()
