"""A profile: how one set of session credentials is obtained, and where it goes."""

import unicodedata
from collections.abc import Collection
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from sts_desktop.core.duration import DEFAULT_SECONDS
from sts_desktop.core.errors import Field, InvalidInputError
from sts_desktop.core.i18n import _

if TYPE_CHECKING:
    from sts_desktop.core.sts.endpoint import Endpoint

NAME_LENGTH = 80
DEFAULT_ENDPOINT = "us-east-1"
_ID_CHARACTERS = "abcdefghijklmnopqrstuvwxyz0123456789"


class Kind(StrEnum):
    """How a profile's session credentials come about; the one way today."""

    GET_SESSION_TOKEN = "get_session_token"  # noqa: S105  (the name of an STS operation)


@dataclass(frozen=True)
class VaultKey:
    """An access key kept in the vault, under our own id for it."""

    key_id: str


@dataclass(frozen=True)
class AwsProfileKey:
    """The access key of a profile of the AWS files, read each time it is needed."""

    profile_name: str


@dataclass(frozen=True)
class DefaultChain:
    """The access key that the AWS SDK's default credential provider chain finds, looked for each time it is needed."""


AccessKeySource = VaultKey | AwsProfileKey | DefaultChain


@dataclass(frozen=True)
class EndpointChoice:
    """Which STS host a profile asks: an id of the table, or a URL of the person's own with its signing region."""

    id: str = DEFAULT_ENDPOINT
    url: str = ""
    signing_region: str = ""

    @classmethod
    def of(cls, endpoint: "Endpoint") -> "EndpointChoice":
        """Return the choice of `endpoint`."""
        from sts_desktop.core.sts.endpoint import CUSTOM_ID  # not needed to draw a list

        if endpoint.id == CUSTOM_ID:
            return cls(CUSTOM_ID, endpoint.url, endpoint.signing_region)
        return cls(endpoint.id)

    def resolve(self) -> "Endpoint":
        """Return the endpoint itself.

        Raises:
            UnknownEndpointError: the table has no such id.
            InvalidInputError: the URL or its signing region cannot be used.
        """
        from sts_desktop.core.sts.endpoint import CUSTOM_ID
        from sts_desktop.core.sts.endpoints import custom_endpoint, endpoint  # not needed to draw a list

        if self.id == CUSTOM_ID:
            return custom_endpoint(self.url, self.signing_region)
        return endpoint(self.id)


@dataclass(frozen=True)
class Profile:
    """What a person set up under one name.

    Attributes:
        id: random ASCII; names the profile in the vault, in the state and in lines written into AWS files.
        name: free text, 1 to 80 characters, NFC, unique.
        source: where the access key comes from; None until chosen.
        endpoint: the STS host that is asked.
        duration_seconds: the wish sent to STS, 900 to 129,600 s; None to send none and take what AWS gives.
        mfa_serial: serial number or ARN of the MFA device; empty when no code is sent.
        working_region: goes to `region` in the file and `AWS_REGION` in exports; empty for none.
        section: the section of the credentials file; empty for the one suggested from the name.
        kind: how the credentials come about.
    """

    id: str
    name: str
    source: AccessKeySource | None = None
    endpoint: EndpointChoice = field(default_factory=EndpointChoice)
    duration_seconds: int | None = DEFAULT_SECONDS
    mfa_serial: str = ""
    working_region: str = ""
    section: str = ""
    kind: Kind = Kind.GET_SESSION_TOKEN


def new_id() -> str:
    """Return a random id for a profile or an access key: 16 characters of [0-9a-f]."""
    import secrets  # not at the top: commands that only read make no ids, and its import costs them 5 ms

    return secrets.token_hex(8)


def normal_name(text: str) -> str:
    """Return `text` as names are stored and compared: NFC, without blanks at its ends."""
    return unicodedata.normalize("NFC", text).strip()


def check_name(text: str, taken: Collection[str] = ()) -> str:
    """Return `text` as a profile name: `normal_name`, if that can be used.

    Raises:
        InvalidInputError: it is empty, too long, holds control characters, or is one of `taken`.
    """
    name = normal_name(text)
    if not name:
        raise _refused(_("A name is needed."))
    if len(name) > NAME_LENGTH:
        raise _refused(_("A name has at most {limit} characters.").format(limit=NAME_LENGTH))
    if any(unicodedata.category(character) in ("Cc", "Cs", "Zl", "Zp", "Cf") for character in name):
        raise _refused(_("A name cannot hold line breaks or invisible characters."))
    if name in taken:
        raise _refused(_("“{name}” is taken already.").format(name=name))
    return name


def free_name(wish: str, taken: Collection[str]) -> str:
    """Return `wish`, or `wish 2`, `wish 3`… when it is taken; a long one is cut so that the number fits."""
    name, number = wish, 1
    while name in taken:
        number += 1
        ending = f" {number}"
        name = wish[: NAME_LENGTH - len(ending)].rstrip() + ending
    return name


def _refused(message: str) -> InvalidInputError:
    return InvalidInputError(_("This name cannot be used"), message, _("Choose another name."), field=Field.NAME)


def encode_profile(profile: Profile) -> dict[str, Any]:
    """Return `profile` as JSON values; empty members are left out."""
    document: dict[str, Any] = {"id": profile.id, "name": profile.name, "kind": profile.kind.value}
    match profile.source:
        case VaultKey(key_id):
            document["access_key"] = {"vault": key_id}
        case AwsProfileKey(profile_name):
            document["access_key"] = {"aws_profile": profile_name}
        case DefaultChain():
            document["access_key"] = {"default_chain": True}
    document["endpoint"] = encode_endpoint(profile.endpoint)
    document["duration_seconds"] = profile.duration_seconds
    for name in ("mfa_serial", "working_region", "section"):
        if value := getattr(profile, name):
            document[name] = value
    return document


def encode_endpoint(choice: EndpointChoice) -> dict[str, str]:
    """Return `choice` as JSON values; empty members are left out."""
    return {"id": choice.id} | {name: value for name, value in vars(choice).items() if value}


def decode_endpoint(document: dict[str, Any]) -> EndpointChoice:
    """Return what `encode_endpoint` wrote; raise KeyError or TypeError for anything else."""
    return EndpointChoice(
        _text(document["id"]), _text(document.get("url", "")), _text(document.get("signing_region", ""))
    )


def decode_profile(document: dict[str, Any]) -> Profile:
    """Return what `encode_profile` wrote; raise ValueError, KeyError or TypeError for anything else."""
    source: AccessKeySource | None = None
    match document.get("access_key"):
        case {"vault": key_id}:
            source = VaultKey(decode_id(key_id))
        case {"aws_profile": str(profile_name)}:
            source = AwsProfileKey(profile_name)
        case {"default_chain": True}:
            source = DefaultChain()
        case None:
            pass
        case _:
            raise ValueError("an unknown kind of access key")
    return Profile(
        id=decode_id(document["id"]),
        name=_text(document["name"]),
        source=source,
        endpoint=decode_endpoint(document["endpoint"]),
        duration_seconds=_whole_number_or_none(document.get("duration_seconds")),
        mfa_serial=_text(document.get("mfa_serial", "")),
        working_region=_text(document.get("working_region", "")),
        section=_text(document.get("section", "")),
        kind=Kind(document["kind"]),
    )


def decode_id(value: object) -> str:
    """Return `value`, an id as the vault and the AWS files take it; raise ValueError for anything else."""
    if not isinstance(value, str) or not value or value.strip(_ID_CHARACTERS):
        raise ValueError("expected an id")
    return value


def _whole_number_or_none(value: object) -> int | None:
    if value is not None and type(value) is not int:  # JSON's true is none
        raise TypeError("expected a whole number")
    return value


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError("expected text")
    return value
