"""What the rest of the program relies on, over stores that fail in every way."""

import logging
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from sts_desktop.core.credentials import AccessKey, SessionCredentials
from sts_desktop.core.errors import Field
from sts_desktop.core.vault.errors import (
    AccessKeyNotInVaultError,
    KeyringLockedError,
    KeyringNotAnsweringError,
    KeyringRefusedError,
    KeyringUnavailableError,
)
from sts_desktop.core.vault.store import MemoryStore, OpenedStore, SecretStore, VaultStatus
from sts_desktop.core.vault.vault import Vault, memory_vault, open_vault
from tests.waiting import wait_until

if TYPE_CHECKING:
    from tests.core.vault.conftest import FaultyStore

KEY = AccessKey("AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY")
EXPIRATION = datetime(2026, 11, 25, 12, 0, 5, tzinfo=UTC)


def session(token: str = "token") -> SessionCredentials:
    return SessionCredentials("ASIAIOSFODNN7EXAMPLE", "theSecretKey", token, EXPIRATION)


@pytest.fixture
def vault(store: SecretStore, store_vault: Callable[[SecretStore], Vault]) -> Vault:
    return store_vault(store)


@pytest.fixture
def memory() -> MemoryStore:
    return MemoryStore()


@pytest.fixture
def vault_in_memory(memory: MemoryStore, store_vault: Callable[[SecretStore], Vault]) -> Vault:
    return store_vault(memory)


class TestOnEveryStore:
    def test_keeps_an_access_key(self, vault: Vault) -> None:
        vault.store_access_key("k1", KEY)
        assert vault.access_key("k1") == KEY
        vault.forget_access_key("k1")
        with pytest.raises(AccessKeyNotInVaultError):
            vault.access_key("k1")
        vault.forget_access_key("k1")

    @pytest.mark.fault(22)
    @pytest.mark.parametrize("size", [1, 4_096, 16 * 1_024])
    def test_keeps_a_session(self, vault: Vault, size: int) -> None:
        assert vault.session("p1") is None
        vault.store_session("p1", session("t"))
        vault.store_session("p1", session("u" * size))
        assert vault.session("p1") == session("u" * size)
        vault.forget_session("p1")
        assert vault.session("p1") is None
        vault.forget_session("p1")

    def test_is_proven(self, vault: Vault) -> None:
        vault.prove()

    def test_keeps_keys_sessions_and_ids_apart(self, vault: Vault) -> None:
        vault.store_access_key("a", KEY)
        vault.store_session("a", session("1"))
        vault.store_session("ab", session("2"))
        vault.forget_session("a")
        assert vault.access_key("a") == KEY
        assert vault.session("ab") == session("2")


def test_a_missing_key_is_shown_at_the_access_key(vault_in_memory: Vault) -> None:
    with pytest.raises(AccessKeyNotInVaultError) as caught:
        vault_in_memory.access_key("k1")
    assert caught.value.field is Field.ACCESS_KEY
    assert caught.value.hint


def test_proving_leaves_nothing(vault_in_memory: Vault, memory: MemoryStore) -> None:
    vault_in_memory.prove()
    assert memory._values == {}


class LyingStore(MemoryStore):
    """Takes part of a value only, as 99designs/keyring#99 saw it, without saying so."""

    def set(self, name: str, value: str) -> None:
        super().set(name, value[:900])


class ForgetfulStore(MemoryStore):
    def set(self, name: str, value: str) -> None:
        pass


@pytest.mark.parametrize("kind", [LyingStore, ForgetfulStore])
def test_a_store_that_lies_is_not_proven(kind: type[MemoryStore], store_vault: Callable[[SecretStore], Vault]) -> None:
    store = kind()
    with pytest.raises(KeyringRefusedError):
        store_vault(store).prove()
    assert len(store._values) <= 2


@pytest.mark.parametrize("identifier", ["", "A", "a b", "../x", "x/y", "é", "123456789012:alice", "a\n"])
def test_only_our_own_ids_become_part_of_a_name(vault_in_memory: Vault, memory: MemoryStore, identifier: str) -> None:
    for call in (vault_in_memory.access_key, vault_in_memory.forget_access_key, vault_in_memory.session):
        with pytest.raises(ValueError, match="a-z"):
            call(identifier)
    with pytest.raises(ValueError, match="a-z"):
        vault_in_memory.store_session(identifier, session())
    assert memory._values == {}


@pytest.mark.fault(27)
@pytest.mark.expects_warnings
def test_damage_is_absence_and_logged_once_without_content(
    vault_in_memory: Vault, memory: MemoryStore, caplog: pytest.LogCaptureFixture
) -> None:
    vault_in_memory.store_session("p1", session())
    vault_in_memory.store_access_key("k1", KEY)
    for name in list(memory._values):
        if name.count("/") == 3:
            memory.set(name, "SECRET" + memory._values[name])
    assert vault_in_memory.session("p1") is None
    assert vault_in_memory.session("p1") is None
    with pytest.raises(AccessKeyNotInVaultError):
        vault_in_memory.access_key("k1")
    assert [record.levelname for record in caplog.records if "damaged" in record.getMessage()] == ["WARNING"] * 2
    assert "SECRET" not in caplog.text
    vault_in_memory.store_session("p1", session("new"))
    assert vault_in_memory.session("p1") == session("new")


@pytest.mark.fault(27)
@pytest.mark.expects_warnings
def test_a_session_of_another_version_is_absent(vault_in_memory: Vault, memory: MemoryStore) -> None:
    from sts_desktop.core.vault.parts import PartedTexts

    PartedTexts(memory).set("session/p1", '{"v": 2, "something": "else"}')
    assert vault_in_memory.session("p1") is None


def test_nothing_secret_is_logged(
    vault_in_memory: Vault, memory: MemoryStore, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    vault_in_memory.store_access_key("k1", KEY)
    vault_in_memory.store_session("p1", session("theToken"))
    vault_in_memory.access_key("k1")
    vault_in_memory.session("p1")
    vault_in_memory.prove()
    for secret in (KEY.access_key_id, KEY.secret_access_key, "theSecretKey", "theToken", "ASIA"):
        assert secret not in caplog.text
        assert not any(secret in name for name in memory._values)


def test_threads_do_not_disturb_each_other(vault_in_memory: Vault) -> None:
    def work(number: int) -> bool:
        name = f"p{number % 4}"
        vault_in_memory.store_session(name, session(f"{name}token" * 500))
        found = vault_in_memory.session(name)
        return found is not None and found.session_token == f"{name}token" * 500

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(work, range(200)))


class LockedStore(MemoryStore):
    """Asks a person, who takes the time they take."""

    def __init__(self) -> None:
        super().__init__()
        self.asked = 0
        self.answered = threading.Event()
        self.asking = threading.Event()
        self.dismissed = False

    def unlock(self) -> None:
        self.asked += 1
        self.asking.set()
        assert self.answered.wait(30)
        if self.dismissed:
            raise KeyringLockedError

    def would_ask(self) -> bool:
        return not self.answered.is_set()


@pytest.fixture
def locked() -> Iterator[LockedStore]:
    store = LockedStore()
    yield store
    store.answered.set()


@pytest.mark.fault(25)
@pytest.mark.expects_warnings
def test_a_late_password_stores_nothing(locked: LockedStore) -> None:
    vault = Vault(lambda: OpenedStore(VaultStatus("a store", True, ""), locked), limit_seconds=0.2)
    with pytest.raises(KeyringNotAnsweringError):
        vault.store_access_key("k1", KEY)
    with pytest.raises(KeyringNotAnsweringError):
        vault.store_session("p1", session())
    assert locked.asked == 1
    locked.answered.set()
    patient = Vault(lambda: OpenedStore(VaultStatus("a store", True, ""), locked))
    patient.prove()
    while locked.asked < 3:  # until the vault above is free again, and asks anew
        try:
            assert vault.session("p1") is None
        except KeyringNotAnsweringError:
            continue
    assert locked._values == {}


@pytest.mark.fault(25)
@pytest.mark.expects_warnings
def test_a_person_who_does_not_wait_goes_on_in_memory_at_once(locked: LockedStore) -> None:
    vault = Vault(lambda: OpenedStore(VaultStatus("a store", True, ""), locked), limit_seconds=0.2)
    with pytest.raises(KeyringNotAnsweringError):
        vault.store_session("p1", session())
    vault.go_on_in_memory()
    assert vault.known_status == vault.status()
    assert not vault.status().is_persistent
    assert not vault.store_session("p1", session("u")).is_persistent
    assert vault.session("p1") == session("u")
    locked.answered.set()  # and the password comes after all
    vault.prove()
    assert vault.session("p1") == session("u")
    assert locked._values == {}


@pytest.mark.fault(25)
def test_what_is_asked_of_the_keyring_before_is_still_answered_by_it(locked: LockedStore) -> None:
    vault = Vault(lambda: OpenedStore(VaultStatus("a store", True, ""), locked))
    with ThreadPoolExecutor() as pool:
        storing = pool.submit(vault.store_session, "p1", session())
        wait_until(lambda: locked.asked, "the keyring to ask")
        waiting = pool.submit(vault.store_session, "p2", session())
        wait_until(lambda: not vault._thread._queue.empty(), "the next one to wait")
        vault.go_on_in_memory()
        locked.answered.set()
        assert storing.result(20).is_persistent
        with pytest.raises(KeyringNotAnsweringError):  # it had not begun
            waiting.result(20)
    assert vault.session("p1") is None
    assert vault.session("p2") is None
    assert locked._values


def test_to_go_on_in_memory_twice_is_the_same_as_once(locked: LockedStore, memory: MemoryStore) -> None:
    vault = Vault(lambda: OpenedStore(VaultStatus("a store", True, ""), locked))
    vault.go_on_in_memory()
    vault.store_session("p1", session())
    vault.go_on_in_memory()
    assert vault.session("p1") == session()


@pytest.mark.fault(25)
@pytest.mark.expects_warnings
@pytest.mark.parametrize("look", [Vault.status, Vault.prove])
def test_a_keyring_that_is_found_too_late_does_not_take_the_place_of_memory(
    memory: MemoryStore, look: Callable[[Vault], object]
) -> None:
    gate, found = threading.Event(), threading.Event()

    def open_late() -> OpenedStore:
        assert gate.wait(20)
        found.set()
        return OpenedStore(VaultStatus("a store", True, ""), memory)

    vault = Vault(open_late, limit_seconds=0.2)
    late = vault._thread
    with pytest.raises(KeyringNotAnsweringError):
        look(vault)
    vault.go_on_in_memory()
    vault.store_session("p1", session())
    gate.set()
    assert found.wait(20)
    wait_until(lambda: late._running is None, "the late one to end")
    assert vault.session("p1") == session()
    assert not vault.status().is_persistent
    assert memory._values == {}


@pytest.mark.fault(24)
def test_where_values_are_kept_is_known_while_the_keyring_asks(locked: LockedStore) -> None:
    vault = Vault(lambda: OpenedStore(VaultStatus("a store", True, ""), locked))
    with ThreadPoolExecutor() as pool:
        storing = pool.submit(vault.store_session, "p1", session())
        assert locked.asking.wait(20)
        assert pool.submit(vault.status).result(20).name == "a store"
        assert not storing.done()
        locked.answered.set()


@pytest.mark.fault(24)
def test_a_look_that_may_not_ask_turns_nobody_away(locked: LockedStore, monkeypatch: pytest.MonkeyPatch) -> None:
    vault = Vault(lambda: OpenedStore(VaultStatus("a store", True, ""), locked))
    looking, waiting = threading.Event(), threading.Event()

    def look() -> bool:
        looking.set()
        return waiting.wait(20)

    monkeypatch.setattr(locked, "would_ask", look)
    with ThreadPoolExecutor() as pool:
        quiet = pool.submit(vault.session, "p1", may_prompt=False)
        assert looking.wait(20)
        wish = pool.submit(vault.prove)
        wait_until(lambda: not vault._thread._queue.empty(), "the next one to wait")
        locked.answered.set()
        waiting.set()
        with pytest.raises(KeyringLockedError):
            quiet.result(20)
        wish.result(20)
    assert locked.asked == 1


@pytest.mark.fault(25)
@pytest.mark.expects_warnings
def test_a_proof_that_nobody_waits_for_leaves_nothing(memory: MemoryStore, monkeypatch: pytest.MonkeyPatch) -> None:
    vault = Vault(lambda: OpenedStore(VaultStatus("a store", True, ""), memory), limit_seconds=0.2)
    gate, keep = threading.Event(), memory.set

    def set_late(name: str, value: str) -> None:
        keep(name, value)
        gate.wait(20)

    monkeypatch.setattr(memory, "set", set_late)
    with pytest.raises(KeyringNotAnsweringError):
        vault.prove()
    gate.set()
    wait_until(lambda: vault._thread._running is None, "the proof to end")
    assert memory._values == {}


@pytest.mark.fault(24)
def test_a_dismissed_window_is_reported_and_not_opened_again(locked: LockedStore) -> None:
    vault = Vault(lambda: OpenedStore(VaultStatus("a store", True, ""), locked))
    locked.dismissed = True
    locked.answered.set()
    with pytest.raises(KeyringLockedError):
        vault.prove()
    assert locked.asked == 1
    locked.dismissed = False
    vault.prove()
    assert locked.asked == 2


@pytest.mark.fault(44)
def test_a_locked_keyring_is_told_of_at_once_where_nobody_may_be_asked(locked: LockedStore) -> None:
    vault = Vault(lambda: OpenedStore(VaultStatus("a store", True, ""), locked))
    with pytest.raises(KeyringLockedError):
        vault.session("p1", may_prompt=False)
    assert locked.asked == 0
    locked.answered.set()
    vault.store_session("p1", session())
    assert vault.session("p1", may_prompt=False) == session()
    assert locked.asked == 1  # by what stored it


def test_a_service_that_went_away_is_looked_for_again(
    make_faulty_store: Callable[[], "FaultyStore"], store_vault: Callable[[SecretStore], Vault]
) -> None:
    store = make_faulty_store()
    vault = store_vault(store)
    store.fail_at, store.for_good = 0, True
    with pytest.raises(KeyringUnavailableError):
        vault.session("p1")
    store.fail_at = None
    assert vault.session("p1") is None


@pytest.mark.expects_warnings
def test_the_store_is_looked_for_at_first_use_until_found_and_then_kept() -> None:
    threads: list[str] = []

    def open_store() -> OpenedStore:
        threads.append(threading.current_thread().name)
        if len(threads) == 1:
            raise TimeoutError
        return OpenedStore(VaultStatus("a store", True, ""), MemoryStore())

    vault = Vault(open_store)
    assert threads == []
    with pytest.raises(KeyringNotAnsweringError):
        vault.status()
    assert vault.status() == VaultStatus("a store", True, "")
    vault.store_session("p1", session())
    assert vault.session("p1") == session()
    assert threads == ["keyring"] * 2


def test_the_memory_vault_says_so() -> None:
    status = memory_vault().status()
    assert status.name == "memory only"
    assert not status.is_persistent
    assert status.reason


@pytest.mark.fault(23)
def test_without_a_keyring_the_vault_works_in_memory() -> None:
    vault = open_vault({})
    assert not vault.status().is_persistent
    vault.prove()
    vault.store_session("p1", session())
    assert vault.session("p1") == session()


def test_opening_is_cheap() -> None:
    heavy = ["boto3", "botocore", "keyring", "secretstorage", "jeepney", "cryptography", "PySide6", "configparser"]
    script = (
        "import sys, threading; from sts_desktop.core.vault.vault import open_vault; open_vault();"
        f"print([m for m in {heavy} if m in sys.modules], threading.active_count())"
    )
    found = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[] 1"
