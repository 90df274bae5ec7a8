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
    assert record.written is not None
    assert (record.written.section, record.written.path) == ("bob", str(aws_locations.credentials))
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
@pytest.mark.parametrize("name", ["本番", "<img src=x>", "x]", "größe"])
def test_a_profile_of_any_name_is_written_in_ascii(
    services: Services, bobs_profile: Profile, aws_locations: AwsFileLocations, name: str, in_section: ReadSection
) -> None:
    profile = replace(bobs_profile, name=name)
    services.profiles.save(profile)
    record = services.sessions.get_token(profile)
    services.sessions.write(profile)
    assert aws_locations.credentials.read_bytes().isascii()
    assert in_section(f"sts-{profile.id}")["aws_access_key_id"].endswith(record.last_four)


def test_a_written_session_is_written_again(services: Services, bobs_profile: Profile, in_section: ReadSection) -> None:
    services.sessions.get_token(bobs_profile)
    services.sessions.write(bobs_profile, "elsewhere")
    for _renewal in range(2):
        record = services.sessions.get_token(bobs_profile)
        assert in_section("elsewhere")["aws_access_key_id"].endswith(record.last_four)
        assert record.written is not None
        assert not record.written.problem
        assert len(record.written.key_digests) == 1
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
    assert record.written is not None
    assert "…S123" in record.written.problem
    assert record.failure is None
    assert renewal.phase(record, clock()) is renewal.Phase.ACTIVE
    again = services.sessions.write(bobs_profile, replace_foreign=True)
    assert again.written is not None
    assert not again.written.problem


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
    assert services.sessions.record(bobs_profile.id).written is None
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
    services.sessions.reconcile()
    own = make_services()
    own.sessions.get_token(bobs_profile)
    assert own.sessions.write(bobs_profile).written is not None


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
    assert services.sessions.record(bobs_profile.id).written is None
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
    assert record.written is not None
    assert record.written.section == "bob-session"


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
