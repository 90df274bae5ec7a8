"""Asking STS for a session: with which key, and not before what is got can be kept."""

from dataclasses import dataclass

from sts_desktop.core.cancellation import Cancellation
from sts_desktop.core.clock import Now
from sts_desktop.core.credentials import SessionCredentials
from sts_desktop.core.json_file import JsonFile
from sts_desktop.core.key_sources import KeySources
from sts_desktop.core.profile import Profile
from sts_desktop.core.session_files import SessionFiles
from sts_desktop.core.session_step import Report, Step
from sts_desktop.core.state import State
from sts_desktop.core.sts.client import Sts
from sts_desktop.core.token_codes import TokenCodes, code_for
from sts_desktop.core.vault.vault import Vault


@dataclass(frozen=True)
class TokenRequests:
    """Makes requests for session tokens; keeps nothing of what comes."""

    state: JsonFile[State]
    vault: Vault
    keys: KeySources
    files: SessionFiles
    sts: Sts
    now: Now
    wall: Now

    def fetch(
        self, profile: Profile, token_code: str, cancellation: Cancellation, report: Report
    ) -> SessionCredentials:
        """Ask STS for session credentials, once everything that comes after the answer has been proven usable.

        Args:
            profile: whose access key, endpoint, duration and device.
            token_code: the six digits of the device; needed when there is one.
            cancellation: looked at before the request.
            report: told of each step.

        Raises:
            Cancelled: nothing was sent, or the answer was not waited for.
            InvalidInputError: something must be filled in or corrected first; nothing was sent.
            StsDesktopError: it failed.
        """
        endpoint = profile.endpoint.resolve()
        mfa = code_for(profile, token_code)
        report(Step.READING_KEY)
        access_key = self.keys.access_key(profile.source)
        report(Step.CHECKING_STORAGE)
        self._prove_storage(profile, code_follows=mfa is not None)
        cancellation.raise_if_requested()
        report(Step.ASKING_STS)
        with TokenCodes(self.state, self.wall, self.now).sending(mfa):
            return self.sts.get_session_token(
                endpoint, access_key, profile.duration_seconds, mfa, cancellation=cancellation
            )

    def _prove_storage(self, profile: Profile, *, code_follows: bool) -> None:
        """Raise before a code is spent on a token that could not be kept, or not be written where it belongs."""
        self.vault.prove()
        if code_follows:
            self.files.check_all_writable(profile)
