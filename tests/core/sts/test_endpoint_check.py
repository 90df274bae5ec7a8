"""Checking many endpoints at once, each of which is a port of this computer with a fault of its own."""

import socket
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import pytest

from sts_desktop.core.cancellation import Cancellation, Cancelled
from sts_desktop.core.credentials import AccessKey
from sts_desktop.core.errors import InvalidInputError
from sts_desktop.core.sts import errors
from sts_desktop.core.sts.client import Sts
from sts_desktop.core.sts.endpoint import Endpoint
from sts_desktop.core.sts.endpoint_check import (
    MEASURED_AGAIN,
    Basis,
    EndpointCheck,
    Outcome,
    check_endpoint,
    check_endpoints,
    fastest,
    measure_again,
)
from sts_desktop.core.sts.endpoints import endpoint, endpoints
from sts_desktop.demo.control import Faults
from sts_desktop.demo.directory import Directory, demo_directory
from sts_desktop.demo.embedded_sts import EmbeddedSts
from sts_desktop.demo.faulty_answers import FaultyAnswer
from tests.waiting import wait_until

if TYPE_CHECKING:
    from tests.scripted_server import ScriptedServer

REGIONS = tuple(each for each in endpoints("aws") if each.is_regional)
LIMIT_SECONDS = 20.0


@dataclass
class Cloud:
    """The regions of the partition `aws` on ports of this computer."""

    directory: Directory
    urls: dict[str, str] = field(default_factory=dict)

    @property
    def sts(self) -> Sts:
        """Who calls them."""
        return Sts(lambda asked: self.urls[asked.id])

    def key(self, user: str = "bob") -> AccessKey:
        """Return a user's key."""
        return self.directory.user(user).access_key


@pytest.fixture
def make_cloud() -> Iterator[Callable[..., Cloud]]:
    with ExitStack() as stack:

        def make(*faults: Faults | None) -> Cloud:
            """Give the regions these faults in turn; None is a port at which nobody listens."""
            cloud = Cloud(demo_directory())
            servers = [None if each is None else stack.enter_context(EmbeddedSts(cloud.directory)) for each in faults]
            for server, each in zip(servers, faults, strict=True):
                if server is not None and each is not None:
                    server.control.set(each)
            with socket.create_server(("127.0.0.1", 0)) as nobody:
                closed = f"http://127.0.0.1:{nobody.getsockname()[1]}"
            for number, region in enumerate(REGIONS):
                server = servers[number % len(servers)]
                cloud.urls[region.id] = closed if server is None else server.url
            return cloud

        yield make


def check(cloud: Cloud, user: str | None = "bob", seconds: float = LIMIT_SECONDS) -> dict[str, EndpointCheck]:
    arrived: list[EndpointCheck] = []
    key = None if user is None else cloud.key(user)
    check_endpoints(lambda asked: check_endpoint(cloud.sts, asked, key), REGIONS, arrived.append, limit_seconds=seconds)
    assert len(arrived) == len(REGIONS) == 34
    return {each.endpoint.id: each for each in arrived}


def test_each_of_34_endpoints_is_told_apart(make_cloud: Callable[..., Cloud]) -> None:
    cloud = make_cloud(
        Faults(),
        None,
        Faults(throttled=True),
        Faults(answer=FaultyAnswer.CAPTIVE_PORTAL),
        Faults(answer=FaultyAnswer.CUT_OFF),
        Faults(clock_offset_seconds=1200),
        Faults(answer=FaultyAnswer.SERVICE_UNAVAILABLE),
        Faults(region_disabled=True),
    )
    found = check(cloud)
    expected = (
        (Outcome.ANSWERS, "", type(None)),
        (Outcome.UNREACHABLE, "", errors.OfflineError),
        (Outcome.REFUSES, "Throttling", errors.ThrottledError),
        (Outcome.UNREACHABLE, "", errors.AnswerNotFromAwsError),
        (Outcome.UNREACHABLE, "", errors.UnexpectedAnswerError),
        (Outcome.REFUSES, "SignatureDoesNotMatch", errors.WrongClockError),
        (Outcome.REFUSES, "ServiceUnavailable", errors.ServiceUnavailableError),
        (Outcome.ANSWERS, "", type(None)),  # who calls is answered where STS is switched off, too
    )
    for number, region in enumerate(REGIONS):
        each = found[region.id]
        assert (each.outcome, each.code, type(each.problem)) == expected[number % len(expected)]
        assert each.basis is Basis.IDENTITY
        assert (each.seconds is None) == (each.outcome is Outcome.UNREACHABLE)
    assert cloud.urls[fastest(found.values()).endpoint.id] in (cloud.urls[REGIONS[0].id], cloud.urls[REGIONS[7].id])  # type: ignore[union-attr]


def test_a_refused_key_is_no_unreachable_endpoint(make_cloud: Callable[..., Cloud]) -> None:
    found = check(make_cloud(Faults()), "carol")
    assert {each.outcome for each in found.values()} == {Outcome.REFUSES}
    assert {each.code for each in found.values()} == {"InvalidClientTokenId"}
    assert fastest(found.values()) is None


def test_without_a_key_it_is_asked_whether_sts_is_there(make_cloud: Callable[..., Cloud]) -> None:
    found = check(make_cloud(Faults(), None, Faults(answer=FaultyAnswer.CAPTIVE_PORTAL)), None)
    outcomes = Counter(each.outcome for each in found.values())
    assert outcomes == {Outcome.ANSWERS: 12, Outcome.UNREACHABLE: 22}
    assert {each.basis for each in found.values()} == {Basis.ANONYMOUS}
    busy = check(make_cloud(Faults(answer=FaultyAnswer.SERVICE_UNAVAILABLE)), None)
    assert {each.outcome for each in busy.values()} == {Outcome.REFUSES}
    assert fastest(found.values()) is not None


@pytest.mark.fault(13)
def test_those_that_do_not_answer_are_not_waited_for() -> None:
    gate, last = threading.Event(), REGIONS[-1]

    def ask(asked: Endpoint) -> EndpointCheck:
        if asked != last:
            assert gate.wait(LIMIT_SECONDS)
        return EndpointCheck(asked, Basis.IDENTITY, Outcome.ANSWERS, 0.1)

    arrived: list[EndpointCheck] = []
    check_endpoints(ask, REGIONS, arrived.append, limit_seconds=0.5)
    gate.set()
    assert [each.endpoint for each in arrived] == [last, *REGIONS[:-1]]
    for each in arrived[1:]:
        assert each.outcome is Outcome.UNREACHABLE
        assert isinstance(each.problem, errors.NotAnsweringError)


def test_what_has_answered_counts_however_long_it_takes_to_tell_of_another() -> None:
    def ask(asked: Endpoint) -> EndpointCheck:
        return EndpointCheck(asked, Basis.IDENTITY, Outcome.ANSWERS, 0.1)

    told: list[Outcome] = []
    before, began = threading.active_count(), time.monotonic()

    def report(check: EndpointCheck) -> None:
        if not told:
            wait_until(lambda: threading.active_count() <= before, "the other answers")
            wait_until(lambda: time.monotonic() > began + 0.2, "the end of the limit")
        told.append(check.outcome)

    check_endpoints(ask, REGIONS, report, limit_seconds=0.2)
    assert told == [Outcome.ANSWERS] * len(REGIONS)


def test_the_fastest_are_asked_again_alone() -> None:
    """While all are asked at once, all seem slow."""
    answered = [
        EndpointCheck(region, Basis.IDENTITY, Outcome.ANSWERS, 1 + number / 100)
        for number, region in enumerate(REGIONS)
    ]
    unreachable = EndpointCheck(endpoint("global"), Basis.IDENTITY, Outcome.UNREACHABLE)
    again: list[EndpointCheck] = []

    def ask(asked: Endpoint) -> EndpointCheck:
        return EndpointCheck(asked, Basis.IDENTITY, Outcome.ANSWERS, 0.1 if asked == REGIONS[2] else 0.2)

    measure_again(ask, [unreachable, *reversed(answered)], again.append)
    assert [each.endpoint for each in again] == list(REGIONS[:MEASURED_AGAIN])
    now = {each.endpoint.id: each for each in [*answered, *again]}
    first = fastest(now.values())
    assert first is not None
    assert first.endpoint == REGIONS[2]


def test_nothing_that_is_kept_of_a_check_holds_the_key(make_cloud: Callable[..., Cloud]) -> None:
    for found in (check(make_cloud(None)), check(make_cloud(Faults()), "carol")):
        for each in found.values():
            assert each.problem is not None
            assert each.problem.__traceback__ is None
            assert each.problem.__context__ is each.problem.__cause__ is None


def test_all_are_asked_at_once() -> None:
    """Nobody is answered before everybody has asked."""
    together = threading.Barrier(len(REGIONS))

    def ask(asked: Endpoint) -> EndpointCheck:
        together.wait(LIMIT_SECONDS)
        return EndpointCheck(asked, Basis.IDENTITY, Outcome.ANSWERS, 0.1)

    arrived: list[EndpointCheck] = []
    check_endpoints(ask, REGIONS, arrived.append, limit_seconds=LIMIT_SECONDS)
    assert {each.endpoint for each in arrived} == set(REGIONS)


def test_answers_are_reported_as_they_come_until_nobody_waits() -> None:
    cancellation, gate = Cancellation(), threading.Event()
    arrived: list[str] = []

    def ask(asked: Endpoint) -> EndpointCheck:
        if asked.id != "eu-west-1":
            gate.wait(LIMIT_SECONDS)
        return EndpointCheck(asked, Basis.IDENTITY, Outcome.ANSWERS, 0.1)

    def report(check: EndpointCheck) -> None:
        arrived.append(check.endpoint.id)
        cancellation.cancel()

    with pytest.raises(Cancelled):
        check_endpoints(ask, REGIONS, report, cancellation, limit_seconds=LIMIT_SECONDS)
    assert arrived == ["eu-west-1"]
    gate.set()


def test_a_key_that_cannot_be_right_belongs_to_no_endpoint(make_cloud: Callable[..., Cloud]) -> None:
    cloud = make_cloud(Faults())
    key = replace(cloud.key(), secret_access_key="with blanks in it")
    with pytest.raises(InvalidInputError):
        check_endpoints(lambda asked: check_endpoint(cloud.sts, asked, key), REGIONS, lambda _check: None)


@pytest.mark.fault(19)
def test_only_a_token_tells_that_sts_is_switched_off(make_cloud: Callable[..., Cloud]) -> None:
    cloud = make_cloud(Faults(region_disabled=True))
    tokyo = endpoint("ap-northeast-1")
    assert check_endpoint(cloud.sts, tokyo, cloud.key()).outcome is Outcome.ANSWERS
    found = check_endpoint(cloud.sts, tokyo, cloud.key(), with_token=True)
    assert (found.outcome, found.basis, found.code) == (
        Outcome.SWITCHED_OFF,
        Basis.TOKEN,
        "RegionDisabledException",
    )
    assert isinstance(found.problem, errors.StsDisabledInRegionError)
    assert found.problem.alternative == endpoint("us-east-1")


def test_the_token_is_as_short_as_can_be(server: "ScriptedServer") -> None:
    found = check_endpoint(
        Sts(lambda _endpoint: server.url),
        endpoint("ap-northeast-1"),
        AccessKey("AKIAIOSFODNN7EXAMPLE", "x" * 40),
        with_token=True,
    )
    assert found.outcome is Outcome.ANSWERS
    assert "DurationSeconds=900" in server.requests[0].body
    assert "TokenCode" not in server.requests[0].body
