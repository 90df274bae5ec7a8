"""A session as it is kept: its credentials in the vault, and in the state what is known of it without them."""

import logging
from dataclasses import dataclass, replace

from sts_desktop.core import reconciliation
from sts_desktop.core.cancellation import Cancellation, Cancelled
from sts_desktop.core.clock import Now
from sts_desktop.core.credentials import CallerIdentity, SessionCredentials
from sts_desktop.core.errors import StsDesktopError, UnusableFileError
from sts_desktop.core.json_file import JsonFile
from sts_desktop.core.profile import Profile
from sts_desktop.core.state import Failure, SessionRecord, State, request_digest, source_text
from sts_desktop.core.state_file import update_session
from sts_desktop.core.sts.errors import StsDisabledInRegionError
from sts_desktop.core.vault.errors import OutOfReachError, VaultError
from sts_desktop.core.vault.vault import Vault

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class KeptSessions:
    """Keeps vault and state in step: whatever fails, and wherever the process is killed, the state comes true again."""

    state: JsonFile[State]
    vault: Vault
    now: Now

    def record(self, profile_id: str) -> SessionRecord:
        """Return what is known of a profile's session now."""
        return self.state.load().session(profile_id)

    def store(self, profile: Profile, credentials: SessionCredentials, cancellation: Cancellation) -> None:
        """Keep `credentials` as the session of `profile`, in place of the one before.

        Raises:
            Cancelled: the person did not wait for the keyring; it has the one before.
            VaultError: the keyring did not take them; the record says what it has instead, if that could be seen.
            UnusableFileError: the state could not be saved; the next start compares it with the vault.
        """
        kept_below = self._may_be_kept(self.record(profile.id))
        update_session(self.state, profile.id, pending=True)
        try:
            kept_in = self.vault.store_session(profile.id, credentials, cancellation)
        except (VaultError, Cancelled):
            self._settle(profile.id)
            raise

        def apply(state: State) -> State:
            before = state.session(profile.id)
            in_memory = not kept_in.is_persistent
            record = replace(
                before.with_session_of(credentials),
                issued=self.now(),
                requested_seconds=profile.duration_seconds or 0,
                in_memory=in_memory,
                hides_kept=in_memory and kept_below,
                request=request_digest(profile),
                source=source_text(profile.source),
                with_mfa=bool(profile.mfa_serial),
                failure=None,
            )
            with_it = state.with_session(profile.id, record)
            return with_it.with_switched_on(profile.source, profile.endpoint.id)

        self.state.update(apply)

    def check_is_here(self, profile_id: str) -> None:
        """Raise unless the vault is the one that holds the profile's session, where that is alive.

        Raises:
            OutOfReachError: the keyring that holds it is not used now, or a window's memory does.
            VaultError: the keyring could not be looked at.
        """
        record = self.record(profile_id)
        is_elsewhere = record.in_memory == self.vault.status().is_persistent
        if record.expiration is not None and record.expiration > self.now() and is_elsewhere:
            raise OutOfReachError(is_in_memory=record.in_memory)

    def forget(self, profile_id: str) -> None:
        """Forget the session of a profile, which may have none.

        Raises:
            VaultError: the keyring did not forget it, or is not the one that holds it; the record says what it has,
                if that could be seen.
            UnusableFileError: the state could not be saved.
        """
        self.check_is_here(profile_id)
        is_kept_below = self.hides_kept(profile_id)
        if self.record(profile_id).expiration is not None:
            update_session(self.state, profile_id, pending=True)
        try:
            self.vault.forget_session(profile_id)
        except VaultError:
            self._settle(profile_id)
            raise
        self.state.update(lambda state: state.without_session(profile_id))
        if is_kept_below:  # only the keyring knows what it has; the next start asks
            update_session(self.state, profile_id, pending=True)

    def hides_kept(self, profile_id: str) -> bool:
        """Return whether the keyring, which is not used now, holds a session of the profile from before."""
        return self._may_be_kept(self.record(profile_id)) and not self.vault.status().is_persistent

    @staticmethod
    def _may_be_kept(record: SessionRecord) -> bool:
        return record.hides_kept or record.is_kept or (record.pending and not record.in_memory)

    def note_identity(
        self, profile: Profile, credentials: SessionCredentials, identity: CallerIdentity
    ) -> SessionRecord:
        """Note whose these credentials are, unless the profile has others by now, perhaps with another access key."""

        def apply(state: State) -> State:
            record = state.session(profile.id)
            if not record.is_of(credentials):
                return state
            return state.with_session(profile.id, replace(record, identity=identity))

        try:
            return self.state.update(apply).session(profile.id)
        except UnusableFileError as error:
            log.warning("whose session it is could not be noted: %s", type(error).__name__)
            return self.record(profile.id)

    def note_expired(self, profile: Profile, credentials: SessionCredentials) -> None:
        """Take the word of AWS that these credentials have expired, unless there are others by now."""
        ended = replace(credentials, expiration=self.now().replace(microsecond=0))
        try:
            if self.record(profile.id).is_of(credentials):
                update_session(self.state, profile.id, pending=True)
                self.vault.store_session(profile.id, ended)
                update_session(self.state, profile.id, expiration=ended.expiration, pending=False)
        except StsDesktopError as error:
            log.warning("that the session has expired could not be noted: %s", type(error).__name__)

    def note_failure(self, profile: Profile, error: StsDesktopError) -> None:
        """Note why the last attempt failed, and what that says of the endpoint; the session before stays what it is."""
        now = self.now()
        failure = Failure(error.title, error.message, error.hint, now)

        def apply(state: State) -> State:
            if isinstance(error, StsDisabledInRegionError):
                state = state.with_switched_off(profile.source, profile.endpoint.id, now)
            return state.with_session(profile.id, replace(state.session(profile.id), failure=failure))

        try:
            self.state.update(apply)
        except UnusableFileError:
            log.warning("why there is no token could not be noted: %s", type(error).__name__)

    def _settle(self, profile_id: str) -> None:
        """Look which session the vault has after it failed or was not waited for; else the next start will look."""
        try:
            reconciliation.reconcile(self.state, self.vault, (profile_id,), may_prompt=False)
        except StsDesktopError as error:
            log.warning("what the keyring holds now is not known: %s", type(error).__name__)
