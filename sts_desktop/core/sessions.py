"""The use cases of a session: get a token, say whose it is, hand it out, write it to the credentials file, end it.

Composed from the vault, STS and the AWS files; synchronous, safe on any thread. Secrets flow from one to the next
inside a call; what the caller gets back holds none, except where credentials are the point (`credentials`).
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from sts_desktop.core.aws_files.files import AwsFiles
from sts_desktop.core.cancellation import Cancellation, Cancelled
from sts_desktop.core.clock import Now, utc_now
from sts_desktop.core.credentials import SessionCredentials
from sts_desktop.core.errors import InvalidInputError, StsDesktopError
from sts_desktop.core.json_file import JsonFile
from sts_desktop.core.kept_sessions import KeptSessions
from sts_desktop.core.key_sources import KeySources
from sts_desktop.core.process_locks import ChangeLock, RenewalLocks
from sts_desktop.core.profile import DefaultChain, Profile
from sts_desktop.core.session_errors import NoSessionError
from sts_desktop.core.session_files import RemovedSession, SessionFiles
from sts_desktop.core.session_step import Report, Step
from sts_desktop.core.settings import Settings
from sts_desktop.core.state import Failure, SessionRecord, State, request_digest
from sts_desktop.core.sts.client import Sts
from sts_desktop.core.sts.errors import SessionExpiredError
from sts_desktop.core.token_requests import TokenRequests
from sts_desktop.core.vault.errors import VaultError
from sts_desktop.core.vault.vault import Vault

if TYPE_CHECKING:
    from sts_desktop.core.session_records import SessionRecords
    from sts_desktop.core.session_trial import SessionTrial
    from sts_desktop.core.sts.default_chain import FoundKey

log = logging.getLogger(__name__)


def _unreported(_step: Step) -> None:
    """Where the steps of a caller go that does not show them."""


@dataclass(frozen=True)
class EndedSession:
    """What became of a session that was ended.

    Attributes:
        until: when AWS stops accepting its credentials (UTC), and those of all sessions before it, which nobody can
            recall; None when it has already.
        removed_from: the sections of the credentials file that it was removed from.
        problem: why it still stands in a file, or another key does, for a person; empty otherwise.
        is_still_there: whether it still stands in a file.
    """

    until: datetime | None
    removed_from: tuple[str, ...] = ()
    problem: str = ""
    is_still_there: bool = False


@dataclass(frozen=True)
class Sessions:
    """The sessions of all profiles."""

    settings: JsonFile[Settings]
    state: JsonFile[State]
    vault: Vault
    aws_files: AwsFiles
    sts: Sts
    now: Now
    locks: RenewalLocks
    changing: ChangeLock
    default_chain: Callable[[], "FoundKey"]
    wall: Now = utc_now

    def get_token(
        self,
        profile: Profile,
        token_code: str = "",
        *,
        cancellation: Cancellation | None = None,
        report: Report = _unreported,
    ) -> SessionRecord:
        """Fetch fresh session credentials for `profile`, keep them in the vault, and return what is known of them.

        Where another process is getting one for the same profile, that one is waited for and returned, unless each
        process finds a key of its own (`DefaultChain`); no code is spent. To renew is the same: a session that was
        alive before stays alive whatever happens here. Wherever the last one was written in the credentials file, the
        new one is written too; if that is refused, the session is kept and the `problem` of that place in the record
        says why.

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
        before = self.record(profile.id).issued
        with self.locks.held(profile.id, cancellation, lambda: report(Step.JOINING)) as has_waited:
            if has_waited and self._has_fresh_session(profile, before):
                return self.record(profile.id)
            return self._get_token(profile, token_code, cancellation, report)

    def _has_fresh_session(self, profile: Profile, before: datetime | None) -> bool:
        """Return whether another process has got such a session meanwhile, and one that this one can reach."""
        if isinstance(profile.source, DefaultChain):  # whose key that is depends on the process
            return False
        record = self.record(profile.id)
        if record.issued == before or record.request != request_digest(profile):
            return False
        try:
            return bool(self.credentials(profile))
        except (NoSessionError, VaultError):  # getting one tells what is amiss
            return False

    def _get_token(
        self, profile: Profile, token_code: str, cancellation: Cancellation, report: Report
    ) -> SessionRecord:
        try:
            credentials = self._requests.fetch(profile, token_code, cancellation, report)
            report(Step.STORING)
            # A job that was cancelled here must not store its session after its successor's.
            with self.changing.held(cancellation):
                cancellation.raise_if_requested()
                self.kept.store(profile, credentials, cancellation)
        except InvalidInputError:
            raise
        except StsDesktopError as error:
            if cancellation.requested:
                raise Cancelled from None
            self.kept.note_failure(profile, error)
            raise
        for place in [written.place for written in self.record(profile.id).written]:
            with self.changing.held():  # nor may it write after its successor, after the end, or to what has gone since
                record = self.record(profile.id)
                written = record.written_at(place)
                if record.is_of(credentials) and written is not None and not written.still_there:
                    self.files.write_again(profile, credentials, written, cancellation)
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
        return self.kept.note_identity(profile, credentials, identity)

    def test(self, profile: Profile, *, s3: bool = False, cancellation: Cancellation | None = None) -> "SessionTrial":
        """Use the live session of `profile` once and return what it is good for; see `session_trial`.

        Raises:
            Cancelled: the person did not wait.
            NoSessionError: there is none.
            SessionExpiredError: AWS says that it has expired, whatever this computer's clock says; so it is shown.
            StsDesktopError: AWS did not accept it, or could not be asked.
        """
        from sts_desktop.core.session_trial import try_session

        credentials = self.credentials(profile)
        try:
            result = try_session(self.sts, profile, credentials, s3=s3, cancellation=cancellation)
        except SessionExpiredError:
            with self.changing.held(cancellation):
                (cancellation or Cancellation()).raise_if_requested()
                self.kept.note_expired(profile, credentials)
            raise
        self.kept.note_identity(profile, credentials, result.identity)
        return result

    def credentials(self, profile: Profile) -> SessionCredentials:
        """Return the live session credentials of `profile` from the vault.

        Raises:
            NoSessionError: there are none, or they have expired.
            VaultError: the keyring could not be asked, or is not the one that holds them.
        """
        credentials = self.vault.session(profile.id)
        if credentials is None:
            self.kept.check_is_here(profile.id)
        if credentials is None or not credentials.remaining(self.now()):
            raise NoSessionError(profile)
        return credentials

    def write(
        self,
        profile: Profile,
        section: str = "",
        *,
        replace_foreign: bool = False,
        despite_config: bool = False,
        cancellation: Cancellation | None = None,
    ) -> SessionRecord:
        """Write the live session of `profile` into a section of the credentials file.

        Args:
            profile: whose session.
            section: where to, and from now on the profile's own section; the one it has when empty.
            replace_foreign: overwrite keys that this program did not write. Only after a person saw and agreed.
            despite_config: write although the config file keeps AWS tools from using it. Only after a person was told.
            cancellation: looked at before anything is written.

        Raises:
            Cancelled: nothing was written.
            ConfigWinsError: AWS tools would not use what is written; it carries what stands there.
            ForeignSectionError: the section holds somebody else's keys; it carries what stands there.
            StsDesktopError: there is no live session, or the file was refused; the file is as it was.
        """
        self.credentials(profile)  # asked for before the lock is held: the keyring may ask a person
        section = section or self.settings.load().section_for(profile)
        with self.changing.held(cancellation):
            (cancellation or Cancellation()).raise_if_requested()
            self.files.write(
                profile,
                self.credentials(profile),
                section,
                replace_foreign=replace_foreign,
                despite_config=despite_config,
            )
        self.settings.update(lambda settings: settings.with_section(profile.id, section))
        return self.record(profile.id)

    def end(self, profile: Profile, *, cancellation: Cancellation | None = None) -> EndedSession:
        """Forget the session of `profile`, in the vault and in the credentials file; AWS itself cannot be told.

        The file comes first: a process that is killed in between leaves a session that is still shown and can be ended
        again. A file that is refused keeps nothing else from being forgotten.

        Raises:
            Cancelled: nothing was forgotten.
            VaultError: the keyring did not forget it. When it could not even be read, or does not hold the session,
                the file is as it was too.
            UnusableFileError: the state could not be saved.
        """
        self.vault.session(profile.id)  # asked for before the lock is held: the keyring may ask a person
        with self.changing.held(cancellation):
            credentials = self.vault.session(profile.id)
            self.kept.check_is_here(profile.id)
            (cancellation or Cancellation()).raise_if_requested()
            # One that the vault has lost may still stand in the file, and is accepted no less; so are those before it.
            record = self.record(profile.id)
            ends = (credentials.expiration if credentials else None, record.accepted_until)
            until = max((end for end in ends if end is not None), default=None)
            removed = self.files.remove(profile.id)
            self.kept.forget(profile.id)
        is_accepted = until is not None and until > self.now()
        return EndedSession(until if is_accepted else None, removed.sections, removed.problem, removed.is_still_there)

    def remove_from_files(self, profile_id: str, *, only_left: bool = False) -> RemovedSession:
        """Take a session out of the credentials file; see `SessionFiles.remove`."""
        with self.changing.held():
            return self.files.remove(profile_id, only_left=only_left)

    def leave_in_files(self, profile_id: str, *, may_stay: bool = True) -> None:
        """Say no more of what a deleted profile has in the credentials file: the person wants it to stay there.

        Args:
            profile_id: whose session.
            may_stay: False takes that back: the profile is there again, and may be deleted another time.

        Raises:
            UnusableFileError: the state could not be saved.
        """
        with self.changing.held():
            self.state.update(lambda state: state.with_places_left(profile_id, may_stay=may_stay))

    def go_on_without_keyring(self) -> None:
        """Keep everything in memory from now on; see `Vault.go_on_in_memory`."""
        with self.changing.held():  # no change is to find one vault at its beginning and another at its end
            self.vault.go_on_in_memory()

    def record(self, profile_id: str) -> SessionRecord:
        """Return what is known of a profile's session now."""
        return self.kept.record(profile_id)

    def clear_failure(self, profile_id: str, seen: Failure) -> SessionRecord:
        """Forget why the last attempt failed, if it still is what the person saw; return the record."""
        return self.state.update(lambda state: state.without_failure(profile_id, seen)).session(profile_id)

    @property
    def records(self) -> "SessionRecords":
        """What is known of all sessions, made to agree with the vault."""
        from sts_desktop.core.session_records import SessionRecords

        return SessionRecords(self.settings, self.state, self.vault, self.changing, self.kept, self.files)

    @property
    def kept(self) -> KeptSessions:
        """The sessions in the vault, and what the state says of them."""
        return KeptSessions(self.state, self.vault, self.now)

    @property
    def files(self) -> SessionFiles:
        """The sessions in the credentials file."""
        return SessionFiles(self.settings, self.state, self.aws_files)

    @property
    def keys(self) -> KeySources:
        """Where the long-lived access keys come from."""
        return KeySources(self.vault, self.aws_files, self.default_chain)

    @property
    def _requests(self) -> TokenRequests:
        return TokenRequests(self.state, self.vault, self.keys, self.files, self.sts, self.now, self.wall)
