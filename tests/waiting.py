"""Waiting for what tells nobody that it has come: a file, a process, a thread that is not Qt's."""

import time
from collections.abc import Callable

LIMIT_SECONDS = 30.0
PAUSE_SECONDS = 0.01


def wait_until(condition: Callable[[], object], what: str, seconds: float = LIMIT_SECONDS) -> None:
    """Wait until `condition` holds, which nothing signals; where something does, wait for that instead.

    Raises:
        TimeoutError: it did not hold within `seconds`; `what` was waited for.
    """
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise TimeoutError(f"waited {seconds:.0f} s for {what}")
        time.sleep(PAUSE_SECONDS)
