"""What can be typed: the commands and their options. Imports none of the commands."""

import argparse
from collections.abc import Callable, Sequence
from typing import Any, NoReturn, TypeAlias

import sts_desktop
from sts_desktop.cli.help_text import HelpFormatter, translate_argparse
from sts_desktop.cli.output import PROGRAM, printable
from sts_desktop.core.i18n import _

EXPORT_FORMATS = ("bash", "powershell", "json")
"""The keys of `core.exports.FORMATS`."""

EXAMPLE_LANGUAGES = ("cli", "python", "javascript")
"""The keys of `core.examples.LANGUAGES`."""

Command: TypeAlias = "tuple[str, str, Callable[[Parser], None]]"
"""Name, summary, and what adds the options of a command to its parser."""


class Parser(argparse.ArgumentParser):
    """A parser that takes options by their whole names, and whose complaints cannot steer a terminal."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(allow_abbrev=False, formatter_class=HelpFormatter, **settings)

    def error(self, message: str) -> NoReturn:
        """Say on standard error what is wrong, and exit with code 2."""
        super().error(printable(message))


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    """Return the options in `arguments`; its `command` names the command.

    Words too many are not repeated: one may be a secret in the wrong place, and standard error ends up in logs.

    Raises:
        SystemExit: with code 2 when they are wrong, as standard error then says; with 0 after `--help` or `--version`.
    """
    parser = _parser(arguments)
    options, rest = parser.parse_known_args(arguments)
    if rest:
        names = [word.partition("=")[0] for word in rest if word.startswith("--")]
        unknown = _("unknown options: {names}").format(names=", ".join(names))
        parser.error(unknown if names else _("too many arguments"))
    if options.command == "endpoints":
        _refuse_half_a_check(parser, options)
    return options


def _refuse_half_a_check(parser: "Parser", options: argparse.Namespace) -> None:
    """Refuse what says how to check where nothing is checked, and a token where there is no key to ask for one with."""
    if (options.profile or options.token) and not options.check:
        parser.error(_("{option} is missing").format(option="--check"))
    if options.token and not options.profile:
        parser.error(_("{option} is missing").format(option="--profile"))


def _parser(arguments: Sequence[str]) -> Parser:
    translate_argparse()
    whole = Parser(
        prog=PROGRAM,
        description=_("Short-lived AWS credentials, kept in the OS keyring."),
        epilog=_(
            "“sts-desktop” alone opens the window; “sts-desktop --hidden” begins in the tray. “sts-desktop --demo”"
            " opens the window with a make-believe AWS and needs no account."
        ),
    )
    version = f"{PROGRAM} {sts_desktop.__version__}"
    whole.add_argument("--version", action="version", version=version, help=_("print the version and exit"))
    commands = whole.add_subparsers(
        prog=PROGRAM, dest="command", required=True, metavar=_("COMMAND"), title=_("commands")
    )
    for name, summary, add_options in _commands(arguments):
        command = commands.add_parser(name, help=summary, description=summary)
        add_options(command)
    return whole


def _commands(arguments: Sequence[str]) -> "list[Command]":
    """Return name, summary and maker of options of the command that is run; of all, where it is not the first word.

    Parsers of commands that are not run would cost `list` a tenth of its time.
    """
    known: list[Command] = [
        ("get-token", _("Get session credentials for a profile, made or changed by the options."), _get_token_options),
        ("renew", _("Get fresh session credentials, even while those of a profile are alive."), _renew_options),
        ("end", _("Forget a session, and remove it from the AWS credentials file."), _profile_option),
        ("test", _("Ask AWS whose a live session is, and what it may do."), _test_options),
        ("list", _("List the profiles and the state of their sessions."), _list_options),
        ("endpoints", _("List the STS endpoints of AWS."), _endpoints_options),
        ("mfa-devices", _("List the MFA devices that AWS knows of a profile's user."), _mfa_devices_options),
        ("env", _("Print a live session as lines for a shell, or as JSON."), _env_options),
        ("credential-process", _("Print a live session for an AWS tool."), _credential_process_options),
        ("write", _("Write a live session into the AWS credentials file."), _write_options),
        ("example", _("Print an example of using a session from a program or a shell."), _example_options),
        ("keys", _("Show, add and remove the access keys in the keyring."), _keys_options),
    ]
    return [command for command in known if command[0] in arguments[:1]] or known


def _get_token_options(command: Parser) -> None:
    kept = _("A profile keeps what it is given. While its session lives, AWS is not asked for another.")
    reach = _(
        "A session can call what its user may; without an MFA device not IAM; and of STS only AssumeRole and"
        " GetCallerIdentity."
    )
    command.epilog = f"{kept}\n{reach}"
    command.add_argument("name", metavar="NAME", help=_("the profile; it is made if it is new"))
    source = command.add_mutually_exclusive_group()
    source.add_argument("--access-key", metavar="NAME", help=_("use this access key of the keyring"))
    source.add_argument("--aws-profile", metavar="NAME", help=_("use the access key of this profile of the AWS files"))
    source.add_argument(
        "--default-chain",
        action="store_true",
        help=_("use the access key that AWS tools find by themselves: environment, shared files and so on"),
    )
    command.add_argument(
        "--region",
        metavar="R|global",
        help=_("ask the STS endpoint of this region; with --endpoint-url, sign the request for it"),
    )
    command.add_argument(
        "--work-region", metavar="R|none", help=_("the region you work in, for the credentials file and exports")
    )
    command.add_argument(
        "--endpoint-url", metavar="URL", help=_("ask this endpoint: https, or http on this computer only")
    )
    command.add_argument(
        "--duration",
        metavar="D",
        help=_("how long it shall live, such as 90m, 12h or 1d 12h; “default” leaves that to AWS"),
    )
    command.add_argument(
        "--mfa-serial", metavar="S", help=_("serial number or ARN of the MFA device; an empty text for none")
    )
    _add_token_code(command)


def _renew_options(command: Parser) -> None:
    command.epilog = _("A session that was written to the AWS credentials file is written there again.")
    _profile_option(command)
    _add_token_code(command)


def _test_options(command: Parser) -> None:
    command.epilog = _("Exit code 0 says that AWS accepts the session, whether or not it may list buckets.")
    _profile_option(command)
    command.add_argument("--s3", action="store_true", help=_("count the buckets it can list, too"))


def _credential_process_options(command: Parser) -> None:
    command.epilog = _(
        "For the AWS config file, with the whole path of this program: credential_process = {path} credential-process"
        " NAME. Never asks for anything."
    ).format(path="/path/to/sts-desktop")
    command.add_argument("name", metavar="NAME-OR-ID", help=_("the profile"))


def _profile_option(command: Parser) -> None:
    command.add_argument("name", metavar="NAME", help=_("the profile"))


def _list_options(command: Parser) -> None:
    _add_json(command)


def _endpoints_options(command: Parser) -> None:
    command.add_argument(
        "words", metavar="WORD", nargs="*", help=_("only those with each of these words in their name or place")
    )
    command.add_argument("--partition", metavar="P", help=_("only those of this partition, such as aws or aws-cn"))
    command.add_argument("--check", action="store_true", help=_("ask each of them now, all at once, for 5 seconds"))
    command.add_argument("--profile", metavar="NAME", help=_("check with the access key of this profile"))
    command.add_argument(
        "--token", action="store_true", help=_("check by asking for a token of 900 seconds, which is dropped")
    )
    _add_json(command)


def _mfa_devices_options(command: Parser) -> None:
    command.epilog = _("Choose one of them with: sts-desktop get-token NAME --mfa-serial SERIAL")
    _profile_option(command)
    _add_json(command)


def _env_options(command: Parser) -> None:
    bash, powershell = 'eval "$(sts-desktop env NAME)"', "sts-desktop env NAME --format powershell | Out-String | iex"
    command.epilog = "\n".join((_("In bash or zsh:"), f"  {bash}", _("In PowerShell:"), f"  {powershell}"))
    _profile_option(command)
    command.add_argument("--format", choices=EXPORT_FORMATS, default="bash", help=_("for which shell, or JSON"))


def _write_options(command: Parser) -> None:
    _profile_option(command)
    command.add_argument(
        "--section",
        metavar="S",
        help=_("into this section, from now on the profile's own; otherwise into the one it has"),
    )
    command.add_argument(
        "--force", action="store_true", help=_("replace credentials there that STS Desktop did not write")
    )


def _example_options(command: Parser) -> None:
    command.epilog = _(
        "It holds no secret: it names the section of the credentials file that the session is written to, or the"
        " profile of the config file that gets it by credential_process."
    )
    _profile_option(command)
    command.add_argument(
        "--language", choices=EXAMPLE_LANGUAGES, default="cli", help=_("for the AWS CLI, Python or JavaScript")
    )


def _keys_options(command: Parser) -> None:
    actions = command.add_subparsers(dest="action", required=True, metavar=_("COMMAND"), title=_("commands"))
    summary = _("Put an access key into the keyring.")
    add = actions.add_parser("add", help=summary, description=summary)
    add.epilog = _(
        "On a terminal it is asked for, with the secret hidden. Otherwise it is read from standard input: the id on"
        " the first line (unless --id names it), then the secret."
    )
    add.add_argument("name", metavar="NAME", help=_("what to call it"))
    add.add_argument("--id", metavar="ID", dest="key_id", help=_("its id, such as AKIAIOSFODNN7EXAMPLE"))
    add.add_argument("--replace", action="store_true", help=_("replace the key that has this name"))
    summary = _("Remove an access key that no profile uses from the keyring.")
    remove = actions.add_parser("remove", help=summary, description=summary)
    remove.epilog = _("AWS accepts a removed key until it is made inactive or deleted there.")
    remove.add_argument("name", metavar="NAME", help=_("what it is called"))
    summary = _("List the access keys in the keyring, without their secrets.")
    actions.add_parser("list", help=summary, description=summary)


def _add_token_code(command: Parser) -> None:
    command.add_argument(
        "--token-code-stdin", action="store_true", help=_("read the code of the MFA device from standard input")
    )


def _add_json(command: Parser) -> None:
    command.add_argument("--json", action="store_true", help=_("print JSON"))
