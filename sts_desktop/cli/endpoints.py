"""`endpoints`: where STS can be called, and who answers there now."""

import argparse
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from sts_desktop.cli import output
from sts_desktop.cli.errors import NoEndpointServesError, OtherPartitionError
from sts_desktop.core.errors import StsDesktopError
from sts_desktop.core.i18n import _, pgettext
from sts_desktop.core.sts.endpoint import CUSTOM_ID, GLOBAL_ID, Endpoint
from sts_desktop.core.sts.endpoints import endpoints

if TYPE_CHECKING:
    from sts_desktop.cli.context import Context
    from sts_desktop.core.profile import Profile
    from sts_desktop.core.sts.endpoint_check import EndpointCheck


TOKENS_WORK_IN = {GLOBAL_ID: "regions-on-by-default", CUSTOM_ID: "unknown"}
"""What is not `all-regions`, for programs."""


def list_endpoints(options: argparse.Namespace, context: "Context") -> None:
    """Print the endpoints of AWS, or those that the options describe, as a table or as JSON; check them where wished.

    Raises:
        OtherPartitionError: the key of `--profile` is of another partition than `--partition`.
        NoEndpointServesError: all were checked, and none answers.
        StsDesktopError: the profile is not there, or its access key cannot be read.
    """
    if options.check:
        _check(options, context)
        return
    found = _wanted(endpoints(options.partition), options.words)
    if options.json:
        _write_json([_document(endpoint) for endpoint in found])
    elif found:
        output.say(*output.aligned([_header(), *map(_row, found)]))
    else:
        output.say(_("No endpoint is like that."))


def _wanted(known: Sequence[Endpoint], words: Sequence[str]) -> list[Endpoint]:
    return [endpoint for endpoint in known if endpoint.matches(" ".join(words))]


def _check(options: argparse.Namespace, context: "Context") -> None:
    from sts_desktop.cli.waiting import told_of_keyring
    from sts_desktop.core.sts.endpoint_check import Outcome

    profile = context.records.settings.load().profile_called(options.profile) if options.profile else None
    found = _wanted(_checkable(options.partition, profile, context), options.words)
    checks: dict[str, EndpointCheck] = {}
    if found:
        services = context.open_services()
        with told_of_keyring():
            services.endpoint_checks.check(
                found, profile, lambda check: checks.update({check.endpoint.id: check}), with_token=options.token
            )
    if options.json:
        _write_json([_document(endpoint) | {"check": _check_document(checks[endpoint.id])} for endpoint in found])
    elif not found:
        output.say(_("No endpoint is like that."))
    else:
        output.say(
            *output.aligned([_check_header(), *map(_check_row, sorted(checks.values(), key=lambda check: check.rank))])
        )
    if found and not any(check.outcome is Outcome.ANSWERS for check in checks.values()):
        raise _why_none_serves(list(checks.values()))


def _why_none_serves(checks: "Sequence[EndpointCheck]") -> StsDesktopError:
    """Return what is wrong with all of them alike, such as a wrong clock; or else that none serves the key."""
    problems = [check.problem for check in checks if check.problem is not None]
    if len({(type(problem), problem.explanation) for problem in problems}) == 1:
        return problems[0]
    return NoEndpointServesError(is_any_reached=any(problem.code for problem in problems))


def _checkable(partition: str | None, profile: "Profile | None", context: "Context") -> Sequence[Endpoint]:
    """Return the endpoints of the partition that was named, or else of the one that the key belongs to.

    Raises:
        OtherPartitionError: the key is known to be of another one than was named; it is not to be shown there.
    """
    from sts_desktop.core.endpoint_checks import endpoints_for
    from sts_desktop.core.profiles import partition_of_key

    if profile is None:
        return endpoints(partition or "aws")
    known = partition_of_key(profile, context.records.state.load().session(profile.id).identity)
    if partition is not None and partition != (known or partition):
        raise OtherPartitionError(profile.name, known or "")
    return endpoints_for(profile, partition or known)


def _write_json(document: list[dict[str, Any]]) -> None:
    import json

    output.write(json.dumps(document, indent=2) + "\n")


def _document(endpoint: Endpoint) -> dict[str, Any]:
    """Return an endpoint for programs: the same in every language."""
    return {
        "id": endpoint.id,
        "partition": endpoint.partition,
        "host": endpoint.host,
        "url": endpoint.url,
        "signing_region": endpoint.signing_region,
        "place": endpoint.place_en,
        "place_ja": endpoint.place_ja,
        "enabled_by_default": endpoint.enabled_by_default,
        "can_be_deactivated": endpoint.can_be_deactivated,
        "fips": endpoint.is_fips,
        "tokens_work_in": TOKENS_WORK_IN.get(endpoint.id, "all-regions"),
    }


def _check_document(check: "EndpointCheck") -> Mapping[str, Any]:
    from sts_desktop.core.clock import rfc3339

    return {
        "outcome": check.outcome,
        "basis": check.basis,
        "milliseconds": round(check.seconds * 1000) if check.seconds is not None else None,
        "code": check.code or None,
        "learned": rfc3339(check.learned) if check.learned is not None else None,
    }


def _header() -> tuple[str, ...]:
    return (
        pgettext("heading of a table", "ENDPOINT"),
        pgettext("heading of a table", "PLACE"),
        pgettext("heading of a table", "HOST"),
        pgettext("heading of a table", "PARTITION"),
        pgettext("heading of a table", "IN A NEW ACCOUNT"),
        pgettext("heading of a table", "SWITCH"),
        pgettext("heading of a table", "TOKENS WORK IN"),
    )


def _row(endpoint: Endpoint) -> tuple[str, ...]:
    return (
        endpoint.id,
        endpoint.place,
        endpoint.host,
        endpoint.partition,
        endpoint.default_words(),
        endpoint.switch_words(),
        endpoint.tokens_words(),
    )


def _check_header() -> tuple[str, ...]:
    return (
        pgettext("heading of a table", "ENDPOINT"),
        pgettext("heading of a table", "PLACE"),
        pgettext("heading of a table", "TIME"),
        pgettext("heading of a table", "RESULT"),
        pgettext("heading of a table", "KNOWN BY"),
    )


def _check_row(check: "EndpointCheck") -> tuple[str, ...]:
    return (
        check.endpoint.id,
        check.endpoint.place,
        _("{count} ms").format(count=round(check.seconds * 1000)) if check.seconds is not None else "",
        check.words(),
        check.basis_words(),
    )
