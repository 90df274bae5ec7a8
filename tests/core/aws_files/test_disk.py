import errno
import os
import sys
from pathlib import Path

import pytest

from sts_desktop.core.aws_files import disk
from sts_desktop.core.aws_files.disk import FileChangedError, check_replaceable, explained, replace, take_snapshot
from sts_desktop.core.aws_files.path_errors import (
    AwsFileTooLargeError,
    BrokenLinkError,
    DirectoryMissingError,
    FileInUseError,
    InaccessibleFileError,
    NoRoomError,
    NotARegularFileError,
    PermissionMissingError,
    ReadOnlyFileSystemError,
    UnusablePathError,
)

posix = pytest.mark.skipif(sys.platform == "win32", reason="links and pipes of POSIX")


def never_sleep(seconds: float) -> None:
    pytest.fail(f"waited {seconds} s")


def test_a_missing_file_is_empty_and_will_be_private(tmp_path: Path) -> None:
    snapshot = take_snapshot(tmp_path / "credentials")
    assert (snapshot.content, snapshot.mode, snapshot.exists) == (b"", 0o600, False)


@pytest.mark.fault(38)
def test_a_directory_is_refused_with_its_path(tmp_path: Path) -> None:
    with pytest.raises(NotARegularFileError) as caught:
        take_snapshot(tmp_path)
    assert str(tmp_path) in caught.value.message


@posix
@pytest.mark.fault(38)
def test_a_pipe_is_refused_without_waiting_for_its_other_end(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(NotARegularFileError):
        take_snapshot(tmp_path / "pipe")


@pytest.mark.fault(38)
def test_a_file_beyond_the_cap_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "credentials"
    with path.open("wb") as file:
        file.truncate(disk.MAXIMUM_SIZE)
    assert len(take_snapshot(path).content) == disk.MAXIMUM_SIZE
    with path.open("ab") as file:
        file.truncate(disk.MAXIMUM_SIZE + 1)
    with pytest.raises(AwsFileTooLargeError):
        take_snapshot(path)


@posix
@pytest.mark.fault(34)
def test_a_chain_of_links_is_followed_and_kept(tmp_path: Path) -> None:
    target, middle, link = tmp_path / "dotfiles" / "keys", tmp_path / "middle", tmp_path / "link"
    target.parent.mkdir()
    target.write_bytes(b"old")
    middle.symlink_to("dotfiles/keys")
    link.symlink_to(middle)
    snapshot = take_snapshot(link)
    assert (snapshot.path, snapshot.content) == (target.resolve(), b"old")
    replace(snapshot, b"new", link)
    assert os.readlink(middle) == "dotfiles/keys"
    assert link.is_symlink()
    assert target.read_bytes() == b"new"
    assert sorted(path.name for path in target.parent.iterdir()) == ["keys"]


@posix
@pytest.mark.fault(34)
@pytest.mark.parametrize("target", ["nothing", "missing/nothing", "link"])
def test_a_dangling_or_looping_link_is_refused_with_its_path(tmp_path: Path, target: str) -> None:
    link = tmp_path / "link"
    link.symlink_to(target)
    with pytest.raises(BrokenLinkError) as caught:
        take_snapshot(link)
    assert str(link) in caught.value.message


@posix
def test_a_directory_that_is_a_dangling_link_is_refused(tmp_path: Path) -> None:
    (tmp_path / ".aws").symlink_to("nothing")
    with pytest.raises(BrokenLinkError):
        take_snapshot(tmp_path / ".aws" / "credentials")


def test_a_file_below_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(UnusablePathError):
        check_replaceable(take_snapshot(tmp_path / "file" / "credentials"), makes_directory=False)


@posix
@pytest.mark.parametrize("mode", [0o600, 0o640, 0o644])
def test_the_mode_is_kept(tmp_path: Path, mode: int) -> None:
    path = tmp_path / "credentials"
    path.write_bytes(b"old")
    path.chmod(mode)
    replace(take_snapshot(path), b"new", path)
    assert path.stat().st_mode & 0o7777 == mode


@pytest.mark.fault(35)
@pytest.mark.parametrize("change", ["content", "touch", "mode", "removed", "replaced"])
def test_a_file_that_changed_since_is_not_replaced(tmp_path: Path, change: str) -> None:
    path = tmp_path / "credentials"
    path.write_bytes(b"old")
    snapshot = take_snapshot(path)
    if change == "content":
        path.write_bytes(b"OLD")
        os.utime(path, ns=(0, snapshot.identity[3] if snapshot.identity else 0))
    elif change == "touch":
        os.utime(path, (1, 1))
    elif change == "mode":
        path.chmod(0o400)
    else:
        path.unlink()
    if change == "replaced":
        path.write_bytes(b"old")
        os.utime(path, (2, 2))
    now = path.read_bytes() if path.exists() else None
    with pytest.raises(FileChangedError):
        replace(snapshot, b"new", path)
    assert (path.read_bytes() if path.exists() else None) == now
    assert {file.name for file in tmp_path.iterdir()} <= {"credentials"}


@pytest.mark.fault(35)
def test_a_file_that_appeared_since_is_not_replaced(tmp_path: Path) -> None:
    path = tmp_path / "credentials"
    snapshot = take_snapshot(path)
    path.write_bytes(b"other")
    with pytest.raises(FileChangedError):
        replace(snapshot, b"new", path)
    assert path.read_bytes() == b"other"


@posix
def test_a_link_that_leads_elsewhere_now_is_a_change(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).write_bytes(b"old")
    (tmp_path / "link").symlink_to("a")
    snapshot = take_snapshot(tmp_path / "link")
    (tmp_path / "link").unlink()
    (tmp_path / "link").symlink_to("b")
    with pytest.raises(FileChangedError):
        replace(snapshot, b"new", tmp_path / "link")


def test_a_file_that_another_program_changed_right_after_is_found_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "credentials"
    rename = os.replace

    def replace_and_spoil(source: str, target: Path) -> None:
        rename(source, target)
        target.write_bytes(b"other")

    monkeypatch.setattr(os, "replace", replace_and_spoil)
    with pytest.raises(FileChangedError):
        replace(take_snapshot(path), b"new", path)


def sharing_violation(number: int) -> OSError:
    """What `os.replace` raises on Windows (Microsoft, "System Error Codes"): errno 13 with the code in `winerror`."""
    error = PermissionError(errno.EACCES, "in use")
    error.winerror = number  # type: ignore[attr-defined]  # exists on Windows only
    return error


@pytest.mark.fault(36)
@pytest.mark.parametrize("number", [5, 32, 33])
def test_a_file_held_open_on_windows_is_tried_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    path = tmp_path / "credentials"
    rename = os.replace
    pauses: list[float] = []

    def refuse_twice(source: str, target: Path) -> None:
        if len(pauses) < 2:
            raise sharing_violation(number)
        rename(source, target)

    monkeypatch.setattr(os, "replace", refuse_twice)
    replace(take_snapshot(path), b"new", path, sleep=pauses.append)
    assert path.read_bytes() == b"new"
    assert len(pauses) == 2


@pytest.mark.fault(36)
@pytest.mark.parametrize("number", [5, 32, 33])
def test_after_two_seconds_the_other_program_is_named_as_the_cause(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    path = tmp_path / "credentials"
    path.write_bytes(b"old")
    pauses: list[float] = []

    def refuse(source: str, target: Path) -> None:
        raise sharing_violation(number)

    monkeypatch.setattr(os, "replace", refuse)
    with pytest.raises(FileInUseError):
        replace(take_snapshot(path), b"new", path, sleep=pauses.append)
    assert path.read_bytes() == b"old"
    assert 1.5 <= sum(pauses) <= 2.5
    assert [file.name for file in tmp_path.iterdir()] == ["credentials"]


@pytest.mark.parametrize(
    ("number", "error"),
    [
        (errno.EACCES, PermissionMissingError),
        (errno.EPERM, PermissionMissingError),
        (errno.EROFS, ReadOnlyFileSystemError),
        (errno.ENOSPC, NoRoomError),
        (errno.EDQUOT, NoRoomError),
        (errno.EFBIG, NoRoomError),
        (errno.ELOOP, BrokenLinkError),
        (errno.EIO, InaccessibleFileError),
    ],
)
@pytest.mark.fault(31)
def test_each_complaint_of_the_system_says_which_path(number: int, error: type[UnusablePathError]) -> None:
    path = Path("/home/{alice}/.aws/credentials")
    with pytest.raises(error) as caught, explained(path):
        raise OSError(number, "text")
    assert str(path) in caught.value.message
    assert caught.value.hint


@pytest.mark.fault(32)
def test_a_full_disk_is_not_tried_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "credentials"
    path.write_bytes(b"old")

    def fail(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(NoRoomError):
        replace(take_snapshot(path), b"new", path, sleep=never_sleep)
    assert path.read_bytes() == b"old"
    assert [file.name for file in tmp_path.iterdir()] == ["credentials"]


def test_a_missing_directory_is_named(tmp_path: Path) -> None:
    snapshot = take_snapshot(tmp_path / "missing" / "credentials")
    with pytest.raises(DirectoryMissingError) as caught:
        check_replaceable(snapshot, makes_directory=False)
    assert caught.value.path == tmp_path.resolve() / "missing"
    check_replaceable(snapshot, makes_directory=True)
