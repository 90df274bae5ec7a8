"""One session read over D-Bus without python-keyring, on a real gnome-keyring and where there is none."""

import subprocess
import sys
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from sts_desktop.core.credentials import SessionCredentials
from sts_desktop.core.vault.errors import KeyringLockedError, KeyringNotAnsweringError
from sts_desktop.core.vault.quick_read import NotReadError, read_session
from sts_desktop.core.vault.vault import open_vault

if TYPE_CHECKING:
    from tests.private_bus import PrivateBus

pytestmark = pytest.mark.desktop("dbus-daemon", "gnome-keyring-daemon")

LIMIT_SECONDS = 10.0

LOADED = """
import sys
from sts_desktop.core.vault.quick_read import read_session

assert read_session("p1", 10).session_token == "token"
unwanted = {"keyring", "secretstorage", "cryptography", "logging", "boto3", "botocore", "PySide6"}
print(*sorted(unwanted & sys.modules.keys()))
"""


def session(token: str = "token") -> SessionCredentials:
    return SessionCredentials("ASIAIOSFODNN7EXAMPLE", "secret", token, datetime(2026, 11, 25, tzinfo=UTC))


@pytest.mark.fault(22)
@pytest.mark.parametrize("size", [1, 4_096, 16_384])
def test_what_the_vault_stored_is_read(real_keyring: "PrivateBus", size: int) -> None:
    open_vault().store_session("p1", session("x" * size))
    assert read_session("p1", LIMIT_SECONDS) == session("x" * size)


def test_absent_forgotten_and_replaced(real_keyring: "PrivateBus") -> None:
    vault = open_vault()
    assert read_session("p1", LIMIT_SECONDS) is None
    vault.store_session("p1", session("old"))
    vault.store_session("p1", session("new"))
    assert read_session("p1", LIMIT_SECONDS) == session("new")
    assert read_session("p2", LIMIT_SECONDS) is None
    vault.forget_session("p1")
    assert read_session("p1", LIMIT_SECONDS) is None


@pytest.mark.fault(27)
def test_damage_is_absence(real_keyring: "PrivateBus") -> None:
    from sts_desktop.core.vault.backends import open_store

    open_vault().store_session("p1", session())
    open_store().store.set("session/p1", "{no manifest")
    assert read_session("p1", LIMIT_SECONDS) is None


@pytest.mark.fault(44)
def test_a_locked_keyring_opens_no_window(real_keyring: "PrivateBus") -> None:
    open_vault().store_session("p1", session())
    real_keyring.lock()
    with pytest.raises(KeyringLockedError):
        read_session("p1", LIMIT_SECONDS)


@pytest.mark.fault(44)
def test_the_vault_opens_none_either_when_told_so(real_keyring: "PrivateBus") -> None:
    vault = open_vault()
    vault.store_session("p1", session())
    assert vault.session("p1", may_prompt=False) == session()
    real_keyring.lock()
    with pytest.raises(KeyringLockedError):
        vault.session("p1", may_prompt=False)


def test_it_imports_no_more_than_it_needs(real_keyring: "PrivateBus") -> None:
    open_vault().store_session("p1", session())
    found = subprocess.run([sys.executable, "-c", LOADED], capture_output=True, text=True, check=True, timeout=60)
    assert found.stdout.strip() == ""


@pytest.mark.fault(23)
def test_without_a_bus_or_a_service_another_way_may_succeed(private_bus: "PrivateBus") -> None:
    with pytest.raises(NotReadError):
        read_session("p1", LIMIT_SECONDS)
    private_bus.stop()
    with pytest.raises(NotReadError):
        read_session("p1", LIMIT_SECONDS)


@pytest.mark.fault(44)
def test_a_service_that_does_not_answer_is_given_up(private_bus: "PrivateBus") -> None:
    private_bus.let_start("org.freedesktop.secrets", "/bin/sleep 30")
    began = time.monotonic()
    with pytest.raises(KeyringNotAnsweringError) as caught:
        read_session("p1", 0.3)
    assert time.monotonic() - began < 10
    assert caught.value.__context__ is None
