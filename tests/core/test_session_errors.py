from pathlib import Path

import pytest

from sts_desktop.core.aws_files.profiles import TargetSection
from sts_desktop.core.errors import Field, InvalidInputError
from sts_desktop.core.profile import Profile
from sts_desktop.core.session_errors import (
    CodeAlreadySentError,
    ConfigWinsError,
    MfaSerialNeededError,
    NoAccessKeyError,
    NoSessionError,
    TokenCodeNeededError,
)

TARGET = TargetSection(
    name="work",
    path=Path("/home/alice/.aws/credentials"),
    exists=True,
    access_key_id="AKIASOMEBODYELSES123",
    other_keys=("output",),
    winning_keys=("role_arn", "sso_account_id"),
    hidden_keys=(),
)


@pytest.mark.parametrize(
    ("error", "field"),
    [
        (NoAccessKeyError(), Field.ACCESS_KEY),
        (TokenCodeNeededError(), Field.TOKEN_CODE),
        (MfaSerialNeededError(), Field.MFA_SERIAL),
        (CodeAlreadySentError(5), Field.TOKEN_CODE),
        (ConfigWinsError(TARGET), Field.SECTION),
    ],
)
def test_each_names_the_field_to_correct(error: InvalidInputError, field: Field) -> None:
    assert error.field is field
    assert error.title
    assert error.message
    assert error.hint


def test_no_session_names_the_profile() -> None:
    assert "“work”" in NoSessionError(Profile("a1", "work")).title


@pytest.mark.parametrize(("seconds", "words"), [(1, "in 1 second."), (29, "within 29 seconds.")])
def test_a_used_code_says_when_the_next_one_comes(seconds: int, words: str) -> None:
    error = CodeAlreadySentError(seconds)
    assert error.seconds_left == seconds
    assert words in error.message


@pytest.mark.fault(42)
def test_a_winning_config_names_profile_and_keys() -> None:
    error = ConfigWinsError(TARGET)
    assert error.target is TARGET
    for shown in ("“work”", "role_arn", "sso_account_id"):
        assert shown in error.message
    assert "AKIASOMEBODYELSES123" not in str(error)
