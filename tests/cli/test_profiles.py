"""`list`: what stands in the program's own files, for people and for programs."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from types import MappingProxyType
from typing import TYPE_CHECKING

import pytest

from sts_desktop.core.clock import rfc3339
from sts_desktop.core.credentials import CallerIdentity
from sts_desktop.core.profile import EndpointChoice, Profile
from sts_desktop.core.services import Services
from sts_desktop.core.settings import Settings
from sts_desktop.core.state import Failure, SessionRecord, State, Written

if TYPE_CHECKING:
    from tests.cli.conftest import Clock, CommandLine


@pytest.fixture
def live(clock: "Clock") -> SessionRecord:
    issued = clock().replace(microsecond=0)
    return SessionRecord(
        expiration=issued + timedelta(hours=12),
        issued=issued,
        requested_seconds=43_200,
        last_four="WXYZ",
        identity=CallerIdentity("123456789012", "arn:aws:iam::123456789012:user/alice", "AIDA"),
        written=(Written("work", "/home/alice/.aws/credentials"),),
    )


def store(services: Services, **records: SessionRecord) -> None:
    """Store a profile of each name, with its record; their ids are `p0`, `p1`…"""
    endpoint = EndpointChoice("ap-northeast-1")
    profiles = tuple(Profile(id=f"p{number}", name=name, endpoint=endpoint) for number, name in enumerate(records))
    sessions = {f"p{number}": record for number, record in enumerate(records.values())}
    services.settings.update(lambda _old: Settings(profiles=profiles))
    services.state.update(lambda _old: State(MappingProxyType(sessions)))


def test_json_says_all_of_a_live_session(command: "CommandLine", services: Services, live: SessionRecord) -> None:
    store(services, work=live)

    [entry] = command("list", "--json").json

    assert live.expiration is not None
    assert entry == {
        "name": "work",
        "state": "active",
        "expiration": rfc3339(live.expiration),
        "id": "p0",
        "endpoint": "ap-northeast-1",
        "last_four": "WXYZ",
        "account": "123456789012",
        "arn": "arn:aws:iam::123456789012:user/alice",
        "sections": ["work"],
        "failure": None,
    }


def test_state_goes_with_the_time(
    command: "CommandLine", services: Services, live: SessionRecord, clock: "Clock"
) -> None:
    store(services, work=live)
    states = []
    for hours in (0, 11.8, 0.5):
        clock.advance(hours=hours)
        states.append(command("list", "--json").json[0]["state"])

    assert states == ["active", "renew-soon", "expired"]


def test_a_session_in_a_windows_memory_counts_as_none(
    command: "CommandLine", services: Services, live: SessionRecord
) -> None:
    store(services, work=replace(live, in_memory=True))

    [entry] = command("list", "--json").json

    assert (entry["state"], entry["expiration"], entry["last_four"], entry["arn"]) == ("none", None, None, None)
    assert entry["sections"] == ["work"]  # what stands in a file is within reach


def test_a_failure_shows_while_the_old_session_lives(
    command: "CommandLine", services: Services, live: SessionRecord, clock: "Clock"
) -> None:
    store(services, work=replace(live, failure=Failure("Offline", "No.", "", clock())))

    [entry] = command("list", "--json").json

    assert (entry["state"], entry["failure"]) == ("failed", "Offline")
    assert entry["expiration"]


def test_without_profiles(command: "CommandLine") -> None:
    assert command("list", "--json").json == []
    assert "get-token NAME" in command("list").out


def test_json_is_the_same_in_any_encoding(command: "CommandLine", services: Services) -> None:
    store(services, **{"本番": SessionRecord(), "😀": SessionRecord()})

    listed = command("list", "--json")

    assert listed.out.isascii()
    assert [entry["name"] for entry in listed.json] == ["本番", "😀"]


def test_table_is_aligned_and_names_are_harmless(
    command: "CommandLine", services: Services, live: SessionRecord
) -> None:
    store(services, **{"本番": live, "<img src=x>": SessionRecord(), "a\x1b[31mb": SessionRecord()})

    lines = command("list").out.splitlines()

    assert lines[0].split() == ["NAME", "STATE", "LEFT", "EXPIRES", "ENDPOINT", "KEY"]
    assert lines[1].startswith("本番         Active      11:59:")
    assert lines[1].endswith("ap-northeast-1  …WXYZ")
    assert lines[2].startswith("<img src=x>  No session  -")
    assert lines[3].startswith("a\\x1b[31mb   No session")


@pytest.mark.parametrize("arguments", [("list",), ("list", "--json")])
def test_leaves_no_trace(command: "CommandLine", services: Services, arguments: Sequence[str]) -> None:
    command(*arguments)

    assert not services.paths.config.exists()
    assert not services.paths.state.exists()
