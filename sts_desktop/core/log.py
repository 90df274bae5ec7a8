"""The log: a small rotating file without secrets.

botocore and urllib3 print secret keys, session tokens and token codes at DEBUG; their loggers are pinned at WARNING
here, whatever the level of our own. The filter is the second net: rather it hides a long path than shows a secret.
"""

import io
import logging
import os
import re
from itertools import pairwise
from pathlib import Path

from sts_desktop.core.paths import make_private_directory

PINNED_LOGGERS = ("boto3", "botocore", "keyring", "s3transfer", "urllib3")
SIZE, COPIES = 512 * 1024, 2

_KEY_ID = re.compile(r"\b(A[KS]IA)[A-Z0-9]{8,124}([A-Z0-9]{4})\b")
_NAMED = re.compile(
    r"""(?i)((?:secret|password|(?:session|security)[_-]?token)\w*[\\"']*\s*[=:]\s*[\\"']*)[^\s\\"']\S*"""
)
_SECRET = re.compile(r"[A-Za-z0-9/+=]{40,}")
_CODE = re.compile(r"(?i)((?:token|mfa|code)\D{0,20})\b\d{6}\b")


def redact(text: str) -> str:
    """Return `text` without what looks like an access key id, a secret, a session token or a token code."""
    text = _KEY_ID.sub(r"\1…\2", text)
    text = _NAMED.sub(r"\1[redacted]", text)
    text = _SECRET.sub("[redacted]", text)
    return _CODE.sub(r"\1[redacted]", text)


class RedactingFormatter(logging.Formatter):
    """Formats a record, its traceback included, and redacts the whole."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the redacted line or lines of `record`."""
        return redact(super().format(record))


class PrivateFileHandler(logging.FileHandler):
    """Rotates files that only their owner reads, and stays silent where one cannot be written.

    logging's own `RotatingFileHandler` would do, but its module loads `socket` and `pickle`, which takes the window a
    fiftieth of the time until its first paint.
    """

    def emit(self, record: logging.LogRecord) -> None:
        """Write `record`, to a new file where the old one is full."""
        try:
            if self.stream is not None and self.stream.tell() >= SIZE:
                self.stream.close()
                self.stream = None  # opened anew by what follows
                self._move_on()
            super().emit(record)
        except OSError:
            self.handleError(record)

    def _move_on(self) -> None:
        """Give each file the name of the next older one."""
        names = [self.baseFilename, *(f"{self.baseFilename}.{number}" for number in range(1, COPIES + 1))]
        for newer, older in reversed([*pairwise(names)]):
            if os.path.exists(newer):
                os.replace(newer, older)

    def _open(self) -> io.TextIOWrapper:
        def opener(path: str, flags: int) -> int:
            return os.open(path, flags, 0o600)

        return open(self.baseFilename, "a", encoding=self.encoding, opener=opener)

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802  (the signature it replaces)
        """Do nothing: on a full disk, logging's own way is to print the record, not redacted, on standard error."""


def start(path: Path, *, level: int = logging.INFO) -> None:
    """Log to `path` from here on; a place that cannot be written to means no log, not an error.

    Args:
        path: the file; it and the directories that lead to it are made, for their owner only.
        level: of our own loggers. Those of the libraries stay at WARNING.
    """
    for name in PINNED_LOGGERS:
        logging.getLogger(name).setLevel(logging.WARNING)
    root = logging.getLogger()
    try:
        make_private_directory(path.parent)
        handler = PrivateFileHandler(path, encoding="utf-8")
    except OSError:
        # Without any handler Python would write warnings, not redacted, to standard error (`logging.lastResort`).
        root.addHandler(logging.NullHandler())
        return
    handler.setFormatter(RedactingFormatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    root.addHandler(handler)
    root.setLevel(level)
