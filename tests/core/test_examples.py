import ast
import json
import re
import shlex
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sts_desktop.core.aws_files.names import is_section_name
from sts_desktop.core.errors import InvalidInputError
from sts_desktop.core.examples import LANGUAGES, example_of, language_label
from sts_desktop.core.profile import EndpointChoice, Profile
from sts_desktop.core.settings import Settings
from sts_desktop.core.sts.errors import UnknownEndpointError

section_names = st.from_regex(r"[A-Za-z0-9_./@%-]{1,128}", fullmatch=True).filter(is_section_name)
regions = st.sampled_from(["us-east-1", "cn-north-1", "us-gov-west-1", "eusc-de-east-1"])

SAMPLE = Profile("0123456789abcdef", "work", working_region="ap-northeast-1")


def example(profile: Profile, language: str) -> str:
    return example_of(profile, Settings(profiles=(profile,)), language)


def python_strings(text: str) -> list[str]:
    """Return the values of the keyword arguments that are strings, as Python reads them."""
    calls = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Call)]
    values = [keyword.value for call in calls for keyword in call.keywords]
    return [value.value for value in values if isinstance(value, ast.Constant) and isinstance(value.value, str)]


def test_each_language_has_an_example_and_a_label_of_its_own() -> None:
    assert len({language_label(name) for name in LANGUAGES}) == len(LANGUAGES) == 3
    assert len({make("work", "eu-west-1") for make in LANGUAGES.values()}) == 3


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("working_region", "endpoint", "asked"),
    [
        ("eu-west-1", EndpointChoice("ap-northeast-1"), "eu-west-1"),
        ("", EndpointChoice("ap-northeast-1"), "ap-northeast-1"),
        ("", EndpointChoice("global"), "us-east-1"),
        ("", EndpointChoice("cn-north-1"), "cn-north-1"),
        ("eu-west-1", EndpointChoice("cn-north-1"), "cn-north-1"),
        ("", EndpointChoice("custom", "https://vpce-1.sts.eu-west-3.vpce.amazonaws.com", "eu-west-3"), "eu-west-3"),
    ],
)
def test_asks_a_region_in_which_the_session_works(
    language: str, working_region: str, endpoint: EndpointChoice, asked: str
) -> None:
    profile = replace(SAMPLE, working_region=working_region, endpoint=endpoint)
    assert example(profile, language) == LANGUAGES[language]("work", asked)


def test_names_the_section_that_the_profile_is_written_to() -> None:
    assert "mine" in example(replace(SAMPLE, section="mine"), "cli")
    assert "sts-0123456789abcdef" in example(replace(SAMPLE, name="本番"), "cli")


@pytest.mark.parametrize(
    ("endpoint", "error"),
    [(EndpointChoice("xx-nowhere-9"), UnknownEndpointError), (EndpointChoice("custom", "ftp://x"), InvalidInputError)],
)
def test_an_endpoint_that_cannot_be_used_is_told(endpoint: EndpointChoice, error: type[Exception]) -> None:
    with pytest.raises(error):
        example(replace(SAMPLE, endpoint=endpoint), "cli")


@given(section=section_names, region=regions)
def test_a_posix_shell_reads_the_section_and_the_region_as_they_are(section: str, region: str) -> None:
    options = [f"--profile={section}"] if section.startswith("-") else ["--profile", section]
    options += ["--region", region]
    lines = [shlex.split(line) for line in LANGUAGES["cli"](section, region).splitlines()]
    assert lines == [["aws", "sts", "get-caller-identity", *options], ["aws", "s3", "ls", *options]]


@given(section=section_names)
def test_no_shell_reads_more_into_a_section_than_its_name(section: str) -> None:
    """PowerShell splats a bare word that begins with `@`, cmd.exe expands `%NAME%`, and neither knows single quotes.

    Between double quotes PowerShell looks for `$` and the backtick only (about_Quoting_Rules). What cmd.exe makes of
    `%` there no quotes prevent.
    """
    text = LANGUAGES["cli"](section, "eu-west-1")
    bare = re.sub(r'"[^"$`]*"', "", text)
    assert re.fullmatch(r"[A-Za-z0-9_./ \n-]+", bare)
    assert not re.search(r"\$|`|'", text)


@given(section=section_names, region=regions)
def test_python_and_javascript_read_the_section_and_the_region_as_they_are(section: str, region: str) -> None:
    assert python_strings(LANGUAGES["python"](section, region)) == [section, region]
    literals = re.findall(r"(?:profile|region): (\"[^\n]*?\")(?: \}|$)", LANGUAGES["javascript"](section, region), re.M)
    assert [json.loads(literal) for literal in literals] == [section, region]
