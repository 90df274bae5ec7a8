"""What the program leaves in writing: its log, its standard error, and its own files."""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from sts_desktop.demo.directory import Directory

LOG_LINE = re.compile(r"[-0-9]{10} [0-9:,]{12} (?:DEBUG|INFO) ")
TOLERATED = ('qt.accessibility.atspi: Could not find accessible on path: "',)
"""How lines begin that are of the tests' own making: they look at a widget that has gone in the same moment."""

PIECE = 16
"""So much of a secret is enough to be one: a longer line may have been cut."""


def complaints(log: Iterable[Path], output: Iterable[Path], expected: Iterable[str]) -> list[str]:
    """Return the lines that nobody wants to see: warnings and worse in a log, tracebacks, whatever Qt and GTK say.

    Args:
        log: the program's own log files, in which information is welcome.
        output: what its processes wrote to standard error, where nothing is.
        expected: parts of lines that belong to the test.
    """
    lines = [line for line in _lines(log) if not LOG_LINE.match(line)]
    lines += [line for line in _lines(output) if not line.startswith(TOLERATED)]
    return [line for line in lines if not any(part in line for part in expected)]


def secrets_in(files: Iterable[Path], directory: Directory, codes: Iterable[str]) -> list[str]:
    """Return which files hold a secret of a user, a token of a session, or one of `codes`, and whose."""
    secrets = {}
    for holder in list(directory._holders.values()):
        secrets[holder.secret_access_key[:PIECE]] = f"a secret of {holder!r}"
        if holder.session is not None:
            secrets[holder.session.session_token[:PIECE]] = f"a session token of {holder!r}"
    found = []
    for file in files:
        text = file.read_text(errors="replace")
        found += [f"{file.name}: {whose}" for secret, whose in secrets.items() if secret in text]
        found += [f"{file.name}: a code" for code in codes if re.search(rf"\b{code}\b", text)]
    return found


def _lines(files: Iterable[Path]) -> Iterator[str]:
    for file in files:
        yield from filter(None, file.read_text(errors="replace").splitlines())
