"""The line at the bottom: where secrets are kept, what has just happened, and what ends next."""

from PySide6.QtCore import Qt, QTimer, Slot
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from sts_desktop.core import renewal
from sts_desktop.core.duration import format_countdown
from sts_desktop.core.i18n import _, ngettext
from sts_desktop.ui.activities import Task
from sts_desktop.ui.clipboard import SecretClipboard
from sts_desktop.ui.deletions import Deletions
from sts_desktop.ui.key_store import KeyStore
from sts_desktop.ui.palette_widgets import ElidedLabel, plain_label
from sts_desktop.ui.profile_store import ProfileStore
from sts_desktop.ui.session_store import SessionStore

MESSAGE_MS = 8_000
SLACK = 3
"""How many characters the room for the summary may be too wide, so that it need not follow each digit."""


class MessageBar(QWidget):
    """Keyring on the left, a message in the middle, the sessions on the right."""

    def __init__(
        self,
        profiles: ProfileStore,
        sessions: SessionStore,
        keys: KeyStore,
        deletions: Deletions,
        clipboard: SecretClipboard,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._profiles = profiles
        self._sessions = sessions
        self._keys = keys
        self._deletions = deletions
        self._clipboard = clipboard
        self._told_deletion = ""
        self.vault = plain_label()
        self.message = ElidedLabel()
        self.clear_now = QPushButton()
        self.clear_now.setAccessibleName(_("Clear clipboard"))
        self.clear_now.hide()
        self.undo = QPushButton(_("Undo deletion"))
        self.undo.hide()
        self.undo.setShortcut(QKeySequence.StandardKey.Undo)
        self.undo.clicked.connect(deletions.undo)
        deletions.changed.connect(self._show_deletion)
        self.summary = plain_label()
        self.summary.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(MESSAGE_MS)

        layout = QHBoxLayout(self)
        layout.setContentsMargins(10, 4, 12, 4)
        layout.addWidget(self.vault)
        layout.addStretch(1)
        layout.addWidget(self.message)
        layout.addWidget(self.undo)
        layout.addWidget(self.clear_now)
        layout.addStretch(1)
        layout.addWidget(self.summary)
        self.setMinimumHeight(self.clear_now.sizeHint().height() + 8)

        self._timer.timeout.connect(self.message.clear)
        self.clear_now.clicked.connect(clipboard.clear)
        clipboard.changed.connect(self._show_clipboard)
        sessions.copied.connect(self._tell_copied)
        sessions.written.connect(self._tell_written)
        sessions.removed.connect(self._tell_removed)
        sessions.token_received.connect(self._tell_received)
        sessions.cancelled.connect(self._tell_cancelled)
        sessions.failed.connect(self.message.clear)
        sessions.ended.connect(self._tell_ended)
        sessions.ticked.connect(self._show_summary)
        sessions.session_changed.connect(self._show_summary)
        profiles.profiles_changed.connect(self._show_summary)
        keys.vault_changed.connect(self._show_vault)
        self._show_vault()
        self._show_summary()

    def tell(self, text: str) -> None:
        """Show a message for a few seconds, in place of the one before."""
        self.message.setText(text)
        self._timer.start()

    @Slot()
    def _show_vault(self) -> None:
        status = self._keys.vault_status
        if status is None:
            self.vault.setText("")
        elif status.is_persistent:
            self.vault.setText(status.name)
        else:
            self.vault.setText(_("no keyring: memory only"))

    @Slot()
    def _show_summary(self) -> None:
        live = self._sessions.live_sessions()
        text = ""
        if live:
            next_end = renewal.remaining(live[0], self._sessions.now())
            text = ngettext(
                "{count} active · next expiry {time}", "{count} active · next expiry {time}", len(live)
            ).format(count=len(live), time=format_countdown(next_end))
        self.summary.setText(text)
        self._fit_summary()

    def _fit_summary(self) -> None:
        """Give the summary a fixed size that it fits in: without one, each second lays out the whole window anew."""
        wish, room = self.summary.sizeHint(), self.summary.maximumSize()
        slack = room.width() - wish.width()
        if room.height() != wish.height() or not 0 <= slack <= self.fontMetrics().averageCharWidth() * SLACK:
            self.summary.setFixedSize(wish)

    @Slot()
    def _show_deletion(self) -> None:
        last = self._deletions.last
        self.undo.setVisible(last is not None)
        if last is not None:
            self._told_deletion = _("“{name}” is deleted.").format(name=last.profile.name)
            self.tell(self._told_deletion)
        elif self.message.text() == self._told_deletion:
            self.message.clear()

    @Slot()
    def _show_clipboard(self) -> None:
        """Count down on the button: a message of something else may be shown meanwhile."""
        seconds, was_there = self._clipboard.seconds_left(), self.clear_now.isVisible()
        self.clear_now.setText(_("C&lear clipboard ({seconds} s)").format(seconds=seconds))
        self.clear_now.setVisible(seconds > 0)
        if seconds > 0 and not was_there:
            self.clear_now.setMinimumWidth(self.clear_now.sizeHint().width())  # fewer digits move nothing
        elif seconds == 0 and was_there:
            self.tell(_("The credentials are off the clipboard."))

    @Slot()
    def _tell_copied(self) -> None:
        self.tell(_("Copied."))

    @Slot(str)
    def tell_example(self, section: str) -> None:
        """Tell that an example is on the clipboard.

        Args:
            section: where the session has to be written before the example works; empty where it stands there.
        """
        if section:
            self.tell(_("Example copied. Write the session to [{section}] first.").format(section=section))
        else:
            self.tell(_("Example copied."))

    @Slot(object)
    def _tell_removed(self, sections: tuple[str, ...]) -> None:
        names = ", ".join(f"[{section}]" for section in sections)
        self.tell(_("Removed from {sections}.").format(sections=names))

    @Slot(str)
    def _tell_written(self, profile_id: str) -> None:
        written = self._sessions.record(profile_id).written
        if written:
            section, path = written[-1].section, self._sessions.shown_path(written[-1].path)
            self.tell(_("Written to [{section}] in {path}.").format(section=section, path=path))

    @Slot(str, object)
    def _tell_cancelled(self, profile_id: str, task: Task) -> None:
        profile = self._profiles.profile(profile_id)
        if task is Task.GET_TOKEN and profile is not None and profile.mfa_serial:
            self.tell(_("Cancelled. A code that was sent already counts as used."))
        else:
            self.tell(_("Cancelled."))

    @Slot(str)
    def _tell_ended(self, profile_id: str) -> None:
        profile = self._profiles.profile(profile_id)
        if profile is not None:
            self.tell(_("The session of “{name}” is forgotten.").format(name=profile.name))

    @Slot(str)
    def _tell_received(self, profile_id: str) -> None:
        profile = self._profiles.profile(profile_id)
        if profile is not None:
            self.tell(_("“{name}” has a fresh session.").format(name=profile.name))
