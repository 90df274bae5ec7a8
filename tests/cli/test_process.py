"""The program as people start it: processes of their own, a real keyring, a real shell, a real terminal."""

import json
import os
import select
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from sts_desktop.demo.embedded_sts import EmbeddedSts

if TYPE_CHECKING:
    from tests.private_bus import PrivateBus

needs_keyring = pytest.mark.desktop("dbus-daemon", "gnome-keyring-daemon")

PROGRAM = str(Path(sys.executable).with_name("sts-desktop"))
ALICE_PHONE = "arn:aws:iam::123456789012:mfa/alice-phone"
LIMIT_SECONDS = 30

WHO_AM_I = """
import boto3, sys
session = boto3.Session(profile_name=sys.argv[2]) if len(sys.argv) > 2 else boto3.Session()
print(session.client("sts", region_name="us-east-1", endpoint_url=sys.argv[1]).get_caller_identity()["Arn"])
"""

WHAT_IS_LOADED = """
import sys
from sts_desktop.__main__ import main
code = main(sys.argv[1:])
print(*sorted(sys.modules), file=sys.stderr)
sys.exit(code)
"""

FROZEN = """
import gc, sys
from sts_desktop.__main__ import main
main(["list"])
print(gc.get_freeze_count() > 10_000, gc.isenabled(), file=sys.stderr)
"""


def start(*arguments: str, stdin: str = "", **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [PROGRAM, *arguments],
        input=stdin,
        capture_output=True,
        text=True,
        timeout=LIMIT_SECONDS,
        env=os.environ | environment,
    )


def succeed(*arguments: str, stdin: str = "") -> str:
    """Run a command that has to succeed without a word on standard error; return its output."""
    result = start(*arguments, stdin=stdin)
    assert (result.returncode, result.stderr) == (0, "")
    return result.stdout


def who_am_i(*arguments: str) -> str:
    """Ask the STS at a URL, from a process of its own, with the credentials that boto3 finds for a profile."""
    command = [sys.executable, "-c", WHO_AM_I, *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=LIMIT_SECONDS, check=True).stdout.strip()


def keep_key(sts: EmbeddedSts, user: str) -> None:
    key = sts.directory.user(user).access_key
    succeed("keys", "add", user, stdin=f"{key.access_key_id}\n{key.secret_access_key}\n")


@needs_keyring
def test_a_token_from_the_keyring_to_boto3(real_keyring: "PrivateBus", sts: EmbeddedSts) -> None:
    keep_key(sts, "alice")
    assert json.loads(succeed("list", "--json")) == []

    got = succeed(
        "get-token", "本番", "--access-key", "alice", "--endpoint-url", sts.url, "--duration", "1h",
        "--mfa-serial", ALICE_PHONE, "--token-code-stdin", stdin=sts.directory.current_code(ALICE_PHONE),
    )  # fmt: skip
    assert "GNOME Keyring" in got

    succeed("write", "本番", "--section", "production")
    [entry] = json.loads(succeed("list", "--json"))
    assert (entry["name"], entry["state"], entry["sections"]) == ("本番", "active", ["production"])
    assert entry["expiration"] in got
    assert who_am_i(sts.url, "production") == "arn:aws:iam::123456789012:user/alice"
    assert entry["expiration"] in succeed("get-token", "本番")


@needs_keyring
@pytest.mark.desktop("bash", "dbus-daemon", "gnome-keyring-daemon")
def test_exports_work_in_a_shell_full_of_old_ones(real_keyring: "PrivateBus", sts: EmbeddedSts) -> None:
    keep_key(sts, "bob")
    succeed("get-token", "work", "--access-key", "bob", "--endpoint-url", sts.url)
    script = 'eval "$("$1" env work)" && exec "$2" -c "$3" "$4"'
    old = {
        "AWS_PROFILE": "ghost",
        "AWS_ACCESS_KEY_ID": "ASIAOLD",
        "AWS_SECURITY_TOKEN": "old",
        "AWS_CREDENTIAL_EXPIRATION": "2020-01-01T00:00:00Z",
    }

    shell = subprocess.run(
        ["bash", "-c", script, "bash", PROGRAM, sys.executable, WHO_AM_I, sts.url],
        capture_output=True,
        text=True,
        timeout=LIMIT_SECONDS,
        env=os.environ | old,
    )

    assert (shell.returncode, shell.stdout, shell.stderr) == (0, "arn:aws:iam::123456789012:user/bob\n", "")


@needs_keyring
def test_secrets_stay_out_of_our_files(real_keyring: "PrivateBus", sts: EmbeddedSts) -> None:
    keep_key(sts, "bob")
    succeed("get-token", "work", "--access-key", "bob", "--endpoint-url", sts.url)
    exports = dict(
        line.removeprefix("export ").replace("'", "").split("=", 1)
        for line in succeed("env", "work").splitlines()
        if line.startswith("export ")
    )
    secrets = [exports[name] for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN")]
    secrets.append(sts.directory.user("bob").access_key.secret_access_key)

    ours = [path for path in Path.home().rglob("*") if path.is_file() and "keyrings" not in path.parts]

    assert {path.name for path in ours} >= {"settings.json", "state.json", "sts-desktop.log"}
    for path in ours:
        assert path.stat().st_mode & 0o077 == 0
        assert not any(secret.encode() in path.read_bytes() for secret in secrets)


@needs_keyring
@pytest.mark.fault(24)
def test_a_locked_keyring_is_one_line(real_keyring: "PrivateBus", sts: EmbeddedSts) -> None:
    keep_key(sts, "bob")
    real_keyring.lock()

    result = start("get-token", "work", "--access-key", "bob", "--endpoint-url", sts.url)

    assert (result.returncode, result.stdout, result.stderr.count("\n")) == (1, "", 1)
    assert "keyring" in result.stderr


@pytest.mark.fault(23)
@pytest.mark.parametrize("arguments", [("keys", "add", "x"), ("get-token", "x", "--aws-profile", "main")])
def test_without_a_keyring_nothing_is_sent(sts: EmbeddedSts, arguments: tuple[str, ...]) -> None:
    file = Path.home() / ".aws" / "credentials"
    file.parent.mkdir()
    key = sts.directory.user("bob").access_key
    file.write_text(f"[main]\naws_access_key_id={key.access_key_id}\naws_secret_access_key={key.secret_access_key}\n")

    result = start(*arguments, stdin=f"{key.access_key_id}\n{key.secret_access_key}\n")

    assert (result.returncode, result.stdout, result.stderr.count("\n")) == (1, "", 1)
    assert result.stderr.startswith("sts-desktop: A command needs a keyring.")
    assert all(holder.session is None for holder in sts.directory._holders.values())


@pytest.mark.fault(44)
@pytest.mark.parametrize("arguments", [("endpoints",), ("list",), ("--help",), ("--version",)])
def test_a_reader_that_has_gone_is_no_error_to_speak_of(
    arguments: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PYTHONUNBUFFERED", raising=False)  # with it argparse itself swallows the error
    reading, writing = os.pipe()
    os.close(reading)
    try:
        result = subprocess.run([PROGRAM, *arguments], stdout=writing, stderr=subprocess.PIPE, timeout=LIMIT_SECONDS)
    finally:
        os.close(writing)

    assert (result.returncode, result.stderr) == (1, b"")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="has no device that is always full")
def test_output_that_cannot_be_written_is_one_line() -> None:
    with open("/dev/full", "wb") as full:
        result = subprocess.run([PROGRAM, "endpoints"], stdout=full, stderr=subprocess.PIPE, timeout=LIMIT_SECONDS)

    assert result.returncode == 1
    assert result.stderr.startswith(b"sts-desktop: The output could not be written.")
    assert result.stderr.count(b"\n") == 1


def test_hidden_start_takes_nothing_else() -> None:
    done = subprocess.run([PROGRAM, "--hidden", "work"], capture_output=True, text=True, timeout=LIMIT_SECONDS)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "sts-desktop: --hidden stands alone; it begins the window in the tray\n"


@pytest.mark.desktop("sh")
def test_streams_may_be_closed() -> None:
    command = ["sh", "-c", '"$1" list <&- >&- 2>&-; echo $?', "sh", PROGRAM]

    assert subprocess.run(command, capture_output=True, timeout=LIMIT_SECONDS).stdout == b"0\n"


@pytest.mark.parametrize(
    "environment", [{"LC_ALL": "C"}, {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONIOENCODING": "ascii"}]
)
def test_any_name_can_be_printed_in_any_encoding(environment: dict[str, str]) -> None:
    result = start("env", "本番😀", **environment)

    assert (result.returncode, result.stderr.count("\n")) == (1, 1)
    assert "“" in result.stderr or "\\u201c" in result.stderr


@pytest.mark.parametrize("arguments", [("list",), ("list", "--json"), ("keys", "list"), ("endpoints",)])
def test_a_command_that_only_looks_loads_little(arguments: tuple[str, ...]) -> None:
    command = [sys.executable, "-c", WHAT_IS_LOADED, *arguments]
    loaded = subprocess.run(command, capture_output=True, text=True, timeout=LIMIT_SECONDS, check=True).stderr.split()

    assert "sts_desktop.cli.main" in loaded
    heavy = {
        "PySide6",
        "boto3",
        "botocore",
        "keyring",
        "cryptography",
        "filelock",
        "platformdirs",
        "logging",
        "asyncio",
    }
    assert not heavy & set(loaded)
    assert "sts_desktop.core.services" not in loaded


def test_no_garbage_is_looked_for_when_a_command_ends() -> None:
    result = subprocess.run([sys.executable, "-c", FROZEN], capture_output=True, text=True, timeout=LIMIT_SECONDS)

    assert result.stderr.split() == ["True", "True"]


class Terminal:
    """A program on a terminal of its own; standard output is a pipe, as in `$(…)`."""

    def __init__(self, *arguments: str) -> None:
        self._ours, theirs = os.openpty()
        self.process = subprocess.Popen(
            [PROGRAM, *arguments],
            stdin=theirs,
            stdout=subprocess.PIPE,
            stderr=theirs,
            # Not the terminal that the tests were started from.
            start_new_session=True,
        )
        os.close(theirs)
        self.shown = ""

    def wait_for(self, text: str) -> None:
        while text not in self.shown:
            assert select.select([self._ours], [], [], LIMIT_SECONDS)[0], f"not shown: {text}"
            self.shown += self._read()

    def type(self, text: str) -> None:
        os.write(self._ours, text.encode())

    def finish(self) -> str:
        """Wait for the end and return the standard output."""
        out, _err = self.process.communicate(timeout=LIMIT_SECONDS)
        while data := self._read():
            self.shown += data
        return out.decode()

    def close(self) -> None:
        self.process.kill()
        self.process.communicate()
        os.close(self._ours)

    def _read(self) -> str:
        try:
            return os.read(self._ours, 4096).decode()
        except OSError:  # how Linux says that the other side is closed
            return ""


@pytest.fixture
def terminals() -> Iterator[list[Terminal]]:
    """Where a test puts its terminals, to be closed."""
    opened: list[Terminal] = []
    yield opened
    for terminal in opened:
        terminal.close()


@needs_keyring
def test_on_a_terminal_it_asks(real_keyring: "PrivateBus", sts: EmbeddedSts, terminals: list[Terminal]) -> None:
    key = sts.directory.user("alice").access_key
    terminals.append(adding := Terminal("keys", "add", "alice"))
    adding.wait_for("Access key id:")
    adding.type(f"{key.access_key_id}\n")
    adding.wait_for("Secret access key:")
    adding.type(f"{key.secret_access_key}\n")
    assert "“alice”" in adding.finish()
    assert adding.process.returncode == 0
    assert key.secret_access_key not in adding.shown

    options = ("--access-key", "alice", "--endpoint-url", sts.url, "--mfa-serial", ALICE_PHONE)
    terminals.append(getting := Terminal("get-token", "work", *options))
    getting.wait_for(f"Code of {ALICE_PHONE}:")
    getting.type(f"{sts.directory.current_code(ALICE_PHONE)}\n")
    assert "Got a token for “work”" in getting.finish()
    assert getting.process.returncode == 0


@needs_keyring
def test_ctrl_c_at_a_question_is_silent(
    real_keyring: "PrivateBus", sts: EmbeddedSts, terminals: list[Terminal]
) -> None:
    terminals.append(terminal := Terminal("keys", "add", "x"))
    terminal.wait_for("Access key id:")

    terminal.process.send_signal(signal.SIGINT)

    assert terminal.finish() == ""
    assert terminal.process.returncode == 130
    assert terminal.shown.strip() == "Access key id:"
