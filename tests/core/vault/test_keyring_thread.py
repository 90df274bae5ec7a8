"""One call at a time, no wait without a limit, no answer that nobody expects any more."""

import gc
import queue
import threading
import time
import weakref
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from typing import Any

import pytest

from sts_desktop.core.cancellation import Cancellation
from sts_desktop.core.vault.errors import KeyringLockedError, KeyringNotAnsweringError
from sts_desktop.core.vault.keyring_thread import KeyringThread

LONG = 30.0
SHORT = 0.2


class Prompt:
    """Work that waits for a person."""

    def __init__(self) -> None:
        self.opened = threading.Event()
        self.answered = threading.Event()
        self.was_given_up: bool | None = None

    def __call__(self, cancellation: Cancellation) -> str:
        self.opened.set()
        assert self.answered.wait(LONG)
        self.was_given_up = cancellation.requested
        return "unlocked"


@pytest.fixture
def prompt() -> Iterator[Prompt]:
    prompt = Prompt()
    yield prompt
    prompt.answered.set()


class Arrivals(queue.SimpleQueue[Any]):
    """The queue of a keyring thread, which lets a test wait until so many calls have come."""

    def __init__(self) -> None:
        super().__init__()
        self._count = 0
        self._came = threading.Condition()

    def put(self, item: Any, block: bool = True, timeout: float | None = None) -> None:
        super().put(item, block, timeout)
        with self._came:
            self._count += 1
            self._came.notify_all()

    def wait_for(self, count: int) -> None:
        """Wait until `count` calls have come in all."""
        with self._came:
            assert self._came.wait_for(lambda: self._count >= count, LONG)


def watched(keyring: KeyringThread) -> Arrivals:
    """Give an unused keyring thread a queue that can be waited for."""
    keyring._queue = arrivals = Arrivals()
    return arrivals


def test_gives_back_what_the_work_returns_or_raises() -> None:
    keyring = KeyringThread()
    assert keyring.call(lambda _: 42) == 42

    def fail(_cancellation: Cancellation) -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        keyring.call(fail)
    assert keyring.call(lambda _: 43) == 43


def test_no_thread_before_the_first_call_and_one_after() -> None:
    before = threading.active_count()
    keyring = KeyringThread()
    assert threading.active_count() == before
    names = {keyring.call(lambda _: threading.current_thread().name) for _ in range(3)}
    assert names == {"keyring"}
    assert keyring.call(lambda _: threading.current_thread().daemon)


def test_one_call_at_a_time(prompt: Prompt) -> None:
    """All calls that are there at once run on the only thread there is, which can do no two things at a time."""
    keyring = KeyringThread()
    arrivals = watched(keyring)
    before = set(threading.enumerate())
    together = threading.Barrier(8)
    ran_on: list[threading.Thread] = []

    def work(cancellation: Cancellation) -> None:
        ran_on.append(threading.current_thread())
        prompt(cancellation)

    def call() -> None:
        together.wait(LONG)
        keyring.call(work)

    with ThreadPoolExecutor(together.parties, thread_name_prefix="caller") as pool:
        calls = [pool.submit(call) for _ in range(together.parties)]
        arrivals.wait_for(together.parties)
        assert prompt.opened.wait(LONG)
        assert len(ran_on) == 1
        serving = [thread for thread in set(threading.enumerate()) - before if not thread.name.startswith("caller")]
        prompt.answered.set()
        for called in calls:
            called.result(LONG)
    assert len(ran_on) == together.parties
    assert [*set(ran_on)] == serving


@pytest.mark.fault(25)
@pytest.mark.expects_warnings
def test_a_caller_gives_up_at_its_limit_and_the_late_answer_is_dropped(prompt: Prompt) -> None:
    keyring = KeyringThread(limit_seconds=SHORT)
    with pytest.raises(KeyringNotAnsweringError):
        keyring.call(prompt)
    late = keyring._running
    assert late is not None
    prompt.answered.set()
    assert late.outcome.result(LONG) == "unlocked"  # which nobody waits for any more
    assert prompt.was_given_up
    assert keyring.call(lambda _: "next") == "next"


def test_work_that_is_in_time_was_not_given_up(prompt: Prompt) -> None:
    prompt.answered.set()
    assert KeyringThread().call(prompt) == "unlocked"
    assert prompt.was_given_up is False


@pytest.mark.fault(25)
@pytest.mark.expects_warnings
def test_while_an_earlier_call_is_blocked_others_fail_fast_and_never_run(prompt: Prompt) -> None:
    keyring = KeyringThread(limit_seconds=LONG, busy_limit_seconds=SHORT)
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(keyring.call, prompt)
        assert prompt.opened.wait(LONG)
        assert keyring._running is not None
        keyring._running.cancellation.cancel()  # as when its limit passed
        ran: list[str] = []
        started = time.monotonic()
        with pytest.raises(KeyringNotAnsweringError):
            keyring.call(lambda _: ran.append("never"))
        assert time.monotonic() - started < LONG / 2
        prompt.answered.set()
        first.result()
    assert keyring.call(lambda _: "next") == "next"
    assert ran == []


def test_a_call_that_gets_its_turn_late_still_has_its_time(prompt: Prompt) -> None:
    keyring = KeyringThread(limit_seconds=LONG, busy_limit_seconds=1)
    arrivals = watched(keyring)
    slow = Prompt()
    with ThreadPoolExecutor(2) as pool:
        pool.submit(keyring.call, prompt)
        assert prompt.opened.wait(LONG)
        assert keyring._running is not None
        keyring._running.cancellation.cancel()  # as when its limit passed
        second = pool.submit(keyring.call, slow)
        arrivals.wait_for(2)
        prompt.answered.set()
        assert slow.opened.wait(LONG)
        assert not wait([second], 1.2).done  # longer than the limit for getting its turn
        slow.answered.set()
        assert second.result() == "unlocked"


@pytest.mark.fault(24)
def test_a_dismissed_window_is_not_followed_by_others(prompt: Prompt) -> None:
    keyring = KeyringThread(limit_seconds=LONG)
    arrivals = watched(keyring)

    def dismissed(cancellation: Cancellation) -> None:
        prompt(cancellation)
        raise KeyringLockedError

    ran: list[str] = []
    with ThreadPoolExecutor(3) as pool:
        first = pool.submit(keyring.call, dismissed)
        assert prompt.opened.wait(LONG)
        waiting = [pool.submit(keyring.call, lambda _: ran.append("never")) for _ in range(2)]
        arrivals.wait_for(3)
        prompt.answered.set()
        for call in (first, *waiting):
            assert isinstance(call.exception(), KeyringLockedError)
    assert ran == []
    assert keyring.call(lambda _: "asked again by a person") == "asked again by a person"


class Value:
    """Something that can be watched being forgotten."""


@pytest.mark.parametrize("fails", [False, True], ids=["returns", "raises"])
def test_nothing_of_a_call_is_kept(fails: bool) -> None:
    keyring = KeyringThread()
    gc.disable()
    try:
        value = Value()
        reference = weakref.ref(value)

        def work(_cancellation: Cancellation, value: Value = value) -> None:
            if fails:
                raise ZeroDivisionError

        if fails:
            with pytest.raises(ZeroDivisionError):
                keyring.call(work)
        else:
            keyring.call(work)
        del value, work
        keyring.call(lambda _: None)
        assert reference() is None
    finally:
        gc.enable()
