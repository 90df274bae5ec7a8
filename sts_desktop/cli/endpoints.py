"""`endpoints`: where STS can be called."""

import argparse

from sts_desktop.cli import output
from sts_desktop.core.i18n import _, pgettext
from sts_desktop.core.sts.endpoints import Endpoint, endpoints


def list_endpoints(options: argparse.Namespace) -> None:
    """Print the endpoints of AWS, or those that the options describe, as a table or as JSON."""
    wanted = " ".join(options.words)
    found = [endpoint for endpoint in endpoints(options.partition) if endpoint.matches(wanted)]
    if options.json:
        import json

        output.write(json.dumps([_document(endpoint) for endpoint in found], indent=2) + "\n")
    elif found:
        output.say(*output.aligned([_header(), *map(_row, found)]))
    else:
        output.say(_("No endpoint is like that."))


def _document(endpoint: Endpoint) -> dict[str, str | bool]:
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
    }


def _header() -> tuple[str, ...]:
    return (
        pgettext("heading of a table", "ENDPOINT"),
        pgettext("heading of a table", "PLACE"),
        pgettext("heading of a table", "HOST"),
        pgettext("heading of a table", "PARTITION"),
        pgettext("heading of a table", "ON BY DEFAULT"),
        pgettext("heading of a table", "CAN BE SWITCHED OFF"),
        pgettext("heading of a table", "TOKENS"),
    )


def _row(endpoint: Endpoint) -> tuple[str, ...]:
    return (
        endpoint.id,
        endpoint.place,
        endpoint.host,
        endpoint.partition,
        _yes_or_no(endpoint.enabled_by_default),
        _yes_or_no(endpoint.can_be_deactivated),
        endpoint.works_where(),
    )


def _yes_or_no(value: bool) -> str:
    return _("yes") if value else _("no")
