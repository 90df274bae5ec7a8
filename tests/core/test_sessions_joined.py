"""Two processes get a token for one profile at the same time: one call of STS serves both."""

import threading
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

import pytest

from sts_desktop.core.errors import StsDesktopError
from sts_desktop.core.profile import DefaultChain, Profile
from sts_desktop.core.services import Services
from sts_desktop.core.session_step import Step
from sts_desktop.core.state import SessionRecord
from sts_desktop.core.sts.default_chain import FoundKey
from sts_desktop.demo.control import Faults

if TYPE_CHECKING:
    from tests.core.conftest import WatchedSts


@pytest.fixture
def get_token_twice(
    services: Services, make_services: Callable[[], Services], embedded_sts: "WatchedSts"
) -> Callable[..., list[SessionRecord | StsDesktopError]]:
    """Begin to get a token in a second process while the first one's request is with STS; return what both got."""

    def get_token_twice(
        profile: Profile, code: str = "", *, second: Profile | None = None
    ) -> list[SessionRecord | StsDesktopError]:
        wish = second or profile
        other, outcomes = make_services(), list[SessionRecord | StsDesktopError]()
        waits = threading.Event()

        def come_second() -> None:
            try:
                record = other.sessions.get_token(
                    wish, code, report=lambda step: waits.set() if step is Step.JOINING else None
                )
            except StsDesktopError as error:
                outcomes.append(error)
            else:
                outcomes.append(record)

        follower = threading.Thread(target=come_second)

        def begin_second() -> None:
            if not follower.ident:
                follower.start()
                assert waits.wait(20)

        embedded_sts.on_request = begin_second
        try:
            outcomes.append(services.sessions.get_token(profile, code))
        except StsDesktopError as error:
            outcomes.append(error)
        follower.join(20)
        return outcomes

    return get_token_twice


@pytest.mark.fault(20)
def test_both_have_the_session_of_one_call(
    get_token_twice: Callable[..., list[SessionRecord]], bobs_profile: Profile, embedded_sts: "WatchedSts"
) -> None:
    first, second = get_token_twice(bobs_profile)
    assert first == second
    assert first.expiration is not None
    assert embedded_sts.token_requests == 1


@pytest.mark.fault(20)
def test_one_code_is_enough_for_both(
    get_token_twice: Callable[..., list[SessionRecord]], alices_profile: Profile, embedded_sts: "WatchedSts"
) -> None:
    first, second = get_token_twice(alices_profile, embedded_sts.code())
    assert first == second
    assert first.expiration is not None
    assert embedded_sts.token_requests == 1


def test_where_the_first_fails_the_second_asks_itself(
    get_token_twice: Callable[..., list[SessionRecord | StsDesktopError]],
    bobs_profile: Profile,
    embedded_sts: "WatchedSts",
) -> None:
    embedded_sts.control.set(Faults(region_disabled=True))
    outcomes = get_token_twice(bobs_profile)
    assert all(isinstance(outcome, StsDesktopError) for outcome in outcomes)
    assert embedded_sts.token_requests == 2


def test_who_asked_for_something_else_is_not_given_what_came(
    get_token_twice: Callable[..., list[SessionRecord]], bobs_profile: Profile, embedded_sts: "WatchedSts"
) -> None:
    first, second = get_token_twice(bobs_profile, second=replace(bobs_profile, duration_seconds=7200))
    assert sorted((first.requested_seconds, second.requested_seconds)) == [3600, 7200]
    assert embedded_sts.token_requests == 2


def test_session_is_not_shared_where_each_process_finds_a_key_of_its_own(
    services: Services,
    make_services: Callable[[], Services],
    bobs_profile: Profile,
    embedded_sts: "WatchedSts",
) -> None:
    profile, waits = replace(bobs_profile, source=DefaultChain()), threading.Event()
    first, second = (
        replace(sessions, default_chain=partial(FoundKey, embedded_sts.directory.user(name).access_key, "environment"))
        for sessions, name in ((services.sessions, "bob"), (make_services().sessions, "alice"))
    )
    owners: list[str] = []

    def come_second() -> None:
        second.get_token(profile, report=lambda step: waits.set() if step is Step.JOINING else None)
        identity = second.identify(profile).identity
        owners.append(identity.user_name if identity else "")

    follower = threading.Thread(target=come_second)

    def begin_second() -> None:
        if not follower.ident:
            follower.start()
            assert waits.wait(20)

    embedded_sts.on_request = begin_second
    first.get_token(profile)
    follower.join(20)
    assert owners == ["alice"]


def test_one_after_the_other_are_two_sessions(
    services: Services, make_services: Callable[[], Services], bobs_profile: Profile
) -> None:
    first = services.sessions.get_token(bobs_profile)
    second = make_services().sessions.get_token(bobs_profile)
    assert first.last_four != second.last_four
