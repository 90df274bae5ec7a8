"""Text for a terminal or a pipe: harmless whatever stands in a name, aligned, and quiet when nobody reads on."""

import io
import os
import sys
import unicodedata
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import datetime

from sts_desktop.cli.errors import OutputError

PROGRAM = "sts-desktop"

_UNPRINTABLE = frozenset(("Cc", "Cf", "Cs", "Zl", "Zp"))
"""Categories of characters that steer a terminal, turn the order of the text, or cannot be encoded."""


def prepare_streams() -> None:
    """Let no name break a stream: what an encoding lacks is written as an escape, and read as a replacement."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    if isinstance(sys.stdin, io.TextIOWrapper):
        sys.stdin.reconfigure(errors="replace")


def printable(text: str) -> str:
    r"""Return `text` with each invisible or controlling character written as its escape, such as `\x1b`."""
    return "".join(
        character.encode("unicode_escape").decode("ascii")
        if unicodedata.category(character) in _UNPRINTABLE
        else character
        for character in text
    )


def width(text: str) -> int:
    """Return how many columns of a terminal `text` takes (Unicode Standard Annex 11, East Asian Width)."""
    return sum(_width(character) for character in text)


def _width(character: str) -> int:
    if unicodedata.category(character) in ("Mn", "Me"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def aligned(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """Yield a line for each row, its cells made printable and aligned in columns two blanks apart."""
    cells = [[printable(cell) for cell in row] for row in rows]
    widths = [max(map(width, column)) for column in zip(*cells, strict=True)]
    for row in cells:
        padded = (cell + " " * (size - width(cell)) for cell, size in zip(row, widths, strict=True))
        yield "  ".join(padded).rstrip()


def local_time(moment: datetime) -> str:
    """Return `moment` in this computer's time zone, as `YYYY-MM-DD HH:MM`."""
    return moment.astimezone().replace(tzinfo=None).isoformat(sep=" ", timespec="minutes")


def say(*lines: str) -> None:
    """Write lines, made printable, to standard output.

    Raises:
        BrokenPipeError: nobody reads on.
        OutputError: the operating system refused.
    """
    write("".join(f"{printable(line)}\n" for line in lines))


def write(text: str) -> None:
    """Write `text` to standard output exactly as it is; raise as `say` does."""
    try:
        print(text, end="", flush=True)
    except BrokenPipeError:
        raise
    except OSError as error:
        raise OutputError(error.strerror or type(error).__name__) from error


def complain(line: str) -> None:
    """Write one line to standard error, under the program's name; nobody has to listen."""
    with suppress(OSError):
        print(f"{PROGRAM}: {printable(line)}", file=sys.stderr, flush=True)


def abandon() -> None:
    """Drop what standard output did not take, or Python would complain about it at its end.

    The way is that of the Python documentation, "Note on SIGPIPE" in the module `signal`.
    """
    with suppress(OSError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
