"""One process at a time for each profile."""

import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

import pytest

from sts_desktop.core.cancellation import Cancellation, Cancelled
from sts_desktop.core.process_locks import ChangeLock, RenewalLocks

HOLDER = """
import sys
from pathlib import Path
from sts_desktop.core.cancellation import Cancellation
from sts_desktop.core.process_locks import ChangeLock, RenewalLocks
with RenewalLocks(Path(sys.argv[1])).held("a1", Cancellation(), lambda: None):
    print("held", flush=True)
    sys.stdin.read()
"""


def nobody_waits() -> None:
    raise AssertionError("there is nothing to wait for")


@pytest.fixture
def make_locks(tmp_path: Path) -> Callable[..., RenewalLocks]:
    """Make the locks of another process each time."""
    return lambda **options: RenewalLocks(tmp_path / "locks", **options)


def test_a_free_lock_is_taken_at_once(make_locks: Callable[..., RenewalLocks]) -> None:
    first, second = make_locks(), make_locks()
    with (
        first.held("a1", Cancellation(), nobody_waits) as first_has_waited,
        second.held("b2", Cancellation(), nobody_waits) as second_has_waited,
    ):
        assert not first_has_waited
        assert not second_has_waited
    with second.held("a1", Cancellation(), nobody_waits) as has_waited:
        assert not has_waited


def test_another_process_waits_and_is_told_so(make_locks: Callable[..., RenewalLocks]) -> None:
    first, second = make_locks(), make_locks()
    waits, outcome = threading.Event(), list[bool]()

    def come_second() -> None:
        with second.held("a1", Cancellation(), waits.set) as has_waited:
            outcome.append(has_waited)

    thread = threading.Thread(target=come_second)
    with first.held("a1", Cancellation(), nobody_waits):
        thread.start()
        assert waits.wait(20)
        assert outcome == []
    thread.join(20)
    assert outcome == [True]


@pytest.mark.expects_warnings
def test_one_process_does_not_wait_for_itself(make_locks: Callable[..., RenewalLocks]) -> None:
    locks, other = make_locks(), make_locks(patience_seconds=0)
    with ExitStack() as stack:
        stack.enter_context(locks.held("a1", Cancellation(), nobody_waits))
        with locks.held("a1", Cancellation(), nobody_waits) as has_waited:
            assert not has_waited
        waits = threading.Event()
        with other.held("a1", Cancellation(), waits.set):
            assert waits.is_set()  # the first call still holds it


def test_cancelling_ends_the_wait(make_locks: Callable[..., RenewalLocks]) -> None:
    cancellation = Cancellation()
    with (
        make_locks().held("a1", Cancellation(), nobody_waits),
        pytest.raises(Cancelled),
        make_locks().held("a1", cancellation, cancellation.cancel),
    ):
        raise AssertionError("it was cancelled")


@pytest.mark.expects_warnings
def test_who_hangs_is_not_waited_for_for_ever(make_locks: Callable[..., RenewalLocks]) -> None:
    moments = iter([0.0, 10.0, 241.0])
    patient = make_locks(monotonic=lambda: next(moments))
    with make_locks().held("a1", Cancellation(), nobody_waits), patient.held("a1", Cancellation(), lambda: None) as it:
        assert it
    assert list(moments) == []


@pytest.mark.expects_warnings
@pytest.mark.fault(20)
def test_a_killed_process_lets_go(make_locks: Callable[..., RenewalLocks], tmp_path: Path) -> None:
    command = [sys.executable, "-c", HOLDER, str(tmp_path / "locks")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        waits = threading.Event()
        with make_locks(patience_seconds=0).held("a1", Cancellation(), waits.set):
            assert waits.is_set()
        holder.kill()
        holder.wait(20)
        with make_locks().held("a1", Cancellation(), nobody_waits):
            pass


@pytest.mark.expects_warnings
def test_without_a_place_for_locks_it_goes_on(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with RenewalLocks(tmp_path / "file" / "locks").held("a1", Cancellation(), nobody_waits) as has_waited:
        assert not has_waited


@pytest.mark.expects_warnings
def test_call_that_got_no_lock_lets_go_of_no_other(tmp_path: Path) -> None:
    """The directory comes back while the first call works without a lock."""
    (tmp_path / "locks").touch()
    locks = RenewalLocks(tmp_path / "locks")
    with ExitStack() as first, ExitStack() as second:
        first.enter_context(locks.held("a1", Cancellation(), nobody_waits))
        (tmp_path / "locks").unlink()
        second.enter_context(locks.held("a1", Cancellation(), nobody_waits))
        first.close()
        waits = threading.Event()
        with RenewalLocks(tmp_path / "locks", patience_seconds=0).held("a1", Cancellation(), waits.set):
            assert waits.is_set()


def test_changes_of_two_processes_follow_one_another(tmp_path: Path) -> None:
    first, second = (ChangeLock(tmp_path / "locks" / "sessions.lock") for _process in range(2))
    order: list[str] = []
    begun = threading.Event()

    def change() -> None:
        begun.set()
        with second.held():
            order.append("second")

    thread = threading.Thread(target=change)
    with first.held():
        thread.start()
        assert begun.wait(20)
        order.append("first")
    thread.join(20)
    assert order == ["first", "second"]


def test_cancelling_ends_the_wait_for_a_change(tmp_path: Path) -> None:
    path, cancellation = tmp_path / "sessions.lock", Cancellation()
    cancellation.cancel()
    own = ChangeLock(path)
    with ChangeLock(path).held(), pytest.raises(Cancelled), own.held(cancellation):
        raise AssertionError("it was cancelled")
    with own.held(), pytest.raises(Cancelled), own.held(cancellation):  # and that for another thread
        raise AssertionError("it was cancelled")


def test_lock_that_is_held_is_not_free(tmp_path: Path) -> None:
    path = tmp_path / "sessions.lock"
    own, other = ChangeLock(path), ChangeLock(path)
    for holder in (own, other):
        with holder.held(), own.held_if_free() as is_free:
            assert not is_free
    with own.held_if_free() as is_free, other.held_if_free() as is_free_elsewhere:
        assert is_free
        assert not is_free_elsewhere


def test_patience_begins_before_the_turn_among_the_threads(tmp_path: Path) -> None:
    """Or the waits of many for a process that hangs would add up."""
    begun = threading.Event()

    def monotonic() -> float:
        begun.set()
        return 0.0

    lock, held = ChangeLock(tmp_path / "sessions.lock", monotonic=monotonic), threading.Event()

    def come_second() -> None:
        with lock.held():
            held.set()

    thread = threading.Thread(target=come_second)
    with lock.held():
        begun.clear()
        thread.start()
        assert begun.wait(20)
        assert not held.is_set()
    thread.join(20)
    assert held.is_set()


@pytest.mark.expects_warnings
def test_change_of_a_process_that_hangs_is_not_waited_for_for_ever(tmp_path: Path) -> None:
    path, moments = tmp_path / "sessions.lock", iter([0.0, 10.0, 61.0])
    with ChangeLock(path).held(), ChangeLock(path, monotonic=lambda: next(moments)).held():
        assert list(moments) == []
