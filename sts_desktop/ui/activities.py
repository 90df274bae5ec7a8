"""What is being done for each profile at the moment: one thing at a time."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import Enum, auto
from typing import TypeVar

from PySide6.QtCore import QObject, QTimer, Signal

from sts_desktop.core.errors import StsDesktopError
from sts_desktop.core.session_step import Step
from sts_desktop.ui.jobs import Job, Jobs

Result = TypeVar("Result")

SHOWN_AFTER_MS = 400
"""Most things are done sooner, and a button that says *Cancel* for a moment would only startle."""


class Task(Enum):
    """What a person asked for."""

    GET_TOKEN = auto()
    COPY = auto()
    WRITE = auto()
    END = auto()
    TEST = auto()


@dataclass(frozen=True)
class Activity:
    """One task under way.

    Attributes:
        job: what carries it out.
        task: what was asked for.
        is_shown: whether it has taken long enough to be shown, with a way to cancel it; getting a token is at once.
        step: how far getting a token has come.
    """

    job: Job
    task: Task
    is_shown: bool = False
    step: Step | None = None

    @property
    def gets_token(self) -> bool:
        """Whether a session is on its way."""
        return self.task is Task.GET_TOKEN


class Activities(QObject):
    """Starts and cancels what is done for profiles, and knows what that is.

    Signals:
        changed(str): what is being done for this profile, or how it is to be shown, is another.
        cancelled(str, object): the person did not wait for this `Task` for this profile.
    """

    changed = Signal(str)
    cancelled = Signal(str, object)

    def __init__(self, jobs: Jobs, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._jobs = jobs
        self._now: dict[str, Activity] = {}
        self._next: dict[str, Callable[[], object]] = {}

    def of(self, profile_id: str) -> Activity | None:
        """Return what is being done for a profile, or None."""
        return self._now.get(profile_id)

    def start(
        self,
        task: Task,
        profile_id: str,
        work: Callable[[Job], Result],
        *,
        succeeded: Callable[[Result], None],
        failed: Callable[[StsDesktopError], None],
        ended: Callable[[], None],
    ) -> None:
        """Do `work` for a profile for which nothing is being done; the callbacks are those of `Jobs.start`."""

        def has_succeeded(result: Result) -> None:
            self._now.pop(profile_id, None)
            begin_next = self._next.pop(profile_id, None)
            succeeded(result)
            if begin_next is not None:
                begin_next()

        def has_failed(error: StsDesktopError) -> None:
            self._now.pop(profile_id, None)
            self._next.pop(profile_id, None)
            failed(error)

        def has_progressed(step: Step) -> None:
            self._now[profile_id] = replace(self._now[profile_id], step=step)
            self.changed.emit(profile_id)

        job = self._jobs.start(work, succeeded=has_succeeded, failed=has_failed, progressed=has_progressed, ended=ended)
        self._now[profile_id] = Activity(job, task, is_shown=task is Task.GET_TOKEN)
        self.changed.emit(profile_id)
        QTimer.singleShot(SHOWN_AFTER_MS, self, lambda: self._show(profile_id, job))

    def follow(self, profile_id: str, begin: Callable[[], object]) -> None:
        """Do `begin` when what is being done for a profile has succeeded; the last wish counts."""
        self._next[profile_id] = begin

    def cancel(self, profile_id: str) -> None:
        """Wait no longer for what is being done for a profile, nor do what was to follow."""
        activity = self._now.pop(profile_id, None)
        self._next.pop(profile_id, None)
        if activity is not None:
            self._jobs.cancel(activity.job)
            self.changed.emit(profile_id)
            self.cancelled.emit(profile_id, activity.task)

    def cancel_all(self) -> None:
        """Wait no longer for anything."""
        for profile_id in list(self._now):
            self.cancel(profile_id)

    def _show(self, profile_id: str, job: Job) -> None:
        """Show what takes its time, unless it is done by now."""
        activity = self._now.get(profile_id)
        if activity is not None and activity.job is job and not activity.is_shown:
            self._now[profile_id] = replace(activity, is_shown=True)
            self.changed.emit(profile_id)
