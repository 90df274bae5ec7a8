"""However the program ends, the next start shows every session as the vault has it."""

import signal
import time
from collections.abc import Callable

import pytest

from sts_desktop.demo.control import Faults
from tests.end_to_end.person import Person

pytestmark = pytest.mark.desktop("Xvfb", "jwm", "dunst", "gnome-keyring-daemon", "xdotool", "xprop", "gdbus")


@pytest.mark.fault(21)
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_signal_during_a_fetch_ends_it_at_once_and_leaves_the_old_session(
    sit_down: Callable[..., Person], number: signal.Signals
) -> None:
    person = sit_down()
    person.make_profile("work", "bob")
    person.command("get-token", "work")
    before = person.command("env", "work")
    program = person.start()
    person.sees("Renew")
    person.sts.control.set(Faults(silent=True))
    person.click("Renew", "push button")
    person.sees("Asking STS")
    began = time.monotonic()
    program.send_signal(number)
    assert program.wait(30) == 0
    assert time.monotonic() - began < 5  # two are promised; the machine may be busy
    person.sts.control.set(Faults())
    person.start()
    person.sees("Active")
    assert person.command("env", "work") == before


@pytest.mark.fault(21)
def test_killed_during_a_fetch_the_old_session_is_shown_again(sit_down: Callable[..., Person]) -> None:
    person = sit_down()
    person.make_profile("work", "bob")
    person.command("get-token", "work")
    before = person.command("env", "work")
    program = person.start()
    person.sees("Renew")
    person.sts.control.set(Faults(silent=True))
    person.click("Renew", "push button")
    person.sees("Asking STS")
    program.kill()
    program.wait(30)
    person.sts.control.set(Faults())
    person.start()
    person.sees("Active")
    assert person.states() == {"work": "active"}
    assert person.command("env", "work") == before
