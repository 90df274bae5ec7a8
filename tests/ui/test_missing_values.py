"""What must be filled in or corrected first, as it is told; nothing is sent."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from sts_desktop.core.profile import Profile
from sts_desktop.demo.embedded_sts import EmbeddedSts
from sts_desktop.ui.app import Desktop
from tests.ui.hand import Hand, chosen


def remedy(desktop: Desktop, label: str) -> QPushButton:
    return next(button for button in desktop.window.panel.note.remedy_buttons() if button.text() == label)


def test_no_access_key_is_told_with_a_way_to_enter_one(
    open_desktop: Callable[..., Desktop], add_profile: Callable[..., Profile], hand: Hand
) -> None:
    add_profile("work", source=None)
    desktop = open_desktop()
    hand.get_token(desktop)
    assert "No access key chosen" in hand.shown_text(desktop.window.panel.note)
    assert remedy(desktop, "Enter an access key…").isVisible()
    assert desktop.window.focusWidget() is desktop.window.panel.form.access_key


@pytest.mark.fault(1)
@pytest.mark.parametrize(
    "code", ["12345", "1234567", "abcdef", "١٢٣٤٥٦", "12345\n", "-12345", "0x1234", "123456 or so"]
)
def test_malformed_code_is_refused_before_anything_is_sent(
    mfa_desktop: Desktop, embedded_sts: EmbeddedSts, hand: Hand, code: str
) -> None:
    panel = mfa_desktop.window.panel
    panel.form.token_code.insert(code)  # as pasted
    typed = panel.form.token_code.text()
    hand.click(panel.actions_bar.primary)
    hand.settle(mfa_desktop)
    assert "Not an MFA code" in hand.shown_text(panel.note)
    assert "six digits" in hand.shown_text(panel.note)
    assert panel.form.token_code.text() == typed  # to be corrected
    assert mfa_desktop.window.focusWidget() is panel.form.token_code
    assert panel.actions_bar.primary.text() == "&Get token"


@pytest.mark.fault(1)
@pytest.mark.parametrize("form", ["{0} {1}", " {0}{1} ", "{0}{1}\n", "{0}\u3000{1}", "{0}\u00a0{1}"])
def test_code_with_blanks_is_taken(mfa_desktop: Desktop, code_of: Callable[[str], str], hand: Hand, form: str) -> None:
    code = code_of("alice")
    panel = mfa_desktop.window.panel
    panel.form.token_code.insert(form.format(code[:3], code[3:]))
    hand.click(panel.actions_bar.primary)
    hand.settle(mfa_desktop)
    assert mfa_desktop.sessions.is_live(chosen(mfa_desktop).id)


def test_missing_code_is_told_and_the_field_gets_the_cursor(mfa_desktop: Desktop, hand: Hand) -> None:
    hand.get_token(mfa_desktop)
    panel = mfa_desktop.window.panel
    assert "A code is needed" in hand.shown_text(panel.note)
    assert mfa_desktop.window.focusWidget() is panel.form.token_code


def test_code_without_a_device_is_told(desktop: Desktop, hand: Hand) -> None:
    hand.get_token(desktop, "123456")
    assert "Fill in the MFA device" in hand.shown_text(desktop.window.panel.note)


@pytest.mark.fault(3)
def test_arn_of_a_user_is_no_device(mfa_desktop: Desktop, hand: Hand) -> None:
    form = mfa_desktop.window.panel.form
    hand.retype(form.mfa_serial.lineEdit(), "arn:aws:iam::123456789012:user/alice")
    hand.get_token(mfa_desktop, "123456")
    assert "This is a user, not an MFA device" in hand.shown_text(mfa_desktop.window.panel.note)
    assert mfa_desktop.window.focusWidget() is form.mfa_serial


def test_note_goes_when_its_cause_is_mended_and_does_not_take_the_focus_again(
    qtbot: QtBot,
    open_desktop: Callable[..., Desktop],
    write_aws_files: Callable[..., None],
    add_profile: Callable[..., Profile],
    hand: Hand,
) -> None:
    write_aws_files("alice")
    add_profile("first", "alice")
    add_profile("second", "alice")
    desktop = open_desktop()
    hand.get_token(desktop)
    panel, view = desktop.window.panel, desktop.window.list
    assert panel.note.isVisible()
    view.setFocus()
    QTest.keyClick(view, Qt.Key.Key_Down)
    assert panel.name.text() == "second"
    assert not panel.note.isVisible()
    QTest.keyClick(view, Qt.Key.Key_Up)
    assert panel.note.isVisible()
    assert desktop.window.focusWidget() is view
    panel.form.mfa_serial.setEditText("")
    assert panel.form.finish_editing()
    assert not panel.note.isVisible()
