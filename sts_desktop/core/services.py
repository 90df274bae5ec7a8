"""Everything of `core` put together once, for the window, a command or the demo alike. Cheap: nothing is opened yet."""

from dataclasses import dataclass

from sts_desktop.core.access_keys import AccessKeys
from sts_desktop.core.aws_files.files import AwsFiles
from sts_desktop.core.aws_files.locations import AwsFileLocations
from sts_desktop.core.clock import Now, utc_now
from sts_desktop.core.json_file import JsonFile
from sts_desktop.core.paths import Paths
from sts_desktop.core.profiles import Profiles
from sts_desktop.core.sessions import Sessions
from sts_desktop.core.settings import Settings, settings_file
from sts_desktop.core.state import State, state_file
from sts_desktop.core.sts.client import Sts
from sts_desktop.core.vault.vault import Vault, open_vault


@dataclass(frozen=True)
class Services:
    """What the window and the commands call."""

    paths: Paths
    settings: JsonFile[Settings]
    state: JsonFile[State]
    vault: Vault
    aws_files: AwsFiles
    access_keys: AccessKeys
    profiles: Profiles
    sessions: Sessions
    now: Now


def open_services(
    paths: Paths | None = None,
    *,
    aws_locations: AwsFileLocations | None = None,
    vault: Vault | None = None,
    sts: Sts | None = None,
    now: Now = utc_now,
) -> Services:
    """Return the person's services; what is given takes the place of what the environment says."""
    paths = paths or Paths.from_environment()
    vault = vault or open_vault()
    settings = settings_file(paths.settings_file)
    state = state_file(paths.state_file)
    aws_files = AwsFiles(aws_locations or AwsFileLocations.from_environment(), paths.lock_directory)
    return Services(
        paths=paths,
        settings=settings,
        state=state,
        vault=vault,
        aws_files=aws_files,
        access_keys=AccessKeys(settings, vault),
        profiles=Profiles(settings, aws_files),
        sessions=Sessions(settings, state, vault, aws_files, sts or Sts(now=now), now),
        now=now,
    )
