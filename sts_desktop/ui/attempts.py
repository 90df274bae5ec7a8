"""What a person tries for a profile: one thing at a time, its outcome told until the next, and repeated at a wish."""

from collections.abc import Callable
from typing import TypeVar

from PySide6.QtCore import QObject, Signal, Slot

from sts_desktop.core.errors import StsDesktopError
from sts_desktop.core.profile import Profile
from sts_desktop.ui.activities import Activities, Activity, Task
from sts_desktop.ui.jobs import Job, Jobs
from sts_desktop.ui.known_sessions import KnownSessions
from sts_desktop.ui.notices import Notice
from sts_desktop.ui.profile_store import ProfileStore
from sts_desktop.ui.session_messages import SessionMessages
from sts_desktop.ui.state_readings import Reading

Result = TypeVar("Result")


class Attempts(QObject):
    """Carries out what is tried for each profile with its last edits saved, and looks at the sessions after it.

    Signals:
        changed(str): what is being done for this profile, or what is told of it, is another.
        failed(str): what was done for this profile failed; `problem` says why.
        cancelled(str, object): the person did not wait for this `Task` for this profile.
    """

    changed = Signal(str)
    failed = Signal(str)
    cancelled = Signal(str, object)

    def __init__(
        self, jobs: Jobs, profiles: ProfileStore, sessions: KnownSessions, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._profiles = profiles
        self._sessions = sessions
        self._sessions.replaced.connect(self._forget_outcome)
        self._activities = Activities(jobs, self)
        self._activities.changed.connect(self.changed)
        self._activities.cancelled.connect(self.cancelled)
        self._messages = SessionMessages()
        self._last: dict[str, Callable[[str], object]] = {}

    # What is told

    def activity(self, profile_id: str) -> Activity | None:
        """Return what is being done for a profile, or None."""
        return self._activities.of(profile_id)

    def problem(self, profile_id: str) -> StsDesktopError | None:
        """Return what is to be told about a profile: the last error of this run, or why it failed before."""
        return self._messages.problem(profile_id, self._sessions.record(profile_id).failure)

    def undone(self, profile_id: str) -> Task | None:
        """Return what was not done because of the problem, where it is of this run."""
        return self._messages.undone(profile_id)

    def notice(self, profile_id: str) -> Notice | None:
        """Return what came of the last thing done for a profile, where that is worth more than a line."""
        return self._messages.notice(profile_id)

    def tell(self, profile_id: str, notice: Notice) -> None:
        """Tell what came of it from now on."""
        self._messages.set_notice(profile_id, notice)
        self.changed.emit(profile_id)

    def dismiss_notice(self, profile_id: str) -> None:
        """Stop telling what came of it."""
        if self._messages.drop_notice(profile_id):
            self.changed.emit(profile_id)

    def show_problem(self, profile_id: str, error: StsDesktopError) -> None:
        """Tell of something that was found before anything was tried."""
        self._messages.drop_notice(profile_id)
        self._messages.set_problem(profile_id, error)
        self.changed.emit(profile_id)

    def drop_problem(self, profile_id: str) -> bool:
        """Tell no more of a problem of this run; return whether there was one."""
        return self._messages.drop_problem(profile_id)

    # What is done

    def start(
        self,
        task: Task,
        profile_id: str,
        work: Callable[[Profile, Job], Result],
        done: Callable[[Result], None],
        *,
        again: Callable[[str], object],
    ) -> bool:
        """Do something for a profile, unless something is being done for it already.

        Args:
            task: what it is called.
            profile_id: whose.
            work: does it, on a worker, with the profile as it was last edited.
            done: told of what it returned, on the GUI thread, when the sessions have been looked at again.
            again: begins the same once more, with the code that is typed then.

        Returns:
            False where something else is being done, or the profile is gone. What was pressed before the window could
            show that is done after it, all the same: no press is lost, and none counts twice.
        """
        if self._profiles.profile(profile_id) is None:
            return False
        under_way = self._activities.of(profile_id)
        if under_way is not None:
            if task is not Task.GET_TOKEN and task is not under_way.task and not under_way.is_shown:
                self._activities.follow(profile_id, lambda: self.start(task, profile_id, work, done, again=again))
            return False
        self._last[profile_id] = again
        self._messages.drop_problem(profile_id)
        self._messages.drop_notice(profile_id)

        def save_and_work(job: Job) -> tuple[Result, Reading | None]:
            result = work(self._profiles.saved(profile_id), job)
            try:
                return result, self._sessions.read()
            except StsDesktopError:  # what was done is done, and is told all the same
                return result, None

        def succeeded(outcome: tuple[Result, Reading | None]) -> None:
            result, reading = outcome
            if reading is None:
                self._sessions.reload()
            else:
                self._sessions.take(reading)
            self.changed.emit(profile_id)
            done(result)

        self._activities.start(
            task,
            profile_id,
            save_and_work,
            succeeded=succeeded,
            failed=lambda error: self._failed(profile_id, error, task),
            ended=self._sessions.reload,
        )
        return True

    def try_again(self, profile_id: str, token_code: str) -> None:
        """Repeat what was tried last, with the code that is typed now."""
        repeat = self._last.get(profile_id)
        if repeat is not None:
            repeat(token_code)

    def cancel(self, profile_id: str) -> None:
        """Stop waiting for what is being done for a profile; a session that is not stored yet will not be."""
        self._activities.cancel(profile_id)

    def cancel_all(self) -> None:
        """Stop waiting for everything."""
        self._activities.cancel_all()

    def _failed(self, profile_id: str, error: StsDesktopError, task: Task) -> None:
        self._messages.set_problem(profile_id, error, task)
        self.changed.emit(profile_id)
        self.failed.emit(profile_id)
        self._sessions.reload()

    @Slot(str)
    def _forget_outcome(self, profile_id: str) -> None:
        """What was told is about the session before, or why there was none."""
        self._messages.drop_notice(profile_id)
        if self._messages.undone(profile_id) is Task.GET_TOKEN and self._sessions.is_live(profile_id):
            self._messages.drop_problem(profile_id)
