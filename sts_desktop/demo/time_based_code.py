"""Time-based one-time codes, as a virtual MFA device shows them (RFC 6238 over HOTP, RFC 4226)."""

import hashlib
import hmac
from datetime import datetime

STEP_SECONDS = 30
"""How long one code is shown; IAM's virtual devices use the default of RFC 6238."""

DIGITS = 6
"""The length of a code that STS takes (API reference, GetSessionToken, TokenCode)."""


def step_at(moment: datetime) -> int:
    """Return the number of the time step that `moment` falls into (RFC 6238 section 4.2)."""
    return int(moment.timestamp()) // STEP_SECONDS


def seconds_left(moment: datetime) -> int:
    """Return for how many seconds (1 to 30) the code shown at `moment` stays on the device."""
    return STEP_SECONDS - int(moment.timestamp()) % STEP_SECONDS


def code_of_step(seed: bytes, step: int, digits: int = DIGITS) -> str:
    """Return the code of the time step number `step`.

    Args:
        seed: the secret that the device and the server share.
        step: a time step, as `step_at` counts them.
        digits: the length of the code; the test vectors of RFC 6238 have 8.
    """
    # SHA-1 is what RFC 4226 section 5.2 prescribes and what virtual MFA devices use.
    digest = hmac.new(seed, step.to_bytes(8, "big"), hashlib.sha1).digest()
    # "Dynamic truncation", RFC 4226 section 5.3.
    offset = digest[-1] & 0x0F
    number = int.from_bytes(digest[offset : offset + 4], "big") & 0x7FFF_FFFF
    return str(number % 10**digits).zfill(digits)
