from collections.abc import Callable

import pytest

from sts_desktop.core.aws_files.errors import (
    IncompleteKeysInAwsProfileError,
    MalformedKeysInAwsProfileError,
    NoKeysInAwsProfileError,
    NoSuchAwsProfileError,
    TemporaryKeysInAwsProfileError,
)
from sts_desktop.core.aws_files.files import AwsFiles
from sts_desktop.core.aws_files.locations import AwsFileLocations
from sts_desktop.core.aws_files.merging import reached_sources
from sts_desktop.core.aws_files.profiles import AwsProfile
from sts_desktop.core.aws_files.text_errors import AwsFileSyntaxError
from sts_desktop.core.credentials import AccessKey
from sts_desktop.core.errors import StsDesktopError

Put = Callable[..., None]

KEY = "aws_access_key_id = AKIAEXAMPLE\naws_secret_access_key = secret/+=\n"


def test_missing_files_have_no_profile(files: AwsFiles) -> None:
    assert files.profiles() == ()


def test_a_profile_is_what_both_files_say_of_it(files: AwsFiles, put: Put) -> None:
    put(
        credentials=f"[work]\n{KEY}region = credentials-wins\n",
        config="[profile work]\nregion = r\nmfa_serial = arn:aws:iam::123456789012:mfa/a\nduration_seconds = 3600\n",
    )
    assert files.profiles() == (
        AwsProfile(
            name="work",
            access_key_id="AKIAEXAMPLE",
            is_temporary=False,
            mfa_serial="arn:aws:iam::123456789012:mfa/a",
            region="credentials-wins",
            duration_seconds=3600,
            role_arn=None,
            source_profile=None,
            credential_process=None,
            uses_sso=False,
        ),
    )


def test_names_are_those_of_botocore(files: AwsFiles, put: Put, locations: AwsFileLocations) -> None:
    import botocore.session

    put(
        credentials="[default]\n[a]\n[ padded ]\n[profile odd]\n[DEFAULT]\n[größe]\n",
        config=(
            "[default]\n[profile a]\n[profile 'b c']\n[b]\n[profile]\n[profile d e]\n[profile 'x]\n[sso-session s]\n"
            "[profiled q]\n[services t]\n[ profile lost ]\n[preview]\n"
        ),
    )
    session = botocore.session.Session()
    session.set_config_variable("credentials_file", str(locations.credentials))
    session.set_config_variable("config_file", str(locations.config))
    assert [profile.name for profile in files.profiles()] == session.available_profiles


def test_of_two_headers_for_default_the_last_wins_whole(files: AwsFiles, put: Put) -> None:
    put(config="[default]\nregion = a\nmfa_serial = m\n[profile default]\nregion = b\n")
    (profile,) = files.profiles()
    assert (profile.region, profile.mfa_serial) == ("b", None)


def test_roles_processes_and_single_sign_on_are_told(files: AwsFiles, put: Put) -> None:
    put(
        config="[profile role]\nrole_arn = arn:r\nsource_profile = work\n[profile process]\ncredential_process = /p\n"
        "[profile sso]\nsso_session = s\n"
    )
    role, process, sso = files.profiles()
    assert (role.role_arn, role.source_profile, role.access_key_id) == ("arn:r", "work", None)
    assert (process.credential_process, process.uses_sso) == ("/p", False)
    assert (sso.credential_process, sso.uses_sso) == (None, True)


@pytest.mark.parametrize("text", ["", "soon", "-1", "1.5", "９００", "9" * 5000])
def test_a_duration_that_is_no_number_is_none(files: AwsFiles, put: Put, text: str) -> None:
    put(config=f"[default]\nduration_seconds = {text}\n")
    assert files.profiles()[0].duration_seconds is None


@pytest.mark.parametrize(
    ("content", "temporary"),
    [
        (KEY, False),
        (KEY.replace("AKIA", "ASIA"), True),
        (KEY + "aws_session_token = t\n", True),
        (KEY + "aws_security_token = t\n", True),
        (KEY + "aws_session_token =\n", False),
        ("aws_session_token = t\n", False),  # no key that it could belong to
    ],
)
def test_keys_of_a_session_are_temporary(files: AwsFiles, put: Put, content: str, temporary: bool) -> None:
    put(credentials=f"[x]\n{content}")
    assert files.profiles()[0].is_temporary is temporary


def test_a_broken_file_is_named_with_its_line(files: AwsFiles, put: Put, locations: AwsFileLocations) -> None:
    put(credentials="[x]\n", config="[default]\njunk\n")
    with pytest.raises(AwsFileSyntaxError) as caught:
        files.profiles()
    assert (caught.value.path, caught.value.line) == (locations.config, 2)


def test_no_key_is_in_the_repr_of_a_profile(files: AwsFiles, put: Put) -> None:
    put(credentials=f"[x]\n{KEY}")
    assert "AKIA" not in repr(files.profiles())
    assert "AKIA" not in repr(files.section("x"))


def test_the_access_key_of_a_profile(files: AwsFiles, put: Put) -> None:
    put(credentials=f"[x]\n{KEY}")
    assert files.access_key("x") == AccessKey("AKIAEXAMPLE", "secret/+=")


def test_the_credentials_file_comes_before_the_config_file(files: AwsFiles, put: Put) -> None:
    put(credentials=f"[x]\n{KEY}", config=f"[profile x]\n{KEY.replace('AKIA', 'AKIB')}")
    assert files.access_key("x").access_key_id == "AKIAEXAMPLE"


def test_an_access_key_in_the_config_file_is_found(files: AwsFiles, put: Put) -> None:
    put(credentials="[x]\nregion = r\n", config=f"[profile x]\n{KEY}")
    assert files.access_key("x").access_key_id == "AKIAEXAMPLE"
    assert files.profiles()[0].access_key_id == "AKIAEXAMPLE"


@pytest.mark.fault(43)
def test_a_broken_config_file_does_not_hide_the_keys_of_the_credentials_file(files: AwsFiles, put: Put) -> None:
    put(credentials=f"[x]\n{KEY}", config="junk\n")
    assert files.access_key("x").access_key_id == "AKIAEXAMPLE"


@pytest.mark.parametrize(
    ("credentials", "config", "error"),
    [
        ("", "", NoSuchAwsProfileError),
        ("[X]\n" + KEY, "[x]\n" + KEY, NoSuchAwsProfileError),
        ("[x]\nregion = r\n", "", NoKeysInAwsProfileError),
        ("", "[profile x]\nrole_arn = r\n", NoKeysInAwsProfileError),
        ("[x]\naws_access_key_id =\naws_secret_access_key =\n", "", NoKeysInAwsProfileError),
        ("[x]\naws_access_key_id = AKIASECRET\n", "", IncompleteKeysInAwsProfileError),
        ("[x]\naws_secret_access_key = SECRET\n", "[profile x]\nregion = r\n", IncompleteKeysInAwsProfileError),
        ("[x]\naws_access_key_id = AKIA\n", f"[profile x]\n{KEY}", IncompleteKeysInAwsProfileError),
        (f"[x]\n{KEY.replace('AKIA', 'ASIA')}", "", TemporaryKeysInAwsProfileError),
        (f"[x]\n{KEY}aws_session_token = SECRET\n", "", TemporaryKeysInAwsProfileError),
        ("[x]\naws_access_key_id = AKIA\naws_secret_access_key = SECRET # old\n", "", MalformedKeysInAwsProfileError),
        ('[x]\naws_access_key_id = "AKIA"\naws_secret_access_key = SECRET\n', "", MalformedKeysInAwsProfileError),
        ("[x]\naws_access_key_id = AKIA\naws_secret_access_key = SECRET\n  S\n", "", MalformedKeysInAwsProfileError),
    ],
)
def test_a_profile_without_a_long_lived_key_is_refused(
    files: AwsFiles, put: Put, credentials: str, config: str, error: type[StsDesktopError]
) -> None:
    put(credentials=credentials, config=config)
    with pytest.raises(error) as caught:
        files.access_key("x")
    assert "“x”" in caught.value.message
    assert "SECRET" not in str(caught.value)


def test_sources_are_followed_through_both_hops_and_circles() -> None:
    profiles = {
        "a": {"source_profile": "b"},
        "b": {"source_profile": "c"},
        "c": {"source_profile": "a"},
        "d": {"source_profile": "a"},
        "e": {"source_profile": "e"},
        "f": {"source_profile": "missing"},
    }
    assert reached_sources(["a"], profiles) == {"a", "b", "c"}
    assert reached_sources(["e", "f", "g"], profiles) == {"e", "f", "missing", "g"}
    assert reached_sources([], profiles) == set()
