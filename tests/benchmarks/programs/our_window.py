"""Our window, as `sts-desktop` opens it, with a probe inside: `our_window.py PROBE URL [SECONDS]`.

The probes: `paint` (when, and what was imported by then), `memory`, `gaps` (of the event loop while AWS code loads),
`hidden` and `visible` (what it uses in SECONDS of idleness), `rows` (a key stroke, one changed row); with `keyring-`
before its name, a probe finds the keyring that the environment has, otherwise a vault in memory.
"""

# ruff: noqa: E402  (nothing is loaded before the first statement, as in `sts_desktop.__main__`)

import gc

gc.disable()

import sys
import time
from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtWidgets import QApplication, QWidget
from telling import cpu_seconds, give_up, now_ns, peak_kib, tell

from sts_desktop.core import i18n
from sts_desktop.core.credentials import SessionCredentials
from sts_desktop.core.services import Services, open_services
from sts_desktop.ui.app import Desktop, run

WITH_KEYRING = "keyring-"
LATE = ("boto3", "botocore", "keyring", "cryptography")
SETTLE_MS = 1_500
QUIET_MS = 1_500
BEAT_MS = 5
SEARCHED = "profile 12"
CHANGES = 21


class Heart(QObject):
    """Beats every 5 ms and notes how far the beats were apart, in ms."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.gaps: list[float] = []
        self._last = 0.0
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(BEAT_MS)
        self._timer.timeout.connect(self._beat)

    def start(self) -> None:
        """Begin to count, from now on."""
        self.gaps, self._last = [], time.perf_counter()
        self._timer.start()

    def _beat(self) -> None:
        now = time.perf_counter()
        self.gaps.append((now - self._last) * 1000)
        self._last = now


class Probe(QObject):
    """Waits for the window's first paint, looks at what it was asked to look at, and ends the process."""

    def __init__(self, desktop: Desktop, kind: str, seconds: float) -> None:
        super().__init__(desktop)
        self._desktop = desktop
        self._seconds = seconds
        self._after_paint: Callable[[], object] = {
            "paint": self._tell_paint,
            "memory": lambda: QTimer.singleShot(SETTLE_MS, self._memory),
            "gaps": lambda: QTimer.singleShot(SETTLE_MS, self._gaps),
            "hidden": lambda: self._idle(hidden=True),
            "visible": lambda: self._idle(hidden=False),
            "rows": lambda: QTimer.singleShot(SETTLE_MS, self._rows),
        }[kind]
        if kind == "paint":
            # What the program starts then would come before the clock is read.
            desktop.window.painted.disconnect()
        desktop.window.painted.connect(self._painted)

    def _painted(self) -> None:
        self._painted_ns = now_ns()
        self._after_paint()

    def _tell_paint(self) -> None:
        tell(painted_ns=self._painted_ns, early=[name for name in LATE if name in sys.modules])

    def _memory(self) -> None:
        before = peak_kib()
        self._get_token(lambda: tell(before_kib=before, after_kib=peak_kib()))

    def _gaps(self) -> None:
        heart = Heart(self)

        def quiet_over() -> None:
            quiet = heart.gaps
            heart.start()
            self._get_token(lambda: tell(quiet=quiet, loading=heart.gaps))

        heart.start()
        QTimer.singleShot(QUIET_MS, quiet_over)

    def _get_token(self, done: Callable[[], object]) -> None:
        """Press the button, and call `done` a little after the answers, identity included, have been shown."""
        sessions, panel = self._desktop.sessions, self._desktop.window.panel
        received: list[bool] = []

        def changed() -> None:
            if sessions.problem(panel.profile_id) is not None:
                give_up(str(sessions.problem(panel.profile_id)))
            if received and sessions.record(panel.profile_id).identity is not None:
                received.clear()
                QTimer.singleShot(200, done)

        sessions.token_received.connect(lambda: received.append(True))
        sessions.session_changed.connect(changed)
        panel.press_primary()

    def _idle(self, *, hidden: bool) -> None:
        if hidden:
            self._desktop.window.hide()
        began: list[float] = []
        QTimer.singleShot(SETTLE_MS, lambda: began.append(cpu_seconds()))
        QTimer.singleShot(SETTLE_MS + round(self._seconds * 1000), lambda: tell(cpu_seconds=cpu_seconds() - began[0]))

    def _rows(self) -> None:
        from PySide6.QtTest import QTest  # not at the top: the library takes memory of its own

        window, sessions = self._desktop.window, self._desktop.sessions
        paints = Paints(window.list.viewport())
        window.search.setFocus()
        keys = (*SEARCHED, *[Qt.Key.Key_Backspace] * len(SEARCHED))
        strokes = [paints.ms_until(partial(QTest.keyClick, window.search, key)) for key in keys]
        window.list.scrollToTop()  # the search went elsewhere, and a row that is not seen is not repainted
        second = self._desktop.profiles.settings.profiles[1].id
        cells = [paints.ms_until(lambda: sessions.session_changed.emit(second)) for _ in range(CHANGES)]
        tell(strokes=strokes, cells=cells)


class Paints(QObject):
    """Measures how long it takes from something to the end of the repaint that it causes."""

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        self._count = 0
        widget.installEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Count the paints."""
        self._count += event.type() == QEvent.Type.Paint
        return False

    def ms_until(self, act: Callable[[], object]) -> float:
        """Do something and return how long that and the repaint took, in ms."""
        QApplication.processEvents()
        before, began = self._count, time.perf_counter()
        act()
        while self._count == before:
            QApplication.processEvents()
        return (time.perf_counter() - began) * 1000


def with_sessions(services: Services) -> Services:
    """Put into the vault what the state says it holds."""
    for profile_id, record in services.state.load().sessions.items():
        if record.expiration is not None:
            key_id = f"ASIAEXAMPLEDEMO2{record.last_four}"
            services.vault.store_session(profile_id, SessionCredentials(key_id, "x", "y", record.expiration))
    return services


def imitated_services(url: str, *, with_keyring: bool) -> Services:
    """Return services that know no other STS than ours; where they have no keyring, live sessions are in memory."""
    # Not at the top: the program does not import them before its first paint either.
    from sts_desktop.core.sts.client import Sts
    from sts_desktop.core.vault.vault import memory_vault

    sts = Sts(url_for=lambda _endpoint: url)
    return open_services(sts=sts) if with_keyring else with_sessions(open_services(vault=memory_vault(), sts=sts))


def main() -> None:
    """Open the window as the program does."""
    with_keyring = sys.argv[1].startswith(WITH_KEYRING)
    kind, url = sys.argv[1].removeprefix(WITH_KEYRING), sys.argv[2]
    seconds = float(sys.argv[3]) if len(sys.argv) > 3 else 0
    i18n.install(i18n.preferred_language())
    services = open_services() if kind == "paint" else imitated_services(url, with_keyring=with_keyring)

    def prepare(desktop: Desktop) -> None:
        Probe(desktop, kind, seconds)

    run(services, prepare=prepare)


main()
