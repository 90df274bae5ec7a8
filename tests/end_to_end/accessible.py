"""A running program by the names that a screen reader says: AT-SPI over D-Bus (at-spi2-core, `xml/*.xml`)."""

from collections.abc import Iterator
from typing import Any, Self

from jeepney import DBusAddress, Properties, new_method_call  # type: ignore[import-untyped]  # has no types
from jeepney.io.blocking import open_dbus_connection  # type: ignore[import-untyped]

from tests.waiting import wait_until

PREFIX = "org.a11y.atspi."
SECONDS = 10.0


class Node:
    """One widget, or the application that holds them all."""

    def __init__(self, connection: Any, name: str, path: str) -> None:
        self._connection = connection
        self._address = DBusAddress(path, name)

    @classmethod
    def desktop(cls, bus: str) -> Self:
        """Return the root of all accessible programs on the session bus at `bus`."""
        session = open_dbus_connection(bus)
        address = DBusAddress("/org/a11y/bus", "org.a11y.Bus", "org.a11y.Bus")
        (own_bus,) = session.send_and_get_reply(new_method_call(address, "GetAddress"), timeout=SECONDS).body
        session.close()
        return cls(open_dbus_connection(own_bus), "org.a11y.atspi.Registry", "/org/a11y/atspi/accessible/root")

    def close(self) -> None:
        """Close the connection, which all nodes of a desktop share."""
        self._connection.close()

    @property
    def name(self) -> str:
        """What the widget is called."""
        address = self._address.with_interface(PREFIX + "Accessible")
        reply = self._connection.send_and_get_reply(Properties(address).get("Name"), timeout=SECONDS)
        return str(reply.body[0][1]) if reply.header.message_type.name == "method_return" else ""

    @property
    def role(self) -> str:
        """What kind of widget it is, such as `push button`."""
        return str(self._call("Accessible", "GetRoleName"))

    @property
    def text(self) -> str:
        """What stands in it."""
        return str(self._call("Text", "GetText", "ii", 0, -1))

    @property
    def is_shown(self) -> bool:
        """Whether it is on the screen (`ATSPI_STATE_SHOWING`, 25)."""
        states = self._call("Accessible", "GetState")
        return bool(states[0] & (1 << 25))

    @property
    def middle(self) -> tuple[int, int]:
        """Where a click meets it, on the screen."""
        x, y, width, height = self._call("Component", "GetExtents", "u", 0)
        return x + width // 2, y + height // 2

    def press(self) -> None:
        """Press it as a screen reader does, where there is no mouse."""
        names = [action[0] for action in self._call("Action", "GetActions")]
        self._call("Action", "DoAction", "i", names.index("Press"))

    def find(self, name: str, role: str = "") -> "Node":
        """Return the first shown widget with this name, once there is one."""
        found: list[Node] = []

        def look() -> bool:
            found[:] = [node for node in self._walk() if node._is(name, role)][:1]
            return bool(found)

        wait_until(look, f"{role or 'something'} called {name!r}")
        return found[0]

    def has(self, name: str, role: str = "") -> bool:
        """Return whether a widget with this name is shown now."""
        return any(node._is(name, role) for node in self._walk())

    def _is(self, name: str, role: str) -> bool:
        try:
            return name in self.name and role in ("", self.role) and self.is_shown
        except LookupError:
            return False  # it has gone since

    def _walk(self) -> Iterator["Node"]:
        yield self
        try:
            children = self._call("Accessible", "GetChildren")
        except LookupError:
            return
        for name, path in children:
            yield from Node(self._connection, name, path)._walk()

    def _call(self, interface: str, method: str, signature: str | None = None, *body: Any) -> Any:
        address = self._address.with_interface(PREFIX + interface)
        reply = self._connection.send_and_get_reply(new_method_call(address, method, signature, body), timeout=SECONDS)
        if reply.header.message_type.name == "error":
            raise LookupError(f"{interface}.{method}: {reply.body}")
        return reply.body[0] if reply.body else None
