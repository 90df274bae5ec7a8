"""The demo's window: everything in a throwaway home, and the faults of its strip as a person meets them."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QPalette
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from sts_desktop.core.aws_files.locations import AwsFileLocations
from sts_desktop.core.clock import utc_now
from sts_desktop.core.profile import EndpointChoice
from sts_desktop.core.services import Services
from sts_desktop.core.sts.endpoints import endpoints
from sts_desktop.demo.control import Faults
from sts_desktop.demo.directory import demo_directory
from sts_desktop.demo.embedded_sts import EmbeddedSts
from sts_desktop.demo.palettes import PALETTES
from sts_desktop.demo.strip import DemoStrip
from sts_desktop.demo.window import demo_services
from sts_desktop.ui.app import Desktop

PATIENCE_MS = 15_000


@pytest.fixture
def server() -> Iterator[EmbeddedSts]:
    """A server whose MFA devices go on showing one code: no test is to meet the half minute at which they change."""
    moment = utc_now()
    with EmbeddedSts(demo_directory(now=lambda: moment)) as server:
        yield server


@pytest.fixture
def services(tmp_path: Path, server: EmbeddedSts) -> Services:
    return demo_services(tmp_path, server)


@pytest.fixture
def desktop(qtbot: QtBot, services: Services, server: EmbeddedSts) -> Iterator[Desktop]:
    desktop = Desktop(services, is_demo=True)
    desktop.window.add_strip(DemoStrip(server, desktop.window.panel.form.type_code, parent=desktop.window))
    desktop.window.show()
    qtbot.waitUntil(lambda: desktop.keys.aws_profiles is not None, timeout=PATIENCE_MS)
    qtbot.waitUntil(desktop.jobs.is_idle, timeout=PATIENCE_MS)
    yield desktop
    server.control.set(Faults())
    ended = desktop.close()
    desktop.window.deleteLater()
    desktop.deleteLater()
    assert ended


@pytest.fixture
def strip(desktop: Desktop) -> DemoStrip:
    (strip,) = desktop.window.findChildren(DemoStrip)
    return strip


@pytest.fixture
def get_token_of_alice(qtbot: QtBot, desktop: Desktop, strip: DemoStrip) -> Callable[[], None]:
    """Use the keys that are there, choose alice, let the strip type the code, and press Enter."""

    def get_token_of_alice() -> None:
        if not desktop.profiles.settings.profiles:
            QTest.mouseClick(desktop.window.welcome.found, Qt.MouseButton.LeftButton)
        profiles = {profile.name: profile.id for profile in desktop.profiles.settings.profiles}
        desktop.window.list.select(profiles["alice"])
        QTest.mouseClick(strip.type_it, Qt.MouseButton.LeftButton)
        code = desktop.window.panel.form.token_code
        assert len(code.text()) == 6
        QTest.keyClick(code, Qt.Key.Key_Return)

    return get_token_of_alice


def text_of(widget: QWidget) -> str:
    return "\n".join(label.text() for label in widget.findChildren(QLabel) if label.isVisible())


def test_every_path_is_below_the_throwaway_home(services: Services, tmp_path: Path) -> None:
    places = [
        services.paths.settings_file,
        services.paths.state_file,
        services.paths.log_file,
        services.paths.lock_directory,
        services.aws_files.locations.credentials,
        services.aws_files.locations.config,
    ]
    assert all(place.is_relative_to(tmp_path) for place in places)
    assert not services.vault.status().is_persistent


def test_aws_files_are_private(services: Services) -> None:
    for path in (services.aws_files.locations.credentials, services.aws_files.locations.config):
        assert path.stat().st_mode & 0o077 == 0


def test_every_endpoint_leads_to_the_embedded_server(services: Services, server: EmbeddedSts) -> None:
    key = server.directory.user("bob").access_key
    for known in endpoints("aws-cn"):
        assert services.sessions.sts.get_session_token(known, key, 900).expiration > utc_now()


def test_first_run_has_the_demo_users_and_no_offer_of_a_demo(desktop: Desktop) -> None:
    welcome = desktop.window.welcome
    assert welcome.found.isVisible()
    for name in ("alice", "bob", "carol"):
        assert name in text_of(welcome)
    assert not welcome.demo.isVisible()
    assert not desktop.window.notes.vault.isVisible()


def test_code_typed_by_the_strip_gets_a_token(
    qtbot: QtBot, desktop: Desktop, strip: DemoStrip, get_token_of_alice: Callable[[], None]
) -> None:
    get_token_of_alice()
    profile_id = desktop.window.panel.profile_id
    qtbot.waitUntil(lambda: desktop.sessions.is_live(profile_id), timeout=PATIENCE_MS)
    qtbot.waitUntil(lambda: "used" in strip.code.text(), timeout=PATIENCE_MS)
    assert desktop.profiles.settings.profiles[0].endpoint == EndpointChoice("eu-central-1")


def test_buckets_are_counted(qtbot: QtBot, desktop: Desktop, get_token_of_alice: Callable[[], None]) -> None:
    get_token_of_alice()
    panel = desktop.window.panel
    qtbot.waitUntil(lambda: desktop.sessions.is_live(panel.profile_id), timeout=PATIENCE_MS)
    qtbot.waitUntil(desktop.jobs.is_idle, timeout=PATIENCE_MS)
    assert panel.menu.test_s3.isVisible()
    assert panel.menu.test_s3.isEnabled()
    panel.menu.test_s3.trigger()
    qtbot.waitUntil(lambda: "12 buckets" in text_of(panel.notice), timeout=PATIENCE_MS)


@pytest.mark.parametrize(
    ("switch", "title"),
    [("wrong_clock", "The clock of this computer is wrong"), ("throttled", "Too many requests")],
)
def test_fault_is_met_in_the_window(
    qtbot: QtBot, desktop: Desktop, strip: DemoStrip, get_token_of_alice: Callable[[], None], switch: str, title: str
) -> None:
    getattr(strip, switch).click()
    get_token_of_alice()
    qtbot.waitUntil(lambda: title in text_of(desktop.window.panel.note), timeout=PATIENCE_MS)


@pytest.mark.parametrize("switch", ["slow", "silent"])
def test_waiting_can_be_cancelled(
    qtbot: QtBot, desktop: Desktop, strip: DemoStrip, get_token_of_alice: Callable[[], None], switch: str
) -> None:
    getattr(strip, switch).click()
    get_token_of_alice()
    panel = desktop.window.panel
    assert panel.actions_bar.primary.text() == "Cancel"
    QTest.keyClick(panel, Qt.Key.Key_Escape)
    assert panel.actions_bar.primary.text() == "&Get token"
    getattr(strip, switch).click()
    qtbot.waitUntil(desktop.jobs.is_idle, timeout=PATIENCE_MS)
    assert not desktop.sessions.is_live(panel.profile_id)


def test_environment_of_the_person_is_not_looked_at(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, server: EmbeddedSts
) -> None:
    theirs = tmp_path / "theirs"
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(theirs))
    monkeypatch.setenv("AWS_CONFIG_FILE", str(theirs))
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIATHEIRS")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "theirs")
    assert AwsFileLocations.from_environment().credentials == theirs
    services = demo_services(tmp_path / "demo", server)
    assert services.aws_files.locations.credentials != theirs
    assert services.sessions.default_chain().access_key == server.directory.user("bob").access_key


@pytest.mark.parametrize("name", sorted(PALETTES))
def test_palettes_are_whole(qtbot: QtBot, name: str) -> None:
    palette = PALETTES[name]()
    is_light = palette.color(QPalette.ColorRole.Window).lightness() > 128
    assert is_light == (name == "light")
    for text, background in (
        (QPalette.ColorRole.WindowText, QPalette.ColorRole.Window),
        (QPalette.ColorRole.Text, QPalette.ColorRole.Base),
        (QPalette.ColorRole.ButtonText, QPalette.ColorRole.Button),
        (QPalette.ColorRole.HighlightedText, QPalette.ColorRole.Highlight),
        (QPalette.ColorRole.ToolTipText, QPalette.ColorRole.ToolTipBase),
    ):
        difference = palette.color(text).lightness() - palette.color(background).lightness()
        assert abs(difference) > 80, text
