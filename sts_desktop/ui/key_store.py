"""Where access keys can come from: the vault and the AWS files, as last seen."""

from PySide6.QtCore import QObject, Signal

from sts_desktop.core.aws_files.profiles import AwsProfile
from sts_desktop.core.errors import StsDesktopError
from sts_desktop.core.services import Services
from sts_desktop.core.settings import AccessKeyEntry
from sts_desktop.core.vault.vault import VaultStatus
from sts_desktop.ui.jobs import Job, Jobs


class KeyStore(QObject):
    """Owns what is known of the keyring and of the AWS files. Both are first looked at by `refresh`, on workers.

    Signals:
        vault_changed: the keyring was looked at; `vault_status` or `vault_problem` has what was found.
        aws_profiles_changed: the AWS files were read; `aws_profiles` or `aws_problem` has what was found.
        stored(object): the `AccessKeyEntry` of a key that is now in the vault.
        failed(object): a `StsDesktopError`; a key could not be stored.
    """

    vault_changed = Signal()
    aws_profiles_changed = Signal()
    stored = Signal(object)
    failed = Signal(object)

    def __init__(self, services: Services, jobs: Jobs, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._services = services
        self._jobs = jobs
        self.vault_status: VaultStatus | None = None
        self.vault_problem: StsDesktopError | None = None
        self.aws_profiles: tuple[AwsProfile, ...] | None = None
        self.aws_problem: StsDesktopError | None = None

    @property
    def aws_directory(self) -> str:
        """Where the AWS credentials file is, as people write it."""
        return self._services.paths.shown(self._services.aws_files.locations.credentials.parent)

    @property
    def credentials_file(self) -> str:
        """The AWS credentials file, as people write it."""
        return self._services.paths.shown(self._services.aws_files.locations.credentials)

    def refresh(self) -> None:
        """Look at the keyring and read the AWS files."""
        self._jobs.start(
            lambda _job: self._services.vault.status(), succeeded=self._take_status, failed=self._take_vault_problem
        )
        self.refresh_aws_profiles()

    def refresh_aws_profiles(self) -> None:
        """Read the AWS files."""
        self._jobs.start(
            lambda _job: self._services.aws_files.profiles(),
            succeeded=self._take_profiles,
            failed=self._take_aws_problem,
        )

    def usable_aws_profiles(self) -> list[AwsProfile]:
        """Return the profiles of the AWS files that hold a long-lived access key."""
        return [known for known in self.aws_profiles or () if known.access_key_id and not known.is_temporary]

    def store(self, name: str, access_key_id: str, secret_access_key: str) -> Job:
        """Put a key into the vault; `stored` or `failed` tells what came of it."""
        return self._jobs.start(
            lambda _job: self._services.access_keys.store(name, access_key_id, secret_access_key),
            succeeded=self._take_entry,
            failed=self.failed.emit,
        )

    def _take_status(self, status: VaultStatus) -> None:
        self.vault_status, self.vault_problem = status, None
        self.vault_changed.emit()

    def _take_vault_problem(self, problem: StsDesktopError) -> None:
        self.vault_status, self.vault_problem = None, problem
        self.vault_changed.emit()

    def _take_profiles(self, profiles: tuple[AwsProfile, ...]) -> None:
        self.aws_profiles, self.aws_problem = profiles, None
        self.aws_profiles_changed.emit()

    def _take_aws_problem(self, problem: StsDesktopError) -> None:
        self.aws_profiles, self.aws_problem = (), problem
        self.aws_profiles_changed.emit()

    def _take_entry(self, entry: AccessKeyEntry) -> None:
        self.stored.emit(entry)
