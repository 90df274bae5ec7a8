"""What is known of each session, as last read; and the one clock of the window, by which that changes by itself."""

from bisect import bisect_right
from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from sts_desktop.core import renewal
from sts_desktop.core.errors import StsDesktopError
from sts_desktop.core.renewal import Phase
from sts_desktop.core.services import Services
from sts_desktop.core.state import SessionRecord, State
from sts_desktop.ui.jobs import Job, Jobs
from sts_desktop.ui.session_times import LiveSession, SessionTimes
from sts_desktop.ui.state_readings import Reading, StateReadings
from sts_desktop.ui.ticker import Ticker


class KnownSessions(QObject):
    """Owns the state as it was last read, and reads it again on workers.

    Signals:
        replaced(str): the session of this profile is another one; `changed` follows.
        changed(str): the session of this profile, or its phase, is another.
        time_passed: so it has, each second or more seldom; see `Ticker`.
        ticked: the same while countdowns are on screen, which are repainted.
    """

    replaced = Signal(str)
    changed = Signal(str)
    time_passed = Signal()
    ticked = Signal()

    def __init__(self, services: Services, jobs: Jobs, state: State, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._services = services
        self._jobs = jobs
        self.state = state
        self._readings = StateReadings(self._as_settled)
        self._is_looking = False
        self._looks_again = False
        self._times = SessionTimes(state.sessions, services.now())
        self._ticker = Ticker(services.now, self)
        self._ticker.ticked.connect(self._tick)

    def record(self, profile_id: str) -> SessionRecord:
        """Return what is known of a profile's session."""
        return self.state.session(profile_id)

    def phase(self, profile_id: str) -> Phase:
        """Return the state of a profile's session now."""
        return renewal.phase(self.record(profile_id), self._services.now())

    def is_live(self, profile_id: str) -> bool:
        """Return whether AWS still accepts the profile's session."""
        return renewal.is_live(self.record(profile_id), self._services.now())

    def live(self) -> list[LiveSession]:
        """Return the sessions that AWS still accepts, the one that ends first in front; deleted profiles' too."""
        live = self._times.live
        ended = bisect_right(live, self._services.now(), key=lambda one: one.expiration)
        return live[ended:] if ended else live  # a thousand are not copied each second

    def watch(self, watched: bool) -> None:
        """Tick each second while countdowns are on screen (`watched`), and seldom otherwise."""
        self._ticker.watch(watched)

    def read(self) -> Reading:
        """Return what is known now; on a worker. What another process was killed over is left to `reload`."""
        return self._readings.read()

    def reload(self) -> None:
        """Look again; however many wish it meanwhile, one more look follows: a keyring that hangs parks one worker."""
        if self._is_looking:
            self._looks_again = True
            return
        self._is_looking, self._looks_again = True, False
        self._jobs.start(self._settle_and_read, succeeded=self._looked, failed=lambda _error: self._looked(None))

    def _looked(self, reading: Reading | None) -> None:
        self._is_looking = False
        if reading is not None:
            self.take(reading)
        if self._looks_again:
            self.reload()

    def read_after(
        self,
        act: Callable[[], object],
        then: Callable[[], None] | None = None,
        *,
        failed: Callable[[StsDesktopError], None] | None = None,
    ) -> None:
        """Do something small to the state on a worker, take what is known then, and do what is to follow.

        Args:
            act: what is done, on a worker.
            then: what follows where that succeeded.
            failed: what follows where it did not; without it that is told where it matters: at the next session.
        """

        def work(_job: Job) -> Reading:
            act()
            return self.read()

        def read(reading: Reading) -> None:
            self.take(reading)
            if then is not None:
                then()

        self._jobs.start(work, succeeded=read, failed=failed or (lambda _error: None))

    def take(self, reading: Reading) -> None:
        """Show what was read, unless something newer is shown already."""
        if not self._readings.is_news(reading):
            return
        before, self.state = self.state, reading.state
        # The clock may have moved too since the last tick, which would then find nothing new.
        changed = set(self._times.take(reading.state.sessions, self._services.now()))
        changed |= {
            profile_id
            for profile_id in before.sessions.keys() | reading.state.sessions.keys()
            if before.session(profile_id) != reading.state.session(profile_id)
        }
        for profile_id in changed:
            if before.session(profile_id).issued != reading.state.session(profile_id).issued:
                self.replaced.emit(profile_id)
            self.changed.emit(profile_id)
        self._ticker.set_due(self._times.next_change)

    def _settle_and_read(self, _job: Job) -> Reading:
        self._services.sessions.records.settle()  # may take its time: no other reading waits for it
        return self.read()

    def _as_settled(self) -> State:
        """Return what is known of all sessions, on a worker; only now is what that takes imported."""
        return self._services.sessions.records.as_settled()

    def _tick(self) -> None:
        for profile_id in self._times.changed(self._services.now()):
            self.changed.emit(profile_id)
        self._ticker.set_due(self._times.next_change)
        self.time_passed.emit()
        if self._ticker.is_watched:
            self.ticked.emit()
