"""Makes the state say what the vault has, after a start that may follow a crash."""

from collections.abc import Collection, Mapping
from dataclasses import replace

from sts_desktop.core.credentials import SessionCredentials
from sts_desktop.core.json_file import JsonFile
from sts_desktop.core.state import SessionRecord, State
from sts_desktop.core.vault.vault import Vault


def reconcile(
    state_file: JsonFile[State],
    vault: Vault,
    profile_ids: Collection[str],
    *,
    is_held: bool = True,
    may_prompt: bool = True,
) -> State:
    """Compare records with the vault, correct those that are wrong, and return the state.

    Sessions that are elsewhere than this vault (in a keyring that is not there now, in the memory of another window)
    are left as they are. So are records that have changed meanwhile: somebody has stored a newer session.

    Args:
        state_file: what is corrected.
        vault: the truth.
        profile_ids: whose records are looked at.
        is_held: whether the caller holds the `ChangeLock`; if not, those that are pending by now are left as they are:
            a session that another process is storing would be taken for none.
        may_prompt: whether the keyring may ask for its password; if not, one that is asking is not waited for.

    Raises:
        VaultError: the keyring could not be asked; the state is as it was.
        UnusableFileError: the state could not be read or saved.
    """
    seen = state_file.load()
    status = vault.status()
    in_memory = not status.is_persistent
    found = {
        profile_id: vault.session(profile_id, may_prompt=may_prompt)
        for profile_id, record in seen.sessions.items()
        if profile_id in profile_ids
        and ((record.pending and is_held) or (record.expiration is not None and not record.pending))
        # What was on its way into the keyring is looked for there only; a vault in memory knows nothing of it.
        and (record.in_memory == in_memory or ((record.pending or record.hides_kept) and not in_memory))
    }
    if vault.known_status is not status:  # a person chose meanwhile to go on without the keyring
        return seen
    return state_file.update(lambda state: _corrected(state, seen, found, in_memory=in_memory))


def _corrected(state: State, seen: State, found: Mapping[str, SessionCredentials | None], *, in_memory: bool) -> State:
    corrected = {
        profile_id: _reconciled(state.session(profile_id), credentials, in_memory=in_memory)
        for profile_id, credentials in found.items()
        if state.session(profile_id) == seen.session(profile_id)  # otherwise somebody has stored a newer one since
    }
    return state.with_sessions(corrected)


def _reconciled(record: SessionRecord, credentials: SessionCredentials | None, *, in_memory: bool) -> SessionRecord:
    if credentials is None:
        if record.in_memory != in_memory:
            return replace(record, hides_kept=False)
        return replace(record.without_session(), pending=in_memory and record.hides_kept)
    if record.is_of(credentials):
        is_right = not record.pending and record.in_memory == in_memory
        return record if is_right else replace(record, pending=False, in_memory=in_memory)
    return replace(record.with_session_of(credentials), issued=None, in_memory=in_memory, hides_kept=False)
