"""Writing the session into the credentials file, by clicks."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from sts_desktop.core.services import Services
from sts_desktop.ui.app import Desktop
from sts_desktop.ui.section_dialog import SectionDialog
from tests.ui.hand import PATIENCE_MS, Hand, chosen


def remedy(desktop: Desktop, label: str) -> QPushButton:
    return next(button for button in desktop.window.panel.note.remedy_buttons() if button.text() == label)


@pytest.fixture
def write(desktop: Desktop, hand: Hand) -> Callable[[], None]:
    def write() -> None:
        hand.click(desktop.window.panel.actions_bar.write)
        hand.settle(desktop)

    hand.get_token(desktop)
    return write


def test_session_is_written_without_a_question(
    desktop: Desktop, write: Callable[[], None], services: Services, credentials_file: Path, hand: Hand
) -> None:
    assert "[work]" in desktop.window.panel.actions_bar.write.text()
    write()
    text = credentials_file.read_text()
    stored = services.vault.session(chosen(desktop).id)
    assert stored is not None
    assert "[work]" in text
    assert stored.session_token in text
    assert "[bob]" in text
    assert "written to [work] in ~/.aws/credentials" in hand.shown_text(desktop.window.panel)
    assert "ritten to [work] in ~/.aws/credentials" in hand.shown_text(desktop.window.message_bar)


def test_renewed_session_is_written_again(
    desktop: Desktop, write: Callable[[], None], hand: Hand, services: Services, credentials_file: Path
) -> None:
    write()
    hand.get_token(desktop)
    stored = services.vault.session(chosen(desktop).id)
    assert stored is not None
    assert stored.session_token in credentials_file.read_text()
    write()  # one we wrote needs no question
    assert not desktop.window.panel.note.isVisible()


FOREIGN = "[work]\naws_access_key_id = AKIASOMEBODYELSE9876\naws_secret_access_key = theirs\n"


@pytest.fixture
def add_foreign_section(credentials_file: Path) -> Callable[[], bytes]:
    def add_foreign_section() -> bytes:
        credentials_file.write_text(credentials_file.read_text() + FOREIGN)
        return credentials_file.read_bytes()

    return add_foreign_section


def test_somebody_elses_keys_are_shown_before_they_are_replaced(
    desktop: Desktop,
    write: Callable[[], None],
    add_foreign_section: Callable[[], bytes],
    credentials_file: Path,
    services: Services,
    hand: Hand,
) -> None:
    before = add_foreign_section()
    write()
    note = desktop.window.panel.note
    assert credentials_file.read_bytes() == before
    assert "Credentials are there that STS Desktop did not write" in hand.shown_text(note)
    assert "…9876" in hand.shown_text(note)
    assert "theirs" not in hand.shown_text(note)
    hand.click(remedy(desktop, "Replace them"))
    hand.settle(desktop)
    stored = services.vault.session(chosen(desktop).id)
    assert stored is not None
    assert stored.session_token in credentials_file.read_text()
    assert "theirs" not in credentials_file.read_text()
    assert not note.isVisible()


def test_another_section_can_be_chosen_instead(
    qtbot: QtBot,
    desktop: Desktop,
    write: Callable[[], None],
    add_foreign_section: Callable[[], bytes],
    credentials_file: Path,
    services: Services,
    hand: Hand,
) -> None:
    add_foreign_section()
    write()
    hand.click(remedy(desktop, "Write to another section…"))
    (dialog,) = desktop.window.findChildren(SectionDialog)
    assert dialog.section.text() == "work"
    for name, title in (("a b", "This name cannot be used"), ("bob", "This section is in use")):
        hand.retype(dialog.section, name)
        assert title in hand.shown_text(dialog.note)
    hand.retype(dialog.section, "work-session")
    qtbot.waitUntil(lambda: not desktop.window.findChildren(SectionDialog), timeout=PATIENCE_MS)
    hand.settle(desktop)
    text = credentials_file.read_text()
    assert FOREIGN in text
    assert "[work-session]" in text
    assert services.settings.load().profiles[0].section == "work-session"
    assert "[work-session]" in desktop.window.panel.actions_bar.write.text()


@pytest.mark.fault(31)
def test_unwritable_file_is_told_and_the_session_stays(
    desktop: Desktop, write: Callable[[], None], credentials_file: Path, hand: Hand
) -> None:
    credentials_file.unlink()
    credentials_file.mkdir()
    write()
    note = desktop.window.panel.note
    assert note.isVisible()
    assert str(credentials_file) in hand.shown_text(note)
    assert desktop.window.panel.actions_bar.copy.isEnabled()
    assert desktop.sessions.is_live(chosen(desktop).id)


@pytest.mark.expects_warnings
def test_renewal_that_cannot_be_written_is_kept_and_told(
    desktop: Desktop, write: Callable[[], None], hand: Hand, services: Services, credentials_file: Path
) -> None:
    write()
    whole = credentials_file.read_text()
    credentials_file.write_text(whole.partition("[work]")[0] + FOREIGN)
    before = credentials_file.read_bytes()
    hand.get_token(desktop)
    panel = desktop.window.panel
    assert credentials_file.read_bytes() == before
    assert desktop.sessions.is_live(chosen(desktop).id)
    assert panel.not_written.isVisible()
    assert "The newest session is not in [work]" in hand.shown_text(panel.not_written)
    credentials_file.write_text(whole)
    (again,) = panel.not_written.remedy_buttons()
    hand.click(again)
    hand.settle(desktop)
    stored = services.vault.session(chosen(desktop).id)
    assert stored is not None
    assert stored.session_token in credentials_file.read_text()
    assert not panel.not_written.isVisible()


@pytest.mark.expects_warnings
def test_each_section_that_is_left_out_is_told_in_turn(
    desktop: Desktop, write: Callable[[], None], hand: Hand, credentials_file: Path
) -> None:
    write()
    desktop.sessions.write(chosen(desktop).id, "play")
    hand.settle(desktop)
    panel = desktop.window.panel
    assert "written to [work], [play] in ~/.aws/credentials" in hand.shown_text(panel.footer)
    whole = credentials_file.read_text()
    foreign = FOREIGN + FOREIGN.replace("[work]", "[play]")
    credentials_file.write_text(whole.partition("[work]")[0] + foreign)
    hand.get_token(desktop)
    credentials_file.write_text(whole)
    for section in ("work", "play"):
        assert f"The newest session is not in [{section}]" in hand.shown_text(panel.not_written)
        hand.click(panel.not_written.remedy_buttons()[0])
        hand.settle(desktop)
    assert not panel.not_written.isVisible()
    assert sorted(written.section for written in desktop.sessions.record(chosen(desktop).id).written) == [
        "play",
        "work",
    ]


@pytest.mark.fault(42)
def test_config_file_that_wins_is_told_before_and_written_all_the_same_when_told(
    desktop: Desktop, write: Callable[[], None], services: Services, credentials_file: Path, hand: Hand
) -> None:
    credentials_file.with_name("config").write_text("[profile work]\nrole_arn = arn:aws:iam::123456789012:role/x\n")
    before = credentials_file.read_bytes()
    write()
    note = desktop.window.panel.note
    assert "AWS tools would not use it" in hand.shown_text(note)
    assert "role_arn" in hand.shown_text(note)
    assert credentials_file.read_bytes() == before
    assert [button.text() for button in note.remedy_buttons()] == ["Write all the same", "Write to another section…"]
    hand.click(remedy(desktop, "Write all the same"))
    hand.settle(desktop)
    stored = services.vault.session(chosen(desktop).id)
    assert stored is not None
    assert stored.session_token in credentials_file.read_text()
    assert not note.isVisible()


@pytest.mark.fault(35)
@pytest.mark.fault(42)
def test_somebody_elses_keys_are_shown_although_the_config_file_was_told_of(
    desktop: Desktop,
    write: Callable[[], None],
    add_foreign_section: Callable[[], bytes],
    credentials_file: Path,
    hand: Hand,
) -> None:
    credentials_file.with_name("config").write_text("[profile work]\nrole_arn = arn:aws:iam::123456789012:role/x\n")
    before = add_foreign_section()
    write()
    hand.click(remedy(desktop, "Write all the same"))
    hand.settle(desktop)
    assert "Credentials are there that STS Desktop did not write" in hand.shown_text(desktop.window.panel.note)
    assert credentials_file.read_bytes() == before
    hand.click(remedy(desktop, "Replace them"))
    hand.settle(desktop)
    assert "theirs" not in credentials_file.read_text()
    assert not desktop.window.panel.note.isVisible()


@pytest.mark.fault(35)
def test_keys_are_replaced_in_the_section_that_was_told_of(
    qtbot: QtBot,
    desktop: Desktop,
    write: Callable[[], None],
    add_foreign_section: Callable[[], bytes],
    credentials_file: Path,
    hand: Hand,
) -> None:
    add_foreign_section()
    elsewhere = FOREIGN.replace("work", "elsewhere").replace("9876", "1234")
    credentials_file.write_text(credentials_file.read_text() + elsewhere)
    write()
    hand.click(remedy(desktop, "Write to another section…"))
    (dialog,) = desktop.window.findChildren(SectionDialog)
    hand.retype(dialog.section, "elsewhere")
    qtbot.waitUntil(lambda: "…1234" in hand.shown_text(desktop.window.panel.note), timeout=PATIENCE_MS)
    hand.click(remedy(desktop, "Replace them"))
    hand.settle(desktop)
    text = credentials_file.read_text()
    assert FOREIGN in text
    assert elsewhere not in text


def test_place_where_somebody_put_other_keys_is_not_called_written_to_any_more(
    qtbot: QtBot, desktop: Desktop, hand: Hand, credentials_file: Path
) -> None:
    hand.get_token(desktop)
    hand.write(desktop)
    hand.settle(desktop)
    footer = desktop.window.panel.footer
    assert "written to [work]" in hand.shown_text(footer)
    ours = credentials_file.read_text()
    theirs, written = ours.partition("[work]")[0], "[work]\naws_access_key_id = AKIASOMEBODYELSES\n"
    credentials_file.write_text(f"{theirs}{written}aws_secret_access_key = x\n")
    qtbot.waitUntil(lambda: "written to" not in hand.shown_text(footer), timeout=PATIENCE_MS)
    credentials_file.write_text(ours)
    qtbot.waitUntil(lambda: "written to [work]" in hand.shown_text(footer), timeout=PATIENCE_MS)
    hand.get_token(desktop)  # a renewal is written there too
    hand.settle(desktop)
    assert "written to [work]" in hand.shown_text(footer)
