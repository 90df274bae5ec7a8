"""`example`: what it prints, and what it says is still missing."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from sts_desktop.cli.arguments import EXAMPLE_LANGUAGES
from sts_desktop.core.examples import LANGUAGES

if TYPE_CHECKING:
    from tests.cli.conftest import Clock, CommandLine

MISSING = "sts-desktop: This works once the session is written to [work], as “sts-desktop write” does.\n"


@pytest.fixture
def _profile(command: "CommandLine", bob: Sequence[str]) -> None:
    assert command("get-token", "work", *bob, "--region", "eu-west-1").code == 0


def test_languages_are_those_that_can_be_typed() -> None:
    assert tuple(LANGUAGES) == EXAMPLE_LANGUAGES


@pytest.mark.usefixtures("_profile")
@pytest.mark.parametrize("language", EXAMPLE_LANGUAGES)
def test_prints_the_example_and_nothing_else_once_it_works(command: "CommandLine", language: str) -> None:
    assert command("write", "work").code == 0

    outcome = command("example", "work", "--language", language)

    assert (outcome.code, outcome.err) == (0, "")
    assert outcome.out == LANGUAGES[language]("work", "eu-west-1")


@pytest.mark.usefixtures("_profile")
def test_is_for_the_aws_cli_where_nothing_is_said(command: "CommandLine") -> None:
    assert command("example", "work").out == LANGUAGES["cli"]("work", "eu-west-1")


@pytest.mark.usefixtures("_profile")
def test_says_what_is_missing(
    command: "CommandLine", clock: "Clock", tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    not_written = command("example", "work")
    command("write", "work")
    with monkeypatch.context() as patch:
        patch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "another"))
        elsewhere = command("example", "work")
    clock.advance(hours=13)
    expired = command("example", "work")

    for outcome in (not_written, elsewhere, expired):
        assert (outcome.code, outcome.err) == (0, MISSING)
        assert outcome.out.startswith("aws sts get-caller-identity --profile work ")


@pytest.mark.usefixtures("_profile")
def test_needs_neither_keyring_nor_network(command: "CommandLine", monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sts_desktop.cli.context.Context.open_services", None)

    assert command("example", "work").code == 0


def test_of_a_profile_that_there_is_not(command: "CommandLine") -> None:
    outcome = command("example", "nobody")

    assert (outcome.code, outcome.out, outcome.err.count("\n")) == (1, "", 1)
    assert command("example", "nobody", "--language", "cobol").code == 2
