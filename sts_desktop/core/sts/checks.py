"""What is checked before anything is sent: botocore itself checks lower limits only.

Patterns and lengths: AWS STS API Reference, `GetSessionToken`, parameters `SerialNumber` and `TokenCode`; those of keys
are in `core.key_syntax`. No message quotes the value: it may be a secret in the wrong field.
"""

import re

from sts_desktop.core import key_syntax
from sts_desktop.core.credentials import TEMPORARY_KEY_PREFIX
from sts_desktop.core.errors import Field, InvalidInputError
from sts_desktop.core.i18n import _
from sts_desktop.core.sts.refusals import TemporaryKeyError

_FULL_WIDTH_DIGITS = str.maketrans("０１２３４５６７８９", "0123456789")
_USER_ARN = re.compile(r"arn:[^:]*:iam::[0-9]*:user/")


def parse_token_code(text: str) -> str:
    """Return the six ASCII digits of `text`; blanks anywhere and full-width digits (a Japanese IME) are accepted.

    Raises:
        InvalidInputError: it is anything else, digits of other scripts included.
    """
    code = "".join(text.split()).translate(_FULL_WIDTH_DIGITS)
    if not re.fullmatch("[0-9]{6}", code):
        raise InvalidInputError(
            _("Not an MFA code"),
            _("The code of an MFA device has six digits."),
            _("Type the six digits that the device shows now."),
            field=Field.TOKEN_CODE,
        )
    return code


def check_mfa_serial(text: str) -> str:
    """Return `text`, an MFA device's serial number or ARN, without blanks around it.

    Raises:
        FidoDeviceError: it is the ARN of a passkey or security key.
        InvalidInputError: its length is not 9 to 256, a character does not belong, or it is the ARN of a user.
    """
    from sts_desktop.core.sts.mfa_devices import FidoDeviceError, is_fido  # not needed without a device

    serial = text.strip()
    if _USER_ARN.match(serial):
        # Sent as it is, AWS would only say that the device cannot be validated (aws/aws-cli#6325).
        raise InvalidInputError(
            _("This is a user, not an MFA device"),
            _("The ARN of a user contains “:user/”; that of its MFA device contains “:mfa/”."),
            _("Copy the identifier of the MFA device from the user's security credentials in the IAM console."),
            field=Field.MFA_SERIAL,
        )
    if is_fido(serial):
        raise FidoDeviceError
    if not re.fullmatch(r"[A-Za-z0-9_+=/:,.@-]{9,256}", serial):
        raise InvalidInputError(
            _("Not an MFA device"),
            _(
                "An MFA device is named by its ARN or by the serial number on its back: 9 to 256 letters, digits and "
                "any of these: _ + = / : , . @ -."
            ),
            _("An ARN looks like arn:aws:iam::123456789012:mfa/name."),
            field=Field.MFA_SERIAL,
        )
    return serial


def check_access_key_id(text: str) -> str:
    """Return `text`, the id of a long-lived access key, without blanks around it.

    Raises:
        TemporaryKeyError: it is the id of session credentials.
        InvalidInputError: it is empty or too long, or a character does not belong.
    """
    key_id = text.strip()
    if not key_id:
        raise _missing(_("The access key id is missing"))
    if not re.fullmatch(key_syntax.ACCESS_KEY_ID, key_id):
        raise InvalidInputError(
            _("Not an access key id"),
            _("An access key id has letters and digits only, such as AKIAIOSFODNN7EXAMPLE."),
            _("Copy it again, without quotation marks and without the secret."),
            field=Field.ACCESS_KEY,
        )
    if key_id.startswith(TEMPORARY_KEY_PREFIX):
        raise TemporaryKeyError
    return key_id


def check_secret_access_key(text: str) -> str:
    """Return `text`, a secret access key, without blanks around it.

    Raises:
        InvalidInputError: it is empty or too long, or a character does not belong.
    """
    secret = text.strip()
    if not secret:
        raise _missing(_("The secret access key is missing"))
    if not re.fullmatch(key_syntax.SECRET_ACCESS_KEY, secret):
        raise InvalidInputError(
            _("Not a secret access key"),
            _("A secret access key has letters, digits and the characters / + = _ - only."),
            _("Copy it again, without quotation marks and line breaks."),
            field=Field.ACCESS_KEY,
        )
    return secret


def _missing(title: str) -> InvalidInputError:
    text = _("An access key is its id and its secret, both from the IAM console.")
    return InvalidInputError(title, text, _("Enter both."), field=Field.ACCESS_KEY)
