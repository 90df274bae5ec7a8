"""What every test stands in: a home of its own, no AWS settings, no network beyond this machine, no screen.

Options of this suite: `--onscreen` shows the windows of the widget tests on the desktop pytest was started from.
"""

import ipaddress
import logging
import os
import shutil
import socket
import tempfile
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import Any

import hypothesis
import pytest

pytest_plugins = ["tests.private_bus", "tests.scripted_server"]

# A busy machine is no reason to fail; with CI set, hypothesis itself adds that runs are reproducible.
hypothesis.settings.register_profile(
    "sts-desktop", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("sts-desktop")

# Kept out of the tests whatever they are set to, on top of everything that begins with one of FOREIGN_PREFIXES.
FOREIGN_VARIABLES = {
    "COLUMNS",
    "CURL_CA_BUNDLE",
    "FORCE_COLOR",
    "LANGUAGE",
    "LC_MESSAGES",
    "PYTHON_COLORS",
    "PYTHON_KEYRING_BACKEND",
    "REQUESTS_CA_BUNDLE",
    "SSL_CERT_DIR",
    "SSL_CERT_FILE",
}
FOREIGN_PREFIXES = ("AWS_", "BOTO_", "DBUS_", "GNOME_KEYRING", "XDG_")
DESKTOP_VARIABLES = {"DISPLAY", "WAYLAND_DISPLAY", "XAUTHORITY", "SESSION_MANAGER"}


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--onscreen", action="store_true", help="show the windows of widget tests")


def pytest_configure(config: pytest.Config) -> None:
    """Choose Qt's platform before any test can make the application; a desktop's own choice does not count."""
    if not config.getoption("--onscreen"):
        for name in [name for name in os.environ if name.startswith("QT_")]:
            del os.environ[name]
        os.environ["QT_QPA_PLATFORM"] = "offscreen"


@pytest.fixture(scope="session", autouse=True)
def _clean_environment(pytestconfig: pytest.Config) -> Iterator[None]:
    """Take the person's settings out of the environment, for session fixtures and child processes too."""
    with pytest.MonkeyPatch.context() as patch, tempfile.TemporaryDirectory(prefix="sts-desktop-") as directory:
        for name in list(os.environ):
            desktop = name in DESKTOP_VARIABLES and not pytestconfig.getoption("--onscreen")
            proxy = name.lower().endswith("_proxy")
            if desktop or proxy or name in FOREIGN_VARIABLES or name.startswith(FOREIGN_PREFIXES):
                patch.delenv(name)
        patch.setenv("AWS_EC2_METADATA_DISABLED", "true")
        patch.setenv("LC_ALL", "C.UTF-8")
        _set_home(patch, Path(directory))
        yield


@pytest.fixture(autouse=True)
def _own_home(_clean_environment: None) -> Iterator[None]:
    """Give each test an empty home, with a path short enough for a Unix socket below it."""
    directory = tempfile.TemporaryDirectory(prefix="sts-desktop-", ignore_cleanup_errors=True)
    with pytest.MonkeyPatch.context() as patch, directory as name:
        _set_home(patch, Path(name))
        yield


def _set_home(patch: pytest.MonkeyPatch, directory: Path) -> None:
    home = directory / "home"
    runtime = directory / "runtime"
    home.mkdir()
    runtime.mkdir(mode=0o700)
    places = {
        "HOME": home,
        "USERPROFILE": home,
        "APPDATA": home / "AppData" / "Roaming",
        "LOCALAPPDATA": home / "AppData" / "Local",
        "XDG_CACHE_HOME": home / ".cache",
        "XDG_CONFIG_HOME": home / ".config",
        "XDG_DATA_HOME": home / ".local" / "share",
        "XDG_RUNTIME_DIR": runtime,
        "XDG_STATE_HOME": home / ".local" / "state",
    }
    for name, place in places.items():
        patch.setenv(name, str(place))
    patch.setenv("DBUS_SESSION_BUS_ADDRESS", f"unix:path={runtime}/no-bus")
    patch.setenv("DBUS_SYSTEM_BUS_ADDRESS", f"unix:path={runtime}/no-bus")


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    """Undo the language that a test chose."""
    from sts_desktop.core import i18n

    yield
    if i18n.current_language() != "en":
        i18n.install("en")


@pytest.fixture(autouse=True)
def _loopback_only() -> Iterator[None]:
    """Refuse sockets that leave this machine, and fail the test that tried, however the program took the refusal.

    Names below `.invalid` do not exist (RFC 6761, section 6.4), without asking anybody and without failing the test.
    Qt's sockets and child processes are out of reach here.
    """
    attempts: list[str] = []

    def refuse(host: object) -> None:
        attempts.append(str(host))
        raise ConnectionRefusedError(f"tests reach this machine only, not {host}")

    with pytest.MonkeyPatch.context() as patch:
        for method in ("connect", "connect_ex", "sendto"):
            patch.setattr(socket.socket, method, _checked(getattr(socket.socket, method), refuse))
        patch.setattr(socket, "getaddrinfo", _checked_lookup(socket.getaddrinfo, refuse))
        yield
    if attempts:
        pytest.fail(f"the test tried to reach {', '.join(sorted(set(attempts)))}", pytrace=False)


def _checked(original: Callable[..., Any], refuse: Callable[[object], None]) -> Callable[..., Any]:
    """Return a socket method that looks at its address, which is the last argument of all of them."""

    def method(self: socket.socket, *arguments: Any) -> Any:
        if self.family in (socket.AF_INET, socket.AF_INET6) and not _is_loopback(arguments[-1][0]):
            refuse(arguments[-1][0])
        return original(self, *arguments)

    return method


def _checked_lookup(original: Callable[..., Any], refuse: Callable[[object], None]) -> Callable[..., Any]:
    def getaddrinfo(host: Any, *arguments: Any, **options: Any) -> Any:
        name = host.decode() if isinstance(host, bytes) else host
        if name and name.rstrip(".").endswith(".invalid"):
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        if name and not _is_loopback(name):
            refuse(name)
        return original(host, *arguments, **options)

    return getaddrinfo


def _is_loopback(host: str) -> bool:
    if host in ("", "localhost") or host.endswith(".localhost"):
        return True
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return False
    return address.is_loopback or address.is_unspecified


class _WarningRecords(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.records: list[logging.LogRecord] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.records.append(record)


@pytest.fixture(autouse=True)
def _no_unexpected_warnings(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fail a test in which the program logged a warning or worse, unless it is marked `expects_warnings`."""
    logger = logging.getLogger("sts_desktop")
    handlers, level, propagate = logger.handlers[:], logger.level, logger.propagate
    warnings = _WarningRecords()
    logger.addHandler(warnings)
    yield
    logger.handlers[:], logger.propagate = handlers, propagate
    logger.setLevel(level)
    if warnings.records and request.node.get_closest_marker("expects_warnings") is None:
        texts = [f"{record.levelname} {record.name}: {record.getMessage()}" for record in warnings.records]
        pytest.fail("unexpected log records:\n" + "\n".join(texts), pytrace=False)


@pytest.fixture(autouse=True)
def _nothing_left_on_screen() -> Iterator[None]:
    """Deliver what `deleteLater` asked for after each widget test, and fail the test that left a window.

    Nobody else does the former without a running event loop (pytest-dev/pytest-qt#498, freedomofpress/dangerzone#1548).
    """
    yield
    from PySide6.QtWidgets import QApplication  # pytest-qt imported it long ago

    application = QApplication.instance()
    if not isinstance(application, QApplication):
        return
    if application.platformName() == "offscreen":
        # Leaving Python with something on the offscreen clipboard crashes.
        application.clipboard().clear()
    _deliver_deletions()
    left = [widget for widget in application.topLevelWidgets() if widget.metaObject().className() != "QTipLabel"]
    if left:
        names = [repr(widget) for widget in left]
        for widget in left:
            widget.hide()
            widget.deleteLater()
        _deliver_deletions()
        pytest.fail("the test left windows: " + ", ".join(names), pytrace=False)


def _deliver_deletions() -> None:
    from PySide6.QtCore import QCoreApplication, QEvent

    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    QCoreApplication.processEvents()


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip a test marked `desktop` where one of the programs that it names is missing."""
    marker = item.get_closest_marker("desktop")
    missing = [program for program in marker.args if shutil.which(program) is None] if marker else []
    if missing:
        pytest.skip(f"needs {', '.join(missing)}")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Generator[None, Any, Any]:
    """Fail a `desktop` test that was skipped where nothing may be missing: with CI=true."""
    report = yield
    if os.environ.get("CI") == "true" and report.skipped and item.get_closest_marker("desktop") is not None:
        report.outcome = "failed"
        report.longrepr = f"{item.nodeid} was skipped, which CI does not allow: {call.excinfo and call.excinfo.value}"
    return report
