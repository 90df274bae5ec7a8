"""What a person types, or another program passes on standard input. Prompts go to standard error or the terminal."""

import sys

from sts_desktop.cli.errors import SecretWouldBeSeenError

LONGEST_LINE = 4_096
"""More characters than any code, key id or secret has; what is longer is cut, and refused by its check."""


def somebody_is_there() -> bool:
    """Return whether a question would be seen and can be answered: both streams are a terminal."""
    return all(stream is not None and stream.isatty() for stream in (sys.stdin, sys.stderr))


def read_line() -> str:
    """Return the next line of standard input without its line end; empty where there is none."""
    return "" if sys.stdin is None else sys.stdin.readline(LONGEST_LINE).rstrip("\r\n")


def ask(question: str) -> str:
    """Ask on the terminal, with what is typed in sight, and return the answer; empty at the end of input."""
    print(question, end=" ", file=sys.stderr, flush=True)
    return read_line()


def ask_secretly(question: str) -> str:
    """Ask on the terminal with what is typed hidden; the answer is empty at the end of input.

    Raises:
        SecretWouldBeSeenError: the terminal cannot hide it; nothing was read.
    """
    import getpass
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("error", getpass.GetPassWarning)
        try:
            return getpass.getpass(f"{question} ")
        except EOFError:
            return ""
        except getpass.GetPassWarning:
            raise SecretWouldBeSeenError from None
