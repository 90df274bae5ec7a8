"""Which endpoints answer, and serve the access key of a profile: asked when a person wants to know."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from sts_desktop.core.errors import StsDesktopError
from sts_desktop.core.services import Services
from sts_desktop.ui.jobs import Job, Jobs
from sts_desktop.ui.profile_store import ProfileStore
from sts_desktop.ui.session_store import SessionStore

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sts_desktop.core.sts.endpoint import Endpoint
    from sts_desktop.core.sts.endpoint_check import EndpointCheck


TOLD_EVERY_MS = 100


class EndpointStore(QObject):
    """Owns what the endpoints of one profile answered last; one check at a time.

    Attributes:
        endpoints: those that there are to ask, in the order of the list to choose from.
        checks: what came of asking them last, by their id; those not asked yet are not there.
        problem: why nobody could be asked; None where nothing was wrong.

    Signals:
        changed: any of that, or whether a check is under way, is another.
    """

    changed = Signal()

    def __init__(
        self, services: Services, jobs: Jobs, profiles: ProfileStore, sessions: SessionStore, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._services = services
        self._jobs = jobs
        self._profiles = profiles
        self._sessions = sessions
        self._profile_id = ""
        self._job: Job | None = None
        # Answers come by the dozen, and a table is sorted and measured anew each time.
        self._telling = QTimer(self, singleShot=True, interval=TOLD_EVERY_MS)
        self._telling.timeout.connect(self.changed)
        self._awaited: set[str] = set()
        self.endpoints: tuple[Endpoint, ...] = ()
        self.checks: dict[str, EndpointCheck] = {}
        self.problem: StsDesktopError | None = None

    @property
    def is_busy(self) -> bool:
        """Whether endpoints are being asked."""
        return self._job is not None

    @property
    def has_key(self) -> bool:
        """Whether the profile has an access key to ask with; without one they are asked anonymously."""
        profile = self._profiles.profile(self._profile_id)
        return profile is not None and profile.source is not None

    def is_asked(self, endpoint_id: str) -> bool:
        """Return whether an endpoint is being asked, and has not answered yet."""
        return self.is_busy and endpoint_id in self._awaited

    def answers(self) -> int:
        """Return how many have answered, or were not reached, since they were asked last."""
        return len(self.checks.keys() - self._awaited)

    def check_all(self, profile_id: str) -> None:
        """Ask all endpoints that a profile may choose who calls; what was known stays until they answer."""
        from sts_desktop.core.endpoint_checks import endpoints_for  # not needed to paint the window
        from sts_desktop.core.profiles import partition_of_key

        self.cancel()
        if profile_id != self._profile_id:
            self.checks = {}
        self._profile_id = profile_id
        self.endpoints, self.problem = (), None
        profile = self._profiles.profile(profile_id)
        if profile is None:  # deleted meanwhile
            self.changed.emit()
            return
        try:
            self.endpoints = endpoints_for(
                profile, partition_of_key(profile, self._sessions.record(profile_id).identity)
            )
        except StsDesktopError as error:  # an address that is none
            self.problem = error
            self.changed.emit()
            return
        self._ask(self.endpoints, with_token=False)

    def test_with_token(self, endpoint: "Endpoint") -> None:
        """Ask one endpoint for a token of 900 s, which is dropped: that tells whether STS is switched off there."""
        self.cancel()
        self._ask((endpoint,), with_token=True)

    def cancel(self) -> None:
        """Wait for no more answers; what came stays."""
        if self._job is not None:
            self._jobs.cancel(self._job)
            self._job = None
            self._awaited = set()
            self.changed.emit()

    def _ask(self, endpoints: "Sequence[Endpoint]", *, with_token: bool) -> None:
        profile_id = self._profile_id
        self._awaited, self.problem = {endpoint.id for endpoint in endpoints}, None

        def work(job: Job) -> None:
            profile = self._profiles.saved(profile_id)
            self._services.endpoint_checks.check(
                endpoints, profile, job.report, job.cancellation, with_token=with_token
            )

        self._job = self._jobs.start(
            work, progressed=self._take, succeeded=lambda _none: self._end(), failed=self._fail
        )
        self.changed.emit()

    def _take(self, check: "EndpointCheck") -> None:
        self.checks[check.endpoint.id] = check
        self._awaited.discard(check.endpoint.id)
        if not self._telling.isActive():
            self._telling.start()

    def _end(self) -> None:
        self._job = None
        self._awaited = set()
        self._sessions.reload()  # a token may have told where STS is switched off
        self.changed.emit()

    def _fail(self, problem: StsDesktopError) -> None:
        self.problem = problem
        self._end()
