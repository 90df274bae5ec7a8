"""The two AWS files: what they say, and the one way in which one of them is changed."""

import logging
from collections.abc import Callable, Collection
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from sts_desktop.core.aws_files.access_keys import long_lived_key
from sts_desktop.core.aws_files.disk import take_snapshot
from sts_desktop.core.aws_files.document import Document, parse
from sts_desktop.core.aws_files.errors import (
    ForeignSectionError,
    NoSuchAwsProfileError,
    NotOurSessionError,
    SectionIsSourceError,
    SectionNameError,
)
from sts_desktop.core.aws_files.keys import (
    ACCESS_KEY_ID,
    OUR_KEYS,
    hidden_keys,
    holds_credentials,
    session_values,
    winning_keys,
)
from sts_desktop.core.aws_files.locations import AwsFileLocations
from sts_desktop.core.aws_files.merging import config_profiles, merged_profiles, reached_sources, static_keys
from sts_desktop.core.aws_files.names import is_section_name
from sts_desktop.core.credentials import AccessKey, SessionCredentials

if TYPE_CHECKING:
    from sts_desktop.core.aws_files.profiles import AwsProfile, TargetSection
    from sts_desktop.core.aws_files.writer import SectionWriter

log = logging.getLogger(__name__)

_SAMPLE = SessionCredentials("ASIAEXAMPLE", "secret", "token", datetime(2000, 1, 1, tzinfo=UTC))


class AwsFiles:
    """The config and credentials files of one person. Holds nothing of them between calls; safe on any thread."""

    def __init__(self, locations: AwsFileLocations, lock_directory: Path) -> None:
        self.locations = locations
        self._lock_directory = lock_directory

    def profiles(self) -> "tuple[AwsProfile, ...]":
        """Return every profile that AWS tools find in the two files; a missing file has none.

        Raises:
            UnusablePathError: a file cannot be read.
            UnreadableAwsFileError: botocore could not make sense of a file.
        """
        from sts_desktop.core.aws_files.profiles import describe

        return describe(_read(self.locations.config).values(), _read(self.locations.credentials).values())

    def access_key(self, profile_name: str) -> AccessKey:
        """Return the long-lived access key of a profile.

        The config file is looked at only where the credentials file has no key id for the profile, as botocore does.

        Raises:
            NoSuchAwsProfileError: neither file has the profile.
            NoKeysInAwsProfileError: it has no static keys.
            IncompleteKeysInAwsProfileError: it has half a pair.
            TemporaryKeysInAwsProfileError: it has the keys of a session.
            MalformedKeysInAwsProfileError: its keys hold characters that no key has.
            UnusablePathError: a file cannot be read.
            UnreadableAwsFileError: botocore could not make sense of a file.
        """
        credentials = _read(self.locations.credentials).values()
        if ACCESS_KEY_ID in credentials.get(profile_name, {}):
            return long_lived_key(profile_name, credentials[profile_name])
        in_config = config_profiles(_read(self.locations.config).values())
        if profile_name not in credentials and profile_name not in in_config:
            raise NoSuchAwsProfileError(profile_name)
        return long_lived_key(profile_name, static_keys(profile_name, in_config, credentials))

    def section(self, name: str) -> "TargetSection":
        """Return what stands in section `[name]` of the credentials file, and in the config file's profile `name`.

        Raises:
            UnusablePathError: a file cannot be read.
            UnreadableAwsFileError: botocore could not make sense of a file.
        """
        return self._target(_read(self.locations.credentials), name)

    def check_writable(self, section: str, *, sources: Collection[str], region: str | None = None) -> None:
        """Raise what `write` would raise for this section, whatever the credentials; change nothing.

        Whether the section holds somebody else's keys is not asked here, nor can a full disk be foreseen.

        Args:
            section: the name of the section.
            sources: as for `write`.
            region: as for `write`.

        Raises:
            InvalidInputError: the name or the region cannot be written.
            AwsFileError: the section, the file or its directory cannot be written.
        """
        _refuse_name(section)
        self._writer.check(
            section, session_values(_SAMPLE, region), lambda document: self._refuse_source(document, section, sources)
        )

    def write(
        self,
        section: str,
        credentials: SessionCredentials,
        region: str | None,
        *,
        sources: Collection[str],
        is_ours: Callable[[str], bool],
        replace_foreign: bool = False,
    ) -> None:
        """Write session credentials into section `[section]` of the credentials file; all or nothing.

        Args:
            section: the name of the section; it is made when the file does not have it.
            credentials: what is written, with its expiration.
            region: the working region; None leaves the section's `region` as it is.
            sources: sections that some profile takes its access key from. They are never written, nor is what they
                reach through `source_profile`.
            is_ours: whether this program wrote the key id that stands in the section. Called under the lock.
            replace_foreign: whether somebody else's credentials may be replaced.

        Raises:
            SectionNameError, UnwritableValueError: a name or value that does not belong into such a file.
            SectionIsSourceError: the section gives some profile its access key.
            ForeignSectionError: somebody else's credentials stand there.
            UnreadableAwsFileError: botocore could not make sense of the file.
            UneditableSectionError: the section cannot be changed safely.
            UnusablePathError: the file or its directory cannot be used.
        """
        _refuse_name(section)
        values = session_values(credentials, region)

        def allow(document: Document) -> None:
            self._refuse_source(document, section, sources)
            if not replace_foreign:
                self._refuse_foreign(document, section, lambda key: key == credentials.access_key_id or is_ours(key))

        self._writer.write(section, values, allow)
        log.info("Wrote section [%s] of %s", section, self.locations.credentials)

    def has_section(self, name: str) -> bool:
        """Return whether the credentials file has a section `[name]`. Raises as `section` does, of that file only."""
        return name in _read(self.locations.credentials).values()

    def remove_session(self, section: str, *, is_ours: Callable[[str], bool], keep_section: bool = False) -> bool:
        """Take a session that this program wrote out of section `[section]` of the credentials file; all or nothing.

        A section that held nothing else goes whole. Otherwise its `region` stays, and so does every other key. That a
        profile takes its access key from the section is no hindrance: the key that goes is ours.

        Args:
            section: the name of the section.
            is_ours: whether the key id that stands in the section belongs to the session. Called under the lock.
            keep_section: the section was there before; its header and region stay, even if nothing else does.

        Returns:
            Whether a session was removed; False where the file, the section or a key id in it is missing.

        Raises:
            NotOurSessionError: another key stands there.
            UnreadableAwsFileError: botocore could not make sense of the file.
            UneditableSectionError: the section cannot be changed safely.
            UnusablePathError: the file or its directory cannot be used.
        """

        def is_there(document: Document) -> bool:
            access_key_id = _own_values(document, section).get(ACCESS_KEY_ID, "")
            if access_key_id and not is_ours(access_key_id):
                raise NotOurSessionError(self._target(document, section))
            return bool(access_key_id)

        is_gone = self._writer.remove_session(section, is_there, keep_section=keep_section)
        if is_gone:
            log.info("Removed a session from section [%s] of %s", section, self.locations.credentials)
        return is_gone

    @property
    def _writer(self) -> "SectionWriter":
        from sts_desktop.core.aws_files.writer import SectionWriter

        return SectionWriter(self.locations.credentials, self._lock_directory)

    def _refuse_source(self, credentials: Document, section: str, sources: Collection[str]) -> None:
        """Look at the config file only if there is something to protect: a broken one need not stop others."""
        if not sources:
            return
        profiles = merged_profiles(_read(self.locations.config).values(), credentials.values())
        if section in reached_sources(sources, profiles):
            raise SectionIsSourceError(section)

    def _refuse_foreign(self, credentials: Document, section: str, is_ours: Callable[[str], bool]) -> None:
        values = _own_values(credentials, section)
        access_key_id = values.get(ACCESS_KEY_ID, "")
        if holds_credentials(values) and not (access_key_id and is_ours(access_key_id)):
            raise ForeignSectionError(self._target(credentials, section))

    def _target(self, credentials: Document, name: str) -> "TargetSection":
        from sts_desktop.core.aws_files.profiles import TargetSection

        values = _own_values(credentials, name)
        in_config = config_profiles(_read(self.locations.config).values()).get(name, {})
        return TargetSection(
            name=name,
            path=self.locations.credentials,
            exists=credentials.section(name) is not None,
            access_key_id=values.get(ACCESS_KEY_ID) or None,
            other_keys=tuple(key for key in values if key not in OUR_KEYS),
            winning_keys=winning_keys(in_config),
            hidden_keys=hidden_keys(in_config),
        )


def _read(location: Path) -> Document:
    """Return a file as it is now; a missing one is empty."""
    return parse(location, take_snapshot(location).content)


def _own_values(document: Document, name: str) -> dict[str, str]:
    """Return what stands in the section itself, without what `[DEFAULT]` hands down."""
    section = document.section(name)
    return {} if section is None else {entry.key: entry.value for entry in section.entries}


def _refuse_name(section: str) -> None:
    if not is_section_name(section):
        raise SectionNameError()
