"""Stores to hold against one contract, and faults to order."""

import sys
import types
from collections.abc import Callable
from typing import Any, TypeVar

import pytest

from sts_desktop.core.vault.errors import KeyringUnavailableError
from sts_desktop.core.vault.store import MemoryStore, SecretStore
from sts_desktop.core.vault.vault import Vault

T = TypeVar("T")


class FaultyStore:
    """A store in memory that fails at one operation, before or after it took effect; or from there on, as in a crash.

    `operations` names every call but `unlock`.
    """

    def __init__(self) -> None:
        self.inner = MemoryStore()
        self.operations: list[str] = []
        self.before_operation: Callable[[int], None] = lambda _number: None
        self.fail_at: int | None = None
        self.takes_effect = False
        self.for_good = False

    @property
    def values(self) -> dict[str, str]:
        return self.inner._values

    def unlock(self) -> None:
        self.inner.unlock()

    def would_ask(self) -> bool:
        return False

    def get(self, name: str) -> str | None:
        return self._operate(f"get {name}", lambda: self.inner.get(name))

    def set(self, name: str, value: str) -> None:
        self._operate(f"set {name}", lambda: self.inner.set(name, value))

    def delete(self, name: str) -> None:
        self._operate(f"delete {name}", lambda: self.inner.delete(name))

    def _operate(self, kind: str, operation: Callable[[], T]) -> T:
        number = len(self.operations)
        self.operations.append(kind)
        self.before_operation(number)
        if self.fail_at is None or number < self.fail_at or (number > self.fail_at and not self.for_good):
            return operation()
        if self.takes_effect and number == self.fail_at:
            operation()
        raise KeyringUnavailableError


@pytest.fixture
def make_faulty_store() -> Callable[[], FaultyStore]:
    return FaultyStore


class WindowsApiError(Exception):
    """As `win32ctypes.pywin32.pywintypes.error`: not an OSError."""

    def __init__(self, winerror: int, funcname: str, strerror: str) -> None:
        super().__init__(winerror, funcname, strerror)
        self.winerror, self.funcname, self.strerror = winerror, funcname, strerror


class WindowsCredentials:
    """The part of win32cred that keyring uses, with the limit of 2,560 bytes.

    Error numbers: jaraco/keyring#355 (1783), keyring/backends/Windows.py (1168).
    """

    CRED_TYPE_GENERIC = 1
    CRED_PERSIST_LOCAL_MACHINE = 2
    CRED_PERSIST_ENTERPRISE = 3

    def __init__(self) -> None:
        self.credentials: dict[str, dict[str, Any]] = {}

    def CredWrite(self, credential: dict[str, Any], _flags: int) -> None:
        blob = credential["CredentialBlob"].encode("utf-16-le")
        if len(blob) > 2560:
            raise WindowsApiError(1783, "CredWrite", "The stub received bad data.")
        self.credentials[credential["TargetName"]] = credential | {"CredentialBlob": blob}

    def CredRead(self, Type: int, TargetName: str) -> dict[str, Any]:  # noqa: N803  (win32cred's names)
        if TargetName not in self.credentials:
            raise WindowsApiError(1168, "CredRead", "Element not found.")
        return self.credentials[TargetName]

    def CredDelete(self, Type: int, TargetName: str) -> None:  # noqa: N803  (win32cred's names)
        if self.credentials.pop(TargetName, None) is None:
            raise WindowsApiError(1168, "CredDelete", "Element not found.")


@pytest.fixture
def windows_credentials(monkeypatch: pytest.MonkeyPatch) -> WindowsCredentials:
    """Let keyring's own Windows back end run on an imitated Windows API."""
    credentials = WindowsCredentials()
    pywintypes = types.ModuleType("win32ctypes.pywin32.pywintypes")
    pywintypes.error = WindowsApiError  # type: ignore[attr-defined]  # a module made here
    pywin32 = types.ModuleType("win32ctypes.pywin32")
    pywin32.pywintypes = pywintypes  # type: ignore[attr-defined]  # a module made here
    credentials.__name__ = "win32cred"  # type: ignore[attr-defined]  # keyring looks for it
    pywin32.win32cred = credentials  # type: ignore[attr-defined]  # a module made here
    monkeypatch.setitem(sys.modules, "win32ctypes", types.ModuleType("win32ctypes"))
    monkeypatch.setitem(sys.modules, "win32ctypes.pywin32", pywin32)
    monkeypatch.delitem(sys.modules, "keyring.backends.Windows", raising=False)
    # Registers what the import puts there, so that it is taken away again at the end.
    monkeypatch.setitem(sys.modules, "keyring.backends.Windows", None)
    monkeypatch.delitem(sys.modules, "keyring.backends.Windows")
    return credentials


@pytest.fixture(
    params=[
        "memory",
        "windows",
        pytest.param("gnome-keyring", marks=pytest.mark.desktop("dbus-daemon", "gnome-keyring-daemon")),
    ]
)
def store(request: pytest.FixtureRequest) -> SecretStore:
    """Each kind of store there is."""
    if request.param == "memory":
        return MemoryStore()
    from sts_desktop.core.vault import backends

    if request.param == "windows":
        request.getfixturevalue("windows_credentials")
        return backends.open_store(platform="win32").store
    request.getfixturevalue("real_keyring")
    opened = backends.open_store()
    assert opened.status.name == "GNOME Keyring"
    return opened.store


@pytest.fixture
def store_vault() -> Callable[[SecretStore], Vault]:
    """Make a vault on a store."""
    from sts_desktop.core.vault.store import OpenedStore, VaultStatus

    return lambda store: Vault(lambda: OpenedStore(VaultStatus("a store", True, ""), store))
