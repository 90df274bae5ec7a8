"""What the libraries raise becomes one of four errors, none of which repeats their text."""

import pytest
from keyring import errors as keyring_errors
from secretstorage import exceptions as secretstorage_errors

from sts_desktop.core.vault.errors import (
    KeyringLockedError,
    KeyringNotAnsweringError,
    KeyringRefusedError,
    KeyringUnavailableError,
    VaultError,
)
from sts_desktop.core.vault.faults import vault_error


def caused(error: Exception, cause: BaseException) -> Exception:
    error.__cause__ = cause
    return error


def named(module: str, class_name: str, /, *arguments: object, **attributes: object) -> Exception:
    """An exception of a library that is not here."""
    error = type(class_name, (Exception,), {"__module__": module})(*arguments)
    assert isinstance(error, Exception)
    for attribute, value in attributes.items():
        setattr(error, attribute, value)
    return error


def dbus_error(name: str) -> Exception:
    return named("jeepney.wrappers", "DBusErrorResponse", "secret text", name=name)


LOCKED = {
    "dismissed": keyring_errors.KeyringLocked("Failed to unlock the collection!"),
    "no new keyring": caused(keyring_errors.InitError("…"), secretstorage_errors.PromptDismissedException("…")),
    "locked meanwhile": secretstorage_errors.LockedException("Item is locked!"),
    "locked, says the service": dbus_error("org.freedesktop.Secret.Error.IsLocked"),
    "macOS -25308": caused(keyring_errors.KeyringError("…"), named("api", "Error", -25308, "Unknown Error")),
    "macOS -128": caused(keyring_errors.KeyringLocked("…"), named("api", "KeychainDenied", -128, "…")),
}
UNAVAILABLE = {
    "no back end": keyring_errors.NoKeyringError("…"),
    "service gone": secretstorage_errors.SecretServiceNotAvailableException("…"),
    "service gone at first": caused(
        keyring_errors.InitError("…"), secretstorage_errors.SecretServiceNotAvailableException("…")
    ),
    "does not start": dbus_error("org.freedesktop.DBus.Error.Spawn.ChildExited"),
    "bus gone": ConnectionResetError(104, "Connection reset by peer"),
    "no socket": FileNotFoundError(2, "No such file or directory"),
    "KDE Wallet gone": named("dbus.exceptions", "DBusException", "…"),
    "macOS -25291": caused(keyring_errors.PasswordSetError("…"), named("api", "Error", -25291, "…")),
    "Windows 1312": named("win32ctypes.pywin32.pywintypes", "error", 1312, "CredRead", "…", winerror=1312),
}
REFUSED = {
    "does not know what it took": secretstorage_errors.ItemNotFoundException("Item does not exist!"),
    "set refused": keyring_errors.PasswordSetError("…"),
    "no such session": dbus_error("org.freedesktop.Secret.Error.NoSession"),
    "macOS -25293": caused(keyring_errors.PasswordSetError("…"), named("api", "SecAuthFailure", -25293, "…")),
    "Windows 1783": named("win32ctypes.pywin32.pywintypes", "error", 1783, "CredWrite", "…", winerror=1783),
    "a surprise": ZeroDivisionError("secret text"),
    "half a pair": UnicodeEncodeError("utf-8", "secret text \ud800", 12, 13, "surrogates not allowed"),
    "nothing said": ValueError(),
}


@pytest.mark.fault(28)
@pytest.mark.parametrize(
    ("error", "expected"),
    [(error, KeyringLockedError) for error in LOCKED.values()]
    + [(error, KeyringUnavailableError) for error in UNAVAILABLE.values()]
    + [(error, KeyringRefusedError) for error in REFUSED.values()]
    + [(TimeoutError(), KeyringNotAnsweringError)],
    ids=[*LOCKED, *UNAVAILABLE, *REFUSED, "no answer"],
)
def test_every_fault_has_its_error(error: Exception, expected: type[VaultError]) -> None:
    found = vault_error(error)
    assert type(found) is expected
    assert "secret" not in str(found).replace("secrets", "")


@pytest.mark.parametrize(
    "error", [KeyringLockedError, KeyringNotAnsweringError, KeyringRefusedError, KeyringUnavailableError]
)
def test_every_error_says_what_to_do(error: type[KeyringLockedError]) -> None:
    assert error().title
    assert error().message
    assert error().hint
