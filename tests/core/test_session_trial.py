"""A session is tried out: against the embedded STS, and against moto's STS and S3."""

import gc
import warnings
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from moto.server import ThreadedMotoServer

from sts_desktop.core.credentials import AccessKey, CallerIdentity
from sts_desktop.core.profile import EndpointChoice, Profile
from sts_desktop.core.renewal import Phase, phase
from sts_desktop.core.services import Services
from sts_desktop.core.session_errors import NoSessionError
from sts_desktop.core.session_trial import SessionTrial, try_session
from sts_desktop.core.state import SessionRecord
from sts_desktop.core.sts import errors
from sts_desktop.core.sts.client import Sts
from sts_desktop.core.sts.endpoint import Endpoint
from sts_desktop.core.sts.endpoints import custom_endpoint, endpoint, endpoints
from sts_desktop.core.sts.s3 import s3_endpoint
from sts_desktop.demo.control import Faults

if TYPE_CHECKING:
    from tests.core.conftest import Clock, WatchedSts

BOB = "arn:aws:iam::123456789012:user/bob"


@pytest.fixture(scope="module")
def moto() -> Iterator[str]:
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    _host, port = server.get_host_and_port()
    yield f"http://127.0.0.1:{port}"
    server.stop()
    with warnings.catch_warnings():  # the threads of its last requests
        warnings.simplefilter("ignore", ResourceWarning)
        gc.collect()


@pytest.fixture
def buckets(moto: str) -> Iterator[Any]:
    """An S3 client of moto's, to make buckets with; they are gone afterwards."""
    client = boto3.Session("AKIAMOTO", "secret").client("s3", endpoint_url=moto, region_name="us-east-1")
    yield client
    for bucket in client.list_buckets()["Buckets"]:
        client.delete_bucket(Bucket=bucket["Name"])
    client.close()


def at_moto(moto: str) -> Profile:
    return Profile("a1", "moto", endpoint=EndpointChoice("custom", moto, "us-east-1"))


def test_whose_it_is(services: Services, bobs_profile: Profile) -> None:
    services.sessions.get_token(bobs_profile)
    trial = services.sessions.test(bobs_profile)
    assert (trial.identity.arn, trial.buckets, trial.buckets_text) == (BOB, None, "")
    assert services.sessions.record(bobs_profile.id).identity == trial.identity


def test_buckets_are_asked_for_only_when_wished(
    services: Services, bobs_profile: Profile, embedded_sts: "WatchedSts"
) -> None:
    services.sessions.get_token(bobs_profile)
    embedded_sts.bodies.clear()
    services.sessions.test(bobs_profile)
    assert [body for body in embedded_sts.bodies if "GetCallerIdentity" not in body] == []


def test_a_stand_in_for_aws_is_never_left_for_aws(
    services: Services, bobs_profile: Profile, embedded_sts: "WatchedSts"
) -> None:
    """The credentials of the embedded STS must not travel: it is asked for buckets itself, and refuses them to bob."""
    services.sessions.get_token(bobs_profile)
    embedded_sts.bodies.clear()
    trial = services.sessions.test(bobs_profile, s3=True)
    assert len(embedded_sts.bodies) == 2
    assert (trial.identity.arn, trial.buckets) == (BOB, None)
    assert trial.buckets_text == "The session may not list buckets (s3:ListAllMyBuckets)."


def test_buckets_of_the_embedded_server_are_counted(services: Services, embedded_sts: "WatchedSts") -> None:
    key = embedded_sts.directory.user("alice").access_key
    sts = services.sessions.sts
    session = sts.get_session_token(endpoint("eu-west-1"), key, 900)
    trial = try_session(sts, Profile("a1", "alice", endpoint=EndpointChoice("eu-west-1")), session, s3=True)
    assert (trial.buckets, trial.buckets_refusal) == (12, "")


@pytest.mark.parametrize(("count", "text"), [(0, "0 buckets"), (1, "1 bucket"), (12, "12 buckets")])
def test_buckets_are_counted(moto: str, buckets: Any, count: int, text: str) -> None:
    for number in range(count):
        buckets.create_bucket(Bucket=f"bucket-{number}")
    profile = at_moto(moto)
    session = Sts().get_session_token(profile.endpoint.resolve(), AccessKey("AKIAMOTO", "secret"), 900)
    trial = try_session(Sts(), profile, session, s3=True)
    assert (trial.buckets, trial.buckets_text, trial.buckets_refusal) == (count, text, "")


@pytest.mark.fault(43)
def test_session_whose_end_has_fractions_of_a_second_is_the_one_that_is_noted(moto: str, services: Services) -> None:
    """moto's have; a record with another end than its session would never be written again."""
    session = Sts().get_session_token(at_moto(moto).endpoint.resolve(), AccessKey("AKIAMOTO", "secret"), 900)
    record = SessionRecord().with_session_of(session)
    services.state.update(lambda state: state.with_session("a1", record))
    assert services.sessions.record("a1").is_of(session)


def test_nothing_in_the_environment_bends_the_call(moto: str, buckets: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {
        "AWS_ENDPOINT_URL": "http://127.0.0.1:9",
        "AWS_ENDPOINT_URL_S3": "http://127.0.0.1:9",
        "AWS_PROFILE": "ghost",
        "AWS_REGION": "mars-north-1",
        "AWS_USE_FIPS_ENDPOINT": "true",
        "AWS_USE_DUALSTACK_ENDPOINT": "true",
        "AWS_S3_US_EAST_1_REGIONAL_ENDPOINT": "legacy",
        "AWS_ACCESS_KEY_ID": "AKIAELSE",
    }.items():
        monkeypatch.setenv(name, value)
    session = Sts().get_session_token(at_moto(moto).endpoint.resolve(), AccessKey("AKIAMOTO", "secret"), 900)
    assert try_session(Sts(), at_moto(moto), session, s3=True).buckets == 0


class Refusing(Sts):
    """Knows whose every session is, and has an answer of its own to the question for buckets."""

    def __init__(self, error: Exception) -> None:
        super().__init__()
        self._error = error

    def get_caller_identity(self, endpoint: Endpoint, key: object, **_options: object) -> CallerIdentity:
        return CallerIdentity("123456789012", BOB, "AIDAEXAMPLE")

    def count_buckets(self, endpoint: Endpoint, session: object, **_options: object) -> int:
        raise self._error


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (errors.RefusedError("AccessDenied"), "may not list buckets"),
        (errors.RefusedError("InvalidToken"), "InvalidToken"),
        (errors.OfflineError("s3.example"), "s3.example"),
    ],
)
def test_buckets_that_cannot_be_listed_are_an_answer(
    services: Services, bobs_profile: Profile, error: Exception, words: str
) -> None:
    services.sessions.get_token(bobs_profile)
    sessions = replace(services.sessions, sts=Refusing(error))
    trial = sessions.test(bobs_profile, s3=True)
    assert (trial.identity.arn, trial.buckets) == (BOB, None)
    assert words in trial.buckets_refusal == trial.buckets_text


def test_a_session_that_is_not_alive_is_not_sent(
    services: Services, bobs_profile: Profile, embedded_sts: "WatchedSts", clock: "Clock"
) -> None:
    services.sessions.get_token(bobs_profile)
    clock.advance(hours=2)
    embedded_sts.bodies.clear()
    with pytest.raises(NoSessionError):
        services.sessions.test(bobs_profile, s3=True)
    assert embedded_sts.bodies == []


@pytest.mark.parametrize(
    ("sts", "region", "url"),
    [
        ("global", "", "https://s3.us-east-1.amazonaws.com"),
        ("ap-northeast-1", "", "https://s3.ap-northeast-1.amazonaws.com"),
        ("ap-northeast-1", "eu-west-1", "https://s3.eu-west-1.amazonaws.com"),
        ("cn-north-1", "cn-northwest-1", "https://s3.cn-northwest-1.amazonaws.com.cn"),
        ("cn-north-1", "us-east-1", "https://s3.cn-north-1.amazonaws.com.cn"),
        ("global", "mars-north-1", "https://s3.us-east-1.amazonaws.com"),
        ("global", "global", "https://s3.us-east-1.amazonaws.com"),
        ("eu-west-1", "us-west-2-fips", "https://s3.eu-west-1.amazonaws.com"),
        ("us-west-2-fips", "", "https://s3.us-west-2.amazonaws.com"),
    ],
)
def test_where_s3_is_asked(sts: str, region: str, url: str) -> None:
    asked = s3_endpoint(endpoint(sts), region)
    assert (asked.url, asked.partition) == (url, endpoint(sts).partition)
    assert url.startswith(f"https://s3.{asked.signing_region}.")


def test_every_host_is_the_one_that_botocore_knows() -> None:
    from botocore.session import Session

    session = Session()
    for known in endpoints():
        asked = s3_endpoint(known)
        client = session.create_client(
            "s3", region_name=asked.signing_region, aws_access_key_id="x", aws_secret_access_key="x"
        )
        if asked.signing_region != "us-east-1":  # botocore itself names the old host of all regions there
            assert client.meta.endpoint_url == asked.url
        client.close()


def test_a_stand_in_on_this_computer_serves_s3_itself() -> None:
    local = custom_endpoint("http://localhost:4566", "eu-west-1")
    assert s3_endpoint(local, "us-east-1") == local
    elsewhere = custom_endpoint("https://localstack.example", "eu-west-1")
    assert s3_endpoint(elsewhere) == elsewhere
    private = custom_endpoint("https://vpce-1.sts.eu-west-1.vpce.amazonaws.com", "eu-west-1")
    assert s3_endpoint(private).url == "https://s3.eu-west-1.amazonaws.com"


def test_the_trial_is_printed_without_secrets(services: Services, bobs_profile: Profile) -> None:
    services.sessions.get_token(bobs_profile)
    credentials = services.sessions.credentials(bobs_profile)
    text = repr(services.sessions.test(bobs_profile, s3=True))
    assert isinstance(services.sessions.test(bobs_profile), SessionTrial)
    assert credentials.secret_access_key not in text
    assert credentials.session_token not in text


@pytest.mark.fault(11)
def test_session_that_aws_calls_expired_is_shown_and_handed_out_no_more(
    services: Services, bobs_profile: Profile, embedded_sts: "WatchedSts"
) -> None:
    """Whatever the clock of this computer says."""
    services.sessions.get_token(bobs_profile)
    embedded_sts.control.set(Faults(clock_offset_seconds=86_400))
    with pytest.raises(errors.SessionExpiredError):
        services.sessions.test(bobs_profile)
    assert phase(services.sessions.record(bobs_profile.id), services.now()) is Phase.EXPIRED
    with pytest.raises(NoSessionError):
        services.sessions.credentials(bobs_profile)
    assert services.sessions.records.reconcile().session(bobs_profile.id) == services.sessions.record(bobs_profile.id)
