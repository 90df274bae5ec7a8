"""The long-lived access key that a profile names, from wherever it is kept."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sts_desktop.core.aws_files.files import AwsFiles
from sts_desktop.core.credentials import AccessKey
from sts_desktop.core.profile import AccessKeySource, AwsProfileKey, DefaultChain, VaultKey
from sts_desktop.core.session_errors import NoAccessKeyError
from sts_desktop.core.vault.vault import Vault

if TYPE_CHECKING:
    from sts_desktop.core.sts.default_chain import FoundKey


@dataclass(frozen=True)
class KeySources:
    """Reads access keys."""

    vault: Vault
    aws_files: AwsFiles
    default_chain: Callable[[], "FoundKey"]

    def access_key(self, source: AccessKeySource | None, *, may_prompt: bool = True) -> AccessKey:
        """Return the key at `source`.

        Args:
            source: where it comes from.
            may_prompt: whether the keyring may ask for its password; see `Vault.session`.

        Raises:
            NoAccessKeyError: no source was chosen.
            StsDesktopError: it is not there, or could not be read.
        """
        match source:
            case VaultKey(key_id):
                return self.vault.access_key(key_id, may_prompt=may_prompt)
            case AwsProfileKey(profile_name):
                return self.aws_files.access_key(profile_name)
            case DefaultChain():
                return self.default_chain().access_key
            case None:
                raise NoAccessKeyError
