import json
import os
import shlex
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sts_desktop.core.credentials import SessionCredentials
from sts_desktop.core.exports import FORMATS, bash_exports, format_label, json_text, powershell_exports
from sts_desktop.core.profile import Profile
from sts_desktop.core.services import Services

if TYPE_CHECKING:
    from tests.core.conftest import WatchedSts

ENDS = datetime(2026, 7, 1, 21, 5, 0, tzinfo=UTC)
SESSION = SessionCredentials("ASIAIOSFODNN7EXAMPLE", "wJalr/XUtn+FEMI", "IQoJb3JpZ2luX2VjEXAMPLE/+==", ENDS)

STALE = {
    "AWS_PROFILE": "ghost",
    "AWS_DEFAULT_PROFILE": "ghost",
    "AWS_SECURITY_TOKEN": "stale",
    "AWS_SESSION_TOKEN": "stale",
    "AWS_ACCESS_KEY_ID": "AKIASTALE",
    "AWS_SECRET_ACCESS_KEY": "stale",
    "AWS_CREDENTIAL_EXPIRATION": "2000-01-01T00:00:00Z",
    "AWS_REGION": "eu-west-1",
    "AWS_DEFAULT_REGION": "eu-west-1",
}
PRINT_ENVIRONMENT = "import json, os; print(json.dumps({k: v for k, v in os.environ.items() if k.startswith('AWS_')}))"

WHO_AM_I = """
import botocore.session, sys
client = botocore.session.Session().create_client("sts", endpoint_url=sys.argv[1])
print(client.get_caller_identity()["Arn"], client.meta.region_name)
"""


SHELLS = ["bash", "dash", pytest.param("zsh", marks=pytest.mark.desktop("zsh"))]
"""The shells that must understand the lines."""


def after(lines: str, command: list[str], shell: str = "bash") -> str:
    """Return what `command` prints in a shell that was full of old values and then read `lines`."""
    script = f"set -eu\n{lines}{shlex.join(command)}\n"
    environment = os.environ | STALE
    finished = subprocess.run([shell], input=script, env=environment, capture_output=True, text=True, timeout=60)
    assert finished.stderr == ""
    return finished.stdout


def environment_after(lines: str, shell: str = "bash") -> dict[str, str]:
    found: dict[str, str] = json.loads(after(lines, [sys.executable, "-c", PRINT_ENVIRONMENT], shell))
    return found


@pytest.mark.parametrize("shell", SHELLS)
def test_a_shell_full_of_old_values_has_the_new_session_and_nothing_else(shell: str) -> None:
    expected = {
        "AWS_ACCESS_KEY_ID": "ASIAIOSFODNN7EXAMPLE",
        "AWS_SECRET_ACCESS_KEY": "wJalr/XUtn+FEMI",
        "AWS_SESSION_TOKEN": "IQoJb3JpZ2luX2VjEXAMPLE/+==",
        "AWS_CREDENTIAL_EXPIRATION": "2026-07-01T21:05:00Z",
        "AWS_EC2_METADATA_DISABLED": "true",
    }
    tokyo = {"AWS_REGION": "ap-northeast-1", "AWS_DEFAULT_REGION": "ap-northeast-1"}
    as_before = {"AWS_REGION": "eu-west-1", "AWS_DEFAULT_REGION": "eu-west-1"}
    assert environment_after(bash_exports(SESSION, "ap-northeast-1"), shell) == expected | tokyo
    assert environment_after(bash_exports(SESSION), shell) == expected | as_before


@pytest.mark.fault(40)
def test_boto3_uses_the_session(
    services: Services, bobs_profile: Profile, embedded_sts: "WatchedSts", tmp_path: Path
) -> None:
    services.sessions.get_token(bobs_profile)
    lines = bash_exports(services.sessions.credentials(bobs_profile), bobs_profile.working_region)
    printed = after(lines, [sys.executable, "-c", WHO_AM_I, embedded_sts.url])
    assert printed.split() == [embedded_sts.directory.user("bob").identity.arn, "ap-northeast-1"]


def test_the_lines_begin_with_what_is_unset_and_end_with_a_newline() -> None:
    lines = bash_exports(SESSION).splitlines(keepends=True)
    assert lines[0] == "unset AWS_PROFILE AWS_DEFAULT_PROFILE AWS_SECURITY_TOKEN\n"
    assert all(line.endswith("\n") for line in lines)
    assert all(line.startswith("export AWS_") for line in lines[1:])


@given(value=st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"])))
def test_no_value_is_more_than_a_value(value: str) -> None:
    """Not even a region that a person typed; `shlex` splits as a POSIX shell does."""
    words = shlex.split(bash_exports(SESSION, value or "x"))
    assert words.count(f"AWS_REGION={value or 'x'}") == 1
    assert [word for word in words if word.startswith("AWS_") and "=" in word] == words[words.index("export") + 1 :: 2]


@pytest.mark.parametrize("value", ["it's", "$(touch broken)", "`id`", "a\nb", '"; exit 1; "', "\\", "!!", "*", "本番"])
def test_a_real_shell_takes_an_odd_value_as_it_is(value: str) -> None:
    assert environment_after(bash_exports(SESSION, value))["AWS_REGION"] == value


POWERSHELL_QUOTES = "'\u2018\u2019\u201a\u201b"


def powershell_value(literal: str) -> str:
    """Read a verbatim string literal as the language specification of PowerShell 3.0, 2.3.5.2.2, says.

    Any of the single quotes ends it, unless another follows: the two stand for the first of them. (No PowerShell is at
    hand on the machines that run these tests.)
    """
    assert literal[0] == "'"
    value, position = "", 1
    while literal[position] not in POWERSHELL_QUOTES or literal[position + 1 : position + 2] in {*POWERSHELL_QUOTES}:
        value += literal[position]
        position += 2 if literal[position] in POWERSHELL_QUOTES else 1
    assert literal[position:] == "'"
    return value


def test_powershell_takes_the_old_away_and_sets_the_new() -> None:
    lines = powershell_exports(SESSION, "ap-northeast-1").splitlines()
    assert lines == [
        "Remove-Item -ErrorAction Ignore -Path Env:AWS_PROFILE,Env:AWS_DEFAULT_PROFILE,Env:AWS_SECURITY_TOKEN",
        "$Env:AWS_ACCESS_KEY_ID = 'ASIAIOSFODNN7EXAMPLE'",
        "$Env:AWS_SECRET_ACCESS_KEY = 'wJalr/XUtn+FEMI'",
        "$Env:AWS_SESSION_TOKEN = 'IQoJb3JpZ2luX2VjEXAMPLE/+=='",
        "$Env:AWS_CREDENTIAL_EXPIRATION = '2026-07-01T21:05:00Z'",
        "$Env:AWS_REGION = 'ap-northeast-1'",
        "$Env:AWS_DEFAULT_REGION = 'ap-northeast-1'",
    ]
    assert "REGION" not in powershell_exports(SESSION)


@given(value=st.text(st.one_of(st.sampled_from(POWERSHELL_QUOTES + '"$`;\n'), st.characters()), min_size=1))
def test_powershell_takes_any_value_for_no_more_than_a_value(value: str) -> None:
    before, _name, after = powershell_exports(SESSION, value).partition("$Env:AWS_REGION = ")
    literal = after.partition("\n$Env:AWS_DEFAULT_REGION = ")[0]
    assert powershell_value(literal) == value
    assert before == powershell_exports(SESSION)


def test_json_is_one_line_without_blanks_that_every_reader_takes() -> None:
    text = json_text(SESSION, "ap-northeast-1")
    assert text == (
        '{"Version":1,"AccessKeyId":"ASIAIOSFODNN7EXAMPLE","SecretAccessKey":"wJalr/XUtn+FEMI",'
        '"SessionToken":"IQoJb3JpZ2luX2VjEXAMPLE/+==","Expiration":"2026-07-01T21:05:00Z"}\n'
    )


def test_each_format_has_a_label_of_its_own() -> None:
    labels = [format_label(name) for name in FORMATS]
    assert len({*labels}) == len(FORMATS) == 3
    assert all(FORMATS[name](SESSION, "") for name in FORMATS)
