"""What stands in an answer of AWS, as botocore has parsed it; anything else is a KeyError or a ValueError."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from sts_desktop.core.credentials import CallerIdentity, SessionCredentials

if TYPE_CHECKING:
    from sts_desktop.core.sts.mfa_devices import MfaDevice


def session_credentials(answer: Mapping[str, Any]) -> SessionCredentials:
    """Return the credentials of an answer; raise KeyError or ValueError where it lacks one of the four members."""
    credentials = answer["Credentials"]
    expiration = credentials["Expiration"]
    if not isinstance(expiration, datetime) or expiration.tzinfo is None:
        raise ValueError("no time of expiration")
    return SessionCredentials(
        _word(credentials["AccessKeyId"]),
        _word(credentials["SecretAccessKey"]),
        _word(credentials["SessionToken"]),
        # AWS names whole seconds, stand-ins for STS do not; what is stored has no fractions.
        expiration.astimezone(UTC).replace(microsecond=0),
    )


def caller_identity(answer: Mapping[str, Any]) -> CallerIdentity:
    """Return the identity of an answer; raise KeyError or ValueError where it lacks one of the three members."""
    return CallerIdentity(_word(answer["Account"]), _word(answer["Arn"]), _word(answer["UserId"]))


def bucket_names(answer: Mapping[str, Any]) -> tuple[list[str], str]:
    """Return the names in an answer and the token for the next one, which is empty after the last.

    Raises:
        KeyError: it has no list, be it an empty one: S3 always sends one, and the sign-in page of a network does not.
    """
    return [_word(bucket["Name"]) for bucket in answer["Buckets"]], answer.get("ContinuationToken", "")


def mfa_devices(answer: Mapping[str, Any]) -> "tuple[list[MfaDevice], str]":
    """Return the devices in an answer and the marker of the next one, which is empty after the last.

    Raises:
        KeyError: it has no list, be it an empty one.
        ValueError: a serial number is none (IAM API Reference, data type `MFADevice`).
    """
    from sts_desktop.core.sts.mfa_devices import MfaDevice

    serials = [_word(device["SerialNumber"]) for device in answer["MFADevices"]]
    if not all(re.fullmatch(r"[A-Za-z0-9_+=/:,.@-]{9,256}", serial) for serial in serials):
        raise ValueError("no serial number")
    # IAM says apart whether there is more, and may name a marker where there is not.
    return [MfaDevice(serial) for serial in serials], answer["Marker"] if answer.get("IsTruncated") else ""


def _word(value: object) -> str:
    """Return `value` if it is a text in printable ASCII without blanks, which may stand in a file or a header."""
    if not isinstance(value, str) or not value or not all("!" <= character <= "~" for character in value):
        raise ValueError("no text, or one that does not belong")
    return value
