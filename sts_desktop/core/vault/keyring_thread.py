"""One thread for every keyring call, so that at most one window asks for a password at a time.

A keyring call that waits for a person cannot be stopped from Python (python-keyring's take no limit:
jaraco/keyring#735), and each further call opens a window of its own (mitya57/secretstorage#33). So calls wait in one
queue, and a caller gives up at its limit while the thread goes on waiting.
"""

import logging
import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future, wait
from typing import Any, Generic, TypeVar

from sts_desktop.core.cancellation import Cancellation
from sts_desktop.core.vault.errors import KeyringLockedError, KeyringNotAnsweringError

LIMIT_SECONDS = 20.0
"""How long a call waits for the keyring."""

BUSY_LIMIT_SECONDS = 1.0
"""How long a call waits for its turn while an earlier one, already given up, still holds the thread."""

T = TypeVar("T")

log = logging.getLogger(__name__)


class _Call(Generic[T]):
    def __init__(self, work: Callable[[Cancellation], T], *, may_prompt: bool) -> None:
        self.work = work
        self.may_prompt = may_prompt
        self.cancellation = Cancellation()
        self.outcome: Future[T] = Future()


class KeyringThread:
    """Runs work one after another on a daemon thread, which starts with the first call.

    A daemon, because a call that waits for a person must not keep the program from ending.
    """

    def __init__(self, limit_seconds: float = LIMIT_SECONDS, busy_limit_seconds: float = BUSY_LIMIT_SECONDS) -> None:
        self._limit_seconds = limit_seconds
        self._busy_limit_seconds = min(busy_limit_seconds, limit_seconds)
        self._queue: queue.SimpleQueue[_Call[Any]] = queue.SimpleQueue()
        self._starting = threading.Lock()
        self._thread: threading.Thread | None = None
        self._running: _Call[Any] | None = None

    def call(self, work: Callable[[Cancellation], T], *, may_prompt: bool = True) -> T:
        """Run `work` on the thread and return what it returns; callable from any other thread.

        Args:
            work: what to run.
            may_prompt: whether `work` may wait for a person. Only then does it wait for its turn while earlier work
                does, else for a moment; and only then does its `KeyringLockedError` mean that a person refused.

        `work` is given a `Cancellation` that is raised when its caller gave up. It should look at it once what may
        wait for a person is done: an answer that comes late must not store what nobody expects any more.

        Raises:
            KeyringNotAnsweringError: there was no outcome within the limit. Work that had not begun never runs; the
                outcome of work that had is dropped.
            KeyringLockedError: raised by `work`, or by a call before it while this one waited for its turn: a person
                who just dismissed one window is not shown the next for it.
        """
        self._start()
        call = _Call(work, may_prompt=may_prompt)
        is_patient = may_prompt and not self._is_blocked()
        first_wait = self._limit_seconds if is_patient else self._busy_limit_seconds
        self._queue.put(call)
        wait([call.outcome], first_wait)
        if call.outcome.running():
            wait([call.outcome], self._limit_seconds - first_wait)
        if not call.outcome.done():
            call.cancellation.cancel()
            call.outcome.cancel()
            # Who may not ask only looked, and comes again.
            log.log(logging.WARNING if may_prompt else logging.INFO, "the keyring did not answer within its limit")
            raise KeyringNotAnsweringError
        try:
            return call.outcome.result()
        finally:
            del call  # an exception's traceback holds this frame: a cycle that would keep secrets alive

    def _is_blocked(self) -> bool:
        """Whether the thread is held by work whose caller gave up."""
        running = self._running
        return running is not None and running.cancellation.requested

    def _start(self) -> None:
        with self._starting:
            if self._thread is None:
                self._thread = threading.Thread(target=self._serve, name="keyring", daemon=True)
                self._thread.start()

    def _serve(self) -> None:
        while True:
            self._perform(self._queue.get())  # no local name: it would keep the last call's secrets alive

    def _perform(self, call: _Call[Any]) -> None:
        if not call.outcome.set_running_or_notify_cancel():
            return
        self._running = call
        try:
            result = call.work(call.cancellation)
        except BaseException as error:  # the caller's to handle; the thread must live on
            if call.may_prompt and isinstance(error, KeyringLockedError):
                self._turn_away_waiting()
            self._running = None
            call.outcome.set_exception(error)
            del call  # as in `call`
        else:
            self._running = None
            call.outcome.set_result(result)

    def _turn_away_waiting(self) -> None:
        """Fail the calls that were waiting, before the caller of the one that ran can make a new one."""
        while True:
            try:
                call = self._queue.get_nowait()
            except queue.Empty:
                return
            if call.outcome.set_running_or_notify_cancel():
                call.outcome.set_exception(KeyringLockedError())
