"""The keyring as desktops have it: there, locked, dismissed, gone, away for a moment, and never there."""

import time
from collections.abc import Callable

import pytest

from tests.end_to_end.desktop_session import PASSWORD
from tests.end_to_end.person import Person
from tests.waiting import wait_until

pytestmark = pytest.mark.desktop("Xvfb", "jwm", "dunst", "gnome-keyring-daemon", "xdotool", "xprop", "gdbus")

DOUBLE_CLICK_SECONDS = 0.5
QUESTION = ("xdotool", "search", "--onlyvisible", "--class", "gcr-prompter")


def wait_for_question(person: Person) -> None:
    """Wait until the keyring asks for its password, in a window of a program of its own, and turn to that."""
    wait_until(lambda: person.desktop.says(*QUESTION).strip(), "the keyring's question")
    person.desktop.run("xdotool", "windowactivate", "--sync", person.desktop.says(*QUESTION).split()[-1])


@pytest.mark.fault(24)
def test_question_that_is_dismissed_is_told_and_not_asked_again(sit_down: Callable[..., Person]) -> None:
    person = sit_down(keyring="locked")
    person.make_profile("work", "bob")
    person.start()
    person.click("Get token", "push button")
    person.sees("Checking the keyring…")
    person.sees("Cancel")
    wait_for_question(person)
    person.press("Escape")
    person.sees("Try again")
    person.expects("PromptDismissedException, taken as KeyringLockedError")
    assert person.states() == {"work": "failed"}


def lock_keyring(person: Person) -> None:
    """Lock the keyring, which was there before: from now on it asks for its password."""
    service = "-d org.freedesktop.secrets -o /org/freedesktop/secrets -m org.freedesktop.Secret.Service.Lock"
    collection = "['/org/freedesktop/secrets/collection/login']"
    person.desktop.run("gdbus", "call", "--session", *service.split(), collection)


def answer_question(person: Person) -> None:
    """Type the keyring's password into its question, which has the keyboard."""
    person.type(PASSWORD)
    person.press("Return")
    wait_until(lambda: not person.desktop.says(*QUESTION).strip(), "the question to go")


@pytest.mark.fault(24)
def test_question_that_is_answered_lets_the_token_through(sit_down: Callable[..., Person]) -> None:
    person = sit_down()
    person.make_profile("work", "bob")
    person.command("get-token", "work")
    lock_keyring(person)
    person.start()
    wait_for_question(person)  # the start compares what it shows with the keyring
    answer_question(person)
    person.click("Renew", "push button")
    person.sees("has a fresh session")


@pytest.mark.fault(24)
def test_cancelled_while_the_question_stands_nothing_is_stored_however_it_is_answered(
    sit_down: Callable[..., Person],
) -> None:
    person = sit_down()
    profile = person.make_profile("work", "bob")
    lock_keyring(person)
    person.start()
    person.click("Get token", "push button")
    person.sees("Cancel")
    began = time.monotonic()
    wait_for_question(person)
    # The second click of a double click is none.
    wait_until(lambda: time.monotonic() - began > DOUBLE_CLICK_SECONDS, "a double click to be over")
    window = person.screen.find("STS Desktop", "frame")
    window.find("Cancel", "push button").press()  # this keyring's question holds the mouse
    wait_until(lambda: window.has("Get token", "push button"), "the window to be usable again")
    assert not window.has("Cancel", "push button")
    assert person.states() == {"work": "none"}
    wait_for_question(person)  # which the keyring leaves standing
    answer_question(person)
    assert person.key_in_keyring(profile) == ""

    person.click("Get token", "push button")
    person.sees("Renew")
    person.sees_what_the_keyring_has(profile)
    issued = [holder for holder in person.sts.directory._holders.values() if holder.session]
    assert len(issued) == 1, "the cancelled one was got too"


@pytest.mark.fault(24)
def test_question_that_nobody_answers_leaves_the_window_alive_and_a_choice(sit_down: Callable[..., Person]) -> None:
    person = sit_down(keyring="locked")
    person.make_profile("work", "bob")
    person.start()
    person.click("Get token", "push button")
    wait_for_question(person)
    person.sees("it may ask for its password in a window of its own")
    person.sees("The keyring does not answer", seconds=60)
    person.sees("Try again")
    person.expects("the keyring did not answer within its limit")
    person.screen.find("Go on without the keyring", "push button").press()  # this keyring's question holds the mouse
    person.sees("Sessions are kept in memory only")
    has_a_token_that_only_this_window_has(person)


def gets_a_token_that_only_this_window_has(person: Person) -> None:
    person.sees("Sessions are kept in memory only")
    person.click("Get token", "push button")
    has_a_token_that_only_this_window_has(person)
    person.click("Copy as bash")
    person.sees("Copied.")


def has_a_token_that_only_this_window_has(person: Person) -> None:
    person.sees("Renew")
    assert person.states() == {"work": "none"}  # another process cannot reach it


@pytest.mark.fault(23)
def test_keyring_that_does_not_start_leaves_sessions_in_memory(sit_down: Callable[..., Person]) -> None:
    person = sit_down(keyring="broken")
    person.make_profile("work", "bob")
    person.start()
    person.sees("Check it in its own program, then start STS Desktop again.")
    gets_a_token_that_only_this_window_has(person)


@pytest.mark.fault(23)
def test_without_any_keyring_sessions_are_kept_in_memory_and_it_is_said_what_to_install(
    sit_down: Callable[..., Person],
) -> None:
    person = sit_down(keyring="none")
    person.make_profile("work", "bob")
    person.start()
    person.sees("Install one, such as GNOME Keyring")
    gets_a_token_that_only_this_window_has(person)


@pytest.mark.fault(23)
@pytest.mark.parametrize("address", [None, "unix:path=/nonexistent/bus"])
def test_without_a_session_bus_the_window_works_and_says_how_to_get_a_keyring(
    sit_down: Callable[..., Person], address: str | None
) -> None:
    person = sit_down()
    person.make_profile("work", "bob")
    person.desktop.leave_bus(address)
    program = person.start()
    person.sees("Start STS Desktop from a desktop session to keep its secrets in the keyring.")
    gets_a_token_that_only_this_window_has(person)
    person.press("alt+F4")  # nor is there a tray
    assert program.wait(30) == 0


@pytest.mark.fault(23)
def test_keyring_that_dies_between_two_sessions_is_told_of(sit_down: Callable[..., Person]) -> None:
    person = sit_down()
    person.make_profile("work", "bob")
    person.start()
    person.click("Get token", "push button")
    person.sees("Renew")
    person.desktop.end("gnome-keyring-daemon")
    person.click("Renew", "push button")
    # D-Bus starts another, which is locked and asks.
    wait_for_question(person)
    person.press("Escape")
    person.sees("Try again")
    person.sees("the old session still works")
    person.expects("KeyringLocked, taken as KeyringLockedError")
    person.expects("taken as KeyringUnavailableError")  # where D-Bus has not started another in time
