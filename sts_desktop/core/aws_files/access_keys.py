"""Take the long-lived access key out of what the AWS files say."""

import re
from collections.abc import Mapping

from sts_desktop.core import key_syntax
from sts_desktop.core.aws_files.errors import (
    IncompleteKeysInAwsProfileError,
    MalformedKeysInAwsProfileError,
    NoKeysInAwsProfileError,
    TemporaryKeysInAwsProfileError,
)
from sts_desktop.core.aws_files.keys import ACCESS_KEY_ID, SECRET_ACCESS_KEY
from sts_desktop.core.aws_files.merging import is_temporary
from sts_desktop.core.credentials import AccessKey


def long_lived_key(profile_name: str, keys: Mapping[str, str]) -> AccessKey:
    """Return the pair in `keys`.

    Args:
        profile_name: named in errors.
        keys: what the place says that holds the profile's static keys (`merging.static_keys`).

    Raises:
        NoKeysInAwsProfileError: there is no key.
        IncompleteKeysInAwsProfileError: the id or the secret is missing.
        TemporaryKeysInAwsProfileError: it is the key of a session.
        MalformedKeysInAwsProfileError: a part is too long, or holds characters that no access key has.
    """
    access_key_id = keys.get(ACCESS_KEY_ID, "")
    secret_access_key = keys.get(SECRET_ACCESS_KEY, "")
    if not access_key_id and not secret_access_key:
        raise NoKeysInAwsProfileError(profile_name)
    if not access_key_id or not secret_access_key:
        raise IncompleteKeysInAwsProfileError(profile_name)
    if is_temporary(keys):
        raise TemporaryKeysInAwsProfileError(profile_name)
    for pattern, value in (
        (key_syntax.ACCESS_KEY_ID, access_key_id),
        (key_syntax.SECRET_ACCESS_KEY, secret_access_key),
    ):
        if not re.fullmatch(pattern, value):
            raise MalformedKeysInAwsProfileError(profile_name)
    return AccessKey(access_key_id, secret_access_key)
