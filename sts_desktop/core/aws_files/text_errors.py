"""What can stand in an AWS file that keeps it from being read, or a section from being changed.

Lines are counted from 1. The line is named, never quoted: there may be a secret on it.
"""

from pathlib import Path

from sts_desktop.core.aws_files.errors import AwsFileError
from sts_desktop.core.errors import Field
from sts_desktop.core.i18n import _


class UnreadableAwsFileError(AwsFileError):
    """A file that botocore cannot read either.

    Attributes:
        path: the file.
        line: where.
    """

    def __init__(self, path: Path, line: int, message: str, hint: str, *, first_line: int = 0) -> None:
        text = message.format(path=path, line=line, first_line=first_line)
        super().__init__(_("AWS file not readable"), text, hint)
        self.path = path
        self.line = line


class AwsFileEncodingError(UnreadableAwsFileError):
    """A byte-order mark, UTF-16, another encoding than UTF-8, or a zero byte."""

    def __init__(self, path: Path, line: int) -> None:
        super().__init__(
            path,
            line,
            _("Line {line} of {path} is not plain UTF-8 text without a byte-order mark."),
            _("Save the file as UTF-8 without BOM."),
        )


class DuplicateSectionError(UnreadableAwsFileError):
    """One section stands there twice, which makes every call of boto3 and the AWS CLI fail."""

    def __init__(self, path: Path, line: int, first_line: int) -> None:
        super().__init__(
            path,
            line,
            _("Line {line} of {path} begins a section again that line {first_line} began."),
            _("Put both into one section."),
            first_line=first_line,
        )


class DuplicateKeyError(UnreadableAwsFileError):
    """One key stands twice in a section, in whatever letter case."""

    def __init__(self, path: Path, line: int, first_line: int) -> None:
        super().__init__(
            path,
            line,
            _("Line {line} of {path} sets a key again that line {first_line} set."),
            _("Remove one of the two lines."),
            first_line=first_line,
        )


class AwsFileSyntaxError(UnreadableAwsFileError):
    """A line that is neither a header nor `key = value`, or a key before the first header."""

    def __init__(self, path: Path, line: int) -> None:
        super().__init__(
            path,
            line,
            _("Line {line} of {path} is neither a [section] nor a “key = value” within one."),
            _("Mend or remove that line."),
        )


class UneditableSectionError(AwsFileError):
    """A section that tools read in different ways, so that it cannot be changed safely.

    Attributes:
        path: the file.
        line: where.
    """

    field = Field.SECTION

    def __init__(self, path: Path, line: int, message: str) -> None:
        super().__init__(
            _("Section not changed"),
            message.format(path=path, line=line),
            _("Mend that line, or choose another section."),
        )
        self.path = path
        self.line = line


class OddHeaderError(UneditableSectionError):
    """A header that some tools take for the section's and others do not: blanks, quotes, or indentation."""

    def __init__(self, path: Path, line: int) -> None:
        super().__init__(path, line, _("Some AWS tools take line {line} of {path} for the header of this section."))


class ContinuedValueError(UneditableSectionError):
    """An indented line that botocore takes for more of the value above it."""

    def __init__(self, path: Path, line: int) -> None:
        super().__init__(
            path, line, _("Line {line} of {path} is indented, so that AWS tools add it to the value above it.")
        )


class OddLineEndError(UneditableSectionError):
    """A carriage return alone, at which only some tools end the line."""

    def __init__(self, path: Path, line: int) -> None:
        super().__init__(path, line, _("Line {line} of {path} ends in a way that AWS tools read differently."))


class InheritedKeyError(UneditableSectionError):
    """`[DEFAULT]`, in capitals, hands a stale token or expiry down to every section."""

    def __init__(self, path: Path, line: int) -> None:
        super().__init__(
            path, line, _("Line {line} of {path}, below [DEFAULT], would be obeyed before the new credentials.")
        )


class UnprovenEditError(UneditableSectionError):
    """botocore's parser would not read the edited text as wanted."""

    def __init__(self, path: Path, line: int) -> None:
        super().__init__(
            path, line, _("The edit would change what AWS tools read in another place of {path}, near line {line}.")
        )
