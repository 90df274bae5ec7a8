"""One contract for all stores: memory, the Windows back end of keyring on an imitated API, a real gnome-keyring."""

import pytest

from sts_desktop.core.vault.parts import PART_UNITS
from sts_desktop.core.vault.store import SecretStore


def test_holds_nothing_at_first(store: SecretStore) -> None:
    store.unlock()
    assert store.get("session/a") is None


@pytest.mark.parametrize(
    "value",
    ["x", "two\nlines\r\n", "日本語 🔑", "a\0b", " blanks ", "y" * PART_UNITS, "🔑" * (PART_UNITS // 2)],
    ids=["short", "lines", "wide", "nul", "blanks", "full", "full of pairs"],
)
def test_gives_back_what_was_stored(store: SecretStore, value: str) -> None:
    store.set("session/a", value)
    assert store.get("session/a") == value


def test_keeps_names_apart(store: SecretStore) -> None:
    store.set("session/a", "first")
    store.set("session/a/0", "second")
    store.set("session/ab", "third")
    assert [store.get(name) for name in ("session/a", "session/a/0", "session/ab")] == ["first", "second", "third"]


def test_replaces(store: SecretStore) -> None:
    store.set("session/a", "old")
    store.set("session/a", "new")
    store.set("session/a", "newest")
    assert store.get("session/a") == "newest"
    store.delete("session/a")
    assert store.get("session/a") is None


def test_deletes_what_is_there_and_only_that(store: SecretStore) -> None:
    store.set("session/a", "gone")
    store.set("session/b", "stays")
    store.delete("session/a")
    store.delete("session/a")
    assert store.get("session/a") is None
    assert store.get("session/b") == "stays"


def test_is_ready_without_asking_anybody(store: SecretStore) -> None:
    assert not store.would_ask()
