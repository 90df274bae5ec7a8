"""The use cases of a profile: make one, change it, choose its access key."""

from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING

from sts_desktop.core.aws_files.errors import NoSuchAwsProfileError
from sts_desktop.core.credentials import CallerIdentity
from sts_desktop.core.duration import DEFAULT_SECONDS, MAXIMUM_SECONDS, MINIMUM_SECONDS
from sts_desktop.core.json_file import JsonFile
from sts_desktop.core.profile import AwsProfileKey, EndpointChoice, Profile, check_name, free_name, new_id
from sts_desktop.core.settings import NoSuchProfileError, Settings
from sts_desktop.core.sts.endpoints import endpoints, partition_of

if TYPE_CHECKING:
    from sts_desktop.core.aws_files.files import AwsFiles
    from sts_desktop.core.aws_files.profiles import AwsProfile

BLANK = Profile(id="", name="")
"""A profile with nothing set."""

ANYWHERE = EndpointChoice()
"""What nobody chose."""


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
        """Return `profile` with its access key from a profile of the AWS files; see `with_key_of`.

        Raises:
            StsDesktopError: the AWS files cannot be read, or there is no such profile.
        """
        known = {found.name: found for found in self.aws_files.profiles()}
        if aws_profile_name not in known:
            raise NoSuchAwsProfileError(aws_profile_name)
        before = known.get(profile.source.profile_name) if isinstance(profile.source, AwsProfileKey) else None
        return with_key_of(profile, known[aws_profile_name], before)


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


def with_key_of(
    profile: Profile, aws_profile: "AwsProfile", before: "AwsProfile | None" = None, usual: EndpointChoice = ANYWHERE
) -> Profile:
    """Return `profile` with the access key of `aws_profile`, and with what that one says where nobody chose a value.

    Args:
        profile: whose access key is to be another.
        aws_profile: where that is from.
        before: where the key was from until now: what still is as that one says was not chosen for another's key. Its
            MFA device, for one, belongs to another user.
        usual: the endpoint that a new profile is given; chosen by nobody as long as the profile has no key.
    """
    if before is not None:
        profile = _without_values_of(profile, before)
    if profile.source is None and profile.endpoint == usual and _has_sts(aws_profile.region):
        profile = replace(profile, endpoint=ANYWHERE)
    return _filled_in(replace(profile, source=AwsProfileKey(aws_profile.name)), aws_profile)


def usual_endpoint(settings: Settings, but: str = "") -> EndpointChoice:
    """Return the endpoint of the newest profile other than `but`: whoever works in Tokyo wants Tokyo again."""
    return next((known.endpoint for known in reversed(settings.profiles) if known.id != but), ANYWHERE)


def partition_of_key(profile: Profile, owner: CallerIdentity | None) -> str | None:
    """Return the partition that a profile's access key belongs to, as far as anything says so; else None.

    Args:
        profile: whose.
        owner: whose its last session was, which says least: the key may be another one by now.
    """
    known = owner.partition if owner is not None else None
    return partition_of(profile.mfa_serial) or partition_of(profile.working_region) or known


def _without_values_of(profile: Profile, aws_profile: "AwsProfile") -> Profile:
    if profile.mfa_serial == aws_profile.mfa_serial:
        profile = replace(profile, mfa_serial="")
    if profile.working_region == aws_profile.region:
        profile = replace(profile, working_region="")
    if aws_profile.region and profile.endpoint == EndpointChoice(aws_profile.region):
        profile = replace(profile, endpoint=ANYWHERE)
    if profile.duration_seconds == aws_profile.duration_seconds:
        profile = replace(profile, duration_seconds=DEFAULT_SECONDS)
    return profile


def _filled_in(profile: Profile, aws_profile: "AwsProfile") -> Profile:
    if aws_profile.mfa_serial and not profile.mfa_serial:
        profile = replace(profile, mfa_serial=aws_profile.mfa_serial)
    if aws_profile.region:
        if not profile.working_region:
            profile = replace(profile, working_region=aws_profile.region)
        if profile.endpoint == ANYWHERE and _has_sts(aws_profile.region):
            profile = replace(profile, endpoint=EndpointChoice(aws_profile.region))
    seconds = aws_profile.duration_seconds
    if seconds and profile.duration_seconds == DEFAULT_SECONDS and MINIMUM_SECONDS <= seconds <= MAXIMUM_SECONDS:
        profile = replace(profile, duration_seconds=seconds)
    return profile


def _has_sts(region: str | None) -> bool:
    return any(known.id == region for known in endpoints())
