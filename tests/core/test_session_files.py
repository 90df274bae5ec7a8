"""A session in the credentials file: written, written again, and never over what is somebody else's."""

import stat
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import botocore.session
import pytest

from sts_desktop.core import renewal
from sts_desktop.core.aws_files.errors import (
    ForeignSectionError,
    SectionIsSourceError,
)
from sts_desktop.core.aws_files.locations import AwsFileLocations
from sts_desktop.core.aws_files.path_errors import NotARegularFileError
from sts_desktop.core.profile import AwsProfileKey, Profile
from sts_desktop.core.services import Services
from sts_desktop.core.session_errors import ConfigWinsError

if TYPE_CHECKING:
    from tests.core.conftest import Clock, Keyring, WatchedSts

ReadSection = Callable[[str], dict[str, str]]
MakeServices = Callable[[], Services]
PutCredentials = Callable[[str], Path]


FOREIGN = "[bob]\naws_access_key_id = AKIASOMEBODYELSES123\naws_secret_access_key = theirs\n"
SOURCE = """[main]
aws_access_key_id = AKIAEXAMPLEDEMO22BOB
aws_secret_access_key = demo+secret+of+bob22/not/a/real/AWS/key2
"""


def test_a_written_session_works_with_boto3(
    services: Services,
    bobs_profile: Profile,
    embedded_sts: "WatchedSts",
    aws_locations: AwsFileLocations,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    services.sessions.get_token(bobs_profile)
    record = services.sessions.write(bobs_profile)
    assert len(record.written) == 1
    assert (record.written[0].section, record.written[0].path) == ("bob", str(aws_locations.credentials))
    monkeypatch.setenv("AWS_PROFILE", "bob")
    client = botocore.session.Session().create_client("sts", endpoint_url=embedded_sts.url)
    assert client.meta.region_name == "ap-northeast-1"
    assert client.get_caller_identity()["Arn"] == embedded_sts.directory.user("bob").identity.arn
    client.close()


@pytest.mark.fault(30)
def test_a_missing_directory_and_file_are_made_for_their_owner_only(
    services: Services, bobs_profile: Profile, aws_locations: AwsFileLocations
) -> None:
    services.sessions.get_token(bobs_profile)
    assert not aws_locations.credentials.parent.exists()
    services.sessions.write(bobs_profile)
    assert stat.S_IMODE(aws_locations.credentials.stat().st_mode) == 0o600
    assert stat.S_IMODE(aws_locations.credentials.parent.stat().st_mode) == 0o700


@pytest.mark.fault(41)
@pytest.mark.parametrize(
    ("name", "section"), [("本番", "sts-{id}"), ("<img src=x>", "img-src-x"), ("x]", "x"), ("größe", "gr-e")]
)
def test_a_profile_of_any_name_is_written_in_ascii(
    services: Services,
    bobs_profile: Profile,
    aws_locations: AwsFileLocations,
    name: str,
    section: str,
    in_section: ReadSection,
) -> None:
    profile = replace(bobs_profile, name=name)
    services.profiles.save(profile)
    services.sessions.get_token(profile)
    record = services.sessions.write(profile)
    assert aws_locations.credentials.read_bytes().isascii()
    assert len(record.written) == 1
    assert in_section(record.written[0].section)["aws_access_key_id"].endswith(record.last_four)


def test_a_written_session_is_written_again(services: Services, bobs_profile: Profile, in_section: ReadSection) -> None:
    services.sessions.get_token(bobs_profile)
    services.sessions.write(bobs_profile, "elsewhere")
    for _renewal in range(2):
        record = services.sessions.get_token(bobs_profile)
        assert in_section("elsewhere")["aws_access_key_id"].endswith(record.last_four)
        assert len(record.written) == 1
        assert not record.written[0].problem
    assert in_section("bob") == {}


@pytest.mark.expects_warnings
def test_a_refused_write_keeps_the_new_session_and_says_why(
    services: Services, bobs_profile: Profile, put_credentials: PutCredentials, clock: "Clock"
) -> None:
    first = services.sessions.get_token(bobs_profile)
    services.sessions.write(bobs_profile)
    path = put_credentials(FOREIGN)
    record = services.sessions.get_token(bobs_profile)
    assert record.last_four != first.last_four
    assert services.sessions.credentials(bobs_profile).access_key_id.endswith(record.last_four)
    assert path.read_text() == FOREIGN
    assert len(record.written) == 1
    assert "…S123" in record.written[0].problem
    assert record.failure is None
    assert renewal.phase(record, clock()) is renewal.Phase.ACTIVE
    again = services.sessions.write(bobs_profile, replace_foreign=True)
    assert len(again.written) == 1
    assert not again.written[0].problem


@pytest.mark.fault(35)
def test_somebody_elses_keys_are_shown_before_they_are_replaced(
    services: Services, bobs_profile: Profile, put_credentials: PutCredentials, in_section: ReadSection
) -> None:
    path = put_credentials(FOREIGN)
    services.sessions.get_token(bobs_profile)
    with pytest.raises(ForeignSectionError) as told:
        services.sessions.write(bobs_profile)
    assert told.value.target.access_key_id == "AKIASOMEBODYELSES123"
    assert path.read_text() == FOREIGN
    assert services.sessions.record(bobs_profile.id).written == ()
    record = services.sessions.write(bobs_profile, replace_foreign=True)
    assert in_section("bob")["aws_access_key_id"].endswith(record.last_four)


def test_our_own_section_needs_no_question(
    services: Services, make_services: MakeServices, bobs_profile: Profile, in_section: ReadSection
) -> None:
    services.sessions.get_token(bobs_profile)
    services.sessions.write(bobs_profile)
    for own in (services, make_services()):
        record = own.sessions.get_token(bobs_profile)
        own.sessions.write(bobs_profile)
        assert in_section("bob")["aws_access_key_id"].endswith(record.last_four)


def test_our_own_section_needs_no_question_after_the_session_was_lost(
    services: Services, make_services: MakeServices, bobs_profile: Profile, keyring: "Keyring"
) -> None:
    services.sessions.get_token(bobs_profile)
    services.sessions.write(bobs_profile)
    services.vault.forget_session(bobs_profile.id)
    services.sessions.records.reconcile()
    own = make_services()
    own.sessions.get_token(bobs_profile)
    assert len(own.sessions.write(bobs_profile).written) == 1


def test_two_profiles_do_not_take_a_section_from_each_other_in_turn(
    services: Services, bobs_profile: Profile, in_section: ReadSection
) -> None:
    other = services.profiles.create("other", bobs_profile)
    for profile in (bobs_profile, other):
        services.sessions.get_token(profile)
        services.sessions.write(profile, "shared")
    services.sessions.get_token(bobs_profile)
    standing = services.sessions.credentials(other).access_key_id
    assert in_section("shared")["aws_access_key_id"] == standing
    assert services.sessions.record(bobs_profile.id).written == ()
    record = services.sessions.get_token(other)
    assert in_section("shared")["aws_access_key_id"].endswith(record.last_four)


@pytest.mark.parametrize("section", ["main", "mother"])
def test_a_source_of_access_keys_is_never_written_to(
    services: Services,
    bobs_profile: Profile,
    put_credentials: PutCredentials,
    aws_locations: AwsFileLocations,
    section: str,
) -> None:
    """`mother` is what `main` reaches through `source_profile`."""
    text = SOURCE + "source_profile = mother\n" + SOURCE.replace("main", "mother")
    path = put_credentials(text)
    services.profiles.save(replace(bobs_profile, name="other", id="other", source=AwsProfileKey("main")))
    services.sessions.get_token(bobs_profile)
    with pytest.raises(SectionIsSourceError):
        services.sessions.write(bobs_profile, section, replace_foreign=True)
    assert path.read_text() == text


def test_the_suggested_section_is_not_the_source(
    services: Services, bobs_profile: Profile, put_credentials: PutCredentials
) -> None:
    put_credentials(SOURCE.replace("main", "bob"))
    profile = replace(bobs_profile, source=AwsProfileKey("bob"))
    services.profiles.save(profile)
    services.sessions.get_token(profile)
    record = services.sessions.write(profile)
    assert len(record.written) == 1
    assert record.written[0].section == "bob-session"


def test_a_failed_write_does_not_claim_to_be_written(
    services: Services, bobs_profile: Profile, monkeypatch: pytest.MonkeyPatch, aws_locations: AwsFileLocations
) -> None:
    services.sessions.get_token(bobs_profile)
    before = services.sessions.write(bobs_profile)
    content = aws_locations.credentials.read_bytes()

    def fail(*_arguments: object, **_options: object) -> None:
        raise NotARegularFileError(aws_locations.credentials)

    with monkeypatch.context() as patch:
        patch.setattr(services.aws_files, "write", fail)
        with pytest.raises(NotARegularFileError):
            services.sessions.write(bobs_profile, "elsewhere")
    assert services.sessions.record(bobs_profile.id) == before
    assert aws_locations.credentials.read_bytes() == content


@pytest.mark.parametrize("other_process", [False, True])
def test_a_section_left_and_come_back_to_needs_no_question(
    services: Services,
    make_services: MakeServices,
    bobs_profile: Profile,
    in_section: ReadSection,
    other_process: bool,
) -> None:
    services.sessions.get_token(bobs_profile)
    services.sessions.write(bobs_profile, "first")
    services.sessions.write(bobs_profile, "second")
    services.sessions.get_token(bobs_profile)
    again = make_services() if other_process else services
    record = again.sessions.write(bobs_profile, "first")
    assert in_section("first")["aws_access_key_id"].endswith(record.last_four)
    assert [written.section for written in record.written] == ["second", "first"]


def test_each_section_that_holds_a_session_is_renewed_and_ended(
    services: Services, bobs_profile: Profile, in_section: ReadSection
) -> None:
    services.sessions.get_token(bobs_profile)
    for section in ("first", "second"):
        services.sessions.write(bobs_profile, section)
    renewed = services.sessions.get_token(bobs_profile)
    for section in ("first", "second"):
        assert in_section(section)["aws_access_key_id"].endswith(renewed.last_four)
    assert services.sessions.end(bobs_profile).removed_from == ("first", "second")
    assert in_section("first") == in_section("second") == {}
    assert services.sessions.record(bobs_profile.id).written == ()


@pytest.mark.expects_warnings
def test_a_section_that_is_refused_keeps_the_session_out_of_no_other(
    services: Services, bobs_profile: Profile, in_section: ReadSection, put_credentials: PutCredentials
) -> None:
    services.sessions.get_token(bobs_profile)
    for section in ("first", "second"):
        services.sessions.write(bobs_profile, section)
    put_credentials(FOREIGN.replace("[bob]", "[first]"))
    record = services.sessions.get_token(bobs_profile)
    assert in_section("second")["aws_access_key_id"].endswith(record.last_four)
    assert {written.section: bool(written.problem) for written in record.written} == {"first": True, "second": False}
    ended = services.sessions.end(bobs_profile)
    assert ended.removed_from == ("second",)
    assert "…S123" in ended.problem
    assert not ended.is_still_there


def test_a_section_that_another_profile_left_needs_no_question(
    services: Services, bobs_profile: Profile, in_section: ReadSection
) -> None:
    other = services.profiles.create("other", bobs_profile)
    services.sessions.get_token(bobs_profile)
    services.sessions.write(bobs_profile, "first")
    services.sessions.write(bobs_profile, "second")
    services.sessions.get_token(other)
    record = services.sessions.write(other, "first")
    assert in_section("first")["aws_access_key_id"].endswith(record.last_four)


WINNING = [
    "role_arn = arn:aws:iam::123456789012:role/x",
    "web_identity_token_file = /token",
    "sso_account_id = 123456789012",
]


@pytest.mark.fault(42)
@pytest.mark.parametrize("line", WINNING)
def test_where_the_config_file_wins_that_is_told_before_anything_is_written(
    services: Services,
    bobs_profile: Profile,
    put_config: Callable[[str], None],
    aws_locations: AwsFileLocations,
    line: str,
) -> None:
    put_config(f"[profile bob]\n{line}\n")
    services.sessions.get_token(bobs_profile)
    with pytest.raises(ConfigWinsError) as told:
        services.sessions.write(bobs_profile)
    key, value = line.split(" = ")
    assert told.value.target.winning_keys == (key,)
    assert value not in str(told.value)
    assert not aws_locations.credentials.exists()
    assert services.sessions.record(bobs_profile.id).written == ()
    assert services.state.load().own_keys == ()


@pytest.mark.fault(42)
def test_a_config_file_that_wins_elsewhere_or_only_hides_asks_nothing(
    services: Services, bobs_profile: Profile, put_config: Callable[[str], None], in_section: ReadSection
) -> None:
    put_config(f"[profile other]\n{WINNING[0]}\n[profile bob]\ncredential_process = /bin/x\n")
    services.sessions.get_token(bobs_profile)
    record = services.sessions.write(bobs_profile)
    assert in_section("bob")["aws_access_key_id"].endswith(record.last_four)


@pytest.mark.fault(43)
def test_a_broken_config_file_stops_no_write(
    services: Services, bobs_profile: Profile, put_config: Callable[[str], None], in_section: ReadSection
) -> None:
    put_config("[profile bob\nbroken")
    services.sessions.get_token(bobs_profile)
    record = services.sessions.write(bobs_profile)
    assert in_section("bob")["aws_access_key_id"].endswith(record.last_four)


@pytest.mark.expects_warnings
def test_a_refused_write_that_cannot_be_noted_either_keeps_the_new_session(
    services: Services, bobs_profile: Profile, monkeypatch: pytest.MonkeyPatch, aws_locations: AwsFileLocations
) -> None:
    services.sessions.get_token(bobs_profile)
    before = services.sessions.write(bobs_profile)

    def refuse(*_arguments: object, **_options: object) -> None:
        monkeypatch.setattr("tempfile.mkstemp", full_disk)
        raise NotARegularFileError(aws_locations.credentials)

    def full_disk(*_arguments: object, **_options: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(services.aws_files, "write", refuse)
    record = services.sessions.get_token(bobs_profile)
    assert record.last_four != before.last_four
    assert services.sessions.credentials(bobs_profile).access_key_id.endswith(record.last_four)


@pytest.mark.fault(42)
def test_what_was_written_despite_the_config_file_is_written_again(
    services: Services, bobs_profile: Profile, put_config: Callable[[str], None], in_section: ReadSection
) -> None:
    put_config(f"[profile bob]\n{WINNING[0]}\n")
    services.sessions.get_token(bobs_profile)
    services.sessions.write(bobs_profile, despite_config=True)
    record = services.sessions.get_token(bobs_profile)
    assert in_section("bob")["aws_access_key_id"].endswith(record.last_four)
    assert len(record.written) == 1
    assert not record.written[0].problem


@pytest.mark.fault(35)
@pytest.mark.fault(42)
def test_who_agreed_to_one_of_the_two_has_not_agreed_to_the_other(
    services: Services, bobs_profile: Profile, put_config: Callable[[str], None], put_credentials: PutCredentials
) -> None:
    put_config(f"[profile bob]\n{WINNING[0]}\n")
    path = put_credentials(FOREIGN)
    services.sessions.get_token(bobs_profile)
    with pytest.raises(ForeignSectionError):
        services.sessions.write(bobs_profile, despite_config=True)
    with pytest.raises(ConfigWinsError):
        services.sessions.write(bobs_profile, replace_foreign=True)
    assert path.read_text() == FOREIGN
    services.sessions.write(bobs_profile, replace_foreign=True, despite_config=True)
    assert "theirs" not in path.read_text()
