"""Run-time state: what is known of a session, time passing, and what was left by an earlier run."""

import threading
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
from sts_desktop.core.state import SessionRecord
from sts_desktop.core.vault.vault import Vault
from sts_desktop.demo.control import Faults
from sts_desktop.demo.embedded_sts import EmbeddedSts
from sts_desktop.ui.app import Desktop
from tests.ui.hand import PATIENCE_MS, Hand, profile_of


def timer_of(desktop: Desktop) -> QTimer:
    (timer,) = desktop.sessions.findChildren(QTimer)
    return timer


def test_token_is_in_the_vault_and_known(qtbot: QtBot, desktop: Desktop, services: Services, hand: Hand) -> None:
    profile = profile_of(desktop)
    with qtbot.waitSignal(desktop.sessions.token_received, timeout=PATIENCE_MS) as received:
        desktop.sessions.get_token(profile.id, "")
    assert received.args == [profile.id]
    hand.settle(desktop)
    record = desktop.sessions.record(profile.id)
    stored = services.vault.session(profile.id)
    assert stored is not None
    assert record.expiration == stored.expiration
    assert record.last_four == stored.access_key_id[-4:]
    assert record.identity is not None
    assert record.identity.user_name == "bob"
    assert desktop.sessions.phase(profile.id) is Phase.ACTIVE
    assert desktop.sessions.live_sessions() == [record]


def test_no_secret_is_kept_in_the_store(desktop: Desktop, services: Services, hand: Hand) -> None:
    hand.get_token(desktop)
    hand.click(desktop.window.panel.actions_bar.copy)
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


def test_unwatched_clock_wakes_when_something_is_due(desktop: Desktop, hand: Hand, clock: Any) -> None:
    hand.get_token(desktop)
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
    qtbot: QtBot, desktop: Desktop, hand: Hand, clock: Any, jump: timedelta, phase: Phase
) -> None:
    hand.get_token(desktop)
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
    open_desktop: Callable[..., Desktop], make_services: Callable[..., Services], desktop: Desktop, hand: Hand
) -> None:
    hand.get_token(desktop)
    profile_id = profile_of(desktop).id
    assert desktop.sessions.record(profile_id).in_memory
    later = open_desktop(make_services())
    assert later.sessions.phase(profile_id) is Phase.NONE


def test_session_in_the_keyring_is_found_again(
    open_desktop: Callable[..., Desktop],
    make_services: Callable[..., Services],
    services: Services,
    desktop: Desktop,
    hand: Hand,
) -> None:
    hand.get_token(desktop)
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
    hand: Hand,
) -> None:
    embedded_sts.control.set(Faults(region_disabled=True))
    hand.get_token(desktop)
    profile_id = profile_of(desktop).id
    later = open_desktop(make_services())
    assert later.sessions.phase(profile_id) is Phase.FAILED
    assert "STS is switched off" in hand.shown_text(later.window.panel.note)


@pytest.mark.fault(23)
def test_start_without_a_keyring_leaves_the_sessions_in_it(
    open_desktop: Callable[..., Desktop],
    make_services: Callable[..., Services],
    open_keyring: Callable[[], Vault],
    write_aws_files: Callable[..., None],
    add_profile: Callable[..., Profile],
) -> None:
    write_aws_files("bob")
    profile = add_profile("work")
    kept = make_services(open_keyring()).sessions.get_token(profile)
    open_desktop(make_services())
    with_keyring = open_desktop(make_services(open_keyring()))
    assert with_keyring.sessions.record(profile.id) == kept
    assert with_keyring.sessions.is_live(profile.id)


@pytest.mark.fault(23)
def test_session_in_the_memory_of_another_window_is_not_shown_as_live(
    open_desktop: Callable[..., Desktop],
    make_services: Callable[..., Services],
    open_keyring: Callable[[], Vault],
    desktop: Desktop,
    hand: Hand,
) -> None:
    hand.get_token(desktop)
    profile_id = profile_of(desktop).id
    other = Desktop(make_services(open_keyring()))
    assert other.sessions.phase(profile_id) is Phase.NONE  # before anything is looked at
    other.sessions.reconcile()
    other.sessions.reload()
    hand.settle(other)
    assert other.sessions.phase(profile_id) is Phase.NONE
    assert other.close()
    other.window.deleteLater()
    other.deleteLater()
    desktop.sessions.reload()
    hand.settle(desktop)
    assert desktop.sessions.phase(profile_id) is Phase.ACTIVE  # and its own window still has it


# What happens meanwhile


def test_session_of_another_process_is_seen_when_looked_at_again(
    qtbot: QtBot,
    open_desktop: Callable[..., Desktop],
    make_services: Callable[..., Services],
    open_keyring: Callable[[], Vault],
    write_aws_files: Callable[..., None],
    add_profile: Callable[..., Profile],
) -> None:
    write_aws_files("bob")
    profile = add_profile("work")
    desktop = open_desktop(make_services(open_keyring()))
    theirs = make_services(open_keyring()).sessions.get_token(profile)
    with qtbot.waitSignal(desktop.sessions.session_changed, timeout=PATIENCE_MS) as changed:
        desktop.sessions.reload()
    assert changed.args == [profile.id]
    assert desktop.sessions.record(profile.id) == theirs


class LingeringLock:
    """A lock whose first holder lingers after letting go of it: `lingers` is set, then `gate` waited for."""

    def __init__(self) -> None:
        self.lingers, self.gate = threading.Event(), threading.Event()
        self._lock = threading.Lock()

    def __enter__(self) -> None:
        self._lock.acquire()

    def __exit__(self, *_error: object) -> None:
        self._lock.release()
        if not self.lingers.is_set():
            self.lingers.set()
            self.gate.wait(20)


def test_older_reading_does_not_undo_a_newer_one(
    qtbot: QtBot, desktop: Desktop, services: Services, hand: Hand, monkeypatch: pytest.MonkeyPatch
) -> None:
    profile_id = profile_of(desktop).id
    lock = LingeringLock()
    monkeypatch.setattr(desktop.sessions._sessions._readings, "_lock", lock)
    desktop.sessions.reload()
    assert lock.lingers.wait(20)  # it has read, and is not delivered yet
    newer = SessionRecord(expiration=utc_now().replace(microsecond=0) + timedelta(hours=1), in_memory=True)
    services.state.update(lambda state: state.with_session(profile_id, newer))
    desktop.sessions.remove_left(profile_id)  # reads, too, when it has done what there is to do
    qtbot.waitUntil(lambda: desktop.sessions.record(profile_id) == newer, timeout=PATIENCE_MS)
    lock.gate.set()
    hand.settle(desktop)
    assert desktop.sessions.record(profile_id) == newer
