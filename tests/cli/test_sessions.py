"""`renew`, `end`, `test`, and the choices of `get-token` that came with them."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from sts_desktop.core.clock import rfc3339
from sts_desktop.core.profile import DefaultChain
from sts_desktop.demo.embedded_sts import EmbeddedSts

if TYPE_CHECKING:
    from tests.cli.conftest import Clock, CommandLine

BOB = "arn:aws:iam::123456789012:user/bob"


def last_four(command: "CommandLine") -> str:
    ending = command("list", "--json").json[0]["last_four"]
    assert isinstance(ending, str)
    return ending


@pytest.fixture
def credentials_file() -> Path:
    return Path.home() / ".aws" / "credentials"


class TestRenew:
    def test_is_a_fresh_session_while_one_lives(self, command: "CommandLine", bob: Sequence[str]) -> None:
        command("get-token", "work", *bob)
        first = last_four(command)

        outcome = command("renew", "work")

        assert (outcome.code, outcome.err) == (0, "")
        assert "Got a token for “work”" in outcome.out
        assert BOB in outcome.out
        assert last_four(command) != first

    def test_writes_again_what_was_written(
        self, command: "CommandLine", bob: Sequence[str], credentials_file: Path
    ) -> None:
        command("get-token", "work", *bob)
        command("write", "work")

        command("renew", "work")

        assert last_four(command) in credentials_file.read_text()

    def test_needs_no_session_from_before(self, command: "CommandLine", bob: Sequence[str]) -> None:
        command("get-token", "work", *bob)
        command("end", "work")

        assert command("renew", "work").code == 0
        assert command("list", "--json").json[0]["state"] == "active"

    def test_takes_a_code_from_standard_input(
        self, command: "CommandLine", alice: Sequence[str], sts: EmbeddedSts
    ) -> None:
        command("get-token", "work", *alice, "--token-code-stdin", stdin="000000")

        device = alice[alice.index("--mfa-serial") + 1]
        outcome = command("renew", "work", "--token-code-stdin", stdin=f"{sts.directory.current_code(device)}\n")

        assert (outcome.code, outcome.err) == (0, "")

    def test_without_a_terminal_the_code_is_missed_in_one_line(
        self, command: "CommandLine", alice: Sequence[str]
    ) -> None:
        command("get-token", "work", *alice, "--token-code-stdin", stdin="000000")

        outcome = command("renew", "work")

        assert (outcome.code, outcome.out, outcome.err.count("\n")) == (1, "", 1)
        assert "--token-code-stdin" in outcome.err


class TestEnd:
    def test_says_until_when_aws_accepts_it_and_how_it_is_revoked(
        self, command: "CommandLine", bob: Sequence[str], credentials_file: Path
    ) -> None:
        command("get-token", "work", *bob)
        command("write", "work")
        profile = command.services.settings.load().profile_called("work")
        expiration = command.services.sessions.record(profile.id).expiration
        assert expiration is not None

        outcome = command("end", "work")

        assert (outcome.code, outcome.err) == (0, "")
        assert rfc3339(expiration) in outcome.out
        assert "section [work] of ~/.aws/credentials" in outcome.out
        assert "aws:TokenIssueTime" in outcome.out
        assert credentials_file.read_text() == ""
        assert command("env", "work").code == 1

    def test_of_nothing_is_no_mistake(self, command: "CommandLine", bob: Sequence[str], clock: "Clock") -> None:
        command("get-token", "work", *bob)
        clock.advance(hours=13)

        for _time in range(2):
            outcome = command("end", "work")
            assert (outcome.code, outcome.err) == (0, "")
            assert "accepts" not in outcome.out

    def test_tells_why_the_file_was_left_alone(
        self, command: "CommandLine", bob: Sequence[str], credentials_file: Path
    ) -> None:
        command("get-token", "work", *bob)
        command("write", "work")
        theirs = "[work]\naws_access_key_id = AKIAFOREIGNXX7FRGN\naws_secret_access_key = theirs\n"
        credentials_file.write_text(theirs)

        outcome = command("end", "work")

        assert outcome.code == 0
        assert outcome.err.count("\n") == 1
        assert "…FRGN" in outcome.err
        assert credentials_file.read_text() == theirs
        assert command("env", "work").code == 1


class TestTest:
    def test_says_whose_it_is(self, command: "CommandLine", bob: Sequence[str]) -> None:
        command("get-token", "work", *bob)

        outcome = command("test", "work")

        assert (outcome.code, outcome.err) == (0, "")
        assert BOB in outcome.out
        assert "Buckets" not in outcome.out

    def test_says_why_there_are_no_buckets(self, command: "CommandLine", bob: Sequence[str]) -> None:
        command("get-token", "work", *bob)

        outcome = command("test", "work", "--s3")

        assert (outcome.code, outcome.err) == (0, "")
        assert BOB in outcome.out
        assert "The session may not list buckets" in outcome.out

    def test_without_a_session_is_one_line(self, command: "CommandLine", bob: Sequence[str]) -> None:
        command("get-token", "work", *bob)
        command("end", "work")

        outcome = command("test", "work")

        assert (outcome.code, outcome.out, outcome.err.count("\n")) == (1, "", 1)


class TestDefaultChain:
    def test_says_what_it_found(
        self, command: "CommandLine", sts: EmbeddedSts, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        key = sts.directory.user("bob").access_key
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", key.access_key_id)
        monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", key.secret_access_key)

        outcome = command("get-token", "work", "--default-chain", "--endpoint-url", sts.url)

        assert (outcome.code, outcome.err) == (0, "")
        assert f"…{key.access_key_id[-4:]} (environment variables)" in outcome.out
        assert key.secret_access_key not in outcome.out
        assert BOB in outcome.out
        assert command.services.settings.load().profile_called("work").source == DefaultChain()
        assert command("renew", "work").code == 0

    def test_saves_nothing_where_nothing_is_found(self, command: "CommandLine", sts: EmbeddedSts) -> None:
        outcome = command("get-token", "work", "--default-chain", "--endpoint-url", sts.url)

        assert (outcome.code, outcome.out, outcome.err.count("\n")) == (1, "", 1)
        assert command("list", "--json").json == []

    def test_its_section_is_never_written_to(
        self, command: "CommandLine", sts: EmbeddedSts, credentials_file: Path
    ) -> None:
        key = sts.directory.user("bob").access_key
        text = f"[default]\naws_access_key_id={key.access_key_id}\naws_secret_access_key={key.secret_access_key}\n"
        credentials_file.parent.mkdir()
        credentials_file.write_text(text)
        assert command("get-token", "work", "--default-chain", "--endpoint-url", sts.url).code == 0

        outcome = command("write", "work", "--section", "default", "--force")

        assert outcome.code == 1
        assert credentials_file.read_text() == text


def test_the_duration_can_be_left_to_aws(command: "CommandLine", bob: Sequence[str]) -> None:
    outcome = command("get-token", "work", *bob, "--duration", "default")

    assert (outcome.code, outcome.err) == (0, "")
    profile = command.services.settings.load().profile_called("work")
    assert profile.duration_seconds is None
    assert command.services.sessions.record(profile.id).requested_seconds == 0
    assert "asked for" not in outcome.out
    command("renew", "work")
    assert command.services.settings.load().profile_called("work").duration_seconds is None
