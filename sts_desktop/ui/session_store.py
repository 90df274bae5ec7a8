"""The sessions as they stand in the window: what is known of them, what is being done, and what came of it.

Commands in, signals out. Views get a profile's id and pull; none of them starts a job, and no secret stays here.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from sts_desktop.core.credentials import CallerIdentity
from sts_desktop.core.errors import StsDesktopError
from sts_desktop.core.exports import FORMATS
from sts_desktop.core.profile import Profile
from sts_desktop.core.renewal import Phase
from sts_desktop.core.services import Services
from sts_desktop.core.state import SessionRecord, State
from sts_desktop.ui.activities import Activity, Task
from sts_desktop.ui.attempts import Attempts
from sts_desktop.ui.jobs import Job, Jobs
from sts_desktop.ui.known_sessions import KnownSessions
from sts_desktop.ui.notices import Notice, clock_notice, end_notice, owner_notice, trial_notice
from sts_desktop.ui.profile_store import ProfileStore

if TYPE_CHECKING:
    from sts_desktop.core.session_files import RemovedSession
    from sts_desktop.core.session_trial import SessionTrial
    from sts_desktop.core.sessions import EndedSession
    from sts_desktop.ui.session_times import LiveSession


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
        removed(object): the session of a deleted profile was taken out of these sections of the credentials file.
        failed(str): what was done for this profile failed; `problem` says why.
        file_failed(object): a `StsDesktopError` that belongs to no profile.
        keyring_failed(object): a `StsDesktopError`; what the keyring has could not be compared with what is shown.
        cancelled(str, object): the person did not wait for this `Task` for this profile.
    """

    session_changed = Signal(str)
    time_passed = Signal()
    ticked = Signal()
    token_received = Signal(str)
    copied = Signal(str)
    written = Signal(str)
    ended = Signal(str)
    removed = Signal(object)
    failed = Signal(str)
    file_failed = Signal(object)
    keyring_failed = Signal(object)
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
        self._profiles = profiles
        self._sessions = KnownSessions(services, jobs, state, self)
        self._sessions.changed.connect(self.session_changed)
        self._sessions.time_passed.connect(self.time_passed)
        self._sessions.ticked.connect(self.ticked)
        self._live: list[LiveSession] = []
        self._live_settings = profiles.settings
        self._live_records: list[SessionRecord] = []
        self._attempts = Attempts(jobs, profiles, self._sessions, self)
        self._attempts.changed.connect(self.session_changed)
        self._attempts.failed.connect(self.failed)
        self._attempts.cancelled.connect(self.cancelled)

    # What views pull

    def now(self) -> datetime:
        """Return the current time in UTC."""
        return self._services.now()

    def record(self, profile_id: str) -> SessionRecord:
        """Return what is known of a profile's session."""
        return self._sessions.record(profile_id)

    def phase(self, profile_id: str) -> Phase:
        """Return the state of a profile's session now."""
        return self._sessions.phase(profile_id)

    def is_live(self, profile_id: str) -> bool:
        """Return whether AWS still accepts the profile's session."""
        return self._sessions.is_live(profile_id)

    def is_in_own_section(self, profile_id: str) -> bool:
        """Return whether AWS tools find the live session in the section that the profile is written to."""
        profile = self._profiles.profile(profile_id)
        if profile is None or not self.is_live(profile_id):
            return False
        place = self._profiles.settings.section_for(profile), str(self._services.aws_locations.credentials)
        return self.record(profile_id).stands_at(place)

    def activity(self, profile_id: str) -> Activity | None:
        """Return what is being done for a profile, or None."""
        return self._attempts.activity(profile_id)

    def switched_off(self, profile: Profile) -> Mapping[str, datetime]:
        """Return at which endpoints STS is switched off for the profile's account, and when that was learned."""
        return self._sessions.state.switched_off_for(profile.source)

    def problem(self, profile_id: str) -> StsDesktopError | None:
        """Return what is to be told about a profile: the last error of this run, or why it failed before."""
        return self._attempts.problem(profile_id)

    def undone(self, profile_id: str) -> Task | None:
        """Return what was not done because of the problem, where it is of this run."""
        return self._attempts.undone(profile_id)

    def notice(self, profile_id: str) -> Notice | None:
        """Return what came of the last thing done for a profile, where that is worth more than a line."""
        return self._attempts.notice(profile_id)

    def tell(self, profile_id: str, notice: Notice) -> None:
        """Tell of something that was found out for a profile."""
        self._attempts.tell(profile_id, notice)

    def dismiss_notice(self, profile_id: str) -> None:
        """Stop telling what came of it."""
        self._attempts.dismiss_notice(profile_id)

    def shown_path(self, path: str) -> str:
        """Return a path as people write it."""
        return self._services.paths.shown(path)

    def live_sessions(self) -> Sequence[SessionRecord]:
        """Return the records of all sessions that AWS still accepts, the one that ends first in front."""
        live, settings = self._sessions.live(), self._profiles.settings
        if live is not self._live or settings is not self._live_settings:  # a thousand are not gone through each second
            self._live, self._live_settings = live, settings
            self._live_records = [one.record for one in live if one.profile_id in settings.by_id]
        return self._live_records

    def left_behind(self) -> dict[str, SessionRecord]:
        """Return what is known of deleted profiles whose sessions stand in files, and are to be told of.

        A profile that is merely missing, because the settings were set aside, has its session still.
        """
        settings, now = self._profiles.settings, self.now()
        return {
            profile_id: record
            for profile_id, record in self._sessions.state.sessions.items()
            if profile_id not in settings.by_id
            and (profile_id in settings.deleted or record.expiration is None)
            and any(not place.may_stay for place in record.written)
            and record.accepted_until is not None
            and record.accepted_until > now
        }

    # Commands

    def get_token(self, profile_id: str, token_code: str) -> bool:
        """Fetch a fresh session, whether or not one is alive; a second wish while one is under way joins it.

        Returns:
            False where something else is being done for the profile, or it is gone: the code was not taken.
        """

        def work(profile: Profile, job: Job) -> Profile:
            self._services.sessions.get_token(profile, token_code, cancellation=job.cancellation, report=job.report)
            return profile

        again = partial(self.get_token, profile_id)
        owner = self.record(profile_id).identity

        def done(profile: Profile) -> None:
            self._token_received(profile, owner)

        return self._attempts.start(Task.GET_TOKEN, profile_id, work, done, again=again)

    def copy(self, profile_id: str, export_format: str = "bash") -> None:
        """Put the live session on the clipboard, in one of `exports.FORMATS`."""

        def work(profile: Profile, _job: Job) -> str:
            return FORMATS[export_format](self._services.sessions.credentials(profile), profile.working_region)

        def done(text: str) -> None:
            self._copy_secret(text, profile_id)
            self.copied.emit(profile_id)

        def again(_code: str) -> None:
            self.copy(profile_id, export_format)

        self._attempts.start(Task.COPY, profile_id, work, done, again=again)

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

        self._attempts.start(Task.WRITE, profile_id, work, lambda _nothing: self._written(profile_id), again=again)

    def end(self, profile_id: str) -> None:
        """Forget the session, in the vault and in the credentials file; a notice says until when AWS accepts it."""

        def done(ended: "EndedSession") -> None:
            self.ended.emit(profile_id)
            self._attempts.tell(profile_id, end_notice(ended, self.now()))

        def work(profile: Profile, job: Job) -> "EndedSession":
            return self._services.sessions.end(profile, cancellation=job.cancellation)

        self._attempts.start(Task.END, profile_id, work, done, again=lambda _code: self.end(profile_id))

    def test(self, profile_id: str, *, s3: bool) -> None:
        """Use the session once; a notice says what it is good for.

        Args:
            profile_id: whose session.
            s3: count the buckets that it can list, too.
        """

        def done(trial: "SessionTrial") -> None:
            self._attempts.tell(profile_id, trial_notice(trial))

        def work(profile: Profile, job: Job) -> "SessionTrial":
            return self._services.sessions.test(profile, s3=s3, cancellation=job.cancellation)

        self._attempts.start(Task.TEST, profile_id, work, done, again=lambda _code: self.test(profile_id, s3=s3))

    def remove_left(self, profile_id: str) -> None:
        """Try again to take out of the credentials file what could not be when a session was ended."""
        self._sessions.read_after(lambda: self._services.sessions.remove_from_files(profile_id, only_left=True))

    def remove_from_files(self, profile_id: str) -> None:
        """Take the session of a deleted profile out of the credentials file.

        `removed` tells from where, its record where it still is, and `file_failed` why that could not be found out.
        """
        removed: list[RemovedSession] = []

        def tell() -> None:
            if removed[0].sections:
                self.removed.emit(removed[0].sections)

        self._sessions.read_after(
            lambda: removed.append(self._services.sessions.remove_from_files(profile_id)),
            tell,
            failed=self.file_failed.emit,
        )

    def leave_in_files(self, profile_id: str, *, may_stay: bool = True) -> None:
        """Leave it there, and say no more of it; or take that back, because the profile is there again."""
        self._sessions.read_after(
            lambda: self._services.sessions.leave_in_files(profile_id, may_stay=may_stay),
            failed=self.file_failed.emit,
        )

    def forget(self, profile_id: str) -> None:
        """Forget what is left of a deleted profile; where the keyring refuses, the next start does it."""

        def forget() -> None:
            self._profiles.finish_deletion(profile_id)
            self._services.sessions.records.forget_deleted(profile_id)

        self._sessions.read_after(forget)

    def try_again(self, profile_id: str, token_code: str) -> None:
        """Repeat the last command, with the code that is typed now."""
        self._attempts.try_again(profile_id, token_code)

    def cancel(self, profile_id: str) -> None:
        """Stop waiting for what is being done for a profile; a session that is not stored yet will not be."""
        activity = self.activity(profile_id)
        self._attempts.cancel(profile_id)
        if activity is not None and activity.gets_token:
            self.dismiss_problem(profile_id)  # that of an attempt before; this one has none

    def cancel_all(self) -> None:
        """Stop waiting for everything."""
        self._attempts.cancel_all()

    def show_problem(self, profile_id: str, error: StsDesktopError) -> None:
        """Tell the person about something that was found before any job was started."""
        self._attempts.show_problem(profile_id, error)

    def dismiss_problem(self, profile_id: str) -> None:
        """Stop telling about a problem: the person closed it, or is mending its cause."""
        had_problem = self._attempts.drop_problem(profile_id)
        failure = self.record(profile_id).failure
        if failure is not None:
            self._sessions.read_after(lambda: self._services.sessions.clear_failure(profile_id, failure))
        elif had_problem:
            self.session_changed.emit(profile_id)

    @Slot()
    def reconcile(self, *, may_prompt: bool = True) -> None:
        """Compare what is shown with the vault, after the first paint; `keyring_failed` tells that it could not be.

        Args:
            may_prompt: whether the keyring may ask for its password.
        """
        if self._sessions.state.sessions or self._profiles.settings.deleted or self._profiles.settings.profiles:
            self._sessions.read_after(
                # By a function of its own: the services are imported where they are first asked for.
                lambda: self._services.sessions.records.reconcile(may_prompt=may_prompt),
                failed=self.keyring_failed.emit,
            )

    def reload(self) -> None:
        """Look again at what is known: another process, or a job that was cancelled too late, may have changed it."""
        self._sessions.reload()

    def watch(self, watched: bool) -> None:
        """Tick each second while countdowns are on screen (`watched`), and seldom otherwise."""
        self._sessions.watch(watched)

    # What follows from some of them

    def _written(self, profile_id: str) -> None:
        self._profiles.reload()  # the section may be the profile's own from now on
        self.written.emit(profile_id)

    def _token_received(self, profile: Profile, owner: CallerIdentity | None) -> None:
        """Ask whose session it is, and tell where it is another user's than before, as after a change of the chain."""
        self.token_received.emit(profile.id)
        about_clock = clock_notice(self._services.now.skew())
        if about_clock is not None:
            self._attempts.tell(profile.id, about_clock)

        def identified() -> None:
            new = self.record(profile.id).identity
            if owner is not None and new is not None and new.arn != owner.arn:
                self._attempts.tell(profile.id, owner_notice(owner, new))

        self._sessions.read_after(lambda: self._services.sessions.identify(profile), identified)
