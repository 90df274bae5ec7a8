"""The states of the window that are worth a picture, played for one theme and one language by `demo.gallery`.

`python -m sts_desktop.demo.scenes THEME LANGUAGE DIRECTORY`. The real window against the embedded STS; only time that
would have to pass is written into the files instead.
"""

import argparse
import logging
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path

from PySide6.QtCore import QSize
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from sts_desktop.core import i18n
from sts_desktop.core.clock import utc_now
from sts_desktop.core.credentials import SessionCredentials, last_four
from sts_desktop.core.errors import StsDesktopError
from sts_desktop.core.profile import AwsProfileKey, EndpointChoice, Profile, new_id
from sts_desktop.core.services import Services
from sts_desktop.core.session_step import Step
from sts_desktop.core.state import SessionRecord
from sts_desktop.demo.control import Faults
from sts_desktop.demo.directory import demo_directory
from sts_desktop.demo.embedded_sts import EmbeddedSts
from sts_desktop.demo.palettes import PALETTES
from sts_desktop.demo.strip import DemoStrip
from sts_desktop.demo.window import demo_services
from sts_desktop.ui.app import Desktop, make_application

LIMIT_SECONDS = 20.0
PICTURE_SIZE = QSize(1000, 700)
LONG_SECONDS = 600.0


class MissingSceneError(Exception):
    """A state did not come about; the message names it."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Play all scenes and save their pictures; return 0 when each came about."""
    parser = argparse.ArgumentParser(prog="python -m sts_desktop.demo.scenes", description="Pictures of one variant.")
    parser.add_argument("theme", choices=sorted(PALETTES))
    parser.add_argument("language", choices=i18n.LANGUAGES)
    parser.add_argument("directory", type=Path)
    options = parser.parse_args(arguments)
    logging.getLogger().addHandler(logging.NullHandler())
    i18n.install(options.language)
    application = make_application()
    application.setPalette(PALETTES[options.theme]())
    try:
        with EmbeddedSts(demo_directory()) as server:
            with _home() as home:
                _main_path(home, server, options.directory)
            with _home() as home:
                _every_phase(home, server, options.directory)
    except MissingSceneError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


@contextmanager
def _home() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="sts-desktop-demo-") as name:
        yield Path(name)


@contextmanager
def _opened(services: Services, *, is_demo: bool) -> Iterator[Desktop]:
    """Open the window and wait until everything has been looked at."""
    desktop = Desktop(services, is_demo=is_demo)
    desktop.window.resize(PICTURE_SIZE)
    desktop.window.show()
    _wait(lambda: desktop.keys.aws_profiles is not None and desktop.keys.vault_status is not None, "the first look")
    _wait(desktop.jobs.is_idle, "rest")
    try:
        yield desktop
    finally:
        desktop.close()


def _main_path(home: Path, server: EmbeddedSts, directory: Path) -> None:
    """From the first run to a session that could not be renewed."""
    with _opened(demo_services(home, server), is_demo=True) as desktop:
        window, panel, sessions = desktop.window, desktop.window.panel, desktop.sessions
        window.add_strip(DemoStrip(server, panel.form.type_code))

        def picture(name: str) -> None:
            _save(desktop, directory / f"{name}.png")

        def send(code: str) -> None:
            panel.form.type_code(code)
            panel.press_primary()

        def done() -> bool:
            # The panel shows how it ended once the record of it has been read, by a job of its own.
            return sessions.activity(panel.profile_id) is None and desktop.jobs.is_idle()

        picture("1-first-run")
        window.use_aws_keys()
        right_code = server.directory.current_code(_device(server))
        panel.form.type_code(right_code)
        picture("2-form")
        send(_another(right_code))
        _wait(lambda: done() and sessions.problem(panel.profile_id) is not None, "a code that AWS refuses")
        picture("3-code-refused")
        server.control.set(Faults(delay_seconds=LONG_SECONDS))
        send(right_code)
        _wait(lambda: _step(desktop) is Step.ASKING_STS, "the question to STS")
        picture("4-asking")
        server.control.set(Faults())
        _wait(lambda: done() and sessions.record(panel.profile_id).identity is not None, "a session")
        picture("5-active")
        sessions.copy(panel.profile_id)
        _wait(lambda: done() and desktop.clipboard.seconds_left() > 0, "a copy")
        picture("6-copied")
        sessions.write(panel.profile_id)
        _wait(lambda: done() and sessions.record(panel.profile_id).written is not None, "a session in the file")
        desktop.clipboard.clear()
        picture("7-written")
        server.control.set(Faults(region_disabled=True))
        send(_another(right_code, by=2))
        _wait(lambda: done() and sessions.problem(panel.profile_id) is not None, "a refused renewal")
        picture("8-not-renewed")
        server.control.set(Faults())


def _every_phase(home: Path, server: EmbeddedSts, directory: Path) -> None:
    """A list with every state of a session, on a computer without a keyring."""
    services = demo_services(home, server)
    for name, region, left in (
        ("production", "ap-northeast-1", timedelta(hours=7)),
        ("staging", "eu-west-1", timedelta(minutes=4)),
        ("audit", "us-east-1", timedelta(hours=-2)),
        ("sandbox", "global", None),
        ("billing", "eu-central-1", None),
    ):
        profile = Profile(new_id(), name, AwsProfileKey("bob"), EndpointChoice(region))
        services.profiles.save(profile)
        if left is not None:
            _remember(services, profile, left)
    sandbox = services.settings.load().profile_called("sandbox")
    server.control.set(Faults(region_disabled=True))
    with suppress(StsDesktopError):
        services.sessions.get_token(sandbox)
    server.control.set(Faults())
    with _opened(services, is_demo=False) as desktop:
        desktop.window.list.select(services.settings.load().profile_called("audit").id)
        _save(desktop, directory / "9-expired-and-memory-only.png")


def _remember(services: Services, profile: Profile, left: timedelta) -> None:
    """Let `profile` have a session of twelve hours with that much of its life left, or that long past it."""
    expiration = utc_now().replace(microsecond=0) + left
    credentials = SessionCredentials("ASIAEXAMPLEDEMO2WXYZ", "made up", "made up", expiration)
    services.vault.store_session(profile.id, credentials)
    record = SessionRecord(expiration, expiration - timedelta(hours=12), 43_200, last_four(credentials.access_key_id))
    services.state.update(lambda state: state.with_session(profile.id, record))


def _device(server: EmbeddedSts) -> str:
    return next(user.mfa.serial for user in server.directory.users if user.mfa)


def _another(code: str, *, by: int = 1) -> str:
    """Return a code that is not `code`, a different one for each `by`."""
    return f"{(int(code) + by) % 1_000_000:06}"


def _step(desktop: Desktop) -> Step | None:
    activity = desktop.sessions.activity(desktop.window.panel.profile_id)
    return activity.step if activity else None


def _wait(condition: Callable[[], bool], what: str) -> None:
    """Let the window live until `condition` holds.

    Raises:
        MissingSceneError: it does not within the limit.
    """
    deadline = time.monotonic() + LIMIT_SECONDS
    while not condition():
        if time.monotonic() > deadline:
            raise MissingSceneError(f"{what} did not come about")
        QTest.qWait(5)


def _save(desktop: Desktop, path: Path) -> None:
    QApplication.processEvents()
    if not desktop.window.grab().save(str(path)):
        raise MissingSceneError(f"{path} could not be written")


if __name__ == "__main__":
    sys.exit(main())
