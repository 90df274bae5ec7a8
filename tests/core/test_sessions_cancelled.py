"""Cancelling: the work stops at its next step and has stored nothing."""

import threading
from typing import TYPE_CHECKING, Any

import pytest

from sts_desktop.core.aws_files.locations import AwsFileLocations
from sts_desktop.core.cancellation import Cancellation, Cancelled
from sts_desktop.core.profile import Profile
from sts_desktop.core.services import Services
from sts_desktop.core.session_errors import CodeAlreadySentError, NoSessionError
from sts_desktop.core.session_step import Step
from sts_desktop.core.state import SessionRecord
from sts_desktop.demo.control import Faults

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.core.conftest import Keyring, WatchedSts


@pytest.mark.fault(21)
@pytest.mark.parametrize("step", [step for step in Step if step is not Step.JOINING])
def test_a_cancelled_job_stores_nothing(
    services: Services, alices_profile: Profile, embedded_sts: "WatchedSts", keyring: "Keyring", step: Step
) -> None:
    cancellation = Cancellation()
    before = dict(keyring.inner._values)

    def cancel_at(reached: Step) -> None:
        if reached is step:
            cancellation.cancel()

    with pytest.raises(Cancelled):
        services.sessions.get_token(alices_profile, embedded_sts.code(), cancellation=cancellation, report=cancel_at)
    assert services.sessions.record(alices_profile.id) == SessionRecord()
    assert keyring.inner._values == before
    assert embedded_sts.token_requests == (1 if step is Step.STORING else 0)


@pytest.mark.parametrize("step", [Step.READING_KEY, Step.CHECKING_STORAGE, Step.ASKING_STS])
def test_a_job_cancelled_before_its_request_spends_no_code(
    services: Services, alices_profile: Profile, embedded_sts: "WatchedSts", step: Step
) -> None:
    cancellation = Cancellation()
    with pytest.raises(Cancelled):
        services.sessions.get_token(
            alices_profile,
            embedded_sts.code(),
            cancellation=cancellation,
            report=lambda reached: cancellation.cancel() if reached is step else None,
        )
    assert services.sessions.get_token(alices_profile, embedded_sts.code()).expiration is not None


def test_an_answer_that_comes_after_cancelling_is_dropped_and_its_code_spent(
    services: Services, alices_profile: Profile, embedded_sts: "WatchedSts"
) -> None:
    cancellation = Cancellation()
    embedded_sts.on_request = cancellation.cancel
    with pytest.raises(Cancelled):
        services.sessions.get_token(alices_profile, embedded_sts.code(), cancellation=cancellation)
    assert services.vault.session(alices_profile.id) is None
    with pytest.raises(CodeAlreadySentError):
        services.sessions.get_token(alices_profile, embedded_sts.code())


def test_a_failure_that_comes_after_cancelling_is_not_told(
    services: Services, bobs_profile: Profile, embedded_sts: "WatchedSts"
) -> None:
    cancellation = Cancellation()
    embedded_sts.control.set(Faults(region_disabled=True))
    embedded_sts.on_request = cancellation.cancel
    with pytest.raises(Cancelled):
        services.sessions.get_token(bobs_profile, cancellation=cancellation)
    assert services.sessions.record(bobs_profile.id).failure is None


def test_cancelled_while_the_keyring_asks_the_session_before_stays(
    services: Services, bobs_profile: Profile, keyring: "Keyring"
) -> None:
    before = services.sessions.get_token(bobs_profile)
    values = dict(keyring.inner._values)
    cancellation = Cancellation()

    def lock_then(step: Step) -> None:
        if step is Step.STORING:
            keyring.on_unlock = cancellation.cancel

    with pytest.raises(Cancelled):
        services.sessions.get_token(bobs_profile, cancellation=cancellation, report=lock_then)
    assert cancellation.requested
    assert keyring.inner._values == values
    assert services.sessions.record(bobs_profile.id) == before


def test_cancelled_while_the_keyring_asks_about_an_item_the_session_before_stays(
    services: Services, bobs_profile: Profile, keyring: "Keyring"
) -> None:
    """As those of macOS and KDE may."""
    before = services.sessions.get_token(bobs_profile)
    values = dict(keyring.inner._values)
    cancellation = Cancellation()
    keyring.on_set = lambda name: cancellation.cancel() if name.startswith("session/") else None
    with pytest.raises(Cancelled):
        services.sessions.get_token(bobs_profile, cancellation=cancellation)
    assert keyring.inner._values == values
    assert services.sessions.record(bobs_profile.id) == before


def test_cancelling_between_keyring_and_file_leaves_the_file_alone_and_says_so(
    services: Services, bobs_profile: Profile, keyring: "Keyring", aws_locations: AwsFileLocations
) -> None:
    services.sessions.get_token(bobs_profile)
    services.sessions.write(bobs_profile)
    before = aws_locations.credentials.read_bytes()
    cancellation = Cancellation()
    # The manifest is set last: from then on the session is stored.
    keyring.on_set = lambda name: cancellation.cancel() if name == f"session/{bobs_profile.id}" else None
    record = services.sessions.get_token(bobs_profile, cancellation=cancellation)
    assert services.sessions.credentials(bobs_profile).access_key_id.endswith(record.last_four)
    assert aws_locations.credentials.read_bytes() == before
    assert len(record.written) == 1
    assert record.written[0].problem
    assert len(services.sessions.write(bobs_profile).written) == 1


@pytest.fixture
def cancelled() -> Cancellation:
    cancellation = Cancellation()
    cancellation.cancel()
    return cancellation


@pytest.mark.fault(21)
def test_a_cancelled_write_leaves_file_and_record_alone(
    services: Services, bobs_profile: Profile, aws_locations: AwsFileLocations, cancelled: Cancellation
) -> None:
    record = services.sessions.get_token(bobs_profile)
    with pytest.raises(Cancelled):
        services.sessions.write(bobs_profile, "elsewhere", cancellation=cancelled)
    assert not aws_locations.credentials.exists()
    assert services.sessions.record(bobs_profile.id) == record
    assert services.settings.load().profiles[0].section == bobs_profile.section


@pytest.mark.fault(21)
def test_a_write_that_waits_for_an_end_writes_nothing_after_it(
    services: Services, bobs_profile: Profile, aws_locations: AwsFileLocations, monkeypatch: pytest.MonkeyPatch
) -> None:
    services.sessions.get_token(bobs_profile)
    read, ended = services.sessions.vault.session, threading.Event()

    def end_meanwhile(profile_id: str) -> Any:
        found = read(profile_id)
        if not ended.is_set():
            ended.set()
            services.sessions.end(bobs_profile)
        return found

    monkeypatch.setattr(services.vault, "session", end_meanwhile)
    with pytest.raises(NoSessionError):
        services.sessions.write(bobs_profile)
    assert not aws_locations.credentials.exists()


@pytest.mark.fault(21)
def test_a_cancelled_end_forgets_nothing(
    services: Services, bobs_profile: Profile, aws_locations: AwsFileLocations, cancelled: Cancellation
) -> None:
    services.sessions.get_token(bobs_profile)
    record, before = services.sessions.write(bobs_profile), aws_locations.credentials.read_bytes()
    with pytest.raises(Cancelled):
        services.sessions.end(bobs_profile, cancellation=cancelled)
    assert aws_locations.credentials.read_bytes() == before
    assert services.sessions.record(bobs_profile.id) == record
    assert services.vault.session(bobs_profile.id) is not None


def test_a_cancelled_test_asks_nobody(
    services: Services, bobs_profile: Profile, embedded_sts: "WatchedSts", cancelled: Cancellation
) -> None:
    services.sessions.get_token(bobs_profile)
    embedded_sts.bodies.clear()
    with pytest.raises(Cancelled):
        services.sessions.test(bobs_profile, cancellation=cancelled)
    assert embedded_sts.bodies == []


class LateCancellation(Cancellation):
    """One that comes too late, and so is never raised: `when_passed` is called where storing has just looked."""

    def __init__(self) -> None:
        super().__init__()
        self.is_storing = False
        self.when_passed: Callable[[], None] = lambda: None

    def raise_if_requested(self) -> None:
        super().raise_if_requested()
        if self.is_storing:
            self.is_storing = False
            self.when_passed()

    def note(self, step: Step) -> None:
        self.is_storing = step is Step.STORING


@pytest.mark.fault(21)
def test_a_job_that_was_cancelled_while_storing_does_not_store_after_its_successor(
    services: Services, bobs_profile: Profile
) -> None:
    late = LateCancellation()
    waits, stored = threading.Event(), threading.Event()

    def get_successor() -> None:
        services.sessions.get_token(bobs_profile, report=lambda step: waits.set() if step is Step.STORING else None)
        stored.set()

    successor = threading.Thread(target=get_successor)

    def begin_anew() -> None:
        successor.start()
        assert waits.wait(20)
        stored.wait(0.2)  # the time in which it would overtake

    late.when_passed = begin_anew
    first = services.sessions.get_token(bobs_profile, cancellation=late, report=late.note)
    successor.join(20)
    record = services.sessions.record(bobs_profile.id)
    assert record.last_four != first.last_four
    assert services.sessions.credentials(bobs_profile).access_key_id.endswith(record.last_four)
