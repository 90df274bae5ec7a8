"""Patience with files that another program on Windows holds open: a scanner, an indexer, a synchroniser.

They let go within two seconds. Elsewhere a file can be read and replaced whoever has it open.
"""

import time
from collections.abc import Callable
from typing import TypeVar

Result = TypeVar("Result")
Sleep = Callable[[float], None]

PAUSES = (0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.5)
"""Seconds between the tries; about two in all."""

_SHARING_VIOLATIONS = (5, 32, 33)
"""ERROR_ACCESS_DENIED, ERROR_SHARING_VIOLATION, ERROR_LOCK_VIOLATION (Microsoft, "System Error Codes").

Access denied is as common where a file is held open as a sharing violation (conan-io/conan#19532).
"""


def is_sharing_violation(error: OSError) -> bool:
    """Tell whether `error` may mean that another program has the file open."""
    return getattr(error, "winerror", None) in _SHARING_VIOLATIONS


def patiently(action: Callable[[], Result], sleep: Sleep = time.sleep) -> Result:
    """Return what `action` returns, tried again while another program has the file open.

    Args:
        action: reads, replaces or moves a file.
        sleep: waits so many seconds.

    Raises:
        OSError: what `action` raised, at once or, for a file that is held open, after about two seconds.
    """
    for pause in PAUSES:
        try:
            return action()
        except OSError as error:
            if not is_sharing_violation(error):
                raise
        sleep(pause)
    return action()
