"""Access keys and session credentials as the vault keeps them: by which name, as which text. ASCII only."""

import json
import re
from typing import Any

from sts_desktop.core.clock import parse_rfc3339, rfc3339
from sts_desktop.core.credentials import AccessKey, SessionCredentials
from sts_desktop.core.vault.manifest import DamagedValueError

_VERSION = 1


def access_key_name(key_id: str) -> str:
    """Return the name that an access key is kept under; raise ValueError for an id of other characters than ours."""
    return f"access-key/{_checked(key_id)}"


def session_name(profile_id: str) -> str:
    """Return the name that a profile's session is kept under; raise ValueError for an id of other characters."""
    return f"session/{_checked(profile_id)}"


def access_key_text(key: AccessKey) -> str:
    """Return `key` as text."""
    return json.dumps(
        {"v": _VERSION, "access_key_id": key.access_key_id, "secret_access_key": key.secret_access_key},
    )


def parse_access_key(text: str) -> AccessKey:
    """Return the key that `access_key_text` wrote; raise DamagedValueError for anything else."""
    record = _record(text)
    return AccessKey(_member(record, "access_key_id"), _member(record, "secret_access_key"))


def session_text(credentials: SessionCredentials) -> str:
    """Return `credentials` as text; the expiration in whole seconds, as STS gives it."""
    return json.dumps(
        {
            "v": _VERSION,
            "access_key_id": credentials.access_key_id,
            "secret_access_key": credentials.secret_access_key,
            "session_token": credentials.session_token,
            "expiration": rfc3339(credentials.expiration),
        },
    )


def parse_session(text: str) -> SessionCredentials:
    """Return the credentials that `session_text` wrote; raise DamagedValueError for anything else."""
    record = _record(text)
    expiration = _member(record, "expiration")
    try:
        moment = parse_rfc3339(expiration)
    except (ValueError, OverflowError):
        moment = None
    if moment is None:
        raise DamagedValueError
    return SessionCredentials(
        _member(record, "access_key_id"),
        _member(record, "secret_access_key"),
        _member(record, "session_token"),
        moment,
    )


def _checked(identifier: str) -> str:
    """Names of items can be read by every program of the same user: only our own ids may become part of one."""
    if not re.fullmatch("[a-z0-9]+", identifier):
        raise ValueError("an id has only the characters a-z and 0-9")
    return identifier


def _record(text: str) -> dict[str, Any]:
    try:
        record = json.loads(text)
    except (ValueError, RecursionError):
        record = None  # raised below and not here, because the text of json's error stays attached to what follows it
    if not isinstance(record, dict) or record.get("v") != _VERSION:
        raise DamagedValueError
    return record


def _member(record: dict[str, Any], name: str) -> str:
    value = record.get(name)
    if not isinstance(value, str) or not value:
        raise DamagedValueError
    return value
