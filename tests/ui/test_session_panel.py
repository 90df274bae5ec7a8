"""Getting a token, renewing, cancelling and copying, by clicks and keys."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot

from sts_desktop.core.credentials import SessionCredentials
from sts_desktop.core.examples import LANGUAGES
from sts_desktop.core.exports import bash_exports, json_text, powershell_exports
from sts_desktop.core.profile import AwsProfileKey, EndpointChoice, Profile
from sts_desktop.core.services import Services
from sts_desktop.core.session_step import Step
from sts_desktop.core.vault.errors import KeyringLockedError
from sts_desktop.demo.control import Faults
from sts_desktop.demo.embedded_sts import EmbeddedSts
from sts_desktop.ui import session_actions
from sts_desktop.ui.app import Desktop
from tests.ui.conftest import Clock
from tests.ui.hand import PATIENCE_MS, Hand, chosen


@pytest.fixture
def begin_silent(qtbot: QtBot, embedded_sts: EmbeddedSts, hand: Hand) -> Callable[[Desktop], None]:
    """Press the primary button while the server is silent, and wait until the request is out."""

    def begin_silent(desktop: Desktop) -> None:
        embedded_sts.control.set(Faults(silent=True))
        hand.click(desktop.window.panel.actions_bar.primary)

        def is_asking() -> bool:
            activity = desktop.sessions.activity(chosen(desktop).id)
            return activity is not None and activity.step is Step.ASKING_STS

        qtbot.waitUntil(is_asking, timeout=PATIENCE_MS)

    return begin_silent


# The main path


def test_get_token_without_mfa(desktop: Desktop, hand: Hand, services: Services) -> None:
    panel = desktop.window.panel
    assert panel.actions_bar.primary.text() == "&Get token"
    assert not panel.actions_bar.copy.isEnabled()
    assert not panel.actions_bar.write.isEnabled()
    hand.get_token(desktop)
    assert panel.actions_bar.primary.text() == "&Renew"
    assert panel.status.text().startswith("Active 11 h 59 min left, until ")
    stored = services.vault.session(chosen(desktop).id)
    assert stored is not None
    footer = hand.shown_text(panel)
    assert "bob in 1234-5678-9012" in footer
    assert "arn:aws:iam::123456789012:user/bob" in footer
    assert f"…{stored.access_key_id[-4:]}" in footer
    assert stored.access_key_id not in footer
    assert panel.actions_bar.copy.isEnabled()
    assert panel.actions_bar.write.isEnabled()
    assert "“work” has a fresh session" in hand.shown_text(desktop.window.message_bar)
    assert "1 active" in hand.shown_text(desktop.window.message_bar)


def test_get_token_with_a_code_by_keys_alone(
    qtbot: QtBot, mfa_desktop: Desktop, code_of: Callable[[str], str], hand: Hand
) -> None:
    code = code_of("alice")
    field = mfa_desktop.window.panel.form.token_code
    QTest.keyClicks(field, f"{code[:3]} {code[3:]}")
    QTest.keyClick(field, Qt.Key.Key_Return)
    hand.settle(mfa_desktop)
    assert field.text() == ""
    assert mfa_desktop.sessions.is_live(chosen(mfa_desktop).id)
    assert code not in hand.all_text()


def test_renewed_session_is_another(desktop: Desktop, hand: Hand, services: Services) -> None:
    hand.get_token(desktop)
    first = services.vault.session(chosen(desktop).id)
    hand.get_token(desktop)
    second = services.vault.session(chosen(desktop).id)
    assert first is not None
    assert second is not None
    assert first.access_key_id != second.access_key_id
    assert desktop.sessions.record(chosen(desktop).id).last_four == second.access_key_id[-4:]


@pytest.mark.fault(6)
def test_shorter_session_than_asked_for_is_told(
    open_desktop: Callable[..., Desktop],
    write_aws_files: Callable[..., None],
    add_profile: Callable[..., Profile],
    hand: Hand,
) -> None:
    write_aws_files("root", config="")
    add_profile("root", "root", mfa_serial="", duration_seconds=129_600)
    desktop = open_desktop()
    hand.get_token(desktop)
    text = desktop.window.panel.status.text()
    assert "59 min" in text
    assert "AWS gave less than the 1 d 12 h asked for: root gets 1 h" in text


@pytest.mark.fault(6)
def test_root_is_offered_an_hour_once_it_is_known_who_that_is(
    open_desktop: Callable[..., Desktop],
    write_aws_files: Callable[..., None],
    add_profile: Callable[..., Profile],
    hand: Hand,
) -> None:
    write_aws_files("root", "bob", config="")
    add_profile("root", "root", mfa_serial="", duration_seconds=129_600)
    desktop = open_desktop()
    duration = desktop.window.panel.form.duration

    def offered() -> list[str]:
        return [duration.combo.itemText(row) for row in range(duration.combo.count())]

    assert "12 h" in offered()
    assert duration.ends.text().startswith("would expire at")
    hand.get_token(desktop)
    assert offered() == ["15 min", "1 h", "AWS default"]
    assert duration.combo.currentText() == "1 d 12 h", "what a person chose stays"
    assert duration.ends.text().startswith("root gets 1 h: would expire at")
    hand.retype(duration.combo.lineEdit(), "15 min")
    assert duration.ends.text().startswith("would expire at")
    hand.retype(duration.combo.lineEdit(), "default")
    assert duration.ends.text().startswith("would expire at"), "no longer one of two"
    hand.settle(desktop)
    desktop.window.panel.take_source(AwsProfileKey("bob"))
    hand.settle(desktop)
    assert "12 h" in offered(), "another key may be anybody's"


def test_what_a_session_can_call_is_said_while_it_lives(
    open_desktop: Callable[..., Desktop],
    write_aws_files: Callable[..., None],
    add_profile: Callable[..., Profile],
    code_of: Callable[[str], str],
    hand: Hand,
    clock: "Clock",
) -> None:
    write_aws_files("alice")
    add_profile("work", "alice")
    desktop = open_desktop()
    panel = desktop.window.panel
    assert not panel.footer.reach.isVisible()
    hand.get_token(desktop, code_of("alice"))
    with_mfa = hand.shown_text(panel.footer.reach)
    assert "AssumeRole and GetCallerIdentity" in with_mfa
    assert "IAM" not in with_mfa
    hand.retype(panel.form.mfa_serial.lineEdit(), "")
    assert hand.shown_text(panel.footer.reach) == with_mfa, "the session is the one it was"
    hand.get_token(desktop)
    assert "not IAM" in hand.shown_text(panel.footer.reach)
    clock.jump(timedelta(hours=13))
    panel.refresh()
    assert not panel.footer.reach.isVisible()


@pytest.mark.fault(13)
def test_cancel_works_at_once(
    monkeypatch: pytest.MonkeyPatch,
    qtbot: QtBot,
    desktop: Desktop,
    begin_silent: Callable[[Desktop], None],
    hand: Hand,
    embedded_sts: EmbeddedSts,
) -> None:
    panel = desktop.window.panel
    begin_silent(desktop)
    assert panel.actions_bar.primary.text() == "Cancel"
    assert "Asking STS in N. Virginia" in panel.status.text()
    assert not panel.form.duration.isEnabled()
    hand.click(panel.actions_bar.primary)  # the second of a double hand.click on the button that said something else
    assert panel.actions_bar.primary.text() == "Cancel"
    monkeypatch.setattr(session_actions, "DOUBLE_CLICK_MS", -1)
    hand.click(panel.actions_bar.primary)
    assert panel.actions_bar.primary.text() == "&Get token"
    assert panel.form.duration.isEnabled()
    assert panel.status.text() == "No session"
    assert not panel.note.isVisible()
    embedded_sts.control.set(Faults())
    hand.settle(desktop)
    assert panel.status.text() == "No session"


def test_another_profile_can_be_used_meanwhile(
    open_desktop: Callable[..., Desktop],
    write_aws_files: Callable[..., None],
    add_profile: Callable[..., Profile],
    begin_silent: Callable[[Desktop], None],
    embedded_sts: EmbeddedSts,
    hand: Hand,
) -> None:
    write_aws_files("bob")
    first, second = add_profile("first"), add_profile("second")
    desktop = open_desktop()
    begin_silent(desktop)
    desktop.window.list.select(second.id)
    panel = desktop.window.panel
    assert panel.actions_bar.primary.text() == "&Get token"
    hand.click(panel.actions_bar.primary)
    assert {p.id for p in (first, second) if desktop.sessions.activity(p.id)} == {first.id, second.id}
    embedded_sts.control.set(Faults())
    hand.settle(desktop)
    assert len(desktop.sessions.live_sessions()) == 2


@pytest.mark.fault(11)
@pytest.mark.parametrize(
    ("jump", "text"), [(timedelta(hours=11, minutes=50), "Renew soon 9 min"), (timedelta(hours=20), "Expired ended at")]
)
def test_status_is_right_after_a_suspend(
    qtbot: QtBot, desktop: Desktop, hand: Hand, clock: Any, jump: timedelta, text: str
) -> None:
    hand.get_token(desktop)
    panel = desktop.window.panel
    clock.jump(jump)
    qtbot.waitUntil(lambda: panel.status.text().startswith(text), timeout=PATIENCE_MS)
    assert "-" not in panel.status.text()
    assert panel.actions_bar.copy.isEnabled() == (jump < timedelta(hours=12))
    assert panel.actions_bar.primary.text() == ("&Renew" if jump < timedelta(hours=12) else "&Get token")


@pytest.mark.fault(10)
def test_clock_that_is_a_little_wrong_is_told_and_put_right(desktop: Desktop, services: Services, hand: Hand) -> None:
    hand.get_token(desktop)
    assert not desktop.window.panel.notice.isVisible()
    services.now.learn(timedelta(minutes=4))  # as the answer to a request teaches
    hand.get_token(desktop)
    panel = desktop.window.panel
    assert "about 4 min slow" in hand.shown_text(panel.notice)
    assert "11 h 55 min left" in panel.status.text()  # the stand-in's clock is this computer's


# Copying


def test_copy_puts_exports_on_the_clipboard(qtbot: QtBot, desktop: Desktop, hand: Hand, services: Services) -> None:
    hand.get_token(desktop)
    stored = services.vault.session(chosen(desktop).id)
    assert stored is not None
    hand.click(desktop.window.panel.actions_bar.copy)
    hand.settle(desktop)
    clipboard = QGuiApplication.clipboard()
    assert clipboard.text() == bash_exports(stored)
    bar = desktop.window.message_bar
    assert "Copied." in hand.shown_text(bar)
    assert "clipboard (30 s)" in bar.clear_now.text()
    for secret in (stored.secret_access_key, stored.session_token, stored.access_key_id):
        assert secret not in hand.all_text()
    hand.click(bar.clear_now)
    assert clipboard.text() == ""
    assert "off the clipboard" in hand.shown_text(bar)
    assert not bar.clear_now.isVisible()


@pytest.mark.parametrize(
    ("label", "text_of"),
    [("Copy as bash", bash_exports), ("Copy as PowerShell", powershell_exports), ("Copy as JSON", json_text)],
)
def test_copy_as_another_format_by_the_menu(
    desktop: Desktop, hand: Hand, services: Services, label: str, text_of: Callable[[SessionCredentials, str], str]
) -> None:
    desktop.profiles.edit(replace(chosen(desktop), working_region="eu-west-1"))
    hand.get_token(desktop)
    stored = services.vault.session(chosen(desktop).id)
    assert stored is not None
    (action,) = [
        entry for entry in desktop.window.panel.actions_bar.copy.menu().actions() if entry.text().startswith(label)
    ]
    action.trigger()
    hand.settle(desktop)
    assert QGuiApplication.clipboard().text() == text_of(stored, "eu-west-1")
    desktop.clipboard.clear()


@pytest.mark.parametrize(
    ("label", "language"), [("AWS CLI", "cli"), ("Python", "python"), ("JavaScript", "javascript")]
)
def test_copy_example_puts_a_plain_text_on_the_clipboard(
    desktop: Desktop, hand: Hand, label: str, language: str
) -> None:
    desktop.profiles.edit(replace(chosen(desktop), working_region="eu-west-1"))
    hand.get_token(desktop)
    bar = desktop.window.message_bar
    for action in desktop.window.panel.actions_bar.examples.actions():
        if action.text() == label:
            action.trigger()
    clipboard = QGuiApplication.clipboard()
    assert clipboard.text() == LANGUAGES[language]("work", "eu-west-1")
    assert not clipboard.mimeData().hasFormat("x-kde-passwordManagerHint")
    assert "Example copied. Write the session to [work] first." in hand.shown_text(bar)
    assert not bar.clear_now.isVisible()
    hand.write(desktop)
    desktop.window.panel.actions_bar.examples.actions()[0].trigger()
    assert "Example copied.\n" in hand.shown_text(bar) + "\n"
    desktop.close()
    assert clipboard.text() == LANGUAGES["cli"]("work", "eu-west-1")


def test_example_is_reached_by_keys(qtbot: QtBot, desktop: Desktop, hand: Hand) -> None:
    hand.get_token(desktop)
    bar = desktop.window.panel.actions_bar
    bar.copy.setFocus()
    menus = (bar.copy.menu(), bar.examples)

    def press(menu: QMenu, *keys: Qt.Key) -> None:
        qtbot.waitUntil(menu.isVisible, timeout=PATIENCE_MS)
        for key in keys:
            QTest.keyClick(menu, key)

    # A menu that is open keeps the event loop to itself: the keys have to be on their way before it opens.
    QTimer.singleShot(0, bar, lambda: press(menus[0], Qt.Key.Key_Up, Qt.Key.Key_Right))
    QTimer.singleShot(0, bar, lambda: press(menus[1], Qt.Key.Key_Down, Qt.Key.Key_Return))
    QTest.keyClick(bar.copy, Qt.Key.Key_Down)
    qtbot.waitUntil(lambda: QGuiApplication.clipboard().text() == LANGUAGES["python"]("work", "us-east-1"))


def test_example_in_place_of_a_secret_ends_its_countdown(desktop: Desktop, hand: Hand) -> None:
    hand.get_token(desktop)
    actions, bar = desktop.window.panel.actions_bar, desktop.window.message_bar
    hand.click(actions.copy)
    hand.settle(desktop)
    assert bar.clear_now.isVisible()
    actions.examples.actions()[0].trigger()
    assert not bar.clear_now.isVisible()
    assert desktop.clipboard.seconds_left() == 0
    assert "Example copied." in hand.shown_text(bar)


def test_example_of_an_expired_session_has_to_be_written_anew(desktop: Desktop, hand: Hand, clock: Clock) -> None:
    hand.get_token(desktop)
    hand.write(desktop)
    clock.jump(timedelta(hours=13))
    desktop.window.panel.actions_bar.examples.actions()[0].trigger()
    assert "Write the session to [work] first" in hand.shown_text(desktop.window.message_bar)


def test_why_there_is_no_example_is_told(desktop: Desktop, hand: Hand) -> None:
    desktop.profiles.edit(replace(chosen(desktop), endpoint=EndpointChoice("xx-nowhere-9")))
    desktop.window.panel.actions_bar.examples.actions()[0].trigger()
    assert QGuiApplication.clipboard().text() == ""
    assert "xx-nowhere-9" in hand.shown_text(desktop.window.panel.note)


def test_clipboard_is_cleared_at_the_end(desktop: Desktop, hand: Hand) -> None:
    hand.get_token(desktop)
    hand.click(desktop.window.panel.actions_bar.copy)
    hand.settle(desktop)
    assert "AWS_SESSION_TOKEN" in QGuiApplication.clipboard().text()
    desktop.close()
    assert QGuiApplication.clipboard().text() == ""


def test_name_cannot_be_changed_while_a_token_is_fetched(
    desktop: Desktop, begin_silent: Callable[[Desktop], None], embedded_sts: EmbeddedSts, hand: Hand, services: Services
) -> None:
    name = desktop.window.panel.name
    begin_silent(desktop)
    assert name.isReadOnly()
    name.selectAll()
    QTest.keyClicks(name, "renamed")
    QTest.keyClick(name, Qt.Key.Key_Return)
    embedded_sts.control.set(Faults())
    hand.settle(desktop)
    assert not name.isReadOnly()
    assert [profile.name for profile in services.settings.load().profiles] == ["work"]


def test_code_leaves_its_field_when_sts_is_asked(
    mfa_desktop: Desktop,
    begin_silent: Callable[[Desktop], None],
    code_of: Callable[[str], str],
    embedded_sts: EmbeddedSts,
    hand: Hand,
) -> None:
    field = mfa_desktop.window.panel.form.token_code
    QTest.keyClicks(field, code_of("alice"))
    begin_silent(mfa_desktop)
    assert field.text() == ""
    embedded_sts.control.set(Faults())
    hand.settle(mfa_desktop)
    assert field.text() == ""


def test_code_typed_for_one_profile_is_not_taken_from_another(
    qtbot: QtBot,
    open_desktop: Callable[..., Desktop],
    write_aws_files: Callable[..., None],
    add_profile: Callable[..., Profile],
    code_of: Callable[[str], str],
    embedded_sts: EmbeddedSts,
    begin_silent: Callable[[Desktop], None],
    hand: Hand,
) -> None:
    write_aws_files("alice", "bob")
    first, second = add_profile("first", "bob"), add_profile("second", "alice")
    desktop = open_desktop()
    begin_silent(desktop)
    assert chosen(desktop).id == first.id
    desktop.window.list.select(second.id)
    field = desktop.window.panel.form.token_code
    QTest.keyClicks(field, code_of("alice"))
    embedded_sts.control.set(Faults())
    hand.settle(desktop)
    assert desktop.sessions.is_live(first.id)
    assert field.text() == code_of("alice")


# What did not come about


@pytest.mark.parametrize(
    ("button", "text"), [("write", "not written"), ("end", "not forgotten"), ("copy", "Nothing was copied")]
)
def test_what_was_not_done_is_said_beside_why(
    desktop: Desktop, hand: Hand, services: Services, monkeypatch: pytest.MonkeyPatch, button: str, text: str
) -> None:
    hand.get_token(desktop)

    def refuse(*_arguments: Any, **_options: Any) -> None:
        raise KeyringLockedError

    monkeypatch.setattr(services.vault, "session", refuse)
    panel = desktop.window.panel
    hand.click(getattr(panel.actions_bar, button))
    hand.settle(desktop)
    assert text in hand.shown_text(panel.note)
    assert "The keyring is locked" in hand.shown_text(panel.note)
    hand.click(panel.note.remedy_buttons()[0])
    hand.settle(desktop)
    monkeypatch.undo()
    hand.click(panel.note.close_button)
    assert desktop.sessions.undone(chosen(desktop).id) is None


def test_what_went_wrong_is_scrolled_to(qtbot: QtBot, desktop: Desktop, hand: Hand, embedded_sts: EmbeddedSts) -> None:
    desktop.window.resize(desktop.window.width(), 300)
    embedded_sts.control.set(Faults(region_disabled=True))
    hand.get_token(desktop)
    note = desktop.window.panel.note
    qtbot.waitUntil(lambda: not note.visibleRegion().isEmpty(), timeout=PATIENCE_MS)
    assert note.visibleRegion().boundingRect().height() == note.height()


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space])
def test_button_that_has_the_focus_is_pressed_by_enter_as_by_the_space_bar(
    qtbot: QtBot, desktop: Desktop, hand: Hand, key: Qt.Key
) -> None:
    bar = desktop.window.panel.actions_bar
    bar.primary.setFocus()
    with qtbot.waitSignal(desktop.sessions.token_received, timeout=PATIENCE_MS):
        QTest.keyClick(bar.primary, key)
    hand.settle(desktop)
    bar.copy.setFocus()
    with qtbot.waitSignal(desktop.sessions.copied, timeout=PATIENCE_MS):
        QTest.keyClick(bar.copy, key)
    hand.settle(desktop)
    bar.end.setFocus()
    with qtbot.waitSignal(desktop.sessions.ended, timeout=PATIENCE_MS):
        QTest.keyClick(bar.end, key)
