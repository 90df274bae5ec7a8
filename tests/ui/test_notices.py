"""What the window tells that belongs to no profile, and its menu."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMessageBox, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from sts_desktop.core.credentials import CallerIdentity
from sts_desktop.core.errors import StsDesktopError
from sts_desktop.core.paths import Paths
from sts_desktop.core.revocation import how_to_revoke
from sts_desktop.core.services import Services
from sts_desktop.core.session_trial import SessionTrial
from sts_desktop.core.sessions import EndedSession
from sts_desktop.core.vault.errors import NoSessionBusError
from sts_desktop.core.vault.store import MemoryStore, OpenedStore, VaultStatus
from sts_desktop.core.vault.vault import Vault
from sts_desktop.ui.app import Desktop
from sts_desktop.ui.duration_field import local_time
from sts_desktop.ui.notices import Notice, end_notice, trial_notice
from tests.ui.hand import PATIENCE_MS, Hand


def action(desktop: Desktop, text: str) -> QAction:
    return next(action for action in desktop.window.actions() if action.text().replace("&", "") == text)


@pytest.fixture
def persistent_vault() -> Vault:
    """A vault that says it is a keyring."""
    status = VaultStatus("Test keyring", is_persistent=True, reason="")
    return Vault(lambda: OpenedStore(status, MemoryStore()))


@pytest.mark.fault(23)
def test_without_a_keyring_the_window_says_memory_only(
    open_desktop: Callable[..., Desktop], make_services: Callable[..., Services], hand: Hand
) -> None:
    error = NoSessionBusError()
    status = VaultStatus("memory only", is_persistent=False, reason=f"{error.message} {error.hint}")
    desktop = open_desktop(make_services(Vault(lambda: OpenedStore(status, MemoryStore()))))
    text = hand.shown_text(desktop.window.notes.vault)
    assert "memory only" in text
    assert error.message in text
    assert "memory only" in hand.shown_text(desktop.window.message_bar)


def test_with_a_keyring_its_name_stands_below_and_no_banner_above(
    open_desktop: Callable[..., Desktop], make_services: Callable[..., Services], persistent_vault: Vault, hand: Hand
) -> None:
    desktop = open_desktop(make_services(persistent_vault))
    assert not desktop.window.notes.vault.isVisible()
    assert "Test keyring" in hand.shown_text(desktop.window.message_bar)


@pytest.mark.fault(46)
def test_corrupt_settings_are_kept_aside_and_told_once(
    open_desktop: Callable[..., Desktop], make_services: Callable[..., Services], paths: Paths, hand: Hand
) -> None:
    paths.config.mkdir(parents=True)
    paths.settings_file.write_text('{"version": 1, "profiles": [')
    desktop = open_desktop(make_services())
    (kept,) = paths.config.glob("settings.json.unreadable-*")
    assert kept.read_text() == '{"version": 1, "profiles": ['
    text = hand.shown_text(desktop.window.notes.problem)
    assert "settings.json could not be read" in text
    assert str(kept) in text or kept.name in text
    assert desktop.window.welcome.isVisible()
    assert not open_desktop(make_services()).window.notes.problem.isVisible()


@pytest.mark.fault(46)
def test_each_file_that_was_kept_aside_is_told(
    open_desktop: Callable[..., Desktop], make_services: Callable[..., Services], paths: Paths, hand: Hand
) -> None:
    for path in (paths.settings_file, paths.state_file):
        path.parent.mkdir(parents=True)
        path.write_text("{}")
    text = hand.shown_text(open_desktop(make_services()).window.notes.problem)
    assert "settings.json" in text
    assert "state.json" in text


def test_notice_is_closed_by_its_button(qtbot: QtBot, desktop: Desktop, hand: Hand) -> None:
    desktop.window.tell_problem(StsDesktopError("It <b>broke</b>", "In the middle.", "Mend it."))
    note = desktop.window.notes.problem
    assert "It <b>broke</b>" in hand.shown_text(note)
    assert "Mend it." in hand.shown_text(note)
    (close,) = [child for child in note.findChildren(QWidget) if child.accessibleName() == "Close this note"]
    hand.click(close)
    assert not note.isVisible()


def test_about_says_where_things_are(qtbot: QtBot, desktop: Desktop, paths: Paths) -> None:
    action(desktop, "About STS Desktop").trigger()
    (box,) = desktop.window.findChildren(QMessageBox)
    assert box.isVisible()
    assert paths.shown(paths.settings_file) in box.informativeText()
    box.accept()
    qtbot.waitUntil(lambda: not desktop.window.findChildren(QMessageBox), timeout=PATIENCE_MS)


def test_quit_ends_the_program_whether_or_not_there_is_a_tray(qtbot: QtBot, desktop: Desktop) -> None:
    with qtbot.waitSignal(desktop.quit_requested):
        action(desktop, "Quit").trigger()


def test_read_again_finds_a_new_key(
    qtbot: QtBot, desktop: Desktop, write_aws_files: Callable[..., None], hand: Hand
) -> None:
    write_aws_files("bob", "alice")
    action(desktop, "Read the AWS files again").trigger()
    hand.settle(desktop)
    field = desktop.window.panel.form.access_key
    assert any(field.itemText(row).startswith("alice") for row in range(field.count()))


def test_menu_opens_with_the_main_commands(qtbot: QtBot, desktop: Desktop) -> None:
    (button,) = [found for found in desktop.window.findChildren(QToolButton) if found.accessibleName() == "Menu"]
    menu = button.menu()
    assert menu is not None
    menu.popup(desktop.window.mapToGlobal(QPoint(0, 0)))
    assert menu.isVisible()
    assert len([entry for entry in menu.actions() if not entry.isSeparator()]) >= 5
    menu.close()


# What came of ending or testing a session


IDENTITY = CallerIdentity("123456789012", "arn:aws:iam::123456789012:user/bob", "AIDAEXAMPLE")
NOW = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)


def test_session_that_aws_no_longer_accepts_needs_no_revocation() -> None:
    notice = end_notice(EndedSession(until=None), NOW)
    assert notice == Notice("The session is forgotten here", "")


def test_what_hinders_removing_it_from_the_file_is_told_first() -> None:
    notice = end_notice(EndedSession(NOW + timedelta(hours=1), problem="The file is locked."), NOW)
    assert notice.text.startswith("The file is locked.")
    assert local_time(NOW + timedelta(hours=1), NOW) in notice.text
    assert notice.text.endswith(how_to_revoke())


@pytest.mark.parametrize(
    ("trial", "end"),
    [
        (SessionTrial(IDENTITY), f"{IDENTITY.arn}."),
        (SessionTrial(IDENTITY, 0), "It can list 0 buckets."),
        (SessionTrial(IDENTITY, 1), "It can list 1 bucket."),
        (SessionTrial(IDENTITY, None, "S3 did not answer."), "S3 did not answer."),
    ],
)
def test_tried_session_says_what_it_is_good_for(trial: SessionTrial, end: str) -> None:
    notice = trial_notice(trial)
    assert IDENTITY.arn in notice.text
    assert notice.text.endswith(end)
