"""The use cases of a session: get a token, say whose it is, hand it out, write it to the credentials file.

Composed from the vault, STS and the AWS files; synchronous, safe on any thread. Secrets flow from one to the next
inside a call; what the caller gets back holds none, except where credentials are the point (`credentials`).
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import Enum
from typing import Any

from sts_desktop.core.aws_files.files import AwsFiles
from sts_desktop.core.cancellation import Cancellation, Cancelled
from sts_desktop.core.clock import Now
from sts_desktop.core.credentials import AccessKey, MfaCode, SessionCredentials, last_four
from sts_desktop.core.errors import Field, InvalidInputError, StsDesktopError, UnusableFileError
from sts_desktop.core.i18n import _, ngettext
from sts_desktop.core.json_file import JsonFile
from sts_desktop.core.profile import AwsProfileKey, Profile, VaultKey
from sts_desktop.core.settings import Settings
from sts_desktop.core.state import Failure, SessionRecord, State, Written, digest
from sts_desktop.core.sts.checks import check_mfa_serial, parse_token_code
from sts_desktop.core.sts.client import Sts
from sts_desktop.core.sts.errors import CaBundleError, CertificateError, OfflineError
from sts_desktop.core.vault.vault import Vault

log = logging.getLogger(__name__)

CODE_STEP_SECONDS = 30
"""How often an MFA device shows a new code: at every full and half minute (RFC 6238, 4.1)."""


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


class NoSessionError(StsDesktopError):
    """The profile has no session that AWS still accepts."""

    def __init__(self, profile: Profile) -> None:
        super().__init__(
            _("“{name}” has no live session").format(name=profile.name),
            _("There is none yet, or it has expired."),
            _("Get a token first."),
        )


class NoAccessKeyError(InvalidInputError):
    """The profile does not say where its access key comes from."""

    def __init__(self) -> None:
        super().__init__(
            _("No access key chosen"),
            _("A session token is made from the access key of an IAM user."),
            _("Choose one under “Access key”, or enter one."),
            field=Field.ACCESS_KEY,
        )


class TokenCodeNeededError(InvalidInputError):
    """An MFA device is set and no code was given."""

    def __init__(self) -> None:
        super().__init__(
            _("A code is needed"),
            _("This profile sends the code of an MFA device with its request."),
            _("Type the six digits that the device shows now."),
            field=Field.TOKEN_CODE,
        )


class MfaSerialNeededError(InvalidInputError):
    """A code was given and no MFA device."""

    def __init__(self) -> None:
        super().__init__(
            _("No MFA device for this code"),
            _("A code is sent together with the serial number or ARN of the MFA device."),
            _("Fill in the MFA device, or leave the code empty."),
            field=Field.MFA_SERIAL,
        )


class CodeAlreadySentError(InvalidInputError):
    """This code was sent before; AWS accepts each one once.

    Attributes:
        seconds_left: until the device shows another.
    """

    def __init__(self, seconds_left: int) -> None:
        super().__init__(
            _("This code was used already"),
            ngettext(
                "AWS accepts each code once. The next one comes in {seconds} second.",
                "AWS accepts each code once. The next one comes within {seconds} seconds.",
                seconds_left,
            ).format(seconds=seconds_left),
            _("Wait for the next code and type that."),
            field=Field.TOKEN_CODE,
        )
        self.seconds_left = seconds_left


@dataclass(frozen=True)
class Sessions:
    """The sessions of all profiles."""

    settings: JsonFile[Settings]
    state: JsonFile[State]
    vault: Vault
    aws_files: AwsFiles
    sts: Sts
    now: Now

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
            self._write_again(profile, credentials, written, cancellation)
        return self.record(profile.id)

    def identify(self, profile: Profile) -> SessionRecord:
        """Ask AWS whose session this is and remember it; a refusal or a fault costs nothing and is logged.

        Some policies refuse everything without MFA (lonelyplanet/aws-mfa#19), so this never decides anything.
        """
        try:
            identity = self.sts.get_caller_identity(profile.endpoint.resolve(), self.credentials(profile))
            return self._record(profile.id, identity=identity)
        except StsDesktopError as error:
            log.info("the identity could not be looked up: %s", type(error).__name__)
            return self.record(profile.id)

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

    def write(self, profile: Profile, section: str = "", *, replace_foreign: bool = False) -> SessionRecord:
        """Write the live session of `profile` into a section of the credentials file.

        Args:
            profile: whose session.
            section: where to; the profile's own section when empty.
            replace_foreign: overwrite keys that this program did not write. Only after a person saw and agreed.

        Raises:
            ForeignSectionError: the section holds somebody else's keys; it carries what stands there.
            StsDesktopError: there is no live session, or the file was refused; the file is as it was.
        """
        credentials = self.credentials(profile)
        self._write(
            profile, credentials, section or self.settings.load().section_for(profile), replace_foreign=replace_foreign
        )
        return self.record(profile.id)

    def record(self, profile_id: str) -> SessionRecord:
        """Return what is known of a profile's session now."""
        return self.state.load().session(profile_id)

    def clear_failure(self, profile_id: str, seen: Failure) -> SessionRecord:
        """Forget why the last attempt failed, if it still is what the person saw; return the record."""

        def apply(state: State) -> State:
            record = state.session(profile_id)
            return state.with_session(profile_id, replace(record, failure=None)) if record.failure == seen else state

        return self.state.update(apply).session(profile_id)

    def reconcile(self) -> State:
        """Make the state say what the vault has, after a start that may follow a crash; return it.

        Raises:
            VaultError: the keyring could not be asked; the state is as it was.
        """
        seen = self.state.load()
        in_memory = not self.vault.status().is_persistent
        found = {
            profile_id: self.vault.session(profile_id)
            for profile_id, record in seen.sessions.items()
            if record.pending or record.expiration is not None
        }

        def apply(state: State) -> State:
            for profile_id, credentials in found.items():
                record = state.session(profile_id)
                if record == seen.session(profile_id):  # otherwise somebody has stored a newer one since
                    state = state.with_session(profile_id, _reconciled(record, credentials, in_memory=in_memory))
            return state

        return self.state.update(apply)

    def _fetch(
        self, profile: Profile, token_code: str, cancellation: Cancellation, report: Report
    ) -> SessionCredentials:
        endpoint = profile.endpoint.resolve()
        mfa = _mfa(profile, token_code)
        report(Step.READING_KEY)
        access_key = self._access_key(profile)
        report(Step.CHECKING_STORAGE)
        self._prove_storage(profile, code_follows=mfa is not None)
        cancellation.raise_if_requested()
        report(Step.ASKING_STS)
        if mfa is not None:
            self._spend(mfa)
        try:
            return self.sts.get_session_token(
                endpoint, access_key, profile.duration_seconds, mfa, cancellation=cancellation
            )
        except NOT_SENT:
            if mfa is not None:
                self.state.update(lambda state: state.without_spent_code(mfa))
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
            self._check_writable(profile, written.section)

    def _check_writable(self, profile: Profile, section: str) -> None:
        self.aws_files.check_writable(
            section, sources=self.settings.load().source_sections(), region=profile.working_region or None
        )

    def _spend(self, mfa: MfaCode) -> None:
        """Mark the code as sent, in the same locked step as the look whether it was: two processes cannot both pass."""
        now = self.now()

        def mark(state: State) -> State:
            if state.has_spent(mfa, now):
                raise CodeAlreadySentError(seconds_to_next_code(now))
            return state.with_spent_code(mfa, now)

        self.state.update(mark)

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

    def _note_failure(self, profile: Profile, error: StsDesktopError) -> None:
        try:
            self._record(profile.id, failure=Failure(error.title, error.message, error.hint, self.now()))
        except UnusableFileError:
            log.warning("why there is no token could not be noted: %s", type(error).__name__)

    def _write_again(
        self, profile: Profile, credentials: SessionCredentials, written: Written, cancellation: Cancellation
    ) -> None:
        if cancellation.requested:
            self._record(profile.id, written=replace(written, problem=_("It was cancelled before it got there.")))
            return
        try:
            self._write(profile, credentials, written.section, replace_foreign=False)
        except StsDesktopError as error:
            log.warning("the renewed session was not written: %s", type(error).__name__)
            self._record(profile.id, written=replace(written, problem=str(error)))

    def _write(self, profile: Profile, credentials: SessionCredentials, section: str, *, replace_foreign: bool) -> None:
        path = str(self.aws_files.locations.credentials)
        new_digest = digest(credentials.access_key_id)
        before = self.record(profile.id).written
        known = before.key_digests if before and (before.section, before.path) == (section, path) else ()
        ours = self._digests_written_to(section, path)
        self._check_writable(profile, section)
        # Noted first, so that after a crash between the file and the note the section is still known as ours.
        self._record(profile.id, written=Written(section, path, (*known, new_digest)))
        try:
            self.aws_files.write(
                section,
                credentials,
                profile.working_region or None,
                sources=self.settings.load().source_sections(),
                is_ours=lambda key_id: digest(key_id) in ours,
                replace_foreign=replace_foreign,
            )
        except BaseException:
            self._record(profile.id, written=before)
            raise
        self.state.update(lambda state: state.with_written(profile.id, Written(section, path, (new_digest,))))

    def _digests_written_to(self, section: str, path: str) -> frozenset[str]:
        places = (record.written for record in self.state.load().sessions.values())
        return frozenset(
            known
            for written in places
            if written is not None and (written.section, written.path) == (section, path)
            for known in written.key_digests
        )

    def _record(self, profile_id: str, **changes: Any) -> SessionRecord:
        def apply(state: State) -> State:
            return state.with_session(profile_id, replace(state.session(profile_id), **changes))

        return self.state.update(apply).session(profile_id)


def seconds_to_next_code(now: datetime) -> int:
    """Return how long the code that an MFA device shows at `now` stays on its display, 1 to 30 s."""
    return CODE_STEP_SECONDS - int(now.timestamp()) % CODE_STEP_SECONDS


def _mfa(profile: Profile, token_code: str) -> MfaCode | None:
    if profile.mfa_serial.strip():
        serial = check_mfa_serial(profile.mfa_serial)
        if not token_code.strip():
            raise TokenCodeNeededError
        return MfaCode(serial, parse_token_code(token_code))
    if token_code.strip():
        raise MfaSerialNeededError
    return None


def _reconciled(record: SessionRecord, credentials: SessionCredentials | None, *, in_memory: bool) -> SessionRecord:
    if credentials is None:
        return replace(
            record, expiration=None, issued=None, last_four="", identity=None, pending=False, in_memory=False
        )
    ending = last_four(credentials.access_key_id)
    is_known = (credentials.expiration, ending) == (record.expiration, record.last_four)
    return replace(
        record,
        expiration=credentials.expiration,
        issued=record.issued if is_known else None,
        last_four=ending,
        identity=record.identity if is_known else None,
        pending=False,
        in_memory=in_memory,
    )
