"""Typing an access key, once."""

from collections.abc import Callable

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialogButtonBox, QWidget
from pytestqt.qtbot import QtBot

from sts_desktop.core.profile import Profile, VaultKey
from sts_desktop.core.services import Services
from sts_desktop.demo.embedded_sts import EmbeddedSts
from sts_desktop.ui.access_key_dialog import AccessKeyDialog
from sts_desktop.ui.app import Desktop

PATIENCE_MS = 15_000


def names(desktop: Desktop) -> list[str]:
    model = desktop.window.list.model()
    return [model.index(row, 0).data() for row in range(model.rowCount())]


def chosen(desktop: Desktop) -> Profile:
    profile = desktop.profiles.profile(desktop.window.panel.profile_id)
    assert profile is not None
    return profile


def open_key_dialog(desktop: Desktop) -> AccessKeyDialog:
    dialogs = desktop.window.findChildren(AccessKeyDialog)
    assert len(dialogs) == 1
    return dialogs[0]


def fill_in(qtbot: QtBot, dialog: AccessKeyDialog, name: str, key_id: str, secret: str) -> None:
    for field, text in ((dialog.name, name), (dialog.key_id, key_id), (dialog.secret, secret)):
        field.selectAll()
        QTest.keyClicks(field, text)


def save_button(dialog: AccessKeyDialog) -> QWidget:
    return dialog.buttons.button(QDialogButtonBox.StandardButton.Save)


def test_entered_key_makes_the_first_profile(
    qtbot: QtBot,
    open_desktop: Callable[..., Desktop],
    embedded_sts: EmbeddedSts,
    services: Services,
    click: Callable[[QWidget], None],
    settle: Callable[[Desktop], None],
    get_token: Callable[..., None],
    all_text: Callable[[], str],
) -> None:
    desktop = open_desktop()
    key = embedded_sts.directory.user("bob").access_key
    click(desktop.window.welcome.enter)
    dialog = open_key_dialog(desktop)
    fill_in(qtbot, dialog, "main", key.access_key_id, key.secret_access_key)
    assert dialog.secret.displayText() != key.secret_access_key
    click(save_button(dialog))
    qtbot.waitUntil(lambda: not desktop.window.findChildren(AccessKeyDialog), timeout=PATIENCE_MS)
    settle(desktop)
    entry = services.settings.load().access_keys[0]
    assert chosen(desktop).source == VaultKey(entry.id)
    assert chosen(desktop).name == "main"
    assert services.vault.access_key(entry.id) == key
    assert "…2BOB" in desktop.window.panel.form.access_key.currentText()
    assert key.secret_access_key not in all_text()
    assert key.access_key_id not in all_text()
    for path in services.paths.config.parent.rglob("*"):
        assert path.is_dir() or key.secret_access_key.encode() not in path.read_bytes()
    get_token(desktop)
    assert desktop.sessions.is_live(chosen(desktop).id)


@pytest.mark.fault(7)
@pytest.mark.parametrize(
    ("key_id", "secret", "title"),
    [
        ("ASIAEXAMPLEDEMOALICE", "demo+secret+of+alice/not/a/real/AWS/key1", "This is a temporary key"),
        ("AKIA EXAMPLE", "demo+secret+of+alice/not/a/real/AWS/key1", "Not an access key id"),
        ("AKIAEXAMPLEDEMOALICE", "demo secret", "Not a secret access key"),
        ("AKIAEXAMPLEDEMOALICE", "", "Not a secret access key"),
    ],
)
def test_unusable_key_is_refused_in_the_dialog(
    qtbot: QtBot,
    open_desktop: Callable[..., Desktop],
    click: Callable[[QWidget], None],
    shown_text: Callable[[QWidget], str],
    services: Services,
    key_id: str,
    secret: str,
    title: str,
) -> None:
    desktop = open_desktop()
    click(desktop.window.welcome.enter)
    dialog = open_key_dialog(desktop)
    fill_in(qtbot, dialog, "main", key_id, secret)
    click(save_button(dialog))
    qtbot.waitUntil(dialog.note.isVisible, timeout=PATIENCE_MS)
    assert title in shown_text(dialog.note)
    assert "demo" not in shown_text(dialog.note)
    assert save_button(dialog).isEnabled()
    assert dialog.secret.isEnabled()
    assert services.settings.load().access_keys == ()
    dialog.reject()


def test_cancelled_dialog_stores_nothing_and_forgets(
    qtbot: QtBot,
    open_desktop: Callable[..., Desktop],
    click: Callable[[QWidget], None],
    services: Services,
    all_text: Callable[[], str],
) -> None:
    desktop = open_desktop()
    click(desktop.window.welcome.enter)
    dialog = open_key_dialog(desktop)
    fill_in(qtbot, dialog, "main", "AKIAEXAMPLEDEMOALICE", "secret/of/nobody")
    left: list[str] = []
    dialog.finished.connect(lambda _result: left.append(dialog.key_id.text() + dialog.secret.text()))
    click(dialog.buttons.button(QDialogButtonBox.StandardButton.Cancel))
    qtbot.waitUntil(lambda: not desktop.window.findChildren(AccessKeyDialog), timeout=PATIENCE_MS)
    assert left == [""]
    assert "secret/of/nobody" not in all_text()
    assert services.settings.load().access_keys == ()
    assert desktop.window.welcome.isVisible()


def test_second_key_gets_a_name_of_its_own_and_the_same_name_replaces(
    qtbot: QtBot,
    open_desktop: Callable[..., Desktop],
    embedded_sts: EmbeddedSts,
    services: Services,
    click: Callable[[QWidget], None],
    settle: Callable[[Desktop], None],
) -> None:
    desktop = open_desktop()

    def enter(user: str, name: str = "") -> str:
        desktop.window.enter_key()
        dialog = open_key_dialog(desktop)
        offered = dialog.name.text()
        key = embedded_sts.directory.user(user).access_key
        fill_in(qtbot, dialog, name or offered, key.access_key_id, key.secret_access_key)
        click(save_button(dialog))
        qtbot.waitUntil(lambda: not desktop.window.findChildren(AccessKeyDialog), timeout=PATIENCE_MS)
        settle(desktop)
        return offered

    assert enter("alice") == "main"
    assert enter("bob") == "main 2"
    assert [entry.name for entry in services.settings.load().access_keys] == ["main", "main 2"]
    enter("bob", "main")
    entries = {entry.name: entry.last_four for entry in services.settings.load().access_keys}
    assert entries == {"main": "2BOB", "main 2": "2BOB"}


def test_key_is_entered_for_the_profile_shown(
    qtbot: QtBot,
    desktop: Desktop,
    embedded_sts: EmbeddedSts,
    services: Services,
    click: Callable[[QWidget], None],
    settle: Callable[[Desktop], None],
) -> None:
    field = desktop.window.panel.form.access_key
    field.activated.emit(field.count() - 1)  # the last entry: "Enter an access key…"
    dialog = open_key_dialog(desktop)
    key = embedded_sts.directory.user("alice").access_key
    fill_in(qtbot, dialog, "main", key.access_key_id, key.secret_access_key)
    click(save_button(dialog))
    qtbot.waitUntil(lambda: not desktop.window.findChildren(AccessKeyDialog), timeout=PATIENCE_MS)
    settle(desktop)
    entry = services.settings.load().access_keys[0]
    assert names(desktop) == ["work"]
    assert services.settings.load().profiles[0].source == VaultKey(entry.id)
    assert field.currentText().startswith("main")
