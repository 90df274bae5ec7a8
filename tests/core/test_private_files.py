"""Every file and directory that the program makes is its owner's alone, whatever the process's umask allows."""

import logging
import os
import stat
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from sts_desktop.core import log
from sts_desktop.core.profile import Profile
from sts_desktop.core.services import Services

if TYPE_CHECKING:
    from tests.core.conftest import WatchedSts

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="modes of POSIX")


@pytest.fixture(autouse=True)
def generous_umask() -> Iterator[None]:
    """Take no permission away, which is worse than the usual 022."""
    old_mask = os.umask(0)
    yield
    os.umask(old_mask)


@pytest.fixture
def logging_as_before() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    for handler in [handler for handler in root.handlers if handler not in handlers]:
        root.removeHandler(handler)
        handler.close()
    root.setLevel(level)


@pytest.mark.usefixtures("logging_as_before")
def test_all_that_a_whole_run_leaves(
    generous_umask: None, services: Services, bobs_profile: Profile, embedded_sts: "WatchedSts"
) -> None:
    log.start(services.paths.log_file)
    services.sessions.get_token(bobs_profile)
    services.sessions.write(bobs_profile)
    damaged = services.state.path
    damaged.write_text("damaged")
    damaged.chmod(0o600)
    services.state.load()

    home = Path(os.environ["HOME"])
    made = {path.relative_to(home).as_posix(): stat.S_IMODE(path.stat().st_mode) for path in home.rglob("*")}
    for name in ("settings.json", "settings.lock", "state.lock", "aws-credentials.lock", "sts-desktop.log"):
        assert [path for path in made if path.endswith(f"/{name}")], name
    assert ".aws/credentials" in made
    assert {path: oct(mode) for path, mode in made.items() if mode & 0o077} == {}


def test_a_temporary_file_while_it_is_written(tmp_path: Path) -> None:
    from sts_desktop.core.atomic_file import replace_bytes

    modes: list[int] = []

    def look() -> None:
        modes.extend(stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir())

    replace_bytes(tmp_path / "new", b"secret", before_replace=look)
    assert modes == [0o600]


def test_the_umask_of_the_process_is_left_to_the_programs_that_it_starts(monkeypatch: pytest.MonkeyPatch) -> None:
    from sts_desktop.__main__ import main

    os.umask(0o022)
    monkeypatch.setattr("sts_desktop.cli.main.run", lambda arguments: 0)
    assert main(["list"]) == 0
    assert os.umask(0o022) == 0o022
