"""The codes of MFA devices: what is no code is refused, and none is sent twice, whoever sends it."""

import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from sts_desktop.core.clock import CorrectedClock
from sts_desktop.core.credentials import MfaCode
from sts_desktop.core.errors import Field, InvalidInputError, UnusableFileError
from sts_desktop.core.profile import Profile
from sts_desktop.core.services import Services, open_services
from sts_desktop.core.session_errors import CodeAlreadySentError, MfaSerialNeededError, TokenCodeNeededError
from sts_desktop.core.state import SessionRecord
from sts_desktop.core.state_file import state_file
from sts_desktop.core.sts import errors
from sts_desktop.core.sts.client import Sts
from sts_desktop.core.token_codes import TokenCodes, code_for, seconds_to_next_code

if TYPE_CHECKING:
    from tests.core.conftest import Clock, WatchedSts

MakeServices = Callable[[], Services]

SERIAL = "arn:aws:iam::123456789012:mfa/phone"
WITHOUT_DEVICE = Profile("a1", "work")
WITH_DEVICE = replace(WITHOUT_DEVICE, mfa_serial=SERIAL)
CODE = MfaCode(SERIAL, "123456")


@pytest.fixture
def taken_port() -> Iterator[str]:
    """A URL where nothing listens."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield f"http://127.0.0.1:{taken.getsockname()[1]}"


@pytest.fixture
def lose_the_state(services: Services) -> Callable[[], None]:
    """Put a file in the place of the state's directory, so that nothing can be noted any more, for root too."""

    def lose() -> None:
        services.paths.state.rename(services.paths.state.with_name("moved"))
        services.paths.state.write_text("a file where the directory should be")

    return lose


def with_sts(services: Services, sts: Sts) -> Services:
    """Return the same services, asking another server."""
    return open_services(services.paths, vault=services.vault, sts=sts, now=services.now)


@pytest.mark.parametrize(("profile", "expected"), [(WITHOUT_DEVICE, None), (WITH_DEVICE, CODE)])
def test_device_and_code_are_sent_together_or_not_at_all(profile: Profile, expected: MfaCode | None) -> None:
    assert code_for(profile, " 123 456 " if expected else " ") == expected


@pytest.mark.parametrize(
    ("profile", "code", "expected"),
    [
        (WITH_DEVICE, " ", TokenCodeNeededError),
        (WITHOUT_DEVICE, "123456", MfaSerialNeededError),
        (replace(WITH_DEVICE, mfa_serial="no device"), "123456", InvalidInputError),
        (WITH_DEVICE, "12345", InvalidInputError),
    ],
)
def test_what_does_not_go_together_is_told(profile: Profile, code: str, expected: type[InvalidInputError]) -> None:
    with pytest.raises(expected):
        code_for(profile, code)


def test_a_code_is_spent_once_and_again_once_released(tmp_path: Path, clock: "Clock") -> None:
    codes = TokenCodes(state_file(tmp_path / "state.json"), clock, clock)
    codes.spend(CODE)
    with pytest.raises(CodeAlreadySentError):
        codes.spend(CODE)
    codes.release(CODE)
    codes.spend(CODE)


@pytest.mark.fault(2)
def test_a_code_is_spent_whatever_is_learned_of_the_clock_in_between(tmp_path: Path, clock: "Clock") -> None:
    now = CorrectedClock(clock, lambda: 0.0)
    codes = TokenCodes(state_file(tmp_path / "state.json"), now.wall, now)
    codes.spend(CODE)
    now.learn(timedelta(minutes=10))
    with pytest.raises(CodeAlreadySentError):
        codes.spend(CODE)


def test_a_code_that_cannot_be_noted_is_not_spent(tmp_path: Path, clock: "Clock") -> None:
    (tmp_path / "taken").write_text("a file where the directory should be")
    with pytest.raises(UnusableFileError):
        TokenCodes(state_file(tmp_path / "taken" / "state.json"), clock, clock).spend(CODE)


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
    # The second shares the session of the first, or comes when that has ended, and is refused.
    kinds = {type(outcome) for outcome in outcomes}
    assert kinds in ({SessionRecord}, {SessionRecord, CodeAlreadySentError})


@pytest.mark.fault(12)
def test_a_code_that_never_left_may_be_used_again(
    services: Services, alices_profile: Profile, embedded_sts: "WatchedSts", taken_port: str
) -> None:
    code = embedded_sts.code()
    with pytest.raises(errors.OfflineError):
        with_sts(services, Sts(lambda _endpoint: taken_port)).sessions.get_token(alices_profile, code)
    assert services.sessions.record(alices_profile.id).failure is not None
    record = services.sessions.get_token(alices_profile, code)
    assert record.expiration is not None
    assert record.failure is None


@pytest.mark.parametrize(("second", "left"), [(0, 30), (1, 29), (29, 1), (30, 30), (59, 1)])
def test_the_next_code_comes_at_each_half_minute(second: int, left: int) -> None:
    assert seconds_to_next_code(datetime(2026, 1, 1, 0, 0, second, 999_999, UTC)) == left


@pytest.mark.fault(12)
@pytest.mark.expects_warnings
def test_a_code_that_cannot_be_released_does_not_hide_why_it_was_not_sent(
    services: Services,
    alices_profile: Profile,
    embedded_sts: "WatchedSts",
    taken_port: str,
    lose_the_state: Callable[[], None],
) -> None:
    def lose_and_go(_endpoint: object) -> str:
        lose_the_state()
        return taken_port

    with pytest.raises(errors.OfflineError):
        with_sts(services, Sts(lose_and_go)).sessions.get_token(alices_profile, embedded_sts.code())
