"""The vault: access keys and session credentials, kept in the OS keyring or, where there is none, in memory."""

import logging
import os
import secrets
import threading
from collections.abc import Callable, Mapping
from typing import TypeVar

from sts_desktop.core.cancellation import Cancellation
from sts_desktop.core.credentials import AccessKey, SessionCredentials
from sts_desktop.core.i18n import _
from sts_desktop.core.vault import backends, records
from sts_desktop.core.vault.errors import (
    AccessKeyNotInVaultError,
    KeyringLockedError,
    KeyringNotAnsweringError,
    KeyringRefusedError,
)
from sts_desktop.core.vault.keyring_store import guarded
from sts_desktop.core.vault.keyring_thread import LIMIT_SECONDS, KeyringThread
from sts_desktop.core.vault.manifest import DamagedValueError
from sts_desktop.core.vault.parts import PART_UNITS, PartedTexts
from sts_desktop.core.vault.store import MemoryStore, OpenedStore, VaultStatus

__all__ = ["Vault", "VaultStatus", "memory_vault", "open_vault"]

T = TypeVar("T")

log = logging.getLogger(__name__)


class Vault:
    """Keeps access keys and session credentials by our own random ids; safe on any thread but the GUI's.

    Each method waits for the keyring, and may make it ask for its password, once. After a `KeyringLockedError` nothing
    should call again by itself: the next call asks the person again. All methods raise, besides what they name:

        KeyringLockedError: the keyring is locked and was not unlocked.
        KeyringNotAnsweringError: there was no answer within the limit.
        KeyringUnavailableError: the keyring went away; the next call looks for it again.
        KeyringRefusedError: the keyring refused, or did not keep what it was given.
        ValueError: an id has other characters than a-z and 0-9.
    """

    def __init__(self, open_store: Callable[[], OpenedStore], limit_seconds: float = LIMIT_SECONDS) -> None:
        """Take the store from `open_store`, which is called at first use, on the vault's own thread.

        Args:
            open_store: finds the store; what it returns is kept. What it raises is mapped as a keyring library's
                error, and it is called again at the next use.
            limit_seconds: how long each method waits.
        """
        self._open_store = open_store
        self._limit_seconds = limit_seconds
        self._thread = KeyringThread(limit_seconds)
        self._opened: OpenedStore | None = None
        self._choosing = threading.Lock()
        self._reported: set[str] = set()

    def status(self) -> VaultStatus:
        """Return where values are kept; opens no window, and once that was found it waits for nothing."""
        if self._opened is not None:
            return self._opened.status
        thread = self._thread
        return thread.call(lambda _cancellation: self._open(thread).status)

    @property
    def known_status(self) -> VaultStatus | None:
        """Where values are kept, if that was found before; never waits."""
        return self._opened.status if self._opened is not None else None

    def go_on_in_memory(self) -> None:
        """Keep everything in memory from now on: the person does not want to wait for the keyring any more.

        Never waits. What the keyring holds stays there for the next start. Who waits for it already goes on waiting.
        """
        reason = _("You chose to go on without the keyring. The next start looks for it again.")
        with self._choosing:
            if self._opened is not None and not self._opened.status.is_persistent:
                return  # what is in memory by now stays there
            self._opened = OpenedStore(VaultStatus(_("memory only"), False, reason), MemoryStore())
            # The old one may wait for a person for as long as the program runs.
            self._thread = KeyringThread(self._limit_seconds)

    def would_ask(self) -> bool:
        """Return whether the keyring would ask for its password; asks nobody."""
        thread = self._thread
        return thread.call(lambda _cancellation: self._open(thread).store.would_ask(), may_prompt=False)

    def unlock(self) -> None:
        """Let the keyring ask for its password now, if it has to: before a lock is held that others wait for."""
        self._use(lambda _texts: None)

    def prove(self) -> None:
        """Store a random value that needs more than one part, read it back, and remove it, whoever still waits."""
        name = f"proof/{secrets.token_hex(8)}"
        value = secrets.token_hex(PART_UNITS)

        def work(texts: PartedTexts) -> None:
            texts.set(name, value)
            try:
                if texts.get(name) != value:
                    raise KeyringRefusedError
            except DamagedValueError:
                raise KeyringRefusedError from None
            finally:
                texts.delete(name, although_cancelled=True)  # nobody else has this name

        self._use(work)

    def access_key(self, key_id: str, *, may_prompt: bool = True) -> AccessKey:
        """Return the access key stored as `key_id`.

        Args:
            key_id: our id of it.
            may_prompt: as for `session`.

        Raises:
            AccessKeyNotInVaultError: there is none, or it is damaged.
        """
        key = self._read(records.access_key_name(key_id), records.parse_access_key, may_prompt=may_prompt)
        if key is None:
            raise AccessKeyNotInVaultError(is_in_memory=not self.status().is_persistent)
        return key

    def store_access_key(self, key_id: str, key: AccessKey) -> None:
        """Store `key` as `key_id`, in place of what was there."""
        self._write(records.access_key_name(key_id), records.access_key_text(key))

    def forget_access_key(self, key_id: str) -> None:
        """Remove the access key stored as `key_id`, which may be absent; returns after reading found nothing."""
        self._remove(records.access_key_name(key_id))

    def session(self, profile_id: str, *, may_prompt: bool = True) -> SessionCredentials | None:
        """Return the session credentials of a profile, expired or not; None when absent or damaged.

        Damage is logged once, without content.

        Args:
            profile_id: whose session.
            may_prompt: whether the keyring may ask for its password; if not, a locked one is `KeyringLockedError` at
                once, and one that is busy asking `KeyringNotAnsweringError` after a moment.
        """
        return self._read(records.session_name(profile_id), records.parse_session, may_prompt=may_prompt)

    def store_session(
        self, profile_id: str, credentials: SessionCredentials, cancellation: Cancellation | None = None
    ) -> VaultStatus:
        """Store the session credentials of a profile, in place of what was there; return where they are kept.

        Args:
            profile_id: whose session.
            credentials: the session.
            cancellation: looked at once the keyring is unlocked, and again before the session takes its place: a
                keyring may ask a person each time.

        Raises:
            Cancelled: nothing was stored.
        """
        return self._write(records.session_name(profile_id), records.session_text(credentials), cancellation)

    def forget_session(self, profile_id: str) -> None:
        """Remove the session credentials of a profile, which may be absent; returns after reading found nothing."""
        self._remove(records.session_name(profile_id))

    def _read(self, name: str, parse: Callable[[str], T], *, may_prompt: bool = True) -> T | None:
        def work(texts: PartedTexts) -> T | None:
            try:
                text = texts.get(name)
                return None if text is None else parse(text)
            except DamagedValueError:
                self._report_damage(name)
                return None

        return self._use(work, may_prompt=may_prompt)

    def _write(self, name: str, text: str, cancellation: Cancellation | None = None) -> VaultStatus:
        return self._use_opened(lambda texts: texts.set(name, text, cancellation))[1]

    def _remove(self, name: str) -> None:
        self._use(lambda texts: texts.delete(name))

    def _use(self, work: Callable[[PartedTexts], T], *, may_prompt: bool = True) -> T:
        return self._use_opened(work, may_prompt=may_prompt)[0]

    def _use_opened(self, work: Callable[[PartedTexts], T], *, may_prompt: bool = True) -> tuple[T, VaultStatus]:
        """Run `work` on the keyring's thread, once the keyring is unlocked; a locked one only if it may ask."""
        thread = self._thread

        def unlocked(cancellation: Cancellation) -> tuple[T, VaultStatus]:
            opened = self._open(thread)
            store = opened.store
            if may_prompt:
                store.unlock()
            elif store.would_ask():
                raise KeyringLockedError
            # The password may have come long after the caller was told that nothing was stored.
            cancellation.raise_if_requested()
            return work(PartedTexts(store, cancellation)), opened.status

        return thread.call(unlocked, may_prompt=may_prompt)

    def _open(self, thread: KeyringThread) -> OpenedStore:
        """Only ever called on `thread`, which may have had its turn too late: memory is the next one's."""
        found = guarded(self._open_store) if self._opened is None else None
        with self._choosing:
            if thread is not self._thread:
                raise KeyringNotAnsweringError
            if self._opened is None and found is not None:
                self._opened = found
                log.info("secrets are kept in: %s", found.status.name)
            assert self._opened is not None  # noqa: S101  (nobody takes it away again)
            return self._opened

    def _report_damage(self, name: str) -> None:
        if name not in self._reported:
            self._reported.add(name)
            log.warning("what the keyring holds as %s is damaged and taken as absent", name)


def open_vault(environment: Mapping[str, str] = os.environ, limit_seconds: float = LIMIT_SECONDS) -> Vault:
    """Return the vault on the person's own keyring, or in memory where there is none.

    Cheap: the keyring is looked for at first use (see `backends.open_store`), on the bus that the environment names
    (see `session_bus.adopt_session_bus`).

    Args:
        environment: as for `backends.open_store`.
        limit_seconds: as for `Vault`.
    """
    return Vault(lambda: backends.open_store(environment), limit_seconds)


def memory_vault() -> Vault:
    """Return a vault that keeps everything in memory."""
    return Vault(backends.open_memory)
