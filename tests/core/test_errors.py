import pytest

from sts_desktop.core.errors import Field, InvalidInputError, StsDesktopError, UnusableFileError


def test_an_error_is_one_line_for_the_command_line() -> None:
    error = StsDesktopError("No connection", "sts.example could not\nbe reached.", "Check the  network.")
    assert str(error) == "No connection. sts.example could not be reached. Check the network."


@pytest.mark.parametrize(
    ("message", "hint", "expected"),
    [("", "", "Title."), ("Message.", "", "Title. Message."), ("", "Hint.", "Title. Hint.")],
)
def test_parts_that_are_empty_leave_no_gap(message: str, hint: str, expected: str) -> None:
    assert str(StsDesktopError("Title", message, hint)) == expected


def test_what_stands_below_the_title_is_one_text() -> None:
    assert StsDesktopError("Title", "Message.", "Hint.").explanation == "Message. Hint."
    assert StsDesktopError("Title", "", "Hint.").explanation == "Hint."


def test_an_error_says_which_part_of_the_form_it_is_about() -> None:
    assert InvalidInputError("a", "b", field=Field.NAME).field is Field.NAME
    assert InvalidInputError("a", "b").field is None
    assert StsDesktopError("a", "b").field is None


def test_one_except_clause_takes_them_all() -> None:
    for kind in (InvalidInputError, UnusableFileError):
        with pytest.raises(StsDesktopError):
            raise kind("a", "b", "c")
