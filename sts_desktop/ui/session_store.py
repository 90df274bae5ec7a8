"""The sessions as they stand in the window: the one owner of run-time state, and the one clock.

Commands in, signals out. Views get a profile's id and pull; none of them starts a job, and no secret stays here.
"""

from bisect import bisect_right
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QObject, QTimer, Signal

from sts_desktop.core import renewal
from sts_desktop.core.credentials import CallerIdentity
from sts_desktop.core.errors import StsDesktopError
from sts_desktop.core.exports import FORMATS
from sts_desktop.core.profile import Profile
from sts_desktop.core.renewal import Phase
from sts_desktop.core.services import Services
from sts_desktop.core.session_step import Step
from sts_desktop.core.state import SessionRecord, State
from sts_desktop.ui.activity import SHOWN_AFTER_MS, Activity, Task
from sts_desktop.ui.jobs import Job, Jobs
from sts_desktop.ui.notices import Notice, end_notice, owner_notice, trial_notice
from sts_desktop.ui.profile_store import ProfileStore
from sts_desktop.ui.session_messages import SessionMessages
from sts_desktop.ui.session_times import SessionTimes
from sts_desktop.ui.state_readings import Reading, StateReadings
from sts_desktop.ui.ticker import Ticker

if TYPE_CHECKING:
    from sts_desktop.core.session_trial import SessionTrial
    from sts_desktop.core.sessions import EndedSession

Result = TypeVar("Result")


class SessionStore(QObject):
    """Owns what is known of each session, and what is being done for it: one job a profile at a time.

    Signals:
        session_changed(str): the session, the activity or the problem of this profile is another.
        time_passed: so it has, each second or more seldom; see `Ticker`.
        ticked: the same while countdowns are on screen, which are repainted.
        token_received(str): a fresh session for this profile is in the vault.
        copied(str): the session of this profile is on the clipboard.
        written(str): the session of this profile stands in the credentials file.
        ended(str): the session of this profile is forgotten.
        failed(str): what was done for this profile failed; `problem` says why.
        cancelled(str, object): the person did not wait for this `Task` for this profile.
    """

    session_changed = Signal(str)
    time_passed = Signal()
    ticked = Signal()
    token_received = Signal(str)
    copied = Signal(str)
    written = Signal(str)
    ended = Signal(str)
    failed = Signal(str)
    cancelled = Signal(str, object)

    def __init__(
        self,
        services: Services,
        jobs: Jobs,
        profiles: ProfileStore,
        state: State,
        copy_secret: Callable[[str, str], None],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._copy_secret = copy_secret
        self._services = services
        self._jobs = jobs
        self._profiles = profiles
        self._state = state
        self._readings = StateReadings(self._known)
        self._activities: dict[str, Activity] = {}
        self._messages = SessionMessages()
        self._last_commands: dict[str, Callable[[str], None]] = {}
        self._times = SessionTimes(state.sessions, services.now())
        self._ticker = Ticker(services.now, self)
        self._ticker.ticked.connect(self._tick)

    def _known(self) -> State:
        """Return what is known of all sessions, on a worker; only now is what that takes imported."""
        return self._services.sessions.known()

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
        return self._messages.problem(profile_id, self.record(profile_id).failure)

    def notice(self, profile_id: str) -> Notice | None:
        """Return what came of the last thing done for a profile, where that is worth more than a line."""
        return self._messages.notice(profile_id)

    def dismiss_notice(self, profile_id: str) -> None:
        """Stop telling what came of it."""
        if self._messages.drop_notice(profile_id):
            self.session_changed.emit(profile_id)

    def _tell(self, profile_id: str, notice: Notice) -> None:
        self._messages.set_notice(profile_id, notice)
        self.session_changed.emit(profile_id)

    def shown_path(self, path: str) -> str:
        """Return a path as people write it."""
        return self._services.paths.shown(path)

    def live_sessions(self) -> list[SessionRecord]:
        """Return the records of all sessions that AWS still accepts, the one that ends first in front."""
        now, known = self.now(), self._profiles.settings.by_id
        ended = bisect_right(self._times.live, now, key=lambda live: live.expiration)
        return [live.record for live in self._times.live[ended:] if live.profile_id in known]

    # Commands

    def get_token(self, profile_id: str, token_code: str) -> None:
        """Fetch a fresh session, whether or not one is alive; a second wish while one is under way joins it."""

        def work(profile: Profile, job: Job) -> Profile:
            self._services.sessions.get_token(profile, token_code, cancellation=job.cancellation, report=job.report)
            return profile

        again = partial(self.get_token, profile_id)
        owner = self.record(profile_id).identity

        def done(profile: Profile) -> None:
            self._token_received(profile, owner)

        self._start(Task.GET_TOKEN, profile_id, work, done, again=again)

    def copy(self, profile_id: str, export_format: str = "bash") -> None:
        """Put the live session on the clipboard, in one of `exports.FORMATS`."""

        def work(profile: Profile, _job: Job) -> str:
            return FORMATS[export_format](self._services.sessions.credentials(profile), profile.working_region)

        def done(text: str) -> None:
            self._copy_secret(text, profile_id)
            self.copied.emit(profile_id)

        self._start(Task.COPY, profile_id, work, done, again=lambda _code: self.copy(profile_id, export_format))

    def write(
        self, profile_id: str, section: str = "", *, replace_foreign: bool = False, despite_config: bool = False
    ) -> None:
        """Write the live session into the credentials file; `written` or the profile's problem tells what came of it.

        Args:
            profile_id: whose session.
            section: where to; the profile's own section when empty.
            replace_foreign: the person saw whose keys stand there and agreed to lose them.
            despite_config: the person was told that AWS tools will not use it.
        """

        def work(profile: Profile, job: Job) -> None:
            self._services.sessions.write(
                profile,
                section,
                replace_foreign=replace_foreign,
                despite_config=despite_config,
                cancellation=job.cancellation,
            )

        def again(_code: str) -> None:
            self.write(profile_id, section, replace_foreign=replace_foreign, despite_config=despite_config)

        self._start(Task.WRITE, profile_id, work, lambda _nothing: self._written(profile_id), again=again)

    def end(self, profile_id: str) -> None:
        """Forget the session, in the vault and in the credentials file; a notice says until when AWS accepts it."""

        def done(ended: "EndedSession") -> None:
            self.ended.emit(profile_id)
            self._tell(profile_id, end_notice(ended, self.now()))

        def work(profile: Profile, job: Job) -> "EndedSession":
            return self._services.sessions.end(profile, cancellation=job.cancellation)

        self._start(Task.END, profile_id, work, done, again=lambda _code: self.end(profile_id))

    def test(self, profile_id: str, *, s3: bool) -> None:
        """Use the session once; a notice says what it is good for.

        Args:
            profile_id: whose session.
            s3: count the buckets that it can list, too.
        """

        def done(trial: "SessionTrial") -> None:
            self._tell(profile_id, trial_notice(trial))

        def work(profile: Profile, job: Job) -> "SessionTrial":
            return self._services.sessions.test(profile, s3=s3, cancellation=job.cancellation)

        self._start(Task.TEST, profile_id, work, done, again=lambda _code: self.test(profile_id, s3=s3))

    def remove_left(self, profile_id: str) -> None:
        """Try again to take out of the credentials file what could not be when a session was ended."""
        self._read_after(lambda: self._services.sessions.remove_from_files(profile_id, only_left=True))

    def remove_from_files(self, profile_id: str) -> None:
        """Take the session of a deleted profile out of the credentials file; its record says what came of it."""
        self._read_after(lambda: self._services.sessions.remove_from_files(profile_id))

    def forget(self, profile_id: str) -> None:
        """Forget what is left of a deleted profile; where the keyring refuses, the next start does it."""

        def forget() -> None:
            self._profiles.finish_deletion(profile_id)
            self._services.sessions.forget_deleted(profile_id)

        self._read_after(forget)

    def try_again(self, profile_id: str, token_code: str) -> None:
        """Repeat the last command, with the code that is typed now."""
        self._last_commands[profile_id](token_code)

    def cancel(self, profile_id: str) -> None:
        """Stop waiting for what is being done for a profile; a session that is not stored yet will not be."""
        activity = self._activities.pop(profile_id, None)
        if activity is not None:
            self._jobs.cancel(activity.job)
            self.session_changed.emit(profile_id)
            self.cancelled.emit(profile_id, activity.task)

    def cancel_all(self) -> None:
        """Stop waiting for everything."""
        for profile_id in list(self._activities):
            self.cancel(profile_id)

    def show_problem(self, profile_id: str, error: StsDesktopError) -> None:
        """Tell the person about something that was found before any job was started."""
        self._messages.drop_notice(profile_id)
        self._messages.set_problem(profile_id, error)
        self.session_changed.emit(profile_id)

    def dismiss_problem(self, profile_id: str) -> None:
        """Stop telling about a problem: the person closed it, or is mending its cause."""
        had_problem = self._messages.drop_problem(profile_id)
        failure = self.record(profile_id).failure
        if failure is not None:
            self._read_after(lambda: self._services.sessions.clear_failure(profile_id, failure))
        elif had_problem:
            self.session_changed.emit(profile_id)

    def reconcile(self) -> None:
        """Compare what is shown with the vault, once, after the first paint."""
        if self._state.sessions or self._profiles.settings.deleted:
            # By a function of its own: the services are imported where they are first asked for.
            self._read_after(lambda: self._services.sessions.reconcile())  # noqa: PLW0108

    def reload(self) -> None:
        """Look again at what is known: another process, or a job that was cancelled too late, may have changed it."""
        self._read_after(lambda: None)

    def watch(self, watched: bool) -> None:
        """Tick each second while countdowns are on screen (`watched`), and seldom otherwise."""
        self._ticker.watch(watched)

    # How they are carried out

    def _start(
        self,
        task: Task,
        profile_id: str,
        work: Callable[[Profile, Job], Result],
        done: Callable[[Result], None],
        *,
        again: Callable[[str], None],
    ) -> None:
        """Do `work` for a profile, with its last edits saved, unless something is being done for it already."""
        if profile_id in self._activities or self._profiles.profile(profile_id) is None:
            return
        self._last_commands[profile_id] = again
        self._messages.drop_problem(profile_id)
        self._messages.drop_notice(profile_id)

        def save_and_work(job: Job) -> tuple[Result, Reading | None]:
            result = work(self._profiles.saved(profile_id), job)
            try:
                return result, self._readings.read()
            except StsDesktopError:  # what was done is done, and is told all the same
                return result, None

        def succeeded(outcome: tuple[Result, Reading | None]) -> None:
            self._activities.pop(profile_id, None)
            if outcome[1] is None:
                self.reload()
            else:
                self._take(outcome[1])
            self.session_changed.emit(profile_id)
            done(outcome[0])

        job = self._jobs.start(
            save_and_work,
            succeeded=succeeded,
            failed=lambda error: self._failed(profile_id, error),
            progressed=lambda step: self._progressed(profile_id, step),
            ended=self.reload,
        )
        self._activities[profile_id] = Activity(job, task, is_shown=task is Task.GET_TOKEN)
        self.session_changed.emit(profile_id)
        QTimer.singleShot(SHOWN_AFTER_MS, self, lambda: self._show_activity(profile_id, job))

    def _show_activity(self, profile_id: str, job: Job) -> None:
        """Show what takes its time, unless it is done by now."""
        activity = self._activities.get(profile_id)
        if activity is not None and activity.job is job and not activity.is_shown:
            self._activities[profile_id] = replace(activity, is_shown=True)
            self.session_changed.emit(profile_id)

    def _progressed(self, profile_id: str, step: Step) -> None:
        self._activities[profile_id] = replace(self._activities[profile_id], step=step)
        self.session_changed.emit(profile_id)

    def _failed(self, profile_id: str, error: StsDesktopError) -> None:
        self._activities.pop(profile_id, None)
        self._messages.set_problem(profile_id, error)
        self.session_changed.emit(profile_id)
        self.failed.emit(profile_id)
        self.reload()

    def _written(self, profile_id: str) -> None:
        self._profiles.reload()  # the section may be the profile's own from now on
        self.written.emit(profile_id)

    def _token_received(self, profile: Profile, owner: CallerIdentity | None) -> None:
        """Ask whose session it is, and tell where it is another user's than before, as after a change of the chain."""
        self.token_received.emit(profile.id)

        def identified() -> None:
            new = self.record(profile.id).identity
            if owner is not None and new is not None and new.arn != owner.arn:
                self._tell(profile.id, owner_notice(owner, new))

        self._read_after(lambda: self._services.sessions.identify(profile), identified)

    def _read_after(self, act: Callable[[], object], then: Callable[[], None] | None = None) -> None:
        """Do something small to the state on a worker, show what is known then, and do what is to follow."""

        def work(_job: Job) -> Reading:
            act()
            return self._readings.read()

        def read(reading: Reading) -> None:
            self._take(reading)
            if then is not None:
                then()

        # What fails here is told of where it matters: when a session is asked for.
        self._jobs.start(work, succeeded=read, failed=lambda _error: None)

    def _take(self, reading: Reading) -> None:
        if not self._readings.is_news(reading):
            return
        before, self._state = self._state, reading.state
        # The clock may have moved too since the last tick, which would then find nothing new.
        changed = set(self._times.take(reading.state.sessions, self.now()))
        changed |= {
            profile_id
            for profile_id in before.sessions.keys() | reading.state.sessions.keys()
            if before.session(profile_id) != reading.state.session(profile_id)
        }
        for profile_id in changed:
            if before.session(profile_id).issued != reading.state.session(profile_id).issued:
                self._messages.drop_notice(profile_id)  # it is about the session before
            self.session_changed.emit(profile_id)
        self._ticker.set_due(self._times.next_change)

    def _tick(self) -> None:
        for profile_id in self._times.changed(self.now()):
            self.session_changed.emit(profile_id)
        self._ticker.set_due(self._times.next_change)
        self.time_passed.emit()
        if self._ticker.is_watched:
            self.ticked.emit()
