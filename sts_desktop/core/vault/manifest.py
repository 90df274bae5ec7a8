"""How a text that lies in several items is found and put together again; `parts` says why it does.

Apart from what writes them, because a command that only reads one session has no time for more.
"""

import contextlib
import hashlib
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from typing import Any

MOST_PARTS = 10_000
"""The most parts of one text: far above any token, and a bound on what a damaged manifest can make us do."""

_VERSION = 1
_READ_ATTEMPTS = 3
_GENERATION = re.compile(r"[0-9a-f]{16}")
_SHA256 = re.compile(r"[0-9a-f]{64}")


class DamagedValueError(Exception):
    """What is stored is incomplete, changed, or not ours to read. Carries no content."""


def read_text(get: Callable[[str], str | None], name: str) -> str | None:
    """Return the text stored under `name`, whose items `get` reads, or None when there is none.

    Raises:
        DamagedValueError: parts are missing, or the content is not the one that was stored.
    """
    manifest_text = get(name)
    for _attempt in range(_READ_ATTEMPTS):
        if manifest_text is None:
            return None
        with contextlib.suppress(DamagedValueError):
            return _joined(get, name, Manifest.parse(manifest_text))
        # Another process may have replaced the text, parts and all, since the manifest was read.
        before, manifest_text = manifest_text, get(name)
        if manifest_text == before:
            break
    raise DamagedValueError


def _joined(get: Callable[[str], str | None], name: str, manifest: "Manifest") -> str:
    parts = []
    for item in manifest.items(name):
        part = get(item)
        if part is None:
            raise DamagedValueError
        parts.append(part)
    text = "".join(parts)
    if sha256(text) != manifest.sha256:
        raise DamagedValueError
    return text


@dataclass(frozen=True)
class Manifest:
    """Which parts make up a text: their generation, how many there are, and the digest of the whole."""

    generation: str
    count: int
    sha256: str

    @classmethod
    def parse(cls, text: str) -> "Manifest":
        """Return the manifest that `text` is; raise DamagedValueError when it is none of this version."""
        with contextlib.suppress(ValueError, RecursionError):
            record = json.loads(text)
            if _is_manifest(record):
                return cls(record["generation"], record["count"], record["sha256"])
        raise DamagedValueError

    def text(self) -> str:
        """Return the manifest as it is stored; `parse` reads it back."""
        return json.dumps({"v": _VERSION} | asdict(self))

    def items(self, name: str) -> Iterator[str]:
        """The names of the parts, in their order."""
        return (f"{name}/{self.generation}/{number}" for number in range(self.count))


def _is_manifest(record: Any) -> bool:
    return (
        isinstance(record, dict)
        and record.keys() == {"v", "generation", "count", "sha256"}
        and record["v"] == _VERSION
        and isinstance(record["generation"], str)
        and _GENERATION.fullmatch(record["generation"]) is not None
        and type(record["count"]) is int
        and 0 <= record["count"] <= MOST_PARTS
        and isinstance(record["sha256"], str)
        and _SHA256.fullmatch(record["sha256"]) is not None
    )


def sha256(text: str) -> str:
    """Return the digest by which a text is known to be whole."""
    return hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()
