"""The state as it is kept in a file: JSON in which members that this program does not know are passed over."""

from collections.abc import Container
from dataclasses import fields, replace
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from sts_desktop.core.clock import parse_rfc3339, rfc3339
from sts_desktop.core.credentials import CallerIdentity
from sts_desktop.core.json_file import JsonFile
from sts_desktop.core.profile import decode_id
from sts_desktop.core.state import Failure, SessionRecord, SpentCode, State, Written

VERSION = 1


def state_file(path: Path) -> JsonFile[State]:
    """Return the state file at `path`."""
    return JsonFile(path, version=VERSION, empty=State(), decode=_decode, encode=_encode)


def update_session(file: JsonFile[State], profile_id: str, **changes: Any) -> SessionRecord:
    """Change members of the record of a profile's session, by name, and return it as it is then.

    Raises:
        UnusableFileError: the state could not be saved; it is as it was.
    """

    def apply(state: State) -> State:
        return state.with_session(profile_id, replace(state.session(profile_id), **changes))

    return file.update(apply).session(profile_id)


MOMENTS = ("expiration", "issued", "earlier_until")
"""The members of a record that are moments."""


def _encode(state: State) -> dict[str, Any]:
    return {
        "sessions": {profile_id: _encode_record(record) for profile_id, record in state.sessions.items()},
        "spent_codes": [{"digest": spent.digest, "at": rfc3339(spent.at)} for spent in state.spent_codes],
        "own_keys": list(state.own_keys),
        "switched_off": {
            source: {endpoint_id: rfc3339(at) for endpoint_id, at in known.items()}
            for source, known in state.switched_off.items()
        },
    }


def _encode_record(record: SessionRecord) -> dict[str, Any]:
    document = {name: value for name, value in vars(record).items() if value}
    for name in MOMENTS:
        if name in document:
            document[name] = rfc3339(document[name])
    if record.identity:
        document["identity"] = vars(record.identity)
    if record.written:
        document["written"] = [vars(written) for written in record.written]
    if record.failure:
        document["failure"] = vars(record.failure) | {"at": rfc3339(record.failure.at)}
    return document


def _decode(document: dict[str, Any]) -> State:
    sessions = {decode_id(profile_id): _decode_record(entry) for profile_id, entry in document["sessions"].items()}
    spent = tuple(_decode_spent_code(entry) for entry in document["spent_codes"])
    own_keys = document["own_keys"]
    if type(own_keys) is not list or not all(isinstance(known, str) for known in own_keys):
        raise TypeError("digests are a list of texts")
    # A file of an earlier program has none.
    switched_off = {
        source: {endpoint_id: parse_rfc3339(at) for endpoint_id, at in known.items()}
        for source, known in document.get("switched_off", {}).items()
    }
    return State(MappingProxyType(sessions), spent, tuple(own_keys), MappingProxyType(switched_off))


def _decode_spent_code(entry: dict[str, Any]) -> SpentCode:
    return SpentCode(**_checked(entry, _members(SpentCode)) | {"at": parse_rfc3339(entry["at"])})


def _decode_record(entry: dict[str, Any]) -> SessionRecord:
    flags = {"pending": bool, "in_memory": bool, "hides_kept": bool, "with_mfa": bool}
    parts = {"identity": dict, "written": list, "failure": dict}
    values = _checked(entry, _members(SessionRecord), requested_seconds=int, **flags, **parts)
    for name in MOMENTS:
        if name in values:
            values[name] = parse_rfc3339(values[name])
    if "identity" in values:
        values["identity"] = CallerIdentity(**_checked(values["identity"], _members(CallerIdentity)))
    if "written" in values:
        members = _members(Written)
        values["written"] = tuple(
            Written(**_checked(entry, members, made=bool, may_stay=bool)) for entry in values["written"]
        )
    if "failure" in values:
        failure = _checked(values["failure"], _members(Failure))
        values["failure"] = Failure(**failure | {"at": parse_rfc3339(failure["at"])})
    return SessionRecord(**values)


def _checked(entry: dict[str, Any], members: Container[str], **types: type) -> dict[str, Any]:
    """Return those of `entry` that are among `members`, which a later program may have added to.

    Raises:
        TypeError: one of them is not of its type in `types`, by name, or text.
    """
    known = {name: value for name, value in entry.items() if name in members}
    for name, value in known.items():
        if type(value) is not types.get(name, str):
            raise TypeError(f"{name} is of the wrong type")
    return known


@cache
def _members(kind: type) -> frozenset[str]:
    return frozenset(member.name for member in fields(kind))
