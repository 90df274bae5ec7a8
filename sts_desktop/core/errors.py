"""The one tree of errors a person can act on.

Each cause has a subclass; those of the AWS files, of STS and of the vault stand in the `errors` module of their
folder. The window and the command line render the same object. Nothing heavy is imported here.
"""

from enum import Enum

from sts_desktop.core.i18n import _, sentences


class Field(Enum):
    """The part of the form that an error is about, so that the window can show it there."""

    NAME = "name"
    ACCESS_KEY = "access_key"
    ENDPOINT = "endpoint"
    DURATION = "duration"
    MFA_SERIAL = "mfa_serial"
    TOKEN_CODE = "token_code"  # noqa: S105  (a field's name)
    WORKING_REGION = "working_region"
    SECTION = "section"


class StsDesktopError(Exception):
    """Something went wrong that a person can understand and act on.

    Attributes:
        title: what happened, in a few words, without a full stop.
        message: one or two sentences that say more; never a secret, never the text of an AWS response.
        hint: what to do about it; may be empty.
        field: the part of the form it is about, or None.
        code: AWS's short name of the cause, where AWS named one: letters, digits and dots only; else empty.
        link: the address of a page on which something can be done about it; may be empty.
    """

    field: Field | None = None
    code = ""
    link = ""

    def __init__(self, title: str, message: str, hint: str = "") -> None:
        super().__init__(title, message, hint)
        self.title = title
        self.message = message
        self.hint = hint

    @property
    def explanation(self) -> str:
        """Message and hint as one text, for what stands below the title."""
        return sentences(self.message, self.hint)

    def __str__(self) -> str:
        """Everything on one line, as the command line prints it."""
        return " ".join(f"{sentence(self)} {self.link}".split())


def sentence(error: StsDesktopError) -> str:
    """Return title and explanation of an error as one text, where no title stands above it."""
    return _("{title}. {explanation}").format(title=error.title, explanation=error.explanation)


class InvalidInputError(StsDesktopError):
    """A value that a person typed or passed cannot be used; nothing was sent or stored."""

    def __init__(self, title: str, message: str, hint: str = "", *, field: Field | None = None) -> None:
        super().__init__(title, message, hint)
        self.field = field


class UnusableFileError(StsDesktopError):
    """One of the program's own files (settings, state) cannot be read or written."""


class DamagedFileError(UnusableFileError):
    """One of them cannot be understood, and is left as it is for a person to mend."""
