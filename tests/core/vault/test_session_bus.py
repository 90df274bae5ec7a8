"""Finding the session bus."""

import os
import socket
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from sts_desktop.core.vault import session_bus

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
    assert session_bus.session_bus_address({ADDRESS: "unix:path=/a", "XDG_RUNTIME_DIR": "/b"}) == "unix:path=/a"


def test_the_bus_is_found_at_its_usual_place(usual_place: Path) -> None:
    assert session_bus.session_bus_address(os.environ) == f"unix:path={usual_place}"


def test_a_file_is_no_bus(tmp_path: Path) -> None:
    (tmp_path / "bus").touch()
    assert session_bus.session_bus_address({"XDG_RUNTIME_DIR": str(tmp_path)}) is None
    assert session_bus.session_bus_address({"XDG_RUNTIME_DIR": ""}) is None
    assert session_bus.session_bus_address({}) is None


def test_the_address_is_set_for_the_libraries_where_it_is_missing(usual_place: Path) -> None:
    session_bus.adopt_session_bus(os.environ)
    assert os.environ[ADDRESS] == f"unix:path={usual_place}"


def test_an_empty_address_is_a_missing_one(usual_place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(ADDRESS, "")
    session_bus.adopt_session_bus(os.environ)
    assert os.environ[ADDRESS] == f"unix:path={usual_place}"


def test_an_address_that_is_set_stays() -> None:
    before = os.environ[ADDRESS]
    session_bus.adopt_session_bus({ADDRESS: "unix:path=/elsewhere"})
    assert os.environ[ADDRESS] == before
