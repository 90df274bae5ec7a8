import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from sts_desktop.core.paths import Paths, make_private_directory, resource_directory

posix = pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="the XDG Base Directory Specification")

AS_ELSEWHERE = """
import sys
sys.platform = sys.argv[1]
from sts_desktop.core.paths import Paths
paths = Paths.from_environment()
print(paths.settings_file, paths.state_file, sep="|")
"""


@posix
def test_the_directories_that_the_environment_names() -> None:
    paths = Paths.from_environment({"HOME": "/home/a", "XDG_CONFIG_HOME": "/c", "XDG_STATE_HOME": "/s"})
    assert paths.settings_file == Path("/c/sts-desktop/settings.json")
    assert paths.state_file == Path("/s/sts-desktop/state.json")
    assert paths.log_file == Path("/s/sts-desktop/log/sts-desktop.log")
    assert paths.lock_directory == Path("/s/sts-desktop/locks")


@posix
@pytest.mark.parametrize("value", ["", "relative/path", "."])
def test_without_them_or_with_relative_ones_the_usual_places_count(value: str) -> None:
    paths = Paths.from_environment({"HOME": "/home/a", "XDG_CONFIG_HOME": value, "XDG_STATE_HOME": value})
    assert paths.config == Path("/home/a/.config/sts-desktop")
    assert paths.state == Path("/home/a/.local/state/sts-desktop")


@posix
def test_without_a_home_the_account_says_where_it_is() -> None:
    assert Paths.from_environment({}).home == Path(os.path.expanduser("~"))


@pytest.mark.parametrize(
    ("platform", "place"),
    [("darwin", "Library/Application Support/sts-desktop"), ("linux", ".config/sts-desktop")],
)
def test_each_system_has_places_of_its_own(platform: str, place: str) -> None:
    command = [sys.executable, "-c", AS_ELSEWHERE, platform]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("XDG_")}
    finished = subprocess.run(command, env=environment, capture_output=True, text=True, check=True, timeout=60)
    settings, state = finished.stdout.strip().split("|")
    assert settings == f"{os.environ['HOME']}/{place}/settings.json"
    assert state.startswith(os.environ["HOME"])
    assert "sts-desktop" in state


def test_a_path_is_shown_as_people_write_it() -> None:
    paths = Paths(Path("/c"), Path("/s"), Path("/home/a"))
    assert paths.shown("/home/a/.aws/credentials") == str(Path("~/.aws/credentials"))
    assert paths.shown(Path("/home/another/file")) == str(Path("/home/another/file"))
    assert paths.shown("/etc/x") == str(Path("/etc/x"))


def test_resources_are_found() -> None:
    assert (resource_directory() / "icons" / "sts-desktop.svg").is_file()


@posix
def test_a_directory_and_what_leads_to_it_are_for_their_owner(tmp_path: Path) -> None:
    old_mask = os.umask(0)
    try:
        make_private_directory(tmp_path / "a" / "b")
        make_private_directory(tmp_path / "a" / "b")
    finally:
        os.umask(old_mask)
    assert [stat.S_IMODE(place.stat().st_mode) for place in (tmp_path / "a", tmp_path / "a" / "b")] == [0o700, 0o700]


@posix
def test_a_directory_that_is_there_stays_as_it_is(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    make_private_directory(tmp_path)
    assert stat.S_IMODE(tmp_path.stat().st_mode) == 0o755


def test_a_file_in_its_place_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("")
    for place in (tmp_path / "a", tmp_path / "a" / "b"):
        with pytest.raises(OSError, match="a"):
            make_private_directory(place)
