"""The freedesktop.org Secret Service, spoken to over D-Bus: is it there, does it work, who is it.

Its items are read and written by `secret_service_items`.
"""

from contextlib import closing
from pathlib import Path
from typing import Any

from sts_desktop.core.vault.errors import KeyringServiceBrokenError, NoKeyringServiceError, NoSessionBusError

BUS_NAME = "org.freedesktop.secrets"

_ANSWER_LIMIT_SECONDS = 15.0
"""How long the service may take to start and answer: below the limit of the keyring thread, which this frees."""

_PROVIDERS = {
    "gnome-keyring-d": "GNOME Keyring",
    "kwalletd5": "KDE Wallet",
    "kwalletd6": "KDE Wallet",
    "ksecretd": "KDE Wallet",
    "keepassxc": "KeePassXC",
}
"""Products by the name of their process, of which Linux keeps 15 characters (proc(5), `/proc/pid/comm`)."""

UNKNOWN_PROVIDER = "Secret Service"


def find_provider() -> str:
    """Return the name of the program that answers as Secret Service, starting it when D-Bus knows how.

    Raises:
        NoSessionBusError: the session bus cannot be reached.
        NoKeyringServiceError: no such service runs or can be started.
        KeyringServiceBrokenError: it does not start, or answers with an error.
        TimeoutError: the bus or the service does not answer; the next attempt may find it ready.
    """
    from jeepney import DBusErrorResponse  # type: ignore[import-untyped]  # has no types

    with closing(_connect()) as connection:
        bus = connection.bus_proxy
        is_running = bus.NameHasOwner(BUS_NAME, _timeout=_ANSWER_LIMIT_SECONDS)[0]
        if not is_running and BUS_NAME not in bus.ListActivatableNames(_timeout=_ANSWER_LIMIT_SECONDS)[0]:
            raise NoKeyringServiceError
        if not _service_works(connection):
            raise KeyringServiceBrokenError
        try:
            return _process_name(bus.GetConnectionUnixProcessID(BUS_NAME, _timeout=_ANSWER_LIMIT_SECONDS)[0])
        except DBusErrorResponse:
            return UNKNOWN_PROVIDER


def _connect() -> Any:
    """Return a connection to the session bus (jeepney's, which has no types)."""
    import secretstorage

    try:
        return secretstorage.dbus_init()
    except TimeoutError:
        raise
    except (secretstorage.SecretStorageException, OSError, RuntimeError):  # RuntimeError: not a Unix socket (jeepney)
        raise NoSessionBusError from None


def _service_works(connection: Any) -> bool:
    """Ask for one property: it needs a running service, and opens no window."""
    from jeepney import DBusAddress, MessageType, Properties

    service = DBusAddress("/org/freedesktop/secrets", BUS_NAME, "org.freedesktop.Secret.Service")
    reply: Any = connection.send_and_get_reply(Properties(service).get("Collections"), timeout=_ANSWER_LIMIT_SECONDS)
    return bool(reply.header.message_type == MessageType.method_return)


def _process_name(process_id: int) -> str:
    """Return the product by its process; where that cannot be seen (in a sandbox), the service's general name."""
    try:
        comm = Path(f"/proc/{process_id}/comm").read_text(encoding="utf-8", errors="replace").strip()
    except OSError:
        return UNKNOWN_PROVIDER
    return _PROVIDERS.get(comm, UNKNOWN_PROVIDER)
