import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sts_desktop.core.errors import InvalidInputError, UnusableFileError
from sts_desktop.core.profile import AwsProfileKey, DefaultChain, EndpointChoice, Profile, VaultKey
from sts_desktop.core.settings import VERSION, AccessKeyEntry, NoSuchProfileError, Settings, settings_file

ChangeJson = Callable[[Path, Callable[[Any], None]], None]
Places = Callable[[Any], list[tuple[Any, Any]]]

IDS = st.from_regex("[a-z0-9]{1,16}", fullmatch=True)
CHOICES = st.one_of(
    st.builds(EndpointChoice, st.sampled_from(["global", "ap-northeast-1", "gone-1"])),
    st.builds(EndpointChoice, st.just("custom"), st.text(), st.text()),
)
PROFILES = st.builds(
    Profile,
    id=IDS,
    name=st.text(),
    source=st.one_of(st.none(), st.builds(VaultKey, IDS), st.builds(AwsProfileKey, st.text()), st.just(DefaultChain())),
    endpoint=CHOICES,
    duration_seconds=st.one_of(st.none(), st.integers()),
    mfa_serial=st.text(),
    working_region=st.text(),
    section=st.text(),
)
SETTINGS = st.builds(
    Settings,
    st.lists(PROFILES, unique_by=lambda profile: profile.id).map(tuple),
    st.lists(st.builds(AccessKeyEntry, IDS, st.text(), st.text())).map(tuple),
)
JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=8)),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=8), inner, max_size=3)),
    max_leaves=8,
)

WORK = Profile("a1", "work", AwsProfileKey("main"))
PROD = Profile("b2", "本番", VaultKey("k1"))
BOTH = Settings((WORK, PROD), (AccessKeyEntry("k1", "main", "WXYZ"),))


@pytest.fixture(scope="module")
def directory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("settings")


@given(settings=SETTINGS)
def test_settings_are_read_as_they_were_saved(settings: Settings, directory: Path) -> None:
    path = directory / "settings.json"
    settings_file(path).update(lambda _old: settings)
    assert settings_file(path).load() == settings


@pytest.mark.fault(46)
@given(data=st.data(), settings=SETTINGS.filter(lambda settings: settings.profiles and settings.access_keys))
def test_whatever_a_hand_wrote_is_taken_whole_or_kept_aside(
    data: st.DataObject, settings: Settings, directory: Path, changed_json: ChangeJson, places: Places
) -> None:
    def put_anything_anywhere(document: Any) -> None:
        container, key = data.draw(st.sampled_from(places(document)))
        container[key] = data.draw(JSON)

    path = directory / "by-hand.json"
    settings_file(path).update(lambda _old: settings)
    changed_json(path, put_anything_anywhere)
    file = settings_file(path)
    try:
        loaded = file.load(may_move_aside=True)
    except UnusableFileError:
        assert json.loads(path.read_bytes())["version"] > VERSION
        path.unlink()
        return
    if file.set_aside is None:
        other = settings_file(directory / "other.json")
        other.update(lambda _old: loaded)
        assert other.load() == loaded
        for profile in loaded.profiles:
            assert profile.id.isascii()
            assert loaded.section_for(profile)
    else:
        assert loaded == Settings()


@pytest.mark.parametrize(
    "change",
    [
        {"id": "no blanks"},
        {"id": "../x"},
        {"id": ""},
        {"id": 5},
        {"name": None},
        {"kind": "assume_role"},
        {"duration_seconds": float("inf")},
        {"duration_seconds": 900.5},
        {"duration_seconds": True},
        {"access_key": {"smart_card": "x"}},
        {"access_key": {"default_chain": False}},
        {"access_key": {"vault": "NOT AN ID"}},
        {"endpoint": "global"},
        {"endpoint": {}},
        {"mfa_serial": ["x"]},
    ],
    ids=str,
)
@pytest.mark.fault(46)
def test_a_profile_that_makes_no_sense_is_not_half_read(
    tmp_path: Path, change: dict[str, Any], changed_json: ChangeJson
) -> None:
    path = tmp_path / "settings.json"
    settings_file(path).update(lambda _old: BOTH)
    changed_json(path, lambda document: document["profiles"][0].update(change))
    file = settings_file(path)
    assert file.load(may_move_aside=True) == Settings()
    assert file.set_aside is not None


def test_two_profiles_with_one_id_make_no_sense(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    settings_file(path).update(lambda _old: Settings((WORK, replace(PROD, id=WORK.id))))
    file = settings_file(path)
    assert file.load(may_move_aside=True) == Settings()
    assert file.set_aside is not None


def test_no_secret_is_in_the_file(tmp_path: Path) -> None:
    settings_file(tmp_path / "s").update(lambda _old: BOTH)
    text = (tmp_path / "s").read_text("utf-8")
    assert "WXYZ" in text
    assert "secret" not in text


def test_profiles_are_found() -> None:
    assert BOTH.profile("b2") == PROD
    assert BOTH.profile("c3") is None
    assert BOTH.profile_called("本番") == PROD
    assert BOTH.profile_called(" work ") == WORK
    assert BOTH.profile_called("b2") == PROD
    assert BOTH.access_key("k1") == BOTH.access_keys[0]
    assert BOTH.access_key("k2") is None


def test_a_name_is_found_however_its_accents_were_typed() -> None:
    settings = Settings((replace(WORK, name="caf\u00e9"),))
    assert settings.profile_called("cafe\u0301") == settings.profiles[0]


def test_a_name_wins_over_an_id() -> None:
    assert Settings((replace(WORK, id="x"), replace(PROD, name="x"))).profile_called("x").id == "b2"


def test_an_unknown_name_is_told() -> None:
    with pytest.raises(NoSuchProfileError, match="ghost") as told:
        BOTH.profile_called("ghost")
    assert isinstance(told.value, InvalidInputError)
    assert "sts-desktop list" in told.value.hint


def test_a_profile_takes_its_own_place_or_the_last() -> None:
    renamed = replace(WORK, name="play")
    assert BOTH.with_profile(renamed).profiles == (renamed, PROD)
    added = replace(WORK, id="c3")
    assert BOTH.with_profile(added).profiles == (WORK, PROD, added)
    assert BOTH.without_profile("a1").profiles == (PROD,)
    assert BOTH.without_profile("ghost") == BOTH


def test_an_access_key_takes_the_place_of_the_one_with_its_id() -> None:
    newer = AccessKeyEntry("k1", "main", "1234")
    assert BOTH.with_access_key(newer).access_keys == (newer,)
    added = AccessKeyEntry("k2", "other", "5678")
    assert BOTH.with_access_key(added).access_keys == (*BOTH.access_keys, added)


def test_sections() -> None:
    assert BOTH.source_sections() == {"main"}
    assert BOTH.section_for(WORK) == "work"
    assert BOTH.section_for(replace(WORK, section="chosen")) == "chosen"
    assert BOTH.section_for(replace(WORK, name="main")) == "main-session"
    assert BOTH.section_for(PROD) == "sts-b2"


def test_no_two_profiles_get_the_same_section() -> None:
    blank, dash, wide = (
        replace(WORK, id=profile_id, name=name) for profile_id, name in (("c1", "a b"), ("c2", "a-b"), ("c3", "a  b"))
    )
    settings = Settings((blank, dash, wide))
    assert [settings.section_for(profile) for profile in settings.profiles] == ["a-b", "a-b-session", "sts-c3"]
    without_the_last = Settings((blank, dash))
    assert without_the_last.section_for(blank) == "a-b"  # one made later changes nothing for those made earlier
    assert without_the_last.section_for(wide) == "sts-c3"  # and is told apart before it is saved


def test_a_section_that_was_chosen_is_suggested_to_nobody_else() -> None:
    chosen = replace(WORK, id="c2", name="play", section="work")
    assert Settings((replace(WORK, source=None), chosen)).section_for(WORK) == "work-session"
    assert Settings((replace(WORK, source=None), chosen)).section_for(chosen) == "work"


@given(settings=SETTINGS)
def test_sections_that_were_not_chosen_are_all_different(settings: Settings) -> None:
    suggested = [settings.section_for(profile) for profile in settings.profiles if not profile.section]
    assert len(set(suggested)) == len(suggested)
    assert not settings.source_sections() & set(suggested)


@pytest.mark.parametrize(
    ("environment", "sections"),
    [
        ({}, {"default"}),
        ({"AWS_PROFILE": "main"}, {"default", "main"}),
        ({"AWS_DEFAULT_PROFILE": "old", "AWS_PROFILE": "main"}, {"default", "main", "old"}),
        ({"AWS_PROFILE": ""}, {"default"}),
    ],
)
def test_the_sections_that_the_default_chain_may_look_into_are_sources(
    environment: dict[str, str], sections: set[str]
) -> None:
    """A session written there would take the place of the key that it is made from."""
    chain = Settings((Profile("c3", "chain", DefaultChain()), PROD))
    assert chain.source_sections(environment) == sections
    assert Settings((WORK, PROD)).source_sections(environment) == {"main"}
