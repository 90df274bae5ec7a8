"""What can keep an AWS file from being read or replaced, whatever stands in it."""

from pathlib import Path

from sts_desktop.core.aws_files.errors import AwsFileError
from sts_desktop.core.i18n import _


class UnusablePathError(AwsFileError):
    """Something about a path; see the subclasses.

    Attributes:
        path: the file or directory.
    """

    def __init__(self, path: Path, title: str, message: str, hint: str, *, reason: str = "") -> None:
        super().__init__(title, message.format(path=path, reason=reason), hint)
        self.path = path


class NotARegularFileError(UnusablePathError):
    """A directory, a pipe or a device stands where the file should."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            path, _("Not a file"), _("{path} is a directory or a device, not a file."), _("Move it out of the way.")
        )


class BrokenLinkError(UnusablePathError):
    """A symbolic link to nothing, or in a circle."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            path,
            _("Link leads nowhere"),
            _("{path} is a link to something that does not exist, or a link in a circle."),
            _("Mend or remove the link."),
        )


class AwsFileTooLargeError(UnusablePathError):
    """More than the cap of `disk.MAXIMUM_SIZE`."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            path,
            _("AWS file too large"),
            _("{path} is larger than 32 MiB, more than any AWS file should be."),
            _("Check what is in the file."),
        )


class DirectoryMissingError(UnusablePathError):
    """The directory of a file that the environment names does not exist; such directories are never made."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            path,
            _("Directory missing"),
            _("{path} does not exist, so no file can be written there."),
            _("Make the directory, or correct AWS_SHARED_CREDENTIALS_FILE."),
        )


class PermissionMissingError(UnusablePathError):
    """The file or its directory may not be read or changed by this account."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            path,
            _("Permission missing"),
            _("This account may not read or change {path}."),
            _("Check the permissions and the owner of the file and of its directory, and whether it is immutable."),
        )


class ReadOnlyFileSystemError(UnusablePathError):
    """The file system takes no changes."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            path,
            _("File system is read-only"),
            _("{path} lies on a file system that takes no changes."),
            _("Make it writable, or let AWS_SHARED_CREDENTIALS_FILE name another file."),
        )


class NoRoomError(UnusablePathError):
    """The disk, a quota or the limit for a file's size is exhausted."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            path,
            _("No room left"),
            _("The disk, or this account's share of it, has no room for {path}. The file is as it was."),
            _("Free some space and try again."),
        )


class FileInUseError(UnusablePathError):
    """On Windows: another program holds the file open."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            path,
            _("File in use"),
            _("Another program is using {path}. The file is as it was."),
            _("Close programs that have it open and try again."),
        )


class InaccessibleFileError(UnusablePathError):
    """Any other complaint of the operating system."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(
            path,
            _("File not accessible"),
            _("{path} cannot be used; the operating system says: {reason}."),
            _("Check the disk and the path."),
            reason=reason,
        )


class WriterBusyError(UnusablePathError):
    """Another process of ours has held the lock for longer than we wait."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            path,
            _("Another write is going on"),
            _("Another process of STS Desktop is writing {path} and does not finish."),
            _("Try again in a moment."),
        )


class KeepsChangingError(UnusablePathError):
    """Another program changed the file during each of our tries."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            path,
            _("File keeps changing"),
            _("Another program changed {path} each time it was about to be written."),
            _("Find out which program writes there, and try again."),
        )
