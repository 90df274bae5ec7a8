"""S3's one call, as boto3 and the AWS CLI make it, with keys and with sessions."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from http.client import HTTPConnection
from typing import Any
from xml.etree import ElementTree

import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from sts_desktop.core.credentials import AccessKey, SessionCredentials
from sts_desktop.demo.control import Faults
from sts_desktop.demo.directory import Directory
from sts_desktop.demo.embedded_sts import EmbeddedSts
from sts_desktop.demo.faulty_answers import FaultyAnswer

RefusalOf = Callable[..., tuple[str, str, int]]


@pytest.fixture
def s3_of(client_of: Callable[..., Any]) -> Callable[..., Any]:
    """Makes a client of S3, as `client_of` makes one of STS."""
    return partial(client_of, service="s3", region="eu-central-1")


@pytest.fixture
def session_of(client_of: Callable[..., Any]) -> Callable[[str], SessionCredentials]:
    """Gets a session of a user, of fifteen minutes."""

    def session_of(name: str) -> SessionCredentials:
        issued = client_of(name).get_session_token(DurationSeconds=900)["Credentials"]
        return SessionCredentials(
            issued["AccessKeyId"], issued["SecretAccessKey"], issued["SessionToken"], issued["Expiration"]
        )

    return session_of


SessionOf = Callable[[str], SessionCredentials]
S3Of = Callable[..., Any]


def names_of(answer: Any) -> list[str]:
    return [bucket["Name"] for bucket in answer["Buckets"]]


@pytest.mark.parametrize("region", ["eu-central-1", "us-east-1"])
def test_a_session_lists_the_buckets_of_the_account(
    s3_of: S3Of, session_of: SessionOf, directory: Directory, region: str
) -> None:
    answer = s3_of(session_of("alice"), region=region).list_buckets()
    assert names_of(answer) == sorted(bucket.name for bucket in directory.buckets)
    assert len(names_of(answer)) == 12
    assert len(answer["Owner"]["ID"]) == 64
    assert "ContinuationToken" not in answer
    assert not any("BucketRegion" in bucket for bucket in answer["Buckets"])
    assert answer["Buckets"][0]["CreationDate"] == directory.buckets[0].created


def test_an_access_key_lists_them_too(s3_of: S3Of) -> None:
    assert len(names_of(s3_of("alice").list_buckets())) == len(names_of(s3_of("root").list_buckets())) == 12


@pytest.mark.parametrize("size", [1, 5, 12, 13])
def test_the_paginator_finds_all_of_them(s3_of: S3Of, session_of: SessionOf, directory: Directory, size: int) -> None:
    pages = list(s3_of(session_of("alice")).get_paginator("list_buckets").paginate(PaginationConfig={"PageSize": size}))
    assert [name for page in pages for name in names_of(page)] == sorted(bucket.name for bucket in directory.buckets)
    assert [len(names_of(page)) for page in pages[:-1]] == [size] * (len(pages) - 1)
    assert all(bucket["BucketRegion"] for page in pages for bucket in page["Buckets"])


def test_a_prefix_and_a_region_are_kept_to(s3_of: S3Of, session_of: SessionOf) -> None:
    answer = s3_of(session_of("alice")).list_buckets(Prefix="example-l", BucketRegion="eu-central-1")
    assert names_of(answer) == ["example-logs-eu-central-1"]
    assert answer["Prefix"] == "example-l"


@pytest.mark.parametrize(
    "parameters",
    [{"MaxBuckets": 0}, {"MaxBuckets": 10_001}, {"MaxBuckets": "many"}, {"ContinuationToken": "example-logs"}],
)
def test_a_parameter_out_of_its_limits(s3_of: S3Of, s3_refusal_of: RefusalOf, parameters: dict[str, Any]) -> None:
    code, message, status = s3_refusal_of(s3_of("alice").list_buckets, **parameters)
    assert (code, status) == ("InvalidArgument", 400)
    assert ("continuation token" if "ContinuationToken" in parameters else "max-buckets") in message


def test_a_user_without_the_permission(s3_of: S3Of, s3_refusal_of: RefusalOf, session_of: SessionOf) -> None:
    expected = ("AccessDenied", "Access Denied", 403)
    assert s3_refusal_of(s3_of(session_of("bob")).list_buckets) == expected
    assert s3_refusal_of(s3_of("bob").list_buckets) == expected


def test_a_session_ends_when_it_said(
    s3_of: S3Of, s3_refusal_of: RefusalOf, session_of: SessionOf, advance: Callable[[float], None]
) -> None:
    client = s3_of(session_of("alice"))
    advance(895)
    client.list_buckets()
    advance(5)
    assert s3_refusal_of(client.list_buckets) == ("ExpiredToken", "The provided token has expired.", 400)


def test_another_token_than_the_keys(s3_of: S3Of, s3_refusal_of: RefusalOf, session_of: SessionOf) -> None:
    mixed = replace(session_of("alice"), session_token=session_of("bob").session_token)
    code, message, status = s3_refusal_of(s3_of(mixed).list_buckets)
    assert (code, status) == ("InvalidToken", 400)
    assert message == "The provided token is malformed or otherwise invalid."


def test_an_access_key_with_a_token(
    s3_of: S3Of, s3_refusal_of: RefusalOf, session_of: SessionOf, directory: Directory
) -> None:
    key = directory.user("alice").access_key
    mixed = replace(session_of("alice"), access_key_id=key.access_key_id, secret_access_key=key.secret_access_key)
    assert s3_refusal_of(s3_of(mixed).list_buckets)[0] == "InvalidToken"


def test_a_key_that_does_not_count(s3_of: S3Of, s3_refusal_of: RefusalOf, session_of: SessionOf) -> None:
    of_session = session_of("alice")
    for who in (
        AccessKey("AKIAEXAMPLEDEMO2NONE", "x" * 40),
        "carol",
        AccessKey(of_session.access_key_id, of_session.secret_access_key),
    ):
        code, message, status = s3_refusal_of(s3_of(who).list_buckets)
        assert (code, status) == ("InvalidAccessKeyId", 403)
        assert message == "The AWS Access Key Id you provided does not exist in our records."


def test_a_wrong_secret(s3_of: S3Of, s3_refusal_of: RefusalOf, session_of: SessionOf) -> None:
    code, message, status = s3_refusal_of(s3_of(replace(session_of("alice"), secret_access_key="x" * 40)).list_buckets)
    assert (code, status) == ("SignatureDoesNotMatch", 403)
    assert message.endswith("Check your key and signing method.")


@pytest.mark.parametrize(("old", "new"), [("max-buckets=5", "max-buckets=6"), ("?", "?prefix=a&")])
def test_a_query_changed_on_the_way(
    s3_of: S3Of, s3_refusal_of: RefusalOf, session_of: SessionOf, old: str, new: str
) -> None:
    client = s3_of(session_of("alice"))

    def change(request: Any, **_context: object) -> None:
        assert old in request.url
        request.url = request.url.replace(old, new)

    client.meta.events.register("before-send.s3", change)
    assert s3_refusal_of(client.list_buckets, MaxBuckets=5)[0] == "SignatureDoesNotMatch"


@pytest.mark.parametrize("minutes", [16, -16])
def test_a_clock_that_is_off(sts: EmbeddedSts, s3_of: S3Of, s3_refusal_of: RefusalOf, minutes: int) -> None:
    client = s3_of("alice")
    sts.control.set(Faults(clock_offset_seconds=minutes * 60))
    code, message, status = s3_refusal_of(client.list_buckets)
    assert (code, status) == ("RequestTimeTooSkewed", 403)
    assert message == "The difference between the request time and the current time is too large."


@pytest.mark.parametrize(
    ("faults", "code", "status"),
    [
        (Faults(throttled=True), "SlowDown", 503),
        (Faults(answer=FaultyAnswer.INTERNAL_FAILURE), "InternalError", 500),
        (Faults(answer=FaultyAnswer.SERVICE_UNAVAILABLE), "ServiceUnavailable", 503),
    ],
)
def test_a_failure_of_the_service(
    sts: EmbeddedSts, s3_of: S3Of, s3_refusal_of: RefusalOf, faults: Faults, code: str, status: int
) -> None:
    sts.control.set(faults)
    refused = s3_refusal_of(s3_of("alice").list_buckets)
    assert (refused[0], refused[2]) == (code, status)


@pytest.mark.parametrize("operation", ["list_objects_v2", "create_bucket"])
def test_nothing_but_the_list_is_served(s3_of: S3Of, s3_refusal_of: RefusalOf, operation: str) -> None:
    refused = s3_refusal_of(getattr(s3_of("alice"), operation), Bucket="example-logs-eu-central-1")
    assert (refused[0], refused[2]) == ("NotImplemented", 501)


def test_a_request_without_the_hash_that_s3_demands(sts: EmbeddedSts, directory: Directory) -> None:
    key = directory.user("alice").access_key
    request = AWSRequest("GET", f"{sts.url}/", headers={"Host": sts.url.removeprefix("http://")})
    SigV4Auth(Credentials(key.access_key_id, key.secret_access_key), "s3", "eu-central-1").add_auth(request)
    connection = HTTPConnection(sts.url.removeprefix("http://"), timeout=20)
    connection.request("GET", "/", headers=dict(request.headers.items()))
    answer = connection.getresponse()
    document = ElementTree.fromstring(answer.read())
    connection.close()
    assert (answer.status, document.tag, document.findtext("Code")) == (400, "Error", "InvalidRequest")
    assert document.findtext("RequestId") == answer.headers["x-amz-request-id"]
    assert document.findtext("HostId") == answer.headers["x-amz-id-2"]
    assert answer.headers["Content-Type"] == "application/xml"
