"""MFA devices as IAM names them, and which of them give a code that STS takes."""

import re
from dataclasses import dataclass
from enum import StrEnum

from sts_desktop.core.errors import Field, InvalidInputError
from sts_desktop.core.i18n import _


class MfaKind(StrEnum):
    """What a device is; the value is what `mfa-devices --json` prints."""

    VIRTUAL = "virtual"
    HARDWARE = "hardware"
    FIDO = "fido"


@dataclass(frozen=True)
class MfaDevice:
    """A device of a user.

    Attributes:
        serial: its ARN, or the serial number of a hardware token.
    """

    serial: str

    @property
    def kind(self) -> MfaKind:
        """What it is: hardware tokens alone have no ARN (IAM API Reference, data type `MFADevice`).

        That of a FIDO key has `u2f/` where that of an authenticator app has `mfa/` (aws/aws-cli#4094).
        """
        if not self.serial.startswith("arn:"):
            return MfaKind.HARDWARE
        return MfaKind.FIDO if is_fido(self.serial) else MfaKind.VIRTUAL

    @property
    def name(self) -> str:
        """What a person knows it by: the end of its ARN, or its serial number.

        To the name that a person gave a FIDO key IAM adds a long word of its own (aws/aws-cli#4094).
        """
        name = self.serial.rpartition("/")[2]
        return re.sub("(?<=.)-[A-Z0-9]{16,}$", "", name) if self.kind is MfaKind.FIDO else name

    @property
    def gives_codes(self) -> bool:
        """Whether `GetSessionToken` takes it: a FIDO key signs, and shows no code."""
        return self.kind is not MfaKind.FIDO


def is_fido(serial: str) -> bool:
    """Return whether a serial number is the ARN of a passkey or security key."""
    parts = serial.split(":", 5)
    return parts[0] == "arn" and parts[-1].startswith("u2f/")


def kind_word(kind: MfaKind) -> str:
    """Return what people call a kind of device."""
    match kind:
        case MfaKind.VIRTUAL:
            return _("authenticator app")
        case MfaKind.HARDWARE:
            return _("hardware token")
        case MfaKind.FIDO:
            return _("passkey or security key")


class FidoDeviceError(InvalidInputError):
    """A passkey or security key cannot be used: AWS has no API for it, and will have none (aws/aws-cli#3607)."""

    field = Field.MFA_SERIAL

    def __init__(self) -> None:
        super().__init__(
            _("A passkey or security key cannot be used here"),
            _("AWS offers no API to get a session token with one: it takes the six digits of a device only."),
            _(
                "Register an authenticator app beside it in the IAM console (a user may have eight MFA devices), or"
                " sign in with “aws login” or IAM Identity Center, which take passkeys."
            ),
            field=Field.MFA_SERIAL,
        )
