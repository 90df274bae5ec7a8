"""Which keyring is chosen, whatever the environment says."""

import logging
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from sts_desktop.core.vault import backends

if TYPE_CHECKING:
    from tests.core.vault.conftest import WindowsCredentials
    from tests.private_bus import PrivateBus

real = pytest.mark.desktop("dbus-daemon", "gnome-keyring-daemon")

HOSTILE = {
    "null": "keyring.backends.null.Keyring",
    "fail": "keyring.backends.fail.Keyring",
    "chainer": "keyring.backends.chainer.ChainerBackend",
    "plain text": "keyrings.alt.file.PlaintextKeyring",
    "another system's": "keyring.backends.macOS.Keyring",
    "nonsense": "no such thing\n<b>",
    "no module": "x",
    "long": "x" * 100_000,
}


def write_configuration(text: str) -> Path:
    directory = Path(os.environ["XDG_CONFIG_HOME"]) / "python_keyring"
    directory.mkdir(parents=True)
    (directory / "keyringrc.cfg").write_text(text)
    return directory


@pytest.mark.fault(23)
def test_without_a_session_bus_everything_is_in_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DBUS_SESSION_BUS_ADDRESS")
    opened = backends.open_store()
    assert opened.status.name == "memory only"
    assert not opened.status.is_persistent
    assert "SSH" in opened.status.reason
    opened.store.set("a", "b")
    assert opened.store.get("a") == "b"


@pytest.mark.fault(23)
@pytest.mark.parametrize(
    "address",
    ["unix:path=/nowhere/bus", "autolaunch:", "tcp:host=127.0.0.1,port=1", "nonsense", "disabled:", "unix:abstract=x,"],
)
def test_a_bus_that_cannot_be_reached_is_no_bus(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", address)
    status = backends.open_store().status
    assert not status.is_persistent
    assert "D-Bus" in status.reason
    assert address not in status.reason


@real
@pytest.mark.fault(23)
def test_a_bus_without_a_keyring(private_bus: "PrivateBus") -> None:
    status = backends.open_store().status
    assert not status.is_persistent
    assert "Install" in status.reason


@real
@pytest.mark.fault(23)
def test_a_keyring_service_that_does_not_start(private_bus: "PrivateBus") -> None:
    private_bus.let_start("org.freedesktop.secrets", "/bin/false")
    status = backends.open_store().status
    assert not status.is_persistent
    assert "did not start" in status.reason


@real
@pytest.mark.fault(29)
@pytest.mark.expects_warnings
@pytest.mark.parametrize("backend", HOSTILE.values(), ids=HOSTILE)
def test_the_environment_cannot_name_an_unsafe_back_end(
    real_keyring: "PrivateBus", monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, backend: str
) -> None:
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", backend)
    opened = backends.open_store()
    assert opened.status.name == "GNOME Keyring"
    assert opened.status.is_persistent
    opened.store.set("session/a", "value")
    assert opened.store.get("session/a") == "value"
    assert "PYTHON_KEYRING_BACKEND" in caplog.text
    assert "<b>" not in caplog.text
    assert len(caplog.text) < 1_000


@pytest.mark.fault(29)
@pytest.mark.expects_warnings
def test_in_memory_the_reason_names_the_refused_back_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")
    status = backends.open_store().status
    assert not status.is_persistent
    assert "keyring.backends.null.Keyring" in status.reason
    assert "PYTHON_KEYRING_BACKEND" in status.reason


@real
@pytest.mark.fault(29)
@pytest.mark.expects_warnings
@pytest.mark.parametrize(
    "text",
    ["no section\n", "[backend]\ndefault-keyring", "[backend]\n[backend]\n", "\0\udcff", "[backend]\nx = \udcff"],
)
def test_a_broken_configuration_file_is_ignored(
    real_keyring: "PrivateBus", caplog: pytest.LogCaptureFixture, text: str
) -> None:
    directory = write_configuration("")
    (directory / "keyringrc.cfg").write_bytes(text.encode(errors="surrogateescape"))
    assert backends.open_store().status.name == "GNOME Keyring"
    assert "configuration file cannot be read" in caplog.text


@real
@pytest.mark.fault(29)
@pytest.mark.expects_warnings
def test_the_configuration_file_cannot_bring_code_of_its_own(real_keyring: "PrivateBus", tmp_path: Path) -> None:
    (tmp_path / "their_module.py").write_text(f"open({str(tmp_path / 'ran')!r}, 'w')\nclass Keyring: pass\n")
    write_configuration(f"[backend]\ndefault-keyring = their_module.Keyring\nkeyring-path = {tmp_path}\n")
    assert backends.open_store().status.name == "GNOME Keyring"
    assert not (tmp_path / "ran").exists()
    assert str(tmp_path) not in sys.path


@real
def test_an_allowed_wish_is_no_reason_to_complain(real_keyring: "PrivateBus") -> None:
    write_configuration("[backend]\ndefault-keyring = keyring.backends.SecretService.Keyring\n")
    assert backends.open_store().status.name == "GNOME Keyring"


@real
def test_a_wished_back_end_that_is_not_installed_leaves_the_others(
    real_keyring: "PrivateBus", monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "gi", None)  # libsecret's bindings, where the system has them
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.libsecret.Keyring")
    assert backends.open_store().status.name == "GNOME Keyring"


@real
def test_properties_from_the_environment_are_not_used(
    real_keyring: "PrivateBus", monkeypatch: pytest.MonkeyPatch
) -> None:
    """This one would send everything to a collection that is forgotten when the session ends."""
    monkeypatch.setenv("KEYRING_PROPERTY_PREFERRED_COLLECTION", "/org/freedesktop/secrets/collection/session")
    backends.open_store().store.set("session/a", "value")
    assert any("session/a" in label for label in real_keyring.item_labels())


@real
def test_no_other_back_ends_are_loaded(real_keyring: "PrivateBus") -> None:
    script = (
        "import sys; from sts_desktop.core.vault import backends; print(backends.open_store().status.name);"
        "print(*(m for m in sys.modules if m.startswith('keyring.backends.')))"
    )
    found = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout
    name, modules = found.splitlines()
    assert name == "GNOME Keyring"
    assert modules == "keyring.backends.fail"  # keyring itself loads it


def test_on_windows_items_stay_on_this_computer(windows_credentials: "WindowsCredentials") -> None:
    opened = backends.open_store(platform="win32")
    assert opened.status.name == "Windows Credential Manager"
    assert opened.status.is_persistent
    opened.store.set("session/a", "value")
    (item,) = windows_credentials.credentials.values()
    assert item["Persist"] == windows_credentials.CRED_PERSIST_LOCAL_MACHINE
    assert item["TargetName"] == "sts-desktop/session/a"


@pytest.mark.parametrize("platform", ["win32", "darwin"])
def test_where_the_system_cannot_be_reached_everything_is_in_memory(
    platform: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    for module in ("win32ctypes", "pywintypes", "win32cred"):
        monkeypatch.setitem(sys.modules, module, None)
    caplog.set_level(logging.INFO)
    status = backends.open_store(platform=platform).status
    assert not status.is_persistent
    assert "does not work" in status.reason
    assert "Install" not in status.reason
    assert "cannot be used here" in caplog.text
