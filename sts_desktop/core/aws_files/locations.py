"""Where the two AWS files are."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self


def default_directory() -> Path:
    """Return the directory that holds both files where the environment names no other."""
    return Path(os.path.expanduser("~")) / ".aws"


@dataclass(frozen=True)
class AwsFileLocations:
    """The paths of the two files, as the AWS tools on this computer would find them. Neither file need exist."""

    credentials: Path
    config: Path

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> Self:
        """Return the locations that `environment` names, or those below the home directory.

        `~` and `$VAR` in a location are expanded from the environment of this process, as botocore does
        (`botocore.configloader.raw_config_parse`). An empty variable counts as one that is not set.
        """
        return cls(
            credentials=_location(environment.get("AWS_SHARED_CREDENTIALS_FILE", ""), "credentials"),
            config=_location(environment.get("AWS_CONFIG_FILE", ""), "config"),
        )


def _location(named: str, default_name: str) -> Path:
    if not named:
        return default_directory() / default_name
    return Path(os.path.expanduser(os.path.expandvars(named)))
