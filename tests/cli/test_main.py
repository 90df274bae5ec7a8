"""What holds for every command: exit codes, one line for a failure, nothing that could steer a terminal."""

import logging
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import sts_desktop
from sts_desktop.core import i18n
from sts_desktop.core.services import Services

if TYPE_CHECKING:
    from tests.cli.conftest import CommandLine

NEED_A_PROFILE = [
    ("env", "work"), ("write", "work"), ("renew", "work"), ("end", "work"), ("test", "work"),
    ("credential-process", "work"),
]  # fmt: skip
COMMANDS = (
    "get-token", "renew", "end", "test", "list", "endpoints", "env", "credential-process", "write", "keys",
)  # fmt: skip


def test_version_and_help(command: "CommandLine") -> None:
    assert command("--version").out == f"sts-desktop {sts_desktop.__version__}\n"
    helped = command("--help")
    assert helped.code == 0
    for word in (*COMMANDS, "“sts-desktop” alone", "--demo"):
        assert word in helped.out


@pytest.mark.parametrize("name", COMMANDS)
def test_each_command_explains_itself(command: "CommandLine", name: str) -> None:
    helped = command(name, "--help")

    assert (helped.code, helped.err) == (0, "")
    assert helped.out.startswith(f"usage: sts-desktop {name}")


@pytest.mark.parametrize(
    "arguments",
    [
        ("nonsense",),
        ("--nonsense",),
        ("get-token",),
        ("get-token", "a", "--access-key", "b", "--aws-profile", "c"),
        ("get-token", "a", "--default-chain", "--aws-profile", "c"),
        ("get-token", "a", "--reg", "global"),
        ("renew",),
        ("credential-process",),
        ("env", "a", "--format", "cobol"),
        ("keys",),
        ("list", "a"),
    ],
)
def test_wrong_usage_is_2_and_does_nothing(
    command: "CommandLine", services: Services, arguments: Sequence[str]
) -> None:
    outcome = command(*arguments)

    assert (outcome.code, outcome.out) == (2, "")
    assert "usage: sts-desktop" in outcome.err
    assert not services.paths.config.exists()
    assert not services.paths.state.exists()


def test_a_secret_in_the_wrong_place_is_not_repeated(command: "CommandLine") -> None:
    for arguments in (("keys", "add", "main", "AKIAX", "thesecret"), ("keys", "add", "main", "--secret=thesecret")):
        outcome = command(*arguments)

        assert outcome.code == 2
        assert "thesecret" not in outcome.err


@pytest.mark.parametrize("arguments", NEED_A_PROFILE)
@pytest.mark.parametrize("name", ["nobody", "\x1b]0;owned\x07", "本番", "a\nb"])
def test_an_unknown_profile_is_one_harmless_line(command: "CommandLine", arguments: Sequence[str], name: str) -> None:
    outcome = command(arguments[0], name)

    assert (outcome.code, outcome.out) == (1, "")
    assert outcome.err.startswith("sts-desktop: There is no profile “")
    assert outcome.err.removesuffix("\n").isprintable()


def test_wrong_usage_cannot_steer_the_terminal(command: "CommandLine") -> None:
    outcome = command("\x1b]0;owned\x07")

    assert outcome.code == 2
    assert "\x1b" not in outcome.err


def test_texts_are_translated(command: "CommandLine", monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(i18n._translations, "gettext", lambda message: f"<{message}>")

    assert command("list").out.startswith("<There are no profiles yet")


@pytest.mark.expects_warnings
def test_a_mistake_of_the_program_is_one_line_and_the_rest_is_in_the_log(
    command: "CommandLine", services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    def break_down(_self: object) -> None:
        raise RuntimeError("the secret is wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY")

    monkeypatch.setattr(type(services.settings), "load", break_down)

    outcome = command("list")

    assert (outcome.code, outcome.out, outcome.err.count("\n")) == (1, "", 1)
    assert str(services.paths.log_file) in outcome.err
    assert "EXAMPLEKEY" not in outcome.err
    log = services.paths.log_file.read_text()
    assert "RuntimeError" in log
    assert "EXAMPLEKEY" not in log


def test_ctrl_c_is_silent(command: "CommandLine", services: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(_self: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(type(services.settings), "load", interrupt)

    outcome = command("list")

    assert (outcome.code, outcome.out, outcome.err) == (130, "", "")


@pytest.mark.fault(46)
@pytest.mark.parametrize("content", ["{", "[]", '{"version": -1}', "\x00", '{"version": 1, "profiles": 3}'])
@pytest.mark.parametrize("arguments", [("list", "--json"), ("keys", "list"), *NEED_A_PROFILE])
def test_settings_that_are_damaged_are_an_error_and_stay(
    command: "CommandLine", services: Services, content: str, arguments: Sequence[str]
) -> None:
    """A window may show what was in them, and a person be about to mend them."""
    services.settings.path.parent.mkdir(parents=True)
    services.settings.path.write_text(content)

    outcome = command(*arguments)

    assert (outcome.code, outcome.out, outcome.err.count("\n")) == (1, "", 1)
    assert str(services.settings.path) in outcome.err
    assert "Put the file right, or move it away" in outcome.err
    assert services.settings.path.read_text() == content
    assert not [*services.settings.path.parent.glob("*unreadable*")]


@pytest.mark.fault(46)
@pytest.mark.parametrize("arguments", [("list", "--json"), ("keys", "list"), *NEED_A_PROFILE])
def test_settings_of_a_newer_version_are_an_error_and_stay(
    command: "CommandLine", services: Services, arguments: Sequence[str]
) -> None:
    services.settings.path.parent.mkdir(parents=True)
    services.settings.path.write_text('{"version": 99}')

    outcome = command(*arguments)

    assert (outcome.code, outcome.out, outcome.err.count("\n")) == (1, "", 1)
    assert "newer version" in outcome.err
    assert services.settings.path.read_text() == '{"version": 99}'


@pytest.mark.fault(46)
def test_settings_that_cannot_be_read_are_an_error(command: "CommandLine", services: Services) -> None:
    services.settings.path.mkdir(parents=True)

    outcome = command("list")

    assert (outcome.code, outcome.err.count("\n")) == (1, 1)
    assert str(services.settings.path) in outcome.err


@pytest.mark.expects_warnings
def test_nothing_is_logged_to_the_terminal_where_no_log_can_be_made(command: "CommandLine", services: Services) -> None:
    Path(services.paths.state).parent.mkdir(parents=True)
    services.paths.state.write_text("a file where the directory should be")

    outcome = command("env", "work")
    logging.getLogger("sts_desktop").warning("to nobody")

    assert outcome.code == 1
    assert outcome.err.count("\n") == 1


def test_examples_stand_on_lines_of_their_own(command: "CommandLine", monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    lines = [line.strip() for line in command("env", "--help").out.splitlines()]
    assert 'eval "$(sts-desktop env NAME)"' in lines
    assert "sts-desktop env NAME --format powershell | Out-String | iex" in lines
