"""Cuts out of botocore's data what it reads to make the program's calls; a part of the build.

botocore describes more than 300 operations of IAM, S3 and STS and how each is documented; the program calls four. What
lies in a checkout after a build is beside any other botocore left unread: see `sts_desktop.core.sts.service_data`.
"""

import json
import runpy
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

SOURCES = Path(__file__).parent.parent / "sts_desktop"

OPERATIONS = {
    "iam": ("ListMFADevices",),
    "s3": ("ListBuckets",),
    "sts": ("GetCallerIdentity", "GetSessionToken"),
}
"""What the program calls of each service (`sts_desktop.core.sts.client`)."""

GIVEN = {"Endpoint", "Region", "UseDualStack", "UseFIPS"}
NEVER_GIVEN = {"Bucket"}
SWITCHED_OFF = {"UseDualStack", "UseFIPS"}
"""What is known beforehand of the parameters of the rules for hosts: so is every client of the program made."""

DOCUMENTATION = {"documentation", "documentationUrl"}


def write_aws_data(directory: Path) -> list[Path]:
    """Write a file for each service into `directory`, and leave no other there; return those written."""
    directory.mkdir(parents=True, exist_ok=True)
    for old in directory.glob("*.json"):
        old.unlink()
    written = []
    for service, operations in OPERATIONS.items():
        path = directory / f"{service}.json"
        path.write_text(json.dumps(cut_out(service, operations), separators=(",", ":")), encoding="utf-8")
        written.append(path)
    return written


def cut_out(service: str, operations: Iterable[str]) -> dict[str, Any]:
    """Return the descriptions of `operations`, and the mark of what they were cut out of."""
    from botocore.loaders import Loader

    loader = Loader(extra_search_paths=[Loader.BUILTIN_DATA_PATH], include_default_search_paths=False)
    return {
        "fingerprint": _fingerprint(service),
        "descriptions": {
            "service-2": cut_model(loader.load_service_model(service, "service-2"), operations),
            "endpoint-rule-set-1": cut_rules(loader.load_service_model(service, "endpoint-rule-set-1")),
        },
    }


def _fingerprint(service: str) -> str:
    """Return what the program will compare: by its own function, which cannot be imported while it is being built."""
    program = runpy.run_path(str(SOURCES / "core" / "sts" / "fingerprint.py"))
    mark: str = program["fingerprint"](service)
    return mark


def cut_model(model: dict[str, Any], operations: Iterable[str]) -> dict[str, Any]:
    """Return the model of a service with `operations`, all errors of the service, and the shapes that these reach.

    All errors, since botocore looks for the one that an answer names among those of the service.
    """
    kept = {name: _undocumented(model["operations"][name]) for name in operations}
    errors = {name for name, shape in model["shapes"].items() if shape.get("exception")}
    reached, unseen = set[str](), errors | set(_references(kept))
    while unseen:
        reached |= unseen
        unseen = {reference for name in unseen for reference in _references(model["shapes"][name])} - reached
    shapes = {name: _cut_shape(shape) for name, shape in model["shapes"].items() if name in reached}
    return {**_undocumented(model), "operations": kept, "shapes": shapes}


def _references(description: Any) -> Iterator[str]:
    """Yield the names of the shapes that something refers to, at whatever depth."""
    if isinstance(description, list):
        for item in description:
            yield from _references(item)
    elif isinstance(description, dict):
        for key, value in description.items():
            if key == "shape" and isinstance(value, str):
                yield value
            else:
                yield from _references(value)


def _cut_shape(shape: dict[str, Any]) -> dict[str, Any]:
    cut = _undocumented(shape)
    for role in ("member", "key", "value"):
        if role in cut:
            cut[role] = _undocumented(cut[role])
    if "members" in cut:
        cut["members"] = {name: _undocumented(member) for name, member in cut["members"].items()}
    return cut


def _undocumented(description: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in description.items() if name not in DOCUMENTATION}


def cut_rules(rule_set: dict[str, Any]) -> dict[str, Any]:
    """Return the rules for the hosts of a service without those whose conditions never come true here."""
    parameters = {name: _undocumented(parameter) for name, parameter in rule_set["parameters"].items()}
    return {**rule_set, "parameters": parameters, "rules": list(_possible(rule_set["rules"]))}


def _possible(rules: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for rule in rules:
        if any(_foreseen(condition) is False for condition in rule["conditions"]):
            continue
        yield {**rule, "rules": list(_possible(rule["rules"]))} if rule["type"] == "tree" else rule


def _foreseen(condition: dict[str, Any]) -> bool | None:
    """Return what comes of a condition, or None where that depends."""
    match condition:
        case {"fn": "not", "argv": [dict() as opposite]}:
            outcome = _foreseen(opposite)
            return None if outcome is None else not outcome
        case {"fn": "isSet", "argv": [{"ref": name}]} if name in GIVEN | NEVER_GIVEN:
            return name in GIVEN
        case {"fn": "booleanEquals", "argv": [{"ref": name}, bool(expected)]} if name in SWITCHED_OFF:
            return expected is False
    return None
