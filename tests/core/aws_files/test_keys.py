from dataclasses import replace

import pytest

from sts_desktop.core.aws_files.errors import UnwritableValueError
from sts_desktop.core.aws_files.keys import hidden_keys, holds_credentials, session_values, winning_keys
from sts_desktop.core.credentials import SessionCredentials
from sts_desktop.core.errors import Field


def test_the_keys_stand_in_the_order_of_a_new_section(session: SessionCredentials) -> None:
    assert list(session_values(session, "eu-west-1").items()) == [
        ("aws_access_key_id", session.access_key_id),
        ("aws_secret_access_key", session.secret_access_key),
        ("aws_session_token", session.session_token),
        ("x_security_token_expires", "2030-01-02T03:04:05Z"),
        ("region", "eu-west-1"),
    ]


def test_without_a_working_region_no_region_is_written(session: SessionCredentials) -> None:
    assert "region" not in session_values(session, None)


BAD_TEXTS = ["", "a\nb", "a\rb", "a\0b", "a b", "a ", "[a]", "a#b", "a;b", '"a"', "'a'", "a\\b", "größe", "a\n", "１"]


@pytest.mark.fault(41)
@pytest.mark.parametrize("text", [*(f"SECRET{text}" for text in BAD_TEXTS if text), ""])
def test_a_value_that_could_break_out_of_its_line_is_refused(session: SessionCredentials, text: str) -> None:
    for credentials in (
        replace(session, access_key_id=text),
        replace(session, secret_access_key=text),
        replace(session, session_token=text),
    ):
        with pytest.raises(UnwritableValueError) as caught:
            session_values(credentials, None)
        assert "SECRET" not in str(caught.value)


@pytest.mark.parametrize("region", [*BAD_TEXTS, "us_east_1", "x" * 65])
def test_a_region_that_could_break_out_of_its_line_is_refused(session: SessionCredentials, region: str) -> None:
    with pytest.raises(UnwritableValueError) as caught:
        session_values(session, region)
    assert caught.value.field is Field.WORKING_REGION


@pytest.mark.fault(22)
def test_a_token_of_sixteen_kibibytes_is_written_whole(session: SessionCredentials) -> None:
    token = "A/+=" * 4096
    assert session_values(replace(session, session_token=token), None)["aws_session_token"] == token


@pytest.mark.fault(42)
def test_keys_that_botocore_obeys_before_static_keys() -> None:
    assert winning_keys({"role_arn": "r", "source_profile": "s", "region": "x"}) == ("role_arn",)
    sso = {"sso_session": "s", "sso_account_id": "1", "sso_role_name": "r"}
    assert winning_keys(sso) == ("sso_session", "sso_account_id", "sso_role_name")
    assert winning_keys({"sso_session": "s"}) == ()  # names no account: botocore passes over it
    assert winning_keys({"credential_process": "p"}) == ()
    assert hidden_keys({"credential_process": "p"}) == ("credential_process",)


@pytest.mark.parametrize(
    "key", ["aws_access_key_id", "aws_secret_access_key", "aws_session_token", "role_arn", "credential_process"]
)
def test_a_section_with_keys_of_any_kind_holds_credentials(key: str) -> None:
    assert holds_credentials({key: "x"})


def test_a_section_with_settings_alone_holds_no_credentials() -> None:
    assert not holds_credentials({"region": "x", "output": "json", "aws_access_key_id": ""})
