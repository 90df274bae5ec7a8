"""Where the program keeps its own files. The AWS files' places are in `core.aws_files.locations`."""

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Self

NAME = "sts-desktop"


@dataclass(frozen=True)
class Paths:
    """The program's directories; each is made, for its owner only, when something is first written there.

    Attributes:
        config: holds `settings.json`: profiles and preferences.
        state: holds `state.json` (what is known of each session, without secrets), locks and logs.
        home: the person's home directory, for showing paths.
    """

    config: Path
    state: Path
    home: Path

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> Self:
        """Return the person's directories (XDG Base Directory Specification; elsewhere the platform's own)."""
        home = Path(environment.get("HOME") or os.path.expanduser("~"))
        if sys.platform in ("win32", "darwin"):
            # Not on Linux: a command that only reads shall not pay for the import.
            import platformdirs

            return cls(
                config=Path(platformdirs.user_config_dir(NAME, appauthor=False)),
                state=Path(platformdirs.user_state_dir(NAME, appauthor=False)),
                home=home,
            )
        return cls(
            config=_xdg_directory(environment, "XDG_CONFIG_HOME", home / ".config"),
            state=_xdg_directory(environment, "XDG_STATE_HOME", home / ".local" / "state"),
            home=home,
        )

    @property
    def settings_file(self) -> Path:
        """The file of profiles and preferences."""
        return self.config / "settings.json"

    @property
    def state_file(self) -> Path:
        """The file of what is known of each session."""
        return self.state / "state.json"

    @property
    def lock_directory(self) -> Path:
        """Where locks on files that are not ours are held."""
        return self.state / "locks"

    @property
    def runtime_directory(self) -> Path:
        """Where the running window can be found by a second start."""
        return self.state / "run"

    def shown(self, path: str | Path) -> str:
        """Return `path` as people write it: with `~` for the home directory."""
        try:
            return str(Path("~") / Path(path).relative_to(self.home))
        except ValueError:
            return str(path)

    @property
    def log_file(self) -> Path:
        """The log, without secrets."""
        return self.state / "log" / "sts-desktop.log"


def _xdg_directory(environment: Mapping[str, str], variable: str, default: Path) -> Path:
    """Return our directory below an XDG one; relative values are ignored, as the specification asks."""
    value = environment.get(variable, "")
    return (Path(value) if os.path.isabs(value) else default) / NAME


def resource_directory() -> Path:
    """Return the directory of `sts_desktop.resources`, wherever the installation put it."""
    return Path(import_module("sts_desktop.resources").__path__[0])


def make_private_directory(directory: Path) -> None:
    """Make `directory` (and what leads to it) for its owner only; leave one that exists as it is.

    Raises:
        OSError: it could not be made.
    """
    if directory.is_dir():
        return
    make_private_directory(directory.parent)
    directory.mkdir(mode=0o700, exist_ok=True)
