"""One session out of the Secret Service, read over D-Bus without python-keyring.

Importing `keyring`, `secretstorage` and `cryptography` takes a command ten times as long as reading the items. The
items are those of `keyring_store`, found as python-keyring finds them. They come over the person's own bus as they are
(the algorithm `plain` of the Secret Service API, 6.1): encryption would hide them from nobody who could not ask the
service as well.
"""

import time
from contextlib import closing
from typing import Any

from sts_desktop.core.credentials import SessionCredentials
from sts_desktop.core.vault import records
from sts_desktop.core.vault.errors import KeyringLockedError, KeyringNotAnsweringError
from sts_desktop.core.vault.item_names import ACCOUNT, service_name
from sts_desktop.core.vault.manifest import DamagedValueError, read_text

BUS_NAME = "org.freedesktop.secrets"
_SERVICE = "/org/freedesktop/secrets", "org.freedesktop.Secret.Service"
_COLLECTION = "org.freedesktop.Secret.Collection"
_ITEM = "org.freedesktop.Secret.Item"


class NotReadError(Exception):
    """The Secret Service is not there, or answers otherwise than expected. Carries no content."""


def read_session(profile_id: str, limit_seconds: float) -> SessionCredentials | None:
    """Return the session credentials of a profile from the default collection, expired or not; None when absent.

    Opens no window. The bus is the one that `DBUS_SESSION_BUS_ADDRESS` names.

    Raises:
        KeyringLockedError: the collection is locked.
        KeyringNotAnsweringError: there was no answer within the limit.
        NotReadError: it could not be read in this way; another may succeed.
    """
    deadline = time.monotonic() + limit_seconds
    try:
        from jeepney.io.blocking import open_dbus_connection  # type: ignore[import-untyped]  # has no types

        with closing(open_dbus_connection(auth_timeout=limit_seconds)) as connection:
            items = _Items(connection, deadline)
            text = read_text(items.get, records.session_name(profile_id))
        return None if text is None else records.parse_session(text)
    except (KeyringLockedError, NotReadError):
        raise
    except DamagedValueError:
        return None
    except TimeoutError:
        fault: Exception = KeyringNotAnsweringError()
    except Exception as error:
        fault = NotReadError(type(error).__name__)
    raise fault  # outside, so that no text of the library stays attached


class _Items:
    """The items of the default collection, which is not locked."""

    def __init__(self, connection: Any, deadline: float) -> None:
        self._connection = connection
        self._deadline = deadline
        _output, self._session = self._call(*_SERVICE, "OpenSession", "sv", "plain", ("s", ""))
        (self._collection,) = self._call(*_SERVICE, "ReadAlias", "s", "default")
        (locked,) = self._call(self._collection, "org.freedesktop.DBus.Properties", "Get", "ss", _COLLECTION, "Locked")
        if locked[1]:
            raise KeyringLockedError

    def get(self, name: str) -> str | None:
        attributes = {"service": service_name(name), "username": ACCOUNT}
        (found,) = self._call(self._collection, _COLLECTION, "SearchItems", "a{ss}", attributes)
        if not found:
            return None
        (secret,) = self._call(found[0], _ITEM, "GetSecret", "o", self._session)
        return bytes(secret[2]).decode()

    def _call(self, path: str, interface: str, method: str, signature: str, *arguments: Any) -> tuple[Any, ...]:
        from jeepney import DBusAddress, MessageType, new_method_call  # type: ignore[import-untyped]  # has no types

        message = new_method_call(DBusAddress(path, BUS_NAME, interface), method, signature, arguments)
        reply = self._connection.send_and_get_reply(message, timeout=max(0.0, self._deadline - time.monotonic()))
        if reply.header.message_type != MessageType.method_return:
            raise NotReadError
        body: tuple[Any, ...] = reply.body
        return body
