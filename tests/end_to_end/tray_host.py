"""What a tray does with an icon: it reads its tool tip and its menu over D-Bus, and clicks.

StatusNotifierItem (freedesktop.org) and com.canonical.dbusmenu, as Plasma, Xfce and GNOME's extension speak them.
"""

from dataclasses import dataclass
from typing import Any

from jeepney import DBusAddress, Properties, new_method_call  # type: ignore[import-untyped]  # has no types
from jeepney.io.blocking import open_dbus_connection  # type: ignore[import-untyped]

from tests.waiting import wait_until

WATCHER = DBusAddress("/StatusNotifierWatcher", "org.kde.StatusNotifierWatcher", "org.kde.StatusNotifierWatcher")
SECONDS = 10.0


@dataclass(frozen=True)
class Entry:
    """One entry of the menu, with those below it."""

    number: int
    title: str
    is_enabled: bool
    entries: tuple["Entry", ...]


class TrayHost:
    """Reads the one icon there is."""

    def __init__(self, bus: str) -> None:
        self._connection = open_dbus_connection(bus)

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()

    def wait_for_icon(self) -> None:
        """Wait until a program has put an icon into the tray."""
        wait_until(self._items, "an icon in the tray")

    def wait_for_no_icon(self) -> None:
        """Wait until no icon is left, not even that of a program which has ended."""
        wait_until(lambda: not self._items(), "the icon to leave the tray")

    @property
    def tool_tip(self) -> str:
        """Title and text of the tool tip."""
        _icon, _pixmaps, title, text = self._property(self._item("org.kde.StatusNotifierItem"), "ToolTip")
        return f"{title}\n{text}"

    def entries(self) -> tuple[Entry, ...]:
        """Open the menu, and return what is in it."""
        self._call(self._menu(), "AboutToShow", "i", 0)
        layout = self._call(self._menu(), "GetLayout", "iias", 0, -1, [])[1]
        return _entry(layout).entries

    def click(self, *path: str) -> None:
        """Click an entry, by the beginnings of the titles on the way to it."""
        entries = self.entries()
        for title in path:
            found = next(entry for entry in entries if entry.title.startswith(title))
            entries = found.entries
        assert found.is_enabled, f"{path} cannot be clicked"
        self._call(self._menu(), "Event", "isvu", found.number, "clicked", ("s", ""), 0)

    def _items(self) -> list[str]:
        reply = self._connection.send_and_get_reply(
            Properties(WATCHER).get("RegisteredStatusNotifierItems"), timeout=SECONDS
        )
        return list(reply.body[0][1]) if reply.header.message_type.name == "method_return" else []

    def _item(self, interface: str) -> DBusAddress:
        name, _slash, path = self._items()[0].partition("/")
        return DBusAddress(f"/{path}", name, interface)

    def _menu(self) -> DBusAddress:
        item = self._item("org.kde.StatusNotifierItem")
        return DBusAddress(self._property(item, "Menu"), item.bus_name, "com.canonical.dbusmenu")

    def _property(self, address: DBusAddress, name: str) -> Any:
        return self._connection.send_and_get_reply(Properties(address).get(name), timeout=SECONDS).body[0][1]

    def _call(self, address: DBusAddress, method: str, signature: str, *body: Any) -> Any:
        reply = self._connection.send_and_get_reply(new_method_call(address, method, signature, body), timeout=SECONDS)
        assert reply.header.message_type.name == "method_return", reply.body
        return reply.body


def _entry(layout: Any) -> Entry:
    number, properties, children = layout
    title = _displayed(properties.get("label", ("s", ""))[1])
    return Entry(
        number, title, properties.get("enabled", ("b", True))[1], tuple(_entry(child) for _kind, child in children)
    )


def _displayed(label: str) -> str:
    """Return what a host shows: two underscores are one, and single ones are not shown (com.canonical.dbusmenu)."""
    return "_".join(part.replace("_", "") for part in label.split("__"))
