"""What the window offers to do about an error, by its class."""

from enum import Enum, auto

from sts_desktop.core.aws_files.errors import ForeignSectionError, SectionIsSourceError
from sts_desktop.core.aws_files.path_errors import UnusablePathError
from sts_desktop.core.aws_files.text_errors import UneditableSectionError, UnreadableAwsFileError
from sts_desktop.core.errors import StsDesktopError, UnusableFileError
from sts_desktop.core.i18n import N_, _
from sts_desktop.core.session_errors import ConfigWinsError, MfaSerialNeededError, NoAccessKeyError
from sts_desktop.core.sts import errors as sts_errors
from sts_desktop.core.vault import errors as vault_errors
from sts_desktop.ui.activities import Task


class Command(Enum):
    """Something the window can do about an error."""

    TRY_AGAIN = auto()
    GO_ON_WITHOUT_KEYRING = auto()
    ENTER_KEY = auto()
    REPLACE_FOREIGN = auto()
    WRITE_ANYWAY = auto()
    OTHER_SECTION = auto()
    USE_ALTERNATIVE = auto()
    OTHER_ENDPOINT = auto()
    OPEN_PAGE = auto()
    LIST_DEVICES = auto()


_COMMANDS: tuple[tuple[type[StsDesktopError], Command], ...] = (
    (ForeignSectionError, Command.REPLACE_FOREIGN),
    (ForeignSectionError, Command.OTHER_SECTION),
    (ConfigWinsError, Command.WRITE_ANYWAY),
    (ConfigWinsError, Command.OTHER_SECTION),
    (SectionIsSourceError, Command.OTHER_SECTION),
    (UnusablePathError, Command.TRY_AGAIN),
    (UnreadableAwsFileError, Command.TRY_AGAIN),
    (UneditableSectionError, Command.TRY_AGAIN),
    (NoAccessKeyError, Command.ENTER_KEY),
    (vault_errors.AccessKeyNotInVaultError, Command.ENTER_KEY),
    (sts_errors.WrongSecretError, Command.ENTER_KEY),
    (sts_errors.NotAcceptedKeyError, Command.ENTER_KEY),
    (vault_errors.VaultError, Command.TRY_AGAIN),
    (sts_errors.OfflineError, Command.TRY_AGAIN),
    (sts_errors.NotAnsweringError, Command.TRY_AGAIN),
    (sts_errors.ThrottledError, Command.TRY_AGAIN),
    (sts_errors.ServiceUnavailableError, Command.TRY_AGAIN),
    (sts_errors.AnswerNotFromAwsError, Command.TRY_AGAIN),
    (sts_errors.UnexpectedAnswerError, Command.TRY_AGAIN),
    (sts_errors.StsDisabledInRegionError, Command.OTHER_ENDPOINT),
    (sts_errors.UnknownEndpointError, Command.OTHER_ENDPOINT),
    (sts_errors.MfaSerialRefusedError, Command.LIST_DEVICES),
    (MfaSerialNeededError, Command.LIST_DEVICES),
)


_LABELS = {
    Command.TRY_AGAIN: N_("Try again"),
    Command.GO_ON_WITHOUT_KEYRING: N_("Go on without the keyring"),
    Command.ENTER_KEY: N_("Enter an access key…"),
    Command.REPLACE_FOREIGN: N_("Replace them"),
    Command.WRITE_ANYWAY: N_("Write all the same"),
    Command.OTHER_SECTION: N_("Write to another section…"),
    Command.OTHER_ENDPOINT: N_("Choose another endpoint"),
    Command.OPEN_PAGE: N_("Open the IAM console"),
    Command.LIST_DEVICES: N_("List the MFA devices"),
}

KEYRING_ERRORS = (
    vault_errors.KeyringLockedError,
    vault_errors.KeyringNotAnsweringError,
    vault_errors.KeyringUnavailableError,
)
"""Without the keyring one can go on from these."""


def commands_for(error: StsDesktopError, undone: Task | None = None, *, needs_keyring: bool = False) -> list[Command]:
    """Return what to offer for `error`; nothing where only the person can do something.

    Args:
        error: what went wrong.
        undone: what was not done because of it, where that is known.
        needs_keyring: whether it could not be done without the keyring, which holds the access key.
    """
    if isinstance(error, vault_errors.OutOfReachError):
        return []  # nothing changes that in this run
    commands = [command for cause, command in _COMMANDS if isinstance(error, cause)]
    if isinstance(error, sts_errors.StsDisabledInRegionError) and error.alternative is not None:
        commands.insert(0, Command.USE_ALTERNATIVE)
    if error.link:
        commands.append(Command.OPEN_PAGE)
    # All else than getting a token needs what the keyring holds.
    if isinstance(error, KEYRING_ERRORS) and undone is Task.GET_TOKEN and not needs_keyring:
        commands.append(Command.GO_ON_WITHOUT_KEYRING)
    return commands[:1] if Command.ENTER_KEY in commands else commands


def command_label(command: Command, error: StsDesktopError | None = None) -> str:
    """Return the words on the button for `command` about `error`."""
    if command is Command.USE_ALTERNATIVE:
        alternative = error.alternative if isinstance(error, sts_errors.StsDisabledInRegionError) else None
        return _("Use {place}").format(place=alternative.place if alternative is not None else "")
    return _(_LABELS[command])


def undone_text(task: Task | None, error: StsDesktopError) -> str:
    """Return a sentence about what was not done, where errors do not say it: they know only what got in its way.

    Empty where it may have been done: the program's own files are saved after the credentials file and the keyring.
    """
    if isinstance(error, UnusableFileError):
        return ""
    match task:
        case Task.WRITE:
            return _("The session was not written.")
        case Task.END:
            return _("The session is not forgotten.")
        case Task.COPY:
            return _("Nothing was copied.")
        case _other:
            return ""
