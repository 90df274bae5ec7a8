"""Work goes to threads, and what comes of it comes back to the GUI thread, once."""

import gc
import logging
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from functools import partial
from typing import Any

import pytest
from PySide6.QtCore import QCoreApplication, QThread
from pytestqt.qtbot import QtBot

from sts_desktop.core.cancellation import Cancelled
from sts_desktop.core.errors import StsDesktopError
from sts_desktop.ui.jobs import WORKERS, Job, Jobs, UnexpectedError

PATIENCE_MS = 15_000


class Calls:
    """Receives a job's callbacks, and notes on which thread."""

    def __init__(self) -> None:
        self.made: list[tuple[str, Any]] = []
        self.threads: set[QThread] = set()

    def _note(self, name: str, value: Any) -> None:
        self.made.append((name, value))
        self.threads.add(QThread.currentThread())

    def succeeded(self, value: Any) -> None:
        self._note("succeeded", value)

    def failed(self, error: StsDesktopError) -> None:
        self._note("failed", error)

    def progressed(self, progress: Any) -> None:
        self._note("progressed", progress)

    def ended(self) -> None:
        self._note("ended", None)

    def callbacks(self) -> dict[str, Any]:
        return {"succeeded": self.succeeded, "failed": self.failed, "progressed": self.progressed}


@pytest.fixture
def calls() -> Calls:
    return Calls()


@pytest.fixture
def gates() -> Iterator[Callable[[], threading.Event]]:
    """Events that block work; all are set at the end, whatever happened."""
    made: list[threading.Event] = []

    def gate() -> threading.Event:
        made.append(threading.Event())
        return made[-1]

    yield gate
    for event in made:
        event.set()


@pytest.fixture
def jobs(qtbot: QtBot, gates: Callable[[], threading.Event]) -> Iterator[Jobs]:
    jobs = Jobs()
    yield jobs
    jobs.close(0)
    jobs.deleteLater()


def test_result_arrives_on_the_gui_thread(qtbot: QtBot, jobs: Jobs, calls: Calls) -> None:
    worker: list[int] = []

    def work(_job: Job) -> str:
        worker.append(threading.get_ident())
        return "done"

    with qtbot.waitSignal(jobs.idle, timeout=PATIENCE_MS):
        jobs.start(work, **calls.callbacks())
    application = QCoreApplication.instance()
    assert application is not None
    assert calls.made == [("succeeded", "done")]
    assert calls.threads == {application.thread()}
    assert worker != [threading.get_ident()]


def test_error_of_ours_arrives_as_it_is(qtbot: QtBot, jobs: Jobs, calls: Calls) -> None:
    error = StsDesktopError("No", "It did not work.")

    def work(_job: Job) -> None:
        raise error

    with qtbot.waitSignal(jobs.idle, timeout=PATIENCE_MS):
        jobs.start(work, **calls.callbacks())
    assert calls.made == [("failed", error)]
    assert len(calls.threads) == 1


@pytest.mark.expects_warnings
def test_any_other_exception_is_logged_and_told_as_a_bug(
    qtbot: QtBot, jobs: Jobs, calls: Calls, caplog: pytest.LogCaptureFixture
) -> None:
    def work(_job: Job) -> None:
        raise ZeroDivisionError("in the work")

    with qtbot.waitSignal(jobs.idle, timeout=PATIENCE_MS):
        jobs.start(work, **calls.callbacks())
    assert [name for name, _value in calls.made] == ["failed"]
    told = calls.made[0][1]
    assert isinstance(told, UnexpectedError)
    assert "in the work" not in str(told)
    record = next(record for record in caplog.records if record.levelno == logging.ERROR)
    assert record.exc_info is not None
    assert record.exc_info[0] is ZeroDivisionError


def test_progress_arrives_in_order_before_the_result(qtbot: QtBot, jobs: Jobs, calls: Calls) -> None:
    def work(job: Job) -> str:
        for step in range(3):
            job.report(step)
        return "done"

    with qtbot.waitSignal(jobs.idle, timeout=PATIENCE_MS):
        jobs.start(work, **calls.callbacks())
    assert calls.made == [("progressed", 0), ("progressed", 1), ("progressed", 2), ("succeeded", "done")]


def test_progress_without_a_receiver_is_dropped(qtbot: QtBot, jobs: Jobs, calls: Calls) -> None:
    with qtbot.waitSignal(jobs.idle, timeout=PATIENCE_MS):
        jobs.start(lambda job: job.report("half"), succeeded=calls.succeeded, failed=calls.failed)
    assert calls.made == [("succeeded", None)]


def test_late_result_of_a_cancelled_job_is_dropped(
    qtbot: QtBot, jobs: Jobs, calls: Calls, gates: Callable[[], threading.Event]
) -> None:
    running, gate = gates(), gates()

    def work(job: Job) -> str:
        running.set()
        gate.wait(20)
        job.report("late")
        return "late" if job.cancellation.requested else "never told"

    job = jobs.start(work, **calls.callbacks())
    assert running.wait(20)
    jobs.cancel(job)
    assert not jobs.is_idle()  # the thread is still at it, and quitting has to know
    with qtbot.waitSignal(jobs.idle, timeout=PATIENCE_MS):
        gate.set()
    assert calls.made == []
    assert jobs.is_idle()


def test_cancelled_before_it_ran_never_runs(
    qtbot: QtBot, jobs: Jobs, calls: Calls, gates: Callable[[], threading.Event]
) -> None:
    gate, ran = gates(), gates()
    for _worker in range(WORKERS):
        jobs.start(lambda _job: gate.wait(20), succeeded=lambda _value: None, failed=calls.failed)
    waiting = jobs.start(lambda _job: ran.set(), **calls.callbacks())
    jobs.cancel(waiting)
    with qtbot.waitSignal(jobs.idle, timeout=PATIENCE_MS):
        gate.set()
    assert not ran.is_set()
    assert calls.made == []


@pytest.mark.parametrize("error", [Cancelled(), StsDesktopError("Late", "Nobody waits for this.")])
def test_cancelled_work_that_stops_with_an_error_is_no_bug(
    qtbot: QtBot, jobs: Jobs, calls: Calls, gates: Callable[[], threading.Event], error: Exception
) -> None:
    running, gate = gates(), gates()

    def work(_job: Job) -> None:
        running.set()
        gate.wait(20)
        raise error

    job = jobs.start(work, **calls.callbacks())
    assert running.wait(20)
    jobs.cancel(job)
    with qtbot.waitSignal(jobs.idle, timeout=PATIENCE_MS):
        gate.set()  # the log staying quiet is checked around every test
    assert calls.made == []


def test_a_callback_may_start_the_next_job(qtbot: QtBot, jobs: Jobs, calls: Calls) -> None:
    def next_one(value: str) -> None:
        calls.succeeded(value)
        jobs.start(lambda _job: "second", succeeded=calls.succeeded, failed=calls.failed)

    jobs.start(lambda _job: "first", succeeded=next_one, failed=calls.failed)
    qtbot.waitUntil(lambda: len(calls.made) == 2, timeout=PATIENCE_MS)
    assert calls.made == [("succeeded", "first"), ("succeeded", "second")]


def test_a_callback_that_raises_does_not_stop_the_others(qtbot: QtBot, jobs: Jobs, calls: Calls) -> None:
    def broken(_value: str) -> None:
        raise ZeroDivisionError

    with qtbot.captureExceptions() as exceptions:
        jobs.start(lambda _job: "", succeeded=broken, failed=calls.failed)
        qtbot.waitUntil(lambda: bool(exceptions), timeout=PATIENCE_MS)
        jobs.start(lambda _job: "well", **calls.callbacks())
        qtbot.waitUntil(lambda: bool(calls.made), timeout=PATIENCE_MS)
    assert calls.made == [("succeeded", "well")]


def test_no_result_travels_through_a_signal(qtbot: QtBot, jobs: Jobs, calls: Calls) -> None:
    secret = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
    seen: list[object] = []
    for number in range(jobs.metaObject().methodCount()):
        method = jobs.metaObject().method(number)
        if method.methodType() == method.MethodType.Signal and b"(PyObject)" in method.methodSignature().data():
            name = bytes(method.name().data()).decode()
            getattr(jobs, name).connect(seen.append)
    with qtbot.waitSignal(jobs.idle, timeout=PATIENCE_MS):
        jobs.start(lambda _job: secret, **calls.callbacks())
    assert calls.made == [("succeeded", secret)]
    assert seen, "no crossing signal was watched"
    assert secret not in repr(seen)


def test_soak_with_cancels_and_collections(qtbot: QtBot, jobs: Jobs) -> None:
    ended: list[int] = []
    started: list[Job] = []

    def collect(value: int) -> None:
        ended.append(value)
        if value % 50 == 0:
            gc.collect()

    def work(number: int, job: Job) -> int:
        job.report(number)
        return number

    for number in range(300):
        job = jobs.start(
            partial(work, number),
            succeeded=collect,
            failed=lambda error: pytest.fail(str(error)),
            progressed=lambda _progress: None,
        )
        started.append(job)
        if number % 3 == 0:
            jobs.cancel(job)
        if number % 40 == 0:
            QCoreApplication.processEvents()
    qtbot.waitUntil(jobs.is_idle, timeout=PATIENCE_MS)
    kept = {number for number in range(300) if number % 3}
    assert sorted(ended) == sorted(kept)  # each exactly once, no cancelled one among them


def test_close_waits_for_running_work(qtbot: QtBot, calls: Calls) -> None:
    jobs = Jobs()
    done: list[bool] = []
    running = threading.Event()

    def work(job: Job) -> None:
        running.set()
        job.cancellation.wait(0.2)
        done.append(True)

    jobs.start(work, **calls.callbacks())
    assert running.wait(20)
    assert jobs.close(20)
    assert done == [True]
    QCoreApplication.processEvents()
    assert calls.made == []  # nobody is called while the program ends


@pytest.mark.fault(21)
def test_close_gives_up_on_work_that_does_not_end(
    jobs: Jobs, calls: Calls, gates: Callable[[], threading.Event]
) -> None:
    running, gate = gates(), gates()

    def work(_job: Job) -> None:
        running.set()
        gate.wait(20)

    jobs.start(work, **calls.callbacks())
    assert running.wait(20)
    began = time.monotonic()
    assert not jobs.close(0.2)
    assert time.monotonic() - began < 2


@pytest.mark.fault(21)
def test_close_does_not_wait_for_cancelled_work_that_never_began(
    jobs: Jobs, calls: Calls, gates: Callable[[], threading.Event]
) -> None:
    gate, ran = gates(), gates()
    running = threading.Semaphore(0)

    def work(_job: Job) -> None:
        running.release()
        gate.wait(20)

    for _worker in range(WORKERS):
        jobs.start(work, **calls.callbacks())
    for _worker in range(WORKERS):
        assert running.acquire(timeout=20)
    jobs.cancel(jobs.start(lambda _job: ran.set(), **calls.callbacks()))
    threading.Timer(0.1, gate.set).start()
    began = time.monotonic()
    assert jobs.close(20)
    assert time.monotonic() - began < 10
    assert not ran.is_set()


def test_close_lets_work_that_was_just_started_be_done(jobs: Jobs, calls: Calls) -> None:
    done: list[int] = []

    def work(number: int, _job: Job) -> None:
        done.append(number)

    for number in range(WORKERS + 4):
        jobs.start(partial(work, number), **calls.callbacks())
    assert jobs.close(20)
    assert len(done) == WORKERS + 4
    assert calls.made == []


def test_the_end_of_cancelled_work_is_told_in_place_of_all_else(
    qtbot: QtBot, jobs: Jobs, calls: Calls, gates: Callable[[], threading.Event]
) -> None:
    running, gate = gates(), gates()

    def work(_job: Job) -> str:
        running.set()
        gate.wait(20)
        return "too late to stop"

    job = jobs.start(work, **calls.callbacks(), ended=calls.ended)
    assert running.wait(20)
    jobs.cancel(job)
    QCoreApplication.processEvents()
    assert calls.made == []
    with qtbot.waitSignal(jobs.idle, timeout=PATIENCE_MS):
        gate.set()
    assert calls.made == [("ended", None)]
    assert len(calls.threads) == 1


def test_the_end_is_not_told_of_work_that_was_not_cancelled(qtbot: QtBot, jobs: Jobs, calls: Calls) -> None:
    with qtbot.waitSignal(jobs.idle, timeout=PATIENCE_MS):
        jobs.start(lambda _job: "done", **calls.callbacks(), ended=calls.ended)
    assert calls.made == [("succeeded", "done")]


def test_cancelling_twice_tells_the_end_once(
    qtbot: QtBot, jobs: Jobs, calls: Calls, gates: Callable[[], threading.Event]
) -> None:
    gate = gates()
    job = jobs.start(lambda _job: gate.wait(20), **calls.callbacks(), ended=calls.ended)
    jobs.cancel(job)
    jobs.cancel(job)
    gate.set()
    qtbot.waitUntil(jobs.is_idle, timeout=PATIENCE_MS)
    assert calls.made == [("ended", None)]


def test_nobody_is_told_of_an_end_while_the_program_ends(
    jobs: Jobs, calls: Calls, gates: Callable[[], threading.Event]
) -> None:
    running, gate = gates(), gates()

    def work(_job: Job) -> None:
        running.set()
        gate.wait(20)

    job = jobs.start(work, **calls.callbacks(), ended=calls.ended)
    assert running.wait(20)
    jobs.cancel(job)
    gate.set()
    assert jobs.close(20)
    QCoreApplication.processEvents()
    assert calls.made == []


def test_no_job_is_started_after_the_end(jobs: Jobs, calls: Calls) -> None:
    ran: list[bool] = []
    assert jobs.close(20)
    with pytest.raises(RuntimeError, match="after the end"):
        jobs.start(lambda _job: ran.append(True), **calls.callbacks())
    assert jobs.is_idle()
    assert ran == []


@pytest.mark.fault(21)
def test_after_close_no_thread_is_left_that_could_still_deliver(
    jobs: Jobs, calls: Calls, gates: Callable[[], threading.Event]
) -> None:
    gate, delivered = gates(), gates()

    def deliver_slowly(_future: Future[Any]) -> None:
        gate.wait(0.2)
        delivered.set()

    begin = gates()
    job = jobs.start(lambda _job: begin.wait(20), **calls.callbacks())
    jobs._futures[job.number].add_done_callback(deliver_slowly)
    begin.set()
    assert jobs.close(20)
    assert delivered.is_set()


def test_an_error_that_is_kept_does_not_keep_what_the_work_knew(jobs: Jobs, calls: Calls, qtbot: QtBot) -> None:
    def work(_job: Job) -> None:
        secret = "a secret in a frame"
        try:
            raise ValueError(len(secret))
        except ValueError as error:
            raise StsDesktopError("title", "message") from error

    jobs.start(work, **calls.callbacks())
    qtbot.waitUntil(jobs.is_idle)
    ((_name, error),) = calls.made
    assert error.__traceback__ is None
    assert error.__cause__ is not None
    assert error.__cause__.__traceback__ is None
