"""Text that no name can turn into something else, and columns that stand below each other."""

import io
import sys
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sts_desktop.cli import output

ANY_TEXT = st.text(st.characters())  # surrogates and controls too


@given(ANY_TEXT)
def test_printable_text_is_printable(text: str) -> None:
    shown = output.printable(text)

    assert not any(character < " " or "\x7f" <= character <= "\x9f" for character in shown)
    assert "\u202e" not in shown
    shown.encode()


@given(st.text(st.characters(exclude_categories=("C", "Z"))))
def test_printable_text_is_left_as_it_is(text: str) -> None:
    assert output.printable(text) == text


def test_what_is_not_printable_is_shown_as_its_escape() -> None:
    assert output.printable("a\x1b[31m\n\u202eb") == "a\\x1b[31m\\n\\u202eb"


@pytest.mark.parametrize(("text", "width"), [("abc", 3), ("本番", 4), ("ｱ", 1), ("Ａ", 2), ("e\u0301", 1), ("…", 1)])
def test_width_is_that_of_a_terminal(text: str, width: int) -> None:
    assert output.width(text) == width


@given(st.lists(st.tuples(ANY_TEXT, st.just("|")), min_size=1))
def test_columns_stand_below_each_other(rows: list[tuple[str, str]]) -> None:
    lines = list(output.aligned(rows))

    assert len(lines) == len(rows)
    assert len({output.width(line) for line in lines}) == 1


def test_local_time_is_that_of_this_computer(monkeypatch: pytest.MonkeyPatch) -> None:
    import time

    try:
        monkeypatch.setenv("TZ", "JST-9")
        time.tzset()
        assert output.local_time(datetime(2026, 11, 25, 12, 5, tzinfo=UTC)) == "2026-11-25 21:05"
    finally:
        monkeypatch.undo()
        time.tzset()


def test_a_stream_takes_what_its_encoding_lacks(monkeypatch: pytest.MonkeyPatch) -> None:
    stream = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    monkeypatch.setattr(sys, "stdout", stream)
    output.prepare_streams()

    output.say("本番")

    stream.seek(0)
    assert stream.read() == "\\u672c\\u756a\n"


def test_without_a_stream_there_is_no_error(monkeypatch: pytest.MonkeyPatch) -> None:
    """A process started with its streams closed, or a window program on Windows, has none."""
    for name in ("stdin", "stdout", "stderr"):
        monkeypatch.setattr(sys, name, None)
    output.prepare_streams()
    output.say("x")
    output.complain("x")
