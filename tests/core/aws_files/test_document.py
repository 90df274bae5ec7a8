from pathlib import Path

import pytest

from sts_desktop.core.aws_files.document import parse
from sts_desktop.core.aws_files.text_errors import (
    AwsFileEncodingError,
    AwsFileSyntaxError,
    DuplicateKeyError,
    DuplicateSectionError,
    UnreadableAwsFileError,
)

PATH = Path("/home/alice/.aws/credentials")


def test_an_empty_file_has_no_section() -> None:
    assert parse(PATH, b"").values() == {}


def test_values_read_as_botocore_reads_them() -> None:
    text = """\
# a comment
[default]
AWS_Access_Key_Id = AKIA
region: eu-west-1
aws_secret_access_key=S # kept in the value
[ padded ]
s3 =
    # inside
    max = 1

[x] # comment
  output = json
"""
    assert parse(PATH, text.encode()).values() == {
        "default": {
            "aws_access_key_id": "AKIA",
            "region": "eu-west-1",
            "aws_secret_access_key": "S # kept in the value",
        },
        " padded ": {"s3": "\nmax = 1"},
        "x": {"output": "json"},
    }


def test_keys_of_default_in_capitals_are_handed_down() -> None:
    document = parse(PATH, b"[DEFAULT]\nregion = a\noutput = json\n[x]\nregion = b\n[DEFAULT]\nmore = 1\n")
    assert document.values() == {"x": {"region": "b", "output": "json", "more": "1"}}


def test_only_line_feeds_and_carriage_returns_end_a_line() -> None:
    text = "[x]\n# a\x0c[y]\x85[z]\u2028[w]\nregion = a\x0cb\n"
    assert parse(PATH, text.encode()).values() == {"x": {"region": "a\x0cb"}}


def test_lines_keep_their_ends() -> None:
    content = b"[x]\r\na = 1\n\r\n# end"
    assert "".join(parse(PATH, content).lines).encode() == content


@pytest.mark.fault(38)
@pytest.mark.parametrize(
    ("content", "line"),
    [
        (b"\xef\xbb\xbf[x]\n", 1),
        ("[x]\n".encode("utf-16"), 1),
        ("[x]\n".encode("utf-16-le"), 1),
        (b"[x]\n# gr\xf6\xdfe\n", 2),
        (b"[x]\n\n# \0\n", 3),
        (bytes(range(128, 256)), 1),
    ],
)
def test_what_is_not_utf_8_text_is_refused_with_its_line(content: bytes, line: int) -> None:
    with pytest.raises(AwsFileEncodingError) as caught:
        parse(PATH, content)
    assert caught.value.line == line
    assert str(PATH) in caught.value.message


@pytest.mark.fault(37)
def test_a_section_that_stands_twice_is_refused_with_both_lines() -> None:
    with pytest.raises(DuplicateSectionError) as caught:
        parse(PATH, b"[x]\na = 1\n[y]\n[x]\n")
    assert "Line 4" in caught.value.message
    assert "line 1 " in caught.value.message


@pytest.mark.fault(37)
@pytest.mark.parametrize("second", ["a = 2", "A = 2", "a: 2"])
def test_a_key_that_stands_twice_is_refused_with_both_lines(second: str) -> None:
    with pytest.raises(DuplicateKeyError) as caught:
        parse(PATH, f"[x]\na = 1\n# c\n{second}\n".encode())
    assert "Line 4" in caught.value.message
    assert "line 2 " in caught.value.message


def test_a_key_may_stand_in_two_sections() -> None:
    assert parse(PATH, b"[x]\na = 1\n[y]\na = 2\n").values() == {"x": {"a": "1"}, "y": {"a": "2"}}


@pytest.mark.parametrize(
    ("content", "line"),
    [
        (b"# c\na = 1\n[x]\n", 2),
        (b"[x]\njunk\n", 2),
        (b"[x]\na = 1\n= 2\n", 3),
        (b"[x]\ns3 =\n  max = 1\n  junk\n", 4),
        (b"[]\n", 1),
    ],
)
def test_lines_that_botocore_cannot_read_are_refused(content: bytes, line: int) -> None:
    with pytest.raises(AwsFileSyntaxError) as caught:
        parse(PATH, content)
    assert caught.value.line == line


@pytest.mark.parametrize("content", [b"[x]\nSECRET\n", b"[x]\nk = SECRET\nk = SECRET\n", b"[x]\n# SECRET\xff\n"])
def test_nothing_of_the_file_is_in_an_error_or_a_repr(content: bytes) -> None:
    with pytest.raises(UnreadableAwsFileError) as caught:
        parse(PATH, content)
    assert "SECRET" not in f"{caught.value} {caught.value!r} {caught.value.__cause__!r} {caught.value.__context__!r}"
    document = parse(PATH, b"[x]\nk = SECRET\n")
    assert "SECRET" not in f"{document} {document.sections[0].entries[0]!r}"
