"""What an installation made below a prefix, so that it can be taken out again to the last directory."""

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Self


@dataclass(frozen=True)
class Manifest:
    """Files (links too), and directories that were not there before; all absolute."""

    files: frozenset[Path] = frozenset()
    directories: frozenset[Path] = frozenset()

    @classmethod
    def read(cls, path: Path, prefix: Path) -> Self:
        """Return what the file at `path` tells; nothing if there is none.

        The file's own paths are relative to the prefix: it stays true when a home directory gets another name.
        """
        lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
        return cls(
            frozenset(Path(os.path.normpath(prefix / line)) for line in lines if not line.endswith("/")),
            frozenset(Path(os.path.normpath(prefix / line)) for line in lines if line.endswith("/")),
        )

    def text(self, prefix: Path) -> str:
        """Return what `read` reads."""
        lines = [os.path.relpath(path, prefix) for path in self.files]
        lines += [f"{os.path.relpath(path, prefix)}/" for path in self.directories]
        return "".join(f"{line}\n" for line in sorted(lines))

    def with_files(self, files: Iterable[Path]) -> Self:
        """Return this with `files` besides, and with the directories that they need and that are not there yet."""
        files = frozenset(files)
        missing = {parent for path in files for parent in path.parents if not parent.exists()}
        return type(self)(self.files | files, self.directories | missing)
