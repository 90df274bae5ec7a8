import argparse
import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_file
from babel.messages.mofile import write_mo
from hypothesis import given
from hypothesis import strategies as st

from sts_desktop.cli.help_text import WORDS, wrapped
from sts_desktop.cli.output import width
from sts_desktop.core import i18n

if TYPE_CHECKING:
    from tests.cli.conftest import CommandLine

PLACEHOLDER = re.compile(r"%(?:\(\w+\))?[rs]")
CALLS = [
    ("--help",),
    ("keys", "--help"),
    ("get-token", "--help"),
    ("list", "--json=x"),
    ("nonsense",),
    ("get-token", "--region"),
    ("get-token",),
    ("get-token", "a", "--access-key", "b", "--aws-profile", "c"),
    ("env", "a", "--format", "bsh"),
    ("list", "a"),
]


@pytest.fixture
def quoted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A language that puts what argparse says between quotation marks."""
    catalog = Catalog("ja")
    for word in WORDS:
        catalog.add(word, f"«{word}»")
    directory = tmp_path / "ja" / "LC_MESSAGES"
    directory.mkdir(parents=True)
    with (directory / f"{i18n.DOMAIN}.mo").open("wb") as file:
        write_mo(file, catalog)
    monkeypatch.setattr(i18n, "locale_directory", lambda: tmp_path)
    i18n.install("ja")


@pytest.mark.usefixtures("quoted")
def test_argparse_speaks_the_language_that_was_installed(command: "CommandLine") -> None:
    helped = command("get-token", "--help").out
    assert helped.startswith("«usage: »sts-desktop get-token")
    for words in ("«positional arguments»", "«options»", "«show this help message and exit»"):
        assert words in helped


@pytest.mark.usefixtures("quoted")
@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("nonsense",), "«invalid choice: 'nonsense'"),
        (("get-token", "--region"), "«expected one argument»"),
        (("get-token",), "«the following arguments are required: NAME»"),
        (("get-token", "a", "--access-key", "b", "--aws-profile", "c"), "«not allowed with argument --access-key»"),
        (("list", "--json=x"), "«ignored explicit argument 'x'»"),
    ],
)
def test_argparse_complains_in_the_language_that_was_installed(
    command: "CommandLine", arguments: Sequence[str], words: str
) -> None:
    outcome = command(*arguments)
    assert (outcome.code, outcome.out) == (2, "")
    assert words in outcome.err
    assert "«sts-desktop" in outcome.err


@pytest.mark.parametrize("arguments", CALLS, ids=" ".join)
def test_every_text_of_argparse_that_is_shown_is_marked_for_translation(
    command: "CommandLine", monkeypatch: pytest.MonkeyPatch, arguments: Sequence[str]
) -> None:
    with Path(argparse.__file__).open("rb") as source:
        its_own = {text for _line, text, _comments, _context in extract_from_file("python", source.name)}
    looked_up: set[str] = set()

    def look_up(message: str) -> str:
        looked_up.add(message)
        return message

    monkeypatch.setattr(i18n._translations, "gettext", look_up)
    outcome = command(*arguments)
    printed = outcome.out + outcome.err
    shown = {text for text in looked_up & its_own if all(part in printed for part in PLACEHOLDER.split(text))}
    assert len(shown) > 1
    assert shown <= set(WORDS)


@pytest.mark.parametrize(
    ("text", "columns", "lines"),
    [
        ("", 20, [""]),
        ("fits as it is", 13, ["fits as it is"]),
        ("two words", 8, ["two", "words"]),
        ("a-word-that-is-too-long for it", 10, ["a-word-that-is-too-long", "for it"]),
        ("プロファイルの一覧", 12, ["プロファイル", "の一覧"]),
        ("AWS の認証情報を書く", 10, ["AWS の認証", "情報を書く"]),
        ("ここまで。それから", 8, ["ここま", "で。それ", "から"]),
        ("これは「鍵」です", 8, ["これは", "「鍵」で", "す"]),
    ],
)
def test_lines_end_where_they_may(text: str, columns: int, lines: Sequence[str]) -> None:
    assert wrapped(text, columns) == lines


@given(text=st.text("ab 、。「」漢字カナ"), columns=st.integers(8, 30))
def test_nothing_but_blanks_is_lost_and_no_line_is_too_wide(text: str, columns: int) -> None:
    lines = wrapped(text, columns)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    assert all(width(line) <= columns or len(wrapped(line, columns)) == 1 for line in lines)
    assert not [line for line in lines[1:] if line.startswith(" ")]


def test_japanese_help_fits_the_terminal(command: "CommandLine", monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "90")  # argparse keeps options that exclude each other on one line, which is long
    i18n.install("ja")
    helped = command("get-token", "--help").out
    assert "プロファイル" in helped
    assert [line for line in helped.splitlines() if width(line) > 90] == []
