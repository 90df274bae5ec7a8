"""What is being done for a profile at the moment."""

from dataclasses import dataclass
from enum import Enum, auto

from sts_desktop.core.session_step import Step
from sts_desktop.ui.jobs import Job

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
