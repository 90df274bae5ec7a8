"""What is cut out of botocore's data makes the same requests and reads the same answers as all of it."""

import ast
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import aws_data
import pytest
from botocore import xform_name
from botocore.awsrequest import AWSResponse
from botocore.exceptions import ClientError
from botocore.loaders import Loader

import sts_desktop
from sts_desktop.core.credentials import AccessKey
from sts_desktop.core.sts import isolated_session
from sts_desktop.core.sts.client import Sts
from sts_desktop.core.sts.endpoint import Endpoint
from sts_desktop.core.sts.endpoints import custom_endpoint, endpoints
from sts_desktop.core.sts.iam import iam_endpoint
from sts_desktop.core.sts.s3 import s3_endpoint
from sts_desktop.core.sts.service_data import quick_loader

ROOT = Path(__file__).parent.parent
KEY = AccessKey("AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY")

PARAMETERS: dict[str, list[dict[str, Any]]] = {
    "GetCallerIdentity": [{}],
    "GetSessionToken": [
        {},
        {"DurationSeconds": 900, "SerialNumber": "arn:aws:iam::123456789012:mfa/héloïse+x", "TokenCode": "123456"},
    ],
    "ListBuckets": [{"MaxBuckets": 10_000}, {"MaxBuckets": 10_000, "ContinuationToken": "a b/=&ü"}],
    "ListMFADevices": [{}, {"Marker": "a b/=&ü"}],
}
"""What the program gives to the operations."""

WRONG_PARAMETERS: dict[str, dict[str, Any]] = {
    "GetCallerIdentity": {"Other": 1},
    "GetSessionToken": {"DurationSeconds": 1, "TokenCode": "1"},
    "ListBuckets": {"MaxBuckets": "many"},
    "ListMFADevices": {"Marker": ""},
}

ANSWERS = {
    "GetCallerIdentity": """<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
        <GetCallerIdentityResult><Arn>arn:aws:iam::123456789012:user/alice</Arn><UserId>AIDAEXAMPLE</UserId>
        <Account>123456789012</Account></GetCallerIdentityResult>
        <ResponseMetadata><RequestId>1</RequestId></ResponseMetadata></GetCallerIdentityResponse>""",
    "GetSessionToken": """<GetSessionTokenResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
        <GetSessionTokenResult><Credentials><AccessKeyId>ASIAEXAMPLE</AccessKeyId><SecretAccessKey>x</SecretAccessKey>
        <SessionToken>y</SessionToken><Expiration>2030-01-02T03:04:05Z</Expiration></Credentials>
        </GetSessionTokenResult><ResponseMetadata><RequestId>1</RequestId></ResponseMetadata>
        </GetSessionTokenResponse>""",
    "ListBuckets": """<ListAllMyBucketsResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">
        <Owner><ID>1</ID></Owner><Buckets>
        <Bucket><Name>one</Name><CreationDate>2020-01-02T03:04:05.000Z</CreationDate></Bucket>
        <Bucket><Name>two</Name><CreationDate>2020-01-02T03:04:05.000Z</CreationDate></Bucket>
        </Buckets><ContinuationToken>more</ContinuationToken></ListAllMyBucketsResult>""",
    "ListMFADevices": """<ListMFADevicesResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/">
        <ListMFADevicesResult><MFADevices><member><UserName>alice</UserName>
        <SerialNumber>arn:aws:iam::123456789012:mfa/alice</SerialNumber><EnableDate>2020-01-02T03:04:05Z</EnableDate>
        </member></MFADevices><IsTruncated>true</IsTruncated><Marker>more</Marker></ListMFADevicesResult>
        <ResponseMetadata><RequestId>1</RequestId></ResponseMetadata></ListMFADevicesResponse>""",
}

CALLS = [(service, operation) for service, operations in aws_data.OPERATIONS.items() for operation in operations]
each_call = pytest.mark.parametrize(("service", "operation"), CALLS)

PASSING = {"authorization", "x-amz-date", "amz-sdk-invocation-id"}
"""The headers that no two requests have in common."""


class StoppedError(Exception):
    """Nothing is to be sent."""


class Makers:
    """Makes clients as the program does, from what was cut out and from all of botocore's data."""

    def __init__(self, cut: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        whole = Loader(extra_search_paths=[Loader.BUILTIN_DATA_PATH], include_default_search_paths=False)
        loaders = {"cut": quick_loader(cut), "whole": whole}
        sessions: dict[str, dict[str, Any]] = {"cut": {}, "whole": {}}
        make = isolated_session.isolated_session.__wrapped__
        for name, loader in loaders.items():
            for service in aws_data.OPERATIONS:
                sessions[name][service] = make(service)
                sessions[name][service].register_component("data_loader", loader)
        self._sessions, self._monkeypatch = sessions, monkeypatch

    def client(self, data: str, service: str, endpoint: Endpoint) -> Any:
        self._monkeypatch.setattr("sts_desktop.core.sts.client.isolated_session", self._sessions[data].__getitem__)
        return Sts()._client(endpoint, KEY, service)


@pytest.fixture(scope="module")
def makers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Makers]:
    directory = tmp_path_factory.mktemp("aws")
    aws_data.write_aws_data(directory)
    with pytest.MonkeyPatch.context() as monkeypatch:
        yield Makers(directory, monkeypatch)


def hosts(service: str) -> list[Endpoint]:
    """Return where the program calls a service: every host that it knows, and stand-ins for AWS."""
    stand_ins = [
        custom_endpoint(url, "eu-west-1")
        for url in (
            "http://localhost:4566",
            "https://vpce-1-2.sts.eu-west-1.vpce.amazonaws.com",
            "https://127.0.0.1:8443",
        )
    ]
    known = {"sts": lambda each: each, "s3": s3_endpoint, "iam": iam_endpoint}[service]
    return [*dict.fromkeys(known(each) for each in endpoints()), *stand_ins]


def request_of(client: Any, operation: str, parameters: dict[str, Any]) -> object:
    """Return what would be sent, without what no two requests have in common."""
    requests: list[Any] = []

    def stop(request: Any, **_context: object) -> Any:
        requests.append(request)
        raise StoppedError

    client.meta.events.register("before-send", stop)
    with pytest.raises(StoppedError):
        getattr(client, xform_name(operation))(**parameters)
    (sent,) = requests
    headers = {name.lower(): value for name, value in sent.headers.items() if name.lower() not in PASSING}
    scope = sent.headers["Authorization"].partition(b"Credential=")[2].partition(b",")[0].split(b"/")
    signed = sent.headers["Authorization"].partition(b"SignedHeaders=")[2].partition(b",")[0]
    return sent.method, sent.url, headers, sent.body, [*scope[:1], *scope[2:]], signed


def outcome(client: Any, operation: str, status: int, headers: dict[str, str], body: bytes) -> object:
    """Return what comes of an answer: what the client returns, or everything about the exception that it raises."""

    def answer(request: Any, **_context: object) -> Any:
        raw = io.BytesIO(body)
        raw.stream = lambda: iter([body])  # type: ignore[attr-defined]  # what urllib3's answers have
        return AWSResponse(request.url, status, headers, raw)

    client.meta.events.register("before-send", answer)
    try:
        return getattr(client, xform_name(operation))(**PARAMETERS[operation][-1])
    except ClientError as error:
        return type(error).__name__, str(error), error.response, error.operation_name
    except Exception as error:
        return type(error).__name__, str(error)


@each_call
def test_requests_are_the_same(makers: Makers, service: str, operation: str) -> None:
    for host in hosts(service):
        for parameters in PARAMETERS[operation]:
            cut, whole = (
                request_of(makers.client(data, service, host), operation, parameters) for data in ("cut", "whole")
            )
            assert cut == whole


@each_call
def test_wrong_parameters_are_refused_alike(makers: Makers, service: str, operation: str) -> None:
    words = []
    for data in ("cut", "whole"):
        client = makers.client(data, service, hosts(service)[0])
        with pytest.raises(Exception, match=r"Parameter validation failed") as told:
            getattr(client, xform_name(operation))(**WRONG_PARAMETERS[operation])
        words.append((type(told.value), str(told.value)))
    assert words[0] == words[1]


@each_call
@pytest.mark.parametrize("status", [200, 204, 301, 400, 403, 404, 429, 500, 503])
def test_answers_are_read_alike(makers: Makers, service: str, operation: str, status: int) -> None:
    xml = {"content-type": "text/xml", "x-amzn-requestid": "1", "x-amz-bucket-region": "eu-west-1"}
    bodies = {
        "good": ANSWERS[operation],
        "empty": "",
        "cut off": ANSWERS[operation][:150],
        "of a network": "<!DOCTYPE html><html><body>Please sign in<br></body></html>",
        "json": '{"__type": "Throttling", "message": "no"}',
    }
    for body in bodies.values():
        cut, whole = (
            outcome(makers.client(data, service, hosts(service)[0]), operation, status, xml, body.encode())
            for data in ("cut", "whole")
        )
        assert cut == whole


@each_call
def test_a_good_answer_is_read(makers: Makers, service: str, operation: str) -> None:
    answer = outcome(makers.client("cut", service, hosts(service)[0]), operation, 200, {}, ANSWERS[operation].encode())
    assert isinstance(answer, dict)
    told = {"GetCallerIdentity": "Arn", "GetSessionToken": "Credentials", "ListBuckets": "Buckets"}
    assert answer[told.get(operation, "MFADevices")]


@each_call
def test_every_error_is_read_alike(makers: Makers, service: str, operation: str) -> None:
    """Those that the service knows, of whatever operation, with all of their members; and others."""
    shapes = Loader().load_service_model(service, "service-2")["shapes"]
    known = {name: shape for name, shape in shapes.items() if shape.get("exception")}
    assert len(known) > 10
    unknown: dict[str, dict[str, Any]] = {key: {} for key in ("Denied", "Throttling", "SlowDown")}
    for name, shape in {**unknown, **known}.items():
        code = shape.get("error", {}).get("code", name)
        members = "".join(f"<{member}>{member} é</{member}>" for member in shape.get("members", {}))
        details = f"<Type>Sender</Type><Code>{code}</Code><Message>No: ü</Message>{members}"
        body = f"<Error>{details}</Error>"
        if service != "s3":
            body = f"<ErrorResponse>{body}<RequestId>1</RequestId></ErrorResponse>"
        cut, whole = (
            outcome(makers.client(data, service, hosts(service)[0]), operation, 400, {}, body.encode())
            for data in ("cut", "whole")
        )
        assert cut == whole
        assert isinstance(cut, tuple)
        assert code in cut[1]


@pytest.mark.parametrize("service", aws_data.OPERATIONS)
def test_the_exceptions_of_a_client_are_the_same(makers: Makers, service: str) -> None:
    cut, whole = (
        sorted(vars(makers.client(data, service, hosts(service)[0]).exceptions)["_code_to_exception"])
        for data in ("cut", "whole")
    )
    assert cut == whole


@pytest.mark.parametrize("service", aws_data.OPERATIONS)
def test_the_two_kinds_of_clients_compared_are_two(makers: Makers, service: str) -> None:
    cut, whole = (
        makers.client(data, service, hosts(service)[0]).meta.service_model.operation_names for data in ("cut", "whole")
    )
    assert len(cut) < 3 < 10 < len(whole)


@pytest.mark.parametrize("service", aws_data.OPERATIONS)
def test_only_what_is_called_is_kept(service: str) -> None:
    descriptions = aws_data.cut_out(service, aws_data.OPERATIONS[service])["descriptions"]
    assert sorted(descriptions["service-2"]["operations"]) == sorted(aws_data.OPERATIONS[service])
    assert len(json.dumps(descriptions)) < 20_000


def test_every_call_of_the_program_is_cut_out() -> None:
    source = Path(sts_desktop.__path__[0], "core", "sts", "client.py").read_text(encoding="utf-8")
    called = {
        (node.args[1].value, node.args[2].value)
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "Call"
        and isinstance(node.args[1], ast.Constant)
        and isinstance(node.args[2], ast.Constant)
    }
    assert called == {(service, xform_name(operation)) for service, operation in CALLS}


@pytest.mark.parametrize("service", aws_data.OPERATIONS)
def test_what_lies_in_the_checkout_is_cut_out_of_this_botocore(service: str) -> None:
    made = ROOT / "resources" / "aws" / f"{service}.json"
    assert made.exists(), "`make run` or any other target makes it"
    assert json.loads(made.read_bytes()) == aws_data.cut_out(service, aws_data.OPERATIONS[service])


def test_what_a_former_build_left_goes(tmp_path: Path) -> None:
    (tmp_path / "ec2.json").write_text("{}")
    written = aws_data.write_aws_data(tmp_path)
    assert set(tmp_path.iterdir()) == set(written)
