import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sts_desktop.core.errors import Field, InvalidInputError
from sts_desktop.core.profile import (
    NAME_LENGTH,
    DefaultChain,
    EndpointChoice,
    Profile,
    VaultKey,
    check_name,
    decode_profile,
    encode_profile,
    free_name,
    new_id,
    normal_name,
)
from sts_desktop.core.sts.errors import UnknownEndpointError

NAMES = st.text(max_size=100)


@pytest.mark.fault(41)
@pytest.mark.parametrize(
    "name", ["work", "本番", "größe", "<img src=x>", "$(id)", "a b", "profile x", "x]", "..", "🔑"]
)
def test_free_text_is_a_name(name: str) -> None:
    assert check_name(f"  {name}\n") == name


@pytest.mark.fault(41)
@pytest.mark.parametrize(
    "name",
    [
        "",
        " ",
        "\u3000",
        "x" * (NAME_LENGTH + 1),
        "x]\n[default",
        "a\x00b",
        "a\u200bb",
        "a\u202eb",
        "a\u2028b",
        "\udcff",
    ],
    ids=ascii,
)
def test_what_nobody_could_read_back_is_no_name(name: str) -> None:
    with pytest.raises(InvalidInputError) as told:
        check_name(name)
    assert told.value.field is Field.NAME


def test_a_name_is_unique_however_its_accents_were_typed() -> None:
    assert check_name("cafe\u0301") == "caf\u00e9"
    with pytest.raises(InvalidInputError, match="taken already"):
        check_name("cafe\u0301 ", taken=["caf\u00e9"])
    assert check_name("cafe", taken=["caf\u00e9"]) == "cafe"


def test_the_longest_name() -> None:
    assert check_name("本" * NAME_LENGTH) == "本" * NAME_LENGTH


@given(text=NAMES)
def test_a_name_that_was_taken_is_taken_again_as_it_is(text: str) -> None:
    try:
        name = check_name(text)
    except InvalidInputError:
        return
    assert check_name(name) == name == normal_name(text)
    assert 1 <= len(name) <= NAME_LENGTH
    assert unicodedata.is_normalized("NFC", name)
    assert not name[0].isspace()
    assert not name[-1].isspace()


def test_a_free_name_is_the_wish_or_the_wish_with_a_number() -> None:
    assert free_name("work", []) == "work"
    assert free_name("work", ["work"]) == "work 2"
    assert free_name("work", ["work", "work 2", "work 4"]) == "work 3"


@given(wish=st.text("ab é", min_size=1, max_size=NAME_LENGTH), number=st.integers(0, 12))
def test_a_free_name_can_always_be_used(wish: str, number: int) -> None:
    taken: list[str] = []
    try:
        name = check_name(wish)
    except InvalidInputError:
        return
    for _repetition in range(number):
        taken.append(check_name(free_name(name, taken), taken))


def test_ids_are_random_and_fit_everywhere() -> None:
    ids = {new_id() for _ in range(50)}
    assert len(ids) == 50
    assert all(len(identifier) == 16 and set(identifier) <= set("0123456789abcdef") for identifier in ids)


def test_an_endpoint_is_found_or_told() -> None:
    assert EndpointChoice("ap-northeast-1").resolve().host == "sts.ap-northeast-1.amazonaws.com"
    assert EndpointChoice("custom", "http://localhost:4566", "us-east-1").resolve().host == "localhost:4566"
    assert EndpointChoice().resolve().signing_region == "us-east-1"
    with pytest.raises(UnknownEndpointError):
        EndpointChoice("mars-north-1").resolve()
    with pytest.raises(InvalidInputError):
        EndpointChoice("custom", "http://example.com", "us-east-1").resolve()


def test_the_stored_form_is_small_and_complete() -> None:
    profile = Profile("a1", "work", VaultKey("k1"), EndpointChoice("custom", "https://x.example", "eu-west-1"))
    document = encode_profile(profile)
    assert document == {
        "id": "a1",
        "name": "work",
        "kind": "get_session_token",
        "access_key": {"vault": "k1"},
        "endpoint": {"id": "custom", "url": "https://x.example", "signing_region": "eu-west-1"},
        "duration_seconds": 43_200,
    }
    assert decode_profile(document) == profile


def test_a_duration_that_is_not_sent_is_stored_as_none() -> None:
    document = encode_profile(Profile("a1", "work", DefaultChain(), duration_seconds=None))
    assert document["duration_seconds"] is None
    assert document["access_key"] == {"default_chain": True}
    assert decode_profile(document).duration_seconds is None
    del document["duration_seconds"]
    assert decode_profile(document).duration_seconds is None
