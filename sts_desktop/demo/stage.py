"""Where scenes are played: a window in a throwaway home, pictures of it, and patience until a state has come about."""

import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QSize
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from sts_desktop.core.services import Services
from sts_desktop.ui.app import Desktop

LIMIT_SECONDS = 20.0
PICTURE_SIZE = QSize(1000, 700)


class MissingSceneError(Exception):
    """A state did not come about; the message names it."""


@dataclass(frozen=True)
class Stage:
    """A window, and where pictures of it go."""

    desktop: Desktop
    directory: Path

    def picture(self, name: str, widget: QWidget | None = None) -> None:
        """Save what the window shows now, or `widget`, which stands before it.

        Raises:
            MissingSceneError: the picture could not be written.
        """
        path = self.directory / f"{name}.png"
        QApplication.processEvents()
        if not (widget or self.desktop.window).grab().save(str(path)):
            raise MissingSceneError(f"{path} could not be written")

    def wait(self, condition: Callable[[], bool], what: str) -> None:
        """Let the window live until `condition` holds; the rest as for `wait_for`."""
        wait_for(condition, what)

    def settle(self, condition: Callable[[], bool], what: str) -> None:
        """Let the window live until nothing is being done and `condition` holds.

        The panel shows how a thing ended once the record of it has been read, by a job of its own.

        Raises:
            MissingSceneError: it does not come to that within the limit.
        """
        sessions, panel = self.desktop.sessions, self.desktop.window.panel
        wait_for(
            lambda: sessions.activity(panel.profile_id) is None and self.desktop.jobs.is_idle() and condition(), what
        )


@contextmanager
def throwaway_home() -> Iterator[Path]:
    """Give a directory that is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="sts-desktop-demo-") as name:
        yield Path(name)


@contextmanager
def opened(services: Services, directory: Path, *, is_demo: bool) -> Iterator[Stage]:
    """Open the window and wait until everything has been looked at; close it afterwards."""
    desktop = Desktop(services, is_demo=is_demo)
    desktop.window.resize(PICTURE_SIZE)
    desktop.window.show()
    wait_for(lambda: desktop.keys.aws_profiles is not None and desktop.keys.vault_status is not None, "the first look")
    wait_for(desktop.jobs.is_idle, "rest")
    try:
        yield Stage(desktop, directory)
    finally:
        desktop.close()


def wait_for(condition: Callable[[], bool], what: str) -> None:
    """Let the window live until `condition` holds.

    Raises:
        MissingSceneError: it does not within the limit.
    """
    deadline = time.monotonic() + LIMIT_SECONDS
    while not condition():
        if time.monotonic() > deadline:
            raise MissingSceneError(f"{what} did not come about")
        QTest.qWait(5)
