"""What becomes of exceptions that nobody caught: a slot's ends nothing by itself, and nobody would hear of it."""

import logging
import sys
import threading
from collections.abc import Callable
from types import TracebackType

from sts_desktop.core.errors import StsDesktopError
from sts_desktop.ui.jobs import UnexpectedError

log = logging.getLogger(__name__)


def install_excepthooks(tell: Callable[[StsDesktopError], None]) -> None:
    """Log exceptions that nobody caught, and `tell` of the first of its kind."""
    told: set[type[BaseException]] = set()

    def hook(kind: type[BaseException], error: BaseException, traceback: TracebackType | None) -> None:
        log.critical("unexpected error", exc_info=(kind, error, traceback))
        if kind not in told and threading.current_thread() is threading.main_thread():
            told.add(kind)
            tell(UnexpectedError())

    def thread_hook(failure: threading.ExceptHookArgs) -> None:
        log.critical("unexpected error in a thread", exc_info=failure.exc_value)

    def unraisable_hook(failure: "sys.UnraisableHookArgs") -> None:
        log.error("an error that could not be raised", exc_info=failure.exc_value)

    sys.excepthook = hook
    threading.excepthook = thread_hook
    sys.unraisablehook = unraisable_hook
