"""The items of a real gnome-keyring, on one connection."""

import secrets
from collections.abc import Callable
from contextlib import closing
from typing import TYPE_CHECKING, Any

import pytest
from keyring.backends.SecretService import Keyring
from secretstorage.exceptions import LockedException, SecretServiceNotAvailableException
from secretstorage.item import Item

from sts_desktop.core.vault import secret_service_items
from sts_desktop.core.vault.errors import KeyringLockedError
from sts_desktop.core.vault.secret_service_items import SecretServiceItems

if TYPE_CHECKING:
    from tests.private_bus import PrivateBus

pytestmark = pytest.mark.desktop("dbus-daemon", "gnome-keyring-daemon")

SERVICE, NAME = "sts-desktop/a", "sts-desktop"


@pytest.fixture
def items(real_keyring: "PrivateBus") -> SecretServiceItems:
    return SecretServiceItems()


def use(items: SecretServiceItems) -> None:
    items.unlock()
    value = secrets.token_hex(8)
    items.set_password(SERVICE, NAME, value)
    assert items.get_password(SERVICE, NAME) == value
    items.delete_password(SERVICE, NAME)
    assert items.get_password(SERVICE, NAME) is None
    items.delete_password(SERVICE, NAME)


def connections(bus: "PrivateBus") -> int:
    """How many there were on this bus: each is given the next number, this one too."""
    with closing(bus.connect()) as connection:
        return int(connection.unique_name.rpartition(".")[2])


def test_everything_goes_over_one_connection(real_keyring: "PrivateBus", items: SecretServiceItems) -> None:
    before = connections(real_keyring)
    use(items)
    use(items)
    assert connections(real_keyring) - before == 1 + 1


def test_python_keyring_finds_what_is_stored_and_the_reverse(items: SecretServiceItems) -> None:
    theirs: Any = Keyring()  # type: ignore[no-untyped-call]  # has no types
    items.set_password(SERVICE, NAME, "ours")
    assert theirs.get_password(SERVICE, NAME) == "ours"
    theirs.set_password(SERVICE, NAME, "theirs")
    assert items.get_password(SERVICE, NAME) == "theirs"
    items.delete_password(SERVICE, NAME)
    assert theirs.get_password(SERVICE, NAME) is None


@pytest.mark.fault(26)
def test_a_service_that_was_started_anew_is_used(real_keyring: "PrivateBus", items: SecretServiceItems) -> None:
    items.set_password(SERVICE, NAME, "value")
    real_keyring.kill_keyring()
    with pytest.raises(SecretServiceNotAvailableException):
        items.get_password(SERVICE, NAME)
    real_keyring.start_keyring()
    assert items.get_password(SERVICE, NAME) == "value"
    real_keyring.kill_keyring()
    real_keyring.start_keyring()  # and nobody asked meanwhile
    use(items)


@pytest.mark.fault(24)
@pytest.mark.parametrize(
    "call",
    [
        lambda items: items.get_password(SERVICE, NAME),
        lambda items: items.set_password(SERVICE, NAME, "other"),
        lambda items: items.delete_password(SERVICE, NAME),
    ],
)
def test_only_unlock_opens_a_window(
    real_keyring: "PrivateBus", items: SecretServiceItems, call: Callable[[SecretServiceItems], object]
) -> None:
    items.set_password(SERVICE, NAME, "value")
    real_keyring.lock()
    with pytest.raises(LockedException):
        call(items)
    assert items.would_ask()


@pytest.mark.fault(24)
def test_an_item_that_is_locked_by_itself_is_unlocked_where_a_person_may_be_asked(
    items: SecretServiceItems, monkeypatch: pytest.MonkeyPatch
) -> None:
    """KeePassXC locks single items for each program that has not been allowed to read them."""
    items.set_password(SERVICE, NAME, "value")
    asked: list[object] = []
    is_open: list[bool] = []

    def unlock(_item: object, timeout: float | None = None) -> bool:
        asked.append(timeout)
        is_open.append(True)
        return False

    monkeypatch.setattr(Item, "is_locked", lambda _item: not is_open)
    monkeypatch.setattr(Item, "unlock", unlock)
    assert not items.would_ask()
    with pytest.raises(LockedException):
        items.get_password(SERVICE, NAME)
    assert not asked
    items.unlock()
    assert items.get_password(SERVICE, NAME) == "value"
    assert len(asked) == 1


@pytest.mark.fault(24)
def test_nobody_can_be_asked(real_keyring: "PrivateBus", items: SecretServiceItems) -> None:
    assert not items.would_ask()
    items.unlock()
    real_keyring.lock()
    assert items.would_ask()
    with pytest.raises(KeyringLockedError):
        items.unlock()


def test_a_keyring_that_was_never_made_would_ask(private_bus: "PrivateBus") -> None:
    private_bus.start_keyring(unlocked=False)
    assert SecretServiceItems().would_ask()


@pytest.mark.fault(25)
def test_an_answer_is_not_waited_for_without_end(private_bus: "PrivateBus", monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(secret_service_items, "_ANSWER_LIMIT_SECONDS", 0.1)
    items = SecretServiceItems()
    with closing(private_bus.connect()) as silent:
        silent.bus_proxy.RequestName("org.freedesktop.secrets")
        for call in (items.would_ask, lambda: items.get_password(SERVICE, NAME)):
            with pytest.raises(TimeoutError):
                call()


def test_what_was_replaced_since_it_was_found_is_absent(
    items: SecretServiceItems, monkeypatch: pytest.MonkeyPatch
) -> None:
    items.set_password(SERVICE, NAME, "value")
    get_secret = Item.get_secret

    def get_too_late(item: Any) -> bytes:
        item.delete()
        return bytes(get_secret(item))

    monkeypatch.setattr(Item, "get_secret", get_too_late)
    assert items.get_password(SERVICE, NAME) is None
