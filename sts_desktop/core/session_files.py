"""Sessions in the credentials file: which section holds whose, and what of it is ours to change."""

import logging
from dataclasses import dataclass, replace

from sts_desktop.core.aws_files.errors import NotOurSessionError
from sts_desktop.core.aws_files.files import AwsFiles
from sts_desktop.core.cancellation import Cancellation
from sts_desktop.core.credentials import SessionCredentials
from sts_desktop.core.errors import StsDesktopError
from sts_desktop.core.i18n import _
from sts_desktop.core.json_file import JsonFile
from sts_desktop.core.profile import Profile
from sts_desktop.core.session_errors import OtherFileError
from sts_desktop.core.settings import Settings
from sts_desktop.core.state import State, Written, digest, update_session

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class RemovedSession:
    """What became of a session in the credentials file.

    Attributes:
        section: where it was removed from; empty when nothing of it stood there.
        problem: why it was left as it is, for a person; empty when it was not.
    """

    section: str = ""
    problem: str = ""


@dataclass(frozen=True)
class SessionFiles:
    """Writes sessions into the credentials file and removes them, and notes in the state what stands where."""

    settings: JsonFile[Settings]
    state: JsonFile[State]
    aws_files: AwsFiles

    def check_writable(self, profile: Profile, section: str) -> None:
        """Raise what `write` would raise, whatever the credentials; change nothing."""
        self.aws_files.check_writable(
            section, sources=self.settings.load().source_sections(), region=profile.working_region or None
        )

    def write(self, profile: Profile, credentials: SessionCredentials, section: str, *, replace_foreign: bool) -> None:
        """Write `credentials` into a section, and note it.

        Raises:
            ForeignSectionError: the section holds keys that this program did not write, and they are not to go.
            StsDesktopError: the file was refused, and is as it was; so is what is noted.
        """
        path = str(self.aws_files.locations.credentials)
        new_digest = digest(credentials.access_key_id)
        before = self.state.load().session(profile.id).written
        known = before.key_digests if before and (before.section, before.path) == (section, path) else ()
        ours = self._digests_written_to(section, path)
        self.check_writable(profile, section)
        # Noted first, so that after a crash between the file and the note the section is still known as ours.
        update_session(self.state, profile.id, written=Written(section, path, (*known, new_digest)))
        try:
            self.aws_files.write(
                section,
                credentials,
                profile.working_region or None,
                sources=self.settings.load().source_sections(),
                is_ours=lambda key_id: digest(key_id) in ours,
                replace_foreign=replace_foreign,
            )
        except BaseException:
            update_session(self.state, profile.id, written=before)
            raise
        self.state.update(lambda state: state.with_written(profile.id, Written(section, path, (new_digest,))))

    def write_again(
        self, profile: Profile, credentials: SessionCredentials, written: Written, cancellation: Cancellation
    ) -> None:
        """Write a renewed session to where the last one stands; where that is refused, note why."""
        problem = ""
        if cancellation.requested:
            problem = _("It was cancelled before it got there.")
        else:
            try:
                self.write(profile, credentials, written.section, replace_foreign=False)
            except StsDesktopError as error:
                log.warning("the renewed session was not written: %s", type(error).__name__)
                problem = str(error)
        if problem:
            update_session(self.state, profile.id, written=replace(written, problem=problem))

    def remove(self, profile_id: str) -> RemovedSession:
        """Take the profile's session out of the credentials file, if it stands there and is still ours; note it.

        A refusal is returned, not raised, and noted as the problem of the session that stays in the file.

        Raises:
            UnusableFileError: the state could not be saved.
        """
        written = self.state.load().session(profile_id).written
        if written is None:
            return RemovedSession()
        try:
            is_gone = self._remove(written)
        except NotOurSessionError as error:
            update_session(self.state, profile_id, written=None)
            return RemovedSession(problem=str(error))
        except StsDesktopError as error:
            log.warning("the session was not removed from the file: %s", type(error).__name__)
            update_session(self.state, profile_id, written=replace(written, problem=str(error)))
            return RemovedSession(problem=str(error))
        update_session(self.state, profile_id, written=None)
        return RemovedSession(section=written.section if is_gone else "")

    def _remove(self, written: Written) -> bool:
        if written.path != str(self.aws_files.locations.credentials):
            raise OtherFileError(written)
        return self.aws_files.remove_session(
            written.section, is_ours=lambda key_id: digest(key_id) in written.key_digests
        )

    def _digests_written_to(self, section: str, path: str) -> frozenset[str]:
        places = (record.written for record in self.state.load().sessions.values())
        return frozenset(
            known
            for written in places
            if written is not None and (written.section, written.path) == (section, path)
            for known in written.key_digests
        )
