"""The client against a server that says what it is told to."""

import logging
import subprocess
import sys
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qs

import pytest

from sts_desktop.core.cancellation import Cancellation, Cancelled
from sts_desktop.core.clock import utc_now
from sts_desktop.core.credentials import AccessKey, MfaCode, SessionCredentials
from sts_desktop.core.errors import Field, InvalidInputError, StsDesktopError
from sts_desktop.core.sts import client, errors
from sts_desktop.core.sts.client import Sts
from sts_desktop.core.sts.endpoint import Endpoint
from sts_desktop.core.sts.endpoints import custom_endpoint, endpoint
from sts_desktop.core.sts.isolated_session import isolated_session

CANARY = "canary-in-the-answer"
CODE = MfaCode("arn:aws:iam::123456789012:mfa/alice", "739184")
IDENTITY_XML = """<GetCallerIdentityResponse><GetCallerIdentityResult>
<Arn>arn:aws:iam::123456789012:user/alice</Arn><UserId>AIDAEXAMPLE</UserId><Account>123456789012</Account>
</GetCallerIdentityResult></GetCallerIdentityResponse>"""

Failure = Callable[..., StsDesktopError]


@pytest.fixture
def local(server: Any) -> Endpoint:
    return custom_endpoint(server.url, "eu-west-1")


@pytest.fixture
def pauses() -> list[float]:
    """The limits of the pauses that were asked for; none is waited for."""
    return []


@pytest.fixture
def sts(pauses: list[float]) -> Sts:
    def none_at_all(limit: float) -> float:
        pauses.append(limit)
        return 0.0

    return Sts(jitter=none_at_all)


@pytest.fixture
def failure(
    sts: Sts, local: Endpoint, key: AccessKey, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> Failure:
    """A function that makes a call that fails, and looks for leaks in everything the failure leaves behind."""
    caplog.set_level(logging.DEBUG, "sts_desktop")
    monkeypatch.setattr(client, "READ_TIMEOUT", 0.2)

    def fail(mfa: MfaCode | None = None, at: Endpoint = local) -> StsDesktopError:
        with pytest.raises(StsDesktopError) as caught:
            sts.get_session_token(at, key, 3600, mfa)
        error = caught.value
        assert error.__context__ is error.__cause__ is None, "botocore's exception holds texts that must not travel"
        assert error.title
        assert error.message.endswith(".")
        for text in (str(error), repr(error), repr(vars(error)), caplog.text):
            for secret in (CANARY, key.secret_access_key, key.access_key_id, CODE.token_code, "bPxRfiCYzEXAMPLEKEY"):
                assert secret not in text
        return error

    return fail


# What is sent


def test_a_token_is_fetched_and_read(sts: Sts, server: Any, local: Endpoint, key: AccessKey) -> None:
    credentials = sts.get_session_token(local, key, 3600, CODE)
    assert credentials == SessionCredentials(
        "ASIAIOSFODNN7EXAMPLE",
        "wJalrXUtnFEMI/K7MDENG/bPxRfiCYzEXAMPLEKEY",
        "AQoDYXdzEPT+example/token==",
        datetime(2026, 11, 25, 12, 34, 56, tzinfo=UTC),
    )
    (request,) = server.requests
    assert parse_qs(request.body) == {
        "Action": ["GetSessionToken"],
        "Version": ["2011-06-15"],
        "DurationSeconds": ["3600"],
        "SerialNumber": [CODE.serial],
        "TokenCode": [CODE.token_code],
    }
    assert "/eu-west-1/sts/aws4_request" in request.headers["authorization"]
    assert "app/sts-desktop" in request.headers["user-agent"]
    assert key.secret_access_key not in repr(request)


def test_without_a_wish_aws_chooses_the_duration(sts: Sts, server: Any, local: Endpoint, key: AccessKey) -> None:
    sts.get_session_token(local, key, None)
    assert "DurationSeconds" not in server.requests[0].body
    assert "TokenCode" not in server.requests[0].body


def test_requests_can_be_sent_to_a_stand_in(server: Any, key: AccessKey) -> None:
    Sts(lambda _endpoint: server.url).get_session_token(endpoint("ap-northeast-1"), key, 3600)
    assert "/ap-northeast-1/sts/aws4_request" in server.requests[0].headers["authorization"]


@pytest.mark.parametrize("name", ["global", "us-east-1", "ap-east-1", "cn-north-1", "us-gov-west-1", "eusc-de-east-1"])
def test_the_client_is_made_for_the_host_of_the_table(name: str, key: AccessKey) -> None:
    made = Sts()._client(endpoint(name), key)
    assert made.meta.endpoint_url == endpoint(name).url
    assert made.meta.config.retries["total_max_attempts"] == 1
    assert (made.meta.config.connect_timeout, made.meta.config.read_timeout) == (5, 10)


def test_nothing_is_sent_where_the_client_goes_elsewhere(
    sts: Sts, server: Any, local: Endpoint, key: AccessKey, monkeypatch: pytest.MonkeyPatch
) -> None:
    make = isolated_session("sts").create_client
    bent = SimpleNamespace(create_client=lambda *args, **kw: make(*args, **kw | {"endpoint_url": f"{server.url}/x"}))
    monkeypatch.setattr(client, "isolated_session", lambda _service: bent)
    with pytest.raises(RuntimeError, match="would go to"):
        sts.get_session_token(local, key, 3600)
    assert server.requests == []


def test_an_identity_is_asked_with_either_kind_of_key(sts: Sts, server: Any, local: Endpoint, key: AccessKey) -> None:
    server.says(IDENTITY_XML)
    session = SessionCredentials("ASIAEXAMPLE", "secret", "the-session-token", utc_now() + timedelta(hours=1))
    for each in (key, session):
        identity = sts.get_caller_identity(local, each)
        assert (identity.account, identity.user_name) == ("123456789012", "alice")
    assert "x-amz-security-token" not in server.requests[0].headers
    assert server.requests[1].headers["x-amz-security-token"] == "the-session-token"


@pytest.mark.parametrize(
    ("access_key", "duration", "mfa", "kind", "field"),
    [
        (AccessKey("ASIAIOSFODNN7EXAMPLE", "s"), 3600, None, errors.TemporaryKeyError, Field.ACCESS_KEY),
        (AccessKey("AKIA\r\nX: y", "s"), 3600, None, InvalidInputError, Field.ACCESS_KEY),
        (AccessKey("AKIAIOSFODNN7EXAMPLE", "s\n s"), 3600, None, InvalidInputError, Field.ACCESS_KEY),
        (AccessKey("AKIAIOSFODNN7EXAMPLE", "s"), 899, None, InvalidInputError, Field.DURATION),
        (AccessKey("AKIAIOSFODNN7EXAMPLE", "s"), 129_601, None, InvalidInputError, Field.DURATION),
        (AccessKey("AKIAIOSFODNN7EXAMPLE", "s"), 900, MfaCode("x" * 9, "12345"), InvalidInputError, Field.TOKEN_CODE),
        (AccessKey("AKIAIOSFODNN7EXAMPLE", "s"), 900, MfaCode("short", "123456"), InvalidInputError, Field.MFA_SERIAL),
    ],
)
@pytest.mark.fault(1)
@pytest.mark.fault(4)
@pytest.mark.fault(5)
@pytest.mark.fault(7)
@pytest.mark.fault(8)
def test_what_cannot_be_right_is_not_sent(
    sts: Sts,
    server: Any,
    local: Endpoint,
    access_key: AccessKey,
    duration: int,
    mfa: MfaCode | None,
    kind: type[StsDesktopError],
    field: Field,
) -> None:
    with pytest.raises(kind) as caught:
        sts.get_session_token(local, access_key, duration, mfa)
    assert caught.value.field is field
    assert server.requests == []


# What AWS refuses

CLOCK_WORDS = f"Signature expired: 20261125T120000Z is now earlier than 20261125T120500Z {CANARY}"
MFA = "MultiFactorAuthentication failed"


REFUSALS = [
    ("InvalidClientTokenId", "The security token is invalid.", 403, errors.NotAcceptedKeyError),
    ("SignatureDoesNotMatch", "The signature we calculated does not match", 403, errors.WrongSecretError),
    ("IncompleteSignature", "not a valid key=value pair", 400, errors.MalformedKeyError),
    ("MissingAuthenticationToken", "Request is missing Authentication Token", 403, errors.MalformedKeyError),
    ("AccessDenied", f"{MFA} with invalid MFA one time pass code. ", 403, errors.TokenCodeRefusedError),
    ("AccessDenied", f"{MFA}, unable to validate MFA code.  Please verify", 403, errors.MfaSerialRefusedError),
    ("AccessDenied", "Cannot call GetSessionToken with session credentials", 403, errors.TemporaryKeyError),
    ("AccessDenied", "User is not authorized", 403, errors.RefusedError),
    ("AccessDeniedException", "", 403, errors.RefusedError),
    ("RegionDisabledException", "STS is not activated in this region", 403, errors.StsDisabledInRegionError),
    ("ValidationError", "Value '1' at 'durationSeconds' failed", 400, errors.DurationRefusedError),
    ("ValidationError", "Value '739184' at 'tokenCode' failed", 400, errors.TokenCodeRefusedError),
    ("ValidationError", "Value 'x' at 'serialNumber' failed", 400, errors.MfaSerialRefusedError),
    ("ValidationError", "something else", 400, errors.RefusedError),
    ("ExpiredToken", "The security token included in the request is expired", 403, errors.SessionExpiredError),
    ("RequestExpired", "", 400, errors.WrongClockError),
    ("SignatureDoesNotMatch", CLOCK_WORDS, 403, errors.WrongClockError),
    ("SignatureDoesNotMatch", "Signature not yet current: …", 403, errors.WrongClockError),
    ("Throttling", "Rate exceeded", 400, errors.ThrottledError),
    ("SlowDown", "", 429, errors.ThrottledError),
    ("InternalFailure", "", 500, errors.ServiceUnavailableError),
    ("ServiceUnavailable", "", 503, errors.ServiceUnavailableError),
    ("OptInRequired", "", 403, errors.RefusedError),
]

FIELDS = {
    errors.NotAcceptedKeyError: Field.ACCESS_KEY,
    errors.WrongSecretError: Field.ACCESS_KEY,
    errors.MalformedKeyError: Field.ACCESS_KEY,
    errors.TemporaryKeyError: Field.ACCESS_KEY,
    errors.TokenCodeRefusedError: Field.TOKEN_CODE,
    errors.MfaSerialRefusedError: Field.MFA_SERIAL,
    errors.StsDisabledInRegionError: Field.ENDPOINT,
    errors.DurationRefusedError: Field.DURATION,
}


@pytest.mark.fault(2)
@pytest.mark.fault(4)
@pytest.mark.fault(9)
@pytest.mark.fault(17)
@pytest.mark.fault(19)
@pytest.mark.parametrize(("code", "words", "status", "kind"), REFUSALS)
def test_refusals(
    server: Any,
    failure: Failure,
    code: str,
    words: str,
    status: int,
    kind: type[StsDesktopError],
) -> None:
    server.refuses(code, f"{words} {CANARY}", status)
    error = failure(CODE)
    assert type(error) is kind
    assert error.field is FIELDS.get(kind)
    assert len(server.requests) == 1, "a code is sent once"


def test_a_refusal_for_an_unknown_reason_names_the_code_only(server: Any, failure: Failure) -> None:
    server.refuses("OptInRequired", CANARY, 403)
    assert "OptInRequired" in str(failure())


def test_a_code_that_is_none_is_not_repeated(server: Any, failure: Failure) -> None:
    server.refuses(f"see {CANARY} &lt;b&gt;", "", 403)
    assert type(failure()) is errors.UnexpectedAnswerError


@pytest.mark.fault(10)
@pytest.mark.parametrize(
    ("ahead", "words"),
    [
        (timedelta(minutes=20), "about 20 minutes slow"),
        (timedelta(minutes=-20), "about 20 minutes fast"),
        (timedelta(hours=9), "about 9 hours slow"),
        (timedelta(days=-400), "about 400 days fast"),
    ],
)
def test_a_wrong_clock_is_told_by_how_much(server: Any, failure: Failure, ahead: timedelta, words: str) -> None:
    date = format_datetime(utc_now() + ahead, usegmt=True)
    server.refuses("SignatureDoesNotMatch", CLOCK_WORDS, 403, {"Date": date})
    error = failure()
    assert isinstance(error, errors.WrongClockError)
    assert error.minutes == ahead / timedelta(minutes=1)
    assert words in str(error)


@pytest.mark.fault(10)
@pytest.mark.parametrize(
    "date",
    [
        "",
        "yesterday",
        "Wed, 99 Nov 2026 12:00:00 GMT",
        "Mon, 01 Jan 99999999999 00:00:00 GMT",
        "Mon, 01 Jan 2026 00:00:00 +99999999999999999999",
    ],
)
def test_a_wrong_clock_is_told_without_the_servers_date(server: Any, failure: Failure, date: str) -> None:
    server.refuses("SignatureDoesNotMatch", CLOCK_WORDS, 403, {"Date": date})
    error = failure()
    assert isinstance(error, errors.WrongClockError)
    assert error.minutes is None
    assert "more than 15 minutes" in str(error)


def test_a_date_without_a_zone_counts_as_utc(server: Any, failure: Failure) -> None:
    date = format_datetime(utc_now().replace(tzinfo=None) + timedelta(minutes=30))
    assert date.endswith("-0000")
    server.refuses("RequestExpired", "", 400, {"Date": date})
    assert "about 30 minutes slow" in str(failure())


def test_a_key_refused_in_an_opt_in_region_may_lack_the_region(server: Any, key: AccessKey) -> None:
    server.refuses("InvalidClientTokenId", "", 403)
    sts = Sts(lambda _endpoint: server.url)
    with pytest.raises(errors.NotAcceptedKeyError, match="enabled the region Hong Kong"):
        sts.get_session_token(endpoint("ap-east-1"), key, 3600)
    with pytest.raises(errors.NotAcceptedKeyError, match="partition"):
        sts.get_session_token(endpoint("ap-northeast-1"), key, 3600)


# Answers that are none

CUT_OFF = f"<GetSessionTokenResponse><GetSessionTokenResult><Credentials><SecretAccessKey>{CANARY}</Secr"
EMPTY_RESULT = "<GetSessionTokenResponse><GetSessionTokenResult/></GetSessionTokenResponse>"


def credentials_xml(**changes: str) -> str:
    members = {
        "AccessKeyId": "ASIAX",
        "SecretAccessKey": CANARY,
        "SessionToken": CANARY,
        "Expiration": "2026-11-25T12:34:56Z",
        **changes,
    }
    inner = "".join(f"<{name}>{text}</{name}>" for name, text in members.items() if text != "absent")
    return EMPTY_RESULT.replace(
        "<GetSessionTokenResult/>",
        f"<GetSessionTokenResult><Credentials>{inner}</Credentials></GetSessionTokenResult>",
    )


def test_the_answers_spoiled_below_are_good_otherwise(sts: Sts, server: Any, local: Endpoint, key: AccessKey) -> None:
    server.says(credentials_xml())
    assert sts.get_session_token(local, key, 3600).secret_access_key == CANARY


@pytest.mark.fault(18)
@pytest.mark.parametrize(
    "body",
    [
        "",
        CUT_OFF,
        f"{CANARY} no xml",
        EMPTY_RESULT,
        credentials_xml(AccessKeyId="absent"),
        credentials_xml(SecretAccessKey="absent"),
        credentials_xml(SessionToken="absent"),
        credentials_xml(Expiration="absent"),
        credentials_xml(SecretAccessKey=""),
        credentials_xml(SessionToken="two words"),
        credentials_xml(SessionToken="line\nbreak"),
        credentials_xml(AccessKeyId="ASIAé"),
        credentials_xml(Expiration="in a while"),
        credentials_xml(Expiration="2026-11-25T12:34:56"),
        credentials_xml(Expiration=""),
    ],
)
def test_broken_answers(server: Any, failure: Failure, body: str) -> None:
    server.says(body)
    assert type(failure(CODE)) is errors.UnexpectedAnswerError
    assert len(server.requests) == 1


@pytest.mark.fault(18)
@pytest.mark.parametrize("part", ["Account", "Arn", "UserId"])
def test_a_broken_identity(sts: Sts, server: Any, local: Endpoint, key: AccessKey, part: str) -> None:
    server.says(IDENTITY_XML.replace(f"<{part}>", f"<{part}X>").replace(f"</{part}>", f"</{part}X>"))
    with pytest.raises(errors.UnexpectedAnswerError):
        sts.get_caller_identity(local, key)


PORTAL = f"<!DOCTYPE html><html><body>{CANARY}: please sign in<br></body></html>"


@pytest.mark.fault(14)
@pytest.mark.parametrize(
    ("body", "status", "content_type", "headers"),
    [
        (PORTAL, 200, "text/html; charset=utf-8", {}),
        ("<html><body>valid as XML</body></html>", 200, "application/xhtml+xml", {}),
        ("<html><body>valid as XML</body></html>", 403, "text/html", {}),
        (PORTAL, 403, "text/html", {}),
        (PORTAL, 511, "text/html", {}),
        ("<html><body>Network Authentication Required</body></html>", 511, "text/html", {}),
        ("", 302, "", {"Location": f"http://{CANARY}.invalid/"}),
        ("", 200, "", {}),
        ('{"ok": true}', 200, "application/json", {}),
    ],
)
def test_answers_that_are_not_from_aws(
    server: Any, failure: Failure, body: str, status: int, content_type: str, headers: dict[str, str]
) -> None:
    server.says(body, status, content_type=content_type, headers=headers)
    assert type(failure(CODE)) is errors.AnswerNotFromAwsError
    assert len(server.requests) == 1


@pytest.mark.fault(17)
def test_a_page_that_says_503_means_unavailable(server: Any, failure: Failure) -> None:
    server.says("<html><body>Service Unavailable</body></html>", 503, content_type="text/html")
    assert type(failure()) is errors.ServiceUnavailableError


# No answers


@pytest.mark.fault(13)
def test_a_silent_server(server: Any, failure: Failure) -> None:
    server.says(silent=True)
    error = failure()
    assert type(error) is errors.NotAnsweringError
    assert "next code" not in str(error)
    assert len(server.requests) == 1, "nobody waits twice"


@pytest.mark.fault(13)
def test_a_server_that_hangs_up(server: Any, failure: Failure) -> None:
    server.says(hang_up=True)
    error = failure(CODE)
    assert type(error) is errors.NotAnsweringError
    assert "next code" in str(error)


@pytest.mark.fault(12)
def test_a_refused_connection(failure: Failure, refused_url: str) -> None:
    error = failure(CODE, at=custom_endpoint(refused_url, "eu-west-1"))
    assert type(error) is errors.OfflineError


@pytest.mark.fault(12)
def test_an_unknown_host(failure: Failure) -> None:
    error = failure(CODE, at=custom_endpoint("https://sts.invalid", "eu-west-1"))
    assert type(error) is errors.OfflineError
    assert "sts.invalid" in str(error)


# Retries


@pytest.mark.fault(17)
@pytest.mark.parametrize(
    ("code", "status"), [("Throttling", 400), ("InternalFailure", 500), ("ServiceUnavailable", 503)]
)
def test_a_busy_service_is_asked_again(
    sts: Sts, server: Any, local: Endpoint, key: AccessKey, pauses: list[float], code: str, status: int
) -> None:
    server.refuses(code, status=status)
    server.refuses(code, status=status)
    server.says()
    assert sts.get_session_token(local, key, 3600).access_key_id == "ASIAIOSFODNN7EXAMPLE"
    assert len(server.requests) == 3
    assert pauses == [1, 2]


@pytest.mark.fault(17)
def test_a_busy_service_is_asked_three_times_at_most(server: Any, failure: Failure) -> None:
    server.refuses("Throttling", "Rate exceeded")
    assert type(failure()) is errors.ThrottledError
    assert len(server.requests) == 3


@pytest.mark.fault(17)
def test_a_busy_service_is_not_sent_a_code_again(server: Any, failure: Failure) -> None:
    server.refuses("Throttling", "Rate exceeded")
    server.says()
    assert "next code" in str(failure(CODE))
    assert len(server.requests) == 1


def test_an_identity_is_asked_again(sts: Sts, server: Any, local: Endpoint, key: AccessKey) -> None:
    server.refuses("Throttling")
    server.says(IDENTITY_XML)
    assert sts.get_caller_identity(local, key).account == "123456789012"


def test_a_refusal_is_not_asked_again(server: Any, failure: Failure) -> None:
    server.refuses("InvalidClientTokenId", status=403)
    failure()
    assert len(server.requests) == 1


def test_cancelling_ends_a_pause(server: Any, local: Endpoint, key: AccessKey) -> None:
    server.refuses("Throttling")
    cancellation = Cancellation()

    def cancel_instead(_limit: float) -> float:
        cancellation.cancel()
        return 3600.0

    sts = Sts(jitter=cancel_instead)
    with pytest.raises(Cancelled):
        sts.get_session_token(local, key, 3600, cancellation=cancellation)
    assert len(server.requests) == 1


def test_nothing_is_sent_when_cancelled_before(sts: Sts, server: Any, local: Endpoint, key: AccessKey) -> None:
    cancellation = Cancellation()
    cancellation.cancel()
    with pytest.raises(Cancelled):
        sts.get_session_token(local, key, 3600, CODE, cancellation=cancellation)
    assert server.requests == []


def test_pauses_are_random_up_to_their_limit() -> None:
    pauses = {client.full_jitter(2.0) for _number in range(50)}
    assert len(pauses) > 1
    assert all(0 <= pause <= 2 for pause in pauses)


# Threads


def test_many_threads_use_one_client_maker(server: Any, local: Endpoint, key: AccessKey) -> None:
    sts = Sts()
    outcomes: list[str] = []
    start = threading.Barrier(8)

    def work() -> None:
        start.wait()
        outcomes.append(sts.get_session_token(local, key, 3600).access_key_id)

    threads = [threading.Thread(target=work) for _number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert outcomes == ["ASIAIOSFODNN7EXAMPLE"] * 8


def test_making_the_client_loads_nothing() -> None:
    code = "import sys; from sts_desktop.core.sts.client import Sts; Sts(); "
    code += "sys.exit(any(name in sys.modules for name in ('botocore', 'urllib.request', 'ssl', 'random', 'email')))"
    assert subprocess.run([sys.executable, "-I", "-c", code]).returncode == 0
