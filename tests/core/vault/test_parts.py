"""Texts of any size are whole or absent, whatever ends the work and whoever works beside it."""

import json
from collections.abc import Callable
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sts_desktop.core.vault import parts
from sts_desktop.core.vault.errors import KeyringUnavailableError, VaultError
from sts_desktop.core.vault.manifest import DamagedValueError
from sts_desktop.core.vault.parts import PART_UNITS, PartedTexts, split
from sts_desktop.core.vault.store import MemoryStore, SecretStore

if TYPE_CHECKING:
    from tests.core.vault.conftest import FaultyStore

MakeFaultyStore = Callable[[], "FaultyStore"]

OLD = "old" * 700  # three parts
NEW = "new" * 1000  # three parts


def units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


@given(st.text(max_size=60).map(lambda text: text * 90))
def test_parts_fit_and_make_up_the_text(text: str) -> None:
    pieces = list(split(text))
    assert "".join(pieces) == text
    assert all(0 < units(piece) <= PART_UNITS for piece in pieces)
    # No part is shorter than it must be: what follows it would not have fitted.
    assert all(units(one + other[0]) > PART_UNITS for one, other in pairwise(pieces))


@pytest.mark.fault(22)
@pytest.mark.parametrize("size", [0, PART_UNITS, PART_UNITS + 1, 4_096, 16 * 1_024])
def test_every_store_keeps_every_size(store: SecretStore, size: int) -> None:
    text = ("0123456789abcdef" * (size // 16 + 1))[:size]
    texts = PartedTexts(store)
    texts.set("session/a", text)
    assert texts.get("session/a") == text
    texts.delete("session/a")
    assert texts.get("session/a") is None


@given(st.text(max_size=40), st.integers(1, 60))
def test_any_text_comes_back(piece: str, times: int) -> None:
    texts = PartedTexts(MemoryStore())
    texts.set("a", piece * times)
    assert texts.get("a") == piece * times


def test_every_store_keeps_pairs_together(store: SecretStore) -> None:
    text = "x" + "🔑" * PART_UNITS  # a pair lies across each 1,000th unit
    PartedTexts(store).set("session/a", text)
    assert PartedTexts(store).get("session/a") == text


def test_refuses_what_is_beyond_all_measure(
    monkeypatch: pytest.MonkeyPatch, make_faulty_store: MakeFaultyStore
) -> None:
    monkeypatch.setattr(parts, "MOST_PARTS", 2)
    store = make_faulty_store()
    with pytest.raises(ValueError, match="too long"):
        PartedTexts(store).set("a", "x" * (2 * PART_UNITS + 1))
    assert store.values == {}


def test_nothing_of_the_old_text_is_left(make_faulty_store: MakeFaultyStore) -> None:
    store = make_faulty_store()
    texts = PartedTexts(store)
    texts.set("a", OLD)
    old_items = set(store.values)
    texts.set("a", NEW)
    assert old_items & set(store.values) == {"a"}
    assert len(store.values) == 4
    texts.delete("a")
    assert store.values == {}


@pytest.mark.fault(26)
@pytest.mark.expects_warnings
@pytest.mark.parametrize("for_good", [False, True], ids=["one failure", "a crash"])
@pytest.mark.parametrize("takes_effect", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("previous", [None, OLD], ids=["first", "replace"])
def test_a_failure_at_any_step_of_a_set_leaves_old_or_new(
    make_faulty_store: MakeFaultyStore, previous: str | None, takes_effect: bool, for_good: bool
) -> None:
    def fill() -> tuple["FaultyStore", PartedTexts]:
        store = make_faulty_store()
        texts = PartedTexts(store)
        if previous is not None:
            texts.set("a", previous)
        return store, texts

    store, texts = fill()
    before = len(store.operations)
    texts.set("a", NEW)
    steps = len(store.operations) - before
    assert steps == (5 if previous is None else 8)  # read the manifest, 3 parts, manifest, remove 3 parts

    for step in range(steps):
        store, texts = fill()
        store.fail_at, store.takes_effect, store.for_good = before + step, takes_effect, for_good
        failed = False
        try:
            texts.set("a", NEW)
        except KeyringUnavailableError:
            failed = True
        store.fail_at = None
        found = texts.get("a")
        assert found in (previous, NEW), step
        assert failed or found == NEW, step
        if failed and not for_good:
            # A single failure was tidied up, but for the one part that could not be removed.
            assert len(store.values) <= (0 if found is None else 4) + 1, step
        texts.set("a", NEW)
        assert texts.get("a") == NEW


@pytest.mark.parametrize("takes_effect", [False, True], ids=["before", "after"])
def test_a_delete_that_failed_can_be_repeated(make_faulty_store: MakeFaultyStore, takes_effect: bool) -> None:
    for step in range(5):
        store = make_faulty_store()
        texts = PartedTexts(store)
        texts.set("a", OLD)
        store.fail_at, store.takes_effect = len(store.operations) + step, takes_effect
        with pytest.raises(VaultError):
            texts.delete("a")
        store.fail_at = None
        texts.delete("a")
        assert store.values == {}, step
        assert texts.get("a") is None


def test_a_replacement_that_was_only_half_done_is_undone(make_faulty_store: MakeFaultyStore) -> None:
    """As on macOS, where replacing an item is removing and adding it, and the latter may fail."""
    store = make_faulty_store()
    texts = PartedTexts(store)
    texts.set("a", OLD)

    def remove_first(number: int) -> None:
        if number == store.fail_at:
            store.inner.delete("a")

    store.fail_at = len(store.operations) + 4  # the manifest
    store.before_operation = remove_first
    with pytest.raises(KeyringUnavailableError):
        texts.set("a", NEW)
    assert texts.get("a") == OLD
    assert len(store.values) == 4


@pytest.mark.fault(26)
def test_a_reader_beside_a_writer_finds_old_or_new(make_faulty_store: MakeFaultyStore) -> None:
    for step in range(4):
        store = make_faulty_store()
        PartedTexts(store.inner).set("a", OLD)

        def replace_beside(number: int, step: int = step, store: "FaultyStore" = store) -> None:
            if number == step:
                PartedTexts(store.inner).set("a", NEW)

        store.before_operation = replace_beside
        assert PartedTexts(store).get("a") == NEW


def test_a_reader_does_not_chase_a_writer_for_ever(make_faulty_store: MakeFaultyStore) -> None:
    store = make_faulty_store()
    PartedTexts(store.inner).set("a", OLD)
    store.before_operation = lambda _number: PartedTexts(store.inner).set("a", NEW)
    with pytest.raises(DamagedValueError):
        PartedTexts(store).get("a")


def test_two_writers_leave_one_of_their_texts(make_faulty_store: MakeFaultyStore) -> None:
    other = "other" * 500
    for step in range(8):
        store = make_faulty_store()
        PartedTexts(store.inner).set("a", OLD)

        def write_beside(number: int, step: int = step, store: "FaultyStore" = store) -> None:
            if number == step:
                PartedTexts(store.inner).set("a", other)

        store.before_operation = write_beside
        PartedTexts(store).set("a", NEW)
        assert PartedTexts(store.inner).get("a") == (NEW if step <= 4 else other), step


MANIFESTS = {
    "nothing": "",
    "no JSON": "{",
    "deep": "[" * 100_000,
    "a list": "[]",
    "null": "null",
    "other version": {"v": 2},
    "a version that is true": {"v": True} | {"generation": "0" * 15},
    "no count": {"count": None},
    "a count that is true": {"count": True},
    "a negative count": {"count": -1},
    "a count beyond all measure": {"count": 10**12},
    "fewer parts": {"count": 2},
    "more parts": {"count": 4},
    "another generation": {"generation": "0" * 16},
    "a path for a generation": {"generation": "../../session/b"},
    "another hash": {"sha256": "0" * 64},
    "no hash": {"sha256": None},
    "one member more": {"expires": 1},
}


@pytest.mark.fault(27)
@pytest.mark.parametrize("edit", MANIFESTS.values(), ids=MANIFESTS)
def test_a_manifest_edited_by_hand_is_damage(make_faulty_store: MakeFaultyStore, edit: str | dict[str, object]) -> None:
    store = make_faulty_store()
    texts = PartedTexts(store)
    texts.set("a", OLD)
    text = edit if isinstance(edit, str) else json.dumps(json.loads(store.values["a"]) | edit)
    store.inner.set("a", text)
    with pytest.raises(DamagedValueError):
        texts.get("a")
    texts.set("a", NEW)
    assert texts.get("a") == NEW


@pytest.mark.fault(27)
@given(number=st.integers(0, 2), edited=st.text(max_size=5) | st.just("x" * PART_UNITS))
def test_an_edited_part_is_damage(number: int, edited: str) -> None:
    store = MemoryStore()
    texts = PartedTexts(store)
    texts.set("a", OLD)
    generation = json.loads(store.get("a") or "")["generation"]
    store.set(f"a/{generation}/{number}", edited)
    with pytest.raises(DamagedValueError):
        texts.get("a")


@pytest.mark.fault(27)
def test_parts_in_another_order_are_damage(make_faulty_store: MakeFaultyStore) -> None:
    store = make_faulty_store()
    texts = PartedTexts(store)
    texts.set("a", "x" * PART_UNITS + "y" * PART_UNITS)
    first, second = (name for name in store.values if name != "a")
    store.values[first], store.values[second] = store.values[second], store.values[first]
    with pytest.raises(DamagedValueError):
        texts.get("a")


def test_damage_can_be_deleted(make_faulty_store: MakeFaultyStore) -> None:
    store = make_faulty_store()
    store.inner.set("a", "not a manifest")
    PartedTexts(store).delete("a")
    assert store.values == {}


def test_neither_errors_nor_logs_quote_the_text(
    make_faulty_store: MakeFaultyStore, caplog: pytest.LogCaptureFixture
) -> None:
    store = make_faulty_store()
    texts = PartedTexts(store)
    store.inner.set("a", '{"v": 1, "SECRET')
    with pytest.raises(DamagedValueError) as caught:
        texts.get("a")
    error: BaseException | None = caught.value
    while error is not None:
        assert "SECRET" not in repr(vars(error)) + repr(error)
        error = error.__context__
    assert "SECRET" not in caplog.text
