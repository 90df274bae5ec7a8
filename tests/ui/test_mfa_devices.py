"""The list of MFA devices: asked of AWS when a person opens it, and what becomes of the answer."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from sts_desktop.core.cancellation import Cancellation
from sts_desktop.core.profile import AwsProfileKey, DefaultChain, EndpointChoice, Profile, VaultKey
from sts_desktop.core.services import Services
from sts_desktop.core.sts.client import Sts
from sts_desktop.core.vault.store import MemoryStore, OpenedStore, VaultStatus
from sts_desktop.core.vault.vault import Vault
from sts_desktop.demo.control import Faults
from sts_desktop.demo.embedded_sts import EmbeddedSts
from sts_desktop.ui.app import Desktop
from sts_desktop.ui.device_store import Answer, KnownDevices
from sts_desktop.ui.mfa_field import MfaField
from sts_desktop.ui.notices import fido_notice
from tests.ui.hand import PATIENCE_MS, Hand, chosen, profile_of

OpenWith = Callable[..., Desktop]
ALICES = "arn:aws:iam::123456789012:mfa/alice-phone"
DAVES = "arn:aws:iam::123456789012:mfa/dave-phone"


class LockedStore(MemoryStore):
    """A keyring that would ask for its password, and notes who makes it."""

    def __init__(self) -> None:
        super().__init__()
        self.is_locked = False
        self.asked = 0

    def would_ask(self) -> bool:
        return self.is_locked

    def unlock(self) -> None:
        self.asked += self.is_locked


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The hosts that were asked for devices."""
    asked: list[str] = []
    ask = Sts.list_mfa_devices

    def noted(sts: Sts, endpoint: Any, key: Any, *, cancellation: Cancellation | None = None) -> Any:
        asked.append(endpoint.host)
        return ask(sts, endpoint, key, cancellation=cancellation)

    monkeypatch.setattr(Sts, "list_mfa_devices", noted)
    return asked


@pytest.fixture
def open_with_key_of(
    open_desktop: Callable[..., Desktop],
    write_aws_files: Callable[..., None],
    add_profile: Callable[..., Profile],
    embedded_sts: EmbeddedSts,
) -> OpenWith:
    """Show a window with profiles that have the keys of these users; no device stands in them or in the AWS files."""

    def open_with_key_of(*users: str) -> Desktop:
        lines = []
        for user in users:
            key = embedded_sts.directory.user(user).access_key
            lines += [f"[{user}]", f"aws_access_key_id={key.access_key_id}"]
            lines += [f"aws_secret_access_key={key.secret_access_key}"]
            add_profile(user, user, mfa_serial="")
        write_aws_files(credentials="\n".join(lines))
        return open_desktop()

    return open_with_key_of


def field_of(desktop: Desktop) -> MfaField:
    return desktop.window.panel.form.mfa


def listed(desktop: Desktop) -> list[str]:
    box = field_of(desktop).serial
    return [box.itemText(row) for row in range(box.count())]


def choosable(desktop: Desktop) -> list[str]:
    model = field_of(desktop).serial.model()
    rows = [model.index(row, 0) for row in range(model.rowCount())]
    return [row.data() for row in rows if model.flags(row) & Qt.ItemFlag.ItemIsEnabled]


@pytest.fixture
def open_list(hand: Hand) -> Callable[[Desktop], None]:
    """Open the list as a person does, and wait for what AWS says."""

    def open_list(desktop: Desktop) -> None:
        box = field_of(desktop).serial
        box.setFocus()
        QTest.keyClick(box, Qt.Key.Key_F4)
        hand.settle(desktop)

    return open_list


def test_nobody_is_asked_before_a_person_wants_to_know(
    open_with_key_of: OpenWith, hand: Hand, calls: list[str]
) -> None:
    desktop = open_with_key_of("alice", "dave")
    for profile in desktop.profiles.settings.profiles:
        desktop.window.panel.show_profile(profile.id)
    hand.get_token(desktop)
    assert calls == []


def test_list_shows_the_devices_of_the_keys_user(
    open_with_key_of: OpenWith, open_list: Callable[[Desktop], None], calls: list[str]
) -> None:
    desktop = open_with_key_of("dave", "alice")
    open_list(desktop)
    box = field_of(desktop).serial
    assert box.is_open()
    assert choosable(desktop) == [DAVES, "GAHT87654321", "Ask AWS again"]
    assert any("gives no code" in text and "dave-key" in text for text in listed(desktop))
    assert calls == ["iam.amazonaws.com"]
    assert chosen(desktop).mfa_serial == "", "several: a person chooses"


def test_device_of_the_list_gets_a_token(
    open_with_key_of: OpenWith, open_list: Callable[[Desktop], None], hand: Hand, embedded_sts: EmbeddedSts
) -> None:
    desktop = open_with_key_of("dave")
    open_list(desktop)
    view = field_of(desktop).serial.view()
    for _step in range(5):
        if view.currentIndex().data() == "GAHT87654321":
            break
        QTest.keyClick(view, Qt.Key.Key_Down)
    QTest.keyClick(view, Qt.Key.Key_Return)
    hand.settle(desktop)
    assert chosen(desktop).mfa_serial == "GAHT87654321"
    hand.get_token(desktop, embedded_sts.directory.current_code("GAHT87654321"))
    assert desktop.sessions.is_live(chosen(desktop).id)


def test_answer_is_remembered(
    open_with_key_of: OpenWith, open_list: Callable[[Desktop], None], calls: list[str], hand: Hand
) -> None:
    desktop = open_with_key_of("dave")
    open_list(desktop)
    field_of(desktop).serial.hidePopup()
    open_list(desktop)
    desktop.profiles.edit(replace(chosen(desktop), endpoint=EndpointChoice("ap-northeast-1")))
    hand.settle(desktop)
    open_list(desktop)
    assert calls == ["iam.amazonaws.com"], "all regions have the same IAM"


def test_other_key_and_other_partition_are_other_questions(
    open_with_key_of: OpenWith, open_list: Callable[[Desktop], None], calls: list[str], hand: Hand
) -> None:
    desktop = open_with_key_of("dave", "alice")
    open_list(desktop)
    desktop.profiles.edit(replace(chosen(desktop), source=AwsProfileKey("bob")))
    hand.settle(desktop)
    assert DAVES not in listed(desktop)
    desktop.profiles.edit(
        replace(chosen(desktop), source=AwsProfileKey("alice"), endpoint=EndpointChoice("cn-north-1"))
    )
    hand.settle(desktop)
    open_list(desktop)
    assert calls == ["iam.amazonaws.com", "iam.cn-north-1.amazonaws.com.cn"]


def test_aws_is_asked_again_at_a_wish(
    open_with_key_of: OpenWith, open_list: Callable[[Desktop], None], calls: list[str], hand: Hand, qtbot: QtBot
) -> None:
    desktop = open_with_key_of("dave")
    open_list(desktop)
    box = field_of(desktop).serial
    box.hidePopup()
    last = box.count() - 1
    box.setCurrentIndex(last)
    box.activated.emit(last)
    hand.settle(desktop)
    qtbot.waitUntil(box.is_open, timeout=PATIENCE_MS)
    assert len(calls) == 2
    assert (box.currentText(), chosen(desktop).mfa_serial) == ("", "")


def test_arrow_keys_open_the_list_and_choose_nothing_unseen(
    open_with_key_of: OpenWith, calls: list[str], hand: Hand
) -> None:
    desktop = open_with_key_of("dave")
    box = field_of(desktop).serial
    for _press in range(4):
        box.hidePopup()
        box.setFocus()
        QTest.keyClick(box, Qt.Key.Key_Down)
        assert box.is_open()
        hand.settle(desktop)
    assert calls == ["iam.amazonaws.com"]
    assert chosen(desktop).mfa_serial == ""
    box.hidePopup()


def test_only_device_is_filled_in_and_its_code_is_next(
    open_with_key_of: OpenWith, open_list: Callable[[Desktop], None], hand: Hand, services: Services
) -> None:
    desktop = open_with_key_of("alice")
    open_list(desktop)
    field = field_of(desktop)
    assert not field.serial.is_open()
    assert field.line().text() == ALICES
    assert desktop.window.focusWidget() is field.code
    assert "only device that shows codes" in hand.shown_text(field.told)
    assert services.settings.load().profiles[0].mfa_serial == ALICES


def test_only_device_stays_away_once_it_was_taken_out(
    open_with_key_of: OpenWith, open_list: Callable[[Desktop], None], hand: Hand
) -> None:
    desktop = open_with_key_of("alice")
    open_list(desktop)
    hand.retype(field_of(desktop).line(), "")
    hand.settle(desktop)
    assert chosen(desktop).mfa_serial == ""
    open_list(desktop)
    assert chosen(desktop).mfa_serial == ""
    assert ALICES in choosable(desktop)


def test_what_is_typed_meanwhile_is_kept(
    open_with_key_of: OpenWith, embedded_sts: EmbeddedSts, hand: Hand, qtbot: QtBot
) -> None:
    desktop = open_with_key_of("alice")
    field = field_of(desktop)
    embedded_sts.control.set(Faults(silent=True))
    field.serial.showPopup()
    field.serial.hidePopup()
    field.line().setFocus()
    QTest.keyClicks(field.line(), "GAHT")
    embedded_sts.control.set(Faults())
    hand.settle(desktop)
    assert field.line().text() == "GAHT"
    assert chosen(desktop).mfa_serial == ""


def test_getting_a_token_does_not_wait_for_the_devices(
    open_with_key_of: OpenWith, embedded_sts: EmbeddedSts, hand: Hand, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    desktop = open_with_key_of("dave")
    held = Cancellation()
    monkeypatch.setattr(Sts, "list_mfa_devices", lambda *_args, **_options: held.wait(PATIENCE_MS / 1000) and ())
    field_of(desktop).serial.showPopup()
    assert listed(desktop)[0].startswith("Asking AWS")
    field_of(desktop).serial.hidePopup()
    hand.click(desktop.window.panel.actions_bar.primary)
    qtbot.waitUntil(lambda: desktop.sessions.is_live(chosen(desktop).id), timeout=PATIENCE_MS)
    held.cancel()
    hand.settle(desktop)


def test_policy_that_forbids_it_leaves_the_field_for_typing(
    open_with_key_of: OpenWith, open_list: Callable[[Desktop], None], hand: Hand, calls: list[str]
) -> None:
    desktop = open_with_key_of("frank")
    open_list(desktop)
    field, panel = field_of(desktop), desktop.window.panel
    assert "AWS does not list the devices to this key" in hand.shown_text(field.told)
    assert not panel.note.isVisible()
    assert not panel.notice.isVisible()
    field.serial.hidePopup()
    open_list(desktop)
    assert len(calls) == 1, "a policy is not asked twice"
    field.serial.hidePopup()
    hand.retype(field.line(), "arn:aws:iam::123456789012:mfa/frank-phone")
    hand.settle(desktop)
    assert not field.told.isVisible()


def test_whoever_has_passkeys_only_is_told_what_to_use(
    open_with_key_of: OpenWith, open_list: Callable[[Desktop], None], hand: Hand
) -> None:
    desktop = open_with_key_of("erin")
    open_list(desktop)
    told = hand.shown_text(desktop.window.panel.notice)
    for words in ("AWS offers no API", "authenticator app", "aws login", "IAM Identity Center"):
        assert words in told
    assert choosable(desktop) == ["Ask AWS again"]
    assert desktop.sessions.notice(chosen(desktop).id) == fido_notice()


def test_whoever_has_no_device_is_told_so(
    open_with_key_of: OpenWith, open_list: Callable[[Desktop], None], hand: Hand
) -> None:
    desktop = open_with_key_of("bob")
    open_list(desktop)
    assert hand.shown_text(field_of(desktop).told) == "AWS lists no MFA device for this key's user."
    field_of(desktop).serial.hidePopup()
    hand.get_token(desktop)
    assert not field_of(desktop).told.isVisible(), "said once, not for ever"


def test_aws_that_cannot_be_asked_is_asked_the_next_time(
    open_with_key_of: OpenWith,
    open_list: Callable[[Desktop], None],
    hand: Hand,
    embedded_sts: EmbeddedSts,
) -> None:
    desktop = open_with_key_of("dave")
    embedded_sts.control.set(Faults(throttled=True))
    open_list(desktop)
    assert "Too many requests" in hand.shown_text(field_of(desktop).told)
    embedded_sts.control.set(Faults())
    field_of(desktop).serial.hidePopup()
    open_list(desktop)
    assert DAVES in choosable(desktop)


def test_without_a_key_nobody_is_asked(
    open_desktop: Callable[..., Desktop],
    add_profile: Callable[..., Profile],
    open_list: Callable[[Desktop], None],
    calls: list[str],
) -> None:
    add_profile("no key", source=None)
    add_profile("gone from the files", source=AwsProfileKey("ghost"))
    add_profile("gone from the keyring", source=VaultKey("a1"))
    desktop = open_desktop()
    for profile in desktop.profiles.settings.profiles:
        desktop.window.panel.show_profile(profile.id)
        open_list(desktop)
        assert listed(desktop) == ["Choose an access key, and AWS lists its user's devices here."]
        field_of(desktop).serial.hidePopup()
    assert calls == []


def test_locked_keyring_is_not_made_to_ask(
    make_services: Callable[..., Services],
    open_desktop: Callable[..., Desktop],
    open_list: Callable[[Desktop], None],
    hand: Hand,
    embedded_sts: EmbeddedSts,
    calls: list[str],
) -> None:
    store = LockedStore()
    services = make_services(Vault(lambda: OpenedStore(VaultStatus("Test keyring", True, ""), store)))
    key = embedded_sts.directory.user("dave").access_key
    entry = services.access_keys.store("dave", key.access_key_id, key.secret_access_key)
    services.profiles.create("dave", Profile("", "", VaultKey(entry.id)))
    desktop = open_desktop(services)
    store.is_locked = True
    open_list(desktop)
    assert store.asked == 0
    assert calls == []
    assert "The keyring is locked" in hand.shown_text(field_of(desktop).told)
    store.is_locked = False
    field_of(desktop).serial.hidePopup()
    open_list(desktop)
    assert DAVES in choosable(desktop)


def test_key_of_the_default_chain(
    make_services: Callable[..., Services],
    open_desktop: Callable[..., Desktop],
    open_list: Callable[[Desktop], None],
    embedded_sts: EmbeddedSts,
) -> None:
    from sts_desktop.core.sts.default_chain import FoundKey

    found = FoundKey(embedded_sts.directory.user("dave").access_key, "environment variables")
    services = make_services(default_chain=lambda: found)
    services.profiles.create("chain", Profile("", "", DefaultChain()))
    desktop = open_desktop(services)
    open_list(desktop)
    assert DAVES in choosable(desktop)


def test_answer_for_a_profile_that_is_no_longer_shown_fills_in_nothing(
    open_with_key_of: OpenWith, embedded_sts: EmbeddedSts, hand: Hand
) -> None:
    desktop = open_with_key_of("alice", "bob")
    first, second = desktop.profiles.settings.profiles
    embedded_sts.control.set(Faults(silent=True))
    desktop.window.panel.show_profile(first.id)
    field_of(desktop).serial.showPopup()
    field_of(desktop).serial.hidePopup()
    desktop.window.panel.show_profile(second.id)
    embedded_sts.control.set(Faults())
    hand.settle(desktop)
    assert [profile.mfa_serial for profile in desktop.profiles.settings.profiles] == ["", ""]
    assert field_of(desktop).line().text() == ""
    assert desktop.devices.known(first) == KnownDevices(Answer.GIVEN, desktop.devices.known(first).devices)  # type: ignore[union-attr]


def test_program_ends_while_an_answer_is_awaited(open_with_key_of: OpenWith, embedded_sts: EmbeddedSts) -> None:
    desktop = open_with_key_of("alice")
    embedded_sts.control.set(Faults(delay_seconds=0.5))
    field_of(desktop).serial.showPopup()
    desktop.devices.cancel_all()
    assert desktop.devices.known(chosen(desktop)) is None


@pytest.mark.parametrize("code", ["123456"])
def test_code_without_a_device_leads_to_the_list(
    open_with_key_of: OpenWith, hand: Hand, code: str, calls: list[str]
) -> None:
    desktop = open_with_key_of("alice")
    hand.get_token(desktop, code)
    (button,) = desktop.window.panel.note.remedy_buttons()
    hand.click(button)
    hand.settle(desktop)
    assert len(calls) == 1
    assert chosen(desktop).mfa_serial == ALICES


def test_device_that_aws_refuses_leads_to_the_list(
    open_with_key_of: OpenWith, hand: Hand, embedded_sts: EmbeddedSts
) -> None:
    desktop = open_with_key_of("dave")
    hand.retype(field_of(desktop).line(), ALICES)
    hand.get_token(desktop, embedded_sts.directory.current_code(ALICES))
    (button,) = desktop.window.panel.note.remedy_buttons()
    hand.click(button)
    hand.settle(desktop)
    assert field_of(desktop).serial.is_open()
    assert DAVES in choosable(desktop)


def test_passkey_that_is_typed_is_recognised(open_with_key_of: OpenWith, hand: Hand) -> None:
    desktop = open_with_key_of("erin")
    hand.retype(field_of(desktop).line(), "arn:aws:iam::123456789012:u2f/user/erin/key-ABC")
    told = hand.shown_text(desktop.window.panel.note)
    assert "A passkey or security key cannot be used here" in told
    assert "aws login" in told
    assert profile_of(desktop).mfa_serial == ""


def test_typing_completes_to_devices_and_to_nothing_else(
    open_with_key_of: OpenWith, open_list: Callable[[Desktop], None]
) -> None:
    desktop = open_with_key_of("dave")
    open_list(desktop)
    field = field_of(desktop)
    field.serial.hidePopup()
    field.line().setFocus()
    QTest.keyClicks(field.line(), "As")
    assert field.line().text() == "As"
    field.line().clear()
    QTest.keyClicks(field.line(), "GAHT8")
    assert field.line().text() == "GAHT87654321"
    field.line().clear()
