"""The keyring as desktops have it: there, locked, dismissed, gone, away for a moment, and never there."""

from collections.abc import Callable

import pytest

from tests.end_to_end.desktop_session import PASSWORD, wait_until
from tests.end_to_end.person import Person

pytestmark = pytest.mark.desktop("Xvfb", "jwm", "dunst", "gnome-keyring-daemon", "xdotool", "xprop", "gdbus")


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
    assert person.states() == {"work": "failed"}


@pytest.mark.fault(24)
def test_question_that_is_answered_lets_the_token_through(sit_down: Callable[..., Person]) -> None:
    person = sit_down()
    person.make_profile("work", "bob")
    person.command("get-token", "work")
    service = "-d org.freedesktop.secrets -o /org/freedesktop/secrets -m org.freedesktop.Secret.Service.Lock"
    collection = "['/org/freedesktop/secrets/collection/login']"
    person.desktop.run("gdbus", "call", "--session", *service.split(), collection)
    person.start()
    wait_for_question(person)  # the start compares what it shows with the keyring
    person.type(PASSWORD)
    person.press("Return")
    wait_until(lambda: not person.desktop.says(*QUESTION).strip(), "the question to go")
    person.click("Renew", "push button")
    person.sees("has a fresh session")


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


@pytest.mark.fault(23)
def test_without_a_keyring_sessions_are_kept_in_memory_and_that_is_said(sit_down: Callable[..., Person]) -> None:
    person = sit_down(keyring="none")
    person.make_profile("work", "bob")
    person.start()
    person.sees("Sessions are kept in memory only")
    person.click("Get token", "push button")
    person.sees("Renew")
    assert person.states() == {"work": "none"}  # another process cannot reach it


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
