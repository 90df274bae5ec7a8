"""The keys of a section: which ones are written, which ones go, and what their values may contain."""

import re
from collections.abc import Mapping

from sts_desktop.core import key_syntax
from sts_desktop.core.aws_files.errors import UnwritableValueError
from sts_desktop.core.clock import rfc3339
from sts_desktop.core.credentials import SessionCredentials

ACCESS_KEY_ID = "aws_access_key_id"
SECRET_ACCESS_KEY = "aws_secret_access_key"  # noqa: S105  (a key's name)
SESSION_TOKEN = "aws_session_token"  # noqa: S105  (a key's name)
SECURITY_TOKEN = "aws_security_token"  # noqa: S105  (a key's name)
EXPIRES = "x_security_token_expires"
REGION = "region"

SESSION_KEYS = (ACCESS_KEY_ID, SECRET_ACCESS_KEY, SESSION_TOKEN, EXPIRES)
"""The keys that are written for a session, beside the region."""

STALE_KEYS = (SECURITY_TOKEN, "expiration", "aws_session_expiration")
"""Keys of other tools that would speak of the credentials before ours. botocore takes `aws_security_token` before
`aws_session_token` (`botocore.credentials.SharedCredentialProvider.TOKENS`); aws-mfa writes `expiration`."""

OUR_KEYS = frozenset({*SESSION_KEYS, REGION, *STALE_KEYS})

_ALLOWED = {
    ACCESS_KEY_ID: key_syntax.ACCESS_KEY_ID,
    SECRET_ACCESS_KEY: key_syntax.SECRET_ACCESS_KEY,
    SESSION_TOKEN: key_syntax.SESSION_TOKEN,
    EXPIRES: r"[0-9TZ:-]+",
    REGION: r"[A-Za-z0-9-]{1,64}",
}


def session_values(credentials: SessionCredentials, region: str | None) -> dict[str, str]:
    """Return what is written for `credentials`, key by key, in the order of a new section.

    Raises:
        UnwritableValueError: a value is empty or holds a character that some reader of the file would not take as
            it stands (blanks, quotes, `#`, `;`, brackets, line ends, anything not ASCII).
    """
    values = {
        ACCESS_KEY_ID: credentials.access_key_id,
        SECRET_ACCESS_KEY: credentials.secret_access_key,
        SESSION_TOKEN: credentials.session_token,
        EXPIRES: rfc3339(credentials.expiration),
    }
    if region is not None:
        values[REGION] = region
    for key, value in values.items():
        if re.fullmatch(_ALLOWED[key], value) is None:
            raise UnwritableValueError(key)
    return values


def holds_credentials(values: Mapping[str, str]) -> bool:
    """Tell whether a section of the credentials file gives some tool its credentials, by keys or in another way."""
    secrets = (ACCESS_KEY_ID, SECRET_ACCESS_KEY, SESSION_TOKEN, SECURITY_TOKEN)
    return any(values.get(key) for key in secrets) or bool(winning_keys(values) or hidden_keys(values))


def winning_keys(values: Mapping[str, str]) -> tuple[str, ...]:
    """Return the keys that make botocore pass over static keys of the same profile.

    Order of the sources of credentials: `botocore.credentials.create_credential_resolver`. Of the `sso_` keys, an
    account or a role is what makes a profile one of single sign-on (`SSOProvider`).
    """
    winners = ["role_arn", "web_identity_token_file"]
    if "sso_account_id" in values or "sso_role_name" in values:
        winners += [key for key in values if key.startswith("sso_")]
    return tuple(key for key in winners if key in values)


def hidden_keys(values: Mapping[str, str]) -> tuple[str, ...]:
    """Return the keys that botocore no longer looks at once the same profile has static keys."""
    return tuple(key for key in ("login_session", "credential_process") if key in values)
