"""Finding the session bus and the program behind the Secret Service."""

import threading
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from sts_desktop.core.vault import secret_service

if TYPE_CHECKING:
    from tests.private_bus import PrivateBus

real = pytest.mark.desktop("dbus-daemon", "gnome-keyring-daemon")

ADDRESS = "DBUS_SESSION_BUS_ADDRESS"


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


@pytest.mark.parametrize(
    ("comm", "name"),
    [("gnome-keyring-d\n", "GNOME Keyring"), ("keepassxc\n", "KeePassXC"), ("ksecretd\n", "KDE Wallet")],
)
def test_products_are_told_by_the_process_name(monkeypatch: pytest.MonkeyPatch, comm: str, name: str) -> None:
    monkeypatch.setattr(Path, "read_text", lambda *_arguments, **_options: comm)
    assert secret_service._process_name(1) == name


def test_a_process_that_cannot_be_seen_has_the_general_name() -> None:
    assert secret_service._process_name(2**31 - 1) == "Secret Service"
