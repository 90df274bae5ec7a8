"""What a command works with, made when it is first asked for: a command pays only for what it uses."""

from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from sts_desktop.cli.errors import NoKeyringForCommandError
from sts_desktop.core.clock import utc_now
from sts_desktop.core.paths import Paths
from sts_desktop.core.settings import settings_file

if TYPE_CHECKING:
    from sts_desktop.core.json_file import JsonFile
    from sts_desktop.core.services import Services
    from sts_desktop.core.state import State


class Records:
    """The program's own two files, and the time: all that a command needs which only looks."""

    def __init__(self, paths: Paths) -> None:
        self.settings = settings_file(paths.settings_file)
        self.now = utc_now
        self._state_path = paths.state_file

    @cached_property
    def state(self) -> "JsonFile[State]":
        """What is known of the sessions; `credential-process` has no time to import it."""
        from sts_desktop.core.state_file import state_file

        return state_file(self._state_path)


class Context:
    """Makes what a command asks for, once."""

    def __init__(self, services: "Services | None" = None) -> None:
        """Take `services` that are open already, or None for the person's own."""
        self._services = services
        self._records: Records | None = None
        self._is_logging = False

    @property
    def records(self) -> "Records | Services":
        """The program's own files, without what is imported for the rest of the services."""
        if self._services is not None:
            return self._services
        if self._records is None:
            self._records = Records(Paths.from_environment())
        return self._records

    @property
    def has_services(self) -> bool:
        """Whether there are services already, so that opening them costs nothing."""
        return self._services is not None

    def open_services(self) -> "Services":
        """Return everything, for a command that does something; from here on there is a log."""
        from sts_desktop.core.services import open_services

        if self._services is None:
            self._services = open_services()
        self.start_log()
        return self._services

    def start_log(self) -> Path:
        """Log from here on, never to the terminal, and return the file; there may be none where it cannot be written.

        Repeated calls do nothing more.
        """
        from sts_desktop.core import log

        paths = self._services.paths if self._services is not None else Paths.from_environment()
        if not self._is_logging:
            self._is_logging = True
            log.start(paths.log_file)
        return paths.log_file

    def files_set_aside(self) -> list[tuple[Path, Path]]:
        """Return which of the program's files could not be understood, each with where it was moved to."""
        opened = [made for made in (self._records, self._services) if made is not None]
        # By way of `vars`: a file that was not used need not be made for this.
        files = [vars(made)[name] for made in opened for name in ("settings", "state") if name in vars(made)]
        return [(file.path, file.set_aside) for file in files if file.set_aside is not None]


def keyring_name(services: "Services") -> str:
    """Return the name of the keyring in use.

    Raises:
        NoKeyringForCommandError: there is none, and what a command stores in memory is gone when it ends.
        VaultError: the keyring does not answer.
    """
    status = services.vault.status()
    if not status.is_persistent:
        raise NoKeyringForCommandError(status.reason)
    return status.name
