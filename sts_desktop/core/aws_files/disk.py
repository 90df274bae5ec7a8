"""An AWS file as a file: which one a path leads to, its bytes, and whether it may be replaced."""

import contextlib
import errno
import os
import stat
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from sts_desktop.core.atomic_file import replace_bytes
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
from sts_desktop.core.patience import Sleep, is_sharing_violation

MAXIMUM_SIZE = 32 * 1024 * 1024
"""In bytes. Ten thousand profiles with session tokens are 6 MB."""

NEW_FILE_MODE = 0o600


class FileChangedError(Exception):
    """Another program changed the file since it was read. Not for people: the writer starts again."""


@dataclass(frozen=True)
class Snapshot:
    """A file as it was at one moment.

    Attributes:
        path: the file itself, all links followed.
        content: its bytes; empty for a file that does not exist.
        mode: its permission bits, or those that a new file gets.
        identity: device, inode, size and time of change; None for a file that does not exist.
    """

    path: Path
    content: bytes = field(repr=False)
    mode: int
    identity: tuple[int, ...] | None

    @property
    def exists(self) -> bool:
        """Whether there was a file."""
        return self.identity is not None


def take_snapshot(location: Path) -> Snapshot:
    """Return what stands at `location`, links followed.

    Raises:
        UnusablePathError: it is no regular file, too large, a broken link, or cannot be read.
    """
    path = _follow_links(location)
    with explained(path):
        try:
            _refuse_irregular(path, os.stat(path))
        except FileNotFoundError:
            return Snapshot(path, b"", NEW_FILE_MODE, None)
        with open(path, "rb") as file:
            status = os.fstat(file.fileno())
            content = file.read(MAXIMUM_SIZE + 1)
    if len(content) > MAXIMUM_SIZE:
        raise AwsFileTooLargeError(path)
    identity = (status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns, status.st_mode)
    return Snapshot(path, content, stat.S_IMODE(status.st_mode), identity)


def check_replaceable(snapshot: Snapshot, *, makes_directory: bool) -> None:
    """Raise what would keep this account from replacing the file, as far as it can be known without trying.

    Args:
        snapshot: the file.
        makes_directory: whether a missing directory will be made, so that its parent counts.

    Raises:
        UnusablePathError: the file is write-protected, or its directory is missing or write-protected.
    """
    directory = snapshot.path.parent
    if makes_directory and not directory.exists():
        directory = directory.parent
    if not directory.is_dir():
        raise DirectoryMissingError(directory)
    # A rename would succeed over a file that is write-protected: its owner's wish counts.
    if snapshot.exists and not os.access(snapshot.path, os.W_OK):
        raise _not_writable(snapshot.path)
    if not os.access(directory, os.W_OK | os.X_OK):
        raise _not_writable(directory)


def make_directory(directory: Path) -> None:
    """Make `directory`, for its owner only, unless it exists; its parent must.

    Raises:
        UnusablePathError: it could not be made.
    """
    with explained(directory):
        directory.mkdir(mode=0o700, exist_ok=True)


def replace(snapshot: Snapshot, content: bytes, location: Path, *, sleep: Sleep = time.sleep) -> None:
    """Put `content` in the place of the file, if that is still as it was, and see that it arrived.

    Mode and, where this account may, owner are kept. Other hard links to the file keep the old content.

    Args:
        snapshot: the file that `content` was made from.
        content: the whole new content.
        location: the path that led to the file.
        sleep: waits so many seconds, between tries on Windows.

    Raises:
        FileChangedError: the file is not as it was in `snapshot`, or not `content` afterwards.
        UnusablePathError: it could not be written, and is as it was.
    """

    def refuse_change() -> None:
        if take_snapshot(location) != snapshot:
            raise FileChangedError

    with explained(snapshot.path):
        try:
            replace_bytes(snapshot.path, content, mode=snapshot.mode, before_replace=refuse_change, sleep=sleep)
        except OSError as error:
            if is_sharing_violation(error):
                raise FileInUseError(snapshot.path) from error
            raise
    if take_snapshot(location).content != content:
        raise FileChangedError


@contextlib.contextmanager
def explained(path: Path) -> Iterator[None]:
    """Turn an OSError of the block into the error that tells a person about `path`."""
    try:
        yield
    except OSError as error:
        raise _explanation(path, error) from error


def _follow_links(location: Path) -> Path:
    """Return the file that `location` leads to, whether it exists or not."""
    with explained(location):
        try:
            return Path(os.path.realpath(location, strict=True))
        except FileNotFoundError:
            if any(path.is_symlink() and not path.exists() for path in (location, location.parent)):
                raise BrokenLinkError(location) from None
            return Path(os.path.realpath(location))


def _refuse_irregular(path: Path, status: os.stat_result) -> None:
    """Look before opening: opening a pipe waits for its other end."""
    if not stat.S_ISREG(status.st_mode):
        raise NotARegularFileError(path)
    if status.st_size > MAXIMUM_SIZE:
        raise AwsFileTooLargeError(path)


def _not_writable(path: Path) -> UnusablePathError:
    with contextlib.suppress(OSError, AttributeError):
        if os.statvfs(path).f_flag & os.ST_RDONLY:
            return ReadOnlyFileSystemError(path)
    return PermissionMissingError(path)


def _explanation(path: Path, error: OSError) -> UnusablePathError:
    number = error.errno
    if getattr(error, "winerror", None) in (32, 33):
        return FileInUseError(path)
    if number in (errno.EACCES, errno.EPERM):
        return PermissionMissingError(path)
    if number == errno.EROFS:
        return ReadOnlyFileSystemError(path)
    if number in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return NoRoomError(path)
    if number == errno.ELOOP:
        return BrokenLinkError(path)
    return InaccessibleFileError(path, os.strerror(number) if number else type(error).__name__)
