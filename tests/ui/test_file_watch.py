"""What other processes change is seen within a second or two, without a click."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from sts_desktop.core.services import Services
from sts_desktop.ui.app import Desktop
from sts_desktop.ui.file_watch import FileWatch
from tests.ui.hand import PATIENCE_MS, chosen


@pytest.fixture
def watched(tmp_path: Path) -> Path:
    file = tmp_path / "there" / "file"
    file.parent.mkdir()
    file.write_text("one")
    return file


@pytest.fixture
def watch(qtbot: QtBot, watched: Path) -> Iterator[FileWatch]:
    watch = FileWatch([watched, watched.parent.parent / "not there" / "file"])
    yield watch
    watch.deleteLater()


def replace(file: Path) -> None:
    new = file.with_name("new")
    new.write_text("two")
    new.replace(file)


@pytest.mark.parametrize(
    "change",
    [replace, Path.unlink, lambda file: file.write_text("two")],
    ids=["replaced", "removed", "written in place"],
)
def test_each_kind_of_change_is_noticed(
    qtbot: QtBot, watch: FileWatch, watched: Path, change: Callable[[Path], object]
) -> None:
    with qtbot.waitSignal(watch.changed, timeout=PATIENCE_MS):
        change(watched)


def test_file_that_was_replaced_is_watched_on(qtbot: QtBot, watch: FileWatch, watched: Path) -> None:
    for _time in range(3):
        with qtbot.waitSignal(watch.changed, timeout=PATIENCE_MS):
            replace(watched)
    with qtbot.waitSignal(watch.changed, timeout=PATIENCE_MS):
        watched.write_text("in place")


def test_session_of_another_process_is_shown_by_itself(
    qtbot: QtBot,
    open_desktop: Callable[..., Desktop],
    make_services: Callable[..., Services],
    open_keyring: Callable[..., object],
    write_aws_files: Callable[..., None],
) -> None:
    write_aws_files("bob")
    other = make_services(open_keyring())
    desktop = open_desktop(make_services(open_keyring()))
    desktop.window.making.use_aws_keys()
    qtbot.waitUntil(lambda: bool(other.settings.load().profiles), timeout=PATIENCE_MS)
    profile = chosen(desktop)
    other.sessions.get_token(profile)
    qtbot.waitUntil(lambda: desktop.sessions.is_live(profile.id), timeout=PATIENCE_MS)
    other.profiles.delete(profile.id)
    qtbot.waitUntil(lambda: desktop.profiles.profile(profile.id) is None, timeout=PATIENCE_MS)


def test_key_that_appears_in_the_aws_files_is_offered_by_itself(
    qtbot: QtBot, desktop: Desktop, write_aws_files: Callable[..., None]
) -> None:
    write_aws_files("bob", "alice")
    qtbot.waitUntil(lambda: len(desktop.keys.usable_aws_profiles()) == 2, timeout=PATIENCE_MS)
