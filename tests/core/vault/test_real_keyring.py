"""The vault on a real gnome-keyring: kept across processes, whole when the daemon dies, waited for with a limit."""

import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from sts_desktop.core.credentials import AccessKey, SessionCredentials
from sts_desktop.core.vault import backends
from sts_desktop.core.vault.errors import (
    KeyringLockedError,
    KeyringNotAnsweringError,
    KeyringUnavailableError,
    VaultError,
)
from sts_desktop.core.vault.store import OpenedStore, SecretStore
from sts_desktop.core.vault.vault import Vault, VaultStatus, open_vault

if TYPE_CHECKING:
    from tests.private_bus import PrivateBus

pytestmark = pytest.mark.desktop("dbus-daemon", "gnome-keyring-daemon")

KEY = AccessKey("AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY")


def session(token: str) -> SessionCredentials:
    return SessionCredentials("ASIAIOSFODNN7EXAMPLE", "secret", token, datetime(2026, 11, 25, tzinfo=UTC))


def test_names_the_keyring(real_keyring: "PrivateBus") -> None:
    assert open_vault().status() == VaultStatus("GNOME Keyring", True, "")


def test_another_process_sees_what_this_one_stored(real_keyring: "PrivateBus") -> None:
    vault = open_vault()
    vault.store_session("p1", session("x" * 4_096))
    vault.store_access_key("k1", KEY)
    script = (
        "from sts_desktop.core.vault.vault import open_vault; vault = open_vault(); s = vault.session('p1');"
        "assert s.session_token == 'x' * 4096; print(s, vault.access_key('k1')); vault.forget_session('p1')"
    )
    found = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert found.stdout == "SessionCredentials(…MPLE, until 2026-11-25T00:00:00+00:00) AccessKey(…MPLE)\n"
    assert found.stderr == ""
    assert vault.session("p1") is None


def test_labels_say_nothing_of_the_account_and_nothing_is_left(real_keyring: "PrivateBus") -> None:
    vault = open_vault()
    before = real_keyring.item_labels()
    vault.store_session("p1", session("x" * 4_096))
    vault.store_access_key("k1", KEY)
    labels = real_keyring.item_labels() - before
    assert labels
    assert all("'sts-desktop/session/p1" in label or "'sts-desktop/access-key/k1" in label for label in labels)
    vault.forget_session("p1")
    vault.forget_access_key("k1")
    vault.prove()
    assert real_keyring.item_labels() == before


def test_threads_share_one_vault(real_keyring: "PrivateBus") -> None:
    vault = open_vault()

    def work(number: int) -> bool:
        vault.store_session(f"p{number}", session(f"{number}" * 1_500))
        return vault.session(f"p{number}") == session(f"{number}" * 1_500)

    with ThreadPoolExecutor(4) as pool:
        assert all(pool.map(work, range(4)))


class KillingStore:
    """Kills the daemon after a number of items were written."""

    def __init__(self, store: SecretStore, keyring: "PrivateBus") -> None:
        self._store = store
        self._keyring = keyring
        self.left: int | None = None

    def unlock(self) -> None:
        self._store.unlock()

    def would_ask(self) -> bool:
        return False

    def get(self, name: str) -> str | None:
        return self._store.get(name)

    def set(self, name: str, value: str) -> None:
        if self.left == 0:
            self._keyring.kill_keyring()
        if self.left is not None:
            self.left -= 1
        self._store.set(name, value)

    def delete(self, name: str) -> None:
        self._store.delete(name)


@pytest.mark.fault(26)
@pytest.mark.expects_warnings
def test_the_daemon_dies_between_two_parts(real_keyring: "PrivateBus") -> None:
    opened = backends.open_store()
    store = KillingStore(opened.store, real_keyring)
    vault = Vault(lambda: OpenedStore(opened.status, store))
    vault.store_session("p1", session("old" * 700))
    for written in range(4):  # three parts, then the manifest
        store.left = written
        with pytest.raises(KeyringUnavailableError):
            vault.store_session("p1", session("new" * 700))
        with pytest.raises(KeyringUnavailableError):
            vault.session("p1")
        store.left = None
        real_keyring.start_keyring()
        assert vault.session("p1") == session("old" * 700)
    vault.store_session("p1", session("new" * 700))
    assert vault.session("p1") == session("new" * 700)


@pytest.mark.expects_warnings
def test_the_bus_dies(real_keyring: "PrivateBus") -> None:
    vault = open_vault()
    vault.prove()
    real_keyring.stop()
    with pytest.raises(KeyringUnavailableError):
        vault.session("p1")


@pytest.mark.fault(24)
@pytest.mark.expects_warnings
def test_locked_and_nobody_can_be_asked(real_keyring: "PrivateBus") -> None:
    vault = open_vault()
    vault.store_access_key("k1", KEY)
    real_keyring.lock()
    started = time.monotonic()
    for call in (vault.prove, lambda: vault.access_key("k1"), lambda: vault.forget_access_key("k1")):
        with pytest.raises(KeyringLockedError):
            call()
    assert time.monotonic() - started < 10
    assert vault.status().is_persistent


@pytest.mark.fault(24)
@pytest.mark.expects_warnings
def test_a_keyring_that_was_never_made_is_locked(private_bus: "PrivateBus") -> None:
    private_bus.start_keyring(unlocked=False)
    vault = open_vault()
    assert vault.status().name == "GNOME Keyring"
    assert vault.would_ask()  # for the password of a new one; nobody was asked for this answer
    with pytest.raises(KeyringLockedError):
        vault.prove()


def outcome_of(vault: Vault) -> type[VaultError]:
    with pytest.raises(VaultError) as caught:
        vault.access_key("k1")
    return type(caught.value)


@pytest.mark.fault(25)
@pytest.mark.expects_warnings
def test_a_window_that_nobody_answers(real_keyring: "PrivateBus") -> None:
    """gnome-keyring lets a service of its own ask; here it is one that never comes to an end."""
    open_vault().store_access_key("k1", KEY)
    real_keyring.lock()
    vault = Vault(backends.open_store, limit_seconds=0.5)
    with closing(real_keyring.connect()) as prompter:
        prompter.bus_proxy.RequestName("org.gnome.keyring.SystemPrompter")
        started = time.monotonic()
        for call in (lambda: vault.access_key("k1"), vault.prove):
            with pytest.raises(KeyringNotAnsweringError):
                call()
        assert vault.status().name == "GNOME Keyring"
        assert time.monotonic() - started < 10
    # The one that asks is gone: whoever waited is told that nobody unlocked it, and the next call asks anew.
    outcomes = (outcome_of(vault) for _ in range(100))
    assert KeyringLockedError in outcomes
