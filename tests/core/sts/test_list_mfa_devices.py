"""Listing the MFA devices of a key's user, against a server that says what it is told to."""

from typing import Any
from urllib.parse import parse_qs

import pytest

from sts_desktop.core.cancellation import Cancellation, Cancelled
from sts_desktop.core.credentials import AccessKey
from sts_desktop.core.sts import client, errors
from sts_desktop.core.sts.client import Sts
from sts_desktop.core.sts.endpoint import Endpoint
from sts_desktop.core.sts.endpoints import custom_endpoint, endpoint
from sts_desktop.core.sts.iam import iam_endpoint
from sts_desktop.core.sts.mfa_devices import MfaDevice

PHONE, TOKEN = "arn:aws:iam::123456789012:mfa/phone", "GAHT12345678"


@pytest.fixture
def local(server: Any) -> Endpoint:
    return custom_endpoint(server.url, "eu-west-1")


def devices_xml(*serials: str, marker: str = "", truncated: bool | None = None) -> str:
    """Return an answer as the IAM API Reference has it under `ListMFADevices`."""
    members = "".join(
        f"<member><UserName>alice</UserName><SerialNumber>{serial}</SerialNumber>"
        "<EnableDate>2026-01-05T09:30:00Z</EnableDate></member>"
        for serial in serials
    )
    more = bool(marker) if truncated is None else truncated
    following = f"<Marker>{marker}</Marker>" if marker else ""
    return (
        f"<ListMFADevicesResponse><ListMFADevicesResult><MFADevices>{members}</MFADevices>"
        f"<IsTruncated>{str(more).lower()}</IsTruncated>{following}</ListMFADevicesResult></ListMFADevicesResponse>"
    )


def test_the_user_is_the_one_whose_key_signs(server: Any, local: Endpoint, key: AccessKey) -> None:
    server.says(devices_xml(PHONE, TOKEN))
    assert Sts().list_mfa_devices(local, key) == (MfaDevice(PHONE), MfaDevice(TOKEN))
    (request,) = server.requests
    assert parse_qs(request.body) == {"Action": ["ListMFADevices"], "Version": ["2010-05-08"]}
    assert "/eu-west-1/iam/aws4_request" in request.headers["authorization"]


def test_a_stand_in_takes_the_place_of_iam(server: Any, key: AccessKey) -> None:
    server.says(devices_xml())
    asked = iam_endpoint(endpoint("cn-northwest-1"))
    assert Sts(lambda _endpoint: server.url).list_mfa_devices(asked, key) == ()
    assert "/cn-north-1/iam/aws4_request" in server.requests[0].headers["authorization"]


@pytest.mark.parametrize("name", ["global", "ap-east-1", "cn-north-1", "us-gov-west-1", "eusc-de-east-1"])
def test_the_client_is_made_for_the_host_of_the_table(name: str, key: AccessKey) -> None:
    asked = iam_endpoint(endpoint(name))
    made = Sts()._client(asked, key, "iam")
    assert made.meta.endpoint_url == asked.url
    assert made._request_signer.region_name == asked.signing_region


def test_all_pages_are_read(server: Any, local: Endpoint, key: AccessKey) -> None:
    server.says(devices_xml(PHONE, marker="more"))
    server.says(devices_xml(TOKEN, marker="not to be followed", truncated=False))
    assert [device.serial for device in Sts().list_mfa_devices(local, key)] == [PHONE, TOKEN]
    assert [parse_qs(request.body).get("Marker") for request in server.requests] == [None, ["more"]]


def test_a_server_that_never_ends_is_not_asked_for_ever(
    server: Any, local: Endpoint, key: AccessKey, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client, "DEVICE_PAGES", 3)
    server.says(devices_xml(PHONE, marker="more"))
    with pytest.raises(errors.UnexpectedAnswerError):
        Sts().list_mfa_devices(local, key)
    assert len(server.requests) == 3


def test_a_policy_that_forbids_it_says_nothing_of_a_device(server: Any, local: Endpoint, key: AccessKey) -> None:
    words = (
        "User: arn:aws:iam::123456789012:user/x is not authorized to perform: iam:ListMFADevices on resource: user x"
    )
    server.refuses("AccessDenied", words, 403)
    with pytest.raises(errors.RefusedError) as caught:
        Sts().list_mfa_devices(local, key)
    assert caught.value.code == "AccessDenied"
    assert "user/x" not in str(caught.value)


@pytest.mark.parametrize(
    "body",
    [
        "<html>sign in</html>",
        "<ListMFADevicesResponse><ListMFADevicesResult/></ListMFADevicesResponse>",
        devices_xml("short"),
        devices_xml("GAHT12345678 &lt;b&gt;"),
    ],
)
def test_an_answer_that_is_none_is_not_shown(server: Any, local: Endpoint, key: AccessKey, body: str) -> None:
    server.says(body)
    with pytest.raises(errors.UnexpectedAnswerError):
        Sts().list_mfa_devices(local, key)


def test_a_temporary_key_is_not_sent(server: Any, local: Endpoint) -> None:
    with pytest.raises(errors.TemporaryKeyError):
        Sts().list_mfa_devices(local, AccessKey("ASIAIOSFODNN7EXAMPLE", "s"))
    assert server.requests == []


def test_cancelling_ends_it_before_the_next_call(server: Any, local: Endpoint, key: AccessKey) -> None:
    cancellation = Cancellation()
    cancellation.cancel()
    with pytest.raises(Cancelled):
        Sts().list_mfa_devices(local, key, cancellation=cancellation)
    assert server.requests == []
