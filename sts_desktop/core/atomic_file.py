"""Replace a file's content so that a reader, a crash or a full disk sees the old content or the new, nothing else."""

import contextlib
import os
import re
import stat
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from sts_desktop.core.patience import Sleep, patiently

TEMPORARY_PREFIX, TEMPORARY_SUFFIX = ".sts-desktop-", ".tmp"
"""How our temporary files begin and end."""

_TEMPORARY_NAME = re.compile(rf"{re.escape(TEMPORARY_PREFIX)}[a-z0-9_]{{8}}{re.escape(TEMPORARY_SUFFIX)}")
"""What `tempfile.mkstemp` makes of them: nobody calls a file of his own so."""

LEFTOVER_SECONDS = 60.0
"""A temporary file that is older than this belongs to a process that was killed: writing one takes far less."""


def replace_bytes(
    target: Path,
    content: bytes,
    *,
    mode: int = 0o600,
    before_replace: Callable[[], None] | None = None,
    sleep: Sleep = time.sleep,
) -> None:
    """Write `content` beside `target`, sync it to disk, and rename it over `target`.

    `target` must not be a symbolic link: the link would be replaced, not what it points to. Owner and group of an
    existing file are kept as far as this account may give files away. Other hard links to it keep the old content;
    access control lists and extended attributes are not carried over.

    Args:
        target: the file to make or replace; its directory must exist.
        content: the whole new content.
        mode: permission bits of the new file, in force before its first byte is written. Where the group could not
            be kept, the bits for the group are left out: they were meant for another one.
        before_replace: called when only the rename is left to do, and before each further try of it; an exception it
            raises abandons the replacement.
        sleep: waits so many seconds, where another program on Windows has `target` open.

    Raises:
        OSError: the file could not be written or replaced; `target` is as it was and no temporary file is left.
    """

    def rename() -> None:
        if before_replace is not None:
            before_replace()
        os.replace(name, target)

    descriptor, name = tempfile.mkstemp(prefix=TEMPORARY_PREFIX, suffix=TEMPORARY_SUFFIX, dir=target.parent)
    try:
        with open(descriptor, "wb") as temporary:
            if sys.platform != "win32":
                group_kept = _take_over_owner(descriptor, target)
                os.fchmod(descriptor, mode if group_kept else mode & ~stat.S_IRWXG)
            temporary.write(content)
            temporary.flush()
            os.fsync(descriptor)
        patiently(rename, sleep)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(name)
        raise
    _sync_directory(target.parent)


def remove_leftovers(directory: Path) -> None:
    """Remove the temporary files of killed processes from `directory`: what they hold may be secret.

    Younger ones stay: a process that takes its locks elsewhere may be about to rename its own. So do those that cannot
    be removed; nothing is raised.
    """
    names: list[str] = []
    with contextlib.suppress(OSError):
        names = os.listdir(directory)
    for path in (directory / name for name in names if _TEMPORARY_NAME.fullmatch(name)):
        with contextlib.suppress(OSError):  # one that cannot be removed must not keep the others
            status = path.lstat()
            if stat.S_ISREG(status.st_mode) and time.time() - status.st_mtime > LEFTOVER_SECONDS:
                path.unlink()


def _take_over_owner(descriptor: int, target: Path) -> bool:
    """Give the new file the owner and group of the old one; tell whether it has the group now."""
    try:
        old = os.stat(target)
    except FileNotFoundError:
        return True
    new = os.fstat(descriptor)
    if old.st_gid != new.st_gid:
        with contextlib.suppress(PermissionError):
            os.fchown(descriptor, -1, old.st_gid)
    if old.st_uid != new.st_uid:
        with contextlib.suppress(PermissionError):
            os.fchown(descriptor, old.st_uid, -1)
    return os.fstat(descriptor).st_gid == old.st_gid


def _sync_directory(directory: Path) -> None:
    """Make the rename itself durable. Windows cannot open a directory, and needs no such step.

    Some network file systems refuse to sync a directory, and one may be writable but not readable; neither makes the
    replacement undone, so neither is an error.
    """
    if sys.platform == "win32":
        return
    with contextlib.suppress(OSError):
        descriptor = os.open(directory, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
