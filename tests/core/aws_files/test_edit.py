"""The text before and after. `K` and `T` stand for keys that are written, `old` for one that goes."""

from pathlib import Path

import pytest

from sts_desktop.core.aws_files.document import parse
from sts_desktop.core.aws_files.edit import set_keys
from sts_desktop.core.aws_files.text_errors import (
    ContinuedValueError,
    InheritedKeyError,
    OddHeaderError,
    OddLineEndError,
    UneditableSectionError,
)

PATH = Path("/home/alice/.aws/credentials")


def edit(before: str, section: str = "x") -> str:
    return set_keys(parse(PATH, before.encode()), section, {"k": "K", "t": "T"}, {"old"}).decode()


CASES = {
    "an empty file": ("", "[x]\nk = K\nt = T\n"),
    "a file of comments": ("# c\n", "# c\n\n[x]\nk = K\nt = T\n"),
    "a new section after others": ("[y]\nk = 1\n", "[y]\nk = 1\n\n[x]\nk = K\nt = T\n"),
    "a blank line at the end": ("[y]\nk = 1\n\n", "[y]\nk = 1\n\n[x]\nk = K\nt = T\n"),
    "a new section after a file without a last line end": ("[y]\nk = 1", "[y]\nk = 1\n\n[x]\nk = K\nt = T\n"),
    "an empty section": ("[x]\n", "[x]\nk = K\nt = T\n"),
    "an empty section without a line end": ("[x]", "[x]\nk = K\nt = T"),
    "both keys": ("[x]\nt = 1\nk = 2\n", "[x]\nt = T\nk = K\n"),
    "one key": ("[x]\nk = 1\nregion = r\n", "[x]\nk = K\nt = T\nregion = r\n"),
    "neither key": ("[x]\nregion = r\n", "[x]\nk = K\nt = T\nregion = r\n"),
    "other spellings": ("[x]\nK=1\nT : 2\n", "[x]\nk = K\nt = T\n"),
    "a comment in the value": ("[x]\nk = 1 # old\n", "[x]\nk = K\nt = T\n"),
    "comments and blanks": (
        "; a\n\n[x] # b\n\n# c\nk = 1\n  # d\n\nregion = r  \n# of y\n[y]\n",
        "; a\n\n[x] # b\n\n# c\nk = K\nt = T\n  # d\n\nregion = r  \n# of y\n[y]\n",
    ),
    "the next section's comment": ("[x]\nk = 1\n\n# of y\n[y]\n", "[x]\nk = K\nt = T\n\n# of y\n[y]\n"),
    "a stale key": ("[x]\nk = 1\nold = 2\nt = 3\n", "[x]\nk = K\nt = T\n"),
    "a stale key only": ("[x]\nregion = r\nOLD = 2\n# c\n", "[x]\nregion = r\nk = K\nt = T\n# c\n"),
    "a stale key of another section": ("[y]\nold = 1\n[x]\n", "[y]\nold = 1\n[x]\nk = K\nt = T\n"),
    "a stale key on the last line": ("[x]\nold = 1", "[x]\nk = K\nt = T"),
    "Windows line ends": ("[x]\r\nk = 1\r\n[y]\r\n", "[x]\r\nk = K\r\nt = T\r\n[y]\r\n"),
    "a new section with Windows line ends": ("[y]\r\na = 1\r\n", "[y]\r\na = 1\r\n\r\n[x]\r\nk = K\r\nt = T\r\n"),
    "mixed line ends": ("[y]\r\na = 1\n[x]\nk = 1\r\na = 2\n", "[y]\r\na = 1\n[x]\nk = K\r\nt = T\r\na = 2\n"),
    "no last line end": ("[x]\na = 1\nk = 2", "[x]\na = 1\nk = K\nt = T"),
    "no last line end, with Windows line ends": ("[x]\r\nk = 2", "[x]\r\nk = K\r\nt = T"),
    "no last line end, nothing added": ("[x]\nt = 1\nk = 2", "[x]\nt = T\nk = K"),
    "indented keys": ("[x]\n  a = 1\n  k = 2\n  b = 3\n", "[x]\n  a = 1\n  k = K\n  t = T\n  b = 3\n"),
    "indented keys, none of ours": ("[x]\n\ta = 1\n", "[x]\n\tk = K\n\tt = T\n\ta = 1\n"),
    "an indented header": ("  [x]\n  [y]\n", "  [x]\n  k = K\n  t = T\n  [y]\n"),
    "nested keys of the same name": (
        "[x]\ns3 =\n  k = 1\n  t = 2\nk = 3\n",
        "[x]\ns3 =\n  k = 1\n  t = 2\nk = K\nt = T\n",
    ),
    "spelling of other keys": ("[x]\nREGION = R\nk = 1\n", "[x]\nREGION = R\nk = K\nt = T\n"),
    "names in another letter case": ("[X]\nk = 1\n", "[X]\nk = 1\n\n[x]\nk = K\nt = T\n"),
    "oddities of other sections": (
        "[ y ]\nk:1\n\t[z]\nq = größe\u2028\r# c\n[x]\n",
        "[ y ]\nk:1\n\t[z]\nq = größe\u2028\r# c\n[x]\nk = K\nt = T\n",
    ),
}


@pytest.mark.fault(39)
@pytest.mark.parametrize(("before", "after"), CASES.values(), ids=CASES.keys())
def test_only_the_lines_of_the_keys_change(before: str, after: str) -> None:
    assert edit(before) == after


@pytest.mark.parametrize(("before", "after"), CASES.values(), ids=CASES.keys())
def test_a_second_edit_changes_nothing(before: str, after: str) -> None:
    assert edit(after) == after


REFUSALS = {
    "an indented line after a key": ("[x]\nk = 1\n  more\n", ContinuedValueError, 3),
    "an indented header after a key": ("[x]\nk = 1\n\t[y]\na = 1\n", OddHeaderError, 3),
    "an indented header after another key": ("[x]\na = 1\n\t[y]\nk = 1\n", OddHeaderError, 3),
    "a continuation below a comment": ("[x]\nk = 1\n# c\n\n  more\n", ContinuedValueError, 5),
    "a block below a stale key": ("[x]\nold =\n  a = 1\n", ContinuedValueError, 3),
    "a header with blanks": ("[y]\n[ x ]\nk = 1\n", OddHeaderError, 2),
    "both headers": ("[x]\n[x ]\n", OddHeaderError, 2),
    "a header in quotes": ('["x"]\nk = 1\n', OddHeaderError, 1),
    "a header that ends early": ("[x] # ]\nk = 1\n", OddHeaderError, 1),
    "a header swallowed by another section": ("[y]\na = 1\n  [x]\n", OddHeaderError, 3),
    "a header after a form feed": ("\x0c[x]\n", OddHeaderError, 1),
    "a carriage return alone": ("[x]\na = 1\rk = 1\n", OddLineEndError, 2),
    "a stale key handed down": ("[DEFAULT]\nold = 1\n[x]\nk = 1\n", InheritedKeyError, 2),
    "a stale key handed down to a new section": ("[DEFAULT]\nold = 1\n", InheritedKeyError, 2),
}


@pytest.mark.fault(39)
@pytest.mark.parametrize(("before", "error", "line"), REFUSALS.values(), ids=REFUSALS.keys())
def test_what_tools_read_differently_is_refused(before: str, error: type[UneditableSectionError], line: int) -> None:
    with pytest.raises(error) as caught:
        edit(before)
    assert caught.value.line == line
    assert f"ine {line} " in caught.value.message
