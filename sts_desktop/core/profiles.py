"""The use cases of a profile: make one, change it, choose its access key."""

from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING

from sts_desktop.core.aws_files.errors import NoSuchAwsProfileError
from sts_desktop.core.duration import DEFAULT_SECONDS, MAXIMUM_SECONDS, MINIMUM_SECONDS
from sts_desktop.core.json_file import JsonFile
from sts_desktop.core.profile import AwsProfileKey, EndpointChoice, Profile, check_name, free_name, new_id
from sts_desktop.core.settings import NoSuchProfileError, Settings
from sts_desktop.core.sts.endpoints import endpoints

if TYPE_CHECKING:
    from sts_desktop.core.aws_files.files import AwsFiles
    from sts_desktop.core.aws_files.profiles import AwsProfile

BLANK = Profile(id="", name="")
"""A profile with nothing set."""


@dataclass(frozen=True)
class Profiles:
    """The profiles in the settings."""

    settings: JsonFile[Settings]
    aws_files: "AwsFiles"

    def create(self, wish: str, template: Profile = BLANK) -> Profile:
        """Make a profile called `wish`, or `wish 2` when that is taken, with the values of `template`; return it.

        Raises:
            InvalidInputError: the name cannot be used.
            UnusableFileError: the settings could not be saved.
        """
        created = BLANK

        def add(settings: Settings) -> Settings:
            nonlocal created
            created = new_profile(check_name(wish), settings, template)
            return settings.with_profile(created)

        self.settings.update(add)
        return created

    def save(self, profile: Profile, before: Profile | None = None) -> Settings:
        """Save a profile and return all settings.

        Args:
            profile: as it shall be.
            before: as it was when it began to be changed. Only what differs from that is saved, on top of what another
                process may have saved since. Without it the profile is saved whole, and added if it is new.

        Raises:
            InvalidInputError: its name cannot be used, or another profile has it.
            NoSuchProfileError: it was changed here and has been deleted elsewhere.
            UnusableFileError: the settings could not be saved.
        """

        def put(settings: Settings) -> Settings:
            merged = profile if before is None else _merged(profile, before, settings)
            taken = [other.name for other in settings.profiles if other.id != profile.id]
            return settings.with_profile(replace(merged, name=check_name(merged.name, taken)))

        return self.settings.update(put)

    def delete(self, profile_id: str) -> Settings:
        """Take a profile out of the settings, and return them; its session stays until `Sessions.forget`.

        Raises:
            UnusableFileError: the settings could not be saved.
        """
        return self.settings.update(lambda settings: settings.with_deleted(profile_id))

    def restore(self, profile: Profile, index: int) -> Settings:
        """Put a deleted profile back, under another name where its own was given away meanwhile.

        Raises:
            UnusableFileError: the settings could not be saved.
        """

        def put_back(settings: Settings) -> Settings:
            taken = [other.name for other in settings.profiles if other.id != profile.id]
            return settings.with_restored(replace(profile, name=free_name(profile.name, taken)), index)

        return self.settings.update(put_back)

    def with_aws_profile(self, profile: Profile, aws_profile_name: str) -> Profile:
        """Return `profile` with its access key from a profile of the AWS files, and what that one says filled in.

        Only values that the person has not set are filled in.

        Raises:
            StsDesktopError: the AWS files cannot be read, or there is no such profile.
        """
        for known in self.aws_files.profiles():
            if known.name == aws_profile_name:
                return filled_in(replace(profile, source=AwsProfileKey(aws_profile_name)), known)
        raise NoSuchAwsProfileError(aws_profile_name)


def new_profile(wish: str, settings: Settings, template: Profile = BLANK) -> Profile:
    """Return a profile with the values of `template`, its own id and a free name: `wish`, or `wish 2` and so on."""
    taken = [other.name for other in settings.profiles]
    return replace(template, id=new_id(), name=free_name(wish, taken))


def _merged(profile: Profile, before: Profile, settings: Settings) -> Profile:
    stored = settings.profile(profile.id)
    if stored is None:
        raise NoSuchProfileError(profile.name)
    changes = {
        field.name: getattr(profile, field.name)
        for field in fields(Profile)
        if getattr(profile, field.name) != getattr(before, field.name)
    }
    return replace(stored, **changes)


def filled_in(profile: Profile, aws_profile: "AwsProfile") -> Profile:
    """Return `profile` with what `aws_profile` says put where `profile` still has its defaults."""
    if aws_profile.mfa_serial and not profile.mfa_serial:
        profile = replace(profile, mfa_serial=aws_profile.mfa_serial)
    if aws_profile.region:
        if not profile.working_region:
            profile = replace(profile, working_region=aws_profile.region)
        if profile.endpoint == EndpointChoice() and any(known.id == aws_profile.region for known in endpoints()):
            profile = replace(profile, endpoint=EndpointChoice(aws_profile.region))
    seconds = aws_profile.duration_seconds
    if seconds and profile.duration_seconds == DEFAULT_SECONDS and MINIMUM_SECONDS <= seconds <= MAXIMUM_SECONDS:
        profile = replace(profile, duration_seconds=seconds)
    return profile
