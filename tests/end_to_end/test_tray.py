"""The tray of a real desktop: seen, clicked, late, gone; and what is told with the window closed."""

import html
import time
from collections.abc import Callable

import pytest

from sts_desktop.core.duration import MINIMUM_SECONDS
from sts_desktop.core.renewal import WARN_BEFORE
from sts_desktop.demo.control import Faults
from sts_desktop.demo.directory import ACCOUNT
from tests.end_to_end.person import Person
from tests.end_to_end.tray_host import TrayHost
from tests.waiting import wait_until

pytestmark = pytest.mark.desktop(
    "Xvfb", "jwm", "dunst", "gnome-keyring-daemon", "xdotool", "xprop", "gdbus", "xfce4-panel"
)

LATE_SECONDS = 3
"""How late a tray may well come at login."""

SOON_SECONDS = 2
"""How long after a session was got its end is to be told of."""

Look = Callable[[Person], TrayHost]


def test_session_is_renewed_from_the_tray_with_the_window_closed(
    sit_down: Callable[..., Person], look_at_tray: Look
) -> None:
    person = sit_down(tray="sni")
    person.make_profile("work", "alice")
    program = person.start("--hidden")
    tray = look_at_tray(person)
    tray.wait_for_icon()
    assert not person.screen.has("Get token")
    assert [entry.title for entry in tray.entries() if entry.title][-2:] == ["Open STS Desktop", "Quit"]

    tray.click("work", "Get token")
    person.sees("Code of alice-phone")
    person.type(person.code("alice"))
    person.press("Return")
    person.sees_notification("“work” has a fresh session")
    assert person.states() == {"work": "active"}
    wait_until(lambda: "1 active" in tray.tool_tip, "the new session in the tool tip")

    tray.click("Quit")
    assert program.wait(30) == 0
    tray.wait_for_no_icon()


def test_second_start_shows_the_first_ones_window(sit_down: Callable[..., Person], look_at_tray: Look) -> None:
    person = sit_down(tray="sni")
    person.make_profile("work", "bob")
    first = person.start("--hidden")
    look_at_tray(person).wait_for_icon()
    second = person.start()
    assert second.wait(30) == 0
    person.sees("Get token")
    assert first.poll() is None


def test_closing_goes_on_where_there_is_a_tray(sit_down: Callable[..., Person], look_at_tray: Look) -> None:
    person = sit_down(tray="sni")
    person.make_profile("work", "bob")
    program = person.start()
    person.sees("Get token")
    look_at_tray(person).wait_for_icon()
    person.press("alt+F4")
    person.sees_no_more("Get token")
    person.sees_notification("STS Desktop goes on in the tray")
    assert program.poll() is None


def test_closing_ends_where_there_is_none(sit_down: Callable[..., Person]) -> None:
    person = sit_down()
    person.make_profile("work", "bob")
    program = person.start()
    person.sees("This desktop has no tray")
    person.press("alt+F4")
    assert program.wait(30) == 0


def test_tray_that_comes_late_is_found(sit_down: Callable[..., Person], look_at_tray: Look) -> None:
    person = sit_down()
    person.make_profile("work", "bob")
    program = person.start()
    person.sees("Get token")
    painted = time.monotonic()
    wait_until(lambda: time.monotonic() - painted > LATE_SECONDS, "the tray's time to come")
    assert not person.screen.has("This desktop has no tray")
    person.desktop.start_panel()
    look_at_tray(person).wait_for_icon()
    person.press("alt+F4")
    person.sees_no_more("Get token")
    assert program.poll() is None


@pytest.mark.fault(21)
def test_end_by_a_signal_leaves_no_icon_and_a_killed_one_is_taken_over(
    sit_down: Callable[..., Person], look_at_tray: Look
) -> None:
    person = sit_down(tray="sni")
    person.make_profile("work", "bob")
    tray = look_at_tray(person)
    first = person.start("--hidden")
    tray.wait_for_icon()
    first.terminate()
    assert first.wait(30) == 0
    tray.wait_for_no_icon()

    person.start("--hidden").kill()
    killed = person.start("--hidden")
    tray.wait_for_icon()
    killed.kill()
    killed.wait(30)
    person.start()
    person.sees("Get token")
    wait_until(lambda: person.states() == {"work": "none"}, "the state of a session that there is none of")


@pytest.mark.fault(41)
def test_name_full_of_markup_is_shown_as_text(sit_down: Callable[..., Person], look_at_tray: Look) -> None:
    person = sit_down(tray="sni")
    person.make_profile("<b>R&D</b>", "bob")
    person.start("--hidden")
    tray = look_at_tray(person)
    tray.wait_for_icon()
    tray.click("<b>R&D</b>", "Get token")
    person.sees_notification("“<b>R&D</b>” has a fresh session")


def test_names_are_shown_as_they_are(sit_down: Callable[..., Person], look_at_tray: Look) -> None:
    person = sit_down(tray="sni")
    names = ("prod_admin", "R&D & more", "__init__")
    for name in names:
        person.make_profile(name, "bob")
    person.start("--hidden")
    tray = look_at_tray(person)
    tray.wait_for_icon()
    shown = tray.entries()
    assert sorted(entry.title.partition(" — ")[0] for entry in shown if " — " in entry.title) == sorted(names)
    (entry,) = [entry for entry in shown if entry.title.startswith("prod_admin")]
    assert "Write to [prod_admin]" in [action.title for action in entry.entries]


def test_without_a_notification_daemon_the_window_tells(sit_down: Callable[..., Person], look_at_tray: Look) -> None:
    person = sit_down(tray="sni", notifications=False)
    person.make_profile("work", "bob")
    person.start("--hidden")
    tray = look_at_tray(person)
    tray.wait_for_icon()
    tray.click("work", "Get token")
    wait_until(lambda: person.states()["work"] == "active", "a session")
    wait_until(lambda: "1 active" in tray.tool_tip, "the session in the tray")
    tray.click("Open")
    person.sees("has a fresh session")


def test_quit_with_the_window_open_is_not_taken_for_going_on_in_the_tray(
    sit_down: Callable[..., Person], look_at_tray: Look
) -> None:
    person = sit_down(tray="sni")
    person.make_profile("work", "bob")
    program = person.start()
    person.sees("Get token")
    tray = look_at_tray(person)
    tray.wait_for_icon()
    tray.click("Quit")
    assert program.wait(30) == 0
    assert "goes on in the tray" not in person.told_on_the_desktop()
    person.start()
    person.sees("Get token")
    look_at_tray(person).wait_for_icon()
    person.press("alt+F4")
    person.sees_notification("goes on in the tray")  # the first time that it does


def test_icon_in_an_older_tray_opens_the_window(sit_down: Callable[..., Person]) -> None:
    """XEmbed, as i3bar, tint2 and jwm have it: nobody but the mouse can reach the icon."""
    person = sit_down(tray="xembed")
    person.make_profile("work", "bob")
    program = person.start("--hidden")

    def click_until_it_opens() -> bool:
        person.desktop.run("xdotool", "mousemove", "1264", "784", "click", "1")
        return person.screen.has("Get token")

    wait_until(click_until_it_opens, "the window")
    person.press("alt+F4")
    person.sees_no_more("Get token")
    assert program.poll() is None


def opened_beside(person: Person, known: list[str]) -> str:
    """Wait for a window of the program beside those known, and return it: its menus are in no screen reader's tree."""
    opened: list[str] = []

    def look() -> bool:
        shown = person.desktop.says("xdotool", "search", "--onlyvisible", "--class", "sts|python").split()
        opened[:] = [window for window in shown if window not in known]
        return bool(opened)

    wait_until(look, "a window of the program")
    return opened[0]


def click_first_entry(person: Person, menu: str) -> None:
    """Click the first entry of a menu, with the mouse."""
    person.desktop.run("xdotool", "mousemove", "--window", menu, "60", "11", "click", "1")


def test_session_is_got_by_the_menu_of_an_older_tray_with_the_window_closed(sit_down: Callable[..., Person]) -> None:
    person = sit_down(tray="xembed")
    person.make_profile("work", "alice")
    person.start("--hidden")

    icon = opened_beside(person, [])
    person.desktop.run("xdotool", "mousemove", "1264", "784", "click", "3")
    menu = opened_beside(person, [icon])
    click_first_entry(person, menu)
    click_first_entry(person, opened_beside(person, [icon, menu]))  # Get token
    person.sees("Code of alice-phone")
    assert not person.screen.has("Search profiles")  # the window is closed still
    person.type(person.code("alice"))
    person.press("Return")
    person.sees_notification("“work” has a fresh session")
    assert person.states() == {"work": "active"}


def test_tray_that_goes_for_good_leaves_the_window(sit_down: Callable[..., Person], look_at_tray: Look) -> None:
    person = sit_down(tray="sni")
    person.make_profile("work", "bob")
    person.start()
    person.sees("Get token")
    look_at_tray(person).wait_for_icon()
    person.desktop.end("xfce4-panel")
    person.command("list")
    program = person.start()  # started again, the window is there as ever
    assert program.wait(30) == 0
    person.sees("Get token")


def test_click_on_a_notification_opens_the_window(sit_down: Callable[..., Person], look_at_tray: Look) -> None:
    person = sit_down(tray="sni")
    person.make_profile("work", "bob")
    person.start("--hidden")
    tray = look_at_tray(person)
    tray.wait_for_icon()
    tray.click("work", "Get token")
    wait_until(lambda: person.desktop.run("dunstctl", "count", "displayed").strip() == "1", "the notification")
    person.desktop.run("dunstctl", "action")
    person.sees("Renew")


@pytest.mark.fault(41)
def test_end_that_is_near_is_told_and_a_click_on_that_renews(
    sit_down: Callable[..., Person], look_at_tray: Look
) -> None:
    person = sit_down(tray="sni")
    names = ("<b>R&D</b>", "<i>Lab</i>")  # two, for the daemon forgets what a notification said once it was clicked
    profiles = [person.make_profile(name, "bob", duration_seconds=MINIMUM_SECONDS) for name in names]
    person.start("--hidden")
    look_at_tray(person).wait_for_icon()
    # By this computer's clock the sessions end a moment after it is time to tell of that.
    ahead = WARN_BEFORE.total_seconds() + SOON_SECONDS - MINIMUM_SECONDS
    person.sts.control.set(Faults(clock_offset_seconds=int(ahead)))
    for name in names:
        person.command("get-token", name)
    person.sts.control.set(Faults())
    keys = [person.key_in_keyring(profile) for profile in profiles]
    wait_until(lambda: person.shown_notifications() == 2, "the notifications")
    person.desktop.run("dunstctl", "action")

    def renewed() -> list[str]:
        now = [person.key_in_keyring(profile) for profile in profiles]
        return [name for name, before, key in zip(names, keys, now, strict=True) if key != before]

    wait_until(renewed, "a renewed session")
    (clicked,) = renewed()
    (other,) = set(names) - {clicked}
    person.sees_notification(f"“{clicked}” has a fresh session")
    assert not person.screen.has("Renew")  # all that without a window

    told = person.told_on_the_desktop()
    assert f"“{other}” expires soon" in told
    assert f"“{html.escape(other)}” expires soon" in told  # as it is drawn, from markup
    for known in (ACCOUNT, "arn:", "AKIA", "ASIA", *keys):
        assert known not in told


def test_hidden_start_without_a_tray_shows_the_window(sit_down: Callable[..., Person]) -> None:
    person = sit_down()
    person.make_profile("work", "bob")
    person.start("--hidden")
    person.sees("Get token")
