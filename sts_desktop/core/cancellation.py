"""A flag that a person raises and that work looks at between its steps."""

import threading


class Cancelled(Exception):  # noqa: N818  (not an error: what the person asked for)
    """The work was cancelled before it stored anything."""


class Cancellation:
    """Raised once, on any thread; looked at by the work before each step that would store something."""

    def __init__(self) -> None:
        self._event = threading.Event()

    def cancel(self) -> None:
        """Ask the work to stop at its next step."""
        self._event.set()

    @property
    def requested(self) -> bool:
        """Whether `cancel` was called."""
        return self._event.is_set()

    def wait(self, seconds: float) -> bool:
        """Wait for `seconds`, or until `cancel` is called; return whether it was."""
        return self._event.wait(seconds)

    def raise_if_requested(self) -> None:
        """Raise `Cancelled` when `cancel` was called."""
        if self._event.is_set():
            raise Cancelled
