"""A token code is worth something: nothing is sent before all that follows is proven, and no code twice."""

import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from sts_desktop.core.aws_files.errors import (
    NoSuchAwsProfileError,
    UnwritableValueError,
)
from sts_desktop.core.aws_files.locations import AwsFileLocations
from sts_desktop.core.aws_files.path_errors import NotARegularFileError
from sts_desktop.core.credentials import AccessKey
from sts_desktop.core.errors import Field, InvalidInputError, StsDesktopError, UnusableFileError
from sts_desktop.core.profile import AwsProfileKey, EndpointChoice, Profile, VaultKey
from sts_desktop.core.services import Services
from sts_desktop.core.session_errors import (
    CodeAlreadySentError,
    MfaSerialNeededError,
    NoAccessKeyError,
    TokenCodeNeededError,
)
from sts_desktop.core.state import SessionRecord
from sts_desktop.core.sts import errors
from sts_desktop.core.sts.client import Sts
from sts_desktop.core.token_codes import seconds_to_next_code
from sts_desktop.core.vault.errors import AccessKeyNotInVaultError, KeyringRefusedError
from sts_desktop.demo.control import Faults

if TYPE_CHECKING:
    from tests.core.conftest import Clock, Keyring, WatchedSts

ReadSection = Callable[[str], dict[str, str]]
MakeServices = Callable[[], Services]
PutCredentials = Callable[[str], Path]


@pytest.fixture
def taken_port() -> Iterator[str]:
    """A URL where nothing listens."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield f"http://127.0.0.1:{taken.getsockname()[1]}"


def with_sts(services: Services, url: str) -> Services:
    """Return the same services, asking another server."""
    return replace(services, sessions=replace(services.sessions, sts=Sts(lambda _endpoint: url)))


@pytest.mark.parametrize(
    ("change", "code", "expected", "field"),
    [
        ({"source": None}, "", NoAccessKeyError, Field.ACCESS_KEY),
        ({"source": VaultKey("gone")}, "", AccessKeyNotInVaultError, Field.ACCESS_KEY),
        ({"source": AwsProfileKey("ghost")}, "", NoSuchAwsProfileError, Field.ACCESS_KEY),
        ({"mfa_serial": "GAHT12345678"}, " ", TokenCodeNeededError, Field.TOKEN_CODE),
        ({}, "123456", MfaSerialNeededError, Field.MFA_SERIAL),
        pytest.param(
            {"mfa_serial": "arn:aws:iam::123456789012:user/x"},
            "123456",
            InvalidInputError,
            Field.MFA_SERIAL,
            marks=pytest.mark.fault(3),
        ),
        ({"endpoint": EndpointChoice("mars-north-1")}, "", errors.UnknownEndpointError, Field.ENDPOINT),
        ({"endpoint": EndpointChoice("custom", "ftp://x")}, "", InvalidInputError, Field.ENDPOINT),
        pytest.param({"duration_seconds": 899}, "", InvalidInputError, Field.DURATION, marks=pytest.mark.fault(5)),
    ],
)
def test_what_is_missing_or_wrong_is_told_and_nothing_sent(
    services: Services,
    bobs_profile: Profile,
    embedded_sts: "WatchedSts",
    change: dict[str, Any],
    code: str,
    expected: type[StsDesktopError],
    field: Field,
) -> None:
    with pytest.raises(expected) as told:
        services.sessions.get_token(replace(bobs_profile, **change), code)
    assert told.value.field is field
    assert embedded_sts.bodies == []


@pytest.mark.fault(1)
@pytest.mark.parametrize("code", ["12345", "1234567", "abcdef", "١٢٣٤٥٦", "12345\n"])
def test_what_is_no_code_is_not_sent(
    services: Services, alices_profile: Profile, embedded_sts: "WatchedSts", code: str
) -> None:
    with pytest.raises(InvalidInputError) as told:
        services.sessions.get_token(alices_profile, code)
    assert told.value.field is Field.TOKEN_CODE
    assert embedded_sts.bodies == []
    assert services.sessions.record(alices_profile.id).failure is None


def test_input_that_must_be_corrected_is_no_failure(services: Services, bobs_profile: Profile) -> None:
    with pytest.raises(NoAccessKeyError):
        services.sessions.get_token(replace(bobs_profile, source=None))
    assert services.sessions.record(bobs_profile.id) == SessionRecord()


def test_a_keyring_that_does_not_keep_costs_no_code(
    services: Services, alices_profile: Profile, embedded_sts: "WatchedSts", keyring: "Keyring"
) -> None:
    keyring.refused = "proof/"
    with pytest.raises(KeyringRefusedError):
        services.sessions.get_token(alices_profile, embedded_sts.code())
    assert embedded_sts.bodies == []
    keyring.refused = None
    assert services.sessions.get_token(alices_profile, embedded_sts.code()).expiration is not None


def written_session(services: Services, profile: Profile, embedded_sts: "WatchedSts", clock: "Clock") -> None:
    """Get a session of alice and write it to its file; the device shows the next code afterwards."""
    services.sessions.get_token(profile, embedded_sts.code())
    services.sessions.write(profile)
    clock.advance(seconds=30)
    embedded_sts.bodies.clear()


@pytest.mark.fault(31)
def test_a_file_that_cannot_be_written_costs_no_code(
    services: Services,
    alices_profile: Profile,
    embedded_sts: "WatchedSts",
    clock: "Clock",
    aws_locations: AwsFileLocations,
    in_section: ReadSection,
) -> None:
    written_session(services, alices_profile, embedded_sts, clock)
    aws_locations.credentials.unlink()
    aws_locations.credentials.mkdir()
    with pytest.raises(NotARegularFileError):
        services.sessions.get_token(alices_profile, embedded_sts.code())
    assert embedded_sts.bodies == []
    aws_locations.credentials.rmdir()
    record = services.sessions.get_token(alices_profile, embedded_sts.code())
    assert in_section("alice")["aws_access_key_id"].endswith(record.last_four)


def test_a_working_region_that_cannot_be_written_costs_no_code(
    services: Services, alices_profile: Profile, embedded_sts: "WatchedSts", clock: "Clock"
) -> None:
    written_session(services, alices_profile, embedded_sts, clock)
    with pytest.raises(UnwritableValueError):
        services.sessions.get_token(replace(alices_profile, working_region="a\nb"), embedded_sts.code())
    assert embedded_sts.bodies == []


@pytest.mark.expects_warnings
def test_a_state_that_cannot_be_saved_costs_no_code(
    services: Services, alices_profile: Profile, embedded_sts: "WatchedSts"
) -> None:
    services.paths.state.parent.mkdir(parents=True)
    services.paths.state.write_text("a file where the directory should be")
    with pytest.raises(UnusableFileError):
        services.sessions.get_token(alices_profile, embedded_sts.code())
    assert embedded_sts.bodies == []


def test_the_wrong_kind_of_stored_key_is_told_before_a_code_is_spent(
    services: Services, alices_profile: Profile, embedded_sts: "WatchedSts", keyring: "Keyring"
) -> None:
    """Such a key can only come from another program that wrote into the keyring."""
    assert isinstance(alices_profile.source, VaultKey)
    services.vault.store_access_key(alices_profile.source.key_id, AccessKey("AKIA BLANK", "secret"))
    with pytest.raises(InvalidInputError):
        services.sessions.get_token(alices_profile, embedded_sts.code())
    assert embedded_sts.bodies == []


@pytest.mark.fault(2)
@pytest.mark.parametrize("other_process", [False, True])
def test_a_code_is_sent_once(
    services: Services,
    make_services: MakeServices,
    alices_profile: Profile,
    embedded_sts: "WatchedSts",
    clock: "Clock",
    other_process: bool,
) -> None:
    code = embedded_sts.code()
    services.sessions.get_token(alices_profile, code)
    again = make_services() if other_process else services
    clock.advance(seconds=1)
    with pytest.raises(CodeAlreadySentError) as told:
        again.sessions.get_token(alices_profile, code)
    assert told.value.field is Field.TOKEN_CODE
    assert 1 <= told.value.seconds_left <= 30
    assert str(told.value.seconds_left) in told.value.message
    assert embedded_sts.token_requests == 1
    services.sessions.credentials(alices_profile)  # raises unless the session is still there


def test_a_code_that_was_refused_is_not_sent_again(
    services: Services, make_services: MakeServices, alices_profile: Profile, embedded_sts: "WatchedSts"
) -> None:
    wrong = f"{(int(embedded_sts.code()) + 500_000) % 1_000_000:06}"
    with pytest.raises(errors.TokenCodeRefusedError):
        services.sessions.get_token(alices_profile, wrong)
    with pytest.raises(CodeAlreadySentError):
        make_services().sessions.get_token(alices_profile, wrong)
    assert embedded_sts.token_requests == 1


def test_the_same_digits_count_again_later(
    services: Services, alices_profile: Profile, embedded_sts: "WatchedSts", clock: "Clock"
) -> None:
    for _attempt in range(2):
        with pytest.raises(errors.TokenCodeRefusedError):
            services.sessions.get_token(alices_profile, "000000" if embedded_sts.code() != "000000" else "000001")
        clock.advance(minutes=3)
    assert embedded_sts.token_requests == 2


def test_of_two_threads_with_one_code_one_sends_it(
    services: Services, make_services: MakeServices, alices_profile: Profile, embedded_sts: "WatchedSts"
) -> None:
    outcomes: list[object] = []
    start = threading.Barrier(2, timeout=10)

    def get(own: Services) -> None:
        start.wait()
        try:
            outcomes.append(own.sessions.get_token(alices_profile, code))
        except Exception as error:
            outcomes.append(error)

    code = embedded_sts.code()
    threads = [threading.Thread(target=get, args=[own]) for own in (services, make_services())]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert embedded_sts.token_requests == 1
    assert len(outcomes) == 2
    assert {type(outcome) for outcome in outcomes} == {SessionRecord, CodeAlreadySentError}


@pytest.mark.fault(12)
def test_a_code_that_never_left_may_be_used_again(
    services: Services, alices_profile: Profile, embedded_sts: "WatchedSts", taken_port: str
) -> None:
    code = embedded_sts.code()
    with pytest.raises(errors.OfflineError):
        with_sts(services, taken_port).sessions.get_token(alices_profile, code)
    assert services.sessions.record(alices_profile.id).failure is not None
    record = services.sessions.get_token(alices_profile, code)
    assert record.expiration is not None
    assert record.failure is None


def test_a_duration_refused_before_the_request_spends_no_code(
    services: Services, alices_profile: Profile, embedded_sts: "WatchedSts"
) -> None:
    with pytest.raises(InvalidInputError):
        services.sessions.get_token(replace(alices_profile, duration_seconds=60), embedded_sts.code())
    assert services.sessions.get_token(alices_profile, embedded_sts.code()).expiration is not None


@pytest.mark.fault(17)
def test_throttling_with_a_code_is_asked_once(
    services: Services, alices_profile: Profile, embedded_sts: "WatchedSts"
) -> None:
    embedded_sts.control.set(Faults(throttled=True))
    with pytest.raises(errors.ThrottledError):
        services.sessions.get_token(alices_profile, embedded_sts.code())
    assert embedded_sts.token_requests == 1


@pytest.mark.fault(17)
def test_throttling_without_a_code_is_tried_again(
    services: Services, bobs_profile: Profile, embedded_sts: "WatchedSts"
) -> None:
    embedded_sts.control.set(Faults(throttled=True))
    embedded_sts.on_request = lambda: embedded_sts.control.set(Faults(throttled=len(embedded_sts.bodies) < 3))
    assert services.sessions.get_token(bobs_profile).expiration is not None
    assert embedded_sts.token_requests == 3


@pytest.mark.parametrize(("second", "left"), [(0, 30), (1, 29), (29, 1), (30, 30), (59, 1)])
def test_the_next_code_comes_at_each_half_minute(second: int, left: int) -> None:
    assert seconds_to_next_code(datetime(2026, 1, 1, 0, 0, second, 999_999, UTC)) == left
