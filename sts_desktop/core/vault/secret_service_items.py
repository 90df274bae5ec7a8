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

    Its methods raise what secretstorage and D-Bus raise, for `faults.vault_error` to tell apart. They open no window,
    except `unlock`. A service that was started anew since the last call is noticed, and the call made again.
    """

    def __init__(self) -> None:
        self._collection: Any = None  # of secretstorage; None while there is no connection

    def __del__(self) -> None:
        """Let go of the connection, too."""
        self._disconnect()

    def get_password(self, service: str, username: str) -> str | None:
        """Return a password, or None when there is none."""

        def get(collection: Any) -> str | None:
            for item in _found(collection, service, username):
                with suppress(_item_not_found()):  # replaced since it was found
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

        if not self.would_ask():
            return
        # On a connection of its own, which is closed under a window that nobody answers.
        with closing(secretstorage.dbus_init()) as connection:
            collection = secretstorage.get_default_collection(connection)
            if collection.is_locked():
                if secretstorage.__version_tuple__ >= (3, 5):
                    collection.unlock(timeout=_PROMPT_LIMIT_SECONDS)
                else:
                    collection.unlock()
                if collection.is_locked():
                    raise KeyringLockedError

    def would_ask(self) -> bool:
        """Return whether `unlock` would ask a person; asks nobody."""
        try:
            return self._use(lambda collection: bool(collection.is_locked()))
        except _item_not_found():  # a new one is made then, whose password a person chooses
            return True

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

            connection = secretstorage.dbus_init()
            connection.send_and_get_reply = functools.partial(
                connection.send_and_get_reply, timeout=_ANSWER_LIMIT_SECONDS
            )
            try:
                self._collection = secretstorage.Collection(connection)
            finally:
                if self._collection is None:
                    connection.close()
        return self._collection

    def _disconnect(self) -> None:
        """Let go of a connection on which something failed: a late answer would be taken for the next one's."""
        if self._collection is not None:
            self._collection.connection.close()
            self._collection = None


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
