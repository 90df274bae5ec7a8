"""Finding the session bus and the program behind the Secret Service."""

import os
import socket
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from sts_desktop.core.vault import secret_service
from sts_desktop.core.vault.errors import KeyringLockedError

if TYPE_CHECKING:
    from tests.private_bus import PrivateBus

real = pytest.mark.desktop("dbus-daemon", "gnome-keyring-daemon")

ADDRESS = "DBUS_SESSION_BUS_ADDRESS"


@pytest.fixture
def usual_place(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A socket where systemd puts the session bus."""
    monkeypatch.delenv(ADDRESS)
    place = Path(os.environ["XDG_RUNTIME_DIR"]) / "bus"
    with closing(socket.socket(socket.AF_UNIX)) as bus:
        bus.bind(str(place))
        yield place


def test_the_variable_says_where_the_bus_is() -> None:
    assert secret_service.session_bus_address({ADDRESS: "unix:path=/a", "XDG_RUNTIME_DIR": "/b"}) == "unix:path=/a"


def test_the_bus_is_found_at_its_usual_place(usual_place: Path) -> None:
    assert secret_service.session_bus_address(os.environ) == f"unix:path={usual_place}"


def test_a_file_is_no_bus(tmp_path: Path) -> None:
    (tmp_path / "bus").touch()
    assert secret_service.session_bus_address({"XDG_RUNTIME_DIR": str(tmp_path)}) is None
    assert secret_service.session_bus_address({"XDG_RUNTIME_DIR": ""}) is None
    assert secret_service.session_bus_address({}) is None


def test_the_address_is_set_for_the_libraries_where_it_is_missing(usual_place: Path) -> None:
    secret_service.adopt_session_bus(os.environ)
    assert os.environ[ADDRESS] == f"unix:path={usual_place}"


def test_an_empty_address_is_a_missing_one(usual_place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(ADDRESS, "")
    secret_service.adopt_session_bus(os.environ)
    assert os.environ[ADDRESS] == f"unix:path={usual_place}"


def test_an_address_that_is_set_stays() -> None:
    before = os.environ[ADDRESS]
    secret_service.adopt_session_bus({ADDRESS: "unix:path=/elsewhere"})
    assert os.environ[ADDRESS] == before


@real
def test_gnome_keyring_is_known_by_its_process(real_keyring: "PrivateBus") -> None:
    assert secret_service.find_provider() == "GNOME Keyring"


class OtherService:
    """Another program's Secret Service, as far as being found needs it; runs in this process."""

    def __init__(self, bus: "PrivateBus") -> None:
        self._connection = bus.connect()
        self._connection.bus_proxy.RequestName(secret_service.BUS_NAME)

    def answer_one_question(self) -> None:
        from jeepney import HeaderFields, MessageType, new_method_return  # type: ignore[import-untyped]  # has no types

        while True:
            message: Any = self._connection.receive()
            if message.header.message_type is MessageType.method_call:
                assert message.header.fields[HeaderFields.member] == "Get"
                self._connection.send(new_method_return(message, "v", (("ao", []),)))
                return

    def close(self) -> None:
        self._connection.close()


@real
def test_another_program_is_called_by_the_general_name(private_bus: "PrivateBus") -> None:
    with closing(OtherService(private_bus)) as service:
        thread = threading.Thread(target=service.answer_one_question)
        thread.start()
        assert secret_service.find_provider() == "Secret Service"
        thread.join()


@real
def test_a_service_that_never_answers_is_not_waited_for(
    private_bus: "PrivateBus", monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(secret_service, "_ANSWER_LIMIT_SECONDS", 0.1)
    with closing(OtherService(private_bus)), pytest.raises(TimeoutError):
        secret_service.find_provider()


@real
def test_an_unlocked_collection_needs_nothing(real_keyring: "PrivateBus") -> None:
    secret_service.unlock_default_collection()


@real
@pytest.mark.fault(24)
def test_a_locked_collection_that_nobody_can_unlock(real_keyring: "PrivateBus") -> None:
    real_keyring.lock()
    with pytest.raises(KeyringLockedError):
        secret_service.unlock_default_collection()


@pytest.mark.parametrize(
    ("comm", "name"),
    [("gnome-keyring-d\n", "GNOME Keyring"), ("keepassxc\n", "KeePassXC"), ("ksecretd\n", "KDE Wallet")],
)
def test_products_are_told_by_the_process_name(monkeypatch: pytest.MonkeyPatch, comm: str, name: str) -> None:
    monkeypatch.setattr(Path, "read_text", lambda *_arguments, **_options: comm)
    assert secret_service._process_name(1) == name


def test_a_process_that_cannot_be_seen_has_the_general_name() -> None:
    assert secret_service._process_name(2**31 - 1) == "Secret Service"
