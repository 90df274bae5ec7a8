"""A keyring that takes longer than anybody waits for it: what it does late is undone, or looked at."""

import contextlib
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from sts_desktop.core.cancellation import Cancellation
from sts_desktop.core.errors import UnusableFileError
from sts_desktop.core.json_file import JsonFile
from sts_desktop.core.profile import Profile, VaultKey
from sts_desktop.core.services import Services
from sts_desktop.core.sessions import Sessions
from sts_desktop.core.state import SessionRecord
from sts_desktop.core.state_file import update_session
from sts_desktop.core.vault.errors import KeyringNotAnsweringError, KeyringUnavailableError, OutOfReachError
from sts_desktop.core.vault.store import OpenedStore, VaultStatus
from sts_desktop.core.vault.vault import Vault, memory_vault
from tests.core.settled import settled
from tests.waiting import wait_until

if TYPE_CHECKING:
    from tests.core.conftest import Keyring

pytestmark = pytest.mark.expects_warnings
PROFILE_ITEMS = "session/"


class Gate:
    """Holds the keyring's first use of an item that `holds` accepts, until it is opened."""

    def __init__(self) -> None:
        self.holds: Callable[[str], bool] = lambda _name: False
        self.is_reached = threading.Event()
        self._opened = threading.Event()

    def pass_by(self, name: str) -> None:
        if self.holds(name) and not self.is_reached.is_set():
            self.is_reached.set()
            assert self._opened.wait(20)

    def open(self) -> None:
        self._opened.set()


@pytest.fixture
def gate(keyring: "Keyring") -> Iterator[Gate]:
    gate = Gate()
    keyring.on_set = keyring.on_delete = gate.pass_by
    yield gate
    gate.open()


@pytest.fixture
def impatient(services: Services, keyring: "Keyring") -> Sessions:
    """Sessions of a process that waits for the keyring for a moment only."""
    opened = OpenedStore(VaultStatus("a keyring", True, ""), keyring)
    return replace(services.sessions, vault=Vault(lambda: opened, limit_seconds=0.3))


def is_part(name: str) -> bool:
    return name.startswith(PROFILE_ITEMS) and name.count("/") > 1


def is_manifest(name: str) -> bool:
    return name.startswith(PROFILE_ITEMS) and name.count("/") == 1


def has(keyring: "Keyring", profile: Profile, record: SessionRecord) -> bool:
    stored = keyring.vault().session(profile.id)
    return stored is not None and record.is_of(stored)


def is_free(sessions: Sessions, profile: Profile) -> bool:
    try:
        sessions.vault.session(profile.id)
    except KeyringNotAnsweringError:
        return False
    return True


@pytest.mark.fault(25)
def test_what_is_stored_late_does_not_replace_what_another_process_stored_meanwhile(
    services: Services, impatient: Sessions, bobs_profile: Profile, gate: Gate, keyring: "Keyring"
) -> None:
    gate.holds = is_part
    with pytest.raises(KeyringNotAnsweringError):
        impatient.get_token(bobs_profile)
    assert gate.is_reached.is_set()
    kept = services.sessions.get_token(bobs_profile)
    gate.open()
    wait_until(lambda: is_free(impatient, bobs_profile), "the keyring")
    assert has(keyring, bobs_profile, kept)


@pytest.mark.fault(25)
@pytest.mark.parametrize(("holds", "is_stored"), [(is_part, False), (is_manifest, True)])
def test_what_became_of_it_is_looked_at_without_another_start(
    impatient: Sessions,
    bobs_profile: Profile,
    gate: Gate,
    keyring: "Keyring",
    holds: Callable[[str], bool],
    is_stored: bool,
) -> None:
    gate.holds = holds
    with pytest.raises(KeyringNotAnsweringError):
        impatient.get_token(bobs_profile)
    assert impatient.record(bobs_profile.id).pending
    assert settled(impatient).session(bobs_profile.id).pending  # it still is not known
    gate.open()
    wait_until(lambda: is_free(impatient, bobs_profile), "the keyring")
    record, stored = settled(impatient).session(bobs_profile.id), keyring.vault().session(bobs_profile.id)
    assert not record.pending
    assert (stored is not None) is is_stored
    assert record.is_of(stored) if stored else replace(record, failure=None) == SessionRecord()


@pytest.mark.fault(25)
def test_stored_session_does_not_wait_for_the_next_question_of_the_keyring(
    impatient: Sessions, bobs_profile: Profile, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another profile's job has made it ask for its password, as soon as this one's session was stored."""
    store, asked, answered = Vault.store_session, threading.Event(), threading.Event()

    def ask(_cancellation: Cancellation) -> None:
        asked.set()
        answered.wait(20)

    def ask_and_give_up(vault: Vault) -> None:
        with contextlib.suppress(KeyringNotAnsweringError):
            vault._thread.call(ask)

    def store_and_lose_the_turn(vault: Vault, *arguments: Any) -> VaultStatus:
        kept_in = store(vault, *arguments)
        threading.Thread(target=ask_and_give_up, args=[vault]).start()
        assert asked.wait(20)
        return kept_in

    monkeypatch.setattr(Vault, "store_session", store_and_lose_the_turn)
    try:
        assert impatient.get_token(bobs_profile).expiration is not None
    finally:
        answered.set()


@pytest.mark.fault(25)
def test_what_is_forgotten_late_is_not_what_another_process_stored_meanwhile(
    services: Services, impatient: Sessions, bobs_profile: Profile, gate: Gate, keyring: "Keyring"
) -> None:
    impatient.get_token(bobs_profile)
    gate.holds = is_part
    with pytest.raises(KeyringNotAnsweringError):
        impatient.end(bobs_profile)
    kept = services.sessions.get_token(bobs_profile)
    gate.open()
    wait_until(lambda: is_free(impatient, bobs_profile), "the keyring")
    assert has(keyring, bobs_profile, kept)


@pytest.mark.fault(25)
@pytest.mark.parametrize("holds", [is_part, is_manifest])
def test_what_became_of_an_end_is_looked_at_without_another_start(
    impatient: Sessions, bobs_profile: Profile, gate: Gate, keyring: "Keyring", holds: Callable[[str], bool]
) -> None:
    impatient.get_token(bobs_profile)
    gate.holds = holds
    with pytest.raises(KeyringNotAnsweringError):
        impatient.end(bobs_profile)
    assert impatient.record(bobs_profile.id).pending
    gate.open()
    wait_until(lambda: is_free(impatient, bobs_profile), "the keyring")
    assert settled(impatient).session(bobs_profile.id) == SessionRecord()
    assert keyring.vault().session(bobs_profile.id) is None


@pytest.mark.fault(25)
def test_what_is_known_is_not_kept_back_by_a_question_of_the_keyring(
    services: Services, keyring: "Keyring", bobs_profile: Profile
) -> None:
    """Nor is anybody else, though a record is there that is to be looked at."""
    kept = services.sessions.get_token(bobs_profile)
    update_session(services.state, "a1", pending=True)
    asked, answered, looked = threading.Event(), threading.Event(), list[SessionRecord]()

    def ask() -> None:
        asked.set()
        answered.wait(20)

    asking = threading.Thread(target=services.sessions.credentials, args=[bobs_profile])
    keyring.on_unlock = ask
    asking.start()
    assert asked.wait(20)
    looking = threading.Thread(target=lambda: looked.append(settled(services.sessions).session(bobs_profile.id)))
    looking.start()
    looking.join(10)  # of the twenty seconds that the question may take
    answered.set()
    asking.join(20)
    looking.join(20)
    assert looked == [kept]


def test_state_that_cannot_be_saved_is_known_all_the_same(
    services: Services, bobs_profile: Profile, monkeypatch: pytest.MonkeyPatch
) -> None:
    services.sessions.get_token(bobs_profile)
    pending = update_session(services.state, bobs_profile.id, pending=True)

    def refuse(*_arguments: Any) -> None:
        raise UnusableFileError("It cannot be saved", "", "")

    monkeypatch.setattr(JsonFile, "update", refuse)
    assert settled(services.sessions).session(bobs_profile.id) == pending


@pytest.mark.fault(25)
def test_records_of_the_keyring_stay_when_a_person_goes_on_without_it_in_the_middle_of_a_look(
    services: Services, bobs_profile: Profile, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = services.sessions.get_token(bobs_profile)
    look = Vault.session

    def go_on_and_look(vault: Vault, *arguments: Any, **options: Any) -> Any:
        services.sessions.go_on_without_keyring()
        return look(vault, *arguments, **options)

    monkeypatch.setattr(Vault, "session", go_on_and_look)
    services.sessions.records.reconcile()
    assert services.sessions.record(bobs_profile.id) == kept


def test_session_of_a_vault_that_is_not_used_any_more_is_not_ended_by_mistake(
    services: Services, bobs_profile: Profile, keyring: "Keyring"
) -> None:
    services.sessions.get_token(bobs_profile)
    services.sessions.go_on_without_keyring()
    with pytest.raises(KeyringUnavailableError):
        services.sessions.end(bobs_profile)
    assert keyring.vault().session(bobs_profile.id) is not None


RENEW, END, DELETE, START = "renew", "end", "delete", "start without it"


@pytest.mark.fault(25)
@pytest.mark.parametrize(
    "steps",
    [
        [],
        [END],
        [DELETE],
        [END, DELETE],
        [END, RENEW],
        [END, RENEW, DELETE],
        [START],
        [START, RENEW],
        [START, RENEW, END],
        [START, DELETE],
    ],
)
@pytest.mark.parametrize("is_written", [True, False])
def test_session_that_the_keyring_holds_is_known_again_at_a_start_that_uses_it(
    services: Services,
    make_services: Callable[..., Services],
    bobs_profile: Profile,
    keyring: "Keyring",
    steps: list[str],
    is_written: bool,
) -> None:
    """However the person went on without the keyring: nobody else knows of it."""
    kept = services.sessions.get_token(bobs_profile)
    if is_written:
        services.sessions.write(bobs_profile, "work")
    assert isinstance(bobs_profile.source, VaultKey)
    access_key = services.vault.access_key(bobs_profile.source.key_id)

    def without_keyring(sessions: Sessions) -> Sessions:
        sessions.vault.store_access_key(key_id, access_key)  # entered again
        return sessions

    key_id = bobs_profile.source.key_id
    services.sessions.go_on_without_keyring()
    sessions = without_keyring(services.sessions)
    assert sessions.get_token(bobs_profile).in_memory
    for step in steps:
        match step:
            case "renew":
                sessions.get_token(bobs_profile)
            case "end":
                sessions.end(bobs_profile)
            case "delete":
                services.profiles.delete(bobs_profile.id)
                sessions.records.forget_deleted(bobs_profile.id)
            case _:
                sessions = without_keyring(replace(services.sessions, vault=memory_vault()))
                sessions.records.reconcile()
    start = make_services()
    found = start.sessions.records.reconcile().session(bobs_profile.id)
    if DELETE in steps:
        assert keyring.vault().session(bobs_profile.id) is None
        assert start.settings.load().deleted == ()
    else:
        assert (found.last_four, found.in_memory, found.hides_kept) == (kept.last_four, False, False)


def test_session_of_the_keyring_is_said_to_be_out_of_reach_while_that_is_not_used(
    services: Services, bobs_profile: Profile
) -> None:
    services.sessions.get_token(bobs_profile)
    services.sessions.go_on_without_keyring()
    for use in (services.sessions.credentials, services.sessions.end, services.sessions.test):
        with pytest.raises(OutOfReachError, match="out of reach"):
            use(bobs_profile)
