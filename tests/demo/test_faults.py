"""The faults, as a real botocore client meets them."""

import json
import threading
import time
from collections.abc import Callable
from datetime import datetime
from http.client import HTTPConnection
from typing import Any

import pytest
from botocore.exceptions import ConnectionClosedError, ReadTimeoutError
from botocore.parsers import ResponseParserError

from sts_desktop.demo.control import Faults
from sts_desktop.demo.directory import Directory, demo_directory
from sts_desktop.demo.embedded_sts import EmbeddedSts
from sts_desktop.demo.faulty_answers import FaultyAnswer

PHONE = "arn:aws:iam::123456789012:mfa/alice-phone"

ClientOf = Callable[..., Any]
RefusalOf = Callable[..., tuple[str, str, int]]
HttpCall = Callable[..., tuple[int, bytes]]


@pytest.fixture
def http(sts: EmbeddedSts) -> HttpCall:
    """Makes a bare HTTP call; returns status and body."""

    def http(method: str, path: str, body: bytes = b"", **headers: str) -> tuple[int, bytes]:
        connection = HTTPConnection(sts.url.removeprefix("http://"), timeout=20)
        try:
            connection.request(method, path, body, {name.replace("_", "-"): value for name, value in headers.items()})
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()

    return http


class Call(threading.Thread):
    """A call on a thread of its own, with what came of it."""

    def __init__(self, call: Callable[[], object]) -> None:
        super().__init__()
        self.call = call
        self.outcome: object = None
        self.start()

    def run(self) -> None:
        try:
            self.outcome = self.call()
        except Exception as error:
            self.outcome = error

    def finished(self) -> object:
        self.join(20)
        assert not self.is_alive()
        return self.outcome


def test_throttled(sts: EmbeddedSts, client_of: ClientOf, refusal_of: RefusalOf) -> None:
    sts.control.set(Faults(throttled=True))
    assert refusal_of(client_of("bob").get_session_token) == ("Throttling", "Rate exceeded", 400)
    sts.control.set(Faults())
    assert client_of("bob").get_session_token()["Credentials"]


def test_a_disabled_region(sts: EmbeddedSts, client_of: ClientOf, refusal_of: RefusalOf) -> None:
    sts.control.set(Faults(region_disabled=True))
    code, message, status = refusal_of(client_of("bob").get_session_token)
    assert (code, status) == ("RegionDisabledException", 403)
    assert "STS is not activated in this region for account:123456789012" in message
    # aws/aws-sdk-go-v2#2846
    assert client_of("bob").get_caller_identity()["Account"] == "123456789012"


@pytest.mark.parametrize("size", [4096, 16384])
def test_long_tokens_are_issued_and_accepted(sts: EmbeddedSts, client_of: ClientOf, size: int) -> None:
    sts.control.set(Faults(token_size=size))
    issued = client_of("bob").get_session_token()["Credentials"]
    assert len(issued["SessionToken"]) == size
    holder = sts.directory.holder(issued["AccessKeyId"])
    assert holder
    assert client_of(holder.session).get_caller_identity()["Arn"].endswith(":user/bob")


def test_slow(sts: EmbeddedSts, client_of: ClientOf) -> None:
    client = client_of("bob")
    sts.control.set(Faults(delay_seconds=0.1))
    begun = time.monotonic()
    client.get_caller_identity()
    assert time.monotonic() - begun >= 0.1


def test_silent_until_lifted(sts: EmbeddedSts, client_of: ClientOf) -> None:
    sts.control.set(Faults(silent=True))
    call = Call(client_of("bob").get_session_token)
    call.join(0.2)
    assert call.is_alive()
    sts.control.set(Faults())
    outcome = call.finished()
    assert isinstance(outcome, dict)
    assert outcome["Credentials"]


def test_stopping_does_not_wait_for_silent_calls(client_of: ClientOf, sts: EmbeddedSts) -> None:
    sts.control.set(Faults(silent=True))
    calls = [Call(client_of("bob").get_session_token) for _ in range(3)]
    calls[0].join(0.2)
    begun = time.monotonic()
    sts.stop()
    assert time.monotonic() - begun < 2
    for call in calls:
        assert isinstance(call.finished(), ConnectionClosedError)


def test_a_client_that_gave_up_does_not_use_up_its_code(
    sts: EmbeddedSts, directory: Directory, aws_session: Any
) -> None:
    from botocore.config import Config

    key = directory.user("alice").access_key
    impatient = aws_session.create_client(
        "sts",
        region_name="eu-west-1",
        endpoint_url=sts.url,
        aws_access_key_id=key.access_key_id,
        aws_secret_access_key=key.secret_access_key,
        config=Config(retries={"total_max_attempts": 1}, read_timeout=0.1),
    )
    sts.control.set(Faults(silent=True))
    code = directory.current_code(PHONE)
    with pytest.raises(ReadTimeoutError):
        impatient.get_session_token(SerialNumber=PHONE, TokenCode=code)
    impatient.close()
    sts.control.set(Faults())
    for thread in threading.enumerate():
        if "process_request_thread" in thread.name:  # socketserver's name for the thread of a connection
            thread.join(20)
    assert directory.use_code(PHONE, code)


def test_a_captive_portal(sts: EmbeddedSts, http: HttpCall, client_of: ClientOf) -> None:
    sts.control.set(Faults(answer=FaultyAnswer.CAPTIVE_PORTAL))
    status, body = http("POST", "/")
    assert status == 200
    assert body.startswith(b"<!DOCTYPE html>")
    with pytest.raises(KeyError):  # how botocore takes it
        client_of("bob").get_session_token()


def test_a_request_that_never_reached_sts_uses_up_no_code(
    sts: EmbeddedSts, client_of: ClientOf, directory: Directory
) -> None:
    sts.control.set(Faults(answer=FaultyAnswer.CAPTIVE_PORTAL))
    code = directory.current_code(PHONE)
    with pytest.raises(KeyError):
        client_of("alice").get_session_token(SerialNumber=PHONE, TokenCode=code)
    assert directory.use_code(PHONE, code)


@pytest.mark.parametrize("kind", [FaultyAnswer.EMPTY, FaultyAnswer.REDIRECT, FaultyAnswer.CUT_OFF])
def test_answers_that_are_no_xml(sts: EmbeddedSts, client_of: ClientOf, kind: FaultyAnswer) -> None:
    sts.control.set(Faults(answer=kind))
    with pytest.raises(ResponseParserError):
        client_of("bob").get_session_token()


@pytest.mark.parametrize(
    ("kind", "code", "status"),
    [
        (FaultyAnswer.INTERNAL_FAILURE, "InternalFailure", 500),
        (FaultyAnswer.SERVICE_UNAVAILABLE, "ServiceUnavailable", 503),
    ],
)
def test_a_broken_service(
    sts: EmbeddedSts, client_of: ClientOf, refusal_of: RefusalOf, kind: FaultyAnswer, code: str, status: int
) -> None:
    sts.control.set(Faults(answer=kind))
    refused = refusal_of(client_of("bob").get_session_token)
    assert (refused[0], refused[2]) == (code, status)


def test_an_answer_without_credentials(sts: EmbeddedSts, client_of: ClientOf) -> None:
    sts.control.set(Faults(answer=FaultyAnswer.NO_CREDENTIALS))
    assert "Credentials" not in client_of("bob").get_session_token()
    assert client_of("bob").get_caller_identity()["Account"] == "123456789012"


def test_a_bad_date(sts: EmbeddedSts, client_of: ClientOf) -> None:
    sts.control.set(Faults(answer=FaultyAnswer.BAD_DATE))
    with pytest.raises(ValueError, match="in a while"):
        client_of("bob").get_session_token()


def test_a_spoilt_answer_has_used_up_its_code(sts: EmbeddedSts, client_of: ClientOf, directory: Directory) -> None:
    sts.control.set(Faults(answer=FaultyAnswer.NO_CREDENTIALS))
    code = directory.current_code(PHONE)
    client_of("alice").get_session_token(SerialNumber=PHONE, TokenCode=code)
    assert not directory.use_code(PHONE, code)


def test_a_control_call_sets_the_faults(sts: EmbeddedSts, http: HttpCall) -> None:
    wanted = {"throttled": True, "clock_offset_seconds": -1200, "answer": "cut-off"}
    status, body = http("PUT", "/control", json.dumps(wanted).encode(), x_control_token=sts.control.token)
    assert status == 200
    assert sts.control.faults == Faults(throttled=True, clock_offset_seconds=-1200, answer=FaultyAnswer.CUT_OFF)
    assert json.loads(body)["clock_offset_seconds"] == -1200


def test_a_control_call_wakes_a_silent_server(sts: EmbeddedSts, http: HttpCall, client_of: ClientOf) -> None:
    sts.control.set(Faults(silent=True))
    call = Call(client_of("bob").get_caller_identity)
    call.join(0.1)
    assert http("PUT", "/control", b"{}", x_control_token=sts.control.token)[0] == 200
    assert isinstance(call.finished(), dict)


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"x_control_token": "guess"},
        {"x_control_token": "ümlaut"},
        {"x_control_token": "TOKEN", "host": "evil.example"},
        {"x_control_token": "TOKEN", "host": "evil.example:80"},
        {"x_control_token": "TOKEN", "host": ""},
    ],
)
def test_a_control_call_of_somebody_else(sts: EmbeddedSts, http: HttpCall, headers: dict[str, str]) -> None:
    shown = {name: value.replace("TOKEN", sts.control.token) for name, value in headers.items()}
    status, _ = http("PUT", "/control", b'{"silent": true}', **shown)
    assert status == 403
    assert sts.control.faults == Faults()


def test_localhost_is_a_name_of_the_loopback_interface(sts: EmbeddedSts, http: HttpCall) -> None:
    shown = {"x_control_token": sts.control.token, "host": f"localhost:{sts.url.rpartition(':')[2]}"}
    assert http("PUT", "/control", b'{"throttled": true}', **shown)[0] == 200
    assert sts.control.faults.throttled


@pytest.mark.parametrize("body", [b"", b"silent", b"[]", b'{"silent": "yes"}', b'{"loud": true}'])
def test_a_control_call_that_makes_no_sense(sts: EmbeddedSts, http: HttpCall, body: bytes) -> None:
    assert http("PUT", "/control", body, x_control_token=sts.control.token)[0] == 400
    assert sts.control.faults == Faults()


def test_only_put_controls(sts: EmbeddedSts, http: HttpCall) -> None:
    assert http("POST", "/control", b'{"silent": true}', x_control_token=sts.control.token)[0] == 405
    assert sts.control.faults == Faults()


@pytest.mark.parametrize("length", ["-1", "many", "", "999999"])
def test_a_length_that_is_none_or_too_great(http: HttpCall, length: str) -> None:
    assert http("POST", "/", b"x", content_length=length)[0] == 400


def test_an_unsigned_call(http: HttpCall) -> None:
    status, body = http("GET", "/?Action=GetCallerIdentity&Version=2011-06-15")
    assert status == 403
    assert b"<Code>MissingAuthenticationToken</Code>" in body
    assert b'xmlns="https://sts.amazonaws.com/doc/2011-06-15/"' in body


def test_the_own_clock_of_the_server_is_in_every_answer(sts: EmbeddedSts, moments: list[datetime]) -> None:
    moments[0] = moments[0].replace(year=2030, month=7, day=9)
    connection = HTTPConnection(sts.url.removeprefix("http://"), timeout=20)
    connection.request("POST", "/")
    answer = connection.getresponse()
    connection.close()
    assert "09 Jul 2030" in (answer.getheader("Date") or "")


def test_two_servers_have_different_control_tokens() -> None:
    with EmbeddedSts(demo_directory()) as first, EmbeddedSts(demo_directory()) as second:
        assert first.control.token != second.control.token
