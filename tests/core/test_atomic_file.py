import errno
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from sts_desktop.core.atomic_file import (
    LEFTOVER_SECONDS,
    TEMPORARY_PREFIX,
    TEMPORARY_SUFFIX,
    remove_leftovers,
    replace_bytes,
)

posix = pytest.mark.skipif(sys.platform == "win32", reason="modes, owners and signals of POSIX")


@pytest.fixture
def target(tmp_path: Path) -> Path:
    path = tmp_path / "file"
    path.write_bytes(b"old")
    return path


def names(directory: Path) -> list[str]:
    return [path.name for path in directory.iterdir()]


def test_a_file_is_made(tmp_path: Path) -> None:
    replace_bytes(tmp_path / "file", b"new")
    assert (tmp_path / "file").read_bytes() == b"new"
    assert names(tmp_path) == ["file"]


def test_a_file_is_replaced_whole(target: Path) -> None:
    replace_bytes(target, b"")
    assert target.read_bytes() == b""
    assert names(target.parent) == ["file"]


@posix
@pytest.mark.parametrize("mode", [0o600, 0o644, 0o400])
def test_the_mode_is_as_asked_before_the_first_byte(target: Path, mode: int, monkeypatch: pytest.MonkeyPatch) -> None:
    modes: list[int] = []

    def look() -> None:
        (temporary,) = target.parent.glob(f"{TEMPORARY_PREFIX}*")
        modes.append(temporary.stat().st_mode & 0o777)

    monkeypatch.setattr(os, "fsync", lambda descriptor: None)
    old_mask = os.umask(0o077)
    try:
        replace_bytes(target, b"new", mode=mode, before_replace=look)
    finally:
        os.umask(old_mask)
    assert modes == [mode]
    assert target.stat().st_mode & 0o777 == mode


def test_an_exception_before_the_rename_abandons_it(target: Path) -> None:
    def refuse() -> None:
        assert target.read_bytes() == b"old"
        raise LookupError

    with pytest.raises(LookupError):
        replace_bytes(target, b"new", before_replace=refuse)
    assert target.read_bytes() == b"old"
    assert names(target.parent) == ["file"]


@pytest.mark.parametrize("function", ["fsync", "replace"])
def test_an_error_of_the_system_leaves_the_old_file_and_nothing_else(
    target: Path, monkeypatch: pytest.MonkeyPatch, function: str
) -> None:
    def fail(*arguments: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, function, fail)
    with pytest.raises(OSError, match="No space left"):
        replace_bytes(target, b"new", sleep=lambda seconds: pytest.fail(f"waited {seconds} s"))
    assert target.read_bytes() == b"old"
    assert names(target.parent) == ["file"]


def sharing_violation(number: int) -> OSError:
    """What `os.replace` raises on Windows (Microsoft, "System Error Codes"): errno 13 with the code in `winerror`."""
    error = PermissionError(errno.EACCES, "in use")
    error.winerror = number  # type: ignore[attr-defined]  # exists on Windows only
    return error


@pytest.mark.fault(36)
@pytest.mark.parametrize("number", [5, 32, 33])
def test_a_file_held_open_on_windows_is_tried_again_after_another_look(
    target: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    rename = os.replace
    events: list[float | str] = []

    def refuse_twice(source: str, target: Path) -> None:
        if events.count("look") < 3:
            raise sharing_violation(number)
        rename(source, target)

    monkeypatch.setattr(os, "replace", refuse_twice)
    replace_bytes(target, b"new", before_replace=lambda: events.append("look"), sleep=events.append)
    assert target.read_bytes() == b"new"
    assert [type(event) for event in events] == [str, float, str, float, str]


@pytest.mark.fault(36)
def test_a_file_held_open_for_longer_is_left_as_it_is(target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(source: str, target: Path) -> None:
        raise sharing_violation(32)

    pauses: list[float] = []
    monkeypatch.setattr(os, "replace", refuse)
    with pytest.raises(PermissionError):
        replace_bytes(target, b"new", sleep=pauses.append)
    assert 1.5 <= sum(pauses) <= 2.5
    assert target.read_bytes() == b"old"
    assert names(target.parent) == ["file"]


def test_a_missing_directory_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        replace_bytes(tmp_path / "missing" / "file", b"new")


def test_a_directory_as_the_target_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "file" / "inside").mkdir(parents=True)
    with pytest.raises(OSError, match="irectory"):
        replace_bytes(tmp_path / "file", b"new")
    assert names(tmp_path) == ["file"]


@posix
def test_a_directory_that_cannot_be_synced_does_not_undo_the_replacement(
    target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sync = os.fsync
    calls: list[int] = []

    def sync_files_only(descriptor: int) -> None:
        """As network file systems do that answer EINVAL for a directory."""
        calls.append(descriptor)
        if len(calls) == 2:
            raise OSError(errno.EINVAL, "Invalid argument")
        sync(descriptor)

    monkeypatch.setattr(os, "fsync", sync_files_only)
    replace_bytes(target, b"new")
    assert len(calls) == 2
    assert target.read_bytes() == b"new"


@posix
def test_the_group_bits_go_where_the_group_cannot_be_kept(target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    status = os.stat(target)
    other = os.stat_result((*status[:5], status.st_gid + 1, *status[6:]))
    real = os.stat

    def stat(path: object, **options: object) -> os.stat_result:
        return other if path == target else real(path, **options)  # type: ignore[arg-type]  # passed on as it came

    def refuse(*arguments: object) -> None:
        raise PermissionError(errno.EPERM, "Operation not permitted")

    with monkeypatch.context() as patch:
        patch.setattr(os, "stat", stat)
        patch.setattr(os, "fchown", refuse)
        replace_bytes(target, b"new", mode=0o664)
    assert target.stat().st_mode & 0o777 == 0o604


@posix
@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() != 0, reason="only root may give files away")
def test_root_keeps_the_owner_and_the_group(target: Path) -> None:
    os.chown(target, 12345, 54321)
    replace_bytes(target, b"new", mode=0o640)
    status = target.stat()
    assert (status.st_uid, status.st_gid, status.st_mode & 0o777) == (12345, 54321, 0o640)


KILLED = """
import os, signal, sys
from pathlib import Path
from sts_desktop.core.atomic_file import replace_bytes
replace_bytes(Path(sys.argv[1]), b"new", before_replace=lambda: os.kill(os.getpid(), signal.SIGKILL))
"""


@posix
@pytest.mark.fault(33)
def test_a_killed_process_leaves_the_old_file_and_a_temporary_one_known_by_its_name(target: Path) -> None:
    run = subprocess.run([sys.executable, "-c", KILLED, str(target)])
    assert run.returncode == -signal.SIGKILL
    assert target.read_bytes() == b"old"
    assert [name.startswith(TEMPORARY_PREFIX) for name in sorted(names(target.parent))] == [True, False]


def temporary_name(middle: str) -> str:
    return f"{TEMPORARY_PREFIX}{middle}{TEMPORARY_SUFFIX}"


def test_temporary_files_are_called_as_those_that_are_removed(target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def kill() -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "unlink", lambda _name: None)  # a killed process cleans up nothing
    with pytest.raises(KeyboardInterrupt):
        replace_bytes(target, b"new", before_replace=kill)
    monkeypatch.undo()
    (left,) = set(names(target.parent)) - {target.name}
    os.utime(target.with_name(left), (0, 0))
    remove_leftovers(target.parent)
    assert names(target.parent) == [target.name]


@pytest.mark.parametrize(
    "name", [".sts-desktop-credentials", ".sts-desktop-backup", ".sts-desktop-abcd_123", ".sts-desktop-old_keys.tmp2"]
)
def test_files_of_a_persons_own_stay_whatever_they_are_called(target: Path, name: str) -> None:
    own = target.with_name(name)
    own.write_bytes(b"all my keys")
    os.utime(own, (0, 0))
    remove_leftovers(target.parent)
    assert own.read_bytes() == b"all my keys"


def test_what_a_killed_process_left_goes_and_what_is_still_written_stays(target: Path) -> None:
    left, fresh = (target.with_name(temporary_name(name)) for name in ("abcd_123", "abcd_124"))
    directory = target.with_name(temporary_name("abcd_125"))
    directory.mkdir()
    for path in (left, fresh):
        path.write_bytes(b"secret")
    for path in (left, target, directory):
        os.utime(path, (0, path.stat().st_mtime - LEFTOVER_SECONDS - 1))
    remove_leftovers(target.parent)
    assert sorted(names(target.parent)) == sorted([directory.name, fresh.name, target.name])


def test_a_leftover_that_cannot_be_removed_does_not_keep_the_others(
    target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    left = [target.with_name(temporary_name(f"abcd_12{number}")) for number in range(3)]
    for path in left:
        path.touch()
        os.utime(path, (0, 0))
    unlink, refused = Path.unlink, list[Path]()

    def refuse_once(path: Path) -> None:
        if not refused:
            refused.append(path)
            raise PermissionError
        unlink(path)

    monkeypatch.setattr(Path, "unlink", refuse_once)
    remove_leftovers(target.parent)
    assert [path for path in left if path.exists()] == refused


def test_leftovers_in_a_directory_that_is_not_there_are_none(tmp_path: Path) -> None:
    remove_leftovers(tmp_path / "missing")
