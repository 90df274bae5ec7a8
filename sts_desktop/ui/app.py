"""Puts the window together and runs it.

In this order:

1. the settings and the state are read, before there is a GUI thread that could wait for them;
2. the application, its language, and the stores: jobs, profiles, keys, sessions, clipboard;
3. the window, shown and painted;
4. only then the keyring, the AWS files and the sessions' real state are looked at, on workers, and the tray;
5. at the end: running work is cancelled, the clipboard cleared, what is unsaved saved; within 2 s in any case.
"""

import gc
import logging
import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import astuple
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal, Slot
from PySide6.QtWidgets import QApplication

from sts_desktop.core import log as core_log
from sts_desktop.core.errors import StsDesktopError
from sts_desktop.core.i18n import _, sentences
from sts_desktop.core.json_file import JsonFile
from sts_desktop.core.services import Services
from sts_desktop.core.settings import Settings
from sts_desktop.core.state import State
from sts_desktop.ui.application import APPLICATION_ID, display_problem, is_wayland, make_application
from sts_desktop.ui.clipboard import SecretClipboard
from sts_desktop.ui.deletions import Deletions
from sts_desktop.ui.device_store import DeviceStore
from sts_desktop.ui.endpoint_store import EndpointStore
from sts_desktop.ui.excepthooks import install_excepthooks
from sts_desktop.ui.file_watch import FileWatch
from sts_desktop.ui.jobs import Jobs
from sts_desktop.ui.key_store import KeyStore
from sts_desktop.ui.main_window import MainWindow
from sts_desktop.ui.profile_actions import ActionSets
from sts_desktop.ui.profile_store import ProfileStore
from sts_desktop.ui.session_store import SessionStore
from sts_desktop.ui.single_instance import SingleInstance
from sts_desktop.ui.unix_signals import QuitSignals

if TYPE_CHECKING:
    from sts_desktop.ui.background import Background

QUIT_SECONDS = 1.5

log = logging.getLogger(__name__)


def _unprepared(_desktop: "Desktop") -> None:
    """Leave the window as it was built."""


def _nothing() -> None:
    """Leave nothing to clean up."""


class Desktop(QObject):
    """The stores and the window, made from `Services`; kept alive until `close`.

    Signals:
        quit_requested: the program is to end.
    """

    quit_requested = Signal()

    def __init__(self, services: Services, *, is_demo: bool = False) -> None:
        super().__init__()
        settings, state, self._notices = _load(services)
        self.jobs = Jobs(self)
        self.clipboard = SecretClipboard(self, now=services.now)
        self.profiles = ProfileStore(services, self.jobs, settings, self)
        self.keys = KeyStore(services, self.jobs, self)
        self.devices = DeviceStore(services, self.jobs, self.profiles, self.keys, self)
        self.sessions = SessionStore(services, self.jobs, self.profiles, state, self.clipboard.copy_secret, self)
        self.endpoints = EndpointStore(services, self.jobs, self.profiles, self.sessions, self)
        self.deletions = Deletions(self.profiles, self.sessions, self)
        self.actions = ActionSets(self.profiles, self.sessions, self)
        self.window = MainWindow(
            self.profiles,
            self.sessions,
            self.keys,
            self.devices,
            self.actions,
            self.deletions,
            self.clipboard,
            services.paths,
            is_demo=is_demo,
        )
        self._files = [services.settings.path, services.state.path, *astuple(services.aws_locations)]
        self._background: Background | None = None
        self.window.quit_requested.connect(self.quit_requested)
        self.window.closed.connect(self._window_closed)
        self.window.watched.connect(self.sessions.watch)
        self.window.activated.connect(self._look_again)
        self.window.painted.connect(self.start_looking)
        self.window.demo_requested.connect(start_demo)
        self.window.panel.check_endpoints_requested.connect(self._check_endpoints)
        self.keys.keys_changed.connect(self.profiles.reload)
        self.sessions.ended.connect(self.clipboard.clear_of)
        self.sessions.written.connect(self.keys.file_was_written)
        self.sessions.token_received.connect(self.keys.file_was_written)
        self.sessions.keyring_failed.connect(self.keys.take_use_problem)
        self.sessions.token_received.connect(self.keys.keyring_was_used)
        self.sessions.copied.connect(self.keys.keyring_was_used)
        self.keys.keyring_wanted.connect(self.sessions.reconcile)

    @property
    def background(self) -> "Background":
        """What goes on without the window. Made when it is first asked for: the window is not painted from it."""
        if self._background is None:
            from sts_desktop.ui.background import Background
            from sts_desktop.ui.notifications import Notifications

            notifications = Notifications(self.jobs, APPLICATION_ID, self)
            self._background = Background(
                self.window, self.profiles, self.sessions, self.keys, self.actions, notifications, self
            )
            self._background.quit_requested.connect(self.quit_requested)
        return self._background

    @Slot()
    def start_looking(self, *, hidden: bool = False) -> None:
        """Look at the keyring, the AWS files and the desktop: after the first paint, or without one (`hidden`)."""
        if self._background is not None:
            return
        for notice in self._notices:
            self.window.tell_problem(notice)
        self.keys.refresh()
        self.sessions.reconcile(may_prompt=not hidden)  # at a login nobody would know who asks
        self.background.begin(hidden=hidden)
        self._watch = FileWatch(self._files, self)
        self._watch.changed.connect(self._look_again)

    @Slot()
    def _check_endpoints(self) -> None:
        """Ask which endpoints answer, and use the one that is chosen then for the profile that is shown."""
        from sts_desktop.ui.endpoint_check_dialog import EndpointCheckDialog  # not needed to paint the window

        panel = self.window.panel
        dialog = EndpointCheckDialog(self.endpoints, panel.profile_id, self.window)
        dialog.chosen.connect(partial(panel.form.choose_endpoint, panel.profile_id))
        dialog.open()

    @Slot()
    def _look_again(self) -> None:
        """See what commands and other programs have changed while the person was elsewhere."""
        if self._background is not None:
            self.profiles.reload()
            self.sessions.reload()
            self.keys.refresh_aws_profiles()

    @Slot()
    def start_hidden(self) -> None:
        """Begin without a window."""
        self.start_looking(hidden=True)
        _look_for_garbage()

    @Slot(str)
    def show_window(self, token: str = "") -> None:
        """Bring the window to the front, by the activation token of whoever wants it."""
        if token and is_wayland():
            os.environ["XDG_ACTIVATION_TOKEN"] = token  # Qt's Wayland plugin takes it from there, once
        self.window.come_to_front()

    @Slot()
    def save_before_logout(self) -> None:
        """Save what is being typed: the desktop ends the session, and may not give us the time later."""
        self.window.panel.finish_editing()
        self.profiles.save_everything()

    @Slot()
    def _window_closed(self) -> None:
        """The window was closed before anybody could look for a tray."""
        if self._background is None:
            self.quit_requested.emit()

    def close(self) -> bool:
        """Cancel what runs, clear the clipboard, save what is not saved; return whether every thread has ended."""
        if self._background is not None:
            self._background.close()
        self.window.panel.finish_editing()
        self.sessions.cancel_all()
        self.devices.cancel_all()
        self.endpoints.cancel()
        self.clipboard.clear_before_exit()
        self.deletions.lapse()
        self.profiles.save_everything()
        ended = self.jobs.close(QUIT_SECONDS)
        self.window.close()
        return ended


def run(
    services: Services,
    *,
    prepare: Callable[[Desktop], None] = _unprepared,
    clean_up: Callable[[], None] = _nothing,
    is_demo: bool = False,
    hidden: bool = False,
) -> int:
    """Run the program until it is to end, and return the process's exit code; at once if it runs already.

    Args:
        services: whose profiles and sessions.
        prepare: called with everything built, before the window is shown.
        clean_up: called at the end, also when this function does not return because a thread cannot be ended.
        is_demo: the window offers no demo, and does not complain that nothing is kept.
        hidden: begin in the tray, without a window where there is one.
    """
    problem = display_problem(os.environ)
    if problem:
        print(problem, file=sys.stderr)  # noqa: T201  (there is no window to say it in)
        return 1
    core_log.start(services.paths.log_file)
    application = make_application()
    instance = SingleInstance(services.paths.runtime_directory, application)
    if not _is_first(instance, show=not hidden):
        clean_up()
        return 0
    desktop = Desktop(services, is_demo=is_demo)
    install_excepthooks(desktop.window.tell_problem)
    signals = QuitSignals(_end, application)
    prepare(desktop)
    desktop.window.painted.connect(_look_for_garbage)
    desktop.window.painted.connect(instance.listen)
    instance.show_requested.connect(desktop.show_window)
    desktop.quit_requested.connect(_end)
    application.commitDataRequest.connect(desktop.save_before_logout)
    if hidden:
        QTimer.singleShot(0, desktop, desktop.start_hidden)
        QTimer.singleShot(0, instance, instance.listen)
    else:
        desktop.window.show()
    code = application.exec()
    ended = desktop.close()
    instance.close()
    signals.close()
    logging.shutdown()  # Windows removes no file that is open
    clean_up()
    if not ended:  # a thread waits for the network or the keyring; every file is whole, so this is safe
        sys.stdout.flush()
        os._exit(code)
    return code


@Slot()
def _end() -> None:
    """End the event loop; `Desktop.close` does the rest. `quit` would close the window first, as if a person did."""
    QApplication.exit(0)


def _is_first(instance: SingleInstance, *, show: bool) -> bool:
    """Return whether this process is to go on; where that cannot be found out, it is."""
    try:
        return instance.claim(os.environ.get("XDG_ACTIVATION_TOKEN", ""), show=show)
    except OSError as error:
        log.warning("whether the window is open already could not be found out: %s", type(error).__name__)
        return True


@Slot()
def _look_for_garbage() -> None:
    """Let Python look for garbage from here on, though not among what the program itself is made of.

    Going through all of that takes 10 to 20 ms in which no thread runs, and loading botocore would make it happen.
    """
    gc.freeze()
    gc.enable()


@Slot()
def start_demo() -> None:
    """Start the demo as a program of its own; -P, or a json.py in the current directory would be run."""
    from PySide6.QtCore import QProcess  # not needed to paint the window

    QProcess.startDetached(sys.executable, ["-P", "-m", "sts_desktop", "--demo"])


def _load(services: Services) -> tuple[Settings, State, list[StsDesktopError]]:
    """Return what is stored, and what is to be told about files that could not be used."""
    notices: list[StsDesktopError] = []
    settings, state = Settings(), State()
    try:
        settings = services.settings.load(may_move_aside=True)
    except StsDesktopError as error:
        notices.append(error)
    try:
        state = services.state.load().seen_from_elsewhere()
    except StsDesktopError as error:
        notices.append(error)
    set_aside = [file for file in (services.settings, services.state) if file.set_aside]
    if set_aside:
        notices.append(_unreadable(set_aside))
    return settings, state, notices


def _unreadable(files: Sequence[JsonFile[Settings] | JsonFile[State]]) -> StsDesktopError:
    return StsDesktopError(
        _("{names} could not be read").format(names=", ".join(file.path.name for file in files)),
        _("Damaged; STS Desktop starts afresh."),
        sentences(*(_("The old file is kept as {path}.").format(path=file.set_aside) for file in files)),
    )
