"""Takes pictures of the program on a real desktop: `python -m tests.end_to_end.screenshots DIRECTORY`."""

import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from sts_desktop.demo.directory import demo_directory
from sts_desktop.demo.embedded_sts import EmbeddedSts
from tests.end_to_end.desktop_session import DesktopSession
from tests.end_to_end.person import Person
from tests.end_to_end.tray_host import TrayHost
from tests.waiting import wait_until

ICON = ("1178", "784")
"""Where the panel shows the only icon."""


def main(arguments: Sequence[str]) -> int:
    """Take all pictures, and return the exit code."""
    directory = Path(arguments[0])
    directory.mkdir(parents=True, exist_ok=True)
    with EmbeddedSts(demo_directory()) as sts, tempfile.TemporaryDirectory(prefix="desktop-") as scratch:
        desktop = DesktopSession(Path(scratch) / "d", tray="sni")
        person, tray = Person(desktop, sts), TrayHost(desktop.bus)
        try:
            _take_all(person, tray, directory)
        finally:
            tray.close()
            person.leave()
            desktop.stop()
    sys.stdout.write(f"Pictures are in {directory}\n")
    return 0


def _take_all(person: Person, tray: TrayHost, directory: Path) -> None:
    def take(name: str) -> None:
        person.desktop.run("import", "-window", "root", str(directory / f"{name}.png"))

    for name, user in (("work", "alice"), ("staging", "bob"), ("R&D", "bob")):
        person.make_profile(name, user)
    person.start()
    person.sees("Get token")
    tray.wait_for_icon()
    take("1-window")
    tray.click("staging", "Get token")
    wait_until(lambda: person.states()["staging"] == "active", "a session")
    wait_until(lambda: "1 active" in tray.tool_tip, "the session in the tray")
    person.press("alt+F4")
    person.sees_no_more("Get token")
    person.desktop.run("dunstctl", "close-all")
    person.desktop.run("xdotool", "mousemove", *ICON, "click", "3")
    person.desktop.run("xdotool", "sleep", "0.7", "key", "Down", "Down", "Right", "sleep", "0.5")
    take("2-tray-menu")
    person.press("Escape", "Escape")
    tray.click("work", "Get token")
    person.sees("Code of alice-phone")
    take("3-code")
    person.type(person.code("alice"))
    person.press("Return")
    wait_until(lambda: person.states()["work"] == "active", "a session")
    person.desktop.run("xdotool", "sleep", "0.7")
    take("4-notification")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
