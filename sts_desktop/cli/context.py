"""What a command works with, made when it is first asked for: a command pays only for what it uses."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from sts_desktop.cli.errors import NoKeyringForCommandError
from sts_desktop.core.clock import Now, utc_now
from sts_desktop.core.json_file import JsonFile
from sts_desktop.core.paths import Paths
from sts_desktop.core.settings import Settings, settings_file
from sts_desktop.core.state import State, state_file

if TYPE_CHECKING:
    from sts_desktop.core.services import Services


@dataclass(frozen=True)
class Records:
    """The program's own two files, and the time: all that a command needs which only looks."""

    settings: JsonFile[Settings]
    state: JsonFile[State]
    now: Now


class Context:
    """Makes what a command asks for, once."""

    def __init__(self, services: "Services | None" = None) -> None:
        """Take `services` that are open already, or None for the person's own."""
        self._services = services
        self._records: Records | None = None
        self._is_logging = False

    @property
    def records(self) -> Records:
        """The program's own files, without what is imported for the rest of the services."""
        if self._records is None:
            if self._services is not None:
                self._records = Records(self._services.settings, self._services.state, self._services.now)
            else:
                paths = Paths.from_environment()
                self._records = Records(settings_file(paths.settings_file), state_file(paths.state_file), utc_now)
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
        self._records = Records(self._services.settings, self._services.state, self._services.now)
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
        if self._records is None:
            return []
        files = (self._records.settings, self._records.state)
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
