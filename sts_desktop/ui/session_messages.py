"""What is to be told about profiles: the last problem, and what came of the last thing done."""

from sts_desktop.core.errors import StsDesktopError
from sts_desktop.core.state import Failure
from sts_desktop.ui.activities import Task
from sts_desktop.ui.notices import Notice


class SessionMessages:
    """At most one problem and one notice a profile; a new attempt takes both away."""

    def __init__(self) -> None:
        self._problems: dict[str, StsDesktopError] = {}
        self._undone: dict[str, Task | None] = {}
        self._notices: dict[str, Notice] = {}
        self._failures: dict[Failure, StsDesktopError] = {}

    def problem(self, profile_id: str, failure: Failure | None) -> StsDesktopError | None:
        """Return the last error of this run, or why it failed before (`failure`)."""
        known = self._problems.get(profile_id)
        if known is not None or failure is None:
            return known
        if failure not in self._failures:  # the same object each time, or it would be told anew at each look
            self._failures[failure] = StsDesktopError(failure.title, failure.message, failure.hint)
        return self._failures[failure]

    def notice(self, profile_id: str) -> Notice | None:
        """Return what came of the last thing done, where that is worth more than a line."""
        return self._notices.get(profile_id)

    def undone(self, profile_id: str) -> Task | None:
        """Return what did not come about by the last error of this run, or None."""
        return self._undone.get(profile_id)

    def set_problem(self, profile_id: str, error: StsDesktopError, undone: Task | None = None) -> None:
        """Tell of `error` from now on, and that `undone` was not done."""
        self._problems[profile_id] = error
        self._undone[profile_id] = undone

    def set_notice(self, profile_id: str, notice: Notice) -> None:
        """Tell of `notice` from now on."""
        self._notices[profile_id] = notice

    def drop_problem(self, profile_id: str) -> bool:
        """Tell no more of a problem of this run; return whether there was one."""
        self._undone.pop(profile_id, None)
        return self._problems.pop(profile_id, None) is not None

    def drop_notice(self, profile_id: str) -> bool:
        """Tell no more of what came of the last thing done; return whether there was anything."""
        return self._notices.pop(profile_id, None) is not None
