"""What is tried for a profile: one thing at a time, cancelled, repeated, and with the last edits saved."""

import threading
from collections.abc import Callable
from dataclasses import replace

import pytest
from pytestqt.qtbot import QtBot

from sts_desktop.core.cancellation import Cancellation
from sts_desktop.core.credentials import SessionCredentials
from sts_desktop.core.errors import StsDesktopError
from sts_desktop.core.renewal import Phase
from sts_desktop.core.services import Services
from sts_desktop.core.session_step import Step
from sts_desktop.core.settings import NoSuchProfileError
from sts_desktop.core.vault.store import VaultStatus
from sts_desktop.demo.control import Faults
from sts_desktop.demo.embedded_sts import EmbeddedSts
from sts_desktop.ui.app import Desktop
from tests.ui.hand import PATIENCE_MS, Hand, profile_of


@pytest.fixture
def begin_silent(qtbot: QtBot, desktop: Desktop, embedded_sts: EmbeddedSts) -> Callable[[], str]:
    """Ask a server that never answers, and return the profile once the request is out."""

    def begin_silent() -> str:
        embedded_sts.control.set(Faults(silent=True))
        profile_id = profile_of(desktop).id
        desktop.sessions.get_token(profile_id, "")

        def is_asking() -> bool:
            activity = desktop.sessions.activity(profile_id)
            return activity is not None and activity.step is Step.ASKING_STS

        qtbot.waitUntil(is_asking, timeout=PATIENCE_MS)
        return profile_id

    return begin_silent


@pytest.mark.fault(20)
def test_second_wish_joins_the_first(
    qtbot: QtBot,
    desktop: Desktop,
    services: Services,
    embedded_sts: EmbeddedSts,
    begin_silent: Callable[[], str],
    hand: Hand,
) -> None:
    received: list[str] = []
    desktop.sessions.token_received.connect(received.append)
    profile_id = begin_silent()
    first = desktop.sessions.activity(profile_id)
    assert first is not None
    desktop.sessions.get_token(profile_id, "")
    desktop.sessions.copy(profile_id)
    desktop.sessions.write(profile_id)
    second = desktop.sessions.activity(profile_id)
    assert second is not None
    assert second.job is first.job
    embedded_sts.control.set(Faults())
    hand.settle(desktop)
    assert received == [profile_id]


@pytest.mark.fault(13)
def test_cancel_is_at_once_and_stores_nothing(
    qtbot: QtBot,
    desktop: Desktop,
    services: Services,
    embedded_sts: EmbeddedSts,
    begin_silent: Callable[[], str],
    hand: Hand,
) -> None:
    profile_id = begin_silent()
    with qtbot.waitSignal(desktop.sessions.session_changed, timeout=PATIENCE_MS):
        desktop.sessions.cancel(profile_id)
    assert desktop.sessions.activity(profile_id) is None
    assert not desktop.jobs.is_idle()
    embedded_sts.control.set(Faults())  # the answer comes after all
    hand.settle(desktop)
    assert services.vault.session(profile_id) is None
    assert services.sessions.record(profile_id).expiration is None
    assert desktop.sessions.phase(profile_id) is Phase.NONE
    assert desktop.sessions.problem(profile_id) is None


def test_after_a_cancel_one_can_try_again_at_once(
    qtbot: QtBot,
    desktop: Desktop,
    services: Services,
    embedded_sts: EmbeddedSts,
    begin_silent: Callable[[], str],
    hand: Hand,
) -> None:
    profile_id = begin_silent()
    desktop.sessions.cancel(profile_id)
    embedded_sts.control.set(Faults())
    received: list[str] = []
    desktop.sessions.token_received.connect(received.append)
    desktop.sessions.get_token(profile_id, "")
    hand.settle(desktop)
    assert received == [profile_id]
    stored = services.vault.session(profile_id)
    assert stored is not None
    assert desktop.sessions.record(profile_id).last_four == stored.access_key_id[-4:]


def test_cancelled_too_late_the_session_is_shown(
    qtbot: QtBot, desktop: Desktop, services: Services, hand: Hand, monkeypatch: pytest.MonkeyPatch
) -> None:
    storing, gate = threading.Event(), threading.Event()
    store_session = services.vault.store_session

    def store_slowly(profile_id: str, credentials: SessionCredentials, _cancellation: Cancellation) -> VaultStatus:
        storing.set()  # past the last look at the cancellation
        gate.wait(20)
        return store_session(profile_id, credentials)

    monkeypatch.setattr(services.vault, "store_session", store_slowly)
    received: list[str] = []
    desktop.sessions.token_received.connect(received.append)
    profile_id = profile_of(desktop).id
    desktop.sessions.get_token(profile_id, "")
    assert storing.wait(20)
    desktop.sessions.cancel(profile_id)
    gate.set()
    hand.settle(desktop)
    assert desktop.sessions.is_live(profile_id)
    assert received == []


def test_what_is_tried_again_is_what_was_begun_last(
    desktop: Desktop, services: Services, embedded_sts: EmbeddedSts, begin_silent: Callable[[], str], hand: Hand
) -> None:
    profile_id = begin_silent()
    desktop.sessions.copy(profile_id)  # not begun: a token is being fetched
    desktop.sessions.cancel(profile_id)
    embedded_sts.control.set(Faults())
    hand.settle(desktop)
    desktop.sessions.try_again(profile_id, "")
    hand.settle(desktop)
    assert services.vault.session(profile_id) is not None


def test_code_that_is_typed_now_is_what_is_tried_again_with(
    mfa_desktop: Desktop, code_of: Callable[[str], str], hand: Hand
) -> None:
    profile_id = profile_of(mfa_desktop).id
    mfa_desktop.sessions.get_token(profile_id, "")
    hand.settle(mfa_desktop)
    assert not mfa_desktop.sessions.is_live(profile_id)
    mfa_desktop.sessions.try_again(profile_id, code_of("alice"))
    hand.settle(mfa_desktop)
    assert mfa_desktop.sessions.is_live(profile_id)


def test_last_edit_counts_although_it_is_not_on_disk_yet(desktop: Desktop, services: Services, hand: Hand) -> None:
    profile = profile_of(desktop)
    desktop.profiles.edit(replace(profile, duration_seconds=3600))
    desktop.sessions.get_token(profile.id, "")
    hand.settle(desktop)
    assert desktop.sessions.record(profile.id).requested_seconds == 3600
    assert services.settings.load().profiles[0].duration_seconds == 3600


def test_profile_that_another_process_deleted_gets_no_token_and_does_not_come_back(
    desktop: Desktop, make_services: Callable[..., Services], hand: Hand
) -> None:
    profile = profile_of(desktop)
    make_services().settings.update(lambda settings: settings.without_profile(profile.id))
    desktop.sessions.get_token(profile.id, "")
    hand.settle(desktop)
    assert isinstance(desktop.sessions.problem(profile.id), NoSuchProfileError)
    assert not desktop.sessions.is_live(profile.id)
    assert make_services().settings.load().profiles == ()


def test_what_was_done_is_told_where_the_state_cannot_be_read_after_it(
    desktop: Desktop, services: Services, hand: Hand, monkeypatch: pytest.MonkeyPatch
) -> None:
    hand.get_token(desktop)
    profile_id = profile_of(desktop).id
    copied: list[str] = []
    desktop.sessions.copied.connect(copied.append)

    def fail() -> None:
        raise StsDesktopError("It cannot be read", "", "")

    monkeypatch.setattr(desktop.sessions._sessions, "read", fail)
    desktop.sessions.copy(profile_id)
    hand.settle(desktop)
    assert copied == [profile_id]
    assert desktop.sessions.problem(profile_id) is None
