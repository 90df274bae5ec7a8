"""`credential-process`: JSON or nothing on one side, one line or nothing on the other, and nobody is asked."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from sts_desktop.core.clock import utc_now
from sts_desktop.core.credentials import SessionCredentials
from sts_desktop.core.exports import json_text
from sts_desktop.core.profile import EndpointChoice, Profile, VaultKey
from sts_desktop.core.services import Services, open_services
from sts_desktop.demo.embedded_sts import EmbeddedSts

if TYPE_CHECKING:
    from tests.cli.conftest import Clock, CommandLine
    from tests.private_bus import PrivateBus

PROGRAM = str(Path(sys.executable).with_name("sts-desktop"))
LIMIT_SECONDS = 30
PROMISED_SECONDS = 10

WHO_AM_I = """
import boto3, sys
client = boto3.Session(profile_name="served").client("sts", region_name="us-east-1", endpoint_url=sys.argv[1])
print(client.get_caller_identity()["Arn"])
"""

WHAT_IS_LOADED = """
import sys
from sts_desktop.__main__ import main
code = main(sys.argv[1:])
print(*sorted(sys.modules), file=sys.stderr)
sys.exit(code)
"""

needs_keyring = pytest.mark.desktop("dbus-daemon", "gnome-keyring-daemon")


def serve(name: str = "work", program: Sequence[str] = (PROGRAM,)) -> subprocess.CompletedProcess[str]:
    """Run the command as an SDK does: nothing on standard input, and no terminal."""
    return subprocess.run(
        [*program, "credential-process", name],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=LIMIT_SECONDS,
        start_new_session=True,
    )


def refused(result: subprocess.CompletedProcess[str]) -> str:
    """Return the one line of a refusal."""
    assert (result.returncode, result.stdout, result.stderr.count("\n")) == (1, "", 1)
    assert result.stderr.startswith("sts-desktop: ")
    return result.stderr


@pytest.fixture
def real_services(real_keyring: "PrivateBus") -> Services:
    """The person's services on a real keyring, with a profile `work`."""
    services = open_services()
    services.profiles.create("work", Profile("", "", VaultKey("k1")))
    return services


def keep_session(services: Services, ends_in: timedelta = timedelta(hours=1)) -> SessionCredentials:
    [profile] = services.settings.load().profiles
    ends = utc_now().replace(microsecond=0) + ends_in
    credentials = SessionCredentials("ASIAEXAMPLE", "secret/+=", "t" * 4_096, ends)
    services.vault.store_session(profile.id, credentials)
    return credentials


class TestHere:
    """In this process, on the services of a test."""

    def test_by_name_or_id(self, command: "CommandLine", bob: Sequence[str]) -> None:
        command("get-token", "本番", *bob)
        profile = command.services.settings.load().profile_called("本番")
        credentials = command.services.sessions.credentials(profile)
        for name in ("本番", profile.id):
            outcome = command("credential-process", name)
            assert (outcome.code, outcome.out, outcome.err) == (0, json_text(credentials), "")

    def test_an_expired_session(self, command: "CommandLine", bob: Sequence[str], clock: "Clock") -> None:
        command("get-token", "it's", *bob)
        clock.advance(hours=13)
        outcome = command("credential-process", "it's")
        assert (outcome.code, outcome.out) == (1, "")
        assert "sts-desktop renew 'it'\"'\"'s'" in outcome.err

    def test_one_write(self, command: "CommandLine", bob: Sequence[str], monkeypatch: pytest.MonkeyPatch) -> None:
        command("get-token", "work", *bob)
        writes: list[str] = []
        monkeypatch.setattr("sts_desktop.cli.output.write", writes.append)
        command("credential-process", "work")
        assert [json.loads(text)["Version"] for text in writes] == [1]
        assert writes[0].count("\n") == 1


@needs_keyring
def test_the_contract(real_services: Services) -> None:
    credentials = keep_session(real_services)
    result = serve()
    assert (result.returncode, result.stderr) == (0, "")
    assert result.stdout == json_text(credentials)


@needs_keyring
def test_boto3_reads_a_line_written_by_hand(real_services: Services, sts: EmbeddedSts) -> None:
    key = sts.directory.user("bob").access_key
    entry = real_services.access_keys.store("bob", key.access_key_id, key.secret_access_key)
    profile = real_services.profiles.create(
        "served one", Profile("", "", VaultKey(entry.id), EndpointChoice("custom", sts.url, "us-east-1"))
    )
    real_services.sessions.get_token(profile)
    config = Path.home() / ".aws" / "config"
    config.parent.mkdir()
    config.write_text(f'[profile served]\ncredential_process = {PROGRAM} credential-process "served one"\n')
    command = [sys.executable, "-c", WHO_AM_I, sts.url]

    found = subprocess.run(command, capture_output=True, text=True, timeout=LIMIT_SECONDS)
    assert (found.stdout, found.stderr) == ("arn:aws:iam::123456789012:user/bob\n", "")

    real_services.sessions.end(profile)
    found = subprocess.run(command, capture_output=True, text=True, timeout=LIMIT_SECONDS)
    assert "sts-desktop renew 'served one'" in found.stderr


@needs_keyring
@pytest.mark.fault(44)
def test_an_expired_and_a_missing_session_say_what_to_do(real_services: Services) -> None:
    assert "renew work" in refused(serve())
    credentials = keep_session(real_services, timedelta(seconds=-1))
    line = refused(serve())
    assert "renew work" in line
    assert credentials.secret_access_key not in line
    assert "ghost" in refused(serve("ghost"))


@needs_keyring
@pytest.mark.fault(44)
def test_a_locked_keyring_is_not_asked_to_open(real_services: Services, real_keyring: "PrivateBus") -> None:
    keep_session(real_services)
    real_keyring.lock()
    began = time.monotonic()
    assert "locked" in refused(serve())
    assert time.monotonic() - began < PROMISED_SECONDS


@needs_keyring
@pytest.mark.fault(44)
def test_a_keyring_that_does_not_answer_is_given_up(private_bus: "PrivateBus") -> None:
    open_services().profiles.create("work")
    private_bus.let_start("org.freedesktop.secrets", "/bin/sleep 60")
    began = time.monotonic()
    assert "does not answer" in refused(serve())
    assert time.monotonic() - began < PROMISED_SECONDS


@pytest.mark.fault(44)
def test_without_a_keyring_there_is_no_session() -> None:
    open_services().profiles.create("work")
    refused(serve())


@needs_keyring
@pytest.mark.fault(44)
def test_standard_output_that_is_closed_or_full(real_services: Services) -> None:
    keep_session(real_services)
    closed = subprocess.run(
        ["sh", "-c", '"$1" credential-process work >&-', "sh", PROGRAM],
        capture_output=True, text=True, timeout=LIMIT_SECONDS,
    )  # fmt: skip
    assert closed.stdout == ""
    assert closed.stderr.count("\n") <= 1
    with open("/dev/full", "wb") as full:
        result = subprocess.run(
            [PROGRAM, "credential-process", "work"], stdout=full, stderr=subprocess.PIPE, timeout=LIMIT_SECONDS
        )
    assert (result.returncode, result.stderr.count(b"\n")) == (1, 1)


@needs_keyring
def test_it_loads_little(real_services: Services) -> None:
    keep_session(real_services)
    loaded = set(serve(program=(sys.executable, "-c", WHAT_IS_LOADED)).stderr.split())
    assert "sts_desktop.core.vault.quick_read" in loaded
    assert not loaded & {
        "PySide6", "boto3", "botocore", "keyring", "secretstorage", "cryptography", "filelock", "platformdirs",
        "logging", "asyncio", "sts_desktop.core.services", "sts_desktop.core.state",
    }  # fmt: skip


@needs_keyring
def test_a_chain_that_reaches_the_command_does_not_run_in_a_circle(real_services: Services) -> None:
    """The profile takes its key from the chain, and the chain from the profile's own session."""
    config = Path.home() / ".aws" / "config"
    config.parent.mkdir()
    config.write_text(f"[default]\ncredential_process = {PROGRAM} credential-process work\n")
    keep_session(real_services)
    command = [PROGRAM, "get-token", "other", "--default-chain"]
    environment = os.environ | {"STS_DESKTOP_SERVING": ""}
    result = subprocess.run(command, capture_output=True, text=True, timeout=LIMIT_SECONDS, env=environment)
    assert "credential_process of the AWS config file" in refused(result)

    serving = environment | {"STS_DESKTOP_SERVING": "1"}
    result = subprocess.run(command, capture_output=True, text=True, timeout=LIMIT_SECONDS, env=serving)
    assert "circle" in refused(result)
