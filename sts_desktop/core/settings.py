"""Profiles, the names of the access keys kept in the vault, and preferences. No secret is among them."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from sts_desktop.core.errors import InvalidInputError
from sts_desktop.core.i18n import _
from sts_desktop.core.json_file import JsonFile
from sts_desktop.core.profile import (
    AwsProfileKey,
    DefaultChain,
    EndpointChoice,
    Profile,
    decode_endpoint,
    decode_id,
    decode_profile,
    encode_endpoint,
    encode_profile,
    normal_name,
)

VERSION = 1

RECENT_ENDPOINTS = 5
"""How many of the endpoints chosen last are remembered."""


@dataclass(frozen=True)
class AccessKeyEntry:
    """What is known, without its secret, of an access key in the vault."""

    id: str
    name: str
    last_four: str


@dataclass(frozen=True)
class Settings:
    """Everything a person set up, as one value.

    Attributes:
        profiles: in the order they were made.
        access_keys: those in the vault.
        deleted: ids of profiles that were deleted and whose session is still to be forgotten. A profile that is merely
            missing, because the file was lost or moved aside, is not among them.
        told: what the person was told once, and need not be told again.
        favourite_endpoints: those that stand first in the list, in the order in which they were chosen to.
        recent_endpoints: those chosen last, the latest first.
    """

    profiles: tuple[Profile, ...] = ()
    access_keys: tuple[AccessKeyEntry, ...] = ()
    deleted: tuple[str, ...] = ()
    told: tuple[str, ...] = ()
    favourite_endpoints: tuple[EndpointChoice, ...] = ()
    recent_endpoints: tuple[EndpointChoice, ...] = ()

    @cached_property
    def by_id(self) -> Mapping[str, Profile]:
        """The profiles by their id."""
        return {profile.id: profile for profile in self.profiles}

    def profile(self, profile_id: str) -> Profile | None:
        """Return the profile with this id, or None."""
        return self.by_id.get(profile_id)

    def profile_called(self, name_or_id: str) -> Profile:
        """Return the profile with this name, or else this id.

        Raises:
            NoSuchProfileError: there is none.
        """
        name = normal_name(name_or_id)
        for profile in self.profiles:
            if profile.name == name:
                return profile
        found = self.profile(name_or_id)
        if found is None:
            raise NoSuchProfileError(name_or_id)
        return found

    def access_key(self, key_id: str) -> AccessKeyEntry | None:
        """Return what is known of the access key with this id, or None."""
        return next((entry for entry in self.access_keys if entry.id == key_id), None)

    def access_key_called(self, name: str) -> AccessKeyEntry | None:
        """Return what is known of the access key with this name, or None."""
        wanted = normal_name(name)
        return next((entry for entry in self.access_keys if entry.name == wanted), None)

    def source_sections(self, environment: Mapping[str, str] = os.environ) -> frozenset[str]:
        """Return the sections of the AWS files that profiles take their access key from; they are never written to.

        For the default credential provider chain these are the ones that it may look into: `default`, and what the
        variables of `environment` name (botocore's `profile`, `botocore.configprovider`).
        """
        sources = [profile.source for profile in self.profiles]
        sections = {source.profile_name for source in sources if isinstance(source, AwsProfileKey)}
        if DefaultChain() in sources:
            named = (environment.get(variable, "") for variable in ("AWS_DEFAULT_PROFILE", "AWS_PROFILE"))
            sections |= {"default", *filter(None, named)}
        return frozenset(sections)

    def section_for(self, profile: Profile) -> str:
        """Return the section of the credentials file that `profile` is written to."""
        from sts_desktop.core.aws_files.names import suggest_section  # not needed to draw a list

        if profile.section:
            return profile.section
        taken = set(self.source_sections())
        taken |= {other.section for other in self.profiles if other.section and other.id != profile.id}
        for other in self.profiles:  # those made earlier have the first say: “a b” and “a-b” suggest the same
            if other.id == profile.id:
                break
            if not other.section:
                taken.add(suggest_section(other.name, other.id, taken))
        return suggest_section(profile.name, profile.id, taken)

    def with_profile(self, profile: Profile) -> "Settings":
        """Return these settings with `profile` in the place of the one with its id, or at the end."""
        if self.profile(profile.id) is None:
            return replace(self.without_deleted(profile.id), profiles=(*self.profiles, profile))
        return replace(self, profiles=tuple(profile if old.id == profile.id else old for old in self.profiles))

    def with_section(self, profile_id: str, section: str) -> "Settings":
        """Return these settings with the section that a profile was written to as its own, unless it is anyhow."""
        profile = self.profile(profile_id)
        if profile is None or self.section_for(profile) == section:
            return self
        return self.with_profile(replace(profile, section=section))

    def without_profile(self, profile_id: str) -> "Settings":
        """Return these settings without the profile with this id."""
        return replace(self, profiles=tuple(old for old in self.profiles if old.id != profile_id))

    def with_deleted(self, profile_id: str) -> "Settings":
        """Return these settings with a profile deleted; `without_deleted` when nothing is left of it."""
        if self.profile(profile_id) is None:
            return self
        return replace(self.without_profile(profile_id), deleted=(*self.deleted, profile_id))

    def without_deleted(self, profile_id: str) -> "Settings":
        """Return these settings with nothing to be forgotten of a deleted profile any more."""
        return replace(self, deleted=tuple(other for other in self.deleted if other != profile_id))

    def with_restored(self, profile: Profile, index: int) -> "Settings":
        """Return these settings with a profile that had been removed, back at its place."""
        rest = self.without_profile(profile.id).without_deleted(profile.id)
        return replace(rest, profiles=(*rest.profiles[:index], profile, *rest.profiles[index:]))

    def with_recent_endpoint(self, choice: EndpointChoice) -> "Settings":
        """Return these settings with an endpoint as the one that was chosen last."""
        others = (known for known in self.recent_endpoints if known != choice)
        return replace(self, recent_endpoints=(choice, *others)[:RECENT_ENDPOINTS])

    def with_favourite_endpoint(self, choice: EndpointChoice, *, is_favourite: bool) -> "Settings":
        """Return these settings with an endpoint among the favourites, or not."""
        others = tuple(known for known in self.favourite_endpoints if known != choice)
        return replace(self, favourite_endpoints=(*others, choice) if is_favourite else others)

    def with_told(self, told: str) -> "Settings":
        """Return these settings with something that the person was told."""
        return self if told in self.told else replace(self, told=(*self.told, told))

    def with_access_key(self, entry: AccessKeyEntry) -> "Settings":
        """Return these settings with `entry` in the place of the one with its id, or at the end."""
        return replace(self, access_keys=(*self.without_access_key(entry.id).access_keys, entry))

    def without_access_key(self, key_id: str) -> "Settings":
        """Return these settings without the entry of this id."""
        return replace(self, access_keys=tuple(entry for entry in self.access_keys if entry.id != key_id))


class NoSuchProfileError(InvalidInputError):
    """No profile has this name."""

    def __init__(self, name: str) -> None:
        super().__init__(
            _("There is no profile “{name}”").format(name=name),
            "",
            _("“sts-desktop list” shows the profiles there are."),
        )


def settings_file(path: Path) -> JsonFile[Settings]:
    """Return the file of settings at `path`."""
    return JsonFile(path, version=VERSION, empty=Settings(), decode=_decode, encode=_encode, is_precious=True)


def _encode(settings: Settings) -> dict[str, Any]:
    return {
        "profiles": [encode_profile(profile) for profile in settings.profiles],
        "access_keys": [vars(entry) for entry in settings.access_keys],
        "deleted": list(settings.deleted),
        "told": list(settings.told),
        "favourite_endpoints": [encode_endpoint(choice) for choice in settings.favourite_endpoints],
        "recent_endpoints": [encode_endpoint(choice) for choice in settings.recent_endpoints],
    }


def _decode(document: dict[str, Any]) -> Settings:
    profiles = tuple(decode_profile(entry) for entry in document["profiles"])
    if len({profile.id for profile in profiles}) != len(profiles):
        raise ValueError("two profiles with one id")
    return Settings(
        profiles=profiles,
        access_keys=tuple(
            AccessKeyEntry(decode_id(entry["id"]), str(entry["name"]), str(entry["last_four"]))
            for entry in document["access_keys"]
        ),
        deleted=tuple(decode_id(profile_id) for profile_id in document.get("deleted", [])),
        told=tuple(str(told) for told in document.get("told", [])),
        favourite_endpoints=tuple(map(decode_endpoint, document.get("favourite_endpoints", []))),
        recent_endpoints=tuple(map(decode_endpoint, document.get("recent_endpoints", []))),
    )
