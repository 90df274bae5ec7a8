import threading
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from sts_desktop.core.access_keys import AccessKeyNameTakenError
from sts_desktop.core.cancellation import Cancellation, Cancelled
from sts_desktop.core.credentials import AccessKey
from sts_desktop.core.errors import InvalidInputError, UnusableFileError
from sts_desktop.core.profile import VaultKey
from sts_desktop.core.services import Services
from sts_desktop.core.settings import AccessKeyEntry
from sts_desktop.core.sts.errors import TemporaryKeyError
from sts_desktop.core.vault.errors import KeyringLockedError, KeyringRefusedError
from sts_desktop.core.vault.vault import Vault

if TYPE_CHECKING:
    from tests.core.conftest import Keyring

KEY = AccessKey("AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY")

ANOTHER = "another+secret/of+forty/characters+12345"


def test_a_key_is_kept_in_the_vault_and_its_name_in_the_settings(services: Services) -> None:
    entry = services.access_keys.store(" main ", KEY.access_key_id, KEY.secret_access_key)
    assert (entry.name, entry.last_four) == ("main", "MPLE")
    assert services.vault.access_key(entry.id) == KEY
    assert services.settings.load().access_keys == (entry,)
    assert services.access_keys.called("main") == entry
    assert services.access_keys.called("other") is None
    text = services.paths.settings_file.read_text()
    assert KEY.access_key_id not in text
    assert KEY.secret_access_key not in text


def test_a_key_of_the_same_name_is_replaced_when_told(services: Services) -> None:
    first = services.access_keys.store("caf\u00e9", KEY.access_key_id, KEY.secret_access_key)
    second = services.access_keys.store("cafe\u0301", "AKIAEXAMPLEDEMO22BOB", ANOTHER, replace=True)
    assert second.id == first.id
    assert services.settings.load().access_keys == (second,)
    assert services.access_keys.called("cafe\u0301") == second
    assert services.vault.access_key(first.id) == AccessKey("AKIAEXAMPLEDEMO22BOB", ANOTHER)


def test_a_key_is_not_lost_to_another_of_its_name(services: Services) -> None:
    kept = services.access_keys.store("caf\u00e9", KEY.access_key_id, KEY.secret_access_key)
    with pytest.raises(AccessKeyNameTakenError) as told:
        services.access_keys.store("cafe\u0301", "AKIAEXAMPLEDEMO22BOB", ANOTHER)
    assert "“caf\u00e9”" in told.value.title
    assert "…MPLE" in told.value.message
    assert ANOTHER not in str(told.value)
    assert services.settings.load().access_keys == (kept,)
    assert services.vault.access_key(kept.id) == KEY


def test_of_two_processes_that_store_under_one_name_one_is_told(
    services: Services, make_services: Callable[[], Services], keyring: "Keyring"
) -> None:
    def store_theirs(_name: str) -> None:
        keyring.on_set = lambda _name: None
        make_services().access_keys.store("main", KEY.access_key_id, KEY.secret_access_key)

    # On the keyring's own thread, between the look whether the name is free and the one under the lock.
    keyring.on_set = store_theirs
    with pytest.raises(AccessKeyNameTakenError):
        services.access_keys.store("main", "AKIAEXAMPLEDEMO22BOB", ANOTHER)
    (kept,) = services.settings.load().access_keys
    assert services.vault.access_key(kept.id) == KEY
    assert {name.split("/")[1] for name in keyring.inner._values} == {kept.id}  # and no secret that nothing refers to


def test_cancelled_before_it_is_stored_it_is_not(services: Services, keyring: "Keyring") -> None:
    cancellation = Cancellation()
    cancellation.cancel()
    with pytest.raises(Cancelled):
        services.access_keys.store("main", KEY.access_key_id, KEY.secret_access_key, cancellation=cancellation)
    assert services.settings.load().access_keys == ()
    assert keyring.inner._values == {}


@pytest.mark.fault(7)
def test_blanks_around_a_pasted_key_do_not_count(services: Services) -> None:
    entry = services.access_keys.store("main", f" {KEY.access_key_id}\n", f"\t{KEY.secret_access_key} ")
    assert services.vault.access_key(entry.id) == KEY


@pytest.mark.parametrize(
    ("name", "key_id", "secret", "expected"),
    [
        ("", KEY.access_key_id, KEY.secret_access_key, InvalidInputError),
        ("main", "", KEY.secret_access_key, InvalidInputError),
        ("main", KEY.access_key_id, "", InvalidInputError),
        pytest.param("main", KEY.access_key_id, '"quoted"', InvalidInputError, marks=pytest.mark.fault(7)),
        pytest.param("main", "ASIAEXAMPLE123456789", "x", TemporaryKeyError, marks=pytest.mark.fault(8)),
    ],
)
def test_what_cannot_be_a_key_is_not_kept(
    services: Services, keyring: "Keyring", name: str, key_id: str, secret: str, expected: type[Exception]
) -> None:
    with pytest.raises(expected) as told:
        services.access_keys.store(name, key_id, secret)
    assert not secret or secret not in str(told.value)
    assert keyring.inner._values == {}
    assert services.settings.load().access_keys == ()


def test_a_keyring_that_refuses_leaves_no_name_behind(services: Services, keyring: "Keyring") -> None:
    keyring.refused = "access-key/"
    with pytest.raises(KeyringRefusedError):
        services.access_keys.store("main", KEY.access_key_id, KEY.secret_access_key)
    assert services.settings.load().access_keys == ()


def test_a_name_that_cannot_be_saved_leaves_no_secret_behind(
    services: Services, keyring: "Keyring", lose_settings: Callable[[], None]
) -> None:
    lose_settings()
    with pytest.raises(UnusableFileError):
        services.access_keys.store("main", KEY.access_key_id, KEY.secret_access_key)
    assert keyring.inner._values == {}


def test_a_replaced_key_stays_where_its_name_cannot_be_saved(
    services: Services, lose_settings: Callable[[], None]
) -> None:
    entry = services.access_keys.store("main", KEY.access_key_id, KEY.secret_access_key)
    lose_settings()
    with pytest.raises(UnusableFileError):
        services.access_keys.store("main", "AKIAEXAMPLEDEMO22BOB", ANOTHER, replace=True)
    assert services.vault.access_key(entry.id) == AccessKey("AKIAEXAMPLEDEMO22BOB", ANOTHER)


@pytest.fixture
def lose_settings(services: Services, monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Make the settings a file that can be read and not be replaced, as on a read-only disk."""

    def fail(*_arguments: object, **_options: object) -> None:
        raise OSError(30, "Read-only file system")

    return lambda: monkeypatch.setattr("tempfile.mkstemp", fail)


def test_a_secret_that_was_cut_is_refused(services: Services, keyring: "Keyring") -> None:
    with pytest.raises(InvalidInputError, match="40 characters; this one has 39"):
        services.access_keys.store("main", KEY.access_key_id, KEY.secret_access_key[:-1])
    assert services.settings.load().access_keys == ()


def test_the_keys_of_stand_ins_may_be_short(services: Services) -> None:
    assert services.access_keys.store("local", "test", "test").last_four == "test"


@pytest.mark.parametrize("key_id", ["AKIA", "AKIAEXAMPLE"])
def test_an_id_that_was_cut_is_refused(services: Services, keyring: "Keyring", key_id: str) -> None:
    with pytest.raises(InvalidInputError, match="20 characters"):
        services.access_keys.store("main", key_id, "s" * 40)
    assert keyring.inner._values == {}


@pytest.mark.fault(24)
def test_a_keyring_that_does_not_forget_a_key_keeps_its_name(
    services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    entry = services.access_keys.store("main", "K" * 20, "s" * 40)

    def refuse(_key_id: str) -> None:
        raise KeyringLockedError

    with monkeypatch.context() as patch:
        patch.setattr(services.vault, "forget_access_key", refuse)
        with pytest.raises(KeyringLockedError):
            services.access_keys.remove(entry)
    assert services.access_keys.called("main") == entry
    services.access_keys.remove(entry)
    assert services.access_keys.called("main") is None


def test_a_key_that_is_replaced_and_removed_at_once_is_whole_or_gone(
    services: Services, make_services: Callable[[], Services], monkeypatch: pytest.MonkeyPatch
) -> None:
    entry = services.access_keys.store("work", KEY.access_key_id, KEY.secret_access_key)
    store = Vault.store_access_key

    def store_and_be_overtaken(vault: Vault, key_id: str, key: AccessKey) -> None:
        store(vault, key_id, key)
        if vault is services.vault and key_id == entry.id:
            make_services().access_keys.remove(entry)

    monkeypatch.setattr(Vault, "store_access_key", store_and_be_overtaken)
    replaced = services.access_keys.store("work", "AKIAEXAMPLEDEMO22BOB", ANOTHER, replace=True)
    assert services.settings.load().access_keys == (replaced,)
    assert services.vault.access_key(replaced.id).access_key_id == "AKIAEXAMPLEDEMO22BOB"


def test_no_profile_chooses_a_key_between_the_look_at_who_uses_it_and_its_removal(
    services: Services, make_services: Callable[[], Services], monkeypatch: pytest.MonkeyPatch
) -> None:
    entry = services.access_keys.store("work", KEY.access_key_id, KEY.secret_access_key)
    profile = services.profiles.create("work")
    forget = Vault.forget_access_key
    choosing = threading.Thread(
        target=lambda: make_services().profiles.save(replace(profile, source=VaultKey(entry.id)), profile)
    )

    def be_overtaken_and_forget(vault: Vault, key_id: str) -> None:
        choosing.start()
        choosing.join(0.3)  # the time in which it would be chosen
        assert choosing.is_alive()
        forget(vault, key_id)

    monkeypatch.setattr(Vault, "forget_access_key", be_overtaken_and_forget)
    services.access_keys.remove(entry)
    choosing.join(20)
    assert services.settings.load().access_keys == ()


def test_a_key_that_is_replaced_while_another_takes_its_name_leaves_no_secret_behind(
    services: Services, make_services: Callable[[], Services], keyring: "Keyring", monkeypatch: pytest.MonkeyPatch
) -> None:
    entry = services.access_keys.store("work", KEY.access_key_id, KEY.secret_access_key)
    store, others = Vault.store_access_key, list[AccessKeyEntry]()

    def store_and_be_overtaken(vault: Vault, key_id: str, key: AccessKey) -> None:
        store(vault, key_id, key)
        if vault is services.vault and not others:
            theirs = make_services().access_keys
            theirs.remove(entry)
            others.append(theirs.store("work", KEY.access_key_id, KEY.secret_access_key))

    monkeypatch.setattr(Vault, "store_access_key", store_and_be_overtaken)
    replaced = services.access_keys.store("work", "AKIAEXAMPLEDEMO22BOB", ANOTHER, replace=True)
    assert services.settings.load().access_keys == (replaced,)
    assert {name.split("/")[1] for name in keyring.inner._values} == {replaced.id}
