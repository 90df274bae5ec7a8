"""The embedded STS against moto's: where both answer, they answer alike.

moto checks signatures of the users that its IAM made, once it was told to (docs.getmoto.org, "IAM-like Access
Control"). Where the two differ by intent, so that no test here looks there:

- moto issues one constant set of credentials, does not know it afterwards, and gives it an id that begins with AKIA;
  the embedded STS issues new ones each time and accepts them.
- moto takes any duration and any code; the embedded STS holds AWS's limits and the device.
- moto's times have fractions of a second and its ids of users are lower case; AWS's have not and are not.
- moto calls its XML `text/html` when it refuses; AWS says `text/xml`.
- moto breaks (500) on a request that nobody signed.
- moto's IAM lists the devices of a user that is named alone, and not those of the user whose key it is.
- moto's S3 never continues a list, names no regions, and names an owner by a word that AWS has dropped.
"""

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from xml.etree import ElementTree

import pytest
from botocore.config import Config

from sts_desktop.core.clock import utc_now
from sts_desktop.core.credentials import AccessKey
from sts_desktop.demo.buckets import demo_buckets
from sts_desktop.demo.directory import demo_directory
from sts_desktop.demo.embedded_sts import EmbeddedSts

USER, LISTER = "bob", "alice"
BUCKETS = demo_buckets()
DEVICE = "alice-phone"
SETTING_UP = 2 * 3 + len(BUCKETS) + 2
"""How many calls it takes to make two users, buckets and a device; only then moto begins to check signatures."""
TOLERANCE = timedelta(seconds=5)

MOTO = """
import sys
from moto.server import ThreadedMotoServer
server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
server.start()
print(server.get_host_and_port()[1], flush=True)
sys.stdin.read()
"""

ClientOf = Callable[..., Any]
RefusalOf = Callable[..., tuple[str, str, int]]


@dataclass(frozen=True)
class Server:
    """An STS with an S3, the access key of a user that it knows, and that of one who may list buckets too."""

    url: str
    access_key: AccessKey
    listers_key: AccessKey


@pytest.fixture(scope="module")
def embedded() -> Iterator[Server]:
    with EmbeddedSts(demo_directory()) as sts:
        yield Server(sts.url, sts.directory.user(USER).access_key, sts.directory.user(LISTER).access_key)


@pytest.fixture(scope="module")
def moto(aws_session: Any) -> Iterator[Server]:
    """A process of its own: moto takes its settings from the environment, once, and talks a lot."""
    environment = os.environ | {"INITIAL_NO_AUTH_ACTION_COUNT": str(SETTING_UP)}
    with subprocess.Popen(
        [sys.executable, "-c", MOTO],
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        assert process.stdout is not None
        url = f"http://127.0.0.1:{int(process.stdout.readline())}"
        nobody = AccessKey("nobody", "nothing")
        s3, iam = (_client(aws_session, service, url, nobody) for service in ("s3", "iam"))
        for bucket in BUCKETS:
            s3.create_bucket(Bucket=bucket.name, CreateBucketConfiguration={"LocationConstraint": bucket.region})
        users = _made_user(iam, USER, allowed="sts:*"), _made_user(iam, LISTER, allowed="*")
        device = iam.create_virtual_mfa_device(VirtualMFADeviceName=DEVICE)["VirtualMFADevice"]["SerialNumber"]
        codes = {"AuthenticationCode1": "123456", "AuthenticationCode2": "654321"}
        iam.enable_mfa_device(UserName=LISTER, SerialNumber=device, **codes)
        yield Server(url, *users)


def _made_user(iam: Any, name: str, *, allowed: str) -> AccessKey:
    iam.create_user(UserName=name)
    policy = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": allowed, "Resource": "*"}]}
    iam.put_user_policy(UserName=name, PolicyName="allowed", PolicyDocument=json.dumps(policy))
    made = iam.create_access_key(UserName=name)["AccessKey"]
    return AccessKey(made["AccessKeyId"], made["SecretAccessKey"])


def _client(session: Any, service: str, url: str, key: AccessKey) -> Any:
    return session.create_client(
        service,
        region_name="us-east-1",
        endpoint_url=url,
        aws_access_key_id=key.access_key_id,
        aws_secret_access_key=key.secret_access_key,
        config=Config(retries={"total_max_attempts": 1}, connect_timeout=5, read_timeout=20),
    )


@pytest.fixture(params=["embedded", "moto"])
def server(request: pytest.FixtureRequest) -> Server:
    server: Server = request.getfixturevalue(request.param)
    return server


@pytest.fixture
def connect(aws_session: Any) -> ClientOf:
    """Make a client of a server, with its user's access key unless another is given."""

    def connect(server: Server, key: AccessKey | None = None) -> Any:
        return _client(aws_session, "sts", server.url, key or server.access_key)

    return connect


def test_session_credentials_have_their_four_parts(connect: ClientOf, server: Server) -> None:
    issued = connect(server).get_session_token()["Credentials"]
    assert issued.keys() == {"AccessKeyId", "SecretAccessKey", "SessionToken", "Expiration"}
    assert re.fullmatch(r"[A-Z0-9]{20}", issued["AccessKeyId"])
    assert re.fullmatch(r"[A-Za-z0-9/+]{40,41}", issued["SecretAccessKey"])  # moto's is the documentation's, of 41
    assert re.fullmatch(r"[A-Za-z0-9/+=]{100,}", issued["SessionToken"])


@pytest.mark.parametrize("seconds", [900, 3_600, 129_600])
def test_session_ends_after_the_duration_asked_for(connect: ClientOf, server: Server, seconds: int) -> None:
    expiration = connect(server).get_session_token(DurationSeconds=seconds)["Credentials"]["Expiration"]
    _assert_ends_in(expiration, timedelta(seconds=seconds))


def test_session_lasts_twelve_hours_when_nothing_was_asked(connect: ClientOf, server: Server) -> None:
    _assert_ends_in(connect(server).get_session_token()["Credentials"]["Expiration"], timedelta(hours=12))


def _assert_ends_in(expiration: datetime, life: timedelta) -> None:
    assert expiration.utcoffset() is not None
    assert abs(expiration.astimezone(UTC) - utc_now() - life) < TOLERANCE


def test_caller_is_the_user_of_the_key(connect: ClientOf, server: Server) -> None:
    identity = connect(server).get_caller_identity()
    assert identity["Account"] == "123456789012"
    assert identity["Arn"] == f"arn:aws:iam::123456789012:user/{USER}"
    assert re.fullmatch(r"[A-Za-z0-9]{20,21}", identity["UserId"])


def test_answer_names_the_request(connect: ClientOf, server: Server) -> None:
    metadata = connect(server).get_caller_identity()["ResponseMetadata"]
    assert metadata["HTTPStatusCode"] == 200
    assert metadata["RequestId"] == metadata["HTTPHeaders"]["x-amzn-requestid"]


def test_wrong_secret_is_a_wrong_signature(connect: ClientOf, server: Server, refusal_of: RefusalOf) -> None:
    key = replace(server.access_key, secret_access_key="x" * 40)
    code, message, status = refusal_of(connect(server, key).get_session_token)
    assert (code, status) == ("SignatureDoesNotMatch", 403)
    assert message.startswith("The request signature we calculated does not match the signature you provided.")


def test_body_changed_on_the_way_is_a_wrong_signature(connect: ClientOf, server: Server, refusal_of: RefusalOf) -> None:
    client = connect(server)

    def lengthen(request: Any, **_context: object) -> None:
        request.body = request.body.replace("900", "901")

    client.meta.events.register("before-send.sts", lengthen)
    code, _message, status = refusal_of(client.get_session_token, DurationSeconds=900)
    assert (code, status) == ("SignatureDoesNotMatch", 403)


@pytest.mark.parametrize("operation", ["get_session_token", "get_caller_identity"])
def test_unknown_key_is_an_invalid_token(
    connect: ClientOf, server: Server, refusal_of: RefusalOf, operation: str
) -> None:
    client = connect(server, AccessKey("AKIAEXAMPLEDEMO2NONE", "x" * 40))
    assert refusal_of(getattr(client, operation)) == (
        "InvalidClientTokenId",
        "The security token included in the request is invalid.",
        403,
    )


def _shape(element: ElementTree.Element) -> Any:
    """Return an element's name, namespace included, and those of its children, in any order."""
    return element.tag, sorted(_shape(child) for child in element)


def _answered_shape(client: Any, operation: str) -> Any:
    bodies: list[bytes] = []
    client.meta.events.register("before-parse.sts", lambda response_dict, **_: bodies.append(response_dict["body"]))
    getattr(client, operation)()
    return _shape(ElementTree.fromstring(bodies[0]))


@pytest.mark.parametrize("operation", ["get_session_token", "get_caller_identity"])
def test_both_send_the_same_elements(connect: ClientOf, embedded: Server, moto: Server, operation: str) -> None:
    ours = _answered_shape(connect(embedded), operation)
    assert ours == _answered_shape(connect(moto), operation)
    assert ours[0].startswith("{https://sts.amazonaws.com/doc/2011-06-15/}")


# S3


@pytest.fixture
def connect_s3(aws_session: Any) -> ClientOf:
    """Make a client of a server's S3, with the key of who may list buckets unless another is given."""

    def connect_s3(server: Server, key: AccessKey | None = None) -> Any:
        return _client(aws_session, "s3", server.url, key or server.listers_key)

    return connect_s3


@pytest.mark.parametrize(
    ("parameters", "expected"),
    [
        ({}, [bucket.name for bucket in BUCKETS]),
        ({"MaxBuckets": 5}, [bucket.name for bucket in BUCKETS][:5]),
        ({"Prefix": "example-logs-"}, ["example-logs-ap-northeast-1", "example-logs-eu-central-1"]),
        ({"BucketRegion": "eu-central-1"}, [bucket.name for bucket in BUCKETS if bucket.region == "eu-central-1"]),
    ],
)
def test_buckets_are_listed(
    connect_s3: ClientOf, server: Server, parameters: dict[str, object], expected: list[str]
) -> None:
    answer = connect_s3(server).list_buckets(**parameters)
    assert [bucket["Name"] for bucket in answer["Buckets"]] == expected
    assert all(bucket["CreationDate"].utcoffset() == timedelta() for bucket in answer["Buckets"])
    assert re.fullmatch("[0-9a-f]{32,64}", answer["Owner"]["ID"])


def test_buckets_are_refused_to_whom_no_policy_allows_it(
    connect_s3: ClientOf, server: Server, s3_refusal_of: RefusalOf
) -> None:
    client = connect_s3(server, server.access_key)
    assert s3_refusal_of(client.list_buckets) == ("AccessDenied", "Access Denied", 403)


def test_unknown_key_is_in_no_record_of_s3(connect_s3: ClientOf, server: Server, s3_refusal_of: RefusalOf) -> None:
    client = connect_s3(server, AccessKey("AKIAEXAMPLEDEMO2NONE", "x" * 40))
    assert s3_refusal_of(client.list_buckets) == (
        "InvalidAccessKeyId",
        "The AWS Access Key Id you provided does not exist in our records.",
        403,
    )


def test_wrong_secret_is_a_wrong_signature_to_s3(
    connect_s3: ClientOf, server: Server, s3_refusal_of: RefusalOf
) -> None:
    client = connect_s3(server, replace(server.listers_key, secret_access_key="x" * 40))
    code, message, status = s3_refusal_of(client.list_buckets)
    assert (code, status) == ("SignatureDoesNotMatch", 403)
    assert message.endswith("does not match the signature you provided. Check your key and signing method.")


# IAM


@pytest.fixture
def connect_iam(aws_session: Any) -> ClientOf:
    """Make a client of a server's IAM, with the key of who may call it unless another is given."""

    def connect_iam(server: Server, key: AccessKey | None = None) -> Any:
        return _client(aws_session, "iam", server.url, key or server.listers_key)

    return connect_iam


def test_devices_are_listed(connect_iam: ClientOf, server: Server) -> None:
    answer = connect_iam(server).list_mfa_devices(UserName=LISTER)
    (device,) = answer["MFADevices"]
    assert device["SerialNumber"] == f"arn:aws:iam::123456789012:mfa/{DEVICE}"
    assert device["UserName"] == LISTER
    assert device["EnableDate"].utcoffset() == timedelta()
    assert answer["IsTruncated"] is False


def test_a_user_that_there_is_not_is_found_by_neither(
    aws_session: Any, server: Server, refusal_of: RefusalOf, embedded: Server
) -> None:
    key = demo_directory().user("root").access_key if server is embedded else server.listers_key
    client = _client(aws_session, "iam", server.url, key)
    code, message, status = refusal_of(client.list_mfa_devices, UserName="nobody")
    assert (code, status) == ("NoSuchEntity", 404)
    assert message == "The user with name nobody cannot be found."


def test_devices_are_refused_to_whom_no_policy_allows_it(
    aws_session: Any, server: Server, refusal_of: RefusalOf, embedded: Server
) -> None:
    name = "frank" if server is embedded else USER
    key = demo_directory().user("frank").access_key if server is embedded else server.access_key
    code, message, status = refusal_of(_client(aws_session, "iam", server.url, key).list_mfa_devices, UserName=name)
    assert (code, status) == ("AccessDenied", 403)
    who = f"User: arn:aws:iam::123456789012:user/{name}"
    assert message.startswith(f"{who} is not authorized to perform: iam:ListMFADevices")


def test_unknown_key_is_an_invalid_token_to_iam(connect_iam: ClientOf, server: Server, refusal_of: RefusalOf) -> None:
    client = connect_iam(server, AccessKey("AKIAEXAMPLEDEMO2NONE", "x" * 40))
    code, _message, status = refusal_of(client.list_mfa_devices, UserName=LISTER)
    assert (code, status) == ("InvalidClientTokenId", 403)
