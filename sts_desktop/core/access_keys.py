"""The access keys kept in the vault, and the names they go by."""

from dataclasses import dataclass

from sts_desktop.core.credentials import AccessKey, last_four
from sts_desktop.core.errors import UnusableFileError
from sts_desktop.core.json_file import JsonFile
from sts_desktop.core.profile import check_name, new_id, normal_name
from sts_desktop.core.settings import AccessKeyEntry, Settings
from sts_desktop.core.sts.checks import check_access_key_id, check_secret_access_key
from sts_desktop.core.vault.vault import Vault


@dataclass(frozen=True)
class AccessKeys:
    """Puts access keys into the vault; their names and last four characters into the settings."""

    settings: JsonFile[Settings]
    vault: Vault

    def store(self, name: str, access_key_id: str, secret_access_key: str) -> AccessKeyEntry:
        """Keep a key that a person typed, under `name`; a key of that name is replaced.

        Raises:
            InvalidInputError: the name, the id or the secret cannot be right; nothing was stored.
            TemporaryKeyError: it is the key of session credentials.
            VaultError: the keyring did not take it.
            UnusableFileError: the name could not be saved; a new key was not kept either.
        """
        name = check_name(name)
        key = AccessKey(check_access_key_id(access_key_id), check_secret_access_key(secret_access_key))
        known = self.called(name)
        entry = AccessKeyEntry(known.id if known else new_id(), name, last_four(key.access_key_id))
        self.vault.store_access_key(entry.id, key)
        try:
            self.settings.update(lambda settings: settings.with_access_key(entry))
        except UnusableFileError:
            if known is None:  # or the keyring would go on holding a secret that nothing refers to
                self.vault.forget_access_key(entry.id)
            raise
        return entry

    def called(self, name: str) -> AccessKeyEntry | None:
        """Return what is known of the key with this name, or None."""
        wanted = normal_name(name)
        return next((entry for entry in self.settings.load().access_keys if entry.name == wanted), None)
