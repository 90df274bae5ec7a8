"""The codes of MFA devices: each is sent once, and is remembered, as a digest, until nobody accepts it any more."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from sts_desktop.core.cancellation import Cancelled
from sts_desktop.core.clock import Now
from sts_desktop.core.credentials import MfaCode
from sts_desktop.core.errors import InvalidInputError, UnusableFileError
from sts_desktop.core.json_file import JsonFile
from sts_desktop.core.profile import Profile
from sts_desktop.core.session_errors import CodeAlreadySentError, MfaSerialNeededError, TokenCodeNeededError
from sts_desktop.core.state import State
from sts_desktop.core.sts.checks import check_mfa_serial, parse_token_code
from sts_desktop.core.sts.errors import CaBundleError, CertificateError, OfflineError

log = logging.getLogger(__name__)

CODE_STEP_SECONDS = 30
"""How often an MFA device shows a new code: at every full and half minute (RFC 6238, 4.1)."""

NOT_SENT = (CaBundleError, Cancelled, CertificateError, InvalidInputError, OfflineError)
"""How a request with a code ends that was given up before a connection came about: the code never left this computer.
"""


def seconds_to_next_code(now: datetime) -> int:
    """Return how long the code that an MFA device shows at `now` stays on its display, 1 to 30 s."""
    return CODE_STEP_SECONDS - int(now.timestamp()) % CODE_STEP_SECONDS


def still_waited_for(seconds_left: int, now: datetime) -> int:
    """Return how long the next code is still waited for at `now`, when that was `seconds_left`; 0 once it is shown."""
    left = seconds_to_next_code(now)
    return left if left <= seconds_left else 0


def code_for(profile: Profile, token_code: str) -> MfaCode | None:
    """Return device and code to send for `profile`, or None when it has no device and no code was given.

    Raises:
        TokenCodeNeededError: it has a device and no code was given.
        MfaSerialNeededError: a code was given and it has no device.
        InvalidInputError: the serial or the code cannot be right.
    """
    if profile.mfa_serial.strip():
        serial = check_mfa_serial(profile.mfa_serial)
        if not token_code.strip():
            raise TokenCodeNeededError
        return MfaCode(serial, parse_token_code(token_code))
    if token_code.strip():
        raise MfaSerialNeededError
    return None


@dataclass(frozen=True)
class TokenCodes:
    """The codes sent lately, by this process and others.

    Attributes:
        state: where they are noted.
        wall: this computer's clock as it is, by which they are noted: what is learned of AWS's may come in between.
        now: the time, by which devices show their codes.
    """

    state: JsonFile[State]
    wall: Now
    now: Now

    @contextmanager
    def sending(self, mfa: MfaCode | None) -> Iterator[None]:
        """Count the code as sent while the block sends it, and after it, unless it never left this computer.

        Raises:
            CodeAlreadySentError: it was sent before; the block is not entered.
            UnusableFileError: that could not be noted, so it must not be sent.
        """
        if mfa is None:
            yield
            return
        self.spend(mfa)
        try:
            yield
        except NOT_SENT:
            try:
                self.release(mfa)
            except UnusableFileError as error:  # what went wrong before matters more
                log.warning("a code that was not sent counts as spent: %s", type(error).__name__)
            raise

    def spend(self, mfa: MfaCode) -> None:
        """Mark the code as sent, in the same locked step as the look whether it was: two processes cannot both pass.

        Raises:
            CodeAlreadySentError: it was sent before.
            UnusableFileError: that could not be noted, so it must not be sent.
        """
        moment = self.wall()

        def mark(state: State) -> State:
            if state.has_spent(mfa, moment):
                raise CodeAlreadySentError(seconds_to_next_code(self.now()))
            return state.with_spent_code(mfa, moment)

        self.state.update(mark)

    def release(self, mfa: MfaCode) -> None:
        """Unmark a code that never left this computer."""
        self.state.update(lambda state: state.without_spent_code(mfa))
