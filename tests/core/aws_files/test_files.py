"""Writing through the facade, into real files, read back through boto3."""

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from sts_desktop.core.aws_files.errors import (
    ForeignSectionError,
    SectionIsSourceError,
    SectionNameError,
    UnwritableValueError,
)
from sts_desktop.core.aws_files.files import AwsFiles
from sts_desktop.core.aws_files.locations import AwsFileLocations
from sts_desktop.core.aws_files.path_errors import (
    BrokenLinkError,
    DirectoryMissingError,
    KeepsChangingError,
    NotARegularFileError,
    PermissionMissingError,
)
from sts_desktop.core.aws_files.profiles import TargetSection
from sts_desktop.core.aws_files.text_errors import UneditableSectionError, UnreadableAwsFileError
from sts_desktop.core.credentials import SessionCredentials
from sts_desktop.core.errors import Field, StsDesktopError

Put = Callable[..., None]

posix = pytest.mark.skipif(sys.platform == "win32", reason="modes and links of POSIX")

FOREIGN = "[work]\naws_access_key_id = AKIAIOSFODNN7FOREIGN\naws_secret_access_key = SECRET\n"


def nobody(access_key_id: str) -> bool:
    return False


def write(files: AwsFiles, session: SessionCredentials, section: str = "work", **options: object) -> None:
    arguments = {"sources": (), "is_ours": nobody, "region": None, **options}
    files.write(section, session, **arguments)  # type: ignore[arg-type]  # the tests' own options


def read_with_boto3(locations: AwsFileLocations, profile: str, monkeypatch: pytest.MonkeyPatch) -> tuple[object, ...]:
    import boto3

    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(locations.credentials))
    monkeypatch.setenv("AWS_CONFIG_FILE", str(locations.config))
    session = boto3.Session(profile_name=profile)
    return (*session.get_credentials().get_frozen_credentials()[:3], session.region_name)


@posix
@pytest.mark.fault(30)
def test_missing_files_are_made_for_the_owner_only(
    files: AwsFiles, locations: AwsFileLocations, session: SessionCredentials, session_lines: list[str]
) -> None:
    write(files, session)
    assert locations.credentials.read_text() == "\n".join(["[work]", *session_lines, ""])
    assert locations.credentials.stat().st_mode & 0o777 == 0o600
    assert locations.credentials.parent.stat().st_mode & 0o777 == 0o700
    assert [path.name for path in locations.credentials.parent.iterdir()] == ["credentials"]


def test_the_lock_lies_in_a_directory_of_its_own(files: AwsFiles, session: SessionCredentials, tmp_path: Path) -> None:
    write(files, session)
    assert (tmp_path / "locks").stat().st_mode & 0o777 == 0o700
    assert len(list((tmp_path / "locks").iterdir())) == 1


def test_boto3_reads_what_was_written(
    files: AwsFiles,
    put: Put,
    locations: AwsFileLocations,
    session: SessionCredentials,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    put(credentials=FOREIGN.replace("work", "other"))
    write(files, session, region="ap-northeast-1")
    expected = (session.access_key_id, session.secret_access_key, session.session_token, "ap-northeast-1")
    assert read_with_boto3(locations, "work", monkeypatch) == expected
    assert read_with_boto3(locations, "other", monkeypatch)[:2] == ("AKIAIOSFODNN7FOREIGN", "SECRET")


@pytest.mark.fault(40)
def test_stale_tokens_and_expiries_of_other_tools_go(
    files: AwsFiles,
    put: Put,
    locations: AwsFileLocations,
    session: SessionCredentials,
    session_lines: list[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    put(
        credentials="[work]\naws_access_key_id = ASIAOLD\nAWS_SECURITY_TOKEN = stale\nexpiration = 2020-01-01\n"
        "x_principal_arn = kept\naws_session_expiration = 2020\nx_security_token_expires = 2020\n"
    )
    write(files, session, is_ours=lambda key: key == "ASIAOLD")
    assert locations.credentials.read_text() == "\n".join(
        ["[work]", session_lines[0], "x_principal_arn = kept", session_lines[3], *session_lines[1:3], ""]
    )
    assert read_with_boto3(locations, "work", monkeypatch)[2] == session.session_token


def test_an_existing_region_stays_unless_one_is_given(
    files: AwsFiles, put: Put, locations: AwsFileLocations, session: SessionCredentials
) -> None:
    put(credentials="[work]\nregion = eu-west-1\n")
    write(files, session)
    assert "region = eu-west-1\n" in locations.credentials.read_text()
    write(files, session, region="us-east-1")
    assert locations.credentials.read_text().count("region") == 1
    assert "region = us-east-1\n" in locations.credentials.read_text()


def test_default_is_written_when_asked_for(
    files: AwsFiles, locations: AwsFileLocations, session: SessionCredentials
) -> None:
    write(files, session, "default")
    assert locations.credentials.read_text().startswith("[default]\n")


@posix
@pytest.mark.fault(34)
def test_a_link_to_the_file_is_kept(
    files: AwsFiles, locations: AwsFileLocations, session: SessionCredentials, tmp_path: Path
) -> None:
    target = tmp_path / "dotfiles"
    target.write_text("# mine\n")
    target.chmod(0o640)
    locations.credentials.parent.mkdir()
    locations.credentials.symlink_to(target)
    write(files, session)
    assert locations.credentials.is_symlink()
    assert target.read_text().startswith("# mine\n\n[work]\n")
    assert target.stat().st_mode & 0o777 == 0o640


# Refusals. Each leaves the file as it was.


@pytest.fixture
def unchanged(put: Put, locations: AwsFileLocations, tmp_path: Path) -> Callable[[], bool]:
    put(credentials=FOREIGN)
    status = locations.credentials.stat()

    def check() -> bool:
        now = locations.credentials.stat()
        same = (now.st_ino, now.st_mtime_ns) == (status.st_ino, status.st_mtime_ns)
        return same and locations.credentials.read_text() == FOREIGN

    return check


@pytest.mark.fault(41)
@pytest.mark.parametrize("section", ["", "a b", "x]\n[default", "DEFAULT", "__proto__", "größe", "a\r", "x\0"])
def test_a_name_is_checked_by_the_writer_itself(
    files: AwsFiles, session: SessionCredentials, unchanged: Callable[[], bool], section: str
) -> None:
    with pytest.raises(SectionNameError) as caught:
        write(files, session, section, replace_foreign=True)
    assert caught.value.field is Field.SECTION
    with pytest.raises(SectionNameError):
        files.check_writable(section, sources=())
    assert unchanged()


def test_values_are_checked_by_the_writer_itself(
    files: AwsFiles, session: SessionCredentials, unchanged: Callable[[], bool]
) -> None:
    for bad in (replace(session, session_token="t\n[default]"), replace(session, secret_access_key="a # b")):
        with pytest.raises(UnwritableValueError):
            write(files, bad, "new")
    with pytest.raises(UnwritableValueError):
        write(files, session, "new", region="x\ny")
    with pytest.raises(UnwritableValueError):
        files.check_writable("new", sources=(), region="x\ny")
    assert unchanged()


def test_a_foreign_key_is_asked_about_with_its_last_four(
    files: AwsFiles, session: SessionCredentials, unchanged: Callable[[], bool]
) -> None:
    asked: list[str] = []

    def is_ours(access_key_id: str) -> bool:
        asked.append(access_key_id)
        return False

    with pytest.raises(ForeignSectionError) as caught:
        write(files, session, is_ours=is_ours)
    assert asked == ["AKIAIOSFODNN7FOREIGN"]
    assert caught.value.target.access_key_id == "AKIAIOSFODNN7FOREIGN"
    assert "[work]" in caught.value.message
    assert "…EIGN" in caught.value.message
    assert "7FOREIGN" not in str(caught.value)
    assert unchanged()


def test_a_foreign_key_may_be_replaced_on_request(
    files: AwsFiles, put: Put, locations: AwsFileLocations, session: SessionCredentials, session_lines: list[str]
) -> None:
    put(credentials=FOREIGN)
    write(files, session, replace_foreign=True)
    assert locations.credentials.read_text() == "\n".join(["[work]", *session_lines, ""])


@pytest.mark.parametrize(
    "line", ["aws_secret_access_key = s", "aws_session_token = t", "credential_process = p", "role_arn = r"]
)
def test_foreign_credentials_without_a_key_id_are_asked_about_too(
    files: AwsFiles, put: Put, session: SessionCredentials, line: str
) -> None:
    put(credentials=f"[work]\n{line}\n")
    with pytest.raises(ForeignSectionError) as caught:
        write(files, session, is_ours=lambda key: True)
    assert caught.value.target.access_key_id is None


@pytest.mark.parametrize(
    "content", ["", "[work]\n", "[work]\nregion = r\noutput = json\n", FOREIGN.replace("work", "w")]
)
def test_a_section_without_credentials_needs_no_question(
    files: AwsFiles, put: Put, session: SessionCredentials, content: str
) -> None:
    put(credentials=content)
    write(files, session, is_ours=lambda key: pytest.fail("asked"))


def test_our_own_session_is_replaced_and_rewriting_it_changes_nothing(
    files: AwsFiles, locations: AwsFileLocations, session: SessionCredentials
) -> None:
    write(files, session)
    inode = locations.credentials.stat().st_ino
    write(files, session)
    assert locations.credentials.stat().st_ino == inode
    write(files, replace(session, access_key_id="ASIANEXT"), is_ours=lambda key: key == session.access_key_id)
    assert "ASIANEXT" in locations.credentials.read_text()


def test_a_source_of_access_keys_is_never_written(
    files: AwsFiles, session: SessionCredentials, unchanged: Callable[[], bool]
) -> None:
    for options in ({}, {"replace_foreign": True}, {"is_ours": lambda key: True}):
        with pytest.raises(SectionIsSourceError):
            write(files, session, sources={"other", "work"}, **options)
    with pytest.raises(SectionIsSourceError):
        files.check_writable("work", sources={"work"})
    assert unchanged()


def test_nor_is_what_a_source_reaches_through_source_profile(
    files: AwsFiles, put: Put, session: SessionCredentials
) -> None:
    put(
        credentials="[middle]\nsource_profile = work\n[work]\n[free]\n",
        config="[profile role]\nrole_arn = r\nsource_profile = middle\n[profile work]\nsource_profile = role\n",
    )
    for section in ("role", "middle", "work"):
        with pytest.raises(SectionIsSourceError):
            write(files, session, section, sources={"role"})
    write(files, session, "free", sources={"role"})


@pytest.mark.fault(43)
def test_a_broken_config_file_stops_a_write_only_where_a_source_could_be_hit(
    files: AwsFiles, put: Put, session: SessionCredentials
) -> None:
    put(config="junk\n")
    with pytest.raises(UnreadableAwsFileError):
        write(files, session, sources={"other"})
    write(files, session)


@pytest.mark.parametrize(
    ("content", "error"),
    [
        (b"\xef\xbb\xbf[work]\n", UnreadableAwsFileError),
        (b"[a]\n[a]\n", UnreadableAwsFileError),
        (b"[a]\nk = 1\nK = 2\n", UnreadableAwsFileError),
        (b"[a]\njunk\n", UnreadableAwsFileError),
        (b"[ work ]\n", UneditableSectionError),
        (b"[work]\naws_access_key_id = A\n\t[other]\n", UneditableSectionError),
        (b"[DEFAULT]\naws_security_token = t\n", UneditableSectionError),
    ],
)
@pytest.mark.fault(37)
@pytest.mark.fault(38)
def test_an_odd_file_is_refused_and_left_alone(
    files: AwsFiles,
    put: Put,
    locations: AwsFileLocations,
    session: SessionCredentials,
    content: bytes,
    error: type[StsDesktopError],
) -> None:
    put(credentials=content)
    with pytest.raises(error):
        files.check_writable("work", sources=())
    with pytest.raises(error):
        write(files, session, replace_foreign=True)
    assert locations.credentials.read_bytes() == content


@posix
@pytest.mark.fault(34)
@pytest.mark.fault(38)
def test_what_is_no_file_is_refused_and_left_alone(
    files: AwsFiles, locations: AwsFileLocations, session: SessionCredentials
) -> None:
    locations.credentials.mkdir(parents=True)
    with pytest.raises(NotARegularFileError):
        files.check_writable("work", sources=())
    with pytest.raises(NotARegularFileError):
        write(files, session)
    locations.credentials.rmdir()
    locations.credentials.symlink_to("nowhere")
    with pytest.raises(BrokenLinkError):
        write(files, session)
    assert [path.name for path in locations.credentials.parent.iterdir()] == ["credentials"]


def test_the_parent_of_a_named_file_is_never_made(session: SessionCredentials, tmp_path: Path) -> None:
    named = tmp_path / "missing" / "credentials"
    files = AwsFiles(AwsFileLocations(named, tmp_path / "config"), tmp_path / "locks")
    with pytest.raises(DirectoryMissingError):
        files.check_writable("work", sources=())
    with pytest.raises(DirectoryMissingError):
        write(files, session)
    assert not named.parent.exists()


def test_a_check_changes_nothing_and_foresees_the_write(
    files: AwsFiles, locations: AwsFileLocations, session: SessionCredentials
) -> None:
    files.check_writable("work", sources={"other"}, region="us-east-1")
    assert not locations.credentials.parent.exists()
    write(files, session, sources={"other"}, region="us-east-1")


UNPRIVILEGED = """
import filelock, os, sys
from sts_desktop.core.aws_files import writer  # as filelock, imported while that is still allowed
from datetime import UTC, datetime
from pathlib import Path
from sts_desktop.core.aws_files.files import AwsFiles
from sts_desktop.core.aws_files.locations import AwsFileLocations
from sts_desktop.core.credentials import SessionCredentials
directory = Path(sys.argv[1])
files = AwsFiles(AwsFileLocations(directory / "aws" / "credentials", directory / "config"), directory / "locks")
session = SessionCredentials("ASIANEW", "s", "t", datetime(2030, 1, 1, tzinfo=UTC))
if os.geteuid() == 0:
    os.setgroups([])
    os.setgid(int(sys.argv[2]))
    os.setuid(int(sys.argv[2]))
def outcome(action):
    try:
        action()
    except Exception as error:
        return type(error).__name__
    return "written"
print(outcome(lambda: files.check_writable("work", sources=())))
print(outcome(lambda: files.write("work", session, None, sources=(), is_ours=lambda key: True)))
"""


@posix
@pytest.mark.fault(31)
@pytest.mark.parametrize(
    ("file_mode", "directory_mode", "expected"),
    [
        (0o600, 0o700, "written"),
        (0o400, 0o700, PermissionMissingError.__name__),
        (0o600, 0o500, PermissionMissingError.__name__),
        (0o000, 0o700, PermissionMissingError.__name__),
    ],
)
def test_a_write_protected_file_or_directory_is_respected(
    short_lived_directory: Path, file_mode: int, directory_mode: int, expected: str
) -> None:
    """Run by an account that permissions hold for, which they do not for root."""
    path = short_lived_directory / "aws" / "credentials"
    path.parent.mkdir()
    path.write_text("[other]\n")
    account = 65534
    if os.geteuid() == 0:
        for place in (short_lived_directory, path.parent, path):
            os.chown(place, account, account)
    path.chmod(file_mode)
    path.parent.chmod(directory_mode)
    run = subprocess.run(
        [sys.executable, "-c", UNPRIVILEGED, str(short_lived_directory), str(account)], capture_output=True, text=True
    )
    path.parent.chmod(0o700)
    path.chmod(0o600)
    assert run.stdout.split() == [expected, expected], run.stderr
    assert path.read_text().startswith("[other]\n")
    assert (path.read_text() != "[other]\n") == (expected == "written")
    assert [file.name for file in path.parent.iterdir()] == ["credentials"]


# Other programs that write at the same time


@pytest.mark.fault(35)
def test_a_change_by_another_program_is_kept_and_the_write_done_again(
    files: AwsFiles, put: Put, locations: AwsFileLocations, session: SessionCredentials
) -> None:
    put(credentials="[work]\naws_access_key_id = ASIAOURS\n")
    looks = 0

    def is_ours(access_key_id: str) -> bool:
        """Between reading and replacing, the AWS CLI adds a section."""
        nonlocal looks
        looks += 1
        if looks == 1:
            with locations.credentials.open("a") as file:
                file.write("[theirs]\nregion = r\n")
        return access_key_id == "ASIAOURS"

    write(files, session, is_ours=is_ours)
    assert looks == 2
    assert "[theirs]\nregion = r\n" in locations.credentials.read_text()
    assert session.access_key_id in locations.credentials.read_text()


@pytest.mark.fault(35)
def test_a_file_that_keeps_changing_is_given_up_on(
    files: AwsFiles, put: Put, locations: AwsFileLocations, session: SessionCredentials
) -> None:
    put(credentials="[work]\naws_access_key_id = ASIAOURS\n")
    looks = 0

    def is_ours(access_key_id: str) -> bool:
        nonlocal looks
        looks += 1
        with locations.credentials.open("a") as file:
            file.write("# theirs\n")
        return True

    with pytest.raises(KeepsChangingError):
        write(files, session, is_ours=is_ours)
    assert looks == 4
    assert "ASIAOURS" in locations.credentials.read_text()
    assert session.access_key_id not in locations.credentials.read_text()


RACER = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from sts_desktop.core.aws_files.files import AwsFiles
from sts_desktop.core.aws_files.locations import AwsFileLocations
from sts_desktop.core.credentials import SessionCredentials
directory, name = Path(sys.argv[1]), sys.argv[2]
files = AwsFiles(AwsFileLocations(directory / "credentials", directory / "config"), directory / "locks")
for number in range(20):
    session = SessionCredentials(f"ASIA{name}{number}", "s", "t", datetime(2030, 1, 1, tzinfo=UTC))
    files.write(f"{name}-{number}", session, None, sources=(), is_ours=lambda key: False)
"""


@pytest.mark.fault(35)
def test_two_processes_lose_nothing_of_each_other(tmp_path: Path) -> None:
    racers = [subprocess.Popen([sys.executable, "-c", RACER, str(tmp_path), name]) for name in ("a", "b")]
    assert [racer.wait(timeout=60) for racer in racers] == [0, 0]
    profiles = AwsFiles(AwsFileLocations(tmp_path / "credentials", tmp_path / "config"), tmp_path / "locks").profiles()
    expected = {(f"{name}-{number}", f"ASIA{name}{number}") for name in ("a", "b") for number in range(20)}
    assert {(profile.name, profile.access_key_id) for profile in profiles} == expected


FULL_DISK = """
import resource, sys
from datetime import UTC, datetime
from pathlib import Path
from sts_desktop.core.aws_files.files import AwsFiles
from sts_desktop.core.aws_files.locations import AwsFileLocations
from sts_desktop.core.aws_files.path_errors import NoRoomError
from sts_desktop.core.credentials import SessionCredentials
directory = Path(sys.argv[1])
path = directory / "credentials"
files = AwsFiles(AwsFileLocations(path, directory / "config"), directory / "locks")
session = SessionCredentials("ASIANEW", "s" * 40, "t" * 100, datetime(2030, 1, 1, tzinfo=UTC))
before = path.read_bytes()
limit = 0
while True:
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, resource.RLIM_INFINITY))
    try:
        files.write("work", session, None, sources=(), is_ours=lambda key: False)
    except NoRoomError:
        assert path.read_bytes() == before, limit
        assert not list(directory.glob(".*")), limit
        limit += 1
    else:
        break
assert limit == path.stat().st_size, limit
print(limit)
"""


@posix
@pytest.mark.fault(32)
def test_no_room_at_any_byte_of_the_new_text_leaves_the_old_file(tmp_path: Path) -> None:
    (tmp_path / "credentials").write_text("[other]\nregion = r\n")
    run = subprocess.run([sys.executable, "-c", FULL_DISK, str(tmp_path)], capture_output=True, text=True)
    assert run.returncode == 0, run.stderr
    assert int(run.stdout) > 200


# What stands in a section


@pytest.mark.fault(42)
def test_what_stands_in_the_target_and_what_would_win_over_it(
    files: AwsFiles, put: Put, locations: AwsFileLocations
) -> None:
    put(
        credentials=f"[DEFAULT]\noutput = json\n{FOREIGN}x_principal_arn = a\nregion = r\n",
        config="[profile work]\nrole_arn = r\nsource_profile = s\ncredential_process = p\n[work]\nsso_account_id = 1\n",
    )
    assert files.section("work") == TargetSection(
        name="work",
        path=locations.credentials,
        exists=True,
        access_key_id="AKIAIOSFODNN7FOREIGN",
        other_keys=("x_principal_arn",),
        winning_keys=("role_arn",),
        hidden_keys=("credential_process",),
    )
    assert files.section("new") == TargetSection("new", locations.credentials, False, None, (), ())


@pytest.mark.fault(42)
def test_botocore_does_obey_the_winning_key(
    files: AwsFiles, put: Put, locations: AwsFileLocations, session: SessionCredentials, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The fact that the warning rests on."""
    from botocore.exceptions import PartialCredentialsError

    put(config="[profile work]\nrole_arn = arn:aws:iam::123456789012:role/r\n")
    write(files, session)
    assert files.section("work").winning_keys == ("role_arn",)
    with pytest.raises(PartialCredentialsError):
        read_with_boto3(locations, "work", monkeypatch)


def test_importing_the_package_loads_nothing_heavy() -> None:
    code = (
        "import sys, sts_desktop.core.aws_files.files\n"
        "print(sorted({'boto3', 'botocore', 'filelock', 'platformdirs', 'PySide6'} & set(sys.modules)))"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"
