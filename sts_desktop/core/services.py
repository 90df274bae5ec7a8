"""Everything of `core` put together once, for the window, a command or the demo alike.

Cheap: nothing is opened yet, and what the window is not painted from is not even imported.
"""

import os
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sts_desktop.core.aws_files.locations import AwsFileLocations
from sts_desktop.core.clock import CorrectedClock, Now, utc_now
from sts_desktop.core.paths import Paths
from sts_desktop.core.settings import settings_file
from sts_desktop.core.state_file import state_file
from sts_desktop.core.vault.session_bus import adopt_session_bus

if TYPE_CHECKING:
    from collections.abc import Callable

    from sts_desktop.core.access_keys import AccessKeys
    from sts_desktop.core.aws_files.files import AwsFiles
    from sts_desktop.core.device_lookup import DeviceLookup
    from sts_desktop.core.endpoint_checks import EndpointChecks
    from sts_desktop.core.profiles import Profiles
    from sts_desktop.core.sessions import Sessions
    from sts_desktop.core.sts.client import Sts
    from sts_desktop.core.sts.default_chain import FoundKey
    from sts_desktop.core.vault.vault import Vault


class Services:
    """What the window and the commands call.

    The two files of the program's own are there from the start. All else is made together when the first of it is asked
    for, by whichever thread comes first: importing it takes as long as building the window.
    """

    def __init__(
        self,
        paths: Paths,
        aws_locations: AwsFileLocations,
        now: Now,
        vault: "Vault | None" = None,
        sts: "Sts | None" = None,
        default_chain: "Callable[[], FoundKey] | None" = None,
    ) -> None:
        self.paths = paths
        self.aws_locations = aws_locations
        self.now = CorrectedClock(now)
        self.settings = settings_file(paths.settings_file)
        self.state = state_file(paths.state_file)
        self._vault = vault
        self._sts = sts
        self._default_chain = default_chain
        self._making = threading.Lock()
        self._made: _Made | None = None

    @property
    def vault(self) -> "Vault":
        """The keyring, or memory in its place."""
        return self._all().vault

    @property
    def aws_files(self) -> "AwsFiles":
        """The AWS config and credentials files."""
        return self._all().aws_files

    @property
    def access_keys(self) -> "AccessKeys":
        """The access keys in the vault."""
        from sts_desktop.core.access_keys import AccessKeys

        return AccessKeys(self.settings, self.state, self.vault)

    @property
    def endpoint_checks(self) -> "EndpointChecks":
        """Which endpoints serve an access key."""
        from sts_desktop.core.endpoint_checks import EndpointChecks

        return EndpointChecks(self.state, self.sessions.sts, self.now, self.sessions.keys)

    @property
    def profiles(self) -> "Profiles":
        """The profiles of the settings."""
        from sts_desktop.core.profiles import Profiles

        return Profiles(self.settings, self.aws_files)

    @property
    def sessions(self) -> "Sessions":
        """The sessions of the profiles."""
        return self._all().sessions

    @property
    def device_lookup(self) -> "DeviceLookup":
        """Asks AWS which MFA devices a user has."""
        from sts_desktop.core.device_lookup import DeviceLookup

        sessions = self.sessions
        return DeviceLookup(sessions.keys, sessions.sts)

    def _all(self) -> "_Made":
        with self._making:
            if self._made is None:
                self._made = self._make()
            return self._made

    def _make(self) -> "_Made":
        from sts_desktop.core.aws_files.files import AwsFiles
        from sts_desktop.core.process_locks import ChangeLock, RenewalLocks
        from sts_desktop.core.sessions import Sessions
        from sts_desktop.core.sts.client import Sts
        from sts_desktop.core.vault.vault import open_vault

        chain = self._default_chain or _found_by_default
        vault, sts = self._vault or open_vault(), self._sts or Sts(now=self.now.wall, learn_clock=self.now.learn)
        aws_files = AwsFiles(self.aws_locations, self.paths.lock_directory)
        locks = RenewalLocks(self.paths.lock_directory)
        changing = ChangeLock(self.paths.lock_directory / "sessions.lock")
        sessions = Sessions(
            self.settings, self.state, vault, aws_files, sts, self.now, locks, changing, chain, self.now.wall
        )
        return _Made(vault, aws_files, sessions)


def _found_by_default() -> "FoundKey":
    from sts_desktop.core.sts.default_chain import resolve_default_chain

    return resolve_default_chain()


@dataclass(frozen=True)
class _Made:
    vault: "Vault"
    aws_files: "AwsFiles"
    sessions: "Sessions"


def open_services(
    paths: Paths | None = None,
    *,
    aws_locations: AwsFileLocations | None = None,
    vault: "Vault | None" = None,
    sts: "Sts | None" = None,
    default_chain: "Callable[[], FoundKey] | None" = None,
    now: Now = utc_now,
) -> Services:
    """Return the person's services; what is given takes the place of what the environment says.

    To be called before other threads start: it may set an environment variable.
    """
    if vault is None:
        adopt_session_bus(os.environ)
    locations = aws_locations or AwsFileLocations.from_environment()
    return Services(paths or Paths.from_environment(), locations, now, vault, sts, default_chain)
