"""`list`: the profiles and the state of their sessions, from the program's own files alone."""

import argparse
from datetime import datetime

from sts_desktop.cli import output
from sts_desktop.cli.context import Context
from sts_desktop.core.clock import rfc3339
from sts_desktop.core.duration import format_countdown
from sts_desktop.core.i18n import _, pgettext
from sts_desktop.core.profile import EndpointChoice, Profile
from sts_desktop.core.renewal import is_live, phase, phase_word, remaining
from sts_desktop.core.state import SessionRecord

NOTHING = "-"
"""Stands in a cell of the table that has nothing to say."""


def list_profiles(options: argparse.Namespace, context: Context) -> None:
    """Print all profiles, as a table or as JSON."""
    records = context.records
    profiles = records.settings.load().profiles
    state, now = records.state.load(), records.now()
    known = [(profile, state.session(profile.id).seen_from_elsewhere()) for profile in profiles]
    if options.json:
        import json

        # ASCII only: a reader decodes it right whatever the encoding of the pipe.
        output.write(json.dumps([_document(profile, record, now) for profile, record in known], indent=2) + "\n")
    elif known:
        output.say(*output.aligned([_header(), *(_row(profile, record, now) for profile, record in known)]))
    else:
        output.say(_("There are no profiles yet; “sts-desktop get-token NAME” makes one."))


def endpoint_name(choice: EndpointChoice) -> str:
    """Return what an endpoint is called on the command line: its region, `global`, or its URL."""
    return choice.url or choice.id


def _document(profile: Profile, record: SessionRecord, now: datetime) -> dict[str, str | list[str] | None]:
    return {
        "name": profile.name,
        "state": phase(record, now).value,
        "expiration": rfc3339(record.expiration) if record.expiration else None,
        "id": profile.id,
        "endpoint": endpoint_name(profile.endpoint),
        "last_four": record.last_four or None,
        "account": record.identity.account if record.identity else None,
        "arn": record.identity.arn if record.identity else None,
        "sections": [written.section for written in record.written],
        "failure": record.failure.title if record.failure else None,
    }


def _header() -> tuple[str, ...]:
    return (
        pgettext("heading of a table", "NAME"),
        pgettext("heading of a table", "STATE"),
        pgettext("heading of a table", "LEFT"),
        pgettext("heading of a table", "EXPIRES"),
        pgettext("heading of a table", "ENDPOINT"),
        pgettext("heading of a table", "KEY"),
    )


def _row(profile: Profile, record: SessionRecord, now: datetime) -> tuple[str, ...]:
    return (
        profile.name,
        phase_word(phase(record, now)),
        format_countdown(remaining(record, now)) if is_live(record, now) else NOTHING,
        output.local_time(record.expiration) if record.expiration else NOTHING,
        endpoint_name(profile.endpoint),
        f"…{record.last_four}" if record.last_four else NOTHING,
    )
