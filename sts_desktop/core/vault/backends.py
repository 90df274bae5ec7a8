"""Which keyring is used: an allow-list, in a fixed order, chosen once.

`keyring.get_keyring()` is not asked. It believes an environment variable and a file that may name a back end which
stores nothing, stores plain text or runs code from another directory; it picks whatever an installed package offers;
where two are usable it takes the chainer, which cannot delete reliably (jaraco/keyring#697); and looking at entry
points is slow. The variable and the file are honoured where they name a back end of the list.

Proven on Linux with the Secret Service of GNOME Keyring. KDE Wallet without Secret Service, libsecret, macOS and
Windows follow the source of their back ends and are unproven.
"""

import importlib
import logging
import os
import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sts_desktop.core.i18n import _, sentences
from sts_desktop.core.vault import secret_service, session_bus
from sts_desktop.core.vault.errors import (
    KeyringServiceBrokenError,
    NoKeyringError,
    NoKeyringServiceError,
    NoSessionBusError,
)
from sts_desktop.core.vault.item_names import ACCOUNT
from sts_desktop.core.vault.keyring_store import KeyringBackend, KeyringStore
from sts_desktop.core.vault.secret_service_items import SecretServiceItems
from sts_desktop.core.vault.store import MemoryStore, OpenedStore, VaultStatus

SECRET_SERVICE = "keyring.backends.SecretService.Keyring"  # noqa: S105  (the name of a class)
KWALLET = "keyring.backends.kwallet.DBusKeyring"
LIBSECRET = "keyring.backends.libsecret.Keyring"
MACOS = "keyring.backends.macOS.Keyring"
WINDOWS = "keyring.backends.Windows.WinVaultKeyring"

_ENVIRONMENT_VARIABLE = "PYTHON_KEYRING_BACKEND"
_CONFIGURATION_FILE = "keyringrc.cfg"
_CLASS_PATH = re.compile(r"[A-Za-z_][A-Za-z0-9_.]{0,99}")

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class _Wish:
    """A back end that somebody asked for, and where."""

    backend: str
    source: str


def open_store(environment: Mapping[str, str] = os.environ, platform: str = sys.platform) -> OpenedStore:
    """Return the first usable keyring of the system, or a store in memory that says why.

    Touches D-Bus and may start the keyring's service; opens no window.

    Args:
        environment: where the session bus and the wish for a back end are looked up. The libraries below read the
            process's own.
        platform: as `sys.platform`.

    Raises:
        TimeoutError: a service that should answer does not; the next attempt may find it ready.
    """
    candidates = _candidates(platform)
    wish = _wish(environment)
    try:
        if SECRET_SERVICE in candidates and session_bus.session_bus_address(environment) is None:
            raise NoSessionBusError
        return _open_first(_wished_first(candidates, wish))
    except NoKeyringError as error:
        reason = sentences(error.message, _refusal(candidates, wish), error.hint)
        return OpenedStore(VaultStatus(_("memory only"), False, reason), MemoryStore())


def open_memory() -> OpenedStore:
    """Return a store that is in memory because it was asked for."""
    reason = _("Everything is kept in memory and forgotten when the program ends.")
    return OpenedStore(VaultStatus(_("memory only"), False, reason), MemoryStore())


def _candidates(platform: str) -> list[str]:
    if platform == "win32":
        return [WINDOWS]
    if platform == "darwin":
        return [MACOS]
    return [SECRET_SERVICE, KWALLET, LIBSECRET]


def _open_first(backends: list[str]) -> OpenedStore:
    first_error: NoKeyringError | None = None
    for backend in backends:
        try:
            return _open(backend)
        except NoKeyringError as error:
            first_error = first_error or error
    raise first_error or NoKeyringServiceError()


def _open(backend: str) -> OpenedStore:
    if backend == SECRET_SERVICE:
        name = secret_service.find_provider()
        items = SecretServiceItems()
        return OpenedStore(VaultStatus(name, True, ""), KeyringStore(items, items.unlock, items.would_ask))
    return _open_by_priority(backend)


def _open_by_priority(backend: str) -> OpenedStore:
    """Open a back end that says itself, through its priority, whether it can work here (unproven, see above)."""
    instance = _instance(backend)
    try:
        _priority = type(instance).priority
    except Exception as error:
        log.info("%s cannot be used here (%s)", backend, type(error).__name__)
        is_part_of_the_system = backend in (MACOS, WINDOWS)
        raise (KeyringServiceBrokenError if is_part_of_the_system else NoKeyringServiceError)() from None
    if backend == WINDOWS:
        # The default roams to other computers of a domain (CREDENTIALW, "Persist": CRED_PERSIST_ENTERPRISE).
        instance.persist = "local machine"
    names = {
        KWALLET: "KDE Wallet",
        LIBSECRET: secret_service.UNKNOWN_PROVIDER,
        MACOS: "macOS Keychain",
        WINDOWS: "Windows Credential Manager",
    }
    # None of them tells beforehand whether it would ask.
    store = KeyringStore(instance, unlock=lambda: _look(backend, instance), would_ask=lambda: False)
    return OpenedStore(VaultStatus(names[backend], True, ""), store)


def _look(backend: str, instance: KeyringBackend) -> None:
    """Read an item that does not exist: KDE Wallet then asks for its password, and says so when it was not given.

    Its other methods would report that as a refusal. macOS and Windows ask, if at all, at each item.
    """
    if backend == KWALLET:
        instance.get_password("sts-desktop/unlock", ACCOUNT)


def _instance(backend: str) -> Any:
    """Make the back end, without what `KEYRING_PROPERTY_…` variables would set on it.

    They could, for one, point to a collection that is forgotten at the end of the session.
    """
    module_name, class_name = backend.rsplit(".", 1)
    instance = getattr(importlib.import_module(module_name), class_name)()
    for name, value in list(vars(instance).items()):
        if os.environ.get(f"KEYRING_PROPERTY_{name.upper()}") == value:
            delattr(instance, name)
    return instance


def _wished_first(candidates: list[str], wish: _Wish | None) -> list[str]:
    if wish is None:
        return candidates
    if wish.backend in candidates:
        return sorted(candidates, key=lambda backend: backend != wish.backend)
    log.warning("the keyring back end %s, named by %s, is not used", _shown(wish), wish.source)
    return candidates


def _wish(environment: Mapping[str, str]) -> _Wish | None:
    """Return what keyring's own configuration asks for, in keyring's own order (`keyring.core._detect_backend`)."""
    wished = environment.get(_ENVIRONMENT_VARIABLE, "").strip()
    if wished:
        return _Wish(wished, _ENVIRONMENT_VARIABLE)
    wished = _configured(_configuration_directory() / _CONFIGURATION_FILE)
    return _Wish(wished, _CONFIGURATION_FILE) if wished else None


def _configuration_directory() -> Path:
    from keyring.util import platform_

    return Path(platform_.config_root())


def _configured(file: Path) -> str:
    """Return the back end that keyring's configuration file names, or ''; its `keyring-path` is never used."""
    import configparser

    parser = configparser.RawConfigParser()
    try:
        parser.read(file, encoding="utf-8")
        return parser.get("backend", "default-keyring", fallback="").strip()
    except (configparser.Error, UnicodeError, OSError) as error:
        log.warning("keyring's configuration file cannot be read and is ignored (%s)", type(error).__name__)
        return ""


def _refusal(candidates: list[str], wish: _Wish | None) -> str:
    if wish is None or wish.backend in candidates:
        return ""
    return _("The keyring back end {backend}, named by {source}, is not one that STS Desktop trusts.").format(
        backend=_shown(wish), source=wish.source
    )


def _shown(wish: _Wish) -> str:
    """The wished name when it looks like one; other text from outside is not repeated."""
    return wish.backend if _CLASS_PATH.fullmatch(wish.backend) else "(…)"
