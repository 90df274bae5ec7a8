import pytest
from hypothesis import given
from hypothesis import strategies as st

from sts_desktop.core.aws_files.names import is_section_name, suggest_section


@pytest.mark.parametrize("name", ["work", "default", "a", "A-b_c.d/e@f%g", "x" * 128, "Default"])
def test_names_that_every_sdk_reads_are_allowed(name: str) -> None:
    assert is_section_name(name)


@pytest.mark.fault(41)
@pytest.mark.parametrize(
    "name",
    [
        "",
        "x]\n[default",
        "a b",
        "profile x",
        "__proto__",
        "DEFAULT",
        "größe",
        "x" * 129,
        "<img src=x>",
        "..",
        "$(id)",
        "a+b",
        "a:b",
        "a#b",
        'a"b',
        "a\n",
        "a\0",
        "１",
    ],
)
def test_other_names_are_refused(name: str) -> None:
    assert not is_section_name(name)


@pytest.mark.parametrize(
    ("profile_name", "sources", "section"),
    [
        ("work", (), "work"),
        ("my work", (), "my-work"),
        ("work", ("work",), "work-session"),
        ("work", ("work", "work-session"), "sts-ab12"),
        ("default", (), "default-session"),
        ("本番", (), "sts-ab12"),
        ("größe", (), "gr-e"),
        ("prod (read only)", (), "prod-read-only"),
        ("x" * 128, ("x" * 128,), "sts-ab12"),
        ("DEFAULT", (), "DEFAULT-session"),
        ("..", (), "sts-ab12"),
    ],
)
def test_the_section_offered_for_a_profile(profile_name: str, sources: tuple[str, ...], section: str) -> None:
    assert suggest_section(profile_name, "ab12", sources) == section


@given(st.text(max_size=140), st.sets(st.sampled_from(["a", "a-session", "b"])))
def test_whatever_the_profile_is_called_the_offer_can_be_written(profile_name: str, sources: set[str]) -> None:
    section = suggest_section(profile_name, "ab12", sources)
    assert is_section_name(section)
    assert section not in sources
    assert section != "default"
