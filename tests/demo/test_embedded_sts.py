"""Calls as boto3 and the AWS CLI make them: a real botocore client, real HTTP."""

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from sts_desktop.core.clock import Now
from sts_desktop.core.credentials import AccessKey, SessionCredentials
from sts_desktop.demo.control import Faults
from sts_desktop.demo.directory import Directory, demo_directory
from sts_desktop.demo.embedded_sts import EmbeddedSts

PHONE = "arn:aws:iam::123456789012:mfa/alice-phone"

ClientOf = Callable[..., Any]
RefusalOf = Callable[..., tuple[str, str, int]]


def session_of(answer: dict[str, Any]) -> SessionCredentials:
    issued = answer["Credentials"]
    return SessionCredentials(
        issued["AccessKeyId"], issued["SecretAccessKey"], issued["SessionToken"], issued["Expiration"]
    )


def test_session_credentials_are_issued(client_of: ClientOf, moments: list[datetime]) -> None:
    session = session_of(client_of("bob").get_session_token(DurationSeconds=900))
    assert re.fullmatch("ASIA[A-Z2-7]{16}", session.access_key_id)
    assert len(session.secret_access_key) == 40
    assert len(session.session_token) >= 700
    assert session.expiration == moments[0].replace(microsecond=0) + timedelta(seconds=900)


def test_twelve_hours_unless_asked_otherwise(client_of: ClientOf, moments: list[datetime]) -> None:
    session = session_of(client_of("bob").get_session_token())
    assert session.expiration == moments[0].replace(microsecond=0) + timedelta(hours=12)


@pytest.mark.parametrize("parameters", [{}, {"DurationSeconds": 129_600}])
def test_root_gets_one_hour_whatever_it_asks_for(
    client_of: ClientOf, moments: list[datetime], parameters: dict[str, int]
) -> None:
    session = session_of(client_of("root").get_session_token(**parameters))
    assert session.expiration == moments[0].replace(microsecond=0) + timedelta(hours=1)


def test_root_may_ask_for_less(client_of: ClientOf, moments: list[datetime]) -> None:
    session = session_of(client_of("root").get_session_token(DurationSeconds=900))
    assert session.expiration == moments[0].replace(microsecond=0) + timedelta(seconds=900)


def test_a_minimum_token_size_is_honoured(client_of: ClientOf) -> None:
    session = session_of(client_of("bob").get_session_token(MinimumSessionTokenSize=2000))
    assert len(session.session_token) >= 2000


def test_twenty_calls_at_once_get_twenty_different_keys(client_of: ClientOf) -> None:
    client = client_of("bob")  # a client may be shared between threads
    with ThreadPoolExecutor(20) as pool:
        sessions = list(pool.map(lambda _: session_of(client.get_session_token()), range(20)))
    assert len({session.access_key_id for session in sessions}) == 20
    assert len({session.secret_access_key for session in sessions}) == 20
    assert len({session.session_token for session in sessions}) == 20


@pytest.mark.parametrize(
    ("name", "arn", "user_id"),
    [
        ("alice", "arn:aws:iam::123456789012:user/alice", "AIDAEXAMPLEDEMO2ALICE"),
        ("root", "arn:aws:iam::123456789012:root", "123456789012"),
    ],
)
def test_the_caller_is_named_with_an_access_key_and_with_a_session(
    client_of: ClientOf, name: str, arn: str, user_id: str
) -> None:
    client = client_of(name)
    for caller in (client, client_of(session_of(client.get_session_token()))):
        identity = caller.get_caller_identity()
        assert (identity["Arn"], identity["UserId"], identity["Account"]) == (arn, user_id, "123456789012")


@pytest.mark.parametrize("region", ["us-east-1", "ap-northeast-1", "eu-central-2"])
def test_any_region_signs(client_of: ClientOf, region: str) -> None:
    assert client_of("bob", region=region).get_caller_identity()["Account"] == "123456789012"


def test_an_answer_has_a_request_id_and_the_date_of_the_server(client_of: ClientOf, moments: list[datetime]) -> None:
    metadata = client_of("bob").get_caller_identity()["ResponseMetadata"]
    assert metadata["HTTPHeaders"]["x-amzn-requestid"] == metadata["RequestId"]
    assert f"{moments[0]:%H:%M:%S} GMT" in metadata["HTTPHeaders"]["date"]


def test_a_wrong_secret(client_of: ClientOf, refusal_of: RefusalOf, directory: Directory) -> None:
    key = replace(directory.user("alice").access_key, secret_access_key="x" * 40)
    code, message, status = refusal_of(client_of(key).get_session_token)
    assert (code, status) == ("SignatureDoesNotMatch", 403)
    assert "Check your AWS Secret Access Key" in message


def test_an_unknown_key(client_of: ClientOf, refusal_of: RefusalOf) -> None:
    code, message, status = refusal_of(client_of(AccessKey("AKIAEXAMPLEDEMO2NONE", "x" * 40)).get_session_token)
    assert (code, status) == ("InvalidClientTokenId", 403)
    assert message == "The security token included in the request is invalid."


def test_an_inactive_key(client_of: ClientOf, refusal_of: RefusalOf) -> None:
    assert refusal_of(client_of("carol").get_session_token)[0] == "InvalidClientTokenId"
    assert refusal_of(client_of("carol").get_caller_identity)[0] == "InvalidClientTokenId"


def test_a_key_id_with_a_space_before_it(client_of: ClientOf, refusal_of: RefusalOf) -> None:
    code, message, status = refusal_of(client_of(AccessKey(" AKIAEXAMPLEDEMO22BOB", "x" * 40)).get_session_token)
    assert (code, status) == ("IncompleteSignature", 400)
    assert "(missing equal-sign) in Authorization header" in message


def test_a_session_cannot_get_a_session(client_of: ClientOf, refusal_of: RefusalOf) -> None:
    session = session_of(client_of("bob").get_session_token())
    assert refusal_of(client_of(session).get_session_token) == (
        "AccessDenied",
        "Cannot call GetSessionToken with session credentials",
        403,
    )


@pytest.mark.parametrize("change", [{"session_token": "x" * 720}, {"session_token": None}])
def test_a_session_with_another_token(client_of: ClientOf, refusal_of: RefusalOf, change: dict[str, Any]) -> None:
    session = replace(session_of(client_of("bob").get_session_token()), **change)
    assert refusal_of(client_of(session).get_caller_identity)[0] == "InvalidClientTokenId"


def test_a_session_of_another_user(client_of: ClientOf, refusal_of: RefusalOf) -> None:
    of_bob = session_of(client_of("bob").get_session_token())
    of_alice = session_of(client_of("alice").get_session_token())
    mixed = replace(of_bob, session_token=of_alice.session_token)
    assert refusal_of(client_of(mixed).get_caller_identity)[0] == "InvalidClientTokenId"


def test_an_access_key_with_a_session_token(client_of: ClientOf, refusal_of: RefusalOf, directory: Directory) -> None:
    key = directory.user("bob").access_key
    token = session_of(client_of("bob").get_session_token()).session_token
    mixed = SessionCredentials(key.access_key_id, key.secret_access_key, token, datetime.max)
    assert refusal_of(client_of(mixed).get_caller_identity)[0] == "InvalidClientTokenId"


def test_a_session_ends_when_it_said(
    client_of: ClientOf, refusal_of: RefusalOf, advance: Callable[[float], None]
) -> None:
    client = client_of(session_of(client_of("bob").get_session_token(DurationSeconds=900)))
    advance(895)  # less than the 15 minutes that a signature may be old
    client.get_caller_identity()
    advance(5)
    code, message, status = refusal_of(client.get_caller_identity)
    assert (code, status) == ("ExpiredToken", 403)
    assert message == "The security token included in the request is expired"


@pytest.mark.parametrize(
    ("parameters", "word"),
    [
        ({"DurationSeconds": 899}, "durationSeconds"),
        ({"DurationSeconds": 129_601}, "durationSeconds"),
        ({"SerialNumber": "GAHT1234", "TokenCode": "123456"}, "serialNumber"),
        ({"SerialNumber": "x" * 257, "TokenCode": "123456"}, "serialNumber"),
        ({"SerialNumber": PHONE, "TokenCode": "12345"}, "tokenCode"),
        ({"SerialNumber": PHONE, "TokenCode": "١٢٣٤٥٦"}, "tokenCode"),
    ],
)
def test_parameters_out_of_their_limits(
    client_of: ClientOf, refusal_of: RefusalOf, parameters: dict[str, Any], word: str
) -> None:
    code, message, status = refusal_of(client_of("alice").get_session_token, **parameters)
    assert (code, status) == ("ValidationError", 400)
    assert word in message


def test_an_action_that_is_not_served(client_of: ClientOf, refusal_of: RefusalOf) -> None:
    code, message, status = refusal_of(client_of("bob").get_federation_token, Name="bob")
    assert (code, status) == ("InvalidAction", 400)
    assert message == "Could not find operation GetFederationToken for version 2011-06-15"


def test_mfa(client_of: ClientOf, directory: Directory) -> None:
    client = client_of("alice")
    session = session_of(client.get_session_token(SerialNumber=PHONE, TokenCode=directory.current_code(PHONE)))
    assert client_of(session).get_caller_identity()["Arn"].endswith(":user/alice")


def test_mfa_with_a_hardware_device(client_of: ClientOf, directory: Directory) -> None:
    code = directory.current_code("GAHT12345678")
    assert client_of("root").get_session_token(SerialNumber="GAHT12345678", TokenCode=code)["Credentials"]


def test_a_user_with_a_device_may_leave_it_out(client_of: ClientOf) -> None:
    assert client_of("alice").get_session_token()["Credentials"]


def test_a_code_works_once(client_of: ClientOf, refusal_of: RefusalOf, directory: Directory) -> None:
    client = client_of("alice")
    code = directory.current_code(PHONE)
    client.get_session_token(SerialNumber=PHONE, TokenCode=code)
    refused = refusal_of(client.get_session_token, SerialNumber=PHONE, TokenCode=code)
    assert (refused[0], refused[2]) == ("AccessDenied", 403)
    assert "invalid MFA one time pass code" in refused[1]


def test_a_code_works_once_even_for_twenty_at_once(client_of: ClientOf, directory: Directory) -> None:
    client = client_of("alice")
    code = directory.current_code(PHONE)

    def is_accepted(_: int) -> bool:
        try:
            client.get_session_token(SerialNumber=PHONE, TokenCode=code)
        except client.exceptions.ClientError:
            return False
        return True

    with ThreadPoolExecutor(20) as pool:
        assert sum(pool.map(is_accepted, range(20))) == 1


def test_a_code_of_a_minute_ago(
    client_of: ClientOf, refusal_of: RefusalOf, directory: Directory, advance: Callable[[float], None]
) -> None:
    code = directory.current_code(PHONE)
    advance(60)
    refused = refusal_of(client_of("alice").get_session_token, SerialNumber=PHONE, TokenCode=code)
    assert "invalid MFA one time pass code" in refused[1]


@pytest.mark.parametrize(
    ("user", "serial"),
    [
        ("bob", PHONE),
        ("alice", "GAHT12345678"),
        ("alice", "arn:aws:iam::123456789012:user/alice"),
        ("alice", PHONE.upper()),
    ],
)
def test_a_device_that_is_not_the_users(
    client_of: ClientOf, refusal_of: RefusalOf, directory: Directory, user: str, serial: str
) -> None:
    code = directory.current_code(PHONE)
    refused = refusal_of(client_of(user).get_session_token, SerialNumber=serial, TokenCode=code)
    assert (refused[0], refused[2]) == ("AccessDenied", 403)
    assert "Please verify your MFA serial number is valid and associated with this user" in refused[1]
    assert directory.use_code(PHONE, code)  # not used up by a refusal


@pytest.mark.parametrize("parameters", [{"SerialNumber": PHONE}, {"TokenCode": "123456"}])
def test_a_serial_number_and_a_code_go_together(
    client_of: ClientOf, refusal_of: RefusalOf, parameters: dict[str, str]
) -> None:
    refused = refusal_of(client_of("alice").get_session_token, **parameters)
    assert (refused[0], refused[2]) == ("AccessDenied", 403)
    assert "must provide both" in refused[1]


@pytest.mark.parametrize(("minutes", "word"), [(16, "Signature expired"), (-16, "Signature not yet current")])
def test_a_clock_that_is_off(
    sts: EmbeddedSts, client_of: ClientOf, refusal_of: RefusalOf, minutes: int, word: str
) -> None:
    sts.control.set(Faults(clock_offset_seconds=minutes * 60))
    code, message, status = refusal_of(client_of("bob").get_session_token)
    assert (code, status) == ("SignatureDoesNotMatch", 403)
    assert message.startswith(word)


def test_a_clock_that_is_a_little_off_shows_in_the_date_and_not_in_the_codes(
    sts: EmbeddedSts, client_of: ClientOf, directory: Directory, moments: list[datetime]
) -> None:
    sts.control.set(Faults(clock_offset_seconds=300))
    answer = client_of("alice").get_session_token(SerialNumber=PHONE, TokenCode=directory.current_code(PHONE))
    ahead = moments[0] + timedelta(minutes=5)
    assert f"{ahead:%H:%M:%S} GMT" in answer["ResponseMetadata"]["HTTPHeaders"]["date"]
    assert session_of(answer).expiration == ahead.replace(microsecond=0) + timedelta(hours=12)


def test_a_port_can_be_chosen_and_is_free_again_after_stopping(now: Now) -> None:
    with EmbeddedSts(demo_directory(), now=now) as first:
        port = int(first.url.rpartition(":")[2])
    with EmbeddedSts(demo_directory(), now=now, port=port) as second:
        assert second.url == first.url


def test_a_server_that_was_never_started_can_be_stopped() -> None:
    sts = EmbeddedSts(demo_directory())
    sts.stop()
    sts.stop()


def test_it_listens_on_the_loopback_interface_only(sts: EmbeddedSts) -> None:
    assert sts.url.startswith("http://127.0.0.1:")
