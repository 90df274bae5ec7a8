"""What can go wrong with the AWS files: the root of those errors, and those about what was asked for.

Those about the text of a file stand in `text_errors`, those about the file itself in `path_errors`. No message holds
a value from a file, except the last four characters of a key id. After any of them the files are as they were.
"""

from typing import TYPE_CHECKING

from sts_desktop.core.credentials import last_four
from sts_desktop.core.errors import Field, InvalidInputError, StsDesktopError
from sts_desktop.core.i18n import _, sentences

if TYPE_CHECKING:
    from sts_desktop.core.aws_files.profiles import TargetSection


class AwsFileError(StsDesktopError):
    """Something about the AWS files; see the subclasses."""


class SectionNameError(InvalidInputError):
    """A section name that some AWS tool would not read, or that would reach beyond its section."""

    def __init__(self) -> None:
        super().__init__(
            _("Section name not usable"),
            _("A section name has 1 to 128 of these: A-Z a-z 0-9 _ . / @ % -, and is not DEFAULT or __proto__."),
            _("Choose another name for the section."),
            field=Field.SECTION,
        )


class UnwritableValueError(InvalidInputError):
    """A value with characters that do not belong into an AWS file."""

    def __init__(self, key: str) -> None:
        is_region = key == "region"
        super().__init__(
            _("Value not written"),
            _("The value of {key} is empty or holds characters that an AWS file cannot hold safely.").format(key=key),
            _("Choose another working region.") if is_region else _("Check which endpoint the session came from."),
            field=Field.WORKING_REGION if is_region else None,
        )


class SectionIsSourceError(AwsFileError):
    """The section gives some profile its access key; writing there would destroy that key."""

    field = Field.SECTION

    def __init__(self, section: str) -> None:
        super().__init__(
            _("Section holds an access key in use"),
            _("A profile takes its access key from section [{section}], so nothing is written there.").format(
                section=section
            ),
            _("Choose another section."),
        )
        self.section = section


class ForeignSectionError(AwsFileError):
    """The section holds credentials that this program did not write.

    Attributes:
        target: what stands there.
    """

    field = Field.SECTION

    def __init__(self, target: "TargetSection") -> None:
        if target.access_key_id:
            message = _("Section [{section}] of {path} holds the key …{last_four}, which STS Desktop did not write.")
        else:
            message = _("Section [{section}] of {path} holds credentials that STS Desktop did not write.")
        message = message.format(section=target.name, path=target.path, last_four=last_four(target.access_key_id or ""))
        kept = _("Also there, and left alone: {keys}.").format(keys=", ".join(target.other_keys))
        super().__init__(
            _("Credentials are there that STS Desktop did not write"),
            sentences(message, kept if target.other_keys else ""),
            _("Choose another section, or confirm that they may be replaced."),
        )
        self.target = target


class NotOurSessionError(AwsFileError):
    """The section holds another key by now than the session that was to be removed from it."""

    field = Field.SECTION

    def __init__(self, target: "TargetSection") -> None:
        super().__init__(
            _("Section left as it is"),
            _("Section [{section}] of {path} holds the key …{last_four} by now, which is not this session's.").format(
                section=target.name, path=target.path, last_four=last_four(target.access_key_id or "")
            ),
        )
        self.target = target


class NoSuchAwsProfileError(AwsFileError):
    """Neither file has the profile."""

    field = Field.ACCESS_KEY

    def __init__(self, profile_name: str) -> None:
        super().__init__(
            _("AWS profile not found"),
            _("The AWS files have no profile “{profile}”.").format(profile=profile_name),
            _("Choose another access key."),
        )


class NoKeysInAwsProfileError(AwsFileError):
    """The profile gets its credentials in another way than by static keys."""

    field = Field.ACCESS_KEY

    def __init__(self, profile_name: str) -> None:
        super().__init__(
            _("AWS profile has no access key"),
            _("The AWS profile “{profile}” has no access key of its own.").format(profile=profile_name),
            _("Choose a profile that holds the access key of an IAM user."),
        )


class TemporaryKeysInAwsProfileError(AwsFileError):
    """The profile holds session credentials; STS gives no session for those."""

    field = Field.ACCESS_KEY

    def __init__(self, profile_name: str) -> None:
        super().__init__(
            _("AWS profile holds temporary credentials"),
            _("The AWS profile “{profile}” holds the keys of a session. A new session needs a long-lived key.").format(
                profile=profile_name
            ),
            _("Choose a profile that holds the access key of an IAM user (its id begins with AKIA)."),
        )


class IncompleteKeysInAwsProfileError(AwsFileError):
    """The profile has the key id or the secret, not both."""

    field = Field.ACCESS_KEY

    def __init__(self, profile_name: str) -> None:
        super().__init__(
            _("AWS profile is incomplete"),
            _("The AWS profile “{profile}” has only half of an access key.").format(profile=profile_name),
            _("Put both aws_access_key_id and aws_secret_access_key into it."),
        )


class MalformedKeysInAwsProfileError(AwsFileError):
    """The pair cannot be an access key, most often because of a comment or quotes on the same line."""

    field = Field.ACCESS_KEY

    def __init__(self, profile_name: str) -> None:
        super().__init__(
            _("Access key not usable"),
            _("The access key of the AWS profile “{profile}” holds blanks or other characters no key has.").format(
                profile=profile_name
            ),
            _("Quotes and a comment after a value count as part of it: put the key alone on its line."),
        )
