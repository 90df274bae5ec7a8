"""`example`: a short program that uses a profile's session."""

import argparse

from sts_desktop.cli import output
from sts_desktop.cli.context import Context
from sts_desktop.core.aws_files.locations import AwsFileLocations
from sts_desktop.core.examples import example_of
from sts_desktop.core.i18n import _
from sts_desktop.core.renewal import is_live


def example(options: argparse.Namespace, context: Context) -> None:
    """Print an example for a profile, and on standard error what it still takes to work.

    Raises:
        StsDesktopError: there is no such profile, or its endpoint cannot be used.
    """
    records = context.records
    settings = records.settings.load()
    profile = settings.profile_called(options.name)
    output.write(example_of(profile, settings, options.language))
    record, section = records.state.load().session(profile.id), settings.section_for(profile)
    place = section, str(AwsFileLocations.from_environment().credentials)
    if not (is_live(record, records.now()) and record.stands_at(place)):
        text = _("This works once the session is written to [{section}], as “sts-desktop write” does.")
        output.complain(text.format(section=section))
