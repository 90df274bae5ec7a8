"""However the program ends, the next start shows every session as the vault has it."""

import json
import os
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import filelock
import pytest

from sts_desktop.core.aws_files.writer import LOCK_NAME
from sts_desktop.core.profile import Profile
from sts_desktop.demo.control import Faults
from tests.end_to_end.desktop_session import LIMIT_SECONDS
from tests.end_to_end.person import Person
from tests.waiting import wait_until

pytestmark = pytest.mark.desktop("Xvfb", "jwm", "dunst", "gnome-keyring-daemon", "xdotool", "xprop", "gdbus")


@pytest.mark.fault(21)
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_signal_during_a_fetch_ends_it_at_once_and_leaves_the_old_session(
    sit_down: Callable[..., Person], number: signal.Signals
) -> None:
    person = sit_down()
    profile = person.make_profile("work", "bob")
    person.command("get-token", "work")
    before = person.command("env", "work")
    program = begin_silent_renewal(person)
    began = time.monotonic()
    program.send_signal(number)
    assert program.wait(30) == 0
    assert time.monotonic() - began < 5  # two are promised; the machine may be busy
    person.sts.control.set(Faults())
    person.start()
    person.sees("Active")
    person.sees_what_the_keyring_has(profile)
    assert person.command("env", "work") == before


@pytest.mark.fault(21)
def test_killed_during_a_fetch_the_old_session_is_shown_again(sit_down: Callable[..., Person]) -> None:
    person = sit_down()
    profile = person.make_profile("work", "bob")
    person.command("get-token", "work")
    before = person.command("env", "work")
    program = begin_silent_renewal(person)
    program.kill()
    program.wait(30)
    person.sts.control.set(Faults())
    person.start()
    person.sees("Active")
    person.sees_what_the_keyring_has(profile)
    assert person.states() == {"work": "active"}
    assert person.command("env", "work") == before


@pytest.mark.fault(21)
def test_screen_that_goes_during_a_fetch_leaves_the_old_session(sit_down: Callable[..., Person]) -> None:
    """As at a logout that ends the X server first: Qt then ends the program itself, with 1."""
    person = sit_down()
    person.make_profile("work", "bob")
    person.command("get-token", "work")
    person.command("write", "work")
    before, written = person.command("env", "work"), person.credentials_file.read_bytes()
    program = begin_silent_renewal(person)
    person.expects_code(1)
    person.expects("The X11 connection broke")
    person.desktop.end("Xvfb")
    assert program.wait(30) == 1
    person.sts.control.set(Faults())
    assert person.states() == {"work": "active"}
    assert person.command("env", "work") == before
    assert person.credentials_file.read_bytes() == written


EXIT_CODES = {signal.SIGTERM: 0, signal.SIGKILL: -signal.SIGKILL}
OTHER_SECTION = "[other-{number}]\naws_session_token = {token}\n\n"
SECTIONS, TOKEN_SIZE = 100, 50_000
"""Five megabytes: more than one write takes."""


@pytest.mark.fault(33)
@pytest.mark.parametrize("number", EXIT_CODES)
def test_ended_while_a_renewal_waits_to_write_the_old_file_is_whole(
    sit_down: Callable[..., Person], number: signal.Signals
) -> None:
    person = sit_down()
    profile = person.make_profile("work", "bob")
    person.command("get-token", "work")
    person.command("write", "work")
    before, old_key = person.credentials_file.read_bytes(), person.key_in_keyring(profile)
    program = person.start()
    person.sees("Renew")
    with filelock.FileLock(person.paths.lock_directory / LOCK_NAME):
        person.click("Renew", "push button")
        wait_until(lambda: person.key_in_keyring(profile) != old_key, "the new session in the keyring")
        wait_until(lambda: _noted_key(person, profile) != old_key, "nothing but the file to be left to write")
        person.sees("Storing the session…")
        end(program, number)
    assert person.credentials_file.read_bytes() == before
    assert not temporary_files(person)
    person.start()
    person.sees_what_the_keyring_has(profile)
    person.sees("The newest session is not in [work]")
    person.click("Write again")
    person.sees("written to [work]")
    assert person.credentials_file.read_bytes() != before


@pytest.mark.fault(33)
@pytest.mark.parametrize("number", EXIT_CODES)
def test_ended_in_the_middle_of_a_write_the_file_is_the_old_one_or_the_new_one(
    sit_down: Callable[..., Person], number: signal.Signals
) -> None:
    person = sit_down()
    profile = person.make_profile("work", "bob")
    person.command("get-token", "work")
    with person.credentials_file.open("a") as file:
        file.writelines(OTHER_SECTION.format(number=n, token="x" * TOKEN_SIZE) for n in range(SECTIONS))
    before = person.credentials_file.read_bytes()
    program = person.start()
    nothing = traces(person.credentials_file)
    person.click("Write to [work]")
    wait_for_a_change(person.credentials_file, nothing)
    end(program, number)
    after = person.credentials_file.read_bytes()
    if number == signal.SIGTERM:
        assert not temporary_files(person)
    for left in temporary_files(person):
        os.utime(left, (0, 0))  # nobody can be writing it any more
    person.start()
    person.sees_what_the_keyring_has(profile)
    person.click("Write to [work]")  # to see what the whole new file is
    person.sees("written to [work]")
    assert after in (before, person.credentials_file.read_bytes())
    assert not temporary_files(person)


def begin_silent_renewal(person: Person) -> subprocess.Popen[bytes]:
    """Start the program, and let it ask a server that never answers."""
    program = person.start()
    person.sees("Renew")
    person.sts.control.set(Faults(silent=True))
    person.click("Renew", "push button")
    person.sees("Asking STS")
    return program


def end(program: subprocess.Popen[bytes], number: signal.Signals) -> None:
    program.send_signal(number)
    assert program.wait(LIMIT_SECONDS) == EXIT_CODES[number]


def temporary_files(person: Person) -> list[Path]:
    return [*person.credentials_file.parent.glob(".sts-desktop-*")]


def traces(file: Path) -> tuple[set[str], int, int]:
    """Return what a write changes: which files are beside this one, its size and its time."""
    status = os.stat(file)
    return set(os.listdir(file.parent)), status.st_size, status.st_mtime_ns


def wait_for_a_change(file: Path, before: tuple[set[str], int, int]) -> None:
    """Return at the first trace of a write, other than `before`.

    Does not rest in between, as `wait_until` does: a write is over in less time.
    """
    deadline = time.monotonic() + LIMIT_SECONDS
    while traces(file) == before:
        assert time.monotonic() < deadline, "nothing was written"


def _noted_key(person: Person, profile: Profile) -> str:
    """Return the end of the key id that the program has noted for the next start."""
    state = json.loads(person.paths.state_file.read_text())
    return str(state["sessions"][profile.id]["last_four"])
