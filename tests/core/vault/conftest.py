"""Stores to hold against one contract, faults to order, and a real keyring on a private D-Bus."""

import gc
import os
import subprocess
import sys
import types
import warnings
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import IO, Any, TypeVar

import pytest

from sts_desktop.core.vault import secret_service
from sts_desktop.core.vault.errors import KeyringUnavailableError
from sts_desktop.core.vault.store import MemoryStore, SecretStore
from sts_desktop.core.vault.vault import Vault

T = TypeVar("T")

ANSWER_SECONDS = 20.0

# Its own configuration, so that nothing is started through D-Bus except what a test allows.
BUS_CONFIGURATION = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:path={directory}/bus</listen>
  <servicedir>{directory}/services</servicedir>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
"""


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


class PrivateBus:
    """A session bus with, if wished, a gnome-keyring on it; every process started here is ended by `stop`."""

    def __init__(self, directory: Path, patch: pytest.MonkeyPatch) -> None:
        self.directory = directory
        self._processes: list[subprocess.Popen[bytes]] = []
        self._keyring: subprocess.Popen[bytes] | None = None
        (directory / "services").mkdir()
        (directory / "bus.conf").write_text(BUS_CONFIGURATION.format(directory=directory))
        patch.setenv("XDG_RUNTIME_DIR", str(directory))
        patch.setenv("DBUS_SESSION_BUS_ADDRESS", f"unix:path={directory}/bus")
        bus = self._start("dbus-daemon", f"--config-file={directory}/bus.conf", "--nofork", "--print-address=1")
        assert bus.stdout is not None
        assert bus.stdout.readline(), "dbus-daemon did not start"  # written as soon as it listens

    def start_keyring(self, *, unlocked: bool = True) -> None:
        """Start gnome-keyring, whose login keyring has the password "test", and wait until it serves."""
        unlock = ["--unlock"] if unlocked else []
        self._keyring = self._start("gnome-keyring-daemon", "--foreground", "--components=secrets", *unlock)
        assert self._keyring.stdin is not None
        self._keyring.stdin.write(b"test" if unlocked else b"")
        self._keyring.stdin.close()
        self.wait_until_owned(secret_service.BUS_NAME)

    def kill_keyring(self) -> None:
        """Let the keyring die as by `kill -9`; returns once it is gone."""
        assert self._keyring is not None
        self._keyring.kill()
        self._keyring.wait(ANSWER_SECONDS)

    def lock(self) -> None:
        import secretstorage

        with closing(secretstorage.dbus_init()) as connection:
            secretstorage.get_default_collection(connection).lock()

    def let_start(self, name: str, command: str) -> None:
        """Let D-Bus start `command` for whoever asks for `name`."""
        text = f"[D-BUS Service]\nName={name}\nExec={command}\n"
        (self.directory / "services" / f"{name}.service").write_text(text)
        with closing(self.connect()) as connection:
            connection.bus_proxy.ReloadConfig()

    def connect(self) -> Any:
        from jeepney.io.blocking import open_dbus_connection  # type: ignore[import-untyped]  # has no types

        return open_dbus_connection(auth_timeout=ANSWER_SECONDS)

    def item_labels(self) -> set[str]:
        import secretstorage

        with closing(secretstorage.dbus_init()) as connection:
            items = secretstorage.get_default_collection(connection).get_all_items()
            return {item.get_label() for item in items}

    def wait_until_owned(self, name: str) -> None:
        from jeepney import MatchRule  # type: ignore[import-untyped]  # has no types

        rule = MatchRule(type="signal", interface="org.freedesktop.DBus", member="NameOwnerChanged")
        rule.add_arg_condition(0, name)
        with closing(self.connect()) as connection, connection.filter(rule) as changes:
            connection.bus_proxy.AddMatch(rule)
            if not connection.bus_proxy.NameHasOwner(name)[0]:
                connection.recv_until_filtered(changes, timeout=ANSWER_SECONDS)

    def stop(self) -> None:
        for process in reversed(self._processes):
            process.kill()
            process.wait(ANSWER_SECONDS)
            for pipe in (process.stdin, process.stdout):
                _close(pipe)

    def _start(self, *command: str) -> subprocess.Popen[bytes]:
        with open(self.directory / f"{command[0]}.log", "ab") as log:
            process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log)
        self._processes.append(process)
        return process


def _close(pipe: IO[bytes] | None) -> None:
    if pipe is not None:
        pipe.close()


@pytest.fixture
def private_bus(monkeypatch: pytest.MonkeyPatch) -> Iterator[PrivateBus]:
    bus = PrivateBus(Path(os.environ["XDG_RUNTIME_DIR"]), monkeypatch)
    yield bus
    bus.stop()
    with warnings.catch_warnings():
        # keyring does not close its connection when the service fails under it: let no later test be blamed.
        warnings.simplefilter("ignore", ResourceWarning)
        gc.collect()


@pytest.fixture
def real_keyring(private_bus: PrivateBus) -> PrivateBus:
    private_bus.start_keyring()
    return private_bus


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
