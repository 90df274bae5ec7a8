"""A real keyring on a private D-Bus, as fixtures for all tests; the root `conftest` loads it as a plugin."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import IO, Any

import pytest

from sts_desktop.core.vault import secret_service

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


@pytest.fixture
def real_keyring(private_bus: PrivateBus) -> PrivateBus:
    private_bus.start_keyring()
    return private_bus
