"""The program while its window is closed: what closing means, what is told, and the dialog for a code."""

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from sts_desktop.core.services import Services
from sts_desktop.core.sessions import Sessions
from sts_desktop.core.token_codes import seconds_to_next_code
from sts_desktop.core.vault.errors import KeyringLockedError
from sts_desktop.demo.control import Faults
from sts_desktop.demo.embedded_sts import EmbeddedSts
from sts_desktop.ui.app import Desktop
from sts_desktop.ui.code_dialog import CodeDialog
from sts_desktop.ui.notifications import Message, Notifications
from tests.ui.hand import PATIENCE_MS, Hand, profile_of


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[Message]:
    """What would be shown on the desktop."""
    told: list[Message] = []
    monkeypatch.setattr("sts_desktop.ui.notifications.Notifications.tell", lambda _self, message: told.append(message))
    return told


@pytest.fixture
def tray(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """Whether there is a tray, as the only element; there is one."""
    there = [True]
    monkeypatch.setattr("sts_desktop.ui.tray_host.TrayHost.is_available", lambda _self: there[0])
    return there


def dialog_of(desktop: Desktop) -> CodeDialog:
    dialog = desktop.background.dialog(profile_of(desktop).id)
    assert dialog is not None
    return dialog


# Closing


def test_with_a_tray_the_program_goes_on_and_says_so_once(
    qtbot: QtBot, desktop: Desktop, services: Services, hand: Hand, told: list[Message], tray: list[bool]
) -> None:
    with qtbot.assertNotEmitted(desktop.quit_requested):
        for _time in range(2):
            desktop.window.close()
            desktop.window.show()
    assert [message.title for message in told] == ["STS Desktop goes on in the tray"]
    hand.settle(desktop)
    assert "goes-on-in-tray" in services.settings.load().told


def test_without_a_tray_closing_ends_it(qtbot: QtBot, desktop: Desktop, tray: list[bool]) -> None:
    tray[0] = False
    with qtbot.waitSignal(desktop.quit_requested):
        desktop.window.close()


def test_without_a_tray_the_window_says_so_the_first_time(
    desktop: Desktop, hand: Hand, tray: list[bool], monkeypatch: pytest.MonkeyPatch
) -> None:
    tray[0] = False
    desktop.background.host.missing.emit()
    assert "This desktop has no tray" in hand.shown_text(desktop.window.notes.hint)
    hand.click(desktop.window.notes.hint.close_button)
    desktop.background.host.missing.emit()
    assert not desktop.window.notes.hint.isVisible()


def test_tray_that_is_found_after_all_makes_an_end_of_what_was_said(desktop: Desktop, tray: list[bool]) -> None:
    desktop.background.host.missing.emit()
    assert desktop.window.notes.hint.isVisible()
    desktop.background.host.found.emit()
    assert not desktop.window.notes.hint.isVisible()
    desktop.background.host.missing.emit()  # at a desktop that has none, it is to be told
    assert desktop.window.notes.hint.isVisible()
    desktop.window.notes.tell_hint("Something else", "")
    desktop.background.host.found.emit()
    assert desktop.window.notes.hint.isVisible()


def test_tray_that_goes_brings_the_window_back_and_says_why(
    desktop: Desktop, hand: Hand, tray: list[bool], told: list[Message]
) -> None:
    desktop.window.close()
    assert not desktop.window.isVisible()
    desktop.background.host.lost.emit()
    assert desktop.window.isVisible()
    assert "This desktop has no tray" in hand.shown_text(desktop.window.notes.hint)


# Tokens


def test_token_without_a_code_needs_no_dialog(
    qtbot: QtBot, desktop: Desktop, hand: Hand, told: list[Message], tray: list[bool]
) -> None:
    desktop.window.close()
    told.clear()
    profile_id = profile_of(desktop).id
    desktop.background.request_token(profile_id)
    qtbot.waitUntil(lambda: desktop.sessions.is_live(profile_id), timeout=PATIENCE_MS)
    hand.settle(desktop)
    assert desktop.background.dialog(profile_id) is None
    assert [message.title for message in told] == ["“work” has a fresh session"]
    assert "123456789012" not in repr(told)


def test_code_is_asked_for_until_it_is_right(
    qtbot: QtBot,
    mfa_desktop: Desktop,
    code_of: Callable[[str], str],
    hand: Hand,
    told: list[Message],
    tray: list[bool],
) -> None:
    mfa_desktop.window.close()
    told.clear()
    profile_id = profile_of(mfa_desktop).id
    mfa_desktop.background.request_token(profile_id)
    dialog = dialog_of(mfa_desktop)
    assert "alice-phone" in hand.shown_text(dialog)
    hand.retype(dialog.code, "12345")
    qtbot.waitUntil(dialog.note.isVisible, timeout=PATIENCE_MS)
    assert told == []  # the dialog tells it
    hand.retype(dialog.code, code_of("alice"))
    qtbot.waitUntil(lambda: mfa_desktop.background.dialog(profile_id) is None, timeout=PATIENCE_MS)
    hand.settle(mfa_desktop)
    assert mfa_desktop.sessions.is_live(profile_id)
    assert mfa_desktop.background.dialog(profile_id) is None
    assert [message.title for message in told] == ["“work” has a fresh session"]


@pytest.mark.fault(2)
def test_dialog_counts_down_to_the_next_code(
    qtbot: QtBot,
    mfa_desktop: Desktop,
    services: Services,
    code_of: Callable[[str], str],
    hand: Hand,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    code = code_of("alice")
    hand.get_token(mfa_desktop, code)
    mfa_desktop.background.request_token(profile_of(mfa_desktop).id)
    dialog = dialog_of(mfa_desktop)
    moments = [services.now().replace(microsecond=0)]
    monkeypatch.setattr(services, "now", lambda: moments[0])
    hand.retype(dialog.code, code)
    qtbot.waitUntil(dialog.note.isVisible, timeout=PATIENCE_MS)
    assert "This code was used already" in hand.shown_text(dialog.note)
    left = seconds_to_next_code(moments[0])
    moments[0] += timedelta(seconds=left - 1)
    qtbot.waitUntil(lambda: "in 1 second." in hand.shown_text(dialog.note), timeout=PATIENCE_MS)
    moments[0] += timedelta(seconds=2)
    shows_another = "The device shows another one now. Type that one."
    qtbot.waitUntil(lambda: shows_another in hand.shown_text(dialog.note), timeout=PATIENCE_MS)
    dialog.code.setText("1")
    mfa_desktop.sessions.session_changed.emit(profile_of(mfa_desktop).id)
    assert shows_another in hand.shown_text(dialog.note)  # not told anew, as if it were of the next code
    dialog.reject()


def test_second_wish_meets_the_same_dialog(mfa_desktop: Desktop) -> None:
    profile_id = profile_of(mfa_desktop).id
    mfa_desktop.background.request_token(profile_id)
    first = dialog_of(mfa_desktop)
    mfa_desktop.background.request_token(profile_id)
    assert dialog_of(mfa_desktop) is first
    first.reject()


def test_giving_up_cancels_what_was_begun(
    qtbot: QtBot, mfa_desktop: Desktop, code_of: Callable[[str], str], embedded_sts: EmbeddedSts, hand: Hand
) -> None:
    profile_id = profile_of(mfa_desktop).id
    embedded_sts.control.set(Faults(silent=True))
    mfa_desktop.background.request_token(profile_id)
    dialog = dialog_of(mfa_desktop)
    hand.retype(dialog.code, code_of("alice"))
    assert mfa_desktop.sessions.activity(profile_id) is not None
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert mfa_desktop.sessions.activity(profile_id) is None
    embedded_sts.control.set(Faults())
    hand.settle(mfa_desktop)
    assert not mfa_desktop.sessions.is_live(profile_id)


# What is told


@pytest.mark.fault(11)
def test_expiry_is_told_before_and_when_it_comes_and_a_click_renews(
    qtbot: QtBot, desktop: Desktop, hand: Hand, told: list[Message], tray: list[bool], clock: Any
) -> None:
    hand.get_token(desktop)
    profile_id = profile_of(desktop).id
    clock.jump(timedelta(hours=11, minutes=56))
    desktop.sessions.time_passed.emit()
    clock.jump(timedelta(minutes=5))
    desktop.sessions.time_passed.emit()
    desktop.sessions.time_passed.emit()
    assert [message.title for message in told] == ["“work” expires soon", "“work” has expired"]
    assert all(message.offers_renewal for message in told)
    with qtbot.waitSignal(desktop.sessions.token_received, timeout=PATIENCE_MS):
        desktop.background._notifications.renewal_requested.emit(profile_id)


def test_failure_is_told_by_its_title_and_a_click_shows_the_rest(
    desktop: Desktop, hand: Hand, told: list[Message], tray: list[bool], embedded_sts: EmbeddedSts
) -> None:
    desktop.window.close()
    told.clear()
    embedded_sts.control.set(Faults(region_disabled=True))
    profile_id = profile_of(desktop).id
    desktop.background.request_token(profile_id)
    hand.settle(desktop)
    (message,) = told
    assert message.title == "STS is switched off in N. Virginia"
    desktop.background._notifications.open_requested.emit(profile_id)
    assert desktop.window.isVisible()
    assert desktop.window.panel.note.isVisible()


def test_nothing_is_told_of_what_the_window_shows(
    desktop: Desktop, hand: Hand, told: list[Message], tray: list[bool]
) -> None:
    hand.get_token(desktop)
    hand.write(desktop)
    hand.end(desktop)
    assert told == []


def test_each_deed_from_the_tray_is_told(desktop: Desktop, hand: Hand, told: list[Message], tray: list[bool]) -> None:
    hand.get_token(desktop)
    desktop.window.close()
    told.clear()
    actions = desktop.actions.of(profile_of(desktop))
    for action in (actions.copy, actions.write, actions.end):
        action.trigger()
        hand.settle(desktop)
    titles = [message.title for message in told]
    assert titles == ["“work” is on the clipboard", "“work” is written to [work]", "The session of “work” is forgotten"]


def test_balloon_of_the_tray_stands_in_and_can_be_clicked(
    qtbot: QtBot, desktop: Desktop, tray: list[bool], monkeypatch: pytest.MonkeyPatch
) -> None:
    """On Windows and macOS, and where no notification daemon runs."""
    shown: list[str] = []

    def show_balloon(title: str, _text: str) -> bool:
        shown.append(title)
        return True

    monkeypatch.setattr(desktop.background.tray, "show_balloon", show_balloon)
    profile_id = profile_of(desktop).id
    desktop.background._notifications.not_shown.emit(Message(profile_id, "It has expired", offers_renewal=True))
    assert shown == ["It has expired"]
    with qtbot.waitSignal(desktop.sessions.token_received, timeout=PATIENCE_MS):
        desktop.background.tray.balloon_clicked.emit()


def test_icon_over_dbus_has_no_balloons(
    desktop: Desktop, hand: Hand, tray: list[bool], told: list[Message], monkeypatch: pytest.MonkeyPatch
) -> None:
    """They would be notifications too, which nobody shows, and Qt puts a picture of one in the icon's place."""
    monkeypatch.setattr(desktop.background.tray, "show_balloon", lambda *_texts: pytest.fail("it was shown"))
    desktop.background.host.is_over_dbus = True
    desktop.window.close()
    desktop.background._notifications.not_shown.emit(Message("", "Something happened", "More of it."))
    desktop.window.come_to_front()  # whenever that is
    assert "Something happened\nMore of it." in hand.shown_text(desktop.window.notes.hint)


def test_what_the_desktop_cannot_show_the_window_tells(desktop: Desktop, hand: Hand) -> None:
    desktop.background._notifications.not_shown.emit(Message("", "Something happened", "More of it."))
    assert "Something happened. More of it." in hand.shown_text(desktop.window.message_bar)


def test_minimized_window_shows_nothing(desktop: Desktop, hand: Hand, told: list[Message], tray: list[bool]) -> None:
    hand.get_token(desktop)
    desktop.window.showMinimized()
    desktop.actions.of(profile_of(desktop)).copy.trigger()
    hand.settle(desktop)
    assert [message.title for message in told] == ["“work” is on the clipboard"]


# Ends


def test_quit_with_a_tray_starts_nothing_after_the_end(
    desktop: Desktop, told: list[Message], tray: list[bool], services: Services
) -> None:
    """The window that the end closes is not one that a person has closed."""
    assert desktop.close()
    assert told == []
    assert services.settings.load().told == ()


def test_dialog_opened_while_something_else_is_done_keeps_the_code(
    qtbot: QtBot, mfa_desktop: Desktop, code_of: Callable[[str], str], hand: Hand, embedded_sts: EmbeddedSts
) -> None:
    hand.get_token(mfa_desktop, code_of("alice"))
    profile_id = profile_of(mfa_desktop).id
    embedded_sts.control.set(Faults(silent=True))
    mfa_desktop.sessions.test(profile_id, s3=False)
    mfa_desktop.background.request_token(profile_id)
    dialog = dialog_of(mfa_desktop)
    assert not dialog.code.isEnabled()
    dialog.code.setText("123456")
    dialog.submit.setEnabled(True)
    QTest.mouseClick(dialog.submit, Qt.MouseButton.LeftButton)
    assert dialog.code.text() == "123456"
    dialog.reject()
    assert mfa_desktop.sessions.activity(profile_id) is not None  # the test was not begun by the dialog
    embedded_sts.control.set(Faults())
    hand.settle(mfa_desktop)


def test_dialog_asks_for_the_device_that_the_profile_has_now(mfa_desktop: Desktop, hand: Hand) -> None:
    profile = profile_of(mfa_desktop)
    mfa_desktop.background.request_token(profile.id)
    dialog = dialog_of(mfa_desktop)
    other = profile.mfa_serial.rpartition("/")[0] + "/other-phone"
    mfa_desktop.profiles.edit(replace(profile, name="renamed", mfa_serial=other))
    assert "other-phone" in hand.shown_text(dialog)
    assert dialog.windowTitle() == "renamed"
    mfa_desktop.profiles.edit(replace(profile, mfa_serial=""))
    assert mfa_desktop.background.dialog(profile.id) is None


def test_dialog_goes_with_its_profile(mfa_desktop: Desktop, hand: Hand) -> None:
    profile_id = profile_of(mfa_desktop).id
    mfa_desktop.background.request_token(profile_id)
    mfa_desktop.deletions.delete(profile_id)
    hand.settle(mfa_desktop)
    assert mfa_desktop.background.dialog(profile_id) is None


@pytest.mark.parametrize("how", ["renewed", "ended", "deleted"])
def test_what_was_told_of_an_end_is_taken_back_when_it_is_not_true_any_more(
    desktop: Desktop,
    hand: Hand,
    told: list[Message],
    clock: Any,
    monkeypatch: pytest.MonkeyPatch,
    how: str,
) -> None:
    withdrawn: list[str] = []
    monkeypatch.setattr(desktop.background._notifications, "withdraw", withdrawn.append)
    profile = profile_of(desktop)
    profile_id = profile.id
    desktop.profiles.edit(replace(profile, duration_seconds=900))
    hand.get_token(desktop)
    desktop.profiles.edit(profile)
    desktop.background.news._marked.add(profile_id)  # as when it was told of
    clock.jump(timedelta(minutes=12))
    desktop.sessions.session_changed.emit(profile_id)
    assert withdrawn == []  # it ends soon, as was told
    if how == "renewed":
        hand.get_token(desktop)
    elif how == "ended":
        desktop.sessions.end(profile_id)
        hand.settle(desktop)
    else:
        desktop.deletions.delete(profile_id)
        desktop.deletions.lapse()
        hand.settle(desktop)
    assert withdrawn == [profile_id]


def test_failed_renewal_says_that_the_session_still_works_and_a_failed_copy_does_not(
    desktop: Desktop,
    hand: Hand,
    told: list[Message],
    tray: list[bool],
    embedded_sts: EmbeddedSts,
    services: Services,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    hand.get_token(desktop)
    desktop.window.close()
    told.clear()
    embedded_sts.control.set(Faults(throttled=True))
    desktop.sessions.get_token(profile_of(desktop).id, "")
    hand.settle(desktop)
    assert "Its session still works until" in told[-1].body
    services.vault.forget_session(profile_of(desktop).id)
    desktop.sessions.copy(profile_of(desktop).id)
    hand.settle(desktop)
    assert "still works" not in told[-1].body


def test_problem_of_a_renewal_goes_when_another_process_has_got_one(
    qtbot: QtBot, desktop: Desktop, hand: Hand, services: Services, embedded_sts: EmbeddedSts
) -> None:
    embedded_sts.control.set(Faults(throttled=True))
    hand.get_token(desktop)
    profile = profile_of(desktop)
    assert desktop.sessions.problem(profile.id) is not None
    embedded_sts.control.set(Faults())
    services.sessions.get_token(profile)
    desktop.sessions.reload()
    qtbot.waitUntil(lambda: desktop.sessions.is_live(profile.id), timeout=PATIENCE_MS)
    assert desktop.sessions.problem(profile.id) is None


@pytest.mark.fault(24)
def test_dialog_offers_to_go_on_without_the_keyring_and_keeps_a_code_that_was_not_sent(
    qtbot: QtBot, mfa_desktop: Desktop, services: Services, code_of: Callable[[str], str], hand: Hand
) -> None:
    profile_id = profile_of(mfa_desktop).id

    def refuse() -> None:
        raise KeyringLockedError

    mfa_desktop.background.request_token(profile_id)
    dialog = dialog_of(mfa_desktop)
    assert profile_of(mfa_desktop).name in hand.shown_text(dialog)
    code = code_of("alice")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(services.vault, "prove", refuse)
        hand.retype(dialog.code, code)
        qtbot.waitUntil(dialog.note.isVisible, timeout=PATIENCE_MS)
    assert "The keyring is locked" in hand.shown_text(dialog.note)
    assert dialog.code.text() == code
    (go_on,) = dialog.note.remedy_buttons()
    assert go_on.text() == "Go on without the keyring"
    hand.click(go_on)
    qtbot.waitUntil(lambda: mfa_desktop.background.dialog(profile_id) is None, timeout=PATIENCE_MS)
    hand.settle(mfa_desktop)
    assert mfa_desktop.sessions.is_live(profile_id)


def test_failure_that_is_over_is_taken_off_the_desktop(
    desktop: Desktop, hand: Hand, tray: list[bool], told: list[Message], monkeypatch: pytest.MonkeyPatch
) -> None:
    withdrawn: list[str] = []
    monkeypatch.setattr(Notifications, "withdraw", lambda _self, profile_id: withdrawn.append(profile_id))
    desktop.window.close()
    profile_id = profile_of(desktop).id
    desktop.sessions.copy(profile_id)  # there is no session
    hand.settle(desktop)
    assert told[-1].is_urgent
    assert "work" in told[-1].body
    assert withdrawn == []
    desktop.sessions.get_token(profile_id, "")
    hand.settle(desktop)
    assert withdrawn == [profile_id]


def test_what_the_window_tells_in_the_desktops_place_can_be_done_there_and_is_taken_back(
    qtbot: QtBot, desktop: Desktop, hand: Hand, tray: list[bool]
) -> None:
    hint, profile_id = desktop.window.notes.hint, profile_of(desktop).id
    desktop.window.hide()
    desktop.background.news._tell_otherwise(Message(profile_id, "on the clipboard", is_fleeting=True))
    assert hint.isHidden()
    message = Message(profile_id, "expires soon", "Until 12:00.", "Click to renew it.", offers_renewal=True)
    desktop.background.news._tell_otherwise(message)
    desktop.window.show()
    assert "Click" not in hand.shown_text(hint)
    (renew,) = hint.remedy_buttons()
    qtbot.waitUntil(lambda: renew.height() > 0, timeout=PATIENCE_MS)  # it has its place
    hand.click(renew)
    qtbot.waitUntil(lambda: desktop.sessions.is_live(profile_id), timeout=PATIENCE_MS)
    assert not hint.isVisible()
    hand.settle(desktop)


@pytest.mark.fault(25)
def test_dialog_that_was_closed_meanwhile_goes_on_with_nothing(
    qtbot: QtBot,
    mfa_desktop: Desktop,
    services: Services,
    code_of: Callable[[str], str],
    hand: Hand,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    profile_id, gate = profile_of(mfa_desktop).id, threading.Event()
    go_on = Sessions.go_on_without_keyring

    def refuse() -> None:
        raise KeyringLockedError

    def wait_and_go_on(sessions: Sessions) -> None:
        assert gate.wait(20)
        go_on(sessions)

    monkeypatch.setattr(Sessions, "go_on_without_keyring", wait_and_go_on)
    mfa_desktop.background.request_token(profile_id)
    dialog = dialog_of(mfa_desktop)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(services.vault, "prove", refuse)
        hand.retype(dialog.code, code_of("alice"))
        qtbot.waitUntil(dialog.note.isVisible, timeout=PATIENCE_MS)
    hand.click(dialog.note.remedy_buttons()[0])
    dialog.reject()
    gate.set()
    hand.settle(mfa_desktop)
    assert not mfa_desktop.sessions.is_live(profile_id)


@pytest.mark.fault(25)
def test_dialog_asks_for_the_next_code_where_the_first_was_sent_before_the_keyring_failed(
    qtbot: QtBot, mfa_desktop: Desktop, services: Services, code_of: Callable[[str], str], hand: Hand
) -> None:
    profile_id = profile_of(mfa_desktop).id

    def refuse(*_arguments: object, **_options: object) -> None:
        raise KeyringLockedError

    mfa_desktop.background.request_token(profile_id)
    dialog = dialog_of(mfa_desktop)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(services.vault, "store_session", refuse)
        hand.retype(dialog.code, code_of("alice"))
        qtbot.waitUntil(dialog.note.isVisible, timeout=PATIENCE_MS)
        hand.settle(mfa_desktop)  # the failure is noted; nobody clicks within the milliseconds before
    assert dialog.code.text() == ""
    hand.click(dialog.note.remedy_buttons()[0])
    hand.settle(mfa_desktop)
    assert not dialog.note.isVisible()
    assert dialog.isVisible()
    assert not services.vault.status().is_persistent
    dialog.reject()
