"""Where access keys can come from: the vault and the AWS files, as last seen."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from sts_desktop.core.errors import StsDesktopError
from sts_desktop.core.profile import AccessKeySource, AwsProfileKey
from sts_desktop.core.services import Services
from sts_desktop.core.settings import AccessKeyEntry
from sts_desktop.core.vault.errors import VaultError
from sts_desktop.ui.jobs import Job, Jobs

if TYPE_CHECKING:
    from sts_desktop.core.aws_files.profiles import AwsProfile
    from sts_desktop.core.vault.vault import VaultStatus


@dataclass(frozen=True)
class ChainKey:
    """What the default chain gives, without its secret: where it is from, and the end of its id."""

    kind: str
    last_four: str


class KeyStore(QObject):
    """Owns what is known of the keyring and of the AWS files. Both are first looked at by `refresh`, on workers.

    Signals:
        vault_changed: the keyring was looked at; `vault_status` or `vault_problem` has what was found.
        aws_profiles_changed: the AWS files were read; `aws_profiles` or `aws_problem` has what was found.
        chain_changed(str): the default chain was gone through for the profile with this id; `chain_key` or
            `chain_problem` has what was found.
        keys_changed: a key was put into the vault.
        keyring_wanted: the person wants to use the keyring now, and may be asked for its password.
    """

    vault_changed = Signal()
    aws_profiles_changed = Signal()
    chain_changed = Signal(str)
    keys_changed = Signal()
    keyring_wanted = Signal()

    def __init__(self, services: Services, jobs: Jobs, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._services = services
        self._jobs = jobs
        self.vault_status: VaultStatus | None = None
        self._look_problem: StsDesktopError | None = None
        self._use_problem: StsDesktopError | None = None
        self.chain_key: ChainKey | None = None
        self.chain_problem: StsDesktopError | None = None
        self.aws_profiles: tuple[AwsProfile, ...] | None = None
        self.aws_problem: StsDesktopError | None = None
        self._is_out_of_date = False
        self._reads = self._newest_read = 0

    @property
    def aws_directory(self) -> str:
        """Where the AWS credentials file is, as people write it."""
        return self._services.paths.shown(self._services.aws_locations.credentials.parent)

    @property
    def credentials_file(self) -> str:
        """The AWS credentials file, as people write it."""
        return self._services.paths.shown(self._services.aws_locations.credentials)

    def refresh(self) -> None:
        """Look at the keyring and read the AWS files."""
        self._jobs.start(
            lambda _job: self._services.vault.status(), succeeded=self._take_status, failed=self._take_look_problem
        )
        self.refresh_aws_profiles()

    def refresh_aws_profiles(self) -> None:
        """Read the AWS files."""
        self._reads += 1
        number = self._reads

        def read(profiles: "tuple[AwsProfile, ...]") -> None:
            if number > self._newest_read:  # not overtaken by one that began after it
                self._newest_read = number
                self._take_profiles(profiles)

        self._jobs.start(
            lambda _job: self._services.aws_files.profiles(), succeeded=read, failed=self._take_aws_problem
        )

    def go_on_without_keyring(self, then: Callable[[], None] | None = None) -> None:
        """Keep everything in memory from now on, because the person chose so, and do `then`."""

        def work(_job: Job) -> "VaultStatus":
            self._services.sessions.go_on_without_keyring()
            return self._services.vault.status()

        def done(status: "VaultStatus") -> None:
            self._take_status(status)
            if then is not None:
                then()

        self._jobs.start(work, succeeded=done, failed=self._take_look_problem)

    def resolve_chain(self, profile_id: str) -> None:
        """Go through the default credential provider chain: the person chose it for a profile."""

        def work(_job: Job) -> ChainKey:
            found = self._services.sessions.default_chain()
            return ChainKey(found.kind, found.last_four)  # not the key itself

        def found(key: ChainKey) -> None:
            self.chain_key, self.chain_problem = key, None
            self.chain_changed.emit(profile_id)

        def failed(problem: StsDesktopError) -> None:
            self.chain_key, self.chain_problem = None, problem
            self.chain_changed.emit(profile_id)

        self._jobs.start(work, succeeded=found, failed=failed)

    def aws_profile(self, source: AccessKeySource | None) -> "AwsProfile | None":
        """Return the profile of the AWS files that an access key is from, where it is from one, and that is there."""
        name = source.profile_name if isinstance(source, AwsProfileKey) else None
        return next((known for known in self.aws_profiles or () if known.name == name), None)

    def key_in_file(self, section: str, path: str) -> str | None:
        """Return the end of the key id in a section, as last read; empty without one, None where that is not known."""
        is_known = self.aws_profiles is not None and self.aws_problem is None and not self._is_out_of_date
        if not is_known or path != str(self._services.aws_locations.credentials):
            return None
        found = next((known for known in self.aws_profiles or () if known.name == section), None)
        return found.access_key_id[-4:] if found is not None and found.access_key_id else ""

    @Slot()
    def file_was_written(self) -> None:
        """Read the AWS files again: a session was written, and what is known of it is from before."""
        self._is_out_of_date = True
        self.refresh_aws_profiles()

    def usable_aws_profiles(self) -> "list[AwsProfile]":
        """Return the profiles of the AWS files that hold a long-lived access key."""
        return [known for known in self.aws_profiles or () if known.access_key_id and not known.is_temporary]

    def store(
        self,
        name: str,
        access_key_id: str,
        secret_access_key: str,
        *,
        stored: Callable[[AccessKeyEntry], None],
        failed: Callable[[StsDesktopError], None],
        replace: bool = False,
    ) -> Job:
        """Put a key into the vault, and say to the one who asked what came of it; `keys_changed` tells everybody.

        Args:
            name: what the key is called from here on.
            access_key_id: its id.
            secret_access_key: its secret.
            stored: called with what is known of the key from here on.
            failed: called with what went wrong.
            replace: put it in the place of a key of that name.

        Returns:
            the job, for `cancel`.
        """

        def done(entry: AccessKeyEntry) -> None:
            self.keys_changed.emit()
            stored(entry)

        return self._jobs.start(
            lambda job: self._services.access_keys.store(
                name, access_key_id, secret_access_key, replace=replace, cancellation=job.cancellation
            ),
            succeeded=done,
            failed=failed,
            ended=self.keys_changed.emit,  # it may have been too late
        )

    def cancel(self, job: Job) -> None:
        """Stop waiting for a key to be stored; unless it is in the vault already, it will not be."""
        self._jobs.cancel(job)

    @property
    def vault_problem(self) -> StsDesktopError | None:
        """Why the keyring could not be looked at, or not be used when the program wanted to; None when it can."""
        return self._look_problem or self._use_problem

    @Slot(object)
    def take_use_problem(self, problem: StsDesktopError) -> None:
        """Tell of a keyring that could not be used, unless the person has chosen by now to go on without it."""
        if isinstance(problem, VaultError) and not self._goes_on_without():
            self._use_problem = problem
            self.vault_changed.emit()

    @Slot()
    def try_keyring_again(self) -> None:
        """Look at the keyring again, and let the sessions be compared with it: a person wants to use it now."""
        self._use_problem = None
        self.refresh()
        self.keyring_wanted.emit()

    @Slot()
    def keyring_was_used(self) -> None:
        """Tell no more of a keyring that could not be used: it just was."""
        if self._use_problem is not None:
            self.try_keyring_again()

    def _goes_on_without(self) -> bool:
        status = self._services.vault.known_status
        return status is not None and not status.is_persistent

    def _take_status(self, status: "VaultStatus") -> None:
        self.vault_status, self._look_problem = status, None
        if not status.is_persistent:
            self._use_problem = None
        self.vault_changed.emit()

    def _take_look_problem(self, problem: StsDesktopError) -> None:
        if not self._goes_on_without():  # else it was looked at before the person chose so
            self.vault_status, self._look_problem = None, problem
            self.vault_changed.emit()

    def _take_profiles(self, profiles: "tuple[AwsProfile, ...]") -> None:
        was_out_of_date, self._is_out_of_date = self._is_out_of_date, False
        if self.aws_problem is None and profiles == self.aws_profiles and not was_out_of_date:
            return  # the list of keys may be open: it is not to be made anew each time a file is looked at
        self.aws_profiles, self.aws_problem = profiles, None
        self.aws_profiles_changed.emit()

    def _take_aws_problem(self, problem: StsDesktopError) -> None:
        self.aws_profiles, self.aws_problem = (), problem
        self.aws_profiles_changed.emit()
