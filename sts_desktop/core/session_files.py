"""A session in the AWS credentials file: where it was written, whose keys stand there, writing it again."""

import logging
from dataclasses import dataclass, replace

from sts_desktop.core.aws_files.errors import AwsFileError, NotOurSessionError
from sts_desktop.core.aws_files.files import AwsFiles
from sts_desktop.core.cancellation import Cancellation
from sts_desktop.core.credentials import SessionCredentials
from sts_desktop.core.errors import StsDesktopError, UnusableFileError
from sts_desktop.core.i18n import _, sentences
from sts_desktop.core.json_file import JsonFile
from sts_desktop.core.profile import Profile
from sts_desktop.core.session_errors import ConfigWinsError, OtherFileError
from sts_desktop.core.settings import Settings
from sts_desktop.core.state import State, Written, digest

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class RemovedSession:
    """What became of a session in the credentials file.

    Attributes:
        sections: where it was removed from.
        problem: why something was left as it is, for a person; empty when nothing was.
        is_still_there: whether the session stands in a file still; otherwise another key does.
    """

    sections: tuple[str, ...] = ()
    problem: str = ""
    is_still_there: bool = False

    def and_also(self, other: "RemovedSession") -> "RemovedSession":
        """Return what became of this session at two places."""
        return RemovedSession(
            self.sections + other.sections,
            sentences(self.problem, other.problem),
            self.is_still_there or other.is_still_there,
        )


@dataclass(frozen=True)
class SessionFiles:
    """Writes sessions into sections of the credentials file, and remembers which keys there are ours."""

    settings: JsonFile[Settings]
    state: JsonFile[State]
    aws_files: AwsFiles

    def check_all_writable(self, profile: Profile) -> None:
        """Raise what writing a renewed session again would raise where it stands now; change nothing.

        Nothing is written to a file that the environment no longer names, so that one is not looked at.
        """
        for written in self.state.load().session(profile.id).written:
            if not written.still_there and written.path == str(self.aws_files.locations.credentials):
                self.check_writable(profile, written.section)

    def check_writable(self, profile: Profile, section: str) -> None:
        """Raise what `write` would raise for this section, as far as that can be known before; change nothing."""
        self.aws_files.check_writable(
            section, sources=self.settings.load().source_sections(), region=profile.working_region or None
        )

    def find(self, profile: Profile, credentials: SessionCredentials) -> None:
        """Note where `credentials` stand that nothing is known of: the section of the profile's own is looked at."""
        section = self.settings.load().section_for(profile)
        try:
            stands_there = self.aws_files.section(section).access_key_id == credentials.access_key_id
        except StsDesktopError:
            return
        if stands_there:
            written = Written(section, str(self.aws_files.locations.credentials))
            own = credentials.access_key_id
            self.state.update(lambda state: state.with_own_key(own).with_place(profile.id, written))

    def write(
        self,
        profile: Profile,
        credentials: SessionCredentials,
        section: str,
        *,
        replace_foreign: bool = False,
        despite_config: bool = False,
    ) -> None:
        """Write `credentials` into `section` and remember that they are there.

        Args:
            profile: whose they are.
            credentials: the live session.
            section: where to.
            replace_foreign: overwrite keys that are not ours. Only after a person saw and agreed.
            despite_config: write although the config file's profile of that name makes AWS tools pass over what is
                written. Only after a person was told.

        Raises:
            ForeignSectionError: the section holds keys that are not ours.
            ConfigWinsError: AWS tools would not use what is written.
            StsDesktopError: the file was refused; it is as it was.
        """
        self.check_writable(profile, section)
        if not despite_config:
            self._refuse_if_config_wins(section)
        made = self._is_to_be_made(section)
        written = Written(section, str(self.aws_files.locations.credentials), made=made)
        before = self.state.load().session(profile.id).written_at(written.place)
        # Noted first, so that after a crash between the file and the note the section is still known as ours.
        unsure = replace(written, problem=_("It was not written there yet."))
        self.state.update(lambda state: state.with_own_key(credentials.access_key_id).with_place(profile.id, unsure))
        try:
            self.aws_files.write(
                section,
                credentials,
                profile.working_region or None,
                sources=self.settings.load().source_sections(),
                is_ours=lambda key_id: digest(key_id) in self.state.load().own_keys,
                replace_foreign=replace_foreign,
            )
        except StsDesktopError:
            self._take_back(profile.id, written, before)
            raise
        self.state.update(lambda state: state.with_written(profile.id, written))

    def _take_back(self, profile_id: str, written: Written, before: Written | None) -> None:
        """Note that nothing was written: what stood there stands there still."""

        def apply(state: State) -> State:
            rest = state.without_written(profile_id, written)
            return rest if before is None else rest.with_place(profile_id, before)

        try:
            self.state.update(apply)
        except UnusableFileError as error:  # why the file was refused matters more
            log.warning("that nothing was written could not be noted: %s", type(error).__name__)

    def _refuse_if_config_wins(self, section: str) -> None:
        try:
            target = self.aws_files.section(section)
        except AwsFileError:  # a broken config file need not stop the write; what else is wrong the write itself tells
            return
        if target.winning_keys:
            raise ConfigWinsError(target)

    def write_again(
        self, profile: Profile, credentials: SessionCredentials, written: Written, cancellation: Cancellation
    ) -> None:
        """Write a renewed session to where the old one stands; what hinders that is noted, not raised."""
        problem = _("It was cancelled before it got there.")
        if written.path != str(self.aws_files.locations.credentials):
            problem = str(OtherFileError(written))
        elif not cancellation.requested:
            try:
                self.write(profile, credentials, written.section, despite_config=True)  # told when it was first written
            except StsDesktopError as error:
                log.warning("the renewed session was not written: %s", type(error).__name__)
                problem = str(error)
            else:
                return
        try:
            self.state.update(lambda state: state.with_place(profile.id, replace(written, problem=problem)))
        except UnusableFileError as error:
            log.warning("that the session was not written could not be noted: %s", type(error).__name__)

    def remove(self, profile_id: str, *, only_left: bool = False) -> RemovedSession:
        """Take the profile's session out of the credentials file, wherever it stands there and is still ours; note it.

        A refusal is returned, not raised, and noted as the problem of the session that stays in the file.

        Args:
            profile_id: whose session.
            only_left: take out only what could not be when a session was ended, not one that lives.

        Raises:
            UnusableFileError: the state could not be saved.
        """
        removed = RemovedSession()
        for written in self.state.load().session(profile_id).written:
            if written.still_there or not only_left:
                removed = removed.and_also(self._remove_noted(profile_id, written))
        return removed

    def _remove_noted(self, profile_id: str, written: Written) -> RemovedSession:
        try:
            is_gone = not self._is_of_another(profile_id, written) and self._remove(written)
        except NotOurSessionError as error:
            removed = RemovedSession(problem=str(error))
        except StsDesktopError as error:
            log.warning("the session was not removed from the file: %s", type(error).__name__)
            still_there = replace(written, still_there=str(error))
            self.state.update(lambda state: state.with_place(profile_id, still_there))
            return RemovedSession(problem=str(error), is_still_there=True)
        else:
            removed = RemovedSession((written.section,) if is_gone else ())
        self.state.update(lambda state: state.without_written(profile_id, written))
        return removed

    def _is_of_another(self, profile_id: str, written: Written) -> bool:
        """Return whether another profile's session stands there: a write was killed before it replaced that."""
        found = (
            record.written_at(written.place)
            for other, record in self.state.load().sessions.items()
            if other != profile_id
        )
        return bool(written.problem) and any(place is not None and not place.problem for place in found)

    def _remove(self, written: Written) -> bool:
        if written.path != str(self.aws_files.locations.credentials):
            raise OtherFileError(written)
        own_keys = self.state.load().own_keys
        return self.aws_files.remove_session(
            written.section, is_ours=lambda key_id: digest(key_id) in own_keys, keep_section=not written.made
        )

    def _is_to_be_made(self, section: str) -> bool:
        """Return whether `section` is not there yet, or was made by an earlier write, perhaps of another profile."""
        place = (section, str(self.aws_files.locations.credentials))
        for record in self.state.load().sessions.values():
            for written in record.written:
                if written.place == place:
                    return written.made
        return not self.aws_files.has_section(section)
