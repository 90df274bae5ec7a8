"""The items of the Secret Service, on one connection to the bus that is kept.

python-keyring's own back end connects anew for each of its calls, and that is too much for GNOME Keyring: it notes a
client on one thread and forgets another on a second, so that a client which comes just after one has gone may be
unknown when its first request is carried out. The request is then answered as if the keyring were empty, or never, or
the daemon aborts, and the next one is locked (gnome-keyring work items 190, 196 and 199; seen with 42.1 and 50.0, whose
log says "gkd_secret_service_get_pkcs11_session: assertion 'client' failed").

The items are those of python-keyring: each finds what the other stored.
"""

import functools
from collections.abc import Callable
from contextlib import closing, suppress
from typing import Any, TypeVar

from sts_desktop.core.vault.errors import KeyringLockedError
from sts_desktop.core.vault.faults import vault_error

T = TypeVar("T")

_APPLICATION = "Python keyring library"
"""What python-keyring says of itself with each item."""

_ANSWER_LIMIT_SECONDS = 15.0
"""How long one answer may take: below the limit of the keyring's thread, which this frees. To wait for a person at a
window of the keyring is another matter."""

_PROMPT_LIMIT_SECONDS = 300.0
"""How long an unlock window stays ours. Long, so that no second one opens beside it; not for ever, because a service
that dies under its window never says so."""


class SecretServiceItems:
    """A `KeyringBackend` of the default collection; used on one thread at a time.

    Its methods raise what secretstorage and D-Bus raise, for `faults.vault_error` to tell apart. A service that was
    started anew since the last call is noticed, and the call made again.

    `unlock` may open a window, and so may a call that follows it, where the service locks single items (KeePassXC does,
    which is unproven here); none does after `would_ask`.
    """

    def __init__(self) -> None:
        self._collection: Any = None  # of secretstorage; None while there is no connection
        self._may_ask = False

    def __del__(self) -> None:
        """Let go of the connection, too."""
        self._disconnect()

    def get_password(self, service: str, username: str) -> str | None:
        """Return a password, or None when there is none."""

        def get(collection: Any) -> str | None:
            for item in _found(collection, service, username):
                with suppress(_item_not_found()):  # replaced since it was found
                    self._unlock_item(item)
                    return str(item.get_secret().decode())
            return None

        return self._use(get)

    def set_password(self, service: str, username: str, password: str) -> None:
        """Store a password in place of what was there."""
        attributes = _attributes(service, username) | {"application": _APPLICATION}
        label = f"Password for '{username}' on '{service}'"
        self._use(lambda collection: collection.create_item(label, attributes, password.encode(), replace=True))

    def delete_password(self, service: str, username: str) -> None:
        """Remove a password, which may be absent."""

        def delete(collection: Any) -> None:
            for item in _found(collection, service, username):
                with suppress(_item_not_found()):
                    item.delete()

        self._use(delete)

    def unlock(self) -> None:
        """Unlock the collection, or make one where there is none, asking the person for a password.

        Raises:
            KeyringLockedError: the person dismissed the window, or none could be shown.
            TimeoutError: the window was not answered for minutes.
        """
        import secretstorage

        if self.would_ask():
            # On a connection of its own, which is closed under a window that nobody answers.
            with closing(_connect()) as connection:
                _unlock(secretstorage.get_default_collection(connection))
        self._may_ask = True

    def would_ask(self) -> bool:
        """Return whether `unlock` would ask a person; asks nobody."""
        self._may_ask = False
        try:
            return self._use(lambda collection: bool(collection.is_locked()))
        except _item_not_found():  # a new one is made then, whose password a person chooses
            return True

    def _unlock_item(self, item: Any) -> None:
        if self._may_ask:
            _unlock(item)

    def _use(self, work: Callable[[Any], T]) -> T:
        """Return what `work` returns for the collection; once more on a new connection if the one kept is stale."""
        was_kept = self._collection is not None
        try:
            return work(self._connected())
        except Exception as error:
            self._disconnect()
            if not was_kept or isinstance(error, TimeoutError) or isinstance(vault_error(error), KeyringLockedError):
                raise
        return work(self._connected())  # outside the handler: no error carries another, which may quote a secret

    def _connected(self) -> Any:
        if self._collection is None:
            import secretstorage

            connection = _connect()
            try:
                self._collection = secretstorage.Collection(connection)
            finally:
                if self._collection is None:
                    connection.close()
        return self._collection

    def _disconnect(self) -> None:
        """Let go of a connection on which something failed: the service may know nothing of it any more."""
        if self._collection is not None:
            self._collection.connection.close()
            self._collection = None


def _connect() -> Any:
    """Return a connection to the session bus, on which no answer is waited for without end."""
    import secretstorage

    connection = secretstorage.dbus_init()
    connection.send_and_get_reply = functools.partial(connection.send_and_get_reply, timeout=_ANSWER_LIMIT_SECONDS)
    return connection


def _unlock(locked: Any) -> None:
    """Unlock a collection or an item where it is locked, asking the person; raise as `unlock` does."""
    import secretstorage

    if not locked.is_locked():
        return
    if secretstorage.__version_tuple__ >= (3, 5):
        locked.unlock(timeout=_PROMPT_LIMIT_SECONDS)
    else:
        locked.unlock()
    if locked.is_locked():
        raise KeyringLockedError


def _found(collection: Any, service: str, username: str) -> Any:
    """Return the items of that name; the secrets of one connection are exchanged with one key."""
    from secretstorage.util import open_session

    if collection.session is None:
        collection.session = open_session(collection.connection)
    return collection.search_items(_attributes(service, username))


def _attributes(service: str, username: str) -> dict[str, str]:
    return {"service": service, "username": username}


def _item_not_found() -> type[Exception]:
    from secretstorage.exceptions import ItemNotFoundException

    return ItemNotFoundException
