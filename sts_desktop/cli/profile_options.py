"""The options of `get-token` that describe a profile, checked as a whole before anything is saved."""

import argparse
import re
from dataclasses import replace

from sts_desktop.cli.errors import AccessKeyNotChosenError, NoSuchAccessKeyError, WorkingRegionError
from sts_desktop.core.duration import check_seconds, parse_wish
from sts_desktop.core.profile import DEFAULT_ENDPOINT, AwsProfileKey, DefaultChain, EndpointChoice, Profile, VaultKey
from sts_desktop.core.services import Services
from sts_desktop.core.sts.checks import check_mfa_serial
from sts_desktop.core.sts.endpoint import CUSTOM_ID, GLOBAL_ID

NO_REGION = "none"


def described(profile: Profile, options: argparse.Namespace, services: Services) -> Profile:
    """Return `profile` with what the options say, every value of it checked; nothing is saved or sent.

    What an AWS profile says fills in what neither the profile nor an option does.

    Raises:
        InvalidInputError: a value cannot be used, or the access key is not chosen.
        StsDesktopError: there is no such endpoint, or the AWS profile has no usable access key.
    """
    profile = _with_access_key(profile, options, services)
    if options.region is not None or options.endpoint_url is not None:
        profile = replace(profile, endpoint=_endpoint(profile.endpoint, options.region, options.endpoint_url))
    if options.duration is not None:
        profile = replace(profile, duration_seconds=parse_wish(options.duration))
    if options.mfa_serial is not None:
        profile = replace(profile, mfa_serial=options.mfa_serial.strip())
    if options.work_region is not None:
        profile = replace(profile, working_region=_working_region(options.work_region))
    check(profile)
    return profile


def check(profile: Profile) -> None:
    """Look at the whole: what was there before, or stands in an AWS profile, may be wrong as well.

    Raises:
        InvalidInputError: a value cannot be used, or the access key is not chosen.
        StsDesktopError: there is no such endpoint.
    """
    if profile.source is None:
        raise AccessKeyNotChosenError
    profile.endpoint.resolve()
    if profile.duration_seconds is not None:
        check_seconds(profile.duration_seconds)
    if profile.mfa_serial:
        check_mfa_serial(profile.mfa_serial)


def _with_access_key(profile: Profile, options: argparse.Namespace, services: Services) -> Profile:
    if options.access_key is not None:
        entry = services.access_keys.called(options.access_key)
        if entry is None:
            raise NoSuchAccessKeyError(options.access_key)
        return replace(profile, source=VaultKey(entry.id))
    if options.aws_profile is not None:
        profile = services.profiles.with_aws_profile(profile, options.aws_profile)
        if isinstance(profile.source, AwsProfileKey):
            services.aws_files.access_key(profile.source.profile_name)  # raises where there is none to use
    if options.default_chain:
        return replace(profile, source=DefaultChain())
    return profile


def _endpoint(current: EndpointChoice, region: str | None, url: str | None) -> EndpointChoice:
    if url is None:
        return EndpointChoice(region or DEFAULT_ENDPOINT)
    return EndpointChoice(CUSTOM_ID, url.strip(), region or _signing_region(current))


def _signing_region(current: EndpointChoice) -> str:
    """Return the region to sign for at an address of one's own when none is named: the one the profile has so far."""
    if current.id == CUSTOM_ID:
        return current.signing_region
    return DEFAULT_ENDPOINT if current.id == GLOBAL_ID else current.id


def _working_region(text: str) -> str:
    region = text.strip()
    if region == NO_REGION:
        return ""
    if not re.fullmatch("[a-z0-9-]{1,64}", region):
        raise WorkingRegionError
    return region
