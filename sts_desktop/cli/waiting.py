"""Saying what a command waits for, when it does."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from sts_desktop.cli import output
from sts_desktop.core.i18n import _

PATIENCE_SECONDS = 3.0


@contextmanager
def told_of_keyring() -> Iterator[None]:
    """Say, where it takes long, what it may be waiting for: a window of the keyring's, perhaps behind another."""
    text = _(
        "Still waiting, for AWS or for your keyring. If that asks for its password in a window of its own, answer it."
    )
    timer = threading.Timer(PATIENCE_SECONDS, output.complain, [text])
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
