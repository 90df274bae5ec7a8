"""Commands run in this process, against the embedded STS and a vault that outlives each of them."""

import io
import json
import logging
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest

from sts_desktop.cli.main import run
from sts_desktop.core.clock import utc_now
from sts_desktop.core.exports import SERVING_VARIABLE
from sts_desktop.core.services import Services, open_services
from sts_desktop.core.vault.store import MemoryStore, OpenedStore, VaultStatus
from sts_desktop.core.vault.vault import Vault
from sts_desktop.demo.directory import demo_directory
from sts_desktop.demo.embedded_sts import EmbeddedSts


@dataclass(frozen=True)
class Outcome:
    """What a command left behind."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


class Clock:
    """The real time, which botocore signs with, until a test moves on."""

    def __init__(self) -> None:
        self.ahead = timedelta()

    def __call__(self) -> datetime:
        return utc_now() + self.ahead

    def advance(self, **amount: float) -> None:
        self.ahead += timedelta(**amount)


class CommandLine:
    """Runs commands on the same services, one after the other."""

    def __init__(self, services: Services, capsys: pytest.CaptureFixture[str], patch: pytest.MonkeyPatch) -> None:
        self.services = services
        self._capsys = capsys
        self._patch = patch

    def __call__(self, *arguments: str, stdin: str = "", services: Services | None = None) -> Outcome:
        self._capsys.readouterr()
        self._patch.setattr(sys, "stdin", io.StringIO(stdin))
        code = run(arguments, services=services or self.services)
        return Outcome(code, *self._capsys.readouterr())

    def sit_down(self, *answers: str, secret: str = "") -> list[str]:
        """Put somebody before the terminal who types `answers`, and `secret` where it is hidden.

        Return the questions, to be looked at after the command.
        """
        questions: list[str] = []
        remaining = iter(answers)

        def answer(question: str) -> str:
            questions.append(question)
            return next(remaining)

        def answer_secretly(question: str) -> str:
            questions.append(question)
            return secret

        self._patch.setattr("sts_desktop.cli.questions.somebody_is_there", lambda: True)
        self._patch.setattr("sts_desktop.cli.questions.ask", answer)
        self._patch.setattr("sts_desktop.cli.questions.ask_secretly", answer_secretly)
        return questions


@pytest.fixture(autouse=True)
def _own_logging() -> Iterator[None]:
    """Undo the log that a command starts."""
    root = logging.getLogger()
    level, handlers = root.level, root.handlers[:]
    yield
    for handler in [handler for handler in root.handlers if handler not in handlers]:
        root.removeHandler(handler)
        handler.close()
    root.setLevel(level)


@pytest.fixture(autouse=True)
def _not_serving(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take the mark away again that `credential-process` gives its process, which is this one here."""
    monkeypatch.setenv(SERVING_VARIABLE, "")


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def services(clock: Clock) -> Services:
    """The person's services, with a vault in memory that says that it lasts, as it does for the commands of a test."""
    store = MemoryStore()
    vault = Vault(lambda: OpenedStore(VaultStatus("Test Keyring", True, ""), store))
    return open_services(vault=vault, now=clock)


@pytest.fixture
def command(services: Services, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> CommandLine:
    return CommandLine(services, capsys, monkeypatch)


@pytest.fixture
def sts() -> Iterator[EmbeddedSts]:
    with EmbeddedSts(demo_directory()) as sts:
        yield sts


@pytest.fixture
def bob(command: CommandLine, sts: EmbeddedSts) -> Sequence[str]:
    """Keep the key of bob, who has no MFA device, and return the options that use it at the embedded STS."""
    return _kept(command, sts, "bob")


@pytest.fixture
def alice(command: CommandLine, sts: EmbeddedSts) -> Sequence[str]:
    """As `bob`, for alice and her MFA device."""
    mfa = sts.directory.user("alice").mfa
    assert mfa is not None
    return (*_kept(command, sts, "alice"), "--mfa-serial", mfa.serial)


def _kept(command: CommandLine, sts: EmbeddedSts, name: str) -> Sequence[str]:
    key = sts.directory.user(name).access_key
    outcome = command("keys", "add", name, stdin=f"{key.access_key_id}\n{key.secret_access_key}\n")
    assert outcome.code == 0, outcome.err
    return "--access-key", name, "--endpoint-url", sts.url
