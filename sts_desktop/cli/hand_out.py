"""`env` and `write`: a live session, as text for a shell or in the AWS credentials file."""

import argparse
import contextlib

from sts_desktop.cli import output
from sts_desktop.cli.context import Context, keyring_name
from sts_desktop.cli.errors import SectionHeldError
from sts_desktop.cli.waiting import told_of_keyring
from sts_desktop.core.aws_files.errors import AwsFileError, ForeignSectionError, SectionNameError
from sts_desktop.core.aws_files.profiles import TargetSection
from sts_desktop.core.exports import FORMATS
from sts_desktop.core.i18n import _
from sts_desktop.core.session_errors import ConfigWinsError


def hand_out(options: argparse.Namespace, context: Context) -> None:
    """Print or write the live session of a profile, as `options.command` says.

    Raises:
        SectionHeldError: somebody else's credentials are in the section, and `--force` was not given.
        StsDesktopError: there is no session, or the file was refused; it is as it was.
    """
    if options.command == "env":
        _env(options, context)
    else:
        _write_section(options, context)


def _env(options: argparse.Namespace, context: Context) -> None:
    """Print the session as `--format` says, and nothing else."""
    services = context.open_services()
    profile = services.settings.load().profile_called(options.name)
    keyring_name(services)
    with told_of_keyring():
        credentials = services.sessions.credentials(profile)
    output.write(FORMATS[options.format](credentials, profile.working_region))


def _write_section(options: argparse.Namespace, context: Context) -> None:
    """Write the session into the credentials file, and say where it is."""
    services = context.open_services()
    settings = services.settings.load()
    profile = settings.profile_called(options.name)
    if options.section is not None and not options.section.strip():
        raise SectionNameError  # not taken for the profile's own
    section = options.section or settings.section_for(profile)
    keyring_name(services)
    try:
        with told_of_keyring():
            services.sessions.write(profile, section, replace_foreign=options.force, despite_config=options.force)
    except (ForeignSectionError, ConfigWinsError) as error:
        raise SectionHeldError(error) from None
    output.say(
        _("The session of “{name}” is in section [{section}] of {path}.").format(
            name=profile.name,
            section=section,
            path=services.paths.shown(services.aws_files.locations.credentials),
        )
    )
    with contextlib.suppress(AwsFileError):  # a config file that cannot be read has nothing to warn of
        _warn_of_config(services.aws_files.section(section))


def _warn_of_config(target: TargetSection) -> None:
    """Say what the config file's profile of that name makes AWS tools do instead, or keeps them from doing now."""
    if target.winning_keys:
        text = _("AWS tools pass over what was written, because profile “{profile}” of the config file has: {keys}.")
        output.complain(text.format(profile=target.name, keys=", ".join(target.winning_keys)))
    if target.hidden_keys:
        text = _("AWS tools use what was written, and no longer, of profile “{profile}” of the config file: {keys}.")
        output.complain(text.format(profile=target.name, keys=", ".join(target.hidden_keys)))
