"""The window on Wayland, on a compositor without a screen: it paints, gets a token, and ends."""

from collections.abc import Callable

import pytest

from tests.end_to_end.person import Person

pytestmark = pytest.mark.desktop("Xvfb", "jwm", "dunst", "gnome-keyring-daemon", "xprop", "gdbus", "weston")


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
