"""Ctrl-C and SIGTERM end the program as *Quit* does.

Python runs its handlers between bytecodes, and `QApplication.exec` runs none: the wake-up descriptor makes Qt come back
(qutebrowser, `misc/crashsignal.py`). Windows has no notifier for it; a timer gives Python its chance there.
"""

import io
import os
import signal
import sys
from collections.abc import Callable
from types import FrameType

from PySide6.QtCore import QObject, QSocketNotifier, QTimer, Slot

POLL_MS = 500


class QuitSignals(QObject):
    """Calls `quit_` on the GUI thread when the process is told to end; the second time it ends at once."""

    def __init__(self, quit_: Callable[[], None], parent: QObject) -> None:
        super().__init__(parent)
        self._quit = quit_
        if sys.platform == "win32":
            timer = QTimer(self)
            timer.setInterval(POLL_MS)
            timer.timeout.connect(self._look)
            timer.start()
        else:
            ends = os.pipe()  # `socket` would have to be loaded
            for end in ends:
                os.set_blocking(end, False)
            self._reader, self._writer = io.FileIO(ends[0]), io.FileIO(ends[1], "w")
            signal.set_wakeup_fd(self._writer.fileno(), warn_on_full_buffer=False)
            self._notifier = QSocketNotifier(self._reader.fileno(), QSocketNotifier.Type.Read, self)
            self._notifier.activated.connect(self._look)
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._received)

    def close(self) -> None:
        """Give the signals back to Python."""
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, signal.SIG_DFL)
        if sys.platform != "win32":
            signal.set_wakeup_fd(-1)
            self._notifier.setEnabled(False)
            self._reader.close()
            self._writer.close()

    def _received(self, number: int, _frame: FrameType | None) -> None:
        signal.signal(number, signal.SIG_DFL)
        # Not at once: Python may run this in the middle of painting, where closing the window is fatal.
        QTimer.singleShot(0, self, self._quit)

    @Slot()
    def _look(self) -> None:
        """Come back to Python, which then runs the handler."""
        if sys.platform != "win32":
            self._reader.read(64)
