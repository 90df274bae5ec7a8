"""The window on Wayland, on a compositor without a screen: it paints, gets a token, and ends."""

from collections.abc import Callable

import pytest

from tests.end_to_end.person import Person
from tests.end_to_end.tray_host import TrayHost

pytestmark = pytest.mark.desktop(
    "Xvfb", "jwm", "dunst", "gnome-keyring-daemon", "xprop", "gdbus", "weston", "xfce4-panel"
)


def test_window_paints_gets_a_token_and_ends(sit_down: Callable[..., Person]) -> None:
    person = sit_down()
    person.make_profile("work", "bob")
    person.desktop.start_compositor()
    program = person.start()
    person.screen.find("Get token", "push button").press()
    person.sees("Renew")
    assert person.states() == {"work": "active"}
    program.terminate()
    assert program.wait(30) == 0


def test_tray_that_comes_long_after_the_start_is_found(
    sit_down: Callable[..., Person], look_at_tray: Callable[[Person], TrayHost]
) -> None:
    person = sit_down()
    person.make_profile("work", "bob")
    person.desktop.start_compositor()
    person.start()
    person.sees("This desktop has no tray")
    person.desktop.start_panel()  # on the X server beside it: all that counts is on D-Bus
    look_at_tray(person).wait_for_icon()
    person.sees_no_more("This desktop has no tray")
    look_at_tray(person).click("work", "Get token")
    person.sees("Renew")
