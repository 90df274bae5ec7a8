"""Texts of any size in items of bounded size, each text whole or absent.

Windows Credential Manager keeps at most 2,560 bytes, that is 1,280 UTF-16 code units, in one item (win32
`CRED_MAX_CREDENTIAL_BLOB_SIZE`; jaraco/keyring#355, jaraco/keyring#540), and a session token alone may have 4,096
bytes. A text therefore lies in parts, and a manifest under the text's own name says which parts make it up:

    NAME/GENERATION/0, NAME/GENERATION/1, …    the parts, in a generation that is new at each `set`
    NAME                                       {"v": 1, "generation": …, "count": …, "sha256": …}

`set` writes the parts, then the manifest, then removes the parts of the generation before. The manifest is one item, so
whatever ends the work, and between whichever two steps, a reader finds the old text whole or the new one whole. Work
whose caller stopped waiting ends before its manifest, unless that was under way. Two processes that set the same name
at once write to different generations, and the last manifest counts. A process killed before its manifest leaves parts
that nothing names or reads.
"""

import contextlib
import logging
from collections.abc import Iterator

from sts_desktop.core.cancellation import Cancellation, Cancelled
from sts_desktop.core.vault.errors import VaultError
from sts_desktop.core.vault.manifest import MOST_PARTS, DamagedValueError, Manifest, read_text, sha256
from sts_desktop.core.vault.store import SecretStore

PART_UNITS = 1_000
"""The most UTF-16 code units that one item holds."""

log = logging.getLogger(__name__)


class PartedTexts:
    """Texts of any size, kept in a `SecretStore`."""

    def __init__(self, store: SecretStore, cancellation: Cancellation | None = None) -> None:
        """Keep texts in `store`; once `cancellation` is raised, nothing that a name stands for is changed any more."""
        self._store = store
        self._cancellation = cancellation or Cancellation()

    def get(self, name: str) -> str | None:
        """Return the text stored under `name`, or None when there is none.

        Raises:
            DamagedValueError: parts are missing, or the content is not the one that was stored.
            VaultError: the store could not be read.
        """
        return read_text(self._store.get, name)

    def set(self, name: str, text: str, cancellation: Cancellation | None = None) -> None:
        """Store `text` under `name` in place of what was there.

        Args:
            name: what it is called.
            text: what to store.
            cancellation: the person's own; looked at before it takes the place of what was there.

        Raises:
            Cancelled: nobody waits for it any more; the old text is whole.
            ValueError: the text needs more than `MOST_PARTS` parts.
            VaultError: it could not be stored; afterwards the old text is whole, or the new one is.
        """
        import secrets  # not needed to read

        self._raise_if_cancelled(cancellation)
        parts = list(split(text))
        if len(parts) > MOST_PARTS:
            raise ValueError("the text is too long")
        manifest = Manifest(secrets.token_hex(8), len(parts), sha256(text))
        previous = self._store.get(name)
        self._write_parts(name, manifest, parts)
        try:
            self._raise_if_cancelled(cancellation)
        except Cancelled:
            self._remove_parts_quietly(name, manifest.text())
            raise
        self._write_manifest(name, manifest, previous)
        self._remove_parts_quietly(name, previous)

    def delete(self, name: str, *, although_cancelled: bool = False) -> None:
        """Remove the text stored under `name`, which may be absent.

        The manifest goes last, so that a `delete` that failed midway can be repeated.

        Args:
            name: what it is called.
            although_cancelled: remove it even though nobody waits for it any more.

        Raises:
            Cancelled: nobody waits for it any more; the name may stand for another text by now, or for a damaged one.
            VaultError: it could not be removed, or not wholly.
        """
        manifest_text = self._store.get(name)
        if manifest_text is None:
            return
        with contextlib.suppress(DamagedValueError):
            self._remove_parts(name, Manifest.parse(manifest_text))
        if not although_cancelled:
            self._raise_if_cancelled()
        self._store.delete(name)

    def _raise_if_cancelled(self, cancellation: Cancellation | None = None) -> None:
        """Stop: a store that answers late must not undo what another process did meanwhile."""
        self._cancellation.raise_if_requested()
        if cancellation is not None:
            cancellation.raise_if_requested()

    def _write_parts(self, name: str, manifest: Manifest, parts: list[str]) -> None:
        try:
            for item, part in zip(manifest.items(name), parts, strict=True):
                self._store.set(item, part)
        except VaultError:
            self._remove_parts_quietly(name, manifest.text())
            raise

    def _write_manifest(self, name: str, manifest: Manifest, previous: str | None) -> None:
        try:
            self._store.set(name, manifest.text())
        except VaultError:
            with contextlib.suppress(VaultError):
                self._settle(name, manifest, previous)
            raise

    def _settle(self, name: str, manifest: Manifest, previous: str | None) -> None:
        """Tidy up after a manifest of which it is not known whether it was written.

        What can be read decides. When nothing can be read, nothing is removed: both texts stay whole.
        """
        current = self._store.get(name)
        if current == manifest.text():
            self._remove_parts_quietly(name, previous)
            return
        if current is None and previous is not None:
            # macOS replaces an item by removing and adding it (keyring/backends/macOS/api.py): only the first was done.
            self._store.set(name, previous)
        self._remove_parts_quietly(name, manifest.text())

    def _remove_parts(self, name: str, manifest: Manifest) -> None:
        for item in manifest.items(name):
            self._store.delete(item)

    def _remove_parts_quietly(self, name: str, manifest_text: str | None) -> None:
        """Remove parts that no manifest names any more; what was asked for is already decided without them.

        A damaged manifest does not say which they are.
        """
        if manifest_text is None:
            return
        try:
            with contextlib.suppress(DamagedValueError):
                self._remove_parts(name, Manifest.parse(manifest_text))
        except VaultError as error:
            log.warning("parts of an earlier value were left in the keyring (%s)", type(error).__name__)


def split(text: str) -> Iterator[str]:
    """Yield `text` in parts of at most `PART_UNITS` UTF-16 code units, never cutting a character in two."""
    start = units = 0
    for position, character in enumerate(text):
        width = 2 if character > "\uffff" else 1
        if units + width > PART_UNITS:
            yield text[start:position]
            start, units = position, 0
        units += width
    if start < len(text):
        yield text[start:]
