"""The embedded STS as a process of its own."""

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from http.client import HTTPConnection
from typing import Any

import pytest


@pytest.fixture
def process() -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [sys.executable, "-m", "sts_desktop.demo", "--port", "0"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    with process:
        yield process
        process.kill()


@pytest.fixture
def description(process: subprocess.Popen[str]) -> Any:
    assert process.stdout
    return json.loads(process.stdout.readline())


def test_start_call_terminate(process: subprocess.Popen[str], description: Any, aws_session: Any) -> None:
    alice = next(user for user in description["users"] if user["name"] == "alice")
    assert alice["mfa_serial"] == "arn:aws:iam::123456789012:mfa/alice-phone"
    assert alice["mfa_seed"]
    client = aws_session.create_client(
        "sts",
        region_name="eu-west-1",
        endpoint_url=description["url"],
        aws_access_key_id=alice["access_key_id"],
        aws_secret_access_key=alice["secret_access_key"],
    )
    assert client.get_session_token()["Credentials"]["AccessKeyId"].startswith("ASIA")
    process.send_signal(signal.SIGTERM)
    assert process.wait(20) == 0
    assert process.stderr
    assert process.stderr.read() == ""


def test_it_ends_with_its_standard_input(process: subprocess.Popen[str], description: Any) -> None:
    assert description["url"].startswith("http://127.0.0.1:")
    assert process.stdin
    process.stdin.close()
    assert process.wait(20) == 0


def test_it_is_controlled_with_the_token_it_printed(description: Any) -> None:
    connection = HTTPConnection(description["url"].removeprefix("http://"), timeout=20)
    body = json.dumps({"silent": True})
    connection.request("PUT", "/control", body, {"X-Control-Token": description["control_token"]})
    answer = connection.getresponse()
    assert answer.status == 200
    assert json.loads(answer.read())["silent"] is True
    connection.close()


def test_the_server_half_loads_no_qt_and_no_botocore_before_a_request() -> None:
    code = (
        "import sys, sts_desktop.demo.__main__, sts_desktop.demo.embedded_sts as e, sts_desktop.demo.directory as d\n"
        "e.EmbeddedSts(d.demo_directory()).stop()\n"
        "print([name for name in ('PySide6', 'botocore', 'boto3', 'keyring') if name in sys.modules])"
    )
    finished = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert finished.stdout.strip() == "[]"
