"""What stands in the way of a session that is neither the keyring's, nor AWS's, nor a file's doing."""

from typing import TYPE_CHECKING

from sts_desktop.core.errors import Field, InvalidInputError, StsDesktopError
from sts_desktop.core.i18n import _, ngettext
from sts_desktop.core.profile import Profile
from sts_desktop.core.state import Written

if TYPE_CHECKING:
    from sts_desktop.core.aws_files.profiles import TargetSection


class NoSessionError(StsDesktopError):
    """The profile has no session that AWS still accepts."""

    def __init__(self, profile: Profile) -> None:
        super().__init__(
            _("“{name}” has no live session").format(name=profile.name),
            _("There is none yet, or it has expired."),
            _("Get a token first."),
        )


class NoAccessKeyError(InvalidInputError):
    """The profile does not say where its access key comes from."""

    def __init__(self) -> None:
        super().__init__(
            _("No access key chosen"),
            _("A session token is made from the access key of an IAM user."),
            _("Choose one under “Access key”, or enter one."),
            field=Field.ACCESS_KEY,
        )


class TokenCodeNeededError(InvalidInputError):
    """An MFA device is set and no code was given."""

    def __init__(self) -> None:
        super().__init__(
            _("A code is needed"),
            _("This profile sends the code of an MFA device with its request."),
            _("Type the six digits that the device shows now."),
            field=Field.TOKEN_CODE,
        )


class MfaSerialNeededError(InvalidInputError):
    """A code was given and no MFA device."""

    def __init__(self) -> None:
        super().__init__(
            _("No MFA device for this code"),
            _("A code is sent together with the serial number or ARN of the MFA device."),
            _("Fill in the MFA device, or leave the code empty."),
            field=Field.MFA_SERIAL,
        )


class CodeAlreadySentError(InvalidInputError):
    """This code was sent before; AWS accepts each one once.

    Attributes:
        seconds_left: until the device shows another; 0 when it does.
    """

    def __init__(self, seconds_left: int) -> None:
        super().__init__(
            _("This code was used already"),
            ngettext(
                "AWS accepts each code once. The next one comes in {seconds} second.",
                "AWS accepts each code once. The next one comes within {seconds} seconds.",
                seconds_left,
            ).format(seconds=seconds_left)
            if seconds_left
            else _("AWS accepts each code once. The device shows another one now."),
            _("Wait for the next code and type that.") if seconds_left else _("Type that one."),
            field=Field.TOKEN_CODE,
        )
        self.seconds_left = seconds_left


class ConfigWinsError(InvalidInputError):
    """AWS tools would pass over what is written, because of the config file's profile of that name.

    Attributes:
        target: what stands there.
    """

    def __init__(self, target: "TargetSection") -> None:
        super().__init__(
            _("AWS tools would not use it"),
            _("Profile “{profile}” of the AWS config file has {keys}, which AWS tools obey first.").format(
                profile=target.name, keys=", ".join(target.winning_keys)
            ),
            _("Choose another section, or confirm that it is written all the same."),
            field=Field.SECTION,
        )
        self.target = target


class OtherFileError(StsDesktopError):
    """The session was written to another credentials file than the one that the environment names now."""

    def __init__(self, written: Written) -> None:
        super().__init__(
            _("The credentials file is another one"),
            _("It was written to section [{section}] of {path}, and AWS tools use another file now.").format(
                section=written.section, path=written.path
            ),
            _("Start STS Desktop with the settings of that time, or change that file by hand."),
        )
