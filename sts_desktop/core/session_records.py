"""What is known of all sessions, made to agree with what the vault has, whoever was killed in between."""

import contextlib
import logging
from dataclasses import dataclass

from sts_desktop.core import reconciliation
from sts_desktop.core.errors import StsDesktopError
from sts_desktop.core.json_file import JsonFile
from sts_desktop.core.kept_sessions import KeptSessions
from sts_desktop.core.process_locks import ChangeLock
from sts_desktop.core.profile import Profile
from sts_desktop.core.session_files import SessionFiles
from sts_desktop.core.settings import Settings
from sts_desktop.core.state import SessionRecord, State
from sts_desktop.core.vault.errors import KeyringLockedError, KeyringNotAnsweringError, VaultError
from sts_desktop.core.vault.vault import Vault

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class SessionRecords:
    """The records of the sessions, as far as they concern more than one use of one session."""

    settings: JsonFile[Settings]
    state: JsonFile[State]
    vault: Vault
    changing: ChangeLock
    kept: KeptSessions
    files: SessionFiles

    def settle(self) -> None:
        """Look what became of sessions that were being stored, unless that is going on.

        Raises:
            VaultError: the keyring was not looked at so far, and does not answer.
            UnusableFileError: the state cannot be read.
        """
        self.vault.status()
        unsure = self.state.load().pending
        if unsure:
            with self.changing.held_if_free() as is_free, contextlib.suppress(StsDesktopError):
                if is_free:
                    reconciliation.reconcile(self.state, self.vault, unsure, may_prompt=False)

    def as_settled(self) -> State:
        """Return what is known of all sessions that this process can reach, as it was last settled.

        Nothing waits behind a question that the keyring asks. Raises as `settle` does.
        """
        status = self.vault.status()
        state = self.state.load()
        return state.seen_from_elsewhere() if status.is_persistent else state

    def reconcile(self, *, may_prompt: bool = True) -> State:
        """Make the state say what the vault has, after a start that may follow a crash; return it.

        What is left of profiles that the settings no longer have is forgotten: a window was killed before it did so.

        Args:
            may_prompt: whether the keyring may ask for its password; if not, a locked one is `KeyringLockedError`.

        Raises:
            VaultError: the keyring could not be asked; the state is as it was.
            UnusableFileError: one of the program's own files could not be read or saved.
        """
        if not may_prompt and self.vault.would_ask():
            raise KeyringLockedError
        for profile_id in self.settings.load().deleted:
            try:
                self.forget_deleted(profile_id)
            except (KeyringLockedError, KeyringNotAnsweringError):  # nobody is asked again for the next one
                raise
            except VaultError as error:  # the next start tries again; the other records matter more
                log.warning("a deleted profile's session is not forgotten yet: %s", type(error).__name__)
        state = self.state.load()
        if state.pending:
            self.vault.unlock()
            with self.changing.held():
                reconciliation.reconcile(self.state, self.vault, state.pending)
        reconciliation.reconcile(self.state, self.vault, state.sessions.keys() - state.pending, is_held=False)
        return self._find_unknown()

    def _find_unknown(self) -> State:
        """Look in the keyring for sessions of profiles of which nothing is known: the state may have been lost.

        Asks for no password, and waits for none: that would be for what most probably is not there.
        """
        state = self.state.load()
        if not self.vault.status().is_persistent:
            return state
        with contextlib.suppress(VaultError):
            for profile in self.settings.load().profiles:
                if _is_unknown(state.session(profile.id)):
                    self._find(profile)
        return self.state.load()

    def _find(self, profile: Profile) -> None:
        credentials = self.vault.session(profile.id, may_prompt=False)
        if credentials is None:
            return
        with self.changing.held():  # another process may have stored or ended one since
            record = self.kept.record(profile.id)
            if _is_unknown(record) and self.vault.session(profile.id, may_prompt=False) == credentials:
                record = record.with_session_of(credentials)
                self.state.update(lambda state: state.with_session(profile.id, record))
                self.files.find(profile, credentials)

    def reconcile_one(self, profile_id: str) -> SessionRecord:
        """Make the record of one profile say what the vault has; return it. Raises as `reconcile` does."""
        self.vault.unlock()
        with self.changing.held():
            return reconciliation.reconcile(self.state, self.vault, (profile_id,)).session(profile_id)

    def forget_deleted(self, profile_id: str) -> None:
        """Forget what is left of a deleted profile: its session in the vault and its record. May be repeated.

        Does nothing for a profile that the settings have, because it was put back or could not be deleted. The
        credentials file is left alone: deleting a profile is not a wish to stop what still works with the file.

        Raises:
            VaultError: the keyring did not forget it; the record is as it was.
            UnusableFileError: the settings or the state could not be read or saved.
        """
        if self.settings.load().profile(profile_id) is not None:
            return
        self.vault.unlock()
        with self.changing.held():
            if self.settings.load().profile(profile_id) is None:
                is_kept_below = self.kept.hides_kept(profile_id)
                self.kept.forget(profile_id)
                if not is_kept_below:  # else a start that uses the keyring finishes it
                    self.settings.update(lambda settings: settings.without_deleted(profile_id))


def _is_unknown(record: SessionRecord) -> bool:
    return record.expiration is None and not record.pending
