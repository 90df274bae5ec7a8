"""A keyring that is locked, slow or gone, and secrets of unusual size, as a person meets them in the window."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from sts_desktop.core.exports import bash_exports
from sts_desktop.core.profile import VaultKey
from sts_desktop.core.services import Services
from sts_desktop.core.vault.errors import KeyringLockedError, KeyringNotAnsweringError, KeyringRefusedError
from sts_desktop.core.vault.store import MemoryStore, OpenedStore, VaultStatus
from sts_desktop.core.vault.vault import Vault
from sts_desktop.demo.control import MAX_TOKEN_SIZE, Faults
from sts_desktop.demo.embedded_sts import EmbeddedSts
from sts_desktop.ui.app import Desktop
from tests.ui.hand import PATIENCE_MS, Hand, profile_of


class TroubledStore(MemoryStore):
    """A keyring with the troubles that a test gives it.

    Attributes:
        is_locked: asking for its password is dismissed.
        refuses: it takes nothing.
        answer: until this is set, it waits for a person.
        asked: how often the password was asked for.
    """

    def __init__(self) -> None:
        super().__init__()
        self.is_locked = False
        self.refuses = False
        self.answer = threading.Event()
        self.answer.set()
        self.asked = 0

    def unlock(self) -> None:
        self.answer.wait(60)
        if self.is_locked:
            self.asked += 1
            raise KeyringLockedError

    def would_ask(self) -> bool:
        return self.is_locked or not self.answer.is_set()

    def set(self, name: str, value: str) -> None:
        if self.refuses:
            raise KeyringRefusedError
        super().set(name, value)


@pytest.fixture
def store() -> Iterator[TroubledStore]:
    store = TroubledStore()
    yield store
    store.answer.set()


@pytest.fixture
def services(make_services: Callable[..., Services], store: TroubledStore) -> Services:
    status = VaultStatus("Test keyring", is_persistent=True, reason="")
    return make_services(Vault(lambda: OpenedStore(status, store), limit_seconds=0.5))


def remedies(desktop: Desktop) -> dict[str, QPushButton]:
    return {button.text(): button for button in desktop.window.panel.note.remedy_buttons()}


@pytest.mark.fault(24)
def test_locked_keyring_is_told_once_and_tried_again_on_request(
    desktop: Desktop, store: TroubledStore, hand: Hand
) -> None:
    store.is_locked = True
    hand.get_token(desktop)
    note = desktop.window.panel.note
    assert "The keyring is locked" in hand.shown_text(note)
    assert store.asked == 1  # no second window by itself
    store.is_locked = False
    hand.click(remedies(desktop)["Try again"])
    hand.settle(desktop)
    assert desktop.sessions.is_live(profile_of(desktop).id)
    assert not note.isVisible()


@pytest.mark.fault(24)
@pytest.mark.parametrize("button", ["Try again", "Get token"])
def test_code_stays_in_its_field_while_the_keyring_is_locked(
    mfa_desktop: Desktop, store: TroubledStore, hand: Hand, code_of: Callable[[str], str], button: str
) -> None:
    panel = mfa_desktop.window.panel
    store.is_locked = True
    code = code_of("alice")
    hand.get_token(mfa_desktop, code)
    assert not mfa_desktop.sessions.is_live(profile_of(mfa_desktop).id)
    assert panel.form.token_code.text() == code
    store.is_locked = False
    hand.click(remedies(mfa_desktop)[button] if button == "Try again" else panel.actions_bar.primary)
    hand.settle(mfa_desktop)
    assert mfa_desktop.sessions.is_live(profile_of(mfa_desktop).id)
    assert panel.form.token_code.text() == ""


def test_trying_again_takes_what_is_being_typed_first(
    desktop: Desktop, store: TroubledStore, hand: Hand, services: Services
) -> None:
    form = desktop.window.panel.form
    store.is_locked = True
    hand.get_token(desktop)
    duration = form.duration.combo.lineEdit()
    assert duration is not None
    duration.selectAll()
    QTest.keyClicks(duration, "soon")
    hand.click(remedies(desktop)["Try again"])
    assert desktop.sessions.activity(profile_of(desktop).id) is None
    assert store.asked == 1
    duration.selectAll()
    QTest.keyClicks(duration, "1h")
    store.is_locked = False
    hand.click(desktop.window.panel.actions_bar.primary)
    hand.settle(desktop)
    assert services.sessions.record(profile_of(desktop).id).requested_seconds == 3600


@pytest.mark.fault(25)
@pytest.mark.expects_warnings
def test_keyring_that_waits_for_a_person_leaves_the_window_alive(
    qtbot: QtBot, desktop: Desktop, store: TroubledStore, hand: Hand
) -> None:
    store.answer.clear()
    panel = desktop.window.panel
    hand.click(panel.actions_bar.primary)
    qtbot.waitUntil(lambda: "keyring" in panel.status.text(), timeout=PATIENCE_MS)
    assert panel.actions_bar.primary.text() == "Cancel"
    qtbot.waitUntil(panel.note.isVisible, timeout=PATIENCE_MS)
    assert "The keyring does not answer" in hand.shown_text(panel.note)
    assert "Look for the keyring's window" in hand.shown_text(panel.note)
    store.answer.set()
    hand.settle(desktop)
    assert not desktop.sessions.is_live(profile_of(desktop).id)


@pytest.mark.fault(25)
@pytest.mark.expects_warnings
def test_person_who_does_not_wait_for_the_keyring_gets_a_token_in_memory(
    qtbot: QtBot, desktop: Desktop, store: TroubledStore, services: Services, hand: Hand
) -> None:
    store.answer.clear()
    panel = desktop.window.panel
    hand.click(panel.actions_bar.primary)
    qtbot.waitUntil(panel.note.isVisible, timeout=PATIENCE_MS)
    hand.click(remedies(desktop)["Go on without the keyring"])
    qtbot.waitUntil(lambda: desktop.sessions.is_live(profile_of(desktop).id), timeout=PATIENCE_MS)
    hand.settle(desktop)
    assert not panel.note.isVisible()
    assert "Sessions are kept in memory only" in hand.shown_text(desktop.window.notes.vault)
    assert "You chose to go on without the keyring" in hand.shown_text(desktop.window.notes.vault)
    assert desktop.window.message_bar.vault.text() == "no keyring: memory only"
    assert services.sessions.record(profile_of(desktop).id).in_memory
    store.answer.set()
    hand.click(panel.actions_bar.copy)
    hand.settle(desktop)
    assert "Copied" in desktop.window.message_bar.message.text()
    assert store._values == {}


def test_going_on_without_the_keyring_is_not_offered_for_what_only_it_has(
    desktop: Desktop, store: TroubledStore, hand: Hand
) -> None:
    hand.get_token(desktop)
    store.is_locked = True
    hand.click(desktop.window.panel.actions_bar.end)
    hand.settle(desktop)
    assert list(remedies(desktop)) == ["Try again"]


def test_going_on_without_the_keyring_is_not_offered_where_that_holds_the_access_key(
    desktop: Desktop, store: TroubledStore, services: Services, hand: Hand
) -> None:
    entry = services.access_keys.store("main", "AKIAEXAMPLEOFNOBODY2", "x" * 40)
    desktop.profiles.edit(replace(profile_of(desktop), source=VaultKey(entry.id)))
    store.is_locked = True
    hand.get_token(desktop)
    assert list(remedies(desktop)) == ["Try again"]


@pytest.mark.fault(25)
def test_problem_that_is_delivered_after_the_choice_does_not_take_it_back(
    qtbot: QtBot, desktop: Desktop, services: Services, hand: Hand, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate = threading.Event()

    def hang(_vault: Vault) -> VaultStatus:
        assert gate.wait(20)
        raise KeyringNotAnsweringError

    with monkeypatch.context() as patch:
        patch.setattr(Vault, "status", hang)
        desktop.keys.refresh()  # *Try again*
        qtbot.waitUntil(lambda: not desktop.jobs.is_idle(), timeout=PATIENCE_MS)
        services.vault.go_on_in_memory()
        gate.set()
        hand.settle(desktop)
    assert desktop.keys.vault_problem is None


@pytest.mark.fault(25)
@pytest.mark.expects_warnings
def test_person_who_looks_at_another_profile_by_then_is_not_given_a_token_for_it(
    qtbot: QtBot, desktop: Desktop, store: TroubledStore, hand: Hand
) -> None:
    store.answer.clear()
    panel = desktop.window.panel
    hand.click(panel.actions_bar.primary)
    qtbot.waitUntil(panel.note.isVisible, timeout=PATIENCE_MS)
    go_on = remedies(desktop)["Go on without the keyring"]
    other = desktop.profiles.create("other", profile_of(desktop))
    hand.click(go_on)
    desktop.window.list.select(other.id)
    hand.settle(desktop)
    assert desktop.sessions.live_sessions() == []


def test_refusing_keyring_keeps_the_old_session(
    desktop: Desktop, store: TroubledStore, services: Services, hand: Hand
) -> None:
    hand.get_token(desktop)
    before = services.vault.session(profile_of(desktop).id)
    store.refuses = True
    hand.get_token(desktop)
    panel = desktop.window.panel
    assert "The keyring refused" in hand.shown_text(panel.note)
    assert panel.status.text().startswith("Not renewed the old session still works for")
    assert services.vault.session(profile_of(desktop).id) == before


def test_key_that_the_keyring_does_not_take_is_not_listed(
    desktop: Desktop, store: TroubledStore, services: Services, hand: Hand
) -> None:
    store.refuses = True
    stored: list[object] = []
    failed: list[object] = []
    desktop.keys.store("main", "AKIAEXAMPLEDEMOALICE", "x" * 40, stored=stored.append, failed=failed.append)
    hand.settle(desktop)
    assert stored == []
    assert [type(error) for error in failed] == [KeyringRefusedError]
    assert services.settings.load().access_keys == ()


@pytest.mark.expects_warnings
def test_keyring_that_cannot_be_looked_at_is_told(
    qtbot: QtBot, make_services: Callable[..., Services], hand: Hand
) -> None:
    def never() -> OpenedStore:
        raise TimeoutError

    desktop = Desktop(make_services(Vault(never)))
    desktop.window.show()
    qtbot.waitUntil(
        lambda: desktop.window.notes.vault.isVisible() or desktop.window.notes.problem.isVisible(), timeout=PATIENCE_MS
    )
    assert "The keyring does not answer" in hand.shown_text(desktop.window)
    assert desktop.close()
    desktop.window.deleteLater()
    desktop.deleteLater()


@pytest.mark.fault(22)
@pytest.mark.parametrize("size", [4096, 16_384, MAX_TOKEN_SIZE])
def test_long_tokens_are_stored_copied_and_written_whole(
    desktop: Desktop, services: Services, embedded_sts: EmbeddedSts, hand: Hand, credentials_file: Path, size: int
) -> None:
    embedded_sts.control.set(Faults(token_size=size))
    hand.get_token(desktop)
    stored = services.vault.session(profile_of(desktop).id)
    assert stored is not None
    assert len(stored.session_token) == size
    hand.click(desktop.window.panel.actions_bar.copy)
    hand.settle(desktop)
    assert QGuiApplication.clipboard().text() == bash_exports(stored)
    hand.click(desktop.window.panel.actions_bar.write)
    hand.settle(desktop)
    assert f"aws_session_token = {stored.session_token}\n" in credentials_file.read_text()


@pytest.mark.fault(25)
@pytest.mark.expects_warnings
def test_start_whose_keyring_nobody_unlocks_is_told_with_a_choice(
    qtbot: QtBot,
    desktop: Desktop,
    store: TroubledStore,
    make_services: Callable[..., Services],
    open_desktop: Callable[..., Desktop],
    hand: Hand,
) -> None:
    hand.get_token(desktop)
    store.answer.clear()
    status = VaultStatus("Test keyring", is_persistent=True, reason="")
    later = open_desktop(make_services(Vault(lambda: OpenedStore(status, store), limit_seconds=0.5)))
    note = later.window.notes.vault
    qtbot.waitUntil(note.isVisible, timeout=PATIENCE_MS)
    assert "The keyring does not answer" in hand.shown_text(note)
    assert [button.text() for button in note.remedy_buttons()] == ["Try again", "Go on without the keyring"]
    assert later.sessions.is_live(profile_of(later).id)  # as far as is known
    store.answer.set()
    hand.settle(later)
    hand.get_token(later)
    hand.settle(later)
    assert not note.isVisible()


@pytest.mark.fault(24)
def test_hidden_start_asks_nobody_for_the_keyrings_password(
    desktop: Desktop, store: TroubledStore, make_services: Callable[..., Services], hand: Hand
) -> None:
    hand.get_token(desktop)
    store.is_locked = True
    status = VaultStatus("Test keyring", is_persistent=True, reason="")
    later = Desktop(make_services(Vault(lambda: OpenedStore(status, store))))
    later.start_hidden()
    hand.settle(later)
    assert store.asked == 0
    later.window.show()
    assert "The keyring is locked" in hand.shown_text(later.window.notes.vault)
    store.is_locked = False
    hand.click(later.window.notes.vault.remedy_buttons()[0])
    hand.settle(later)
    assert not later.window.notes.vault.isVisible()
    assert later.close()
    later.window.deleteLater()
    later.deleteLater()
