"""Runs one command and returns the exit code: 0 done, 1 failed, 2 typed wrong, 130 interrupted.

A failure is one line on standard error, never a traceback.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from sts_desktop.cli.context import Context
from sts_desktop.cli.output import abandon, complain, prepare_streams, write
from sts_desktop.core.errors import StsDesktopError
from sts_desktop.core.i18n import _

if TYPE_CHECKING:
    import argparse

    from sts_desktop.core.services import Services

FAILED = 1
INTERRUPTED = 130
"""128 and the number of SIGINT, as shells count."""


def run(arguments: Sequence[str], *, services: "Services | None" = None) -> int:
    """Run the command that `arguments` name and return the exit code.

    Args:
        arguments: those of the command line, without the program's name.
        services: used in place of the person's own.
    """
    prepare_streams()
    context = Context(services)
    try:
        return _run(arguments, context)
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        abandon()
    except StsDesktopError as error:
        complain(str(error))
    except Exception as error:  # a bug: the person gets one line, the log all of it
        _report(error, context)
    return FAILED


def _run(arguments: Sequence[str], context: Context) -> int:
    from sts_desktop.cli.arguments import parse

    try:
        options = parse(arguments)
    except SystemExit as ended:
        write("")  # what argparse printed goes out here, where a closed pipe is expected
        return int(ended.code or 0)
    try:
        _perform(options, context)
    finally:
        for path, target in context.files_set_aside():
            text = _("{path} could not be understood; it was moved to {target}, and a new one is begun.")
            complain(text.format(path=path, target=target))
    return 0


def _perform(options: "argparse.Namespace", context: Context) -> None:
    match options.command:
        case "list":
            from sts_desktop.cli import profiles

            profiles.list_profiles(options, context)
        case "endpoints":
            from sts_desktop.cli import endpoints

            endpoints.list_endpoints(options, context)
        case "mfa-devices":
            from sts_desktop.cli import mfa_devices

            mfa_devices.list_mfa_devices(options, context)
        case "get-token" | "renew":
            from sts_desktop.cli import get_token

            perform = get_token.renew if options.command == "renew" else get_token.get_token
            perform(options, context)
        case "end" | "test":
            from sts_desktop.cli.sessions import use_session

            use_session(options, context)
        case "credential-process":
            from sts_desktop.cli.credential_process import credential_process

            credential_process(options, context)
        case "env" | "write":
            from sts_desktop.cli.hand_out import hand_out

            hand_out(options, context)
        case "example":
            from sts_desktop.cli.example import example

            example(options, context)
        case "keys":
            from sts_desktop.cli import access_keys

            access_keys.keys(options, context)


def _report(error: Exception, context: Context) -> None:
    import logging

    path = context.start_log()
    logging.getLogger(__name__).error("unexpected error", exc_info=error)
    text = _("Unexpected error ({kind}). This is a mistake in STS Desktop; the log says more: {path}")
    complain(text.format(kind=type(error).__name__, path=path))
