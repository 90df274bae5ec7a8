"""What is typed: read to the end of its line, hidden where it is a secret, and never waited for from nobody."""

import getpass
import io
import sys

import pytest

from sts_desktop.cli import questions
from sts_desktop.cli.errors import SecretWouldBeSeenError


class FakeTerminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(("stdin", "stderr"), [(io.StringIO(), FakeTerminal()), (FakeTerminal(), io.StringIO())])
def test_nobody_is_asked_who_does_not_see_the_question_or_cannot_answer(
    monkeypatch: pytest.MonkeyPatch, stdin: io.StringIO, stderr: io.StringIO
) -> None:
    monkeypatch.setattr(sys, "stdin", stdin)
    monkeypatch.setattr(sys, "stderr", stderr)

    assert not questions.somebody_is_there()


def test_somebody_is_there_when_both_are_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", FakeTerminal())
    monkeypatch.setattr(sys, "stderr", FakeTerminal())

    assert questions.somebody_is_there()


def test_without_standard_input_there_is_nobody_and_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", None)

    assert not questions.somebody_is_there()
    assert questions.read_line() == ""


def test_a_line_without_end_is_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("x" * 100_000))

    assert len(questions.read_line()) == questions.LONGEST_LINE


def test_the_question_is_not_part_of_the_output(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("123456\n"))

    assert questions.ask("Code:") == "123456"
    assert capsys.readouterr() == ("", "Code: ")


def test_a_secret_is_not_read_where_it_would_be_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    stdin = io.StringIO("secret\n")
    monkeypatch.setattr(sys, "stdin", stdin)
    monkeypatch.setattr(getpass, "getpass", vars(getpass)["fallback_getpass"])

    with pytest.raises(SecretWouldBeSeenError):
        questions.ask_secretly("Secret:")
    assert stdin.tell() == 0


def test_the_end_of_input_is_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    def end(_question: str) -> str:
        raise EOFError

    monkeypatch.setattr(getpass, "getpass", end)

    assert questions.ask_secretly("Secret:") == ""
