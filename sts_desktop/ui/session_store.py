"""The sessions as they stand in the window: the one owner of run-time state, and the one clock.

Commands in, signals out. Views get a profile's id and pull; none of them starts a job, and no secret stays here.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from sts_desktop.core import renewal
from sts_desktop.core.errors import InvalidInputError, StsDesktopError
from sts_desktop.core.exports import bash_exports
from sts_desktop.core.profile import Profile
from sts_desktop.core.renewal import Phase
from sts_desktop.core.services import Services
from sts_desktop.core.sessions import Step
from sts_desktop.core.state import SessionRecord, State
from sts_desktop.ui.jobs import Job, Jobs
from sts_desktop.ui.profile_store import ProfileStore

SECOND = timedelta(seconds=1)
UNWATCHED = timedelta(seconds=30)


@dataclass(frozen=True)
class Activity:
    """What is being done for a profile: its job, and for *get token* how far it has come."""

    job: Job
    gets_token: bool = False
    step: Step | None = None


class SessionStore(QObject):
    """Owns what is known of each session, and what is being done for it: one job a profile at a time.

    Signals:
        session_changed(str): the session, the activity or the problem of this profile is another.
        ticked: time has passed; countdowns that are on screen are repainted.
        token_received(str): a fresh session for this profile is in the vault.
        copied(str): the session of this profile is on the clipboard.
        written(str): the session of this profile stands in the credentials file.
    """

    session_changed = Signal(str)
    ticked = Signal()
    token_received = Signal(str)
    copied = Signal(str)
    written = Signal(str)

    def __init__(
        self,
        services: Services,
        jobs: Jobs,
        profiles: ProfileStore,
        state: State,
        copy_secret: Callable[[str], None],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._copy_secret = copy_secret
        self._services = services
        self._jobs = jobs
        self._profiles = profiles
        self._state = state
        self._activities: dict[str, Activity] = {}
        self._problems: dict[str, StsDesktopError] = {}
        self._last_commands: dict[str, Callable[[], None]] = {}
        self._watched = False
        self._phases: dict[str, Phase] = {}
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setTimerType(Qt.TimerType.CoarseTimer)
        self._timer.timeout.connect(self._tick)

    # What views pull

    def now(self) -> datetime:
        """Return the current time in UTC."""
        return self._services.now()

    def record(self, profile_id: str) -> SessionRecord:
        """Return what is known of a profile's session."""
        return self._state.session(profile_id)

    def phase(self, profile_id: str) -> Phase:
        """Return the state of a profile's session now."""
        return renewal.phase(self.record(profile_id), self.now())

    def is_live(self, profile_id: str) -> bool:
        """Return whether AWS still accepts the profile's session."""
        return renewal.is_live(self.record(profile_id), self.now())

    def activity(self, profile_id: str) -> Activity | None:
        """Return what is being done for a profile, or None."""
        return self._activities.get(profile_id)

    def problem(self, profile_id: str) -> StsDesktopError | None:
        """Return what is to be told about a profile: the last error of this run, or why it failed before."""
        known = self._problems.get(profile_id)
        failure = self.record(profile_id).failure
        if known is None and failure is not None:
            return StsDesktopError(failure.title, failure.message, failure.hint)
        return known

    def shown_path(self, path: str) -> str:
        """Return a path as people write it."""
        return self._services.paths.shown(path)

    def live_sessions(self) -> list[SessionRecord]:
        """Return the records of all sessions that AWS still accepts."""
        records = (self.record(profile.id) for profile in self._profiles.settings.profiles)
        return [record for record in records if renewal.is_live(record, self.now())]

    # Commands

    def get_token(self, profile_id: str, token_code: str) -> None:
        """Fetch a fresh session, whether or not one is alive; a second wish while one is under way joins it."""
        profile = self._profiles.profile(profile_id)
        if profile is None or profile_id in self._activities:
            return
        self._problems.pop(profile_id, None)
        self._last_commands[profile_id] = lambda: self.get_token(profile_id, "")

        def work(job: Job) -> SessionRecord:
            self._services.profiles.save(profile)
            return self._services.sessions.get_token(
                profile, token_code, cancellation=job.cancellation, report=job.report
            )

        job = self._jobs.start(
            work,
            succeeded=lambda record: self._token_received(profile, record),
            failed=lambda error: self._failed(profile_id, error),
            progressed=lambda step: self._progressed(profile_id, step),
        )
        self._begin(profile_id, Activity(job, gets_token=True))

    def cancel(self, profile_id: str) -> None:
        """Stop waiting for what is being done for a profile; nothing of it will be stored."""
        activity = self._activities.pop(profile_id, None)
        if activity is not None:
            self._jobs.cancel(activity.job)
            self.session_changed.emit(profile_id)

    def cancel_all(self) -> None:
        """Stop waiting for everything."""
        for profile_id in list(self._activities):
            self.cancel(profile_id)

    def copy(self, profile_id: str) -> None:
        """Put the live session on the clipboard as lines for bash and zsh."""
        profile = self._profiles.profile(profile_id)
        if profile is None or profile_id in self._activities:
            return

        self._last_commands[profile_id] = lambda: self.copy(profile_id)

        def work(_job: Job) -> str:
            return bash_exports(self._services.sessions.credentials(profile), profile.working_region)

        job = self._jobs.start(
            work,
            succeeded=lambda text: self._fetched(profile_id, text),
            failed=lambda error: self._failed(profile_id, error),
        )
        self._begin(profile_id, Activity(job))

    def write(self, profile_id: str, section: str = "", *, replace_foreign: bool = False) -> None:
        """Write the live session into the credentials file; `written` or the profile's problem tells what came of it.

        Args:
            profile_id: whose session.
            section: where to; the profile's own section when empty.
            replace_foreign: the person saw what stands there and agreed to lose it.
        """
        profile = self._profiles.profile(profile_id)
        if profile is None or profile_id in self._activities:
            return

        self._last_commands[profile_id] = lambda: self.write(profile_id, section, replace_foreign=replace_foreign)

        def work(_job: Job) -> SessionRecord:
            self._services.profiles.save(profile)
            return self._services.sessions.write(profile, section, replace_foreign=replace_foreign)

        job = self._jobs.start(
            work,
            succeeded=lambda record: self._written(profile_id, record),
            failed=lambda error: self._failed(profile_id, error),
        )
        self._begin(profile_id, Activity(job))

    def try_again(self, profile_id: str) -> None:
        """Repeat the last command; a code is not kept for it, so one may have to be typed again."""
        self._last_commands[profile_id]()

    def show_problem(self, profile_id: str, error: StsDesktopError) -> None:
        """Tell the person about something that was found before any job was started."""
        self._problems[profile_id] = error
        self.session_changed.emit(profile_id)

    def dismiss_problem(self, profile_id: str) -> None:
        """Stop telling about a problem: the person closed it, or is mending its cause."""
        had_problem = self._problems.pop(profile_id, None) is not None
        failure = self.record(profile_id).failure
        if failure is not None:
            self._jobs.start(
                lambda _job: self._services.sessions.clear_failure(profile_id, failure),
                succeeded=lambda record: self._take_record(profile_id, record),
                failed=lambda error: self._failed(profile_id, error),
            )
        elif had_problem:
            self.session_changed.emit(profile_id)

    def reconcile(self) -> None:
        """Compare what is shown with the vault, once, after the first paint."""
        if self._state.sessions:
            self._jobs.start(
                lambda _job: self._services.sessions.reconcile(),
                succeeded=self._take_state,
                failed=lambda _error: None,  # a locked keyring is told of where it is needed
            )

    def watch(self, watched: bool) -> None:
        """Tick each second while countdowns are on screen (`watched`), and seldom otherwise."""
        self._watched = watched
        self._tick()

    # What comes of them

    def _begin(self, profile_id: str, activity: Activity) -> None:
        self._activities[profile_id] = activity
        self.session_changed.emit(profile_id)

    def _progressed(self, profile_id: str, step: Step) -> None:
        activity = self._activities[profile_id]
        self._activities[profile_id] = Activity(activity.job, activity.gets_token, step)
        self.session_changed.emit(profile_id)

    def _token_received(self, profile: Profile, record: SessionRecord) -> None:
        self._end(profile.id, record)
        self.token_received.emit(profile.id)
        self._jobs.start(
            lambda _job: self._services.sessions.identify(profile),
            succeeded=lambda known: self._take_record(profile.id, known),
            failed=lambda error: self._failed(profile.id, error),
        )

    def _fetched(self, profile_id: str, text: str) -> None:
        self._copy_secret(text)
        self._end(profile_id, self.record(profile_id))
        self.copied.emit(profile_id)

    def _written(self, profile_id: str, record: SessionRecord) -> None:
        self._end(profile_id, record)
        self.written.emit(profile_id)

    def _failed(self, profile_id: str, error: StsDesktopError) -> None:
        self._activities.pop(profile_id, None)
        self._problems[profile_id] = error
        if isinstance(error, InvalidInputError):
            self.session_changed.emit(profile_id)
            return
        self._jobs.start(
            lambda _job: self._services.sessions.record(profile_id),
            succeeded=lambda record: self._take_record(profile_id, record),
            failed=lambda _error: self.session_changed.emit(profile_id),
        )

    def _end(self, profile_id: str, record: SessionRecord) -> None:
        self._activities.pop(profile_id, None)
        self._problems.pop(profile_id, None)
        self._take_record(profile_id, record)

    def _take_record(self, profile_id: str, record: SessionRecord) -> None:
        self._state = self._state.with_session(profile_id, record)
        self.session_changed.emit(profile_id)
        self._schedule()

    def _take_state(self, state: State) -> None:
        before, self._state = self._state, state
        for profile_id, record in state.sessions.items():
            if record != before.session(profile_id):
                self.session_changed.emit(profile_id)
        self._schedule()

    def _tick(self) -> None:
        for profile in self._profiles.settings.profiles:
            phase = self.phase(profile.id)
            if self._phases.get(profile.id, phase) != phase:
                self.session_changed.emit(profile.id)
            self._phases[profile.id] = phase
        if self._watched:
            self.ticked.emit()
        self._schedule()

    def _schedule(self) -> None:
        """Wait for the next full second on screen, or for what is due; never long: timers stop while asleep."""
        now = self.now()
        if self._watched:
            wait = SECOND - timedelta(microseconds=now.microsecond)
        else:
            due = renewal.next_change(self._state.sessions.values(), now)
            wait = min(UNWATCHED, due - now) if due else UNWATCHED
        self._timer.start(max(1, round(wait / timedelta(milliseconds=1))))
