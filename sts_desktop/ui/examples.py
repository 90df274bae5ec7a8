"""Copies examples of using a session. They hold no secret, so the clipboard keeps them."""

from PySide6.QtCore import QObject, Signal

from sts_desktop.core.errors import StsDesktopError
from sts_desktop.core.examples import example_of
from sts_desktop.ui.clipboard import SecretClipboard
from sts_desktop.ui.profile_store import ProfileStore
from sts_desktop.ui.session_store import SessionStore


class Examples(QObject):
    """Puts an example for a profile on the clipboard.

    Signals:
        copied(str): one is there; the section that its session is yet to be written to, empty where it stands there.
    """

    copied = Signal(str)

    def __init__(
        self,
        profiles: ProfileStore,
        sessions: SessionStore,
        clipboard: SecretClipboard,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._profiles = profiles
        self._sessions = sessions
        self._clipboard = clipboard

    def copy(self, profile_id: str, language: str) -> None:
        """Copy the example in one of `examples.LANGUAGES`; the profile's problem tells why there is none."""
        profile = self._profiles.profile(profile_id)
        if profile is None:
            return
        settings = self._profiles.settings
        try:
            text = example_of(profile, settings, language)
        except StsDesktopError as error:
            self._sessions.show_problem(profile_id, error)
            return
        self._clipboard.copy_plain(text)
        self.copied.emit("" if self._sessions.is_in_own_section(profile_id) else settings.section_for(profile))
