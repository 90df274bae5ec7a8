"""A small JSON document that several processes of ours read and change.

Readers take no lock: a write replaces the whole file. A change is a function of the newest content: the file is locked,
read again, changed and replaced, so that no process undoes what another saved in between.
"""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Generic, TypeVar

from sts_desktop.core.errors import UnusableFileError
from sts_desktop.core.i18n import _
from sts_desktop.core.paths import make_private_directory

Content = TypeVar("Content")

LOCK_SECONDS = 5.0


class JsonFile(Generic[Content]):
    """One document on disk, decoded into a frozen value.

    A file that cannot be decoded, or that a newer version of the program wrote, is moved aside, never overwritten;
    `set_aside` then names where it went, so that the person can be told once.
    """

    def __init__(
        self,
        path: Path,
        *,
        version: int,
        empty: Content,
        decode: Callable[[dict[str, Any]], Content],
        encode: Callable[[Content], dict[str, Any]],
    ) -> None:
        self.path = path
        self.set_aside: Path | None = None
        self._version = version
        self._empty = empty
        self._decode = decode
        self._encode = encode

    def load(self) -> Content:
        """Return the content; the empty one when there is no file or it had to be moved aside.

        Raises:
            UnusableFileError: there is a file and it cannot be read.
        """
        try:
            raw = self.path.read_bytes()
        except FileNotFoundError:
            return self._empty
        except OSError as error:
            raise _unreadable(self.path, error) from error
        try:
            document = json.loads(raw)
            if document["version"] != self._version:
                raise ValueError("written by another version")
            return self._decode(document)
        except (ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError):
            self._move_aside(raw)
            return self.load()

    def update(self, change: Callable[[Content], Content]) -> Content:
        """Apply `change` to the newest content, save it, and return what was saved.

        Raises:
            UnusableFileError: the file cannot be read, locked or written; it is as it was.
        """
        import filelock

        from sts_desktop.core.atomic_file import replace_bytes

        try:
            make_private_directory(self.path.parent)
            with filelock.FileLock(self.path.with_suffix(".lock"), timeout=LOCK_SECONDS, mode=0o600):
                old = self.load()
                new = change(old)
                if new != old or not self.path.exists():
                    document = {"version": self._version, **self._encode(new)}
                    text = json.dumps(document, ensure_ascii=False, indent=1) + "\n"
                    # As json.loads reads: a value from the command line can hold bytes that are no UTF-8.
                    replace_bytes(self.path.resolve(), text.encode(errors="surrogatepass"))
                return new
        except filelock.Timeout as error:
            raise _busy(self.path) from error
        except OSError as error:
            raise _unwritable(self.path, error) from error

    def _move_aside(self, unusable: bytes) -> None:
        """Move the file away, unless another process has put one with other content in its place."""
        stamp = datetime.now(UTC).isoformat(timespec="microseconds").replace(":", "").replace("+0000", "Z")
        target = self.path.with_name(f"{self.path.name}.unreadable-{stamp}")
        try:
            if self.path.read_bytes() != unusable:
                return
            self.path.replace(target)
        except FileNotFoundError:
            return
        except OSError as error:
            raise _unreadable(self.path, error) from error
        self.set_aside = target


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
