"""What keyring libraries raise, as errors a person can act on.

Much of it is no `KeyringError`: SecretStorage and D-Bus errors, errors of the Windows API and plain `OSError` come
through python-keyring as they are. Classes are compared by name, so that this module imports none of the libraries and
covers those that exist on other systems only. What was read in a library's source but not seen on a real system (all of
macOS, Windows and KDE) is unproven.
"""

from collections.abc import Iterator

from sts_desktop.core.vault.errors import (
    KeyringLockedError,
    KeyringNotAnsweringError,
    KeyringRefusedError,
    KeyringUnavailableError,
    VaultError,
)

_LOCKED_CLASSES = {
    "keyring.errors.KeyringLocked",
    "secretstorage.exceptions.LockedException",
    "secretstorage.exceptions.PromptDismissedException",
}
_UNAVAILABLE_CLASSES = {
    "keyring.errors.NoKeyringError",
    "secretstorage.exceptions.SecretServiceNotAvailableException",
    "dbus.exceptions.DBusException",
    "builtins.EOFError",
    "builtins.OSError",
}

_LOCKED_DBUS_NAME = "org.freedesktop.Secret.Error.IsLocked"
_DBUS_OWN_ERRORS = "org.freedesktop.DBus.Error."

_MACOS_INTERACTION_NOT_ALLOWED = -25308  # errSecInteractionNotAllowed: locked, and no window can ask (SSH)
_MACOS_NOT_AVAILABLE = -25291  # errSecNotAvailable
_WINDOWS_NO_SUCH_LOGON_SESSION = 1312  # CredWrite and CredRead, "Return value": a session without a credential set


def vault_error(error: Exception) -> VaultError:
    """Return what `error`, raised by a keyring library, means for a person.

    Anything unknown is a refusal. (Windows error 1783, "the stub received bad data", is one: an item too large.)
    """
    chain = list(_with_causes(error))
    if any(_is_locked(link) for link in chain):
        return KeyringLockedError()
    if any(isinstance(link, TimeoutError) for link in chain):
        return KeyringNotAnsweringError()
    if any(_is_unavailable(link) for link in chain):
        return KeyringUnavailableError()
    return KeyringRefusedError()


def _with_causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__


def _is_locked(error: BaseException) -> bool:
    return (
        not _LOCKED_CLASSES.isdisjoint(class_names(error))
        or getattr(error, "name", None) == _LOCKED_DBUS_NAME
        or error.args[:1] == (_MACOS_INTERACTION_NOT_ALLOWED,)
    )


def _is_unavailable(error: BaseException) -> bool:
    return (
        not _UNAVAILABLE_CLASSES.isdisjoint(class_names(error))
        or str(getattr(error, "name", "")).startswith(_DBUS_OWN_ERRORS)
        or error.args[:1] == (_MACOS_NOT_AVAILABLE,)
        or getattr(error, "winerror", None) == _WINDOWS_NO_SUCH_LOGON_SESSION
    )


def class_names(error: BaseException) -> set[str]:
    """Return the full names of the classes that `error` is of."""
    return {f"{cls.__module__}.{cls.__qualname__}" for cls in type(error).__mro__}
