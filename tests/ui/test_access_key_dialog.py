"""Typing an access key, once."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from sts_desktop.core.access_keys import AccessKeys
from sts_desktop.core.credentials import AccessKey
from sts_desktop.core.profile import AwsProfileKey, Profile, VaultKey
from sts_desktop.core.profiles import BLANK
from sts_desktop.core.services import Services
from sts_desktop.core.settings import AccessKeyEntry
from sts_desktop.demo.embedded_sts import EmbeddedSts
from sts_desktop.ui.access_key_dialog import AccessKeyDialog
from sts_desktop.ui.app import Desktop
from tests.ui.hand import PATIENCE_MS, Hand, chosen


def names(desktop: Desktop) -> list[str]:
    model = desktop.window.list.model()
    return [model.index(row, 0).data() for row in range(model.rowCount())]


def open_key_dialog(desktop: Desktop) -> AccessKeyDialog:
    dialogs = desktop.window.findChildren(AccessKeyDialog)
    assert len(dialogs) == 1
    return dialogs[0]


def fill_in(qtbot: QtBot, dialog: AccessKeyDialog, name: str, key_id: str, secret: str) -> None:
    for field, text in ((dialog.name, name), (dialog.key_id, key_id), (dialog.secret, secret)):
        field.selectAll()
        QTest.keyClicks(field, text)


def save_button(dialog: AccessKeyDialog) -> QWidget:
    return dialog.buttons.accept


def test_entered_key_makes_the_first_profile(
    qtbot: QtBot, open_desktop: Callable[..., Desktop], embedded_sts: EmbeddedSts, services: Services, hand: Hand
) -> None:
    desktop = open_desktop()
    key = embedded_sts.directory.user("bob").access_key
    hand.click(desktop.window.welcome.enter)
    dialog = open_key_dialog(desktop)
    fill_in(qtbot, dialog, "main", key.access_key_id, key.secret_access_key)
    assert dialog.secret.displayText() != key.secret_access_key
    hand.click(save_button(dialog))
    qtbot.waitUntil(lambda: not desktop.window.findChildren(AccessKeyDialog), timeout=PATIENCE_MS)
    hand.settle(desktop)
    entry = services.settings.load().access_keys[0]
    assert chosen(desktop).source == VaultKey(entry.id)
    assert chosen(desktop).name == "main"
    assert services.vault.access_key(entry.id) == key
    assert "…2BOB" in desktop.window.panel.form.access_key.currentText()
    assert key.secret_access_key not in hand.all_text()
    assert key.access_key_id not in hand.all_text()
    for path in services.paths.config.parent.rglob("*"):
        assert path.is_dir() or key.secret_access_key.encode() not in path.read_bytes()
    hand.get_token(desktop)
    assert desktop.sessions.is_live(chosen(desktop).id)


@pytest.mark.fault(7)
@pytest.mark.parametrize(
    ("key_id", "secret", "title"),
    [
        ("ASIAEXAMPLEDEMOALICE", "demo+secret+of+alice/not/a/real/AWS/key1", "This is a temporary key"),
        ("AKIA EXAMPLE", "demo+secret+of+alice/not/a/real/AWS/key1", "Not an access key id"),
        ("AKIAEXAMPLEDEMOALICE", "demo secret", "Not a secret access key"),
        ("AKIAEXAMPLEDEMOALICE", "", "The secret access key is missing"),
        ("", "demo+secret+of+alice/not/a/real/AWS/key1", "The access key id is missing"),
    ],
)
def test_unusable_key_is_refused_in_the_dialog(
    qtbot: QtBot,
    open_desktop: Callable[..., Desktop],
    hand: Hand,
    services: Services,
    key_id: str,
    secret: str,
    title: str,
) -> None:
    desktop = open_desktop()
    hand.click(desktop.window.welcome.enter)
    dialog = open_key_dialog(desktop)
    fill_in(qtbot, dialog, "main", key_id, secret)
    hand.click(save_button(dialog))
    qtbot.waitUntil(dialog.note.isVisible, timeout=PATIENCE_MS)
    assert title in hand.shown_text(dialog.note)
    assert "demo" not in hand.shown_text(dialog.note)
    assert save_button(dialog).isEnabled()
    assert dialog.secret.isEnabled()
    assert services.settings.load().access_keys == ()
    dialog.reject()


def test_cancelled_dialog_stores_nothing_and_forgets(
    qtbot: QtBot, open_desktop: Callable[..., Desktop], hand: Hand, services: Services
) -> None:
    desktop = open_desktop()
    hand.click(desktop.window.welcome.enter)
    dialog = open_key_dialog(desktop)
    fill_in(qtbot, dialog, "main", "AKIAEXAMPLEDEMOALICE", "secret/of/nobody")
    left: list[str] = []
    dialog.finished.connect(lambda _result: left.append(dialog.key_id.text() + dialog.secret.text()))
    hand.click(dialog.buttons.cancel)
    qtbot.waitUntil(lambda: not desktop.window.findChildren(AccessKeyDialog), timeout=PATIENCE_MS)
    assert left == [""]
    assert "secret/of/nobody" not in hand.all_text()
    assert services.settings.load().access_keys == ()
    assert desktop.window.welcome.isVisible()


def test_second_key_gets_a_name_of_its_own(
    qtbot: QtBot, open_desktop: Callable[..., Desktop], embedded_sts: EmbeddedSts, services: Services, hand: Hand
) -> None:
    desktop = open_desktop()

    def enter(user: str) -> str:
        desktop.window.making.enter_key()
        dialog = open_key_dialog(desktop)
        offered = dialog.name.text()
        key = embedded_sts.directory.user(user).access_key
        fill_in(qtbot, dialog, offered, key.access_key_id, key.secret_access_key)
        hand.click(save_button(dialog))
        qtbot.waitUntil(lambda: not desktop.window.findChildren(AccessKeyDialog), timeout=PATIENCE_MS)
        hand.settle(desktop)
        return offered

    assert enter("alice") == "main"
    assert enter("bob") == "main 2"
    assert [entry.name for entry in services.settings.load().access_keys] == ["main", "main 2"]


def test_key_is_entered_for_the_profile_shown(
    qtbot: QtBot, desktop: Desktop, embedded_sts: EmbeddedSts, services: Services, hand: Hand
) -> None:
    field = desktop.window.panel.form.access_key
    field.activated.emit(field.count() - 1)  # the last entry: "Enter an access key…"
    dialog = open_key_dialog(desktop)
    key = embedded_sts.directory.user("alice").access_key
    fill_in(qtbot, dialog, "main", key.access_key_id, key.secret_access_key)
    hand.click(save_button(dialog))
    qtbot.waitUntil(lambda: not desktop.window.findChildren(AccessKeyDialog), timeout=PATIENCE_MS)
    hand.settle(desktop)
    entry = services.settings.load().access_keys[0]
    assert names(desktop) == ["work"]
    assert services.settings.load().profiles[0].source == VaultKey(entry.id)
    assert field.currentText().startswith("main")


@pytest.fixture
def held_keyring(
    services: Services, monkeypatch: pytest.MonkeyPatch
) -> Iterator[tuple[threading.Event, threading.Event]]:
    """Hold the keyring while a key is stored: the first event is set when it is asked, the second lets go."""
    asked, gate = threading.Event(), threading.Event()
    store_access_key = services.vault.store_access_key

    def store_slowly(key_id: str, key: AccessKey) -> None:
        asked.set()
        gate.wait(20)
        store_access_key(key_id, key)

    monkeypatch.setattr(services.vault, "store_access_key", store_slowly)
    yield asked, gate
    gate.set()


def test_taken_name_is_told_and_replaced_only_when_told(
    qtbot: QtBot, open_desktop: Callable[..., Desktop], services: Services, hand: Hand
) -> None:
    kept = services.access_keys.store("main", "AKIAEXAMPLEDEMOALICE", "x" * 40)
    desktop = open_desktop()
    desktop.window.making.enter_key()
    dialog = open_key_dialog(desktop)
    assert dialog.name.text() == "main 2"
    fill_in(qtbot, dialog, "main", "AKIAEXAMPLEDEMO22BOB", "y" * 40)
    hand.click(save_button(dialog))
    qtbot.waitUntil(dialog.note.isVisible, timeout=PATIENCE_MS)
    assert "There is an access key “main” already" in hand.shown_text(dialog.note)
    assert "…LICE" in hand.shown_text(dialog.note)
    assert services.settings.load().access_keys == (kept,)
    (replace_it,) = dialog.note.remedy_buttons()
    assert replace_it.text() == "Replace it"
    hand.click(replace_it)
    qtbot.waitUntil(lambda: not desktop.window.findChildren(AccessKeyDialog), timeout=PATIENCE_MS)
    hand.settle(desktop)
    (entry,) = services.settings.load().access_keys
    assert (entry.id, entry.name, entry.last_four) == (kept.id, "main", "2BOB")


def test_only_the_key_that_was_told_of_can_be_replaced(
    qtbot: QtBot, open_desktop: Callable[..., Desktop], services: Services, hand: Hand
) -> None:
    for name in ("main", "other"):
        services.access_keys.store(name, "AKIAEXAMPLEDEMOALICE", "x" * 40)
    desktop = open_desktop()
    desktop.window.making.enter_key()
    dialog = open_key_dialog(desktop)
    fill_in(qtbot, dialog, "main", "AKIAEXAMPLEDEMO22BOB", "y" * 40)
    hand.click(save_button(dialog))
    qtbot.waitUntil(dialog.note.isVisible, timeout=PATIENCE_MS)
    dialog.name.selectAll()
    QTest.keyClicks(dialog.name, "other")
    assert not dialog.note.isVisible()
    dialog.reject()


@pytest.mark.fault(25)
def test_cancelled_while_the_keyring_is_asked_closes_at_once_and_stores_nothing(
    qtbot: QtBot, open_desktop: Callable[..., Desktop], services: Services, hand: Hand, monkeypatch: pytest.MonkeyPatch
) -> None:
    looking, gate = threading.Event(), threading.Event()
    called = AccessKeys.called

    def called_slowly(self: AccessKeys, name: str) -> AccessKeyEntry | None:
        looking.set()
        gate.wait(20)
        return called(self, name)

    monkeypatch.setattr(AccessKeys, "called", called_slowly)
    desktop = open_desktop()
    hand.click(desktop.window.welcome.enter)
    dialog = open_key_dialog(desktop)
    fill_in(qtbot, dialog, "main", "AKIAEXAMPLEDEMO22BOB", "y" * 40)
    hand.click(save_button(dialog))
    assert looking.wait(20)
    assert not save_button(dialog).isEnabled()
    hand.click(dialog.buttons.cancel)
    qtbot.waitUntil(lambda: not desktop.window.findChildren(AccessKeyDialog), timeout=PATIENCE_MS)
    gate.set()
    hand.settle(desktop)
    assert services.settings.load().access_keys == ()
    assert desktop.profiles.settings.profiles == ()


def test_answer_to_an_earlier_dialog_does_not_close_the_next(
    qtbot: QtBot,
    open_desktop: Callable[..., Desktop],
    services: Services,
    hand: Hand,
    held_keyring: tuple[threading.Event, threading.Event],
) -> None:
    asked, gate = held_keyring
    desktop = open_desktop()
    hand.click(desktop.window.welcome.enter)
    first = open_key_dialog(desktop)
    fill_in(qtbot, first, "main", "AKIAEXAMPLEDEMO22BOB", "y" * 40)
    hand.click(save_button(first))
    assert asked.wait(20)
    first.reject()  # too late: it is being stored
    qtbot.waitUntil(lambda: not desktop.window.findChildren(AccessKeyDialog), timeout=PATIENCE_MS)
    desktop.window.making.enter_key()
    second = open_key_dialog(desktop)
    QTest.keyClicks(second.key_id, "AKIAEXAMPLEDEMOALICE")
    gate.set()
    hand.settle(desktop)
    assert second.isVisible()
    assert second.entry is None
    assert second.key_id.text() == "AKIAEXAMPLEDEMOALICE"
    assert [entry.name for entry in desktop.profiles.settings.access_keys] == ["main"]  # listed all the same
    assert desktop.profiles.settings.profiles == ()  # and used by nothing
    second.reject()


@pytest.mark.parametrize("has_key", [True, False])
def test_key_from_the_menu_goes_to_a_profile_that_has_none_only(
    qtbot: QtBot,
    open_desktop: Callable[..., Desktop],
    write_aws_files: Callable[..., None],
    add_profile: Callable[..., Profile],
    services: Services,
    hand: Hand,
    has_key: bool,
) -> None:
    write_aws_files("bob")
    source = AwsProfileKey("bob") if has_key else None
    add_profile("work", source=source)
    desktop = open_desktop()
    entry_in_menu = next(a for a in desktop.window.actions() if a.text().replace("&", "") == "Enter an access key…")
    entry_in_menu.trigger()
    dialog = open_key_dialog(desktop)
    fill_in(qtbot, dialog, "main", "AKIAEXAMPLEDEMOALICE", "x" * 40)
    hand.click(save_button(dialog))
    qtbot.waitUntil(lambda: not desktop.window.findChildren(AccessKeyDialog), timeout=PATIENCE_MS)
    hand.settle(desktop)
    (entry,) = services.settings.load().access_keys
    assert chosen(desktop).source == (source or VaultKey(entry.id))
    assert names(desktop) == ["work"]


def test_key_entered_for_a_profile_goes_to_no_other(
    qtbot: QtBot, desktop: Desktop, services: Services, hand: Hand
) -> None:
    work = chosen(desktop)
    other = desktop.profiles.create("other", replace(BLANK, source=AwsProfileKey("bob")))
    field = desktop.window.panel.form.access_key
    field.activated.emit(field.count() - 1)
    dialog = open_key_dialog(desktop)
    desktop.window.list.select(other.id)
    fill_in(qtbot, dialog, "main", "AKIAEXAMPLEDEMOALICE", "x" * 40)
    hand.click(save_button(dialog))
    qtbot.waitUntil(lambda: not desktop.window.findChildren(AccessKeyDialog), timeout=PATIENCE_MS)
    hand.settle(desktop)
    assert [profile.source for profile in services.settings.load().profiles] == [work.source, other.source]
