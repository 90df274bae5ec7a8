"""What only a command can run into, in words that name the options of the command line."""

from typing import TYPE_CHECKING

from sts_desktop.core.errors import Field, InvalidInputError, StsDesktopError
from sts_desktop.core.i18n import _, sentences

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sts_desktop.core.access_keys import AccessKeyNameTakenError
    from sts_desktop.core.aws_files.errors import ForeignSectionError
    from sts_desktop.core.session_errors import ConfigWinsError
    from sts_desktop.core.state import Written


class NoKeyringForCommandError(StsDesktopError):
    """There is no usable keyring, and a command ends too soon for memory to be of use."""

    def __init__(self, reason: str) -> None:
        """Take the reason in plain sentences (`VaultStatus.reason`)."""
        super().__init__(
            _("A command needs a keyring"),
            reason,
            _("Nothing was sent to AWS and nothing was stored."),
        )


class NoTerminalForCodeError(InvalidInputError):
    """A token code is needed, and there is nobody to ask."""

    def __init__(self) -> None:
        super().__init__(
            _("A code is needed"),
            _("This profile sends the code of an MFA device, and there is no terminal to ask for it."),
            _("Pass the six digits on standard input, with --token-code-stdin."),
            field=Field.TOKEN_CODE,
        )


class MfaDeviceNotChosenError(InvalidInputError):
    """A code was to be read for a profile without an MFA device."""

    def __init__(self) -> None:
        super().__init__(
            _("No MFA device for this code"),
            _("A code is sent together with the serial number or ARN of the MFA device, and the profile has none."),
            _("Name the device with --mfa-serial, or leave out --token-code-stdin."),
            field=Field.MFA_SERIAL,
        )


class OtherPartitionError(InvalidInputError):
    """A key was to be used in a partition that it does not belong to.

    Args:
        profile: whose key.
        partition: the one that it belongs to.
    """

    def __init__(self, profile: str, partition: str) -> None:
        super().__init__(
            _("Another partition"),
            _("The access key of “{profile}” belongs to the partition {partition}; it was sent nowhere.").format(
                profile=profile, partition=partition
            ),
            _("Leave out --partition, or name another profile."),
        )


class NoEndpointServesError(StsDesktopError):
    """All endpoints were asked, and none of them serves the key, or none was reached.

    Args:
        is_any_reached: whether any of them answered at all.
    """

    def __init__(self, *, is_any_reached: bool) -> None:
        if is_any_reached:
            title, message = _("No endpoint serves the key"), _("Some answer, and refuse this access key now.")
            hint = _("The table says why each does.")
        else:
            title, message = _("No endpoint was reached"), _("None of those that were asked answers now.")
            hint = _("Check the network, and a VPN or proxy if one is needed.")
        super().__init__(title, message, hint)


class AccessKeyNotChosenError(InvalidInputError):
    """The profile does not say where its access key comes from."""

    def __init__(self) -> None:
        super().__init__(
            _("No access key chosen"),
            _("A session token is made from the access key of an IAM user."),
            _(
                "Choose one kept in the keyring with --access-key NAME (“sts-desktop keys add NAME” puts it there), or"
                " a profile of the AWS files with --aws-profile NAME."
            ),
            field=Field.ACCESS_KEY,
        )


class NoSuchAccessKeyError(InvalidInputError):
    """No access key in the keyring has this name."""

    def __init__(self, name: str) -> None:
        super().__init__(
            _("There is no access key “{name}”").format(name=name),
            "",
            _("“sts-desktop keys list” shows those there are; “sts-desktop keys add NAME” puts one into the keyring."),
            field=Field.ACCESS_KEY,
        )


class AccessKeyNameHeldError(InvalidInputError):
    """An access key of this name is kept already; it may be replaced when told so."""

    def __init__(self, error: "AccessKeyNameTakenError") -> None:
        """Say what `error` says, with what to type in place of what to click."""
        super().__init__(
            error.title, error.message, _("Choose another name, or replace it with --replace."), field=Field.ACCESS_KEY
        )


class WorkingRegionError(InvalidInputError):
    """The working region cannot be the name of a region."""

    def __init__(self) -> None:
        super().__init__(
            _("Not a region"),
            _("The name of a region has small letters, digits and hyphens, such as ap-northeast-1."),
            _("Correct --work-region; “none” stands for no region."),
            field=Field.WORKING_REGION,
        )


class SectionHeldError(InvalidInputError):
    """Something speaks against writing to the section; it can be done all the same when told so."""

    def __init__(self, error: "ForeignSectionError | ConfigWinsError") -> None:
        """Say what `error` says, with what to type in place of what to click."""
        super().__init__(
            error.title,
            error.message,
            _("Choose another section with --section, or write all the same with --force."),
            field=Field.SECTION,
        )


class NoSessionToServeError(StsDesktopError):
    """An AWS tool asked for the session of a profile that has none."""

    def __init__(self, name: str) -> None:
        super().__init__(
            _("“{name}” has no live session").format(name=name),
            _("There is none yet, or it has expired."),
            _("Get a token in STS Desktop, or with: sts-desktop renew {name}").format(name=_quoted(name)),
        )


class SessionStaysInFileError(StsDesktopError):
    """A session was forgotten in the keyring, and could not be taken out of the credentials file."""

    def __init__(self, reason: str) -> None:
        """Take the reason in plain sentences (`EndedSession.problem`)."""
        super().__init__(_("The keyring has forgotten the session, but the file was left as it is"), reason)


class KeyringLockedForToolError(StsDesktopError):
    """An AWS tool asks for a session, and the keyring is locked; here nobody is asked for its password."""

    def __init__(self, name: str) -> None:
        super().__init__(
            _("The keyring is locked"),
            "",
            _("Unlock it in your desktop's password program, or with: sts-desktop test {name}").format(
                name=_quoted(name)
            ),
        )


class SessionNotWrittenError(StsDesktopError):
    """There is a fresh session, and a section of the credentials file still has the one before."""

    def __init__(self, places: "Sequence[Written]") -> None:
        """Take the places where it is not."""
        sections = ", ".join(f"[{place.section}]" for place in places)
        super().__init__(
            _("The fresh session is in the keyring, but {sections} still has the one before").format(sections=sections),
            sentences(*dict.fromkeys(place.problem for place in places)),
        )


class SecretWouldBeSeenError(InvalidInputError):
    """The terminal cannot be told to hide what is typed."""

    def __init__(self) -> None:
        super().__init__(
            _("The secret would be seen"),
            _("This terminal cannot hide what is typed."),
            _("Pass the access key on standard input: its id on the first line, its secret on the second."),
            field=Field.ACCESS_KEY,
        )


class OutputError(StsDesktopError):
    """Standard output takes no more: a full disk, most often."""

    def __init__(self, reason: str) -> None:
        """Take what the operating system says."""
        super().__init__(
            _("The output could not be written"),
            _("The operating system says: {reason}.").format(reason=reason),
        )


def _quoted(name: str) -> str:
    import shlex

    return shlex.quote(name)
