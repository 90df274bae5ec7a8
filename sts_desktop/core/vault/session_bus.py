"""Where the D-Bus session bus is. Imports no D-Bus library: it is asked for while the program starts."""

import os
import stat
from collections.abc import Mapping

_BUS_ADDRESS_VARIABLE = "DBUS_SESSION_BUS_ADDRESS"


def session_bus_address(environment: Mapping[str, str]) -> str | None:
    """Return the address of the session bus, or None when there is none.

    Where the variable is missing, the bus may still be at its usual place (sd_bus_default(3): `$XDG_RUNTIME_DIR/bus`).
    """
    if address := environment.get(_BUS_ADDRESS_VARIABLE):
        return address
    runtime_directory = environment.get("XDG_RUNTIME_DIR")
    if runtime_directory and _is_socket(os.path.join(runtime_directory, "bus")):
        return f"unix:path={runtime_directory}/bus"
    return None


def adopt_session_bus(environment: Mapping[str, str]) -> None:
    """Set the bus's variable in this process where it is missing.

    jeepney, through which keyring and secretstorage reach the bus, does not look anywhere else. To be called before
    other threads start: changing the environment is not safe beside them (setenv(3), "Attributes").
    """
    address = session_bus_address(environment)
    if address is not None and not os.environ.get(_BUS_ADDRESS_VARIABLE):
        os.environ[_BUS_ADDRESS_VARIABLE] = address


def _is_socket(path: str) -> bool:
    try:
        return stat.S_ISSOCK(os.stat(path).st_mode)
    except OSError:
        return False
