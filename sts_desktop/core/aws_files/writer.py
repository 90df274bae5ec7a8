"""Change one section of a file under our lock: read, edit, prove, replace; start again if another program was faster.

The lock keeps our own processes apart. Other programs know nothing of it, so the file is looked at again right before
it is replaced, and once more afterwards.
"""

import contextlib
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from sts_desktop.core.atomic_file import remove_leftovers
from sts_desktop.core.aws_files.disk import (
    FileChangedError,
    check_replaceable,
    explained,
    make_directory,
    replace,
    take_snapshot,
)
from sts_desktop.core.aws_files.document import Document, parse
from sts_desktop.core.aws_files.edit import set_keys
from sts_desktop.core.aws_files.keys import STALE_KEYS
from sts_desktop.core.aws_files.locations import default_directory
from sts_desktop.core.aws_files.path_errors import KeepsChangingError, WriterBusyError
from sts_desktop.core.aws_files.proof import prove_edit, prove_removal
from sts_desktop.core.aws_files.removal import remove_session
from sts_desktop.core.paths import make_private_directory
from sts_desktop.core.patience import Sleep

LOCK_NAME = "aws-credentials.lock"
LOCK_SECONDS = 5.0
_TRIES = 4


@dataclass(frozen=True)
class SectionWriter:
    """Writes into the sections of one file, and takes sessions out of them.

    Attributes:
        location: the file; may be a link, may not exist.
        lock_directory: where our lock lies; made when missing. Never the directory of the file, whose other users
            would wonder at it.
        lock_seconds: how long to wait for another process of ours.
        sleep: waits so many seconds, between tries on Windows.
    """

    location: Path
    lock_directory: Path
    lock_seconds: float = LOCK_SECONDS
    sleep: Sleep = field(default=time.sleep, repr=False)

    def check(self, name: str, values: Mapping[str, str], allow: Callable[[Document], None]) -> None:
        """Raise what `write` would raise, as far as it can be known without writing."""
        with self._lock():
            snapshot = take_snapshot(self.location)
            _with_values(parse(snapshot.path, snapshot.content), name, values, allow)
            check_replaceable(snapshot, makes_directory=self._may_make_directory)

    def write(self, name: str, values: Mapping[str, str], allow: Callable[[Document], None]) -> None:
        """Put `values` into section `[name]`, and take the stale keys of other tools out of it.

        Args:
            name: a section name fit for writing.
            values: by key; fit for writing.
            allow: is shown the file, under the lock, and raises when the section may not be written.

        Raises:
            AwsFileError: nothing was written; the subclass says why.
        """
        self._edit(lambda document: _with_values(document, name, values, allow))

    def remove_session(self, name: str, is_there: Callable[[Document], bool], *, keep_section: bool = False) -> bool:
        """Take the session out of section `[name]`, and return whether there was one.

        Args:
            name: of the section.
            is_there: is shown the file, under the lock; tells whether the section holds a session that may go, and
                raises when the one that it holds may not.
            keep_section: leave its header and region, even if nothing else is left.

        Raises:
            AwsFileError: nothing was written; the subclass says why.
        """
        return self._edit(
            lambda document: _without_session(document, name, keep_section=keep_section) if is_there(document) else None
        )

    def _edit(self, edited: Callable[[Document], bytes | None]) -> bool:
        """Put what `edited` returns in the place of the file, unless that is None; return whether the file changed."""
        with self._lock():
            for _try in range(_TRIES):
                try:
                    return self._edit_once(edited)
                except FileChangedError:
                    continue
        raise KeepsChangingError(self.location)

    def _edit_once(self, edited: Callable[[Document], bytes | None]) -> bool:
        snapshot = take_snapshot(self.location)
        remove_leftovers(snapshot.path.parent)
        content = edited(parse(snapshot.path, snapshot.content))
        if content is None or content == snapshot.content:
            return False
        check_replaceable(snapshot, makes_directory=self._may_make_directory)
        if self._may_make_directory:
            make_directory(self.location.parent)
        replace(snapshot, content, self.location, sleep=self.sleep)
        return True

    @property
    def _may_make_directory(self) -> bool:
        """Only the default directory is ours to make; any other was named by somebody who knows where it is."""
        return self.location.parent == default_directory()

    @contextlib.contextmanager
    def _lock(self) -> Iterator[None]:
        import filelock

        with explained(self.lock_directory):
            make_private_directory(self.lock_directory)
        lock = filelock.FileLock(self.lock_directory / LOCK_NAME, timeout=self.lock_seconds, mode=0o600)
        with explained(self.lock_directory):
            try:
                lock.acquire()
            except filelock.Timeout:
                raise WriterBusyError(self.location) from None
        try:
            yield
        finally:
            lock.release()


def _with_values(document: Document, name: str, values: Mapping[str, str], allow: Callable[[Document], None]) -> bytes:
    """Return the new content for a file, allowed and proven."""
    allow(document)
    content = set_keys(document, name, values, STALE_KEYS)
    prove_edit(document, content, name, values, STALE_KEYS)
    return content


def _without_session(document: Document, name: str, *, keep_section: bool) -> bytes | None:
    """Return the content of a file without the session in a section, proven; None where there is no such section."""
    section = document.section(name)
    if section is None:
        return None
    removal = remove_session(document, section, keep_section=keep_section)
    if removal.is_whole:
        prove_removal(document, removal.content, name)
    else:
        prove_edit(document, removal.content, name, {}, removal.keys)
    return removal.content
