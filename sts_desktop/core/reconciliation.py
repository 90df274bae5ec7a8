"""Makes the state say what the vault has, after a start that may follow a crash."""

from collections.abc import Mapping
from dataclasses import replace

from sts_desktop.core.credentials import SessionCredentials, last_four
from sts_desktop.core.json_file import JsonFile
from sts_desktop.core.settings import Settings
from sts_desktop.core.state import SessionRecord, State
from sts_desktop.core.vault.vault import Vault


def reconcile(
    state_file: JsonFile[State], vault: Vault, profile_ids: frozenset[str] | None = None, *, may_prompt: bool = True
) -> State:
    """Compare the records with the vault, correct those that are wrong, and return the state.

    Args:
        state_file: what is corrected.
        vault: the truth.
        profile_ids: whose records are looked at; all when None.
        may_prompt: whether the keyring may ask for its password.

    Raises:
        VaultError: the keyring could not be asked; the state is as it was.
        UnusableFileError: the state could not be read or saved.
    """
    seen = state_file.load()
    in_memory = not vault.status().is_persistent
    found = {
        profile_id: vault.session(profile_id, may_prompt=may_prompt)
        for profile_id, record in seen.sessions.items()
        if (profile_ids is None or profile_id in profile_ids) and (record.pending or record.expiration is not None)
    }
    return state_file.update(lambda state: _corrected(state, seen, found, in_memory=in_memory))


def orphans(state: State, settings: JsonFile[Settings]) -> list[str]:
    """Return the ids of profiles that the state knows a session of and the settings do not know any more.

    The state is read first and the settings are read here, because a profile is saved before it gets a session. Where
    the settings had to be moved aside nobody deleted a profile: there are no orphans.
    """
    known = {profile.id for profile in settings.load().profiles}
    if settings.set_aside is not None:
        return []
    return [
        profile_id
        for profile_id, record in state.sessions.items()
        if profile_id not in known and record != SessionRecord(written=record.written)
    ]


def _corrected(state: State, seen: State, found: Mapping[str, SessionCredentials | None], *, in_memory: bool) -> State:
    for profile_id, credentials in found.items():
        record = state.session(profile_id)
        if record == seen.session(profile_id):  # otherwise somebody has stored a newer one since
            state = state.with_session(profile_id, _reconciled(record, credentials, in_memory=in_memory))
    return state


def _reconciled(record: SessionRecord, credentials: SessionCredentials | None, *, in_memory: bool) -> SessionRecord:
    if credentials is None:
        return replace(
            record, expiration=None, issued=None, last_four="", identity=None, pending=False, in_memory=False
        )
    ending = last_four(credentials.access_key_id)
    is_known = (credentials.expiration, ending) == (record.expiration, record.last_four)
    return replace(
        record,
        expiration=credentials.expiration,
        issued=record.issued if is_known else None,
        last_four=ending,
        identity=record.identity if is_known else None,
        pending=False,
        in_memory=in_memory,
    )
