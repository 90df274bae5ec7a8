"""The access keys kept in the vault, and the names they go by."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass

from sts_desktop.core.cancellation import Cancellation
from sts_desktop.core.credentials import AccessKey, last_four
from sts_desktop.core.errors import Field, InvalidInputError, UnusableFileError
from sts_desktop.core.i18n import _
from sts_desktop.core.json_file import JsonFile
from sts_desktop.core.profile import VaultKey, check_name, new_id
from sts_desktop.core.settings import AccessKeyEntry, Settings
from sts_desktop.core.state import State
from sts_desktop.core.sts.checks import check_access_key_id, check_secret_access_key
from sts_desktop.core.vault.vault import Vault

log = logging.getLogger(__name__)

AWS_ID_LENGTH, AWS_SECRET_LENGTH = 20, 40
"""The keys that IAM issues (IAM User Guide, "Manage access keys for IAM users": the examples; no other have been seen).
"""
SHORTEST_AWS_ID = 16
"""AWS STS API Reference, data type `Credentials`, `AccessKeyId`."""


class AccessKeyNameTakenError(InvalidInputError):
    """An access key of this name is kept already."""

    def __init__(self, known: AccessKeyEntry) -> None:
        super().__init__(
            _("There is an access key “{name}” already").format(name=known.name),
            _("It ends in …{last_four}, and AWS cannot show its secret again.").format(last_four=known.last_four),
            _("Choose another name, or replace it."),
            field=Field.ACCESS_KEY,
        )


class AccessKeyInUseError(InvalidInputError):
    """Profiles take their sessions from the key that was to be removed."""

    def __init__(self, entry: AccessKeyEntry, profiles: Sequence[str]) -> None:
        """Take the key, and the names of the profiles."""
        super().__init__(
            _("The access key “{name}” is in use").format(name=entry.name),
            _("These profiles use it: {names}.").format(names=", ".join(profiles)),
            _("Choose another access key for them, or delete them, first."),
            field=Field.ACCESS_KEY,
        )


@dataclass(frozen=True)
class AccessKeys:
    """Puts access keys into the vault and takes them out; their names and last four characters are in the settings."""

    settings: JsonFile[Settings]
    state: JsonFile[State]
    vault: Vault

    def store(
        self,
        name: str,
        access_key_id: str,
        secret_access_key: str,
        *,
        replace: bool = False,
        cancellation: Cancellation | None = None,
    ) -> AccessKeyEntry:
        """Keep a key that a person typed, under `name`.

        Args:
            name: what it is called from here on.
            access_key_id: its id.
            secret_access_key: its secret.
            replace: put it in the place of a key of that name, whose secret AWS never shows again.
            cancellation: looked at before anything is stored.

        Raises:
            Cancelled: nothing was stored.
            AccessKeyNameTakenError: there is a key of that name; nothing was stored.
            InvalidInputError: the name, the id or the secret cannot be right; nothing was stored.
            TemporaryKeyError: it is the key of session credentials.
            VaultError: the keyring did not take it.
            UnusableFileError: the name could not be saved; a new key was not kept either.
        """
        name = check_name(name)
        key = AccessKey(check_access_key_id(access_key_id), check_secret_access_key(secret_access_key))
        _check_length(key)
        known = self.called(name)
        if known is not None and not replace:
            raise AccessKeyNameTakenError(known)
        entry = AccessKeyEntry(known.id if known else new_id(), name, last_four(key.access_key_id))
        if cancellation is not None:
            cancellation.raise_if_requested()
        self.vault.store_access_key(entry.id, key)
        try:
            self.settings.update(lambda settings: _with_key(settings, entry, known))
        except _RemovedMeanwhileError:  # and its secret with it, perhaps the new one
            self.vault.forget_access_key(entry.id)
            return self.store(name, access_key_id, secret_access_key, replace=replace, cancellation=cancellation)
        except (AccessKeyNameTakenError, UnusableFileError):
            if known is None:  # or the keyring would go on holding a secret that nothing refers to
                self.vault.forget_access_key(entry.id)
            raise
        if known is not None and known.last_four != entry.last_four:
            self._forget_learned(entry)
        return entry

    def remove(self, entry: AccessKeyEntry) -> None:
        """Forget a key that no profile uses; AWS, which accepts it until an administrator deletes it, is not told.

        Raises:
            AccessKeyInUseError: a profile uses it; nothing was removed.
            VaultError: the keyring did not forget it; its name is kept too.
            UnusableFileError: its name could not be removed; `remove` may be repeated.
        """

        def forget(settings: Settings) -> Settings:  # under its lock: no profile is to choose the key meanwhile
            users = [profile.name for profile in settings.profiles if profile.source == VaultKey(entry.id)]
            if users:
                raise AccessKeyInUseError(entry, users)
            self.vault.forget_access_key(entry.id)
            return settings.without_access_key(entry.id)

        self.vault.unlock()
        self.settings.update(forget)
        self._forget_learned(entry)

    def _forget_learned(self, entry: AccessKeyEntry) -> None:
        """Forget what was learned of the account of a key that is another one from here on, or none."""
        try:
            self.state.update(lambda state: state.without_learned(VaultKey(entry.id)))
        except UnusableFileError as error:  # the next token from there corrects it
            log.warning("what was learned with an earlier key could not be forgotten: %s", type(error).__name__)

    def called(self, name: str) -> AccessKeyEntry | None:
        """Return what is known of the key with this name, or None."""
        return self.settings.load().access_key_called(name)


def _check_length(key: AccessKey) -> None:
    """Refuse an id or a secret that was cut, for keys that look like AWS's: those of stand-ins may be of any length."""
    if key.access_key_id.startswith("AKIA") and len(key.access_key_id) < SHORTEST_AWS_ID:
        text = _("The id of an access key of AWS has {length} characters; this one has {actual}.")
        raise _cut(_("Not an access key id"), text, AWS_ID_LENGTH, key.access_key_id)
    is_like_awss = key.access_key_id.startswith("AKIA") and len(key.access_key_id) == AWS_ID_LENGTH
    if is_like_awss and len(key.secret_access_key) != AWS_SECRET_LENGTH:
        text = _("A secret access key of AWS has {length} characters; this one has {actual}.")
        raise _cut(_("Not a secret access key"), text, AWS_SECRET_LENGTH, key.secret_access_key)


def _cut(title: str, text: str, length: int, value: str) -> InvalidInputError:
    message = text.format(length=length, actual=len(value))
    return InvalidInputError(title, message, _("Copy it again, all of it."), field=Field.ACCESS_KEY)


class _RemovedMeanwhileError(Exception):
    """The key that was to be replaced was removed by another process."""


def _with_key(settings: Settings, entry: AccessKeyEntry, known: AccessKeyEntry | None) -> Settings:
    """Return `settings` with `entry`, unless another process got in between since `known` was looked at."""
    if known is not None and settings.access_key(known.id) is None:
        raise _RemovedMeanwhileError
    named = settings.access_key_called(entry.name)
    if named is not None and named.id != entry.id:
        raise AccessKeyNameTakenError(named)
    return settings.with_access_key(entry)
