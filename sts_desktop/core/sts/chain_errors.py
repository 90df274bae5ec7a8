"""Why the default credential provider chain gives no access key that a session can be made from."""

from sts_desktop.core.errors import Field, StsDesktopError
from sts_desktop.core.i18n import _


class ChainError(StsDesktopError):
    """The chain gives no usable access key; see the subclasses."""

    field = Field.ACCESS_KEY


class NoCredentialsInChainError(ChainError):
    """The chain was gone through to its end."""

    def __init__(self) -> None:
        super().__init__(
            _("No credentials found"),
            _("The AWS SDK's default credential provider chain finds none on this computer."),
            _("Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or choose another access key."),
        )


class TemporaryChainKeyError(ChainError):
    """What the chain finds belongs to a session, from which STS makes no other.

    Args:
        kind: where it was found, in words.
    """

    def __init__(self, kind: str) -> None:
        super().__init__(
            _("Only temporary credentials found"),
            _(
                "The first credentials in the default chain are temporary ({kind}). AWS makes no others from those."
            ).format(kind=kind),
            _("Use the long-lived access key of an IAM user; its id begins with AKIA."),
        )
        self.kind = kind


class ChainProfileMissingError(ChainError):
    """`AWS_PROFILE` or `AWS_DEFAULT_PROFILE` names a profile that neither AWS file has."""

    def __init__(self) -> None:
        super().__init__(
            _("AWS profile not found"),
            _("AWS_PROFILE or AWS_DEFAULT_PROFILE names a profile that the AWS files do not have."),
            _("Correct or unset the variable, or choose another access key."),
        )


class ChainFileBrokenError(ChainError):
    """botocore cannot read one of the AWS files."""

    def __init__(self) -> None:
        super().__init__(
            _("AWS file not readable"),
            _("The default chain stops at an AWS config or credentials file that cannot be read as one."),
            _("Mend the file, or choose another access key."),
        )


class ChainKeyIncompleteError(ChainError):
    """A place of the chain holds half an access key.

    Args:
        kind: which place, in words.
    """

    def __init__(self, kind: str) -> None:
        super().__init__(
            _("Access key incomplete"),
            _("The default chain stops at half an access key ({kind}): the id or the secret is missing.").format(
                kind=kind
            ),
            _("Put both there, or remove what is there."),
        )


class ChainKeyMalformedError(ChainError):
    """What the chain found cannot be an access key.

    Args:
        kind: where it was found, in words.
    """

    def __init__(self, kind: str) -> None:
        super().__init__(
            _("Access key not usable"),
            _("What the default chain finds ({kind}) holds blanks or other characters that no key has.").format(
                kind=kind
            ),
            _("Correct it there, or choose another access key."),
        )


class ChainSourceFailedError(ChainError):
    """A place of the chain did not give its credentials: a command that failed, a service that refused.

    Args:
        kind: which place, in words; empty when that is not known.
    """

    def __init__(self, kind: str) -> None:
        message = _("A place in the default chain did not give its credentials, so that the chain stops there.")
        if kind:
            message = _("The default chain stops at a place that did not give its credentials ({kind}).")
        super().__init__(
            _("Credentials not given"),
            message.format(kind=kind),
            _("“aws sts get-caller-identity” fails in the same place and says more; or choose another access key."),
        )


class ChainNotAnsweringError(ChainError):
    """The chain waits for something: a command, or a service of the computer it runs on.

    Args:
        seconds: how long it was waited for.
    """

    def __init__(self, seconds: int) -> None:
        super().__init__(
            _("The default chain does not answer"),
            _("No place in it gave credentials within {seconds} seconds.").format(seconds=seconds),
            _("Look at its credential_process, or choose another access key."),
        )


class ChainCircleError(ChainError):
    """The chain was to be gone through by a command that the chain itself may have started."""

    def __init__(self) -> None:
        super().__init__(
            _("A circle of credentials"),
            _("STS Desktop is serving credentials to another program and does not ask for others meanwhile."),
            _("Give the profile another access key than the default chain."),
        )
