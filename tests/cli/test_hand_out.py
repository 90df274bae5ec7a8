"""`env` and `write`: the same session, in a shell and in the file."""

import shlex
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from sts_desktop.cli.arguments import EXPORT_FORMATS
from sts_desktop.core.credentials import SessionCredentials
from sts_desktop.core.exports import FORMATS
from sts_desktop.core.services import open_services
from sts_desktop.core.vault.vault import memory_vault

if TYPE_CHECKING:
    from tests.cli.conftest import Clock, CommandLine

WINNING = "role_arn = arn:aws:iam::123456789012:role/x"
FOREIGN = "[work]\naws_access_key_id = AKIAFOREIGNXX7FRGN\naws_secret_access_key = theirs\noutput = json\n"


@pytest.fixture
def session(command: "CommandLine", bob: Sequence[str]) -> SessionCredentials:
    """Get a token for the profile `work` and return its credentials."""
    assert command("get-token", "work", *bob, "--work-region", "eu-west-1").code == 0
    return command.services.sessions.credentials(command.services.settings.load().profile_called("work"))


@pytest.fixture
def file() -> Path:
    return Path.home() / ".aws" / "credentials"


def make(file: Path, text: str) -> None:
    file.parent.mkdir()
    file.write_text(text)


class TestEnv:
    def test_prints_the_session_and_nothing_else(self, command: "CommandLine", session: SessionCredentials) -> None:
        outcome = command("env", "work")

        assert (outcome.code, outcome.err) == (0, "")
        words = [word for line in outcome.out.splitlines() if line.startswith("export ") for word in shlex.split(line)]
        assert f"AWS_ACCESS_KEY_ID={session.access_key_id}" in words
        assert f"AWS_SECRET_ACCESS_KEY={session.secret_access_key}" in words
        assert f"AWS_SESSION_TOKEN={session.session_token}" in words
        assert "AWS_REGION=eu-west-1" in words

    def test_formats_are_those_that_can_be_typed(self) -> None:
        assert tuple(FORMATS) == EXPORT_FORMATS

    def test_without_a_live_session_prints_nothing(
        self, command: "CommandLine", session: SessionCredentials, clock: "Clock"
    ) -> None:
        clock.advance(hours=13)

        outcome = command("env", "work")

        assert (outcome.code, outcome.out, outcome.err.count("\n")) == (1, "", 1)
        assert "no live session" in outcome.err

    @pytest.mark.fault(23)
    def test_without_a_keyring_says_so(self, command: "CommandLine", session: SessionCredentials) -> None:
        outcome = command("env", "work", services=open_services(vault=memory_vault()))

        assert (outcome.code, outcome.out, outcome.err.count("\n")) == (1, "", 1)
        assert "needs a keyring" in outcome.err


class TestWrite:
    @pytest.mark.fault(30)
    def test_makes_file_and_section_and_says_where(
        self, command: "CommandLine", session: SessionCredentials, file: Path
    ) -> None:
        outcome = command("write", "work")

        assert (outcome.code, outcome.err) == (0, "")
        assert outcome.out == "The session of “work” is in section [work] of ~/.aws/credentials.\n"
        assert f"aws_session_token = {session.session_token}\n" in file.read_text()
        assert command("list", "--json").json[0]["sections"] == ["work"]

    def test_again_needs_no_question(self, command: "CommandLine", session: SessionCredentials) -> None:
        for _attempt in range(2):
            assert command("write", "work").code == 0

    def test_into_a_section_of_choice(self, command: "CommandLine", session: SessionCredentials, file: Path) -> None:
        assert command("write", "work", "--section", "mine").code == 0

        assert file.read_text().startswith("[mine]\n")

    def test_shows_what_somebody_else_wrote_and_leaves_it(
        self, command: "CommandLine", session: SessionCredentials, file: Path
    ) -> None:
        make(file, FOREIGN)

        outcome = command("write", "work")

        assert (outcome.code, outcome.out, outcome.err.count("\n")) == (1, "", 1)
        for shown in ("[work]", "/.aws/credentials", "…FRGN", "output", "--force"):
            assert shown in outcome.err
        assert "AKIAFOREIGN" not in outcome.err
        assert "theirs" not in outcome.err
        assert file.read_text() == FOREIGN

    def test_replaces_it_when_told(self, command: "CommandLine", session: SessionCredentials, file: Path) -> None:
        make(file, FOREIGN)

        assert command("write", "work", "--force").code == 0

        text = file.read_text()
        assert session.access_key_id in text
        assert "theirs" not in text
        assert "output = json\n" in text

    def test_never_into_the_source_of_an_access_key(
        self, command: "CommandLine", session: SessionCredentials, file: Path
    ) -> None:
        make(file, "[main]\naws_access_key_id = AKIAX\naws_secret_access_key = y\n")
        before = file.read_text()
        command("get-token", "other", "--aws-profile", "main", "--endpoint-url", "http://localhost:1")

        outcome = command("write", "work", "--section", "main", "--force")

        assert outcome.code == 1
        assert file.read_text() == before

    @pytest.mark.fault(41)
    @pytest.mark.parametrize(
        "section", ["x]\n[default", "a b", "__proto__", "größe", "x" * 300, "<img src=x>", "..", "$(id)", "", " "]
    )
    def test_refuses_a_section_that_tools_would_misread(
        self, command: "CommandLine", session: SessionCredentials, file: Path, section: str
    ) -> None:
        outcome = command("write", "work", "--section", section)

        assert (outcome.code, outcome.err.count("\n")) == (1, 1)
        assert not file.exists()

    @pytest.mark.parametrize(
        "text", ["[work]\nx = 1\n[work]\n", "\x00", "no header\n", "[work\n", "[default]\nregion = x\nregion = y\n"]
    )
    @pytest.mark.fault(37)
    @pytest.mark.fault(38)
    def test_refuses_an_odd_file_and_leaves_it(
        self, command: "CommandLine", session: SessionCredentials, file: Path, text: str
    ) -> None:
        make(file, text)

        outcome = command("write", "work", "--force")

        assert (outcome.code, outcome.out, outcome.err.count("\n")) == (1, "", 1)
        assert file.read_text() == text

    @pytest.mark.fault(31)
    def test_refuses_what_is_no_file(self, command: "CommandLine", session: SessionCredentials, file: Path) -> None:
        file.mkdir(parents=True)

        outcome = command("write", "work")

        assert (outcome.code, outcome.err.count("\n")) == (1, 1)
        assert str(file) in outcome.err

    def test_a_name_that_is_no_section_gets_one_of_ascii(
        self, command: "CommandLine", session: SessionCredentials, bob: Sequence[str], file: Path
    ) -> None:
        command("get-token", "本番", *bob)

        outcome = command("write", "本番")

        assert outcome.code == 0
        assert "section [sts-" in outcome.out
        assert file.read_text().isascii()

    @pytest.mark.fault(42)
    def test_says_what_the_config_file_has_that_wins_and_writes_nothing(
        self, command: "CommandLine", session: SessionCredentials, file: Path
    ) -> None:
        file.parent.mkdir()
        file.with_name("config").write_text(f"[profile work]\n{WINNING}\n")

        outcome = command("write", "work")

        assert (outcome.code, outcome.out, outcome.err.count("\n")) == (1, "", 1)
        for shown in ("“work”", "role_arn", "--section", "--force"):
            assert shown in outcome.err
        assert "role/x" not in outcome.err
        assert not file.exists()

    @pytest.mark.fault(42)
    @pytest.mark.parametrize(
        ("key", "force", "consequence"),
        [(WINNING, ["--force"], "pass over"), ("credential_process = /bin/x", [], "no longer")],
    )
    def test_says_what_the_config_file_makes_of_what_was_written(
        self,
        command: "CommandLine",
        session: SessionCredentials,
        file: Path,
        key: str,
        force: Sequence[str],
        consequence: str,
    ) -> None:
        file.parent.mkdir()
        file.with_name("config").write_text(f"[profile work]\n{key}\n")

        outcome = command("write", "work", *force)

        assert (outcome.code, outcome.err.count("\n")) == (0, 1)
        assert consequence in outcome.err
        name, value = key.split(" = ")
        assert name in outcome.err
        assert value not in outcome.err
        assert session.access_key_id in file.read_text()

    @pytest.mark.fault(23)
    def test_without_a_keyring_says_so(self, command: "CommandLine", session: SessionCredentials, file: Path) -> None:
        outcome = command("write", "work", services=open_services(vault=memory_vault()))

        assert (outcome.code, outcome.err.count("\n")) == (1, 1)
        assert not file.exists()
