"""How profiles come about: new, like another one, from the keys of the AWS files, with a key that is typed."""

from dataclasses import replace

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QWidget

from sts_desktop.core.i18n import _
from sts_desktop.core.profile import AwsProfileKey, VaultKey
from sts_desktop.core.profiles import BLANK, with_key_of
from sts_desktop.core.settings import AccessKeyEntry
from sts_desktop.ui.key_store import KeyStore
from sts_desktop.ui.profile_store import ProfileStore
from sts_desktop.ui.session_panel import SessionPanel


class ProfileMaking(QObject):
    """Makes profiles for a window, and asks for access keys.

    Signals:
        made(str): show the profile with this id; there may be others.
        to_be_named(str): show it, and let it be named.
    """

    made = Signal(str)
    to_be_named = Signal(str)

    def __init__(self, profiles: ProfileStore, keys: KeyStore, panel: SessionPanel, window: QWidget) -> None:
        super().__init__(window)
        self._profiles = profiles
        self._keys = keys
        self._panel = panel
        self._window = window

    @Slot()
    def make(self) -> None:
        """Make a profile, with the access key if there is just one, and let it be named."""
        sources = [VaultKey(entry.id) for entry in self._profiles.settings.access_keys]
        found = self._keys.usable_aws_profiles()
        profile = self._profiles.create(_("new profile"))
        self.made.emit(profile.id)
        if len(sources) + len(found) == 1:
            self._panel.take_source(sources[0] if sources else AwsProfileKey(found[0].name))
        self.to_be_named.emit(profile.id)

    @Slot()
    def duplicate(self) -> None:
        """Make a profile like the one shown, and let it be named."""
        shown = self._profiles.profile(self._panel.profile_id)
        if shown is not None:
            self.to_be_named.emit(self._profiles.create(shown.name, replace(shown, section="")).id)

    @Slot()
    def use_aws_keys(self) -> None:
        """Make a profile of each access key found in the AWS files."""
        made = [
            self._profiles.create(known.name, with_key_of(BLANK, known)) for known in self._keys.usable_aws_profiles()
        ]
        if made:
            self.made.emit(made[0].id)

    @Slot()
    def enter_key(self) -> None:
        """Let an access key be typed; it becomes that of the profile shown if that has none, or of a first one."""
        self._ask_for_key(use_in="")

    @Slot()
    def enter_key_here(self) -> None:
        """Let an access key be typed for the profile shown."""
        self._ask_for_key(use_in=self._panel.profile_id)

    def _ask_for_key(self, *, use_in: str) -> None:
        from sts_desktop.ui.access_key_dialog import AccessKeyDialog  # not needed to paint the window

        profile = self._profiles.profile(use_in)
        source = profile.source if profile is not None else None
        known = self._profiles.settings.access_key(source.key_id) if isinstance(source, VaultKey) else None
        dialog = AccessKeyDialog(self._keys, self._profiles.settings, self._window, known)
        dialog.accepted.connect(lambda: self._use_key(dialog.entry, use_in))
        dialog.open()

    def _use_key(self, entry: AccessKeyEntry | None, use_in: str) -> None:
        if entry is None:
            return
        source = VaultKey(entry.id)
        shown = self._profiles.profile(self._panel.profile_id)
        if not self._profiles.settings.profiles:
            self.made.emit(self._profiles.create(entry.name, replace(BLANK, source=source)).id)
        elif shown is not None and (shown.id == use_in or (not use_in and shown.source is None)):
            self._panel.take_source(source)
