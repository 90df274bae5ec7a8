"""The embedded IAM: it lists the MFA devices of a user, and refuses in AWS's words."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from sts_desktop.core.credentials import AccessKey, SessionCredentials
from sts_desktop.demo.control import Faults
from sts_desktop.demo.directory import Directory
from sts_desktop.demo.embedded_sts import EmbeddedSts
from sts_desktop.demo.faulty_answers import FaultyAnswer

IamOf = Callable[[str | AccessKey | SessionCredentials], Any]
RefusalOf = Callable[..., tuple[str, str, int]]


@pytest.fixture
def iam_of(client_of: Callable[..., Any]) -> IamOf:
    """Makes a client of IAM for a user's name, an access key or session credentials."""
    return lambda who: client_of(who, region="us-east-1", service="iam")


@pytest.fixture
def session_of(client_of: Callable[..., Any], directory: Directory) -> Callable[..., SessionCredentials]:
    """Gets a session of a user, with a code of their first device or without."""

    def session_of(name: str, *, with_code: bool) -> SessionCredentials:
        mfa = directory.user(name).mfa
        shown = {"SerialNumber": mfa.serial, "TokenCode": directory.current_code(mfa.serial)} if mfa else {}
        got = client_of(name).get_session_token(**(shown if with_code else {}))["Credentials"]
        return SessionCredentials(got["AccessKeyId"], got["SecretAccessKey"], got["SessionToken"], got["Expiration"])

    return session_of


def serials(answer: dict[str, Any]) -> list[str]:
    return [device["SerialNumber"] for device in answer["MFADevices"]]


def test_several_devices_of_all_kinds(iam_of: IamOf) -> None:
    answer = iam_of("dave").list_mfa_devices()
    phone, token, key = serials(answer)
    assert phone == "arn:aws:iam::123456789012:mfa/dave-phone"
    assert token == "GAHT87654321"
    assert key.startswith("arn:aws:iam::123456789012:u2f/user/dave/")
    assert {device["UserName"] for device in answer["MFADevices"]} == {"dave"}
    assert answer["IsTruncated"] is False
    assert answer["ResponseMetadata"]["RequestId"] == answer["ResponseMetadata"]["HTTPHeaders"]["x-amzn-requestid"]


@pytest.mark.parametrize(("name", "count"), [("alice", 1), ("bob", 0), ("root", 1), ("erin", 1)])
def test_the_user_is_the_one_whose_key_signs(iam_of: IamOf, name: str, count: int) -> None:
    assert len(serials(iam_of(name).list_mfa_devices())) == count


def test_page_after_page(iam_of: IamOf) -> None:
    client = iam_of("dave")
    first = client.list_mfa_devices(MaxItems=2)
    assert first["IsTruncated"] is True
    rest = client.list_mfa_devices(MaxItems=2, Marker=first["Marker"])
    assert rest["IsTruncated"] is False
    assert serials(first) + serials(rest) == serials(client.list_mfa_devices())


@pytest.mark.parametrize("parameters", [{"MaxItems": 0}, {"MaxItems": 1001}, {"Marker": "!"}, {"Marker": "YQ=="}])
def test_a_page_that_there_is_not(iam_of: IamOf, refusal_of: RefusalOf, parameters: dict[str, object]) -> None:
    code, _message, status = refusal_of(iam_of("dave").list_mfa_devices, **parameters)
    assert (code, status) == ("ValidationError", 400)


def test_a_policy_that_demands_mfa(
    iam_of: IamOf, refusal_of: RefusalOf, session_of: Callable[..., SessionCredentials]
) -> None:
    code, message, status = refusal_of(iam_of("frank").list_mfa_devices)
    assert (code, status) == ("AccessDenied", 403)
    assert message.startswith("User: arn:aws:iam::123456789012:user/frank is not authorized to perform: iam:")
    assert message.endswith("on resource: user frank with an explicit deny in an identity-based policy")
    assert serials(iam_of(session_of("frank", with_code=True)).list_mfa_devices())


def test_a_session_without_mfa_is_as_if_it_were_not(
    iam_of: IamOf, refusal_of: RefusalOf, session_of: Callable[..., SessionCredentials]
) -> None:
    client = iam_of(session_of("alice", with_code=False))
    assert refusal_of(client.list_mfa_devices)[0] == "InvalidClientTokenId"


def test_devices_of_others(iam_of: IamOf, refusal_of: RefusalOf) -> None:
    assert refusal_of(iam_of("bob").list_mfa_devices, UserName="alice")[0] == "AccessDenied"
    assert serials(iam_of("root").list_mfa_devices(UserName="alice"))
    assert refusal_of(iam_of("root").list_mfa_devices, UserName="nobody") == (
        "NoSuchEntity",
        "The user with name nobody cannot be found.",
        404,
    )


def test_every_device_that_shows_codes_gets_a_session(client_of: Callable[..., Any], directory: Directory) -> None:
    for device in directory.user("dave").devices:
        code = directory.current_code(device.serial)
        assert client_of("dave").get_session_token(SerialNumber=device.serial, TokenCode=code)["Credentials"]


@pytest.mark.parametrize("name", ["dave", "erin"])
def test_no_code_goes_with_a_passkey(
    client_of: Callable[..., Any], refusal_of: RefusalOf, directory: Directory, name: str
) -> None:
    (arn,) = directory.user(name).fido_arns
    refused = refusal_of(client_of(name).get_session_token, SerialNumber=arn, TokenCode="123456")
    assert refused[0] == "AccessDenied"
    assert "unable to validate MFA code" in refused[1]


def test_an_unknown_key_and_a_wrong_secret(iam_of: IamOf, refusal_of: RefusalOf, directory: Directory) -> None:
    nobody = AccessKey("AKIAEXAMPLEDEMO2NONE", "x" * 40)
    assert refusal_of(iam_of(nobody).list_mfa_devices)[0] == "InvalidClientTokenId"
    wrong = replace(directory.user("alice").access_key, secret_access_key="x" * 40)
    assert refusal_of(iam_of(wrong).list_mfa_devices)[0] == "SignatureDoesNotMatch"


@pytest.mark.parametrize(
    ("faults", "code"),
    [
        (Faults(throttled=True), "Throttling"),
        (Faults(answer=FaultyAnswer.INTERNAL_FAILURE), "InternalFailure"),
        (Faults(answer=FaultyAnswer.SERVICE_UNAVAILABLE), "ServiceUnavailable"),
    ],
)
def test_a_failure_of_the_service(
    sts: EmbeddedSts, iam_of: IamOf, refusal_of: RefusalOf, faults: Faults, code: str
) -> None:
    sts.control.set(faults)
    assert refusal_of(iam_of("alice").list_mfa_devices)[0] == code


def test_nothing_but_the_list_is_served(iam_of: IamOf, refusal_of: RefusalOf) -> None:
    assert refusal_of(iam_of("root").list_users)[0] == "InvalidAction"
