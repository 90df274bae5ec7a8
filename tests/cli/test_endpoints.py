"""`endpoints`: the table of STS hosts."""

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from sts_desktop.core import i18n
from sts_desktop.core.profile import EndpointChoice, Profile, VaultKey
from sts_desktop.core.services import Services, open_services
from sts_desktop.core.sts.client import Sts
from sts_desktop.core.sts.endpoints import endpoints
from sts_desktop.demo.control import Faults
from sts_desktop.demo.directory import demo_directory
from sts_desktop.demo.embedded_sts import EmbeddedSts

if TYPE_CHECKING:
    from tests.cli.conftest import Clock, CommandLine


def test_lists_every_endpoint(command: "CommandLine") -> None:
    table = command("endpoints")
    listed = command("endpoints", "--json").json

    assert [entry["id"] for entry in listed] == [known.id for known in endpoints()]
    assert len(table.out.splitlines()) == len(listed) + 1
    for entry in listed:
        assert entry["host"] in table.out
        assert entry["url"] == f"https://{entry['host']}"


def test_says_what_matters_about_one(command: "CommandLine") -> None:
    [tokyo] = command("endpoints", "tokyo", "--json").json

    assert tokyo == {
        "id": "ap-northeast-1",
        "partition": "aws",
        "host": "sts.ap-northeast-1.amazonaws.com",
        "url": "https://sts.ap-northeast-1.amazonaws.com",
        "signing_region": "ap-northeast-1",
        "place": "Tokyo",
        "place_ja": "東京",
        "enabled_by_default": True,
        "can_be_deactivated": True,
        "fips": False,
        "tokens_work_in": "all-regions",
    }


def test_can_be_narrowed(command: "CommandLine") -> None:
    in_china = command("endpoints", "--partition", "aws-cn", "--json").json

    assert [entry["partition"] for entry in in_china] == ["aws-cn", "aws-cn"]
    assert [entry["id"] for entry in command("endpoints", "東京", "--json").json] == ["ap-northeast-1"]
    assert command("endpoints", "nowhere", "--json").json == []
    assert command("endpoints", "--partition", "nowhere").out == "No endpoint is like that.\n"


def test_names_places_in_the_language_of_the_person(command: "CommandLine") -> None:
    i18n.install("ja")

    assert "東京" in command("endpoints", "tokyo").out
    assert command("endpoints", "tokyo", "--json").json[0]["place"] == "Tokyo"  # for programs: always the same


def test_opens_nothing(command: "CommandLine", monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sts_desktop.cli.context.Context.open_services", None)
    monkeypatch.setattr("sts_desktop.cli.context.Context.records", None)

    assert command("endpoints").code == 0


@pytest.fixture
def sts() -> Iterator[EmbeddedSts]:
    with EmbeddedSts(demo_directory()) as sts:
        yield sts
        sts.control.set(Faults())


@pytest.fixture
def at_stand_in(command: "CommandLine", sts: EmbeddedSts, clock: "Clock") -> Services:
    """The person's services, all of whose requests go to the embedded STS."""
    key = sts.directory.user("bob").access_key
    services = open_services(vault=command.services.vault, sts=Sts(lambda _endpoint: sts.url), now=clock)
    entry = services.access_keys.store("bob", key.access_key_id, key.secret_access_key)
    services.profiles.create("work", Profile("", "", VaultKey(entry.id), EndpointChoice("ap-northeast-1")))
    return services


def test_checks_all_at_once_with_the_key_of_a_profile(command: "CommandLine", at_stand_in: Services) -> None:
    table = command("endpoints", "--check", "--profile", "work", services=at_stand_in)
    assert table.code == 0
    assert len(table.out.splitlines()) == 1 + len(endpoints("aws"))
    assert " ms " in table.out
    assert table.out.count("answers") == len(endpoints("aws"))
    checked = command("endpoints", "tokyo", "--check", "--profile", "work", "--json", services=at_stand_in).json
    assert [entry["id"] for entry in checked] == ["ap-northeast-1"]
    assert checked[0]["check"].pop("milliseconds") >= 0
    assert checked[0]["check"] == {"outcome": "answers", "basis": "identity", "code": None, "learned": None}


@pytest.mark.fault(19)
def test_says_what_an_answer_rests_on(command: "CommandLine", at_stand_in: Services, sts: EmbeddedSts) -> None:
    sts.control.set(Faults(region_disabled=True))
    options = ("endpoints", "tokyo", "--check", "--profile", "work")
    refused = command(*options, "--token", services=at_stand_in)
    assert refused.code == 1
    assert "switched off for this account" in refused.out
    assert "  GetSessionToken" in refused.out
    assert "STS is switched off in Tokyo" in refused.err
    assert "https://console.aws.amazon.com/iam/home#/account_settings" in refused.err
    known = command(*options, services=at_stand_in)
    assert "switched off for this account" in known.out
    assert f"GetSessionToken on {at_stand_in.now().astimezone():%Y-%m-%d}" in known.out
    sts.control.set(Faults())
    assert command(*options, "--token", services=at_stand_in).code == 0
    assert "GetCallerIdentity" in command(*options, services=at_stand_in).out


def test_checks_without_a_key(command: "CommandLine", at_stand_in: Services) -> None:
    found = command("endpoints", "cn-", "--check", "--partition", "aws-cn", "--json", services=at_stand_in).json
    assert {entry["check"]["basis"] for entry in found} == {"anonymous"}
    assert {entry["partition"] for entry in found} == {"aws-cn"}


@pytest.mark.parametrize(
    ("options", "missing"),
    [(["--token"], "--check"), (["--profile", "work"], "--check"), (["--check", "--token"], "--profile")],
)
def test_names_the_option_that_is_missing(command: "CommandLine", options: list[str], missing: str) -> None:
    refused = command("endpoints", *options)
    assert refused.code == 2
    assert f"{missing} is missing" in refused.err


def test_a_key_is_not_shown_to_another_partition(
    command: "CommandLine", at_stand_in: Services, sts: EmbeddedSts
) -> None:
    profile = at_stand_in.settings.load().profile_called("work")
    at_stand_in.profiles.save(replace(profile, mfa_serial="arn:aws:iam::123456789012:mfa/phone"))
    refused = command("endpoints", "--check", "--profile", "work", "--partition", "aws-cn", services=at_stand_in)
    assert refused.code == 1
    assert "belongs to the partition aws" in refused.err


def test_a_profile_that_is_not_there_is_told(command: "CommandLine") -> None:
    refused = command("endpoints", "--check", "--profile", "nobody")
    assert refused.code == 1
    assert "nobody" in refused.err


@pytest.mark.fault(10)
def test_what_is_wrong_with_all_alike_is_told_and_else_that_none_serves(
    command: "CommandLine", at_stand_in: Services, sts: EmbeddedSts
) -> None:
    sts.control.set(Faults(clock_offset_seconds=1200))
    refused = command("endpoints", "tokyo", "--check", "--profile", "work", services=at_stand_in)
    assert (refused.code, "about 20 minutes slow" in refused.err) == (1, True)
    sts.control.set(Faults(region_disabled=True))
    refused = command("endpoints", "o", "--check", "--token", "--profile", "work", services=at_stand_in)
    assert "No endpoint serves the key" in refused.err
