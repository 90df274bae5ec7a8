"""The `SecretStore` on an OS keyring, and the border at which its libraries' errors become ours."""

import contextlib
import logging
from collections.abc import Callable
from typing import Protocol, TypeVar

from sts_desktop.core.vault.errors import KeyringRefusedError, KeyringUnavailableError, VaultError
from sts_desktop.core.vault.faults import class_names, vault_error
from sts_desktop.core.vault.item_names import ACCOUNT, service_name

T = TypeVar("T")

ATTEMPTS = 3
"""How often a service that cannot be reached is tried."""

log = logging.getLogger(__name__)


class KeyringBackend(Protocol):
    """The three methods of `keyring.backend.KeyringBackend` that are used, and that `SecretServiceItems` has too."""

    def get_password(self, service: str, username: str) -> str | None:
        """Return a password, or None when there is none."""

    def set_password(self, service: str, username: str, password: str) -> None:
        """Store a password."""

    def delete_password(self, service: str, username: str) -> None:
        """Remove a password; may raise `keyring.errors.PasswordDeleteError` when there is none."""


class KeyringStore:
    """Keeps values in an OS keyring, each as an item with a service name of its own.

    Own service names, because the Windows back end copies an item to `user@service` when another of the same service
    name is written. That still happens to an item that is written twice, which `PartedTexts` does only to manifests:
    no copy ever holds a secret. (Seen with the real back end on an imitated Windows API.)
    """

    def __init__(self, backend: KeyringBackend, unlock: Callable[[], None], would_ask: Callable[[], bool]) -> None:
        """Use `backend`; `unlock` makes it ready and may wait for a person, `would_ask` tells whether it would.

        Each library call of all three is guarded here, so they may raise a library's errors or a `VaultError`.
        """
        self._backend = backend
        self._unlock = unlock
        self._would_ask = would_ask

    def unlock(self) -> None:
        """See `SecretStore.unlock`."""
        guarded(self._unlock)

    def would_ask(self) -> bool:
        """See `SecretStore.would_ask`."""
        return guarded(self._would_ask)

    def get(self, name: str) -> str | None:
        """See `SecretStore.get`."""
        return patiently_guarded(lambda: self._backend.get_password(service_name(name), ACCOUNT))

    def set(self, name: str, value: str) -> None:
        """See `SecretStore.set`.

        Read back, because some keyrings accept an item and do not know it afterwards (jaraco/keyring#589), and
        keyring's own null back end always does so.
        """
        patiently_guarded(lambda: self._backend.set_password(service_name(name), ACCOUNT, value))
        if self.get(name) != value:
            raise KeyringRefusedError

    def delete(self, name: str) -> None:
        """See `SecretStore.delete`."""
        patiently_guarded(lambda: self._delete(name))
        if self.get(name) is not None:
            raise KeyringRefusedError

    def _delete(self, name: str) -> None:
        try:
            self._backend.delete_password(service_name(name), ACCOUNT)
        except Exception as error:
            # Raised for an absent item too; the reading that follows tells the two apart.
            if "keyring.errors.PasswordDeleteError" not in class_names(error):
                raise


def patiently_guarded(call: Callable[[], T]) -> T:
    """Do as `guarded`, and again if the service could not be reached, which is known at once where it is gone.

    jeepney gives the bus one second to shake hands: on a busy machine that is too short now and then. To read, store or
    remove the same thing again does no harm.
    """
    for _attempt in range(ATTEMPTS - 1):
        with contextlib.suppress(KeyringUnavailableError):
            return guarded(call, level=logging.INFO)
    return guarded(call)


def guarded(call: Callable[[], T], *, level: int = logging.WARNING) -> T:
    """Return what `call` returns; whatever a library raises in it becomes a `VaultError`, and is logged at `level`.

    Raises:
        VaultError: the call failed. It is raised outside the `except` block, so that the library's exception, whose
            text may quote a secret, stays behind.
    """
    try:
        return call()
    except VaultError:
        raise
    except Exception as error:
        fault = vault_error(error)
        log.log(level, "the keyring raised %s, taken as %s", type(error).__name__, type(fault).__name__)
    raise fault
