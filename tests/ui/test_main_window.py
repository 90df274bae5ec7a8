"""What a person sees and clicks in the window as a whole: the first run, the list, names."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QColor, QPalette
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from sts_desktop.core.profile import AwsProfileKey, EndpointChoice, Profile
from sts_desktop.core.services import Services
from sts_desktop.core.vault.vault import Vault
from sts_desktop.demo.palettes import PALETTES
from sts_desktop.ui.access_key_dialog import AccessKeyDialog
from sts_desktop.ui.app import Desktop
from sts_desktop.ui.colours import READABLE, contrast
from tests.ui.hand import PATIENCE_MS, Hand, chosen, profile_of


def names(desktop: Desktop) -> list[str]:
    model = desktop.window.list.model()
    return [model.index(row, 0).data() for row in range(model.rowCount())]


def action(desktop: Desktop, text: str) -> QAction:
    return next(action for action in desktop.window.actions() if action.text().replace("&", "") == text)


def open_key_dialog(desktop: Desktop) -> AccessKeyDialog:
    dialogs = desktop.window.findChildren(AccessKeyDialog)
    assert len(dialogs) == 1
    return dialogs[0]


# The first run


def test_first_run_offers_the_keys_in_the_aws_files(
    open_desktop: Callable[..., Desktop], write_aws_files: Callable[..., None], hand: Hand, services: Services
) -> None:
    write_aws_files("alice", "bob", config="[profile bob]\nregion = eu-west-1\nduration_seconds = 7200\n")
    desktop = open_desktop()
    welcome = desktop.window.welcome
    assert welcome.isVisible()
    assert "2" in welcome.found.text()
    assert "~/.aws" in welcome.found.text()
    for name in ("alice", "bob"):
        assert name in hand.shown_text(welcome)
    hand.click(welcome.found)
    hand.settle(desktop)
    assert not welcome.isVisible()
    assert desktop.window.panel.isVisible()
    saved = services.settings.load().profiles
    alice, bob = sorted(saved, key=lambda profile: profile.name)
    assert (alice.name, alice.source) == ("alice", AwsProfileKey("alice"))
    assert alice.mfa_serial.endswith("mfa/alice-phone")
    assert (bob.working_region, bob.duration_seconds) == ("eu-west-1", 7200)
    assert names(desktop) == [profile.name for profile in saved]
    assert chosen(desktop) == saved[0]


@pytest.mark.fault(30)
def test_first_run_without_keys_offers_to_enter_one(open_desktop: Callable[..., Desktop], hand: Hand) -> None:
    desktop = open_desktop()
    welcome = desktop.window.welcome
    assert not welcome.found.isVisible()
    assert not welcome.problem.isVisible()
    assert welcome.demo.isVisible()
    hand.click(welcome.enter)
    dialog = open_key_dialog(desktop)
    assert dialog.isVisible()
    assert dialog.isModal()
    dialog.reject()


@pytest.mark.fault(38)
def test_first_run_with_a_broken_credentials_file_says_so(
    open_desktop: Callable[..., Desktop], credentials_file: Path, hand: Hand
) -> None:
    broken = b"[default]\naws_access_key_id = \xff\xfe\n"
    credentials_file.parent.mkdir(parents=True)
    credentials_file.write_bytes(broken)
    welcome = open_desktop().window.welcome
    assert welcome.problem.isVisible()
    assert "AWS file not readable" in hand.shown_text(welcome.problem)
    assert str(credentials_file) in hand.shown_text(welcome.problem)
    assert not welcome.found.isVisible()
    assert welcome.enter.isEnabled()
    assert credentials_file.read_bytes() == broken


def test_demo_is_offered_and_asked_for(qtbot: QtBot, open_desktop: Callable[..., Desktop], hand: Hand) -> None:
    desktop = open_desktop(is_demo=False)
    desktop.window.demo_requested.disconnect()  # not to start a program
    with qtbot.waitSignal(desktop.window.demo_requested):
        hand.click(desktop.window.welcome.demo)
    assert not open_desktop(is_demo=True).window.welcome.demo.isVisible()


# The list


def test_search_narrows_by_name_place_and_region(
    qtbot: QtBot, open_desktop: Callable[..., Desktop], add_profile: Callable[..., Profile]
) -> None:
    add_profile("work")
    add_profile("Staging", endpoint=EndpointChoice("eu-west-1"))
    add_profile("本番", endpoint=EndpointChoice("ap-northeast-1"))
    desktop = open_desktop()
    window = desktop.window
    for needle, expected in (
        ("stag", ["Staging"]),
        ("TOKYO", ["本番"]),
        ("eu-west", ["Staging"]),
        ("nothing like it", []),
        ("", ["work", "Staging", "本番"]),
    ):
        window.search.selectAll()
        QTest.keyClick(window.search, Qt.Key.Key_Delete)
        QTest.keyClicks(window.search, needle)
        assert names(desktop) == expected
    window.search.setText("本番")
    assert names(desktop) == ["本番"]


def contrast_of_ink(widget: QWidget) -> float:
    """How much what is painted on `widget` stands out from its background; 1 where nothing is."""
    image = widget.grab().toImage()
    colours = {image.pixel(x, y) for x in range(image.width()) for y in range(image.height())}
    background = widget.palette().color(QPalette.ColorRole.Base)
    return max(contrast(QColor(colour), background) for colour in colours)


@pytest.mark.parametrize("theme", sorted(PALETTES))
def test_a_list_without_profiles_says_so(open_desktop: Callable[..., Desktop], theme: str) -> None:
    desktop = open_desktop()
    profiles = desktop.window.list
    profiles.setPalette(PALETTES[theme]())
    assert profiles.hint() == "No profiles yet"
    assert profiles.accessibleDescription() == "No profiles yet"
    assert contrast_of_ink(profiles.viewport()) >= READABLE - 0.5  # glyphs have soft edges
    desktop.profiles.create("first")
    assert (profiles.hint(), profiles.accessibleDescription()) == ("", "")


def test_a_search_that_finds_nothing_is_quoted(
    open_desktop: Callable[..., Desktop], add_profile: Callable[..., Profile], hand: Hand
) -> None:
    add_profile("work")
    desktop = open_desktop()
    window = desktop.window
    window.search.setText(" no {such} <b>thing</b> & more ")
    assert window.list.hint() == "Nothing matches “no {such} <b>thing</b> & more”"
    assert window.list.accessibleDescription() == window.list.hint()
    window.search.setText("x" * 4_000)
    assert contrast_of_ink(window.list.viewport()) >= READABLE - 0.5
    window.search.clear()
    assert (window.list.hint(), window.list.accessibleDescription()) == ("", "")
    window.search.setText("nowhere")
    desktop.deletions.delete(chosen(desktop).id)
    hand.settle(desktop)
    assert window.list.hint() == "No profiles yet"  # nothing could match


def test_profile_made_while_searching_is_seen(qtbot: QtBot, desktop: Desktop, hand: Hand) -> None:
    desktop.window.search.setText("work")
    hand.click(desktop.window.new)
    hand.settle(desktop)
    assert desktop.window.list.current() == chosen(desktop).id
    assert "new profile" in names(desktop)
    assert desktop.window.panel.name.text() == "new profile"


def test_click_on_a_row_shows_that_profile(
    qtbot: QtBot, open_desktop: Callable[..., Desktop], add_profile: Callable[..., Profile]
) -> None:
    add_profile("work")
    add_profile("staging", endpoint=EndpointChoice("eu-west-1"))
    desktop = open_desktop()
    view, panel = desktop.window.list, desktop.window.panel
    assert panel.name.text() == "work"
    centre = view.visualRect(view.model().index(1, 0)).center()
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=centre)
    assert panel.name.text() == "staging"
    assert "eu-west-1" in panel.form.endpoint.currentText()
    QTest.keyClick(view, Qt.Key.Key_Up)
    assert panel.name.text() == "work"


def test_row_is_read_out_with_its_state(desktop: Desktop, hand: Hand) -> None:
    index = desktop.window.list.model().index(0, 0)
    role = int(Qt.ItemDataRole.AccessibleTextRole)
    assert "work" in index.data(role)
    assert "no session" in index.data(role)
    hand.get_token(desktop)
    assert "11:59:" in index.data(role)


def test_new_profile_takes_the_only_key_and_waits_for_its_name(
    qtbot: QtBot, desktop: Desktop, services: Services, hand: Hand
) -> None:
    hand.click(desktop.window.new)
    hand.settle(desktop)
    made = chosen(desktop)
    assert made.source == AwsProfileKey("bob")
    name = desktop.window.panel.name
    assert desktop.window.focusWidget() is name
    assert name.selectedText() == made.name
    QTest.keyClicks(name, "staging")
    QTest.keyClick(name, Qt.Key.Key_Return)
    hand.settle(desktop)
    assert [profile.name for profile in services.settings.load().profiles] == ["work", "staging"]


def test_new_profile_while_the_name_of_another_is_edited(
    qtbot: QtBot, desktop: Desktop, services: Services, hand: Hand
) -> None:
    panel = desktop.window.panel
    panel.name.setFocus()
    qtbot.waitUntil(panel.name.hasFocus, timeout=PATIENCE_MS)
    action(desktop, "New profile").trigger()
    assert panel.name.text() == chosen(desktop).name != "work"
    panel.form.token_code.setFocus()
    hand.settle(desktop)
    assert not panel.note.isVisible()
    assert [profile.name for profile in services.settings.load().profiles] == ["work", "new profile"]


def test_what_is_being_typed_never_lands_in_another_profile(
    qtbot: QtBot, desktop: Desktop, services: Services, hand: Hand
) -> None:
    panel = desktop.window.panel
    duration = panel.form.duration.combo.lineEdit()
    assert duration is not None
    panel.form.duration.combo.setFocus()
    qtbot.waitUntil(duration.hasFocus, timeout=PATIENCE_MS)
    duration.selectAll()
    QTest.keyClicks(duration, "90m")
    action(desktop, "New profile").trigger()  # Ctrl+N, with the focus still in the field
    hand.settle(desktop)
    saved = {profile.name: profile.duration_seconds for profile in services.settings.load().profiles}
    assert saved == {"work": 5400, "new profile": 43_200}


# Names


@pytest.mark.parametrize("name", ["<img src=x>", "本番", "a & b", "[x]", "../..", "x" * 80])
@pytest.mark.fault(41)
def test_any_name_is_taken_and_shown_as_it_is(desktop: Desktop, services: Services, hand: Hand, name: str) -> None:
    hand.retype(desktop.window.panel.name, name)
    hand.settle(desktop)
    assert services.settings.load().profiles[0].name == name
    assert desktop.window.panel.name.text() == name
    assert names(desktop) == [name]
    hand.get_token(desktop)
    assert name in hand.shown_text(desktop.window.message_bar)
    for label in desktop.window.findChildren(QLabel):
        assert name not in label.text() or label.textFormat() is Qt.TextFormat.PlainText


@pytest.mark.parametrize("name", ["", "   ", "x" * 81, "staging", " staging "])
@pytest.mark.fault(41)
def test_unusable_name_is_refused_and_stays_to_be_corrected(
    open_desktop: Callable[..., Desktop], add_profile: Callable[..., Profile], services: Services, hand: Hand, name: str
) -> None:
    add_profile("work")
    add_profile("staging")
    desktop = open_desktop()
    panel = desktop.window.panel
    hand.retype(panel.name, name)
    hand.settle(desktop)
    assert panel.note.isVisible()
    assert "This name cannot be used" in hand.shown_text(panel.note)
    assert panel.name.text() == name  # it stays, to be corrected
    assert [profile.name for profile in services.settings.load().profiles] == ["work", "staging"]


# Coming back


def come_back(desktop: Desktop) -> None:
    """Leave the window for another one, and come back to it."""
    elsewhere = QWidget()
    elsewhere.show()
    elsewhere.activateWindow()
    QTest.qWaitForWindowActive(elsewhere)
    elsewhere.hide()
    elsewhere.deleteLater()
    desktop.window.activateWindow()
    QTest.qWaitForWindowActive(desktop.window)


def test_what_commands_did_meanwhile_appears(
    qtbot: QtBot,
    open_desktop: Callable[..., Desktop],
    make_services: Callable[..., Services],
    open_keyring: Callable[[], Vault],
    write_aws_files: Callable[..., None],
    add_profile: Callable[..., Profile],
    hand: Hand,
) -> None:
    write_aws_files("bob")
    work = add_profile("work")
    desktop = open_desktop(make_services(open_keyring()))
    commands = make_services(open_keyring())
    theirs = commands.profiles.create("theirs", work)
    for profile in (work, theirs):
        commands.sessions.get_token(profile)
    write_aws_files("bob", "alice")
    assert names(desktop) == ["work"]
    with qtbot.waitSignal(desktop.window.activated, timeout=PATIENCE_MS):
        come_back(desktop)
    hand.settle(desktop)
    assert names(desktop) == ["work", "theirs"]
    assert chosen(desktop).name == "work"
    assert desktop.window.panel.status.text().startswith("Active")
    assert len(desktop.sessions.live_sessions()) == 2
    assert [known.name for known in desktop.keys.usable_aws_profiles()] == ["alice", "bob"]


def test_what_is_being_typed_outlives_coming_back(
    qtbot: QtBot, desktop: Desktop, make_services: Callable[..., Services], hand: Hand
) -> None:
    form = desktop.window.panel.form
    QTest.keyClicks(form.token_code, "123456")
    make_services().profiles.create("theirs")
    come_back(desktop)
    hand.settle(desktop)
    assert names(desktop) == ["work", "theirs"]
    assert form.token_code.text() == "123456"


def test_aws_files_that_cannot_be_read_are_told_of_until_they_can(
    qtbot: QtBot, desktop: Desktop, credentials_file: Path, hand: Hand
) -> None:
    whole = credentials_file.read_text()
    credentials_file.write_text(whole + "[broken\n")
    note = desktop.window.notes.aws_files
    qtbot.waitUntil(note.isVisible, timeout=PATIENCE_MS)  # seen without a click
    assert "credentials" in hand.shown_text(note)
    assert "without an access key" not in desktop.window.panel.form.access_key.currentText()
    credentials_file.write_text(whole)
    qtbot.waitUntil(lambda: not note.isVisible(), timeout=PATIENCE_MS)


def test_settings_in_the_middle_of_being_written_take_no_profile_away(
    qtbot: QtBot, desktop: Desktop, hand: Hand, services: Services
) -> None:
    text = services.settings.path.read_text()
    services.settings.path.write_text(text[:20])
    with qtbot.waitSignal(desktop.profiles.failed, timeout=PATIENCE_MS):
        desktop.profiles.reload()
    assert "damaged" in hand.shown_text(desktop.window.notes.problem)
    assert [profile.name for profile in desktop.profiles.settings.profiles] == ["work"]
    services.settings.path.write_text(text.replace('"work"', '"by hand"'))
    desktop.profiles.reload()
    hand.settle(desktop)
    assert [profile.name for profile in desktop.profiles.settings.profiles] == ["by hand"]
    assert not desktop.window.notes.problem.isVisible()


@pytest.mark.parametrize("is_new", [True, False])
def test_edit_while_the_settings_are_damaged_waits_until_they_are_right(
    qtbot: QtBot, desktop: Desktop, hand: Hand, services: Services, is_new: bool
) -> None:
    whole = services.settings.path.read_text()
    services.settings.path.write_text(whole[:20])
    if is_new:
        desktop.profiles.create("new")
    else:
        desktop.profiles.edit(replace(profile_of(desktop), working_region="eu-west-1"))
    note = desktop.window.notes.problem
    qtbot.waitUntil(note.isVisible, timeout=PATIENCE_MS)
    assert "damaged" in hand.shown_text(note)
    desktop.profiles.reload()
    qtbot.waitUntil(desktop.jobs.is_idle, timeout=PATIENCE_MS)
    assert profile_of(desktop).name == "work"
    assert services.settings.path.read_text() == whole[:20]
    services.settings.path.write_text(whole)
    desktop.profiles.reload()
    hand.settle(desktop)
    assert not note.isVisible()
    names = ["work", "new"] if is_new else ["work"]
    assert [profile.name for profile in services.settings.load().profiles] == names
    assert services.settings.load().profiles[0].working_region == ("" if is_new else "eu-west-1")
