"""A small JSON document that several processes of ours read and change.

Readers take no lock: a write replaces the whole file. A change is a function of the newest content: the file is locked,
read again, changed and replaced, so that no process undoes what another saved in between. Moving a damaged file aside
is such a change.
"""

import contextlib
import json
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Generic, TypeVar

from sts_desktop.core.errors import DamagedFileError, UnusableFileError
from sts_desktop.core.i18n import _
from sts_desktop.core.paths import make_private_directory
from sts_desktop.core.patience import Sleep, patiently

Content = TypeVar("Content")

LOCK_SECONDS = 5.0


class JsonFile(Generic[Content]):
    """One document on disk, decoded into a frozen value.

    A file that cannot be decoded is moved aside, never overwritten; `set_aside` then names where it went, so that the
    person can be told once. One that is precious is moved by nobody but a `load` that is told to: a person may be about
    to mend it. A file that a newer version of the program wrote is nobody's to move either.
    """

    def __init__(
        self,
        path: Path,
        *,
        version: int,
        empty: Content,
        decode: Callable[[dict[str, Any]], Content],
        encode: Callable[[Content], dict[str, Any]],
        is_precious: bool = False,
        sleep: Sleep = time.sleep,
    ) -> None:
        self.path = path
        self.set_aside: Path | None = None
        self._version = version
        self._empty = empty
        self._decode = decode
        self._encode = encode
        self._is_precious = is_precious
        self._sleep = sleep

    def load(self, *, may_move_aside: bool = False) -> Content:
        """Return the content; the empty one when there is no file or it had to be moved aside.

        Args:
            may_move_aside: whether a damaged file may be, if it is a precious one.

        Raises:
            UnusableFileError: the file cannot be read or moved aside, or a newer version of the program wrote it; it is
                as it was.
        """
        try:
            return self._read()
        except _NotUnderstoodError as error:
            if self._is_precious and not may_move_aside:
                raise _damaged(self.path) from error
            with self._locked():  # another process may be about to mend it
                return self._read_or_move_aside()

    def update(self, change: Callable[[Content], Content]) -> Content:
        """Apply `change` to the newest content, save it, and return what was saved.

        Raises:
            UnusableFileError: the file cannot be read, locked or written, or a newer version of the program wrote it;
                it is as it was.
        """
        from sts_desktop.core.atomic_file import replace_bytes

        with self._locked():
            old = self._read_to_change()
            new = change(old)
            if new != old or not self.path.exists():
                document = {"version": self._version, **self._encode(new)}
                text = json.dumps(document, ensure_ascii=False, indent=1) + "\n"
                # As json.loads reads: a value from the command line can hold bytes that are no UTF-8.
                replace_bytes(self.path.resolve(), text.encode(errors="surrogatepass"), sleep=self._sleep)
            return new

    @contextlib.contextmanager
    def _locked(self) -> Iterator[None]:
        """Keep other processes and threads from changing the file; turn an OSError of the block into ours."""
        import filelock

        try:
            make_private_directory(self.path.parent)
            with filelock.FileLock(self.path.with_suffix(".lock"), timeout=LOCK_SECONDS, mode=0o600):
                yield
        except filelock.Timeout as error:
            raise _busy(self.path) from error
        except OSError as error:
            raise _unwritable(self.path, error) from error

    def _read(self) -> Content:
        """Return the content as it is now; the empty one when there is no file."""
        try:
            raw = patiently(self.path.read_bytes, self._sleep)
        except FileNotFoundError:
            return self._empty
        except OSError as error:
            raise _unreadable(self.path, error) from error
        try:
            document = json.loads(raw)
            version = document["version"]
            if type(version) is int and version > self._version:
                raise _newer(self.path)
            if version != self._version:
                raise ValueError("no version of this program wrote this")
            return self._decode(document)
        except (ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError) as error:
            raise _NotUnderstoodError from error

    def _read_to_change(self) -> Content:
        if not self._is_precious:
            return self._read_or_move_aside()
        try:
            return self._read()
        except _NotUnderstoodError as error:
            raise _damaged(self.path) from error

    def _read_or_move_aside(self) -> Content:
        """Return the content as it is now, under the lock; the empty one when it cannot be understood."""
        try:
            return self._read()
        except _NotUnderstoodError:
            self._move_aside()
            return self._empty

    def _move_aside(self) -> None:
        stamp = datetime.now(UTC).isoformat(timespec="microseconds").replace(":", "").replace("+0000", "Z")
        target = self.path.with_name(f"{self.path.name}.unreadable-{stamp}")
        try:
            patiently(lambda: self.path.replace(target), self._sleep)
        except OSError as error:
            raise _unreadable(self.path, error) from error
        self.set_aside = target


class _NotUnderstoodError(Exception):
    """The file's content cannot be understood. Not for people: it is moved aside."""


def _newer(path: Path) -> UnusableFileError:
    return UnusableFileError(
        _("A file of this program is of a newer version"),
        _("{path} was written by a newer version of STS Desktop. This one neither reads nor changes it.").format(
            path=path
        ),
        _("Use the newer version again, or move the file away to start afresh."),
    )


def _damaged(path: Path) -> DamagedFileError:
    return DamagedFileError(
        _("A file of this program is damaged"),
        _("{path} cannot be understood. It was left as it is, and nothing can be saved in it.").format(path=path),
        _("Put the file right, or move it away to start afresh."),
    )


def _unreadable(path: Path, error: OSError) -> UnusableFileError:
    return UnusableFileError(
        _("A file of this program cannot be read"),
        _("{path}: {reason}.").format(path=path, reason=error.strerror),
        _("Check who owns the file and what may be done with it; nothing was changed."),
    )


def _unwritable(path: Path, error: OSError) -> UnusableFileError:
    return UnusableFileError(
        _("A file of this program cannot be saved"),
        _("{path}: {reason}.").format(path=path, reason=error.strerror),
        _("Free some space or make the directory writable; the file is as it was."),
    )


def _busy(path: Path) -> UnusableFileError:
    return UnusableFileError(
        _("A file of this program is busy"),
        _("{path} has been locked by another process for {seconds} seconds.").format(
            path=path, seconds=int(LOCK_SECONDS)
        ),
        _("End other copies of STS Desktop and try again."),
    )
