"""`endpoints`: the table of STS hosts."""

from typing import TYPE_CHECKING

from sts_desktop.core import i18n
from sts_desktop.core.sts.endpoints import endpoints

if TYPE_CHECKING:
    import pytest

    from tests.cli.conftest import CommandLine


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


def test_opens_nothing(command: "CommandLine", monkeypatch: "pytest.MonkeyPatch") -> None:
    monkeypatch.setattr("sts_desktop.cli.context.Context.open_services", None)
    monkeypatch.setattr("sts_desktop.cli.context.Context.records", None)

    assert command("endpoints").code == 0
