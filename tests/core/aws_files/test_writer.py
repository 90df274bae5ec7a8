import os
import stat
import sys
from pathlib import Path

import pytest

from sts_desktop.core.atomic_file import TEMPORARY_PREFIX, TEMPORARY_SUFFIX
from sts_desktop.core.aws_files.document import Document
from sts_desktop.core.aws_files.path_errors import InaccessibleFileError, WriterBusyError
from sts_desktop.core.aws_files.writer import LOCK_NAME, SectionWriter

VALUES = {"aws_access_key_id": "ASIANEW"}


def allow(document: Document) -> None:
    """Everything."""


def test_a_lock_that_another_process_holds_is_waited_for_and_then_named(tmp_path: Path) -> None:
    import filelock

    writer = SectionWriter(tmp_path / "credentials", tmp_path / "locks", lock_seconds=0.05)
    (tmp_path / "locks").mkdir()
    with filelock.FileLock(tmp_path / "locks" / LOCK_NAME):
        with pytest.raises(WriterBusyError):
            writer.write("work", VALUES, allow)
        with pytest.raises(WriterBusyError):
            writer.check("work", VALUES, allow)
    writer.write("work", VALUES, allow)
    assert (tmp_path / "credentials").read_text() == "[work]\naws_access_key_id = ASIANEW\n"


def test_a_lock_directory_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "locks").touch()
    with pytest.raises(InaccessibleFileError) as caught:
        SectionWriter(tmp_path / "credentials", tmp_path / "locks").write("work", VALUES, allow)
    assert caught.value.path == tmp_path / "locks"


@pytest.mark.skipif(sys.platform == "win32", reason="modes of POSIX")
def test_the_lock_and_what_leads_to_it_are_for_their_owner(tmp_path: Path) -> None:
    locks = tmp_path / "state" / "locks"
    old_mask = os.umask(0o022)
    try:
        SectionWriter(tmp_path / "credentials", locks).write("work", VALUES, allow)
    finally:
        os.umask(old_mask)
    modes = [stat.S_IMODE(path.stat().st_mode) for path in (locks.parent, locks, locks / LOCK_NAME)]
    assert modes == [0o700, 0o700, 0o600]


def test_the_lock_is_released_when_a_write_is_refused(tmp_path: Path) -> None:
    writer = SectionWriter(tmp_path / "credentials", tmp_path / "locks", lock_seconds=0.05)

    def refuse(document: Document) -> None:
        raise LookupError

    with pytest.raises(LookupError):
        writer.write("work", VALUES, refuse)
    assert not (tmp_path / "credentials").exists()
    writer.write("work", VALUES, allow)


def test_a_write_and_a_removal_clear_away_what_killed_ones_left(tmp_path: Path) -> None:
    writer = SectionWriter(tmp_path / "credentials", tmp_path / "locks")
    left = tmp_path / f"{TEMPORARY_PREFIX}abcd_123{TEMPORARY_SUFFIX}"
    left.touch()
    os.utime(left, (0, 0))
    writer.write("work", VALUES, allow)
    assert not left.exists()
    left.touch()
    os.utime(left, (0, 0))
    assert not writer.remove_session("other", lambda document: False)
    assert not left.exists()
