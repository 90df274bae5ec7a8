"""The one clock of the window. Qt's timers stand still while the computer sleeps, so it looks at the wall clock."""

from datetime import datetime, timedelta

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from sts_desktop.core.clock import Now

SECOND = timedelta(seconds=1)
UNWATCHED = timedelta(seconds=30)


class Ticker(QObject):
    """Ticks each second while somebody watches; otherwise when something is due, or after 30 s, whichever is sooner.

    Signals:
        ticked: time has passed.
    """

    ticked = Signal()

    def __init__(self, now: Now, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._now = now
        self._due: datetime | None = None
        self._watched = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setTimerType(Qt.TimerType.CoarseTimer)
        self._timer.timeout.connect(self._tick)

    @property
    def is_watched(self) -> bool:
        """Whether countdowns are on screen."""
        return self._watched

    def watch(self, watched: bool) -> None:
        """Tick each second from here on (`watched`), or seldom; tick now in either case."""
        self._watched = watched
        self._tick()

    def set_due(self, due: datetime | None) -> None:
        """Take the next moment at which something changes by itself, or None."""
        self._due = due
        self._schedule()

    def _tick(self) -> None:
        self.ticked.emit()
        self._schedule()

    def _schedule(self) -> None:
        now = self._now()
        if self._watched:
            wait = SECOND - timedelta(microseconds=now.microsecond)
        else:
            wait = UNWATCHED if self._due is None else min(UNWATCHED, max(self._due - now, timedelta()))
        self._timer.start(max(1, round(wait / timedelta(milliseconds=1))))
