"""Edits show at once, reach the disk, and do not undo what another process saved."""

import errno
import os
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from sts_desktop.core.errors import UnusableFileError
from sts_desktop.core.json_file import JsonFile
from sts_desktop.core.paths import Paths
from sts_desktop.core.profile import EndpointChoice
from sts_desktop.core.services import Services
from sts_desktop.core.settings import AccessKeyEntry, NoSuchProfileError
from sts_desktop.ui.app import Desktop
from tests.ui.hand import PATIENCE_MS, Hand, profile_of


@pytest.fixture
def other_process(make_services: Callable[..., Services]) -> Services:
    return make_services()


def test_edit_shows_at_once_and_is_saved(qtbot: QtBot, desktop: Desktop, other_process: Services, hand: Hand) -> None:
    profile = profile_of(desktop)
    with qtbot.waitSignal(desktop.profiles.profile_changed) as changed:
        desktop.profiles.edit(replace(profile, duration_seconds=3600))
    assert changed.args == [profile.id]
    assert profile_of(desktop).duration_seconds == 3600
    hand.settle(desktop)
    assert other_process.settings.load().profiles[0].duration_seconds == 3600


def test_quick_edits_end_with_the_last(desktop: Desktop, other_process: Services, hand: Hand) -> None:
    for seconds in (900, 1800, 3600, 7200):
        desktop.profiles.edit(replace(profile_of(desktop), duration_seconds=seconds))
        assert not desktop.profiles.is_saved()
    hand.settle(desktop)
    assert profile_of(desktop).duration_seconds == 7200
    assert other_process.settings.load().profiles[0].duration_seconds == 7200


def test_edit_without_a_change_does_nothing(qtbot: QtBot, desktop: Desktop) -> None:
    with qtbot.assertNotEmitted(desktop.profiles.profile_changed):
        desktop.profiles.edit(profile_of(desktop))
    assert desktop.profiles.is_saved()


def test_new_profile_of_another_process_is_kept_and_shown(
    desktop: Desktop, other_process: Services, hand: Hand
) -> None:
    other_process.profiles.create("theirs")
    desktop.profiles.edit(replace(profile_of(desktop), duration_seconds=3600))
    hand.settle(desktop)
    assert [profile.name for profile in other_process.settings.load().profiles] == ["work", "theirs"]
    assert [profile.name for profile in desktop.profiles.settings.profiles] == ["work", "theirs"]


def test_edits_of_two_profiles_in_two_processes_both_stand(
    desktop: Desktop, other_process: Services, hand: Hand
) -> None:
    second = desktop.profiles.create("second")
    hand.settle(desktop)
    other_process.profiles.save(replace(second, duration_seconds=1800))
    desktop.profiles.edit(replace(profile_of(desktop), duration_seconds=3600))
    hand.settle(desktop)
    assert [profile.duration_seconds for profile in other_process.settings.load().profiles] == [3600, 1800]
    assert [profile.duration_seconds for profile in desktop.profiles.settings.profiles] == [3600, 1800]


def test_reload_tells_of_other_keys(qtbot: QtBot, desktop: Desktop, other_process: Services, hand: Hand) -> None:
    entry = AccessKeyEntry("0123", "main", "WXYZ")
    other_process.settings.update(lambda settings: settings.with_access_key(entry))
    with qtbot.waitSignal(desktop.profiles.keys_changed, timeout=PATIENCE_MS):
        desktop.profiles.reload()
    assert desktop.profiles.settings.access_keys == (entry,)


def test_new_profile_has_a_free_name_and_the_usual_endpoint(desktop: Desktop, hand: Hand) -> None:
    desktop.profiles.edit(replace(profile_of(desktop), endpoint=EndpointChoice("ap-northeast-1")))
    made = desktop.profiles.create("work")
    assert made.name == "work 2"
    assert made.endpoint == EndpointChoice("ap-northeast-1")
    hand.settle(desktop)


@pytest.mark.fault(46)
def test_failed_save_is_told_and_the_edit_is_saved_later(
    qtbot: QtBot, desktop: Desktop, paths: Paths, other_process: Services, hand: Hand
) -> None:
    kept = paths.config.with_name("kept")
    paths.config.rename(kept)
    paths.config.write_text("in the way")  # a directory that nothing can be written to, for root too
    with qtbot.waitSignal(desktop.profiles.failed, timeout=PATIENCE_MS):
        desktop.profiles.edit(replace(profile_of(desktop), duration_seconds=3600))
    assert profile_of(desktop).duration_seconds == 3600
    paths.config.unlink()
    kept.rename(paths.config)
    desktop.profiles.reload()
    qtbot.waitUntil(desktop.jobs.is_idle, timeout=PATIENCE_MS)
    assert profile_of(desktop).duration_seconds == 3600
    desktop.profiles.create("second")
    hand.settle(desktop)
    assert profile_of(desktop).duration_seconds == 3600
    assert other_process.settings.load().profiles[0].duration_seconds == 3600


def test_everything_is_on_disk_after_the_end(
    open_desktop: Callable[..., Desktop], make_services: Callable[..., Services], other_process: Services
) -> None:
    desktop = open_desktop(make_services())
    made = [desktop.profiles.create(f"profile {number}") for number in range(5)]
    assert desktop.close()
    assert [profile.id for profile in other_process.settings.load().profiles] == [profile.id for profile in made]


def test_edits_of_one_profile_in_two_processes_both_stand(
    desktop: Desktop, other_process: Services, hand: Hand
) -> None:
    profile = profile_of(desktop)
    other_process.profiles.save(replace(profile, working_region="eu-west-1"), profile)
    desktop.profiles.edit(replace(profile, duration_seconds=3600))
    hand.settle(desktop)
    both = replace(profile, working_region="eu-west-1", duration_seconds=3600)
    assert other_process.settings.load().profiles == (both,)
    assert desktop.profiles.settings.profiles == (both,)


def test_saved_profile_is_the_one_in_the_window_with_the_edits_of_others(
    desktop: Desktop, other_process: Services, hand: Hand
) -> None:
    profile = profile_of(desktop)
    other_process.profiles.save(replace(profile, working_region="eu-west-1"), profile)
    desktop.profiles.edit(replace(profile, duration_seconds=3600))
    saved = desktop.profiles.saved(profile.id)
    assert saved == replace(profile, working_region="eu-west-1", duration_seconds=3600)
    assert other_process.settings.load().profiles == (saved,)
    hand.settle(desktop)


def test_profile_that_another_process_deleted_does_not_come_back(
    qtbot: QtBot, desktop: Desktop, other_process: Services, hand: Hand
) -> None:
    second = desktop.profiles.create("second")
    hand.settle(desktop)
    other_process.settings.update(lambda settings: settings.without_profile(second.id))
    with qtbot.waitSignal(desktop.profiles.failed, timeout=PATIENCE_MS) as failed:
        desktop.profiles.edit(replace(second, duration_seconds=3600))
    assert failed.args is not None
    assert isinstance(failed.args[0], NoSuchProfileError)
    hand.settle(desktop)  # it is not tried again
    assert [profile.name for profile in desktop.profiles.settings.profiles] == ["work"]
    assert [profile.name for profile in other_process.settings.load().profiles] == ["work"]
    with pytest.raises(NoSuchProfileError):
        desktop.profiles.saved(second.id)


def test_one_profile_that_cannot_be_saved_keeps_none_of_the_others_from_it(
    qtbot: QtBot,
    open_desktop: Callable[..., Desktop],
    make_services: Callable[..., Services],
    paths: Paths,
    other_process: Services,
) -> None:
    for name in ("first", "second"):
        other_process.profiles.create(name)
    desktop = open_desktop(make_services())
    other_process.profiles.create("taken")
    kept = paths.config.with_name("kept")
    paths.config.rename(kept)
    paths.config.write_text("in the way")
    first, second = desktop.profiles.settings.profiles
    with qtbot.waitSignals([desktop.profiles.failed] * 2, timeout=PATIENCE_MS):
        desktop.profiles.edit(replace(first, name="taken"))
        desktop.profiles.edit(replace(second, duration_seconds=3600))
    paths.config.unlink()
    kept.rename(paths.config)
    desktop.profiles.save_everything()
    qtbot.waitUntil(desktop.jobs.is_idle, timeout=PATIENCE_MS)
    saved = {profile.name: profile.duration_seconds for profile in other_process.settings.load().profiles}
    assert saved == {"first": 43_200, "second": 3600, "taken": 43_200}


# Deleting, and taking it back


def test_deleted_and_taken_back_at_once_it_is_shown_all_the_time(
    desktop: Desktop, other_process: Services, hand: Hand
) -> None:
    profile = profile_of(desktop)
    desktop.profiles.create("last")
    hand.settle(desktop)
    desktop.profiles.delete(profile.id)
    desktop.profiles.restore(profile, 0)
    shown: list[list[str]] = []
    desktop.profiles.profiles_changed.connect(
        lambda: shown.append([known.name for known in desktop.profiles.settings.profiles])
    )
    hand.settle(desktop)
    assert [names for names in shown if names != ["work", "last"]] == []
    assert [known.name for known in desktop.profiles.settings.profiles] == ["work", "last"]
    assert [known.name for known in other_process.settings.load().profiles] == ["work", "last"]


def test_workers_that_overtake_one_another_change_nothing(
    desktop: Desktop, services: Services, other_process: Services, hand: Hand, monkeypatch: pytest.MonkeyPatch
) -> None:
    held: list[tuple[Callable[..., Any], dict[str, Any]]] = []
    start = desktop.jobs.start
    profile = profile_of(desktop)
    monkeypatch.setattr(desktop.jobs, "start", lambda work, **callbacks: held.append((work, callbacks)))
    desktop.profiles.delete(profile.id)
    desktop.profiles.restore(profile, 0)
    monkeypatch.undo()
    for work, callbacks in reversed(held):
        start(work, **callbacks)
        hand.settle(desktop)
    assert len(held) == 2
    assert other_process.settings.load().profiles == (profile,)
    assert desktop.profiles.settings.profiles == (profile,)


def test_edit_after_taking_it_back_stands(desktop: Desktop, other_process: Services, hand: Hand) -> None:
    profile = profile_of(desktop)
    desktop.profiles.delete(profile.id)
    desktop.profiles.restore(profile, 0)
    desktop.profiles.edit(replace(profile, duration_seconds=1800))
    hand.settle(desktop)
    desktop.profiles.reload()
    hand.settle(desktop)
    assert profile_of(desktop).duration_seconds == 1800
    assert other_process.settings.load().profiles[0].duration_seconds == 1800


def test_new_profile_that_is_deleted_at_once_does_not_come_back(
    desktop: Desktop, other_process: Services, hand: Hand
) -> None:
    for _time in range(5):
        made = desktop.profiles.create("short-lived")
        desktop.profiles.delete(made.id)
    hand.settle(desktop)
    assert [known.name for known in desktop.profiles.settings.profiles] == ["work"]
    assert [known.name for known in other_process.settings.load().profiles] == ["work"]


def test_edit_of_a_deleted_profile_does_not_bring_it_back(
    qtbot: QtBot, desktop: Desktop, other_process: Services, hand: Hand
) -> None:
    profile = profile_of(desktop)
    desktop.profiles.edit(replace(profile, duration_seconds=3600))
    with qtbot.assertNotEmitted(desktop.profiles.failed):
        desktop.profiles.delete(profile.id)
        desktop.profiles.edit(replace(profile, duration_seconds=1800))
        hand.settle(desktop)
    assert desktop.profiles.settings.profiles == ()
    assert other_process.settings.load().profiles == ()


def test_name_given_away_meanwhile_is_left_to_the_other(desktop: Desktop, other_process: Services, hand: Hand) -> None:
    profile = profile_of(desktop)
    desktop.profiles.delete(profile.id)
    hand.settle(desktop)
    other_process.profiles.create("work")
    desktop.profiles.restore(profile, 0)
    hand.settle(desktop)
    assert [known.name for known in other_process.settings.load().profiles] == ["work 2", "work"]
    assert [known.name for known in desktop.profiles.settings.profiles] == ["work 2", "work"]


# Files that cannot be used for a while


def refuse_once(error: UnusableFileError) -> Callable[..., Any]:
    """Return what stands in the place of `JsonFile.update`: it fails the first time."""
    update, refused = JsonFile.update, list[bool]()

    def update_or_refuse(file: JsonFile[Any], change: Callable[[Any], Any]) -> Any:
        if file.path.name == "settings.json" and not refused:
            refused.append(True)
            raise error
        return update(file, change)

    return update_or_refuse


def test_undo_that_cannot_be_saved_at_once_loses_nothing(
    desktop: Desktop, other_process: Services, hand: Hand, monkeypatch: pytest.MonkeyPatch
) -> None:
    profile = profile_of(desktop)
    desktop.deletions.delete(profile.id)
    hand.settle(desktop)
    with monkeypatch.context() as patch:
        patch.setattr(JsonFile, "update", refuse_once(UnusableFileError("A file of this program is busy", "", "")))
        desktop.deletions.undo()
        hand.let_end(desktop)
    assert "busy" in hand.shown_text(desktop.window.notes.problem)
    assert [shown.id for shown in desktop.profiles.settings.profiles] == [profile.id]
    desktop.profiles.edit(replace(profile, duration_seconds=900))
    hand.settle(desktop)
    settings = other_process.settings.load()
    assert [saved.id for saved in settings.profiles] == [profile.id]
    assert settings.deleted == ()


def test_deletion_that_cannot_be_saved_is_told_and_stays_told(
    desktop: Desktop, hand: Hand, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(JsonFile, "update", refuse_once(UnusableFileError("A file of this program is busy", "", "")))
    desktop.deletions.delete(profile_of(desktop).id)
    hand.let_end(desktop)
    desktop.profiles.reload()
    hand.let_end(desktop)
    assert "busy" in hand.shown_text(desktop.window.notes.problem)


def test_full_disk_is_told_once(desktop: Desktop, hand: Hand, monkeypatch: pytest.MonkeyPatch) -> None:
    def is_full(_descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    told: list[object] = []
    desktop.profiles.failed.connect(told.append)
    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", is_full)
        desktop.profiles.edit(replace(profile_of(desktop), duration_seconds=900))
        hand.let_end(desktop)
        for _look in range(3):  # as the file watch does, which sees the temporary file
            desktop.profiles.reload()
            hand.let_end(desktop)
    assert len(told) == 1
    assert "cannot be saved" in hand.shown_text(desktop.window.notes.problem)


def test_name_that_another_process_took_is_told_once(desktop: Desktop, other_process: Services, hand: Hand) -> None:
    told: list[object] = []
    desktop.profiles.failed.connect(told.append)
    other_process.profiles.create("taken")
    desktop.profiles.edit(replace(profile_of(desktop), name="taken"))
    hand.let_end(desktop)
    for _look in range(3):
        desktop.profiles.reload()
        hand.let_end(desktop)
    assert len(told) == 1
    desktop.profiles.edit(replace(profile_of(desktop), name="free"))
    hand.settle(desktop)


@pytest.mark.fault(46)
def test_profile_that_is_deleted_again_while_its_undo_cannot_be_saved_stays_deleted(
    desktop: Desktop, services: Services, hand: Hand
) -> None:
    profile, whole = profile_of(desktop), services.settings.path.read_bytes()
    services.settings.path.write_text("{ broken")
    desktop.profiles.delete(profile.id)
    desktop.profiles.restore(profile, 0)
    desktop.profiles.delete(profile.id)
    hand.let_end(desktop)
    services.settings.path.write_bytes(whole)
    assert desktop.profiles._refused == {}
