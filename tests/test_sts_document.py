"""`docs/sts.md` and its Japanese twin agree with the program, with each other, and with their sources."""

import re
from collections.abc import Mapping, Sequence

import pytest

from sts_desktop.core.examples import LANGUAGES
from sts_desktop.core.sts.endpoint import Endpoint
from sts_desktop.core.sts.endpoints import endpoint, endpoints
from tests.documents import DOCS, code_blocks, tables

ENGLISH, JAPANESE = ((DOCS / name).read_text(encoding="utf-8") for name in ("sts.md", "sts.ja.md"))
EACH = pytest.mark.parametrize("text", [ENGLISH, JAPANESE], ids=["en", "ja"])

FENCES = {"sh": "cli", "python": "python", "javascript": "javascript"}

# What an account can do about an endpoint: whether it is on by itself, and whether that can be changed.
ON, SWITCHABLE, OFF, FOLLOWS = range(4)
WORDS: Mapping[str, Sequence[str]] = {
    ENGLISH: ("on, fixed", "on, switchable", "off, fixed", "follows the region"),
    JAPANESE: ("有効・固定", "有効・切替可", "無効・固定", "リージョンに従う"),
}

IN_2021 = {
    **dict.fromkeys(("global", "us-east-1"), ON),
    **dict.fromkeys(("af-south-1", "ap-east-1", "eu-south-1", "me-south-1"), OFF),
    **dict.fromkeys(("us-east-2", "us-west-1", "us-west-2", "ap-south-1", "ap-northeast-2"), SWITCHABLE),
    **dict.fromkeys(("ap-southeast-1", "ap-southeast-2", "ap-northeast-1", "ca-central-1"), SWITCHABLE),
    **dict.fromkeys(("eu-central-1", "eu-west-1", "eu-west-2", "eu-west-3", "eu-north-1", "sa-east-1"), SWITCHABLE),
}
"""The endpoints as the IAM User Guide listed them at the beginning of 2021."""


def today(known: Endpoint) -> int:
    if not known.enabled_by_default:
        return FOLLOWS
    return SWITCHABLE if known.can_be_deactivated else ON


def place(known: Endpoint, text: str) -> str:
    return known.place_ja if text == JAPANESE else known.place_en


def endpoint_tables(text: str) -> tuple[list[Sequence[str]], list[Sequence[str]]]:
    """Return the rows of what there was in 2021, and of what has come since."""
    first, second = [table for table in tables(text) if table[0][0] in ("`global`", "`ap-northeast-3`")]
    return first, second


@EACH
def test_examples_are_those_that_are_copied(text: str) -> None:
    shown = {FENCES[fence]: code for fence, code in code_blocks(text) if fence in FENCES}
    assert shown == {name: make("work", "ap-northeast-1") for name, make in LANGUAGES.items()}


@EACH
def test_each_endpoint_of_2021_is_there_with_what_became_of_it(text: str) -> None:
    words = WORDS[text]
    rows = {row[0].strip("`"): list(row[1:]) for row in endpoint_tables(text)[0]}
    assert len(rows) == 21
    assert rows == {
        known.id: [place(known, text), words[IN_2021[known.id]], words[today(known)]]
        for known in map(endpoint, IN_2021)
    }


@EACH
def test_each_endpoint_that_has_come_since_is_there(text: str) -> None:
    rows = {row[0].strip("`"): list(row[1:]) for row in endpoint_tables(text)[1]}
    new = [known for known in endpoints("aws") if known.is_regional and known.id not in IN_2021]
    assert len(new) == 14  # as the line above the table says
    assert rows == {known.id: [place(known, text), WORDS[text][today(known)]] for known in new}


@EACH
def test_each_source_is_used_and_each_number_has_one(text: str) -> None:
    used = {int(number) for number in re.findall(r"\[(\d+)\]", text)}
    listed = [int(number) for number in re.findall(r"^(\d+)\. .*\]\(https://", text, re.MULTILINE)]
    assert listed == list(range(1, len(used) + 1))
    assert used == {*listed}


@EACH
def test_the_java_example_is_marked_as_not_run(text: str) -> None:
    before = text.partition("```java\n")[0].splitlines()[-10:]
    marks = ("**This example was not run here:**", "**この例はここでは実行していません。**")
    assert any(line.startswith(marks) for line in before)


def test_the_twins_say_the_same_with_the_same_sources() -> None:
    def outline(text: str) -> list[object]:
        links = re.findall(r"https://[^)\s]+", text)
        headings = [
            len(marks) for marks in re.findall(r"^(#+) ", "".join(re.split(r"```.*?```", text, flags=re.S)), re.M)
        ]
        numbers = re.findall(r"\[(\d+)\]", text)
        return [links, headings, numbers, code_blocks(text), [[len(row) for row in table] for table in tables(text)]]

    assert outline(ENGLISH) == outline(JAPANESE)
