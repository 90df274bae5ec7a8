"""What argparse prints, in the reader's language and in lines that fit the terminal."""

import argparse
import os
from itertools import pairwise

from sts_desktop.cli.output import width
from sts_desktop.core.i18n import N_, _

WORDS = (
    N_("usage: "),
    N_("positional arguments"),
    N_("options"),
    N_("%(heading)s:"),
    N_("show this help message and exit"),
    N_("%(prog)s: error: %(message)s\n"),
    N_("argument %(argument_name)s: %(message)s"),
    N_("expected one argument"),
    N_("ignored explicit argument %r"),
    N_("invalid choice: %(value)r (choose from %(choices)s)"),
    N_("invalid choice: %(value)r, maybe you meant %(closest)r? (choose from %(choices)s)"),
    N_("not allowed with argument %s"),
    N_("the following arguments are required: %s"),
)
"""The texts of argparse, of Python 3.11 to 3.15, that this program can bring about; here so that catalogs have them."""

_NOT_FIRST = frozenset("、。，．：；？！）」』】〕・ー…")
_NOT_LAST = frozenset("（「『【〔")


DEFAULT_COLUMNS = 80
"""How wide a text is where there is no terminal."""


def translate_argparse() -> None:
    """Let argparse look up its texts in our catalog.

    It takes them from Python's global text domain (Python documentation, "Argparse Tutorial", "How to translate the
    argparse output"), whose language is that of the environment's variables, whatever language was installed in
    `core.i18n`. Its own `_` is the one place where that can be changed.
    """
    argparse._ = _  # type: ignore[attr-defined]  # not part of its interface


class HelpFormatter(argparse.HelpFormatter):
    """Wraps help by the columns that its characters take, which `textwrap` does not know (python/cpython#68853).

    The terminal's width is found without `shutil`: argparse makes a formatter for every option.
    """

    def __init__(self, prog: str) -> None:
        super().__init__(prog, width=_columns() - 2)

    def _split_lines(self, text: str, width: int) -> list[str]:
        return wrapped(text, width)

    def _fill_text(self, text: str, width: int, indent: str) -> str:
        lines = [line for part in text.split("\n") for line in _wrapped_part(part, width - len(indent))]
        return "\n".join(indent + line for line in lines)


def _columns() -> int:
    """Return the width of the terminal as `shutil.get_terminal_size` does, whose import takes `list` 3 ms."""
    wished = os.environ.get("COLUMNS", "")
    if wished.isascii() and wished.isdigit() and int(wished) > 0:
        return int(wished)
    try:
        return os.get_terminal_size(1).columns or DEFAULT_COLUMNS
    except OSError:
        return DEFAULT_COLUMNS


def wrapped(text: str, columns: int) -> list[str]:
    """Return `text` in lines of at most `columns`; a word that is longer stays whole."""
    lines = [""]
    for piece in _pieces(text.strip()):
        if lines[-1] and width(lines[-1] + piece.rstrip()) > columns:
            lines.append("")
        lines[-1] += piece
    return [line.rstrip() for line in lines]


def _wrapped_part(text: str, columns: int) -> list[str]:
    """Return a line of a text that has several: one that is set in is a command, which is not broken."""
    return [text] if text.startswith(" ") else wrapped(text, columns)


def _pieces(text: str) -> list[str]:
    """Return the parts of `text` between which a line may end; blanks are at the ends of parts."""
    pieces = [text[:1]]
    for before, after in pairwise(text):
        if _may_part(before, after):
            pieces.append(after)
        else:
            pieces[-1] += after
    return pieces


def _may_part(before: str, after: str) -> bool:
    """Tell whether a line may end between two characters: at a blank, or where one is wide, as in Japanese.

    Punctuation stays with what it belongs to (JIS X 4051, "kinsoku").
    """
    if before == " " or after == " ":
        return after != " "
    if after in _NOT_FIRST or before in _NOT_LAST:
        return False
    return 2 in (width(before), width(after))
