"""Run-time state: one job a profile, cancelling, time passing, and what was left by an earlier run."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from PySide6.QtCore import QTimer
from pytestqt.qtbot import QtBot

from sts_desktop.core.clock import utc_now
from sts_desktop.core.credentials import SessionCredentials
from sts_desktop.core.profile import Profile
from sts_desktop.core.renewal import Phase
from sts_desktop.core.services import Services
from sts_desktop.core.sessions import Step
from sts_desktop.demo.control import Faults
from sts_desktop.demo.embedded_sts import EmbeddedSts
from sts_desktop.ui.app import Desktop

PATIENCE_MS = 15_000


def profile_of(desktop: Desktop) -> Profile:
    return desktop.profiles.settings.profiles[0]


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


def timer_of(desktop: Desktop) -> QTimer:
    (timer,) = desktop.sessions.findChildren(QTimer)
    return timer


def test_token_is_in_the_vault_and_known(
    qtbot: QtBot, desktop: Desktop, services: Services, settle: Callable[[Desktop], None]
) -> None:
    profile = profile_of(desktop)
    with qtbot.waitSignal(desktop.sessions.token_received, timeout=PATIENCE_MS) as received:
        desktop.sessions.get_token(profile.id, "")
    assert received.args == [profile.id]
    settle(desktop)
    record = desktop.sessions.record(profile.id)
    stored = services.vault.session(profile.id)
    assert stored is not None
    assert record.expiration == stored.expiration
    assert record.last_four == stored.access_key_id[-4:]
    assert record.identity is not None
    assert record.identity.user_name == "bob"
    assert desktop.sessions.phase(profile.id) is Phase.ACTIVE
    assert desktop.sessions.live_sessions() == [record]


@pytest.mark.fault(20)
def test_second_wish_joins_the_first(
    qtbot: QtBot,
    desktop: Desktop,
    services: Services,
    embedded_sts: EmbeddedSts,
    begin_silent: Callable[[], str],
    settle: Callable[[Desktop], None],
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
    settle(desktop)
    assert received == [profile_id]


@pytest.mark.fault(13)
def test_cancel_is_at_once_and_stores_nothing(
    qtbot: QtBot,
    desktop: Desktop,
    services: Services,
    embedded_sts: EmbeddedSts,
    begin_silent: Callable[[], str],
    settle: Callable[[Desktop], None],
) -> None:
    profile_id = begin_silent()
    with qtbot.waitSignal(desktop.sessions.session_changed, timeout=PATIENCE_MS):
        desktop.sessions.cancel(profile_id)
    assert desktop.sessions.activity(profile_id) is None
    assert not desktop.jobs.is_idle()
    embedded_sts.control.set(Faults())  # the answer comes after all
    settle(desktop)
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
    settle: Callable[[Desktop], None],
) -> None:
    profile_id = begin_silent()
    desktop.sessions.cancel(profile_id)
    embedded_sts.control.set(Faults())
    received: list[str] = []
    desktop.sessions.token_received.connect(received.append)
    desktop.sessions.get_token(profile_id, "")
    settle(desktop)
    assert received == [profile_id]
    stored = services.vault.session(profile_id)
    assert stored is not None
    assert desktop.sessions.record(profile_id).last_four == stored.access_key_id[-4:]


def test_no_secret_is_kept_in_the_store(
    desktop: Desktop, services: Services, get_token: Callable[..., None], click: Callable[..., None]
) -> None:
    get_token(desktop)
    click(desktop.window.panel.actions_bar.copy)
    stored = services.vault.session(profile_of(desktop).id)
    assert stored is not None
    kept = repr(vars(desktop.sessions)) + repr(vars(desktop.clipboard)) + repr(vars(desktop.keys))
    for secret in (stored.access_key_id, stored.secret_access_key, stored.session_token):
        assert secret not in kept


# Time


def test_ticks_each_second_while_watched_and_seldom_when_not(qtbot: QtBot, desktop: Desktop) -> None:
    with qtbot.waitSignals([desktop.sessions.ticked] * 2, timeout=PATIENCE_MS):
        pass
    assert 0 < timer_of(desktop).interval() <= 1000
    desktop.window.hide()
    assert timer_of(desktop).interval() == 30_000
    with qtbot.assertNotEmitted(desktop.sessions.ticked):
        desktop.sessions.watch(False)
    desktop.window.show()
    assert 0 < timer_of(desktop).interval() <= 1000


def test_unwatched_clock_wakes_when_something_is_due(
    desktop: Desktop, get_token: Callable[..., None], clock: Any
) -> None:
    get_token(desktop)
    record = desktop.sessions.record(profile_of(desktop).id)
    assert record.expiration is not None
    clock.jump(record.expiration - timedelta(seconds=10) - desktop.sessions.now())
    desktop.sessions.watch(False)
    assert timer_of(desktop).interval() <= 10_000


@pytest.mark.fault(11)
@pytest.mark.parametrize(
    ("jump", "phase"),
    [(timedelta(hours=11, minutes=50), Phase.RENEW_SOON), (timedelta(hours=20), Phase.EXPIRED)],
)
def test_phase_flips_after_a_suspend(
    qtbot: QtBot,
    desktop: Desktop,
    get_token: Callable[..., None],
    clock: Any,
    jump: timedelta,
    phase: Phase,
) -> None:
    get_token(desktop)
    profile_id = profile_of(desktop).id
    assert desktop.sessions.phase(profile_id) is Phase.ACTIVE
    clock.jump(jump)
    with qtbot.waitSignal(desktop.sessions.session_changed, timeout=PATIENCE_MS) as changed:
        pass
    assert changed.args == [profile_id]
    assert desktop.sessions.phase(profile_id) is phase
    assert desktop.sessions.is_live(profile_id) == (phase is Phase.RENEW_SOON)


# What an earlier run left


def test_session_of_an_earlier_window_without_a_keyring_is_gone(
    open_desktop: Callable[..., Desktop],
    make_services: Callable[..., Services],
    desktop: Desktop,
    get_token: Callable[..., None],
) -> None:
    get_token(desktop)
    profile_id = profile_of(desktop).id
    assert desktop.sessions.record(profile_id).in_memory
    later = open_desktop(make_services())
    assert later.sessions.phase(profile_id) is Phase.NONE


def test_session_in_the_keyring_is_found_again(
    open_desktop: Callable[..., Desktop],
    make_services: Callable[..., Services],
    services: Services,
    desktop: Desktop,
    get_token: Callable[..., None],
) -> None:
    get_token(desktop)
    profile_id = profile_of(desktop).id
    # The vault has a newer session than the state knows of, as after a crash between the two.
    newer = SessionCredentials("ASIAEXAMPLENEWER", "secret", "token", utc_now() + timedelta(hours=2))
    services.vault.store_session(profile_id, newer)
    services.state.update(
        lambda state: state.with_session(profile_id, replace(state.session(profile_id), pending=True))
    )
    later = open_desktop(make_services(services.vault))
    assert later.sessions.record(profile_id).last_four == "EWER"
    assert later.sessions.phase(profile_id) is Phase.ACTIVE


def test_failure_of_an_earlier_run_is_still_told(
    open_desktop: Callable[..., Desktop],
    make_services: Callable[..., Services],
    embedded_sts: EmbeddedSts,
    desktop: Desktop,
    get_token: Callable[..., None],
    shown_text: Callable[..., str],
) -> None:
    embedded_sts.control.set(Faults(region_disabled=True))
    get_token(desktop)
    profile_id = profile_of(desktop).id
    later = open_desktop(make_services())
    assert later.sessions.phase(profile_id) is Phase.FAILED
    assert "STS is switched off" in shown_text(later.window.panel.note)
