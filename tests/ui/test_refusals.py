"""What AWS, the network and the file system refuse, as it is told in the window."""

import socket
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QPushButton, QWidget
from pytestqt.qtbot import QtBot

from sts_desktop.core.credentials import SessionCredentials
from sts_desktop.core.errors import StsDesktopError
from sts_desktop.core.paths import Paths
from sts_desktop.core.profile import AwsProfileKey, EndpointChoice, Profile, VaultKey
from sts_desktop.core.renewal import Phase
from sts_desktop.core.services import Services
from sts_desktop.core.sessions import Sessions
from sts_desktop.core.vault.vault import Vault
from sts_desktop.demo.control import Faults
from sts_desktop.demo.embedded_sts import EmbeddedSts
from sts_desktop.demo.faulty_answers import FaultyAnswer
from sts_desktop.ui.access_key_dialog import AccessKeyDialog
from sts_desktop.ui.app import Desktop
from tests.ui.hand import PATIENCE_MS, Hand, chosen


def remedy(desktop: Desktop, label: str) -> QPushButton:
    return next(button for button in desktop.window.panel.note.remedy_buttons() if button.text() == label)


@dataclass(frozen=True)
class Refusal:
    faults: Faults
    title: str
    hint: str
    user: str = "bob"


REFUSALS = {
    "inactive key": Refusal(Faults(), "Access key not accepted", "IAM console", "carol"),
    "wrong clock": Refusal(
        Faults(clock_offset_seconds=1200), "The clock of this computer is wrong", "It is about 20 minutes slow"
    ),
    "throttled": Refusal(Faults(throttled=True), "Too many requests", "Wait a moment"),
    "region": Refusal(Faults(region_disabled=True), "STS is switched off in", "Choose another endpoint"),
    "unavailable": Refusal(Faults(answer=FaultyAnswer.SERVICE_UNAVAILABLE), "AWS is not available", "try again"),
    "sign-in page": Refusal(Faults(answer=FaultyAnswer.CAPTIVE_PORTAL), "The answer was not from AWS", "sign in"),
    "cut off": Refusal(Faults(answer=FaultyAnswer.CUT_OFF), "Unexpected answer", "try again"),
    "no credentials": Refusal(Faults(answer=FaultyAnswer.NO_CREDENTIALS), "Unexpected answer", "try again"),
}


@pytest.mark.fault(9)
@pytest.mark.fault(10)
@pytest.mark.fault(14)
@pytest.mark.fault(17)
@pytest.mark.fault(18)
@pytest.mark.fault(19)
@pytest.mark.parametrize("refusal", REFUSALS.values(), ids=REFUSALS)
def test_refusal_is_told_with_what_to_do(
    open_desktop: Callable[..., Desktop],
    write_aws_files: Callable[..., None],
    add_profile: Callable[..., Profile],
    embedded_sts: EmbeddedSts,
    hand: Hand,
    services: Services,
    refusal: Refusal,
) -> None:
    write_aws_files("bob", "carol")
    profile = add_profile("work", refusal.user)
    desktop = open_desktop()
    embedded_sts.control.set(refusal.faults)
    hand.get_token(desktop)
    panel = desktop.window.panel
    assert refusal.title in hand.shown_text(panel.note)
    assert refusal.hint in hand.shown_text(panel.note)
    assert panel.status.text().startswith("Failed")
    assert panel.actions_bar.primary.text() == "&Get token"
    assert panel.actions_bar.primary.isEnabled()
    assert services.vault.session(profile.id) is None
    assert services.settings.load().profiles[0].source == AwsProfileKey(refusal.user)  # nothing is thrown away
    if refusal.user == "bob":
        embedded_sts.control.set(Faults())
        hand.get_token(desktop)
        assert desktop.sessions.is_live(profile.id)
        assert not panel.note.isVisible()


@pytest.fixture
def refuse_in(
    open_desktop: Callable[..., Desktop],
    write_aws_files: Callable[..., None],
    add_profile: Callable[..., Profile],
    embedded_sts: EmbeddedSts,
    hand: Hand,
) -> Callable[[str], Desktop]:
    """Let AWS say that STS is switched off in a region, to somebody who gets a token there."""

    def refuse_in(region: str) -> Desktop:
        write_aws_files("bob")
        add_profile("work", "bob", endpoint=EndpointChoice(region))
        desktop = open_desktop()
        embedded_sts.control.set(Faults(region_disabled=True))
        hand.get_token(desktop)
        return desktop

    return refuse_in


@pytest.mark.fault(19)
def test_where_sts_is_switched_off_another_endpoint_is_one_click_away(
    monkeypatch: pytest.MonkeyPatch, refuse_in: Callable[[str], Desktop], embedded_sts: EmbeddedSts, hand: Hand
) -> None:
    opened: list[str] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(url.toString()))
    desktop = refuse_in("ap-northeast-1")
    told = hand.shown_text(desktop.window.panel.note)
    assert "STS is switched off in Tokyo" in told
    assert "Account settings" in told
    hand.click(remedy(desktop, "Open the IAM console"))
    assert opened == ["https://console.aws.amazon.com/iam/home#/account_settings"]
    embedded_sts.control.set(Faults())
    hand.click(remedy(desktop, "Use N. Virginia"))
    hand.settle(desktop)
    assert desktop.sessions.is_live(chosen(desktop).id)
    assert chosen(desktop).endpoint == EndpointChoice("us-east-1")


@pytest.mark.fault(19)
def test_the_list_that_is_offered_knows_what_was_just_learned(refuse_in: Callable[[str], Desktop], hand: Hand) -> None:
    desktop = refuse_in("us-west-2")
    hand.click(remedy(desktop, "Choose another endpoint"))
    popup = desktop.window.panel.form.endpoint.popup()
    assert popup is not None
    popup.search.setText("oregon")
    assert popup.model.index(0, 5).data() == "switched off for this account"
    popup.hide()


@pytest.mark.fault(19)
def test_an_opt_in_region_has_no_switch_of_its_own(refuse_in: Callable[[str], Desktop], hand: Hand) -> None:
    told = hand.shown_text(refuse_in("af-south-1").window.panel.note)
    assert "enable the region" in told
    assert "IAM console" not in told


def test_where_tokens_of_the_global_endpoint_do_not_work_is_said_beside_the_region(
    open_desktop: Callable[..., Desktop], add_profile: Callable[..., Profile], hand: Hand
) -> None:
    profile = add_profile("work", "bob", endpoint=EndpointChoice("global"), working_region="ap-east-1")
    desktop = open_desktop()
    form = desktop.window.panel.form
    assert form.reach.isVisible()
    assert "do not work in Hong Kong" in form.reach.text()
    for changes in ({"endpoint": EndpointChoice("us-east-1")}, {"working_region": "eu-west-1"}, {"working_region": ""}):
        desktop.profiles.edit(replace(profile, **changes))
        assert not form.reach.isVisible()
    hand.settle(desktop)


def test_note_of_a_used_code_is_of_one_profile_and_ends_with_success(
    open_desktop: Callable[..., Desktop],
    write_aws_files: Callable[..., None],
    add_profile: Callable[..., Profile],
    code_of: Callable[[str], str],
    hand: Hand,
) -> None:
    write_aws_files("alice", "bob")
    add_profile("work", "alice")
    other = add_profile("other", "bob")
    desktop = open_desktop()
    panel, code = desktop.window.panel, code_of("alice")
    hand.get_token(desktop, code)
    hand.get_token(desktop, code)
    assert "used" in hand.shown_text(panel.note)
    desktop.window.list.select(other.id)
    assert not panel.note.isVisible()
    desktop.sessions.ticked.emit()
    assert not panel.note.isVisible()
    hand.get_token(desktop)
    desktop.sessions.ticked.emit()
    assert not panel.note.isVisible()


def test_wrong_secret_is_told_without_quoting_it(
    qtbot: QtBot,
    open_desktop: Callable[..., Desktop],
    embedded_sts: EmbeddedSts,
    services: Services,
    add_profile: Callable[..., Profile],
    hand: Hand,
) -> None:
    key = embedded_sts.directory.user("bob").access_key
    entry = services.access_keys.store("main", key.access_key_id, key.secret_access_key[::-1])
    add_profile("work", source=VaultKey(entry.id))
    desktop = open_desktop()
    hand.get_token(desktop)
    assert "Secret access key does not match" in hand.shown_text(desktop.window.panel.note)
    assert "Enter the access key again" in hand.shown_text(desktop.window.panel.note)
    assert key.secret_access_key[::-1] not in hand.all_text()
    assert services.vault.access_key(entry.id).secret_access_key == key.secret_access_key[::-1]


def test_unknown_key_is_told(
    open_desktop: Callable[..., Desktop], services: Services, add_profile: Callable[..., Profile], hand: Hand
) -> None:
    entry = services.access_keys.store("main", "AKIAEXAMPLEOFNOBODY2", "x" * 40)
    add_profile("work", source=VaultKey(entry.id))
    desktop = open_desktop()
    hand.get_token(desktop)
    assert "Access key not accepted" in hand.shown_text(desktop.window.panel.note)
    assert desktop.window.focusWidget() is desktop.window.panel.form.access_key


@pytest.mark.parametrize("has_keyring", [True, False])
def test_key_that_is_gone_can_be_entered_again(
    open_desktop: Callable[..., Desktop],
    make_services: Callable[..., Services],
    open_keyring: Callable[[], Vault],
    add_profile: Callable[..., Profile],
    hand: Hand,
    has_keyring: bool,
) -> None:
    services = make_services(open_keyring()) if has_keyring else make_services()
    entry = services.access_keys.store("main", "AKIAEXAMPLEOFNOBODY2", "x" * 40)
    add_profile("work", source=VaultKey(entry.id))
    services.vault.forget_access_key(entry.id)
    desktop = open_desktop(services)
    hand.get_token(desktop)
    told = hand.shown_text(desktop.window.panel.note)
    assert ("The access key is not in the keyring" in told) is has_keyring
    assert ("what was kept in memory is gone when STS Desktop ends" in told) is not has_keyring
    assert remedy(desktop, "Enter an access key…").isVisible()


def test_key_whose_secret_is_wrong_is_entered_again_under_its_name(
    open_desktop: Callable[..., Desktop],
    services: Services,
    embedded_sts: EmbeddedSts,
    add_profile: Callable[..., Profile],
    hand: Hand,
) -> None:
    key = embedded_sts.directory.user("bob").access_key
    entry = services.access_keys.store("bobs", key.access_key_id, key.secret_access_key[::-1])
    add_profile("work", source=VaultKey(entry.id))
    desktop = open_desktop()
    hand.get_token(desktop)
    assert "Secret access key does not match" in hand.shown_text(desktop.window.panel.note)
    hand.click(remedy(desktop, "Enter an access key…"))
    (dialog,) = desktop.window.findChildren(AccessKeyDialog)
    assert dialog.name.text() == "bobs"
    dialog.key_id.setText(key.access_key_id)
    dialog.secret.setText(key.secret_access_key)
    hand.click(dialog.buttons.accept)
    hand.let_end(desktop)
    (replace_it,) = dialog.note.remedy_buttons()
    hand.click(replace_it)
    hand.settle(desktop)
    assert not desktop.window.panel.note.isVisible()
    hand.get_token(desktop)
    assert desktop.sessions.is_live(chosen(desktop).id)


def test_problem_of_an_attempt_before_does_not_come_back_when_one_is_cancelled(
    mfa_desktop: Desktop, code_of: Callable[[str], str], embedded_sts: EmbeddedSts, hand: Hand
) -> None:
    hand.get_token(mfa_desktop, f"{(int(code_of('alice')) + 500_000) % 1_000_000:06}")
    assert mfa_desktop.window.panel.note.isVisible()
    embedded_sts.control.set(Faults(silent=True))
    profile_id = chosen(mfa_desktop).id
    mfa_desktop.sessions.get_token(profile_id, code_of("alice"))
    mfa_desktop.sessions.cancel(profile_id)
    embedded_sts.control.set(Faults())
    hand.settle(mfa_desktop)
    assert not mfa_desktop.window.panel.note.isVisible()
    assert mfa_desktop.sessions.phase(profile_id) is Phase.NONE


@pytest.mark.fault(2)
def test_wrong_code_is_told_and_the_cursor_waits_for_the_next(
    mfa_desktop: Desktop, code_of: Callable[[str], str], hand: Hand
) -> None:
    wrong = f"{(int(code_of('alice')) + 500_000) % 1_000_000:06}"
    hand.get_token(mfa_desktop, wrong)
    panel = mfa_desktop.window.panel
    assert "MFA code not accepted" in hand.shown_text(panel.note)
    assert panel.form.token_code.text() == ""
    assert mfa_desktop.window.focusWidget() is panel.form.token_code


@pytest.mark.fault(2)
def test_reused_code_is_never_sent_again(mfa_desktop: Desktop, code_of: Callable[[str], str], hand: Hand) -> None:
    code = code_of("alice")
    hand.get_token(mfa_desktop, code)
    before = mfa_desktop.sessions.record(chosen(mfa_desktop).id)
    hand.get_token(mfa_desktop, code)
    panel = mfa_desktop.window.panel
    assert "This code was used already" in hand.shown_text(panel.note)
    assert mfa_desktop.sessions.record(chosen(mfa_desktop).id) == before
    assert panel.actions_bar.primary.text() == "&Renew"


@pytest.mark.fault(12)
def test_no_network_is_told_and_the_old_session_still_works(
    desktop: Desktop,
    open_desktop: Callable[..., Desktop],
    make_services: Callable[..., Services],
    services: Services,
    hand: Hand,
) -> None:
    hand.get_token(desktop)
    with socket.socket() as taken:  # bound, and nobody listens
        taken.bind(("127.0.0.1", 0))
        offline = open_desktop(make_services(services.vault, f"http://127.0.0.1:{taken.getsockname()[1]}"))
        hand.get_token(offline)
    panel = offline.window.panel
    assert "No connection to AWS" in hand.shown_text(panel.note)
    assert "Check the network" in hand.shown_text(panel.note)
    assert panel.status.text().startswith("Not renewed the old session still works for 11 h 59 min")
    assert panel.actions_bar.primary.text() == "&Renew"
    hand.click(panel.actions_bar.copy)
    hand.settle(offline)
    assert "AWS_SESSION_TOKEN" in QGuiApplication.clipboard().text()


def test_switched_off_region_offers_another_endpoint(
    qtbot: QtBot, desktop: Desktop, embedded_sts: EmbeddedSts, hand: Hand
) -> None:
    embedded_sts.control.set(Faults(region_disabled=True))
    hand.get_token(desktop)
    hand.click(remedy(desktop, "Choose another endpoint"))
    popup = desktop.window.panel.form.endpoint.popup()
    assert popup is not None
    assert popup.isVisible()
    popup.hide()


def test_dismissed_failure_stays_dismissed(
    desktop: Desktop, embedded_sts: EmbeddedSts, hand: Hand, services: Services
) -> None:
    embedded_sts.control.set(Faults(region_disabled=True))
    hand.get_token(desktop)
    panel = desktop.window.panel
    (close,) = [child for child in panel.note.findChildren(QWidget) if child.accessibleName() == "Close this note"]
    hand.click(close)
    hand.settle(desktop)
    assert not panel.note.isVisible()
    assert panel.status.text() == "No session"
    assert services.sessions.record(chosen(desktop).id).failure is None


@pytest.mark.fault(43)
def test_environment_bends_nothing(monkeypatch: pytest.MonkeyPatch, home: Path, desktop: Desktop, hand: Hand) -> None:
    monkeypatch.setenv("AWS_PROFILE", "ghost")
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("AWS_STS_REGIONAL_ENDPOINTS", "legacy")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(home / "broken"))
    (home / "broken").write_text("this is [no config\n")
    hand.get_token(desktop)
    assert desktop.sessions.is_live(chosen(desktop).id)


def test_settings_that_cannot_be_saved_are_told(qtbot: QtBot, desktop: Desktop, paths: Paths, hand: Hand) -> None:
    kept = paths.config.with_name("kept")
    paths.config.rename(kept)
    paths.config.write_text("in the way")
    desktop.profiles.edit(replace(chosen(desktop), endpoint=EndpointChoice("eu-west-1")))
    qtbot.waitUntil(desktop.window.notes.problem.isVisible, timeout=PATIENCE_MS)
    assert "cannot be saved" in hand.shown_text(desktop.window.notes.problem)
    assert "eu-west-1" in desktop.window.panel.form.endpoint.currentText()
    paths.config.unlink()
    kept.rename(paths.config)
    desktop.profiles.edit(replace(chosen(desktop), duration_seconds=3600))
    hand.settle(desktop)


def test_error_moves_no_button(desktop: Desktop, hand: Hand, embedded_sts: EmbeddedSts) -> None:
    """Or the second click of a double click on its cross would meet *End*."""
    hand.get_token(desktop)
    bar = desktop.window.panel.actions_bar
    before = bar.mapTo(desktop.window, bar.rect().topLeft())
    embedded_sts.control.set(Faults(region_disabled=True))
    hand.get_token(desktop)
    assert desktop.window.panel.note.isVisible()
    assert bar.mapTo(desktop.window, bar.rect().topLeft()) == before


def test_cancelling_something_else_leaves_why_the_last_renewal_failed(
    qtbot: QtBot, desktop: Desktop, services: Services, hand: Hand, monkeypatch: pytest.MonkeyPatch
) -> None:
    hand.get_token(desktop)
    profile_id, gate = chosen(desktop).id, threading.Event()
    services.sessions.kept.note_failure(chosen(desktop), StsDesktopError("It failed", "", ""))
    read = Sessions.credentials

    def wait_and_read(sessions: Sessions, profile: Profile) -> SessionCredentials:
        assert gate.wait(20)
        return read(sessions, profile)

    monkeypatch.setattr(Sessions, "credentials", wait_and_read)
    desktop.sessions.copy(profile_id)
    desktop.sessions.cancel(profile_id)
    gate.set()
    hand.settle(desktop)
    assert services.sessions.record(profile_id).failure is not None
