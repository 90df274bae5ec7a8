"""Two processes that get a token for one profile at once: the second waits for the first, and takes what it got.

The window, a second window and the command line may all be asked at once; one call of STS serves them all.
"""

import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sts_desktop.core.cancellation import Cancellation
from sts_desktop.core.paths import make_private_directory

log = logging.getLogger(__name__)

PATIENCE_SECONDS = 120.0
"""Longer than getting a token can take with a slow keyring, three attempts and a busy file; who holds a lock for longer
hangs, and is not waited for."""

PAUSE_SECONDS = 0.1


class RenewalLocks:
    """One lock a profile, held by one process at a time; the operating system lets go of it when that is killed.

    Calls of one process do not wait for each other: there, a call for the same profile only follows one that was
    cancelled, and a person who cancelled wants no trace of it.
    """

    def __init__(
        self,
        directory: Path,
        *,
        patience_seconds: float = PATIENCE_SECONDS,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        """Keep the locks in `directory`; wait for at most `patience_seconds` by the clock `monotonic`."""
        self._directory = directory
        self._patience_seconds = patience_seconds
        self._monotonic = monotonic
        self._mutex = threading.Lock()
        self._locks: dict[str, Any] = {}

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
        deadline = self._monotonic() + self._patience_seconds
        has_waited = False
        while not self._try(profile_id):
            if not has_waited:
                has_waited = True
                waiting()
            cancellation.wait(PAUSE_SECONDS)
            cancellation.raise_if_requested()
            if self._monotonic() >= deadline:
                log.warning("another process has been getting a token for too long; it is not waited for any more")
                yield has_waited
                return
        try:
            yield has_waited
        finally:
            self._release(profile_id)

    def _try(self, profile_id: str) -> bool:
        """Take the lock if no other process has it; where there can be no lock, act as if it were taken."""
        import filelock

        with self._mutex:
            if profile_id not in self._locks:
                path = self._directory / f"get-token-{profile_id}.lock"
                self._locks[profile_id] = filelock.FileLock(path, mode=0o600, thread_local=False)
            try:
                make_private_directory(self._directory)
                self._locks[profile_id].acquire(blocking=False)
            except filelock.Timeout:
                return False
            except OSError as error:
                log.warning("nobody can be kept from getting the same token: %s", type(error).__name__)
            return True

    def _release(self, profile_id: str) -> None:
        """Let go of the lock; nothing happens where there could be none."""
        with self._mutex:
            self._locks[profile_id].release()
