"""Runs functions of `core` on threads and delivers what comes of them on the GUI thread.

A `ThreadPoolExecutor` and one QObject. QRunnable and moved worker objects were measured to crash or to run slots on
the wrong thread; a bound, decorated slot of a QObject that never leaves the GUI thread does neither. The one signal
that crosses threads carries a job's number; its result, which may be a secret on its way to the clipboard, stays in
the future until it is handed to its one receiver.
"""

import itertools
import logging
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar

from PySide6.QtCore import QObject, Qt, Signal, Slot

from sts_desktop.core.cancellation import Cancellation, Cancelled
from sts_desktop.core.errors import StsDesktopError
from sts_desktop.core.i18n import _

if TYPE_CHECKING:
    from concurrent.futures import Future, ThreadPoolExecutor

log = logging.getLogger(__name__)

WORKERS = 16
Result = TypeVar("Result")

_END = object()


class UnexpectedError(StsDesktopError):
    """A bug: an exception that is none of ours came out of a job."""

    def __init__(self) -> None:
        super().__init__(
            _("Something unexpected went wrong"),
            _("This is a fault of STS Desktop. Nothing that was stored before has been changed."),
            _("The log has the details, without secrets; please report them."),
        )


class Job:
    """One piece of work. Its `cancellation` and `report` are for the work; `cancel` is for the GUI thread."""

    def __init__(self, number: int, report: Callable[[int, object], None]) -> None:
        self.number = number
        self.cancellation = Cancellation()
        self._report = report

    def report(self, progress: object) -> None:
        """Tell the GUI thread how far the work has come; called by the work, on its own thread."""
        if not self.cancellation.requested:
            self._report(self.number, progress)


class Jobs(QObject):
    """Starts jobs and calls back on the GUI thread; made there, and lives as long as the application.

    Only stores that live as long as the application start jobs, so that a callback never meets a deleted widget.

    Signals:
        idle: the last job that was running or cancelled has ended.
    """

    idle = Signal()
    _arrived = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._numbers = itertools.count(1)
        self._futures: dict[int, Future[Any]] = {}
        self._waiting: dict[int, _Callbacks] = {}
        self._detached: dict[int, _Callbacks] = {}
        self._closed = False
        self._arrived.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    @cached_property
    def _pool(self) -> "ThreadPoolExecutor":
        from concurrent.futures import ThreadPoolExecutor  # not needed to paint the window

        return ThreadPoolExecutor(max_workers=WORKERS, thread_name_prefix="job")

    def start(
        self,
        work: Callable[[Job], Result],
        *,
        succeeded: Callable[[Result], None],
        failed: Callable[[StsDesktopError], None],
        progressed: Callable[[Any], None] | None = None,
        ended: Callable[[], None] | None = None,
    ) -> Job:
        """Run `work(job)` on a thread; then call exactly one of `succeeded` and `failed`, unless it is cancelled.

        Args:
            work: called on a worker thread; must not touch Qt.
            succeeded: called on the GUI thread with what `work` returned.
            failed: called on the GUI thread with the error; an exception that is none of ours is logged as the bug it
                is and becomes an `UnexpectedError`.
            progressed: called on the GUI thread with each value that the work passed to `job.report`.
            ended: called on the GUI thread, in place of the others, when the work of a cancelled job has ended: it may
                have been past the last step at which it could stop.
        """
        if self._closed:
            raise RuntimeError("a job was started after the end")
        job = Job(next(self._numbers), lambda number, progress: self._arrived.emit((number, progress)))
        self._waiting[job.number] = _Callbacks(succeeded, failed, progressed, ended)
        future = self._pool.submit(work, job)
        self._futures[job.number] = future
        future.add_done_callback(lambda _future: self._arrived.emit((job.number, _END)))
        return job

    def cancel(self, job: Job) -> None:
        """Detach from `job` at once: none of its callbacks will be called; the work stops at its next step."""
        job.cancellation.cancel()
        callbacks = self._waiting.pop(job.number, None)
        if callbacks is not None:
            self._detached[job.number] = callbacks
        future = self._futures.get(job.number)
        if future is not None:
            future.cancel()

    def is_idle(self) -> bool:
        """Return whether no job is running, waiting to run, or yet to be delivered."""
        return not self._futures

    def close(self, seconds: float) -> bool:
        """Take no more jobs, call nobody back, and give the jobs there are `seconds` to end.

        Returns:
            whether all have ended. If not, only `os._exit` ends the process: Python joins the pool's threads at exit.
        """
        self._closed = True
        self._waiting.clear()
        self._detached.clear()
        from concurrent.futures import wait

        # Not with `cancel_futures`: the last edit's save may not have reached its thread yet.
        self._pool.shutdown(wait=False)
        # `wait` counts a cancelled job as done only once a worker, which may be busy for long, has put it aside.
        running = [future for future in self._futures.values() if not future.cancelled()]
        if wait(running, timeout=seconds).not_done:
            return False
        # A future is done before its callbacks have run: their signal must not meet an object that is no more.
        self._pool.shutdown(wait=True)
        return True

    @Slot(object)
    def _deliver(self, arrival: tuple[int, object]) -> None:
        number, what = arrival
        if what is _END:
            self._deliver_end(number)
            return
        callbacks = self._waiting.get(number)
        if callbacks is not None and callbacks.progressed is not None:
            callbacks.progressed(what)

    def _deliver_end(self, number: int) -> None:
        future = self._futures.pop(number)
        callbacks, detached = self._waiting.pop(number, None), self._detached.pop(number, None)
        if callbacks is not None:
            callbacks.deliver(future)
        else:
            _log_bug(None if future.cancelled() else future.exception())
        if detached is not None and detached.ended is not None:
            detached.ended()
        if self.is_idle():
            self.idle.emit()


@dataclass(frozen=True)
class _Callbacks:
    succeeded: Callable[[Any], None]
    failed: Callable[[StsDesktopError], None]
    progressed: Callable[[Any], None] | None
    ended: Callable[[], None] | None

    def deliver(self, future: "Future[Any]") -> None:
        error = future.exception()
        if error is None:
            self.succeeded(future.result())
        elif isinstance(error, StsDesktopError):
            _forget_frames(error)
            self.failed(error)
        else:
            _log_bug(error)
            self.failed(UnexpectedError())


def _forget_frames(error: BaseException) -> None:
    """Drop where an error came from: the frames of the work hold the keys it worked with, and stores keep errors."""
    links: list[BaseException | None] = [error]
    while links:
        link = links.pop()
        if link is not None and link.__traceback__ is not None:
            link.__traceback__ = None
            links += [link.__cause__, link.__context__]


def _log_bug(error: BaseException | None) -> None:
    if error is not None and not isinstance(error, StsDesktopError | Cancelled):
        log.error("a job failed", exc_info=error)
