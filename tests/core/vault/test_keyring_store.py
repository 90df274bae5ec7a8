"""The border to python-keyring: what was stored is read back, and its errors do not pass."""

import logging
from typing import TYPE_CHECKING

import pytest
from keyring.errors import KeyringLocked, PasswordDeleteError

from sts_desktop.core.vault.errors import KeyringLockedError, KeyringRefusedError, KeyringUnavailableError
from sts_desktop.core.vault.keyring_store import KeyringStore, guarded

if TYPE_CHECKING:
    from tests.core.vault.conftest import WindowsCredentials


class ImitatedBackend:
    """Keeps passwords, and can be told to lie."""

    def __init__(self) -> None:
        self.passwords: dict[tuple[str, str], str] = {}
        self.forgets = False
        self.changes = False
        self.keeps = False
        self.error: Exception | None = None

    def get_password(self, service: str, username: str) -> str | None:
        if self.error is not None:
            raise self.error
        return self.passwords.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        if self.error is not None:
            raise self.error
        if not self.forgets:
            self.passwords[service, username] = password[:-1] if self.changes else password

    def delete_password(self, service: str, username: str) -> None:
        if (service, username) not in self.passwords:
            raise PasswordDeleteError("No such password!")
        if not self.keeps:
            del self.passwords[service, username]


@pytest.fixture
def backend() -> ImitatedBackend:
    return ImitatedBackend()


@pytest.fixture
def keyring_store(backend: ImitatedBackend) -> KeyringStore:
    return KeyringStore(backend, lambda: None, lambda: False)


def test_every_item_has_a_service_name_of_its_own(backend: ImitatedBackend, keyring_store: KeyringStore) -> None:
    keyring_store.set("session/a", "1")
    keyring_store.set("session/b", "2")
    assert backend.passwords == {
        ("sts-desktop/session/a", "sts-desktop"): "1",
        ("sts-desktop/session/b", "sts-desktop"): "2",
    }


@pytest.mark.parametrize("lie", ["forgets", "changes"])
def test_a_keyring_that_lies_is_found_out(backend: ImitatedBackend, keyring_store: KeyringStore, lie: str) -> None:
    setattr(backend, lie, True)
    with pytest.raises(KeyringRefusedError):
        keyring_store.set("session/a", "value")


def test_a_keyring_that_keeps_what_it_should_forget_is_found_out(
    backend: ImitatedBackend, keyring_store: KeyringStore
) -> None:
    keyring_store.set("session/a", "value")
    backend.keeps = True
    with pytest.raises(KeyringRefusedError):
        keyring_store.delete("session/a")


@pytest.mark.expects_warnings
def test_errors_are_mapped_and_their_text_stays_behind(
    backend: ImitatedBackend, keyring_store: KeyringStore, caplog: pytest.LogCaptureFixture
) -> None:
    backend.error = KeyringLocked("SECRET")
    with caplog.at_level(logging.DEBUG), pytest.raises(KeyringLockedError) as caught:
        keyring_store.set("session/a", "SECRET")
    assert caught.value.__context__ is None
    assert caught.value.__cause__ is None
    assert "KeyringLocked" in caplog.text
    assert "SECRET" not in caplog.text


@pytest.mark.expects_warnings
def test_an_error_while_unlocking_is_mapped_too(backend: ImitatedBackend) -> None:
    def dismiss() -> None:
        raise KeyringLocked

    with pytest.raises(KeyringLockedError):
        KeyringStore(backend, dismiss, lambda: True).unlock()


def test_our_own_errors_pass_as_they_are() -> None:
    error = KeyringRefusedError()

    def refuse() -> None:
        raise error

    with pytest.raises(KeyringRefusedError) as caught:
        guarded(refuse)
    assert caught.value is error


def test_the_windows_back_end_leaves_no_copy_of_a_secret(windows_credentials: "WindowsCredentials") -> None:
    """It copies an item that is written again to `user@service`, which must happen to manifests only."""
    from sts_desktop.core.vault import backends
    from sts_desktop.core.vault.parts import PartedTexts

    texts = PartedTexts(backends.open_store(platform="win32").store)
    for text in ("FIRST" * 300, "SECOND" * 300, "THIRD" * 300):
        texts.set("session/a", text)
    everything = "".join(
        item["CredentialBlob"].decode("utf-16-le") for item in windows_credentials.credentials.values()
    )
    assert "FIRST" not in everything
    assert "SECOND" not in everything
    assert everything.count("THIRD") == 300
    texts.delete("session/a")
    assert windows_credentials.credentials == {}


def test_a_service_that_is_out_of_reach_for_a_moment_is_asked_once_more(
    backend: ImitatedBackend, keyring_store: KeyringStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    keyring_store.set("session/a", "1")
    read, failures = backend.get_password, [OSError("the handshake took too long")]

    def read_at_last(service: str, username: str) -> str | None:
        if failures:
            raise failures.pop()
        return read(service, username)

    monkeypatch.setattr(backend, "get_password", read_at_last)
    assert keyring_store.get("session/a") == "1"


@pytest.mark.expects_warnings
def test_a_service_that_stays_out_of_reach_is_not_asked_for_ever(
    backend: ImitatedBackend, keyring_store: KeyringStore
) -> None:
    backend.error = OSError("gone")
    with pytest.raises(KeyringUnavailableError):
        keyring_store.get("session/a")
