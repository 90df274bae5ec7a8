"""Notices that a command, another window or another program has changed a file that is shown."""

from collections.abc import Iterable
from pathlib import Path

from PySide6.QtCore import QFileSystemWatcher, QObject, QTimer, Signal, Slot

SETTLE_MS = 300
"""A file that is replaced makes several changes; they are looked at together."""


class FileWatch(QObject):
    """Watches files that may come, go and be replaced: each by its directory, and itself for what is written in place.

    Signals:
        changed: at least one of them may be another.
    """

    changed = Signal()

    def __init__(self, files: Iterable[Path], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._files = [file.resolve() for file in files]
        self._watcher = QFileSystemWatcher(self)
        self._watcher.directoryChanged.connect(self._noticed)
        self._watcher.fileChanged.connect(self._noticed)
        self._settle = QTimer(self)
        self._settle.setSingleShot(True)
        self._settle.setInterval(SETTLE_MS)
        self._settle.timeout.connect(self._tell)
        self._watch()

    @Slot()
    def _noticed(self) -> None:
        if not self._settle.isActive():  # or changes that never end would never be told of
            self._settle.start()

    @Slot()
    def _tell(self) -> None:
        self._watch()
        self.changed.emit()

    def _watch(self) -> None:
        """Watch what is there now: a file that was replaced is another one to the system."""
        there = {str(path) for file in self._files for path in (file, *_nearest_directory(file)) if path.exists()}
        new = there - set(self._watcher.files()) - set(self._watcher.directories())
        if new:
            self._watcher.addPaths(sorted(new))


def _nearest_directory(file: Path) -> list[Path]:
    """Return the directory of `file`, or the nearest one above that is there: it will change when the others come."""
    return [directory for directory in file.parents if directory.is_dir()][:1]
