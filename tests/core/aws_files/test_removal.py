"""A session is taken out of the credentials file, and nothing else."""

import os
import stat
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sts_desktop.core.aws_files.document import parse
from sts_desktop.core.aws_files.errors import AwsFileError, NotOurSessionError
from sts_desktop.core.aws_files.files import AwsFiles
from sts_desktop.core.aws_files.locations import AwsFileLocations
from sts_desktop.core.aws_files.path_errors import PermissionMissingError, UnusablePathError
from sts_desktop.core.aws_files.removal import remove_session
from sts_desktop.core.aws_files.text_errors import (
    ContinuedValueError,
    DuplicateSectionError,
    InheritedKeyError,
    OddHeaderError,
)
from sts_desktop.core.credentials import SessionCredentials

Put = Callable[..., None]
OTHER = "[main]\naws_access_key_id = AKIAMAIN\naws_secret_access_key = theirs\n"


def ours(session: SessionCredentials) -> Callable[[str], bool]:
    return lambda key_id: key_id == session.access_key_id


@pytest.mark.parametrize(
    "before",
    [
        "",
        OTHER,
        OTHER + "\n[next]\nregion = x\n",
        OTHER.replace("\n", "\r\n"),
        "# only a comment\n",
        "[main]\nx =\n y = 1\n",
    ],
)
@pytest.mark.parametrize("region", [None, "ap-northeast-1"])
def test_what_was_written_into_a_new_section_goes_without_a_trace(
    files: AwsFiles, put: Put, locations: AwsFileLocations, session: SessionCredentials, before: str, region: str | None
) -> None:
    put(before or "\n")
    if not before:
        locations.credentials.write_bytes(b"")
    files.write("work", session, region, sources=(), is_ours=lambda _key: False)
    assert files.remove_session("work", is_ours=ours(session))
    assert locations.credentials.read_bytes() == before.encode()
    assert not files.remove_session("work", is_ours=ours(session))


def test_a_section_with_other_keys_keeps_them_and_its_region(
    files: AwsFiles, put: Put, locations: AwsFileLocations, session: SessionCredentials
) -> None:
    before = "[work]\n# mine\noutput = json\n\nregion = eu-west-1\n" + OTHER
    put(before)
    files.write("work", session, "ap-northeast-1", sources=(), is_ours=lambda _key: False)
    assert files.remove_session("work", is_ours=ours(session))
    assert locations.credentials.read_text() == before.replace("eu-west-1", "ap-northeast-1")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        # A comment within the section, or on its header, is somebody's; one above the next section is not its own.
        ("[work]\n# mine\n{keys}", "[work]\n# mine\n"),
        ("[work] ; mine\n{keys}", "[work] ; mine\n"),
        ("[work]\n{keys}# about main\n" + OTHER, "# about main\n" + OTHER),
        (OTHER + "\n[work]\n{keys}# about next\n[next]\n", OTHER + "\n# about next\n[next]\n"),
        (OTHER + "[work]\n{keys}[next]\n", OTHER + "[next]\n"),
        (OTHER + "\n[work]\n{keys}\n[next]\n", OTHER + "\n[next]\n"),
        (OTHER + "\n\n\n[work]\n{keys}", OTHER + "\n\n"),
        ("[work]\n\n{keys}\n\n" + OTHER, "\n\n" + OTHER),
        ("[work]\n{keys}aws_security_token = x\n", "[work]\naws_security_token = x\n"),
        ("[work]\nregion = x\n{keys}", ""),
        ("[work]\n{keys}region = x\nfoo = bar\n", "[work]\nregion = x\nfoo = bar\n"),
    ],
)
def test_lines_that_are_somebody_elses_stay(
    files: AwsFiles,
    put: Put,
    locations: AwsFileLocations,
    session: SessionCredentials,
    session_lines: list[str],
    before: str,
    after: str,
) -> None:
    put(before.format(keys="\n".join(session_lines) + "\n"))
    assert files.remove_session("work", is_ours=ours(session))
    assert locations.credentials.read_text() == after


@pytest.mark.fault(35)
def test_somebody_elses_key_is_left_alone(
    files: AwsFiles, put: Put, locations: AwsFileLocations, session: SessionCredentials
) -> None:
    put(OTHER)
    with pytest.raises(NotOurSessionError) as caught:
        files.remove_session("main", is_ours=ours(session))
    assert "…MAIN" in str(caught.value)
    assert "AKIAMAIN" not in str(caught.value)
    assert locations.credentials.read_text() == OTHER


def test_nothing_to_remove_changes_and_makes_nothing(
    files: AwsFiles, put: Put, locations: AwsFileLocations, session: SessionCredentials
) -> None:
    assert not files.remove_session("work", is_ours=ours(session))
    assert not locations.credentials.parent.exists()
    put("[work]\naws_secret_access_key = alone\n")
    before = os.stat(locations.credentials)
    assert not files.remove_session("work", is_ours=ours(session))
    assert not files.remove_session("elsewhere", is_ours=ours(session))
    assert os.stat(locations.credentials).st_mtime_ns == before.st_mtime_ns


@pytest.mark.fault(37)
@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("[work]\n{keys}[work]\n", DuplicateSectionError),
        ("[DEFAULT]\naws_session_token = x\n[work]\n{keys}", InheritedKeyError),
        ("[work]\n{keys}[ work ]\n", OddHeaderError),
        ("[work]\n{keys} more\n", ContinuedValueError),
    ],
)
def test_a_file_that_tools_read_differently_is_left_alone(
    files: AwsFiles,
    put: Put,
    locations: AwsFileLocations,
    session: SessionCredentials,
    session_lines: list[str],
    text: str,
    error: type[Exception],
) -> None:
    text = text.format(keys="\n".join(session_lines) + "\n")
    put(text)
    with pytest.raises(error):
        files.remove_session("work", is_ours=ours(session))
    assert locations.credentials.read_text() == text


@pytest.mark.fault(31)
def test_a_write_protected_file_is_left_alone(
    files: AwsFiles, put: Put, locations: AwsFileLocations, session: SessionCredentials, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(OTHER)
    files.write("work", session, None, sources=(), is_ours=lambda _key: False)
    content = locations.credentials.read_bytes()
    monkeypatch.setattr(os, "access", lambda path, mode: not (path == locations.credentials and mode & os.W_OK))
    with pytest.raises(UnusablePathError) as caught:
        files.remove_session("work", is_ours=ours(session))
    assert isinstance(caught.value, PermissionMissingError)
    assert locations.credentials.read_bytes() == content


@pytest.mark.fault(34)
def test_a_link_and_the_mode_stay(
    files: AwsFiles, locations: AwsFileLocations, session: SessionCredentials, tmp_path: Path
) -> None:
    target = tmp_path / "dotfiles"
    target.write_text(OTHER)
    target.chmod(0o640)
    locations.credentials.parent.mkdir()
    locations.credentials.symlink_to(target)
    files.write("work", session, None, sources=(), is_ours=lambda _key: False)
    assert files.remove_session("work", is_ours=ours(session))
    assert locations.credentials.is_symlink()
    assert target.read_text() == OTHER
    assert stat.S_IMODE(target.stat().st_mode) == 0o640


LINES = st.lists(
    st.sampled_from(
        [
            "[work]",
            "[main]",
            "[next]",
            "aws_access_key_id = ASIAIOSFODNN7EXAMPLE",
            "aws_secret_access_key = secret",
            "aws_session_token : token",
            "x_security_token_expires=2030-01-02T03:04:05Z",
            "region = eu-west-1",
            "output = json",
            "s3 =",
            "  max_queue_size = 10",
            "# a comment",
            "  ; indented",
            "",
            "   ",
            "\taws_access_key_id = AKIAINDENTED",
        ]
    ),
    max_size=14,
)


@given(LINES, st.sampled_from(["\n", "\r\n"]), st.booleans())
def test_any_file_reads_as_before_but_for_the_session(lines: list[str], ending: str, ends: bool) -> None:
    import configparser

    content = (ending.join(lines) + (ending if ends and lines else "")).encode()
    try:
        document = parse(Path("credentials"), content)
        section = document.section("work")
        if section is None:
            return
        removal = remove_session(document, section)
    except AwsFileError:  # refused
        return

    def read(text: str) -> Mapping[str, Mapping[str, str]]:
        parser = configparser.RawConfigParser()
        parser.read_string(text)
        return {name: dict(parser.items(name)) for name in parser.sections()}

    before, after = read(content.decode()), read(removal.content.decode())
    kept = {key: value for key, value in before["work"].items() if key not in removal.keys}
    assert after == {name: values for name, values in before.items() if name != "work"} | (
        {} if removal.is_whole else {"work": kept}
    )
    assert not removal.is_whole or not kept
    kept_lines = iter(content.decode().splitlines(keepends=True))
    assert all(line in kept_lines for line in removal.content.decode().splitlines(keepends=True))
