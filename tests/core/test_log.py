import contextlib
import logging
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sts_desktop.core import log
from sts_desktop.core.log import redact
from sts_desktop.core.profile import Profile
from sts_desktop.core.services import Services
from sts_desktop.core.sts.errors import StsDisabledInRegionError, TokenCodeRefusedError
from sts_desktop.demo.control import Faults

if TYPE_CHECKING:
    from tests.core.conftest import Clock, WatchedSts

SECRET = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
TOKEN = "IQoJb3JpZ2luX2VjE" * 10 + "=="


class Records(logging.Handler):
    """Keeps every record as text, with its arguments and its traceback, before anything is redacted."""

    def __init__(self) -> None:
        super().__init__(logging.NOTSET)
        self.texts: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.texts.append(logging.Formatter().format(record) + repr(record.args))


@pytest.fixture(autouse=True)
def logging_as_before() -> Iterator[None]:
    """Undo what `start` did to the loggers of this process."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    levels = {name: logging.getLogger(name).level for name in log.PINNED_LOGGERS}
    yield
    for handler in [handler for handler in root.handlers if handler not in handlers]:
        root.removeHandler(handler)
        with contextlib.suppress(OSError):  # of a disk that is full
            handler.close()
    root.setLevel(level)
    for name, old in levels.items():
        logging.getLogger(name).setLevel(old)


@pytest.fixture
def records() -> Records:
    """Every record of every logger; the root drops it with the other handlers."""
    records = Records()
    logging.getLogger().addHandler(records)
    return records


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "state" / "log" / "sts-desktop.log"


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_a_whole_run_at_debug_logs_no_secret(
    services: Services,
    alices_profile: Profile,
    bobs_profile: Profile,
    embedded_sts: "WatchedSts",
    clock: "Clock",
    records: Records,
) -> None:
    log.start(services.paths.log_file, level=logging.DEBUG)
    codes = [embedded_sts.code()]
    services.sessions.get_token(alices_profile, codes[0])
    services.sessions.get_token(bobs_profile)
    sessions = [services.sessions.credentials(profile) for profile in (alices_profile, bobs_profile)]
    for profile in (alices_profile, bobs_profile):
        services.sessions.identify(profile)
        services.sessions.write(profile)
    codes.append(f"{(int(codes[0]) + 500_000) % 1_000_000:06}")
    with pytest.raises(TokenCodeRefusedError):
        services.sessions.get_token(alices_profile, codes[1])
    embedded_sts.control.set(Faults(region_disabled=True))
    with pytest.raises(StsDisabledInRegionError):
        services.sessions.get_token(bobs_profile)
    services.sessions.records.reconcile()

    keys = [embedded_sts.directory.user(name).access_key for name in ("alice", "bob")]
    secrets = [secret for key in keys for secret in (key.access_key_id, key.secret_access_key)] + codes
    for session in sessions:
        secrets += [session.access_key_id, session.secret_access_key, session.session_token]
    logged = services.paths.log_file.read_text("utf-8")
    everything = "\n".join(records.texts) + logged
    assert "Wrote section [alice]" in logged
    assert any("sts_desktop" in line for line in logged.splitlines())
    assert [secret for secret in secrets if secret in everything] == []


def test_the_log_is_for_its_owner_only_the_rotated_ones_too(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log, "SIZE", 200)
    log.start(path)
    for number in range(20):
        logging.getLogger("anything").info("a line of some length, number %s", number)
    names = sorted(entry.name for entry in path.parent.iterdir())
    assert names == ["sts-desktop.log", "sts-desktop.log.1", "sts-desktop.log.2"]
    assert {mode(entry) for entry in path.parent.iterdir()} == {0o600}
    assert mode(path.parent) == 0o700


def test_the_level_is_as_asked(path: Path) -> None:
    log.start(path)
    logging.getLogger("anything").debug("too much")
    logging.getLogger("anything").info("a line")
    text = path.read_text()
    assert "INFO anything: a line" in text
    assert "too much" not in text


@pytest.mark.parametrize("name", ["botocore", "botocore.auth", "urllib3.connectionpool", "keyring.backend", "boto3"])
def test_the_libraries_that_print_secrets_are_silent_whatever_the_level(path: Path, name: str) -> None:
    log.start(path, level=logging.DEBUG)
    logging.getLogger(name).debug("CanonicalRequest")
    logging.getLogger(name).info("details")
    assert path.read_text() == ""


NO_LOG = """
import logging, pathlib, sys
from sts_desktop.core import log
log.start(pathlib.Path(sys.argv[1]), level=logging.DEBUG)
logging.getLogger("sts_desktop").error("to nobody")
for name in log.PINNED_LOGGERS:
    logging.getLogger(name).info("to nobody")
    print(name, logging.getLogger(name).isEnabledFor(logging.INFO))
"""


@pytest.mark.fault(31)
def test_a_place_that_cannot_be_written_to_means_no_log_not_even_on_the_terminal(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("a file where the directory should be")
    command = [sys.executable, "-c", NO_LOG, str(tmp_path / "state" / "log" / "sts-desktop.log")]
    run = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    assert run.stderr == ""
    assert run.stdout.splitlines() == [f"{name} False" for name in log.PINNED_LOGGERS]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="the device that is always full")
@pytest.mark.fault(32)
def test_a_disk_that_fills_up_prints_nothing(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Python's own way is to print the record on standard error, with its arguments."""
    path.parent.mkdir(parents=True)
    path.symlink_to("/dev/full")
    log.start(path)
    logging.getLogger("anything").info("the secret is %s", SECRET)
    assert capsys.readouterr() == ("", "")


def test_a_traceback_is_redacted_too(path: Path) -> None:
    log.start(path)
    try:
        raise ValueError(f"the keyring said {SECRET} and {TOKEN}")
    except ValueError:
        logging.getLogger("anything").exception("for key %s", "AKIAIOSFODNN7EXAMPLE")
    text = path.read_text()
    assert "Traceback" in text
    assert "AKIA…MPLE" in text
    assert not any(secret in text for secret in (SECRET, TOKEN, "AKIAIOSFODNN7EXAMPLE"))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("AKIAIOSFODNN7EXAMPLE", "AKIA…MPLE"),
        ("id=ASIAIOSFODNN7EXAMPLE,", "id=ASIA…MPLE,"),
        (f"{{'secret': '{SECRET}'}}", "{'secret': '[redacted]"),
        (f"aws_secret_access_key={SECRET}", "aws_secret_access_key=[redacted]"),
        ("aws_secret_access_key = short, chosen", "aws_secret_access_key = [redacted] chosen"),
        (f"SecretAccessKey={SECRET}&Version", "SecretAccessKey=[redacted]"),
        (r"{\"SecretAccessKey\": \"short\"}", r"{\"SecretAccessKey\": \"[redacted]"),
        ("X-Amz-Security-Token: short", "X-Amz-Security-Token: [redacted]"),
        ("<SessionToken>" + TOKEN, "<SessionToken>[redacted]"),
        ("the proxy's PASSWORD: hunter2", "the proxy's PASSWORD: [redacted]"),
        (f"https://x/{SECRET}", "https:[redacted]"),
        (f"{SECRET}==", "[redacted]"),
        (f"token {TOKEN}", "token [redacted]"),
        ("TokenCode=123456&Version", "TokenCode=[redacted]&Version"),
        ("{'token_code': '123456'}", "{'token_code': '[redacted]'}"),
        ("the MFA code was 123456.", "the MFA code was [redacted]."),
    ],
)
def test_what_looks_like_a_secret_is_redacted(text: str, expected: str) -> None:
    assert redact(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Wrote section [work] of /home/alice/.aws/credentials",
        "get_session_token of sts.ap-northeast-1.amazonaws.com: HTTP status 403, code InvalidClientTokenId",
        "account 123456789012, 123456 bytes in 200000 ms",
        "secrets are kept in: GNOME Keyring",
    ],
)
def test_what_helps_to_find_a_fault_stays(text: str) -> None:
    assert redact(text) == text


def test_a_long_text_is_redacted_at_once() -> None:
    """Patterns that try every beginning with every end would take minutes."""
    text = "secret password token " + "x" * 200_000 + "-_" * 100_000
    begun = time.process_time()
    redact(text)
    assert time.process_time() - begun < 5


BASE64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"


@given(
    secret=st.text(BASE64, min_size=40, max_size=40),
    token=st.text(BASE64, min_size=100, max_size=2000),
    key_id=st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", min_size=16, max_size=16),
    around=st.sampled_from(
        ["{}", "'{}'", "x: {}\n", '"{}",', "({})", "<b>{}</b>", "k={}", "k={}&x", "{}==", "/{}", "/{}/x"]
    ),
)
def test_secrets_of_every_form_are_redacted(secret: str, token: str, key_id: str, around: str) -> None:
    for text in (secret, token, f"AKIA{key_id}", f"ASIA{key_id}"):
        assert text not in redact(around.format(text))
