"""Looking at the state on workers, whose results may be delivered in another order than they were made."""

import itertools
import threading
from collections.abc import Callable
from dataclasses import dataclass

from sts_desktop.core.state import State


@dataclass(frozen=True)
class Reading:
    """The state as it was seen, numbered in the order of seeing."""

    number: int
    state: State


class StateReadings:
    """Makes readings, and tells which of them is news."""

    def __init__(self, read: Callable[[], State]) -> None:
        """Read by `read`, which is called on workers."""
        self._look = read
        self._numbers = itertools.count(1)
        self._lock = threading.Lock()
        self._newest = 0

    def read(self) -> Reading:
        """Return what is known now; on a worker."""
        with self._lock:
            return Reading(next(self._numbers), self._look())

    def is_news(self, reading: Reading) -> bool:
        """Return whether nothing newer was taken before, and take it; on the GUI thread."""
        if reading.number < self._newest:
            return False
        self._newest = reading.number
        return True
