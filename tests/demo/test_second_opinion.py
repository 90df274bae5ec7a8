"""The embedded STS against moto's: where both answer, they answer alike.

moto checks signatures of the users that its IAM made, once it was told to (docs.getmoto.org, "IAM-like Access
Control"). Where the two differ by intent, so that no test here looks there:

- moto issues one constant set of credentials, does not know it afterwards, and gives it an id that begins with AKIA;
  the embedded STS issues new ones each time and accepts them.
- moto takes any duration and any code; the embedded STS holds AWS's limits and the device.
- moto's times have fractions of a second and its ids of users are lower case; AWS's have not and are not.
- moto calls its XML `text/html` when it refuses; AWS says `text/xml`.
- moto breaks (500) on a request that nobody signed.
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
from sts_desktop.demo.directory import demo_directory
from sts_desktop.demo.embedded_sts import EmbeddedSts

USER = "bob"
SETTING_UP = 3
"""How many calls it takes to make the user; only then moto begins to check signatures."""
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
    """An STS and the access key of a user that it knows."""

    url: str
    access_key: AccessKey


@pytest.fixture(scope="module")
def embedded() -> Iterator[Server]:
    with EmbeddedSts(demo_directory()) as sts:
        yield Server(sts.url, sts.directory.user(USER).access_key)


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
        yield Server(url, _made_user(_client(aws_session, "iam", url, AccessKey("nobody", "nothing"))))


def _made_user(iam: Any) -> AccessKey:
    iam.create_user(UserName=USER)
    everything = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
    iam.put_user_policy(UserName=USER, PolicyName="everything", PolicyDocument=json.dumps(everything))
    made = iam.create_access_key(UserName=USER)["AccessKey"]
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
