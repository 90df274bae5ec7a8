from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from sts_desktop.core.aws_files.errors import NoSuchAwsProfileError
from sts_desktop.core.aws_files.profiles import AwsProfile
from sts_desktop.core.errors import Field, InvalidInputError
from sts_desktop.core.profile import NAME_LENGTH, AwsProfileKey, EndpointChoice, Profile
from sts_desktop.core.profiles import BLANK, new_profile, usual_endpoint, with_key_of
from sts_desktop.core.services import Services
from sts_desktop.core.settings import NoSuchProfileError, Settings

MFA = "arn:aws:iam::123456789012:mfa/phone"
SAYS_ALL = AwsProfile(
    name="main",
    access_key_id="AKIAEXAMPLE",
    is_temporary=False,
    mfa_serial=MFA,
    region="eu-west-1",
    duration_seconds=7200,
    role_arn=None,
    source_profile=None,
    credential_process=None,
    uses_sso=False,
)
SAYS_NOTHING = replace(SAYS_ALL, mfa_serial=None, region=None, duration_seconds=None)
NEW = Profile("a1", "work")


def test_a_profile_is_made_with_an_id_of_its_own(services: Services) -> None:
    first, second = services.profiles.create(" work "), services.profiles.create("work")
    assert (first.name, second.name) == ("work", "work 2")
    assert first.id != second.id
    assert services.settings.load().profiles == (first, second)


def test_a_copy_has_the_values_of_the_other(services: Services) -> None:
    first = services.profiles.create("work", replace(NEW, duration_seconds=900, source=AwsProfileKey("main")))
    copy = services.profiles.create("work", first)
    assert replace(copy, id=first.id, name=first.name) == first
    assert copy.id != first.id


def test_a_copy_of_the_longest_name_can_be_saved(services: Services) -> None:
    for _copy in range(3):
        services.profiles.save(services.profiles.create("x" * NAME_LENGTH))
    assert len({profile.name for profile in services.settings.load().profiles}) == 3


@pytest.mark.parametrize("name", ["", "a\nb"])
def test_a_name_that_cannot_be_used_changes_nothing(services: Services, name: str) -> None:
    made = services.profiles.create("work")
    for attempt in (lambda: services.profiles.create(name), lambda: services.profiles.save(replace(made, name=name))):
        with pytest.raises(InvalidInputError) as told:
            attempt()
        assert told.value.field is Field.NAME
    assert services.settings.load().profiles == (made,)


def test_a_changed_profile_is_saved_in_its_place(services: Services) -> None:
    first, second = services.profiles.create("work"), services.profiles.create("play")
    settings = services.profiles.save(replace(first, name=" 仕事 ", duration_seconds=900))
    assert settings.profiles == (replace(first, name="仕事", duration_seconds=900), second)
    assert services.settings.load() == settings


def test_a_name_of_another_profile_is_refused(services: Services) -> None:
    services.profiles.create("work")
    second = services.profiles.create("play")
    with pytest.raises(InvalidInputError, match="taken already"):
        services.profiles.save(replace(second, name="work"))


def test_what_two_processes_change_is_both_kept(services: Services, make_services: Callable[[], Services]) -> None:
    other = make_services()
    first, second = services.profiles.create("work"), services.profiles.create("play")
    services.profiles.save(replace(first, duration_seconds=900))
    other.profiles.save(replace(second, duration_seconds=1800))
    assert [profile.duration_seconds for profile in services.settings.load().profiles] == [900, 1800]


def test_what_the_aws_profile_says_is_filled_in(services: Services, put_credentials: Callable[[str], Path]) -> None:
    put_credentials(f"[main]\naws_access_key_id = AKIAEXAMPLE\nmfa_serial = {MFA}\nregion = eu-west-1\n")
    filled = services.profiles.with_aws_profile(NEW, "main")
    assert filled == replace(
        NEW,
        source=AwsProfileKey("main"),
        mfa_serial=MFA,
        working_region="eu-west-1",
        endpoint=EndpointChoice("eu-west-1"),
    )


def test_an_aws_profile_that_is_not_there_is_told(services: Services) -> None:
    with pytest.raises(NoSuchAwsProfileError, match="ghost"):
        services.profiles.with_aws_profile(NEW, "ghost")


def test_only_what_is_still_as_new_is_filled_in() -> None:
    chosen = replace(
        NEW,
        mfa_serial="GAHT12345678",
        working_region="ap-northeast-1",
        endpoint=EndpointChoice("ap-northeast-1"),
        duration_seconds=900,
    )
    source = AwsProfileKey(SAYS_ALL.name)
    assert with_key_of(chosen, SAYS_ALL) == replace(chosen, source=source)
    assert with_key_of(chosen, SAYS_NOTHING) == replace(chosen, source=AwsProfileKey(SAYS_NOTHING.name))
    assert with_key_of(NEW, SAYS_NOTHING) == replace(NEW, source=AwsProfileKey(SAYS_NOTHING.name))
    assert with_key_of(NEW, SAYS_ALL).duration_seconds == 7200


def test_what_another_aws_profile_said_is_not_taken_for_chosen() -> None:
    """Else its MFA device would be asked with another user's key, which STS refuses."""
    other = replace(SAYS_ALL, name="other", mfa_serial="GAHT00000001", region="ap-northeast-1", duration_seconds=3600)
    first = with_key_of(NEW, SAYS_ALL)
    assert with_key_of(first, other, SAYS_ALL) == with_key_of(NEW, other)
    nothing = replace(SAYS_NOTHING, name="nothing")
    assert with_key_of(first, nothing, SAYS_ALL) == with_key_of(NEW, nothing)
    edited = replace(first, duration_seconds=900, working_region="us-west-2")
    changed = with_key_of(edited, other, SAYS_ALL)
    assert (changed.duration_seconds, changed.working_region) == (900, "us-west-2")
    assert changed.mfa_serial == "GAHT00000001"


def test_command_that_changes_the_aws_profile_takes_its_mfa_device(
    services: Services, put_credentials: Callable[[str], Path]
) -> None:
    put_credentials(
        "[a]\naws_access_key_id = AKIAEXAMPLE\nmfa_serial = GAHT00000001\nregion = eu-west-1\n"
        "[b]\naws_access_key_id = AKIAEXAMPLF\nmfa_serial = GAHT00000002\n"
    )
    first = services.profiles.with_aws_profile(NEW, "a")
    second = services.profiles.with_aws_profile(first, "b")
    assert second == replace(NEW, source=AwsProfileKey("b"), mfa_serial="GAHT00000002")


def test_endpoint_that_a_new_profile_was_only_given_gives_way_to_the_regions() -> None:
    tokyo = EndpointChoice("ap-northeast-1")
    settings = Settings(profiles=(replace(NEW, id="a1", endpoint=tokyo), replace(NEW, id="b2")))
    usual = usual_endpoint(settings, but="b2")
    assert usual == tokyo
    given = replace(NEW, endpoint=usual)
    frankfurt = replace(SAYS_NOTHING, region="eu-central-1")
    assert with_key_of(given, frankfurt, usual=usual).endpoint == EndpointChoice("eu-central-1")
    assert with_key_of(given, SAYS_NOTHING, usual=usual).endpoint == tokyo
    has_key = replace(given, source=AwsProfileKey("other"))
    assert with_key_of(has_key, frankfurt, usual=usual).endpoint == tokyo


def test_a_region_without_an_sts_of_ours_is_a_working_region_only() -> None:
    filled = with_key_of(NEW, replace(SAYS_NOTHING, region="mars-north-1"))
    assert filled.working_region == "mars-north-1"
    assert filled.endpoint == NEW.endpoint


@pytest.mark.fault(5)
@pytest.mark.parametrize("seconds", [0, 899, 129_601, 999_999_999])
def test_a_duration_that_aws_would_refuse_is_not_filled_in(seconds: int) -> None:
    filled = with_key_of(NEW, replace(SAYS_NOTHING, duration_seconds=seconds))
    assert filled.duration_seconds == NEW.duration_seconds


def test_of_a_profile_only_what_was_changed_is_saved(services: Services, make_services: Callable[[], Services]) -> None:
    before = services.profiles.create("work")
    make_services().profiles.save(replace(before, duration_seconds=900, mfa_serial=MFA), before)
    settings = services.profiles.save(replace(before, working_region="eu-west-1", mfa_serial="GAHT12345678"), before)
    merged = replace(before, duration_seconds=900, working_region="eu-west-1", mfa_serial="GAHT12345678")
    assert settings.profiles == (merged,)
    assert services.settings.load() == settings


def test_a_profile_renamed_elsewhere_keeps_that_name(services: Services, make_services: Callable[[], Services]) -> None:
    before = services.profiles.create("work")
    make_services().profiles.save(replace(before, name="play"), before)
    services.profiles.save(replace(before, duration_seconds=900), before)
    assert services.settings.load().profiles == (replace(before, name="play", duration_seconds=900),)


def test_a_profile_deleted_elsewhere_does_not_come_back(services: Services) -> None:
    before = services.profiles.create("work")
    services.settings.update(lambda settings: settings.without_profile(before.id))
    with pytest.raises(NoSuchProfileError, match="work"):
        services.profiles.save(replace(before, duration_seconds=900), before)
    assert services.settings.load().profiles == ()


def test_a_new_profile_is_blank_with_an_id_and_a_free_name() -> None:
    first = new_profile("work", Settings())
    assert first == replace(BLANK, id=first.id, name="work")
    second = new_profile("work", Settings((first,)), replace(first, duration_seconds=900))
    assert (second.name, second.duration_seconds) == ("work 2", 900)
    assert len({BLANK.id, first.id, second.id}) == 3
