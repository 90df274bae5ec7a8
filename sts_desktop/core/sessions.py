"""The use cases of a session: get a token, say whose it is, hand it out, write it to the credentials file.

Composed from the vault, STS and the AWS files; synchronous, safe on any thread. Secrets flow from one to the next
inside a call; what the caller gets back holds none, except where credentials are the point (`credentials`).
"""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from enum import Enum
from typing import Any

from sts_desktop.core.aws_files.files import AwsFiles
from sts_desktop.core.cancellation import Cancellation, Cancelled
from sts_desktop.core.clock import Now
from sts_desktop.core.credentials import AccessKey, MfaCode, SessionCredentials, last_four
from sts_desktop.core.errors import InvalidInputError, StsDesktopError, UnusableFileError
from sts_desktop.core.json_file import JsonFile
from sts_desktop.core.profile import AwsProfileKey, Profile, VaultKey
from sts_desktop.core.session_errors import NoAccessKeyError, NoSessionError
from sts_desktop.core.session_files import SessionFiles
from sts_desktop.core.settings import Settings
from sts_desktop.core.state import Failure, SessionRecord, State
from sts_desktop.core.sts.client import Sts
from sts_desktop.core.sts.errors import CaBundleError, CertificateError, OfflineError
from sts_desktop.core.token_codes import TokenCodes, code_for
from sts_desktop.core.vault.vault import Vault

log = logging.getLogger(__name__)

NOT_SENT = (CaBundleError, Cancelled, CertificateError, InvalidInputError, OfflineError)
"""How a request with a code ends that was given up before a connection came about: the code never left this computer.
"""


class Step(Enum):
    """Where getting a token has come to."""

    READING_KEY = "reading key"
    CHECKING_STORAGE = "checking storage"
    ASKING_STS = "asking sts"
    STORING = "storing"


Report = Callable[[Step], None]


def _unreported(_step: Step) -> None:
    """Where the steps of a caller go that does not show them."""


@dataclass(frozen=True)
class Sessions:
    """The sessions of all profiles."""

    settings: JsonFile[Settings]
    state: JsonFile[State]
    vault: Vault
    aws_files: AwsFiles
    sts: Sts
    now: Now
    _storing: threading.Lock = field(default_factory=threading.Lock, repr=False, compare=False)

    @property
    def _codes(self) -> TokenCodes:
        return TokenCodes(self.state, self.now)

    @property
    def _files(self) -> SessionFiles:
        return SessionFiles(self.settings, self.state, self.aws_files)

    def get_token(
        self,
        profile: Profile,
        token_code: str = "",
        *,
        cancellation: Cancellation | None = None,
        report: Report = _unreported,
    ) -> SessionRecord:
        """Fetch fresh session credentials for `profile`, keep them in the vault, and return what is known of them.

        A session that was alive before stays alive whatever happens here. Where the last one was written to the
        credentials file, the new one is written there too; if that is refused, the session is kept and the record's
        `written.problem` says why.

        Args:
            profile: the profile as it is now.
            token_code: the six digits of its MFA device; needed when it has one.
            cancellation: looked at before the request and before anything is stored.
            report: told of each step, on the calling thread.

        Raises:
            Cancelled: nothing was stored; a code that was sent counts as spent. A call that is cancelled once the
                session is stored returns it, and leaves the credentials file alone.
            InvalidInputError: something must be filled in or corrected first; nothing was sent.
            StsDesktopError: it failed; the reason is kept in the state as the profile's failure.
        """
        cancellation = cancellation or Cancellation()
        try:
            credentials = self._fetch(profile, token_code, cancellation, report)
            report(Step.STORING)
            with self._storing:  # a job that was cancelled here must not store its session after its successor's
                cancellation.raise_if_requested()
                self._store(profile, credentials)
        except InvalidInputError:
            raise
        except StsDesktopError as error:
            if cancellation.requested:
                raise Cancelled from None
            self._note_failure(profile, error)
            raise
        written = self.record(profile.id).written
        if written is not None:
            self._files.write_again(profile, credentials, written, cancellation)
        return self.record(profile.id)

    def identify(self, profile: Profile) -> SessionRecord:
        """Ask AWS whose session this is and remember it; a refusal or a fault costs nothing and is logged.

        Some policies refuse everything without MFA (lonelyplanet/aws-mfa#19), so this never decides anything.
        """
        try:
            credentials = self.credentials(profile)
            identity = self.sts.get_caller_identity(profile.endpoint.resolve(), credentials)
        except StsDesktopError as error:
            log.info("the identity could not be looked up: %s", type(error).__name__)
            return self.record(profile.id)

        def apply(state: State) -> State:
            record = state.session(profile.id)
            if not record.is_of(credentials):  # renewed meanwhile, perhaps with another access key
                return state
            return state.with_session(profile.id, replace(record, identity=identity))

        return self.state.update(apply).session(profile.id)

    def credentials(self, profile: Profile) -> SessionCredentials:
        """Return the live session credentials of `profile` from the vault.

        Raises:
            NoSessionError: there are none, or they have expired.
            VaultError: the keyring could not be asked.
        """
        credentials = self.vault.session(profile.id)
        if credentials is None or credentials.remaining(self.now()) <= timedelta():
            raise NoSessionError(profile)
        return credentials

    def write(
        self, profile: Profile, section: str = "", *, replace_foreign: bool = False, despite_config: bool = False
    ) -> SessionRecord:
        """Write the live session of `profile` into a section of the credentials file.

        Args:
            profile: whose session.
            section: where to, and from now on the profile's own section; the one it has when empty.
            replace_foreign: overwrite keys that this program did not write. Only after a person saw and agreed.
            despite_config: write although the config file keeps AWS tools from using it. Only after a person was told.

        Raises:
            ConfigWinsError: AWS tools would not use what is written; it carries what stands there.
            ForeignSectionError: the section holds somebody else's keys; it carries what stands there.
            StsDesktopError: there is no live session, or the file was refused; the file is as it was.
        """
        credentials = self.credentials(profile)
        section = section or self.settings.load().section_for(profile)
        self._files.write(profile, credentials, section, replace_foreign=replace_foreign, despite_config=despite_config)
        self.settings.update(lambda settings: settings.with_section(profile.id, section))
        return self.record(profile.id)

    def record(self, profile_id: str) -> SessionRecord:
        """Return what is known of a profile's session now."""
        return self.state.load().session(profile_id)

    def known(self) -> State:
        """Return what is known of all sessions that this process can reach; wait for the keyring to be looked at.

        Raises:
            VaultError: the keyring was not looked at so far, and does not answer.
            UnusableFileError: the state cannot be read.
        """
        state = self.state.load()
        return state.seen_from_elsewhere() if self.vault.status().is_persistent else state

    def clear_failure(self, profile_id: str, seen: Failure) -> SessionRecord:
        """Forget why the last attempt failed, if it still is what the person saw; return the record."""

        def apply(state: State) -> State:
            record = state.session(profile_id)
            return state.with_session(profile_id, replace(record, failure=None)) if record.failure == seen else state

        return self.state.update(apply).session(profile_id)

    def reconcile(self) -> State:
        """Make the state say what the vault has, after a start that may follow a crash; return it.

        Sessions that are elsewhere than this vault (in a keyring that is not there now, in the memory of another
        window) are left as they are.

        Raises:
            VaultError: the keyring could not be asked; the state is as it was.
        """
        seen = self.state.load()
        in_memory = not self.vault.status().is_persistent
        found = {
            profile_id: self.vault.session(profile_id)
            for profile_id, record in seen.sessions.items()
            if (record.pending or record.expiration is not None) and record.in_memory == in_memory
        }

        def apply(state: State) -> State:
            for profile_id, credentials in found.items():
                record = state.session(profile_id)
                if record == seen.session(profile_id):  # otherwise somebody has stored a newer one since
                    state = state.with_session(profile_id, _reconciled(record, credentials))
            return state

        return self.state.update(apply)

    def _fetch(
        self, profile: Profile, token_code: str, cancellation: Cancellation, report: Report
    ) -> SessionCredentials:
        endpoint = profile.endpoint.resolve()
        mfa = code_for(profile, token_code)
        report(Step.READING_KEY)
        access_key = self._access_key(profile)
        report(Step.CHECKING_STORAGE)
        self._prove_storage(profile, code_follows=mfa is not None)
        cancellation.raise_if_requested()
        report(Step.ASKING_STS)
        if mfa is not None:
            self._codes.spend(mfa)
        try:
            return self.sts.get_session_token(
                endpoint, access_key, profile.duration_seconds, mfa, cancellation=cancellation
            )
        except NOT_SENT:
            if mfa is not None:
                self._release(mfa)
            raise

    def _access_key(self, profile: Profile) -> AccessKey:
        match profile.source:
            case VaultKey(key_id):
                return self.vault.access_key(key_id)
            case AwsProfileKey(profile_name):
                return self.aws_files.access_key(profile_name)
            case None:
                raise NoAccessKeyError

    def _prove_storage(self, profile: Profile, *, code_follows: bool) -> None:
        """Raise before a code is spent on a token that could not be kept, or not be written where it belongs."""
        self.vault.prove()
        written = self.record(profile.id).written
        if code_follows and written is not None:
            self._files.check_writable(profile, written.section)

    def _store(self, profile: Profile, credentials: SessionCredentials) -> None:
        self._record(profile.id, pending=True)
        self.vault.store_session(profile.id, credentials)
        self._record(
            profile.id,
            expiration=credentials.expiration,
            issued=self.now(),
            requested_seconds=profile.duration_seconds,
            last_four=last_four(credentials.access_key_id),
            identity=None,  # looked up anew: the access key may be another one by now
            pending=False,
            in_memory=not self.vault.status().is_persistent,
            failure=None,
        )

    def _release(self, mfa: MfaCode) -> None:
        try:
            self._codes.release(mfa)
        except UnusableFileError as error:  # what went wrong before matters more
            log.warning("a code that was not sent counts as spent: %s", type(error).__name__)

    def _note_failure(self, profile: Profile, error: StsDesktopError) -> None:
        try:
            self._record(profile.id, failure=Failure(error.title, error.message, error.hint, self.now()))
        except UnusableFileError:
            log.warning("why there is no token could not be noted: %s", type(error).__name__)

    def _record(self, profile_id: str, **changes: Any) -> SessionRecord:
        def apply(state: State) -> State:
            return state.with_session(profile_id, replace(state.session(profile_id), **changes))

        return self.state.update(apply).session(profile_id)


def _reconciled(record: SessionRecord, credentials: SessionCredentials | None) -> SessionRecord:
    if credentials is None:
        return record.without_session()
    if record.is_of(credentials):
        return replace(record, pending=False)
    return replace(
        record,
        expiration=credentials.expiration,
        issued=None,
        last_four=last_four(credentials.access_key_id),
        identity=None,
        pending=False,
    )
