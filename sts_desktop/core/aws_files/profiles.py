"""What the two files say about each profile, in words for a person. No secret is in it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from sts_desktop.core.aws_files.keys import ACCESS_KEY_ID
from sts_desktop.core.aws_files.merging import Values, config_profiles, is_temporary, merged_profiles, static_keys


@dataclass(frozen=True)
class AwsProfile:
    """One profile of the AWS files.

    Attributes:
        name: as `--profile` takes it.
        access_key_id: of its static keys; None without.
        is_temporary: whether those keys belong to a session, so that STS would refuse them.
        mfa_serial: serial number or ARN of the MFA device it names.
        region: the region it names.
        duration_seconds: the duration it names, in seconds; None where that is not a number.
        role_arn: the role it assumes.
        source_profile: the profile whose credentials it assumes the role with.
        credential_process: the command line that would give its credentials; never run here.
        uses_sso: whether it names an account or a session of IAM Identity Center.
    """

    name: str
    access_key_id: str | None = field(repr=False)
    is_temporary: bool
    mfa_serial: str | None
    region: str | None
    duration_seconds: int | None
    role_arn: str | None
    source_profile: str | None
    credential_process: str | None
    uses_sso: bool


@dataclass(frozen=True)
class TargetSection:
    """What stands where a session would be written.

    Attributes:
        name: the section's name.
        path: the credentials file.
        exists: whether the file has that section.
        access_key_id: the key id that stands there; None without.
        other_keys: names of the keys there that a write leaves alone.
        winning_keys: names of the keys of the config file's profile of that name that AWS tools obey before the
            static keys of the credentials file (`role_arn`, `sso_…`).
        hidden_keys: names of the keys of that profile that AWS tools no longer look at beside static keys
            (`credential_process`).
    """

    name: str
    path: Path
    exists: bool
    access_key_id: str | None = field(repr=False)
    other_keys: tuple[str, ...]
    winning_keys: tuple[str, ...]
    hidden_keys: tuple[str, ...] = ()


def describe(config: Values, credentials: Values) -> tuple[AwsProfile, ...]:
    """Return all profiles of both files, those of the config file first, each in the order of its file."""
    in_config = config_profiles(config)
    merged = merged_profiles(config, credentials)
    return tuple(_profile(name, content, static_keys(name, in_config, credentials)) for name, content in merged.items())


def _profile(name: str, content: Mapping[str, str], keys: Mapping[str, str]) -> AwsProfile:
    access_key_id = keys.get(ACCESS_KEY_ID) or None
    duration = content.get("duration_seconds", "")
    return AwsProfile(
        name=name,
        access_key_id=access_key_id,
        is_temporary=access_key_id is not None and is_temporary(keys),
        mfa_serial=content.get("mfa_serial") or None,
        region=content.get("region") or None,
        duration_seconds=int(duration) if duration.isascii() and duration.isdigit() and len(duration) < 10 else None,
        role_arn=content.get("role_arn") or None,
        source_profile=content.get("source_profile") or None,
        credential_process=content.get("credential_process") or None,
        uses_sso=any(key.startswith("sso_") for key in content),
    )
