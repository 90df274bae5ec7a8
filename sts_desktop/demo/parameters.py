"""The parameters of a GetSessionToken request, held to the limits of the service model (botocore, sts/2011-06-15)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from sts_desktop.demo import refusals

MIN_DURATION_SECONDS = 900
MAX_DURATION_SECONDS = 129_600
MAX_OF_MINIMUM_TOKEN_SIZE = 4096


@dataclass(frozen=True)
class SessionTokenParameters:
    """What a GetSessionToken request asks for; None where it says nothing.

    Attributes:
        duration_seconds: 900 to 129600.
        serial_number: that of an MFA device.
        token_code: six ASCII digits.
        minimum_token_size: in bytes, 0 to 4096.
    """

    duration_seconds: int | None = None
    serial_number: str | None = None
    token_code: str | None = field(default=None, repr=False)
    minimum_token_size: int | None = None


def read_parameters(form: Mapping[str, str]) -> SessionTokenParameters:
    """Return the parameters that `form` holds.

    Raises:
        RefusalError: ValidationError, naming each limit that is not kept.
    """
    duration = form.get("DurationSeconds")
    serial = form.get("SerialNumber")
    code = form.get("TokenCode")
    size = form.get("MinimumSessionTokenSize")
    violations = [
        *_of_number("durationSeconds", duration, MIN_DURATION_SECONDS, MAX_DURATION_SECONDS),
        *_of_text("serialNumber", serial, r"[\w+=/:,.@-]*", 9, 256),
        *_of_text("tokenCode", code, r"[\d]*", 6, 6),
        *_of_number("minimumSessionTokenSize", size, 0, MAX_OF_MINIMUM_TOKEN_SIZE),
    ]
    if violations:
        raise refusals.validation_error(violations)
    return SessionTokenParameters(
        duration_seconds=None if duration is None else int(duration),
        serial_number=serial,
        token_code=code,
        minimum_token_size=None if size is None else int(size),
    )


def _of_number(name: str, text: str | None, minimum: int, maximum: int) -> list[str]:
    """Return the limits that the number `text` does not keep; none when it was not given."""
    if text is None:
        return []
    if not re.fullmatch(r"-?[0-9]{1,18}", text):
        # No SDK sends this, and AWS's sentence for it is not on record.
        return [_violation(name, text, "Member must be an integer")]
    if int(text) < minimum:
        return [_violation(name, text, f"Member must have value greater than or equal to {minimum}")]
    if int(text) > maximum:
        return [_violation(name, text, f"Member must have value less than or equal to {maximum}")]
    return []


def _of_text(name: str, text: str | None, pattern: str, minimum: int, maximum: int) -> list[str]:
    """Return the limits that `text` does not keep; none when it was not given."""
    if text is None:
        return []
    violations = []
    # The patterns are those of Java, where \w and \d are ASCII.
    if not re.fullmatch(pattern, text, re.ASCII):
        violations.append(_violation(name, text, f"Member must satisfy regular expression pattern: {pattern}"))
    if len(text) < minimum:
        violations.append(_violation(name, text, f"Member must have length greater than or equal to {minimum}"))
    if len(text) > maximum:
        violations.append(_violation(name, text, f"Member must have length less than or equal to {maximum}"))
    return violations


def _violation(name: str, value: str, constraint: str) -> str:
    return f"Value '{value}' at '{name}' failed to satisfy constraint: {constraint}"
