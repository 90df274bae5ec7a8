"""`mfa-devices`: what AWS lists of the user of a profile's access key."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from sts_desktop.core import i18n
from sts_desktop.demo.control import Faults

if TYPE_CHECKING:
    from sts_desktop.demo.embedded_sts import EmbeddedSts
    from tests.cli.conftest import CommandLine


@pytest.fixture
def profile_of(command: "CommandLine", sts: "EmbeddedSts") -> Callable[[str], None]:
    """Make a profile called `work` with the key of a demo user, at the embedded server."""

    def profile_of(name: str) -> None:
        key = sts.directory.user(name).access_key
        command("keys", "add", name, stdin=f"{key.access_key_id}\n{key.secret_access_key}\n")
        assert command("get-token", "work", "--access-key", name, "--endpoint-url", sts.url).code == 0

    return profile_of


def test_lists_devices_of_every_kind(command: "CommandLine", profile_of: Callable[[str], None]) -> None:
    profile_of("dave")

    listed = command("mfa-devices", "work", "--json").json
    outcome = command("mfa-devices", "work")

    assert [(entry["kind"], entry["gives_codes"]) for entry in listed] == [
        ("virtual", True),
        ("hardware", True),
        ("fido", False),
    ]
    assert outcome.code == 0
    for entry in listed:
        assert entry["serial"] in outcome.out
    for words in ("authenticator app", "hardware token", "passkey or security key", "AWS offers no API"):
        assert words in outcome.out


def test_a_user_with_passkeys_only_is_told_what_to_use(
    command: "CommandLine", profile_of: Callable[[str], None]
) -> None:
    profile_of("erin")

    outcome = command("mfa-devices", "work")

    assert outcome.code == 0
    for words in ("u2f/user/erin", "AWS offers no API", "authenticator app", "aws login", "IAM Identity Center"):
        assert words in outcome.out


def test_in_japanese(command: "CommandLine", profile_of: Callable[[str], None]) -> None:
    profile_of("erin")
    i18n.install("ja")

    outcome = command("mfa-devices", "work")

    assert "パスキー" in outcome.out
    assert "IAM Identity Center" in outcome.out


def test_a_user_without_devices(command: "CommandLine", profile_of: Callable[[str], None]) -> None:
    profile_of("bob")

    assert command("mfa-devices", "work").out == "The user of this access key has no MFA device.\n"
    assert command("mfa-devices", "work", "--json").json == []


def test_a_device_that_is_listed_gets_a_token(
    command: "CommandLine", sts: "EmbeddedSts", profile_of: Callable[[str], None]
) -> None:
    profile_of("dave")
    serial = command("mfa-devices", "work", "--json").json[1]["serial"]
    command("end", "work")
    code = sts.directory.current_code(serial)

    outcome = command("get-token", "work", "--mfa-serial", serial, "--token-code-stdin", stdin=f"{code}\n")

    assert outcome.code == 0
    assert "can call what its user may" in outcome.out
    assert "not IAM" not in outcome.out


def test_a_policy_that_forbids_it_is_one_line(command: "CommandLine", profile_of: Callable[[str], None]) -> None:
    profile_of("frank")

    outcome = command("mfa-devices", "work")

    assert (outcome.code, outcome.out, outcome.err.count("\n")) == (1, "", 1)
    assert "iam:ListMFADevices" in outcome.err
    assert "Type the ARN or serial number" in outcome.err


def test_no_such_profile(command: "CommandLine") -> None:
    assert command("mfa-devices", "work").code == 1


def test_a_failure_of_the_service(
    command: "CommandLine",
    sts: "EmbeddedSts",
    profile_of: Callable[[str], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    profile_of("alice")
    monkeypatch.setattr("sts_desktop.core.sts.client.FIRST_PAUSE", 0)
    sts.control.set(Faults(throttled=True))

    outcome = command("mfa-devices", "work")

    assert outcome.code == 1
    assert "Too many requests" in outcome.err


def test_a_passkey_is_not_taken_for_a_device(command: "CommandLine", profile_of: Callable[[str], None]) -> None:
    profile_of("erin")
    serial = command("mfa-devices", "work", "--json").json[0]["serial"]

    outcome = command("get-token", "work", "--mfa-serial", serial)

    assert outcome.code == 1
    assert "A passkey or security key cannot be used here" in outcome.err
    assert "aws login" in outcome.err


def test_what_a_session_without_mfa_cannot_call_is_said(
    command: "CommandLine", sts: "EmbeddedSts", profile_of: Callable[[str], None]
) -> None:
    profile_of("bob")

    outcome = command("renew", "work")

    assert "not IAM" in outcome.out
    assert "AssumeRole and GetCallerIdentity" in outcome.out
