"""The whole way against the embedded STS, which checks signatures, codes and limits as AWS does."""

import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from sts_desktop.core.clock import utc_now
from sts_desktop.core.credentials import AccessKey, MfaCode, SessionCredentials
from sts_desktop.core.duration import granted
from sts_desktop.core.errors import StsDesktopError
from sts_desktop.core.sts import errors
from sts_desktop.core.sts.client import Sts
from sts_desktop.core.sts.endpoints import custom_endpoint, endpoint
from sts_desktop.demo.control import Faults
from sts_desktop.demo.directory import DemoUser, Directory, MfaDevice, demo_directory
from sts_desktop.demo.embedded_sts import EmbeddedSts
from sts_desktop.demo.faulty_answers import FaultyAnswer

TOKYO = endpoint("ap-northeast-1")


@pytest.fixture
def embedded() -> Iterator[EmbeddedSts]:
    with EmbeddedSts(demo_directory()) as server:
        yield server


@pytest.fixture
def sts(embedded: EmbeddedSts) -> Sts:
    return Sts(lambda _endpoint: embedded.url, jitter=lambda _limit: 0.0)


@pytest.fixture
def alice(embedded: EmbeddedSts) -> DemoUser:
    return embedded.directory.user("alice")


def phone(user: DemoUser) -> MfaDevice:
    assert user.mfa is not None
    return user.mfa


def shown(embedded: EmbeddedSts, user: DemoUser) -> MfaCode:
    """Return the code that the user's device shows now."""
    return MfaCode(phone(user).serial, embedded.directory.current_code(phone(user).serial))


def test_a_token_works_and_is_the_callers(sts: Sts, embedded: EmbeddedSts, alice: DemoUser) -> None:
    credentials = sts.get_session_token(TOKYO, alice.access_key, 3600, shown(embedded, alice))
    assert credentials.access_key_id.startswith("ASIA")
    assert abs(credentials.remaining(utc_now()) - timedelta(hours=1)) < timedelta(minutes=1)
    assert sts.get_caller_identity(TOKYO, credentials) == alice.identity
    assert sts.get_caller_identity(TOKYO, alice.access_key) == alice.identity


@pytest.mark.fault(6)
@pytest.mark.parametrize("name", ["bob", "root"])
@pytest.mark.parametrize("wish", [None, 900, 3_600, 3_601, 43_200, 129_600])
def test_what_is_granted_is_known_before(sts: Sts, embedded: EmbeddedSts, name: str, wish: int | None) -> None:
    user = embedded.directory.user(name)
    got = sts.get_session_token(TOKYO, user.access_key, wish).remaining(utc_now())
    expected = timedelta(seconds=granted(wish, is_root=user.identity.is_root))
    assert abs(got - expected) < timedelta(seconds=20)


@pytest.mark.fault(6)
def test_root_gets_an_hour(sts: Sts, embedded: EmbeddedSts) -> None:
    credentials = sts.get_session_token(TOKYO, embedded.directory.user("root").access_key, 129_600)
    assert credentials.remaining(utc_now()) <= timedelta(hours=1)


@pytest.mark.fault(22)
@pytest.mark.parametrize("size", [4_096, 16_384])
def test_long_tokens_arrive_whole(sts: Sts, embedded: EmbeddedSts, alice: DemoUser, size: int) -> None:
    embedded.control.set(Faults(token_size=size))
    credentials = sts.get_session_token(TOKYO, alice.access_key, 3600)
    assert len(credentials.session_token) == size
    assert sts.get_caller_identity(TOKYO, credentials) == alice.identity


@pytest.mark.fault(2)
def test_a_used_code_is_refused(sts: Sts, embedded: EmbeddedSts, alice: DemoUser) -> None:
    code = shown(embedded, alice)
    sts.get_session_token(TOKYO, alice.access_key, 3600, code)
    with pytest.raises(errors.TokenCodeRefusedError):
        sts.get_session_token(TOKYO, alice.access_key, 3600, code)


@pytest.mark.fault(4)
def test_the_device_of_another_user_is_refused(sts: Sts, embedded: EmbeddedSts, alice: DemoUser) -> None:
    bob = embedded.directory.user("bob")
    with pytest.raises(errors.MfaSerialRefusedError):
        sts.get_session_token(TOKYO, bob.access_key, 3600, shown(embedded, alice))


@pytest.mark.fault(9)
def test_an_inactive_key_is_refused(sts: Sts, embedded: EmbeddedSts) -> None:
    with pytest.raises(errors.NotAcceptedKeyError):
        sts.get_session_token(TOKYO, embedded.directory.user("carol").access_key, 3600)


def test_an_unknown_key_is_refused(sts: Sts, key: AccessKey) -> None:
    with pytest.raises(errors.NotAcceptedKeyError):
        sts.get_session_token(TOKYO, key, 3600)


def test_a_wrong_secret_is_told(sts: Sts, alice: DemoUser) -> None:
    with pytest.raises(errors.WrongSecretError):
        sts.get_session_token(TOKYO, replace(alice.access_key, secret_access_key="wrong"), 3600)


def test_a_session_that_has_ended_is_told(sts: Sts, embedded: EmbeddedSts, alice: DemoUser) -> None:
    ended = embedded.directory.issue(alice, expiration=utc_now() - timedelta(minutes=1), token_size=100)
    with pytest.raises(errors.SessionExpiredError):
        sts.get_caller_identity(TOKYO, ended)


@pytest.mark.fault(10)
@pytest.mark.parametrize(("minutes", "word"), [(20, "slow"), (-20, "fast")])
def test_a_wrong_clock_is_told(sts: Sts, embedded: EmbeddedSts, alice: DemoUser, minutes: int, word: str) -> None:
    embedded.control.set(Faults(clock_offset_seconds=minutes * 60))
    with pytest.raises(errors.WrongClockError, match=f"about 20 minutes {word}"):
        sts.get_session_token(TOKYO, alice.access_key, 3600)


@pytest.mark.fault(14)
@pytest.mark.fault(17)
@pytest.mark.fault(18)
@pytest.mark.fault(19)
@pytest.mark.parametrize(
    ("faults", "kind"),
    [
        (Faults(throttled=True), errors.ThrottledError),
        (Faults(region_disabled=True), errors.StsDisabledInRegionError),
        (Faults(answer=FaultyAnswer.CAPTIVE_PORTAL), errors.AnswerNotFromAwsError),
        (Faults(answer=FaultyAnswer.REDIRECT), errors.AnswerNotFromAwsError),
        (Faults(answer=FaultyAnswer.EMPTY), errors.UnexpectedAnswerError),
        (Faults(answer=FaultyAnswer.CUT_OFF), errors.UnexpectedAnswerError),
        (Faults(answer=FaultyAnswer.NO_CREDENTIALS), errors.UnexpectedAnswerError),
        (Faults(answer=FaultyAnswer.BAD_DATE), errors.UnexpectedAnswerError),
        (Faults(answer=FaultyAnswer.INTERNAL_FAILURE), errors.ServiceUnavailableError),
        (Faults(answer=FaultyAnswer.SERVICE_UNAVAILABLE), errors.ServiceUnavailableError),
    ],
)
def test_faults(sts: Sts, embedded: EmbeddedSts, alice: DemoUser, faults: Faults, kind: type[StsDesktopError]) -> None:
    embedded.control.set(faults)
    with pytest.raises(kind):
        sts.get_session_token(TOKYO, alice.access_key, 3600)
    embedded.control.set(Faults())
    assert sts.get_session_token(TOKYO, alice.access_key, 3600).access_key_id.startswith("ASIA")


def test_keys_do_not_mix_between_threads(sts: Sts, embedded: EmbeddedSts) -> None:
    users = [embedded.directory.user(name) for name in ("alice", "bob", "root")]
    mixed: list[str] = []
    start = threading.Barrier(len(users) * 2)

    def work(user: DemoUser) -> None:
        start.wait()
        for _number in range(5):
            credentials = sts.get_session_token(TOKYO, user.access_key, 3600)
            if sts.get_caller_identity(TOKYO, credentials) != user.identity:
                mixed.append(user.name)

    threads = [threading.Thread(target=work, args=(user,)) for user in users * 2]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert mixed == []
    assert len(embedded.directory._holders) == len(embedded.directory.users) + 30


# S3


def session_of(embedded: EmbeddedSts, user: DemoUser, **life: float) -> SessionCredentials:
    return embedded.directory.issue(user, expiration=utc_now() + timedelta(**life), token_size=100)


def test_buckets_are_counted(sts: Sts, embedded: EmbeddedSts, alice: DemoUser) -> None:
    assert sts.count_buckets(TOKYO, session_of(embedded, alice, hours=1)) == 12


def test_an_account_without_buckets_has_none(sts: Sts, embedded: EmbeddedSts, alice: DemoUser) -> None:
    embedded.directory = Directory([alice])
    assert sts.count_buckets(TOKYO, session_of(embedded, alice, hours=1)) == 0


def test_buckets_that_may_not_be_listed(sts: Sts, embedded: EmbeddedSts) -> None:
    with pytest.raises(errors.RefusedError) as refused:
        sts.count_buckets(TOKYO, session_of(embedded, embedded.directory.user("bob"), hours=1))
    assert refused.value.code == "AccessDenied"


def test_a_session_that_has_ended_lists_no_buckets(sts: Sts, embedded: EmbeddedSts, alice: DemoUser) -> None:
    with pytest.raises(errors.SessionExpiredError):
        sts.count_buckets(TOKYO, session_of(embedded, alice, minutes=-1))


@pytest.mark.parametrize(
    ("faults", "kind"),
    [
        (Faults(throttled=True), errors.ThrottledError),
        (Faults(clock_offset_seconds=20 * 60), errors.WrongClockError),
        (Faults(answer=FaultyAnswer.CAPTIVE_PORTAL), errors.AnswerNotFromAwsError),
        (Faults(answer=FaultyAnswer.REDIRECT), errors.AnswerNotFromAwsError),
        (Faults(answer=FaultyAnswer.EMPTY), errors.UnexpectedAnswerError),
        # botocore takes half an answer of S3 for a failure of S3: it may break off after it has begun with 200.
        (Faults(answer=FaultyAnswer.CUT_OFF), errors.ServiceUnavailableError),
        (Faults(answer=FaultyAnswer.INTERNAL_FAILURE), errors.ServiceUnavailableError),
        (Faults(answer=FaultyAnswer.SERVICE_UNAVAILABLE), errors.ServiceUnavailableError),
    ],
)
def test_faults_of_s3(
    sts: Sts, embedded: EmbeddedSts, alice: DemoUser, faults: Faults, kind: type[StsDesktopError]
) -> None:
    session = session_of(embedded, alice, hours=1)
    embedded.control.set(faults)
    with pytest.raises(kind):
        sts.count_buckets(TOKYO, session)


@pytest.mark.fault(10)
@pytest.mark.parametrize("seconds", [-240, 0, 240])
def test_an_answer_of_aws_teaches_how_far_its_clock_is_ahead(embedded: EmbeddedSts, seconds: int) -> None:
    embedded.control.set(Faults(clock_offset_seconds=seconds))
    learned: list[timedelta] = []
    sts = Sts(lambda _endpoint: embedded.url, learn_clock=learned.append)
    key = embedded.directory.user("bob").access_key
    sts.get_caller_identity(TOKYO, key)
    (ahead,) = learned
    assert abs(ahead - timedelta(seconds=seconds)) <= timedelta(seconds=2)
    sts.get_caller_identity(custom_endpoint(embedded.url, "us-east-1"), key)  # a stand-in on this very computer
    assert len(learned) == 1
