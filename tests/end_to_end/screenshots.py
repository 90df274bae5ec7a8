"""Takes pictures of the program on a real desktop: `python -m tests.end_to_end.screenshots DIRECTORY`."""

import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from sts_desktop.demo.directory import demo_directory
from sts_desktop.demo.embedded_sts import EmbeddedSts
from tests.end_to_end.desktop_session import DesktopSession
from tests.end_to_end.person import Person
from tests.end_to_end.tray_host import TrayHost
from tests.waiting import wait_until

ICON = (26, 16)
"""How far from the panel's left lower corner it shows the only icon; the panel is the last tenth of the screen."""

MENU = "560x190+720+606"
"""How large the tray's menu is with one submenu open, and where."""


@dataclass(frozen=True)
class Variant:
    """How a person has set up the desktop: one directory of pictures."""

    name: str
    environment: Mapping[str, str]
    screen: tuple[int, int] = (1280, 800)


JAPANESE = {"LANGUAGE": "ja", "LANG": "C.UTF-8"}
LARGE = {"QT_SCALE_FACTOR": "2"}
VARIANTS = (
    Variant("en", {}),
    Variant("ja", JAPANESE),
    Variant("en-200", LARGE, (2560, 1600)),
    Variant("ja-200", JAPANESE | LARGE, (2560, 1600)),
)


def main(arguments: Sequence[str]) -> int:
    """Take all pictures, and return the exit code."""
    directory = Path(arguments[0])
    for variant in VARIANTS:
        with EmbeddedSts(demo_directory()) as sts, tempfile.TemporaryDirectory(prefix="desktop-") as scratch:
            desktop = DesktopSession(Path(scratch) / "d", tray="sni", screen=variant.screen)
            desktop.environment |= variant.environment
            person, tray = Person(desktop, sts), TrayHost(desktop.bus)
            try:
                _take_all(person, tray, directory / variant.name)
            finally:
                tray.close()
                person.leave()
                desktop.stop()
    sys.stdout.write(f"Pictures are in {directory}\n")
    return 0


def _take_all(person: Person, tray: TrayHost, directory: Path) -> None:
    """Take the pictures of one variant; what is waited for is the same in all languages."""

    def take(name: str, *crop: str) -> None:
        person.desktop.run("import", "-window", "root", *crop, str(directory / f"{name}.png"))

    def get_token(name: str, duration: str) -> None:
        person.command("get-token", name, "--duration", duration)
        wait_until(lambda: tray.entries()[0].title.startswith(name), "the session in the tray")

    def rest() -> None:
        person.desktop.run("xdotool", "sleep", "0.7")  # until what fades in has done so

    directory.mkdir(parents=True, exist_ok=True)
    for name, user in (("work", "alice"), ("staging", "bob"), ("R&D", "bob")):
        person.make_profile(name, user)
    person.start()
    tray.wait_for_icon()
    person.sees("work")
    take("1-window")
    get_token("R&D", "12h")
    get_token("staging", "1h")
    person.click("staging", "list item")
    rest()
    take("2-window-with-sessions")
    person.press("alt+F4")
    wait_until(lambda: person.shown_notifications() > 0, "the notification that it goes on in the tray")
    person.desktop.run("dunstctl", "close-all")
    width, height = person.desktop.screen
    person.desktop.run("xdotool", "mousemove", str(width * 9 // 10 + ICON[0]), str(height - ICON[1]), "click", "3")
    rest()
    person.press("Down", "Right")
    rest()
    take("3-tray-menu")
    take("3-tray-menu-alone", "-crop", MENU, "+repage")
    person.press("Escape", "Escape")
    tray.click("work", "")  # the first entry: Get token
    person.sees("alice-phone")
    rest()
    take("4-code")
    person.type(person.code("alice"))
    person.press("Return")
    wait_until(lambda: person.states()["work"] == "active", "a session")
    rest()
    take("5-notification")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
