"""Files made of every awkward line there is: read as botocore reads them, edited right or not at all."""

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sts_desktop.core.aws_files.document import parse
from sts_desktop.core.aws_files.edit import set_keys
from sts_desktop.core.aws_files.keys import STALE_KEYS
from sts_desktop.core.aws_files.proof import prove_edit
from sts_desktop.core.aws_files.text_errors import (
    UneditableSectionError,
    UnprovenEditError,
    UnreadableAwsFileError,
)

Reading = Callable[[Path], Mapping[str, Mapping[str, str]]]

PATH = Path("/home/alice/.aws/credentials")
VALUES = {"aws_access_key_id": "ASIANEW", "aws_secret_access_key": "new", "aws_session_token": "token"}
NAME = "x"

_headers = st.sampled_from(
    ["[x]", "[y]", "[default]", "[ x ]", "['x']", "[x] # c", "[profile x]", "[z", "[]", "[DEFAULT]"]
)
_ours = st.sampled_from([*VALUES, *STALE_KEYS, "AWS_SESSION_TOKEN", "Expiration"])
_keys = st.sampled_from(["region", "output", "s3", "REGION", "größe", "k\x0bq", "", "aws_account_id"]) | _ours
_delimiters = st.sampled_from([" = ", "=", ":", " : ", "", " "])
_texts = st.sampled_from(["", "v", "v # c", '"q"', "a=b", "[x]", "\u2028[x]", "ünï", "\x85", "%(a)s"])
_comments = st.sampled_from(["# c", "; c", "", "", "# \x0c[x]", "\xa0", "junk"])
_lines = st.one_of(_headers, st.builds("".join, st.tuples(_keys, _delimiters, _texts)), _comments)
_indented = st.builds(str.__add__, st.sampled_from(["", "", "", "  ", "\t", "\xa0"]), _lines)
_ends = st.sampled_from(["\n", "\n", "\n", "\r\n", "\r"])
_bodies = st.lists(st.builds(str.__add__, _indented, _ends), max_size=12).map("".join)
contents = st.builds(
    "".join, st.tuples(st.sampled_from(["", "[x]\n", "[y]\r\n"]), _bodies, st.sampled_from(["", "# e"]))
)

_other_keys = st.sampled_from(["region", "Output", "s3", "credential_process", "größe"])
_few_blanks = st.lists(st.sampled_from(["# c", "  ; c", "", "\t"]), max_size=1)
_continuations = st.lists(st.sampled_from(["  a = b", "\tc=d", "", "# c"]), max_size=2)


@st.composite
def readable_contents(draw: st.DrawFn) -> str:
    """A file that botocore reads: distinct sections with distinct keys, one kind of line end, the last one optional."""
    lines = draw(_few_blanks)
    for name in draw(st.lists(st.sampled_from(["x", "y", "default", "profile x", "X"]), unique=True, max_size=4)):
        lines.append(f"[{name}]")
        for key in draw(st.lists(_ours | _other_keys, unique_by=str.lower, max_size=7)):
            lines += draw(_few_blanks)
            lines.append(key + draw(st.sampled_from([" = ", "=", ":", " : "])) + draw(_texts))
            if key == "s3" or draw(st.integers(0, 9)) == 0:
                lines += draw(_continuations)
    text = "".join(line + "\n" for line in lines)
    if draw(st.booleans()):
        text = text.replace("\n", "\r\n")
    return text.rstrip("\r\n") if draw(st.booleans()) else text


@pytest.fixture(scope="session")
def scratch(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("generated") / "credentials"


def read_or_none(reading: Reading, path: Path, content: bytes) -> Mapping[str, Mapping[str, str]] | None:
    from botocore.exceptions import ConfigParseError

    path.write_bytes(content)
    try:
        return reading(path)
    except ConfigParseError:
        return None


@given(contents)
def test_a_file_reads_as_botocore_reads_it_or_not_at_all(
    botocore_reading: Reading, scratch: Path, content: str
) -> None:
    expected = read_or_none(botocore_reading, scratch, content.encode())
    try:
        values = parse(scratch, content.encode()).values()
    except UnreadableAwsFileError:
        # A nested block below [DEFAULT] is refused here even where no section inherits it.
        assert expected is None or "[DEFAULT]" in content
    else:
        assert values == expected


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    try:
        document = parse(PATH, content)
    except UnreadableAwsFileError as error:
        line = error.line
    else:
        line = 1
        assert "".join(document.lines).encode() == content
    assert 1 <= line <= content.count(b"\n") + content.count(b"\r") + 1


def unrelated_lines(content: bytes) -> list[bytes]:
    """Return the lines of a file without those of the keys that a write touches in its section, and its header."""
    document = parse(PATH, content)
    section = document.section(NAME)
    entries = () if section is None else section.entries
    skipped = {entry.line for entry in entries if entry.key in VALUES or entry.key in STALE_KEYS}
    if section is not None:
        skipped.add(section.line)
    return [line.encode() for number, line in enumerate(document.lines) if number not in skipped]


@given(readable_contents() | contents)
def test_an_edit_changes_only_its_lines_or_is_refused(botocore_reading: Reading, scratch: Path, content: str) -> None:
    before = content.encode()
    try:
        document = parse(scratch, before)
        after = set_keys(document, NAME, VALUES, STALE_KEYS)
        prove_edit(document, after, NAME, VALUES, STALE_KEYS)
    except (UnreadableAwsFileError, UneditableSectionError):
        return
    old, new = read_or_none(botocore_reading, scratch, before), read_or_none(botocore_reading, scratch, after)
    assert old is not None
    assert new is not None
    kept = {key: value for key, value in old.get(NAME, {}).items() if key not in STALE_KEYS}
    assert new == {**old, NAME: {**new[NAME], **kept, **VALUES}}
    assert not set(STALE_KEYS) & set(new[NAME])
    assert_same_lines(unrelated_lines(before), unrelated_lines(after))


def assert_same_lines(before: list[bytes], after: list[bytes]) -> None:
    """A new section may end the last line of the file and put a blank line after it."""
    assert [line.rstrip(b"\r\n") for line in after[: len(before)]] == [line.rstrip(b"\r\n") for line in before]
    assert after[: len(before) - 1] == before[:-1]
    assert b"".join(after[len(before) :]).strip() == b""


@given(readable_contents())
def test_a_readable_file_without_oddities_in_the_section_is_never_refused(content: str) -> None:
    document = parse(PATH, content.encode())
    section = document.section(NAME)
    touched = [] if section is None else [entry for entry in section.entries if entry.key in (*VALUES, *STALE_KEYS)]
    if all(entry.end == entry.line + 1 for entry in touched):
        after = set_keys(document, NAME, VALUES, STALE_KEYS)
        prove_edit(document, after, NAME, VALUES, STALE_KEYS)
        assert set_keys(parse(PATH, after), NAME, VALUES, STALE_KEYS) == after


@pytest.mark.parametrize(
    "content",
    [
        b"[x]\n",  # the new values are not there
        b"[y]\nregion = r\n",  # nor is the section
        b"[x]\naws_access_key_id = ASIANEW\naws_secret_access_key = new\naws_session_token = token\n",  # y is lost
        b"[x]\naws_access_key_id = ASIANEW\naws_secret_access_key = new\naws_session_token = token\n[y]\nregion = q\n",
        b"[x]\n[x]\n",
    ],
)
def test_a_wrong_edit_is_found_out(content: bytes) -> None:
    document = parse(PATH, b"[x]\n[y]\nregion = r\n")
    with pytest.raises(UnprovenEditError) as caught:
        prove_edit(document, content, NAME, VALUES, STALE_KEYS)
    assert caught.value.line in (1, 2)
