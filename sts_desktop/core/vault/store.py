"""The contract for keeping one short text, and the store that keeps it in memory."""

from dataclasses import dataclass
from typing import Protocol


class SecretStore(Protocol):
    """Keeps short texts by name. Used on one thread at a time.

    Names are ASCII and not secret (on D-Bus every program of the same user can read them). A value is at most
    `parts.PART_UNITS` long.
    """

    def unlock(self) -> None:
        """Make the store ready; the only step that may wait for a person.

        Raises:
            KeyringLockedError: the person dismissed the request, or could not be asked.
            VaultError: the store cannot be reached.
        """

    def would_ask(self) -> bool:
        """Return whether `unlock` would ask a person. Asks nobody.

        Raises:
            VaultError: the store cannot be reached.
        """

    def get(self, name: str) -> str | None:
        """Return the value of `name`, or None when there is none.

        Raises:
            VaultError: the store could not be read.
        """

    def set(self, name: str, value: str) -> None:
        """Store `value`, and return only after it was read back unchanged.

        Raises:
            KeyringRefusedError: something else, or nothing, was read back.
            VaultError: the store could not be written; whether it holds the value is not known.
        """

    def delete(self, name: str) -> None:
        """Remove `name`, which may be absent, and return only after reading it found nothing.

        Raises:
            KeyringRefusedError: a value was still there afterwards.
            VaultError: the store could not be written; whether it still holds the value is not known.
        """


class MemoryStore:
    """Keeps values until the process ends; never on disk."""

    def __init__(self) -> None:
        self._values: dict[str, str] = {}

    def unlock(self) -> None:
        """Nothing to do: memory is never locked."""

    def would_ask(self) -> bool:
        """See `SecretStore.would_ask`."""
        return False

    def get(self, name: str) -> str | None:
        """See `SecretStore.get`."""
        return self._values.get(name)

    def set(self, name: str, value: str) -> None:
        """See `SecretStore.set`."""
        self._values[name] = value

    def delete(self, name: str) -> None:
        """See `SecretStore.delete`."""
        self._values.pop(name, None)


@dataclass(frozen=True)
class VaultStatus:
    """Where a vault keeps its values.

    Attributes:
        name: the keyring's name as its own program shows it, or "memory only" in the reader's language.
        is_persistent: whether values outlive the process.
        reason: why it is memory only and what to do about it, in plain sentences; empty when persistent.
    """

    name: str
    is_persistent: bool
    reason: str


@dataclass(frozen=True)
class OpenedStore:
    """A store that was found usable, and what to say of it."""

    status: VaultStatus
    store: SecretStore
