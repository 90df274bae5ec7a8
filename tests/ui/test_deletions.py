"""A deleted profile comes back by Undo with its session, and is forgotten when the time for that has passed."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from sts_desktop.core.errors import UnusableFileError
from sts_desktop.core.profile import Profile
from sts_desktop.core.renewal import Phase
from sts_desktop.core.services import Services
from sts_desktop.core.vault.vault import Vault
from sts_desktop.demo.control import Faults
from sts_desktop.demo.embedded_sts import EmbeddedSts
from sts_desktop.ui import deletions
from sts_desktop.ui.app import Desktop
from sts_desktop.ui.left_keys_note import LeftKeysNote
from tests.ui.hand import PATIENCE_MS, Hand


def names(desktop: Desktop) -> list[str]:
    return [profile.name for profile in desktop.profiles.settings.profiles]


def stored_names(services: Services) -> list[str]:
    return [profile.name for profile in services.settings.load().profiles]


def is_forgotten(services: Services, profile_id: str) -> bool:
    return services.vault.session(profile_id) is None and profile_id not in services.state.load().sessions


@pytest.fixture
def three(
    open_desktop: Callable[..., Desktop],
    write_aws_files: Callable[..., None],
    add_profile: Callable[..., Profile],
    services: Services,
) -> Desktop:
    """The window with three profiles, of which each has a session."""
    write_aws_files("bob")
    for name in ("one", "two", "three"):
        services.sessions.get_token(add_profile(name))
    return open_desktop()


def test_deleted_profile_is_gone_and_its_session_waits(three: Desktop, services: Services, hand: Hand) -> None:
    _first, second, third = three.profiles.settings.profiles
    three.window.list.select(second.id)
    three.deletions.delete(second.id)
    assert names(three) == ["one", "three"]
    assert three.window.panel.profile_id == third.id
    assert three.window.message_bar.summary.text().startswith("2 active")
    hand.settle(three)
    assert names(three) == ["one", "three"]
    assert stored_names(services) == ["one", "three"]
    assert services.vault.session(second.id) is not None
    assert [record.last_four for record in three.sessions.live_sessions()] != []
    assert len(three.sessions.live_sessions()) == 2
    assert three.deletions.last == deletions.Deletion(second, 1)


def test_undo_puts_it_back_at_its_place_with_its_session(
    qtbot: QtBot, three: Desktop, services: Services, hand: Hand
) -> None:
    second = three.profiles.settings.profiles[1]
    session = services.vault.session(second.id)
    three.deletions.delete(second.id)
    hand.settle(three)
    with qtbot.waitSignal(three.deletions.undone) as undone:
        three.deletions.undo()
    assert undone.args == [second.id]
    hand.settle(three)
    assert names(three) == stored_names(services) == ["one", "two", "three"]
    assert services.settings.load().profiles[1] == second
    assert services.vault.session(second.id) == session
    assert three.sessions.phase(second.id) is Phase.ACTIVE
    assert three.window.panel.profile_id == second.id
    assert three.deletions.last is None


def test_undone_once_is_undone(three: Desktop, services: Services, hand: Hand) -> None:
    second = three.profiles.settings.profiles[1]
    three.deletions.delete(second.id)
    three.deletions.undo()
    three.deletions.undo()
    three.deletions.lapse()
    hand.settle(three)
    assert stored_names(services) == ["one", "two", "three"]
    assert services.vault.session(second.id) is not None


def test_lapses_by_itself(
    qtbot: QtBot, three: Desktop, services: Services, hand: Hand, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deletions, "UNDO_MS", 1)
    second = three.profiles.settings.profiles[1]
    three.deletions.delete(second.id)
    qtbot.waitUntil(lambda: three.deletions.last is None, timeout=PATIENCE_MS)
    hand.settle(three)
    assert is_forgotten(services, second.id)
    three.deletions.undo()
    hand.settle(three)
    assert stored_names(services) == ["one", "three"]


def test_next_deletion_lets_the_last_one_lapse(three: Desktop, services: Services, hand: Hand) -> None:
    first, second, _third = three.profiles.settings.profiles
    three.deletions.delete(first.id)
    three.deletions.delete(second.id)
    hand.settle(three)
    assert is_forgotten(services, first.id)
    assert not is_forgotten(services, second.id)
    three.deletions.undo()
    hand.settle(three)
    assert stored_names(services) == ["two", "three"]


def test_end_of_the_program_lets_it_lapse(three: Desktop, services: Services) -> None:
    second = three.profiles.settings.profiles[1]
    three.deletions.delete(second.id)
    assert three.close()
    assert stored_names(services) == ["one", "three"]
    assert is_forgotten(services, second.id)


def test_next_start_forgets_what_a_killed_window_left(
    open_desktop: Callable[..., Desktop],
    make_services: Callable[..., Services],
    open_keyring: Callable[[], Vault],
    write_aws_files: Callable[..., None],
    add_profile: Callable[..., Profile],
) -> None:
    write_aws_files("bob")
    killed = make_services(open_keyring())
    kept, deleted = add_profile("kept"), add_profile("deleted")
    for profile in (kept, deleted):
        killed.sessions.get_token(profile)
    killed.profiles.delete(deleted.id)  # and killed before it lapsed
    later = make_services(open_keyring())
    assert later.vault.session(deleted.id) is not None
    desktop = open_desktop(later)
    assert is_forgotten(later, deleted.id)
    assert not is_forgotten(later, kept.id)
    assert desktop.sessions.is_live(kept.id)


def test_token_being_fetched_is_cancelled(
    desktop: Desktop, services: Services, embedded_sts: EmbeddedSts, hand: Hand
) -> None:
    (profile,) = desktop.profiles.settings.profiles
    embedded_sts.control.set(Faults(silent=True))
    desktop.sessions.get_token(profile.id, "")
    desktop.deletions.delete(profile.id)
    assert desktop.sessions.activity(profile.id) is None
    desktop.deletions.lapse()
    embedded_sts.control.set(Faults())
    hand.settle(desktop)
    assert is_forgotten(services, profile.id)
    assert stored_names(services) == []


def test_only_profile_comes_back_to_the_window(desktop: Desktop, services: Services, hand: Hand) -> None:
    desktop.window.panel.menu.delete.trigger()
    hand.settle(desktop)
    assert desktop.window.welcome.isVisible()
    hand.click(desktop.window.message_bar.undo)
    hand.settle(desktop)
    assert desktop.window.panel.isVisible()
    assert desktop.window.panel.name.text() == "work"
    assert stored_names(services) == ["work"]


def test_session_is_kept_where_the_profile_could_not_be_deleted(
    qtbot: QtBot, three: Desktop, services: Services, hand: Hand
) -> None:
    second = three.profiles.settings.profiles[1]
    directory = services.settings.path.parent
    kept = directory.with_name("kept")
    directory.rename(kept)
    directory.write_text("in the way")
    with qtbot.waitSignal(three.profiles.failed, timeout=PATIENCE_MS):
        three.deletions.delete(second.id)
    directory.unlink()
    kept.rename(directory)
    three.profiles.reload()
    hand.settle(three)
    assert names(three) == ["one", "two", "three"]
    three.deletions.lapse()
    hand.settle(three)
    assert services.vault.session(second.id) is not None


def test_unknown_profile_is_not_deleted(three: Desktop) -> None:
    three.deletions.delete("no such profile")
    assert three.deletions.last is None
    assert len(names(three)) == 3


@pytest.fixture
def deleted_with_keys(desktop: Desktop, hand: Hand) -> str:
    """Delete the only profile after its session was written; return its id."""
    hand.get_token(desktop)
    hand.click(desktop.window.panel.actions_bar.write)
    hand.settle(desktop)
    profile_id = desktop.window.panel.profile_id
    desktop.window.panel.menu.delete.trigger()
    hand.settle(desktop)
    return profile_id


def note_of(desktop: Desktop) -> LeftKeysNote:
    return desktop.window.notes.left_keys


def remove_keys(desktop: Desktop, hand: Hand) -> None:
    (button,) = note_of(desktop).remedy_buttons()
    hand.click(button)
    hand.settle(desktop)


def test_keys_in_the_file_are_told_of_and_removed_when_wished(
    desktop: Desktop, deleted_with_keys: str, services: Services, credentials_file: Path, hand: Hand
) -> None:
    text = hand.shown_text(note_of(desktop))
    assert "Keys of a deleted profile are still in [work]" in text
    assert "AWS tools can use them until" in text
    remove_keys(desktop, hand)
    assert "[work]" not in credentials_file.read_text()
    assert "[bob]" in credentials_file.read_text()
    assert not note_of(desktop).isVisible()
    assert desktop.window.message_bar.message.text() == "Removed from [work]."
    hand.click(desktop.window.message_bar.undo)
    hand.settle(desktop)
    assert desktop.sessions.is_live(deleted_with_keys)
    assert services.state.load().session(deleted_with_keys).written == ()


def test_profile_that_is_back_has_its_keys_and_no_note(desktop: Desktop, deleted_with_keys: str, hand: Hand) -> None:
    hand.click(desktop.window.message_bar.undo)
    hand.settle(desktop)
    assert not note_of(desktop).isVisible()
    assert desktop.sessions.record(deleted_with_keys).written


def test_keys_in_the_file_are_told_of_until_the_person_answers_though_the_rest_is_forgotten(
    desktop: Desktop, deleted_with_keys: str, services: Services, credentials_file: Path, hand: Hand
) -> None:
    desktop.deletions.lapse()
    hand.settle(desktop)
    assert services.vault.session(deleted_with_keys) is None
    assert note_of(desktop).isVisible()
    remove_keys(desktop, hand)
    assert "[work]" not in credentials_file.read_text()
    assert not note_of(desktop).isVisible()
    assert is_forgotten(services, deleted_with_keys)


def test_keys_in_the_file_are_told_of_at_the_next_start_and_until_they_expire(
    desktop: Desktop,
    deleted_with_keys: str,
    make_services: Callable[..., Services],
    open_desktop: Callable[..., Desktop],
    hand: Hand,
    clock: Any,
) -> None:
    desktop.deletions.lapse()
    hand.settle(desktop)
    later = open_desktop(make_services())
    assert note_of(later).isVisible()
    clock.jump(timedelta(days=2))
    later.sessions.time_passed.emit()
    assert not note_of(later).isVisible()


@pytest.mark.parametrize("has_lapsed", [False, True])
def test_keys_that_are_to_be_left_there_are_left_and_no_more_told_of(
    desktop: Desktop,
    deleted_with_keys: str,
    services: Services,
    credentials_file: Path,
    make_services: Callable[..., Services],
    open_desktop: Callable[..., Desktop],
    hand: Hand,
    has_lapsed: bool,
) -> None:
    if has_lapsed:
        desktop.deletions.lapse()
        hand.settle(desktop)
    hand.click(note_of(desktop).close_button)
    hand.settle(desktop)
    assert not note_of(desktop).isVisible()
    desktop.deletions.lapse()
    hand.settle(desktop)
    assert services.vault.session(deleted_with_keys) is None
    assert "[work]" in credentials_file.read_text()
    assert not note_of(open_desktop(make_services())).isVisible()


def test_profile_whose_keys_were_to_be_left_is_renewed_in_the_file_when_it_is_back(
    desktop: Desktop, deleted_with_keys: str, credentials_file: Path, hand: Hand
) -> None:
    hand.click(note_of(desktop).close_button)
    hand.settle(desktop)
    hand.click(desktop.window.message_bar.undo)
    hand.settle(desktop)
    before = credentials_file.read_text()
    hand.get_token(desktop)
    assert credentials_file.read_text() != before


def test_profile_that_could_not_be_deleted_keeps_its_keys_and_is_not_called_deleted(
    qtbot: QtBot, desktop: Desktop, services: Services, hand: Hand
) -> None:
    hand.get_token(desktop)
    hand.write(desktop)
    directory = services.settings.path.parent
    kept = directory.with_name("kept")
    directory.rename(kept)
    directory.write_text("in the way")
    with qtbot.waitSignal(desktop.profiles.failed, timeout=PATIENCE_MS):
        desktop.deletions.delete(desktop.window.panel.profile_id)
    directory.unlink()
    kept.rename(directory)
    desktop.profiles.reload()
    hand.settle(desktop)
    desktop.deletions.lapse()
    hand.settle(desktop)
    assert names(desktop) == ["work"]
    assert not note_of(desktop).isVisible()


@pytest.mark.expects_warnings
def test_keys_that_cannot_be_removed_are_told_of(
    desktop: Desktop, deleted_with_keys: str, credentials_file: Path, hand: Hand
) -> None:
    text = credentials_file.read_text() + "[work]\n"  # twice: not to be changed safely
    credentials_file.write_text(text)
    remove_keys(desktop, hand)
    assert credentials_file.read_text() == text
    shown = hand.shown_text(note_of(desktop))
    assert "still in [work]" in shown
    assert "begins a section again" in shown
    assert note_of(desktop).remedy_buttons()


def test_nothing_is_offered_to_be_removed_where_nothing_was_written(three: Desktop) -> None:
    three.deletions.delete(three.profiles.settings.profiles[1].id)
    assert three.window.message_bar.undo.isVisible()
    assert not note_of(three).isVisible()


def test_keys_that_were_to_be_left_are_told_of_again_when_the_profile_was_back_and_is_deleted_again(
    desktop: Desktop, deleted_with_keys: str, hand: Hand
) -> None:
    hand.click(note_of(desktop).close_button)
    hand.settle(desktop)
    hand.click(desktop.window.message_bar.undo)
    hand.settle(desktop)
    desktop.deletions.delete(deleted_with_keys)
    hand.settle(desktop)
    assert note_of(desktop).isVisible()


@pytest.mark.parametrize("button", ["remove", "close"])
def test_state_that_cannot_be_changed_is_told_of(
    desktop: Desktop, deleted_with_keys: str, services: Services, hand: Hand, button: str
) -> None:
    def refuse(*_arguments: object, **_options: object) -> None:
        raise UnusableFileError("A file of this program is busy", "", "")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(services.state, "update", refuse)
        if button == "remove":
            remove_keys(desktop, hand)
        else:
            hand.click(note_of(desktop).close_button)
            hand.settle(desktop)
    assert "busy" in hand.shown_text(desktop.window.notes.problem)


@pytest.mark.fault(46)
def test_profiles_that_are_missing_because_the_settings_were_set_aside_are_not_called_deleted(
    make_services: Callable[..., Services],
    open_keyring: Callable[[], Vault],
    add_profile: Callable[..., Profile],
    write_aws_files: Callable[..., None],
    open_desktop: Callable[..., Desktop],
    hand: Hand,
) -> None:
    write_aws_files("bob")
    add_profile("work", "bob")
    services = make_services(open_keyring())
    first = open_desktop(services)
    hand.get_token(first)
    hand.write(first)
    services.settings.path.write_text("{")
    later = open_desktop(make_services(open_keyring()))
    hand.settle(later)
    assert later.profiles.settings.profiles == ()
    assert [record.expiration is not None for record in services.state.load().sessions.values()] == [True]
    assert not note_of(later).isVisible()


@pytest.mark.parametrize(("deleted", "shown"), [(0, "b"), (1, "c"), (2, "b")])
def test_after_a_deletion_the_neighbour_is_shown(three: Desktop, hand: Hand, deleted: int, shown: str) -> None:
    profiles = three.profiles.settings.profiles
    names = dict(zip("abc", profiles, strict=True))
    three.window.list.select(profiles[deleted].id)
    three.deletions.delete(profiles[deleted].id)
    hand.settle(three)
    assert three.window.list.current() == names[shown].id
