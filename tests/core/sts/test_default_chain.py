"""botocore's own credential provider chain, at each of its places that this machine can imitate."""

import contextlib
import json
import os
import sys
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from sts_desktop.core.errors import Field
from sts_desktop.core.exports import SERVING_VARIABLE
from sts_desktop.core.sts import chain_errors as errors
from sts_desktop.core.sts.default_chain import kind_of, resolve_default_chain

KEYS = "aws_access_key_id = AKIAEXAMPLECHAIN1234\naws_secret_access_key = secret/of+the=chain\n"
TEMPORARY = "aws_access_key_id = ASIAEXAMPLECHAIN1234\naws_secret_access_key = s\naws_session_token = t\n"

SSO = "sso_start_url = https://x.example\nsso_region = us-east-1\nsso_account_id = 1\nsso_role_name = r\n"

Put = Callable[..., None]


@pytest.fixture
def put() -> Put:
    """Put text into the two AWS files."""

    def put_files(credentials: str = "", config: str = "") -> None:
        directory = Path.home() / ".aws"
        directory.mkdir(exist_ok=True)
        for name, text in (("credentials", credentials), ("config", config)):
            if text:
                (directory / name).write_text(text)

    return put_files


@pytest.fixture
def process(tmp_path: Path) -> Callable[[str], str]:
    """Return the config line of a credential_process that is this Python code."""

    def line(code: str) -> str:
        script = tmp_path / "process.py"
        script.write_text(code)
        return f"credential_process = {sys.executable} {script}\n"

    return line


@pytest.fixture
def metadata() -> Iterator[ThreadingHTTPServer]:
    """A service that gives the credentials of a container or an instance."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            answer: object = {
                "AccessKeyId": "ASIAROLE", "SecretAccessKey": "s", "Token": "t", "Code": "Success",
                "Expiration": "2099-01-01T00:00:00Z",
            }  # fmt: skip
            body = b"role" if self.path.endswith("/security-credentials/") else json.dumps(answer).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def do_PUT(self) -> None:
            self.send_response(200)
            self.send_header("Content-Length", "5")
            self.end_headers()
            self.wfile.write(b"token")

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  (its name there)
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def test_the_environment_comes_first(put: Put, monkeypatch: pytest.MonkeyPatch) -> None:
    put(f"[default]\n{KEYS}")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAENVIRONMENT12345")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    found = resolve_default_chain()
    assert (found.kind, found.last_four) == ("environment variables", "2345")
    assert found.access_key.secret_access_key == "secret"
    assert "secret" not in repr(found)


@pytest.mark.parametrize("variable", [None, "AWS_PROFILE", "AWS_DEFAULT_PROFILE"])
def test_the_shared_credentials_file(put: Put, monkeypatch: pytest.MonkeyPatch, variable: str | None) -> None:
    put(f"[default]\n{KEYS}[other]\n{KEYS.replace('1234', '5678')}")
    if variable:
        monkeypatch.setenv(variable, "other")
    found = resolve_default_chain()
    assert (found.kind, found.last_four) == ("shared credentials file", "5678" if variable else "1234")


def test_the_config_file(put: Put) -> None:
    put(config=f"[default]\n{KEYS}")
    assert resolve_default_chain().kind == "AWS config file"


def test_a_credential_process(put: Put, process: Callable[[str], str]) -> None:
    answer = {"Version": 1, "AccessKeyId": "AKIAPROCESS", "SecretAccessKey": "s"}
    put(config="[default]\n" + process(f"print({json.dumps(answer)!r})"))
    found = resolve_default_chain()
    assert (found.kind, found.access_key.access_key_id) == ("credential_process of the AWS config file", "AKIAPROCESS")


def test_nothing_anywhere() -> None:
    with pytest.raises(errors.NoCredentialsInChainError) as caught:
        resolve_default_chain()
    assert caught.value.field is Field.ACCESS_KEY
    assert caught.value.hint


@pytest.mark.fault(8)
@pytest.mark.parametrize(
    ("credentials", "config", "kind"),
    [
        (f"[default]\n{TEMPORARY}", "", "shared credentials file"),
        (f"[default]\n{KEYS}aws_session_token = t\n", "", "shared credentials file"),
        ("", f"[default]\n{TEMPORARY}", "AWS config file"),
        (f"[main]\n{KEYS}", "[default]\nrole_arn = arn:aws:iam::1:role/x\nsource_profile = main\nmfa_serial = y\n",
         "role of the AWS config file"),
        ("", f"[default]\n{SSO}", "IAM Identity Center"),
    ],
)  # fmt: skip
def test_temporary_credentials_are_told_with_their_place(put: Put, credentials: str, config: str, kind: str) -> None:
    """A role with an MFA device would ask for its code on the terminal: it is never assumed."""
    put(credentials, config)
    with pytest.raises(errors.TemporaryChainKeyError) as caught:
        resolve_default_chain()
    assert caught.value.kind == kind
    assert kind in caught.value.message


def test_the_role_of_a_container(metadata: ThreadingHTTPServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_CONTAINER_CREDENTIALS_FULL_URI", f"http://127.0.0.1:{metadata.server_port}/x")
    with pytest.raises(errors.TemporaryChainKeyError) as caught:
        resolve_default_chain()
    assert caught.value.kind == "container role"


def test_the_role_of_an_instance(metadata: ThreadingHTTPServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_EC2_METADATA_DISABLED")
    monkeypatch.setenv("AWS_EC2_METADATA_SERVICE_ENDPOINT", f"http://127.0.0.1:{metadata.server_port}/")
    with pytest.raises(errors.TemporaryChainKeyError) as caught:
        resolve_default_chain()
    assert caught.value.kind == "instance role"


@pytest.mark.parametrize("file", ["credentials", "config"])
def test_a_broken_file(put: Put, file: str) -> None:
    put(**{file: "this is no [config\n"})
    with pytest.raises(errors.ChainFileBrokenError):
        resolve_default_chain()


@pytest.mark.fault(43)
def test_a_profile_that_does_not_exist(put: Put, monkeypatch: pytest.MonkeyPatch) -> None:
    put(f"[default]\n{KEYS}")
    monkeypatch.setenv("AWS_PROFILE", "ghost")
    with pytest.raises(errors.ChainProfileMissingError):
        resolve_default_chain()


def test_half_a_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAHALF")
    with pytest.raises(errors.ChainKeyIncompleteError, match="environment variables"):
        resolve_default_chain()


@pytest.mark.parametrize("key_id", ["AKIA ENV", "AKIA“1”", "AKIA#comment"])
def test_what_cannot_be_a_key(monkeypatch: pytest.MonkeyPatch, key_id: str) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", key_id)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    with pytest.raises(errors.ChainKeyMalformedError) as caught:
        resolve_default_chain()
    assert key_id not in str(caught.value)


@pytest.mark.expects_warnings
@pytest.mark.parametrize(
    "code",
    [
        "import sys; sys.exit('the secret is hunter2')",
        "print('hunter2 is no JSON')",
        "print('[1]')",
        'print(\'{"Version": 2, "hunter2": 1}\')',
        "import sys; sys.stdout.buffer.write(b'\\xff')",
    ],
)
def test_a_command_that_fails_is_named_and_not_quoted(
    put: Put, process: Callable[[str], str], code: str, caplog: pytest.LogCaptureFixture
) -> None:
    put(config="[default]\n" + process(code))
    with pytest.raises(errors.ChainSourceFailedError) as caught:
        resolve_default_chain()
    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None
    assert "hunter2" not in str(caught.value) + caplog.text


@pytest.mark.expects_warnings
def test_a_command_that_does_not_exist(put: Put) -> None:
    put(config="[default]\ncredential_process = /no/such/command\n")
    with pytest.raises(errors.ChainSourceFailedError):
        resolve_default_chain()


@pytest.mark.expects_warnings  # of the thread that is left behind, once the test lets it go
def test_a_command_that_never_ends_is_not_waited_for(put: Put, process: Callable[[str], str], tmp_path: Path) -> None:
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    put(config="[default]\n" + process(f"open({str(fifo)!r}).read()"))
    began = time.monotonic()
    with pytest.raises(errors.ChainNotAnsweringError):
        resolve_default_chain(limit_seconds=0.3)
    assert time.monotonic() - began < 10
    _let_go(fifo)


def _let_go(fifo: Path) -> None:
    """End the command and the thread that waits for it, once the command has come as far as opening its pipe."""
    import threading

    with contextlib.suppress(BrokenPipeError), open(fifo, "w"):
        pass
    for thread in threading.enumerate():
        if thread.name == "default-chain":
            thread.join(30)


def test_a_command_that_serves_credentials_goes_through_no_chain(put: Put) -> None:
    put(f"[default]\n{KEYS}")
    with pytest.raises(errors.ChainCircleError):
        resolve_default_chain({SERVING_VARIABLE: "1"})


def test_a_method_that_botocore_may_add_has_no_name_yet() -> None:
    assert kind_of("something-new") == "something-new"
