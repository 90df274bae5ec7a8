"""What only one process does at a time: getting a token for a profile, and changing what is kept of sessions.

The window, a second window and the command line may all be asked at once. The operating system lets go of a lock when
the process that holds it is killed. Where there can be no lock, the work goes on without: a person waits for it.
"""

import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from sts_desktop.core.cancellation import Cancellation
from sts_desktop.core.paths import make_private_directory

log = logging.getLogger(__name__)

RENEWAL_SECONDS = 240.0
"""Longer than getting a token can take where the keyring, three attempts at STS, another's change and a busy file take
all the time they are given; who holds a lock for longer hangs, and is not waited for."""

CHANGE_SECONDS = 60.0
"""Longer than a change takes that waits for the keyring twice and for a busy file."""

TURN_SECONDS = 5.0
"""How long a thread waits for other processes at least, once it is its turn among those of this one."""

PAUSE_SECONDS = 0.1


class RenewalLocks:
    """One lock a profile, held while a token is got: who comes second waits, and takes what the first one got.

    Calls of one process do not wait for each other: there, a call for the same profile only follows one that was
    cancelled, and a person who cancelled wants no trace of it.
    """

    def __init__(
        self,
        directory: Path,
        *,
        patience_seconds: float = RENEWAL_SECONDS,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        """Keep the locks in `directory`; wait for at most `patience_seconds` by the clock `monotonic`."""
        self._directory = directory
        self._patience_seconds = patience_seconds
        self._monotonic = monotonic
        self._mutex = threading.Lock()
        self._locks: dict[str, _ProcessLock] = {}

    @contextmanager
    def held(self, profile_id: str, cancellation: Cancellation, waiting: Callable[[], None]) -> Iterator[bool]:
        """Hold the lock of a profile; the block is told whether another process had it before.

        Args:
            profile_id: whose lock.
            cancellation: ends the wait.
            waiting: called once, when it has to be waited for.

        Raises:
            Cancelled: the person did not wait.
        """
        lock = self._lock(profile_id)
        deadline = self._monotonic() + self._patience_seconds
        has_waited = False
        while (let_go := lock.try_to_take()) is None:
            if not has_waited:
                has_waited = True
                waiting()
            cancellation.wait(PAUSE_SECONDS)
            cancellation.raise_if_requested()
            if self._monotonic() >= deadline:
                log.warning("another process has been getting a token for too long; it is not waited for any more")
                let_go = _nothing
                break
        try:
            yield has_waited
        finally:
            let_go()

    def _lock(self, profile_id: str) -> "_ProcessLock":
        with self._mutex:
            path = self._directory / f"get-token-{profile_id}.lock"
            return self._locks.setdefault(profile_id, _ProcessLock(path))


class ChangeLock:
    """Held while vault, state and credentials file are changed together: by one thread of one process at a time.

    Or a change that another process makes between two steps would be undone by the second.
    """

    def __init__(
        self,
        path: Path,
        *,
        patience_seconds: float = CHANGE_SECONDS,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        """Lock by the file `path`; wait for other processes at most `patience_seconds` by the clock `monotonic`."""
        self._lock = _ProcessLock(path)
        self._mutex = threading.Lock()
        self._patience_seconds = patience_seconds
        self._monotonic = monotonic

    @contextmanager
    def held(self, cancellation: Cancellation | None = None) -> Iterator[None]:
        """Hold the lock; not to be asked for again inside.

        Args:
            cancellation: ends the wait.

        Raises:
            Cancelled: the person did not wait.
        """
        cancellation = cancellation or Cancellation()
        deadline = self._monotonic() + self._patience_seconds  # not after the other threads: waits would add up
        if not self._mutex.acquire(blocking=False):
            while not self._mutex.acquire(timeout=PAUSE_SECONDS):
                cancellation.raise_if_requested()
            # Another process may have begun just now, however long the threads took.
            deadline = max(deadline, self._monotonic() + min(TURN_SECONDS, self._patience_seconds))
        try:
            let_go = self._wait_for_processes(deadline, cancellation)
            try:
                yield
            finally:
                let_go()
        finally:
            self._mutex.release()

    @contextmanager
    def held_if_free(self) -> Iterator[bool]:
        """Hold the lock if nobody has it; the block is told whether it does."""
        if not self._mutex.acquire(blocking=False):
            yield False
            return
        try:
            let_go = self._lock.try_to_take()
            try:
                yield let_go is not None
            finally:
                (let_go or _nothing)()
        finally:
            self._mutex.release()

    def _wait_for_processes(self, deadline: float, cancellation: Cancellation) -> Callable[[], None]:
        while (let_go := self._lock.try_to_take()) is None:
            if self._monotonic() >= deadline:
                log.warning("another process has been changing sessions for too long; it is not waited for any more")
                return _nothing
            cancellation.wait(PAUSE_SECONDS / 10)
            cancellation.raise_if_requested()
        return let_go


class _ProcessLock:
    """A lock on a file, that one process takes as often as it likes."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._mutex = threading.Lock()
        self._takers = 0

    def try_to_take(self) -> Callable[[], None] | None:
        """Return what lets go of it, or None when another process has it.

        Where there can be no lock, what is returned does nothing.
        """
        with self._mutex:
            if self._takers == 0 and not self._take():
                return None
            if not self._file_lock.is_locked:
                return _nothing
            self._takers += 1
            return self._let_go

    def _take(self) -> bool:
        import filelock

        self._file_lock = filelock.FileLock(self._path, mode=0o600, thread_local=False)
        try:
            make_private_directory(self._path.parent)
            self._file_lock.acquire(blocking=False)
        except filelock.Timeout:
            return False
        except OSError as error:
            log.warning("other processes cannot be kept from doing the same: %s", type(error).__name__)
        return True

    def _let_go(self) -> None:
        with self._mutex:
            self._takers -= 1
            if self._takers == 0:
                self._file_lock.release()


def _nothing() -> None:
    """Let go of nothing."""
