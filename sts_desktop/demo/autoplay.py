"""The demo playing its main path by itself: clicks and keys on the real window, each step told with its outcome.

First run, Tokyo, one hour, a code, *Get token*, *Copy*, *Write*, *Test* with buckets; then another process reads the
file with boto3 and asks AWS (the embedded one) whose the credentials are.
"""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Generator
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, QSize, Qt, QTimer, Slot
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from sts_desktop.core.i18n import _
from sts_desktop.core.profile import Profile
from sts_desktop.core.services import Services
from sts_desktop.core.state import SessionRecord
from sts_desktop.demo.embedded_sts import EmbeddedSts
from sts_desktop.ui.app import Desktop

LIMIT_SECONDS = 30.0
POLL_MS = 20
PICTURE_SIZE = QSize(960, 640)

_READ_BACK = """
import boto3, sys
client = boto3.Session(profile_name=sys.argv[1]).client("sts", region_name="ap-northeast-1", endpoint_url=sys.argv[2])
print(client.get_caller_identity()["Arn"])
"""


@dataclass(frozen=True)
class Wait:
    """A step's wish to go on once something is so."""

    until: Callable[[], bool]
    what: str


class StepFailedError(Exception):
    """A step did not hold; the message says what was missing."""


class Autoplay(QObject):
    """Plays the steps, one after the other, from a timer of the event loop; ends that with 0 if all of them held."""

    def __init__(self, desktop: Desktop, server: EmbeddedSts, services: Services, pictures: Path) -> None:
        """Begin as soon as the event loop runs; the pictures go into the directory `pictures`."""
        super().__init__(desktop)
        self._desktop = desktop
        self._server = server
        self._services = services
        self._pictures = pictures
        self._steps = self._script()
        self._wait: Wait | None = None
        self._deadline = 0.0
        self._timer = QTimer(self)
        self._timer.setInterval(POLL_MS)
        self._timer.timeout.connect(self._go_on)
        self._timer.start()

    @Slot()
    def _go_on(self) -> None:
        try:
            if self._wait is not None and not self._wait.until():
                if time.monotonic() > self._deadline:
                    raise StepFailedError(self._wait.what)
                return
            self._wait = next(self._steps)
            self._deadline = time.monotonic() + LIMIT_SECONDS
        except StopIteration:
            self._end(exit_code=0)
        except Exception as error:  # whatever it is, the play is over and says why
            print(f"FAILED  {type(error).__name__}: {error}", flush=True)
            self._end(exit_code=1)

    def _end(self, *, exit_code: int) -> None:
        self._timer.stop()
        QApplication.exit(exit_code)

    def _script(self) -> Generator[Wait, None, None]:
        self._pictures.mkdir(parents=True, exist_ok=True)
        self._desktop.window.resize(PICTURE_SIZE)
        yield from self._first_run()
        self._fill_in_form()
        yield from self._get_token()
        yield from self._copy()
        yield from self._write()
        yield from self._test()
        yield from self._read_back()

    def _first_run(self) -> Generator[Wait, None, None]:
        window = self._desktop.window
        yield Wait(window.welcome.found.isVisible, _("the first run did not find the keys in the AWS files"))
        self._picture(window, "1-first-run")
        _click(window.welcome.found)
        keys = [user for user in self._server.directory.users if not user.is_root]
        _held(
            len(self._desktop.profiles.settings.profiles) == len(keys),
            _("first run: a profile for each key in the AWS files"),
        )

    def _fill_in_form(self) -> None:
        form = self._desktop.window.panel.form
        form.endpoint.showPopup()
        popup = form.endpoint.popup()
        assert popup is not None  # noqa: S101  (just opened)
        QTest.keyClicks(popup.search, "tokyo")
        self._picture(popup, "2-endpoints")
        QTest.keyClick(popup.search, Qt.Key.Key_Return)
        _held(self._profile().endpoint.id == "ap-northeast-1", _("endpoint: Tokyo, found by searching"))
        duration = form.duration.combo.lineEdit()
        assert duration is not None  # noqa: S101  (an editable combo box has one)
        duration.selectAll()
        QTest.keyClicks(duration, "1h")
        QTest.keyClick(duration, Qt.Key.Key_Return)
        _held(self._profile().duration_seconds == 3600, _("duration: 1 hour, typed as 1h"))
        QTest.keyClicks(form.token_code, self._server.directory.current_code(self._profile().mfa_serial))
        self._picture(self._desktop.window, "3-form")

    def _get_token(self) -> Generator[Wait, None, None]:
        panel, sessions = self._desktop.window.panel, self._desktop.sessions
        _click(panel.actions_bar.primary)
        yield Wait(lambda: sessions.activity(panel.profile_id) is None, _("getting a token did not end"))
        problem = sessions.problem(panel.profile_id)
        _held(
            sessions.is_live(panel.profile_id),
            _("get token with MFA: {outcome}").format(outcome=problem or panel.status.text()),
        )
        yield Wait(lambda: self._record().identity is not None, _("the identity was not looked up"))
        _held(panel.footer.identity.text() != "", _("identity: {arn}").format(arn=panel.footer.arn.text()))
        self._picture(self._desktop.window, "4-active")

    def _copy(self) -> Generator[Wait, None, None]:
        _click(self._desktop.window.panel.actions_bar.copy)
        clipboard = QApplication.clipboard()
        yield Wait(lambda: "export AWS_SESSION_TOKEN=" in clipboard.text(), _("the clipboard has no exports"))
        _held(
            self._desktop.clipboard.seconds_left() > 0, _("copy: exports on the clipboard, to be cleared by themselves")
        )
        self._picture(self._desktop.window, "5-copied")

    def _write(self) -> Generator[Wait, None, None]:
        _click(self._desktop.window.panel.actions_bar.write)
        yield Wait(lambda: bool(self._record().written), _("the session was not written"))
        self._picture(self._desktop.window, "6-written")
        _held(
            self._section() != "",
            _("write: section [{section}] of the demo's credentials file").format(section=self._section()),
        )

    def _test(self) -> Generator[Wait, None, None]:
        panel, sessions = self._desktop.window.panel, self._desktop.sessions
        panel.menu.test_s3.trigger()
        yield Wait(
            lambda: bool(sessions.notice(panel.profile_id) or sessions.problem(panel.profile_id)),
            _("trying the session did not end"),
        )
        notice = sessions.notice(panel.profile_id)
        count = len(self._server.directory.buckets)
        told = notice.text.replace("\n", " ") if notice else sessions.problem(panel.profile_id)
        _held(notice is not None and str(count) in notice.text, _("test: {outcome}").format(outcome=told))
        self._picture(self._desktop.window, "7-tested")

    def _read_back(self) -> Generator[Wait, None, None]:
        """Read the file as any AWS tool would: in a process of its own, with boto3's own idea of where it is."""
        locations = self._services.aws_files.locations
        environment = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
        environment |= {
            "AWS_SHARED_CREDENTIALS_FILE": str(locations.credentials),
            "AWS_CONFIG_FILE": str(locations.config),
        }
        reader = subprocess.Popen(  # noqa: S603  (our own interpreter and text)
            [sys.executable, "-P", "-c", _READ_BACK, self._section(), self._server.url],
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        yield Wait(lambda: reader.poll() is not None, _("the process that reads the file did not end"))
        output, errors = reader.communicate()
        identity = self._record().identity
        told = output.strip() or errors.strip().rpartition("\n")[2]
        _held(
            identity is not None and output.strip() == identity.arn,
            _("boto3 in another process: {outcome}").format(outcome=told),
        )

    def _profile(self) -> Profile:
        profile = self._desktop.profiles.profile(self._desktop.window.panel.profile_id)
        assert profile is not None  # noqa: S101  (the panel shows one)
        return profile

    def _record(self) -> SessionRecord:
        return self._desktop.sessions.record(self._desktop.window.panel.profile_id)

    def _section(self) -> str:
        written = self._record().written
        return written[-1].section if written else ""

    def _picture(self, widget: QWidget, name: str) -> None:
        QApplication.processEvents()
        path = self._pictures / f"{name}.png"
        _held(widget.grab().save(str(path)), _("picture: {path}").format(path=path))


def _held(held: bool, what: str) -> None:
    """Tell of a step, and end the play when it did not hold."""
    if not held:
        raise StepFailedError(what)
    print(f"ok      {what}", flush=True)


def _click(button: QWidget) -> None:
    if not button.isEnabled() or not button.isVisible():
        raise StepFailedError(
            _("{button} cannot be clicked").format(button=button.accessibleName() or type(button).__name__)
        )
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
