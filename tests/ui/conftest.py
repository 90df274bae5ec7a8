"""The whole window on real threads, against an embedded STS, in a home of its own and with a clock that can jump."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from sts_desktop.core.aws_files.locations import AwsFileLocations
from sts_desktop.core.clock import utc_now
from sts_desktop.core.paths import Paths
from sts_desktop.core.profile import AwsProfileKey, Profile
from sts_desktop.core.services import Services, open_services
from sts_desktop.core.sts.client import Sts
from sts_desktop.core.vault.store import MemoryStore, OpenedStore, VaultStatus
from sts_desktop.core.vault.vault import Vault, memory_vault
from sts_desktop.demo.control import Faults
from sts_desktop.demo.directory import demo_directory
from sts_desktop.demo.embedded_sts import EmbeddedSts
from sts_desktop.ui.app import Desktop
from tests.ui.hand import PATIENCE_MS, Hand


class Clock:
    """The real time, moved by `offset`."""

    def __init__(self) -> None:
        self.offset = timedelta()

    def now(self) -> datetime:
        return utc_now() + self.offset

    def jump(self, by: timedelta) -> None:
        self.offset += by


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(scope="session")
def running_sts() -> Iterator[EmbeddedSts]:
    with EmbeddedSts(demo_directory()) as server:
        yield server


@pytest.fixture
def embedded_sts(running_sts: EmbeddedSts) -> Iterator[EmbeddedSts]:
    """The server as new: without faults, sessions and used codes. (To stop one takes longer than most tests.)"""
    running_sts.directory = demo_directory()
    yield running_sts
    running_sts.control.set(Faults())


@pytest.fixture
def code_of(embedded_sts: EmbeddedSts) -> Callable[[str], str]:
    """Read a user's code off their device."""

    def code_of(user: str) -> str:
        mfa = embedded_sts.directory.user(user).mfa
        assert mfa is not None
        return embedded_sts.directory.current_code(mfa.serial)

    return code_of


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "person"


@pytest.fixture
def paths(home: Path) -> Paths:
    return Paths(config=home / "config", state=home / "state", home=home)


@pytest.fixture
def credentials_file(home: Path) -> Path:
    return home / ".aws" / "credentials"


@pytest.fixture
def write_aws_files(credentials_file: Path, embedded_sts: EmbeddedSts) -> Callable[..., None]:
    """Put the keys of the demo's users into the AWS files, and more lines if given."""

    def write_aws_files(*users: str, credentials: str = "", config: str = "") -> None:
        for name in users:
            user = embedded_sts.directory.user(name)
            key = user.access_key
            credentials += (
                f"[{name}]\naws_access_key_id = {key.access_key_id}\naws_secret_access_key = {key.secret_access_key}\n"
            )
            if user.mfa:
                config += f"[profile {name}]\nmfa_serial = {user.mfa.serial}\n"
        credentials_file.parent.mkdir(parents=True, exist_ok=True)
        credentials_file.write_text(credentials, encoding="utf-8")
        credentials_file.with_name("config").write_text(config, encoding="utf-8")

    return write_aws_files


@pytest.fixture
def make_services(
    paths: Paths, credentials_file: Path, embedded_sts: EmbeddedSts, clock: Clock
) -> Callable[..., Services]:
    """Open services on this test's home; a second call stands for another process."""

    def make_services(vault: Vault | None = None, url: str = "", **options: Any) -> Services:
        return open_services(
            paths,
            aws_locations=AwsFileLocations(credentials_file, credentials_file.with_name("config")),
            vault=vault or memory_vault(),
            sts=Sts(url_for=lambda _endpoint: url or embedded_sts.url, jitter=lambda _limit: 0.0),
            now=clock.now,
            **options,
        )

    return make_services


@pytest.fixture
def open_keyring() -> Callable[[], Vault]:
    """Open a vault on one keyring; a second call stands for another process."""
    keyring = MemoryStore()
    return lambda: Vault(lambda: OpenedStore(VaultStatus("Test keyring", is_persistent=True, reason=""), keyring))


@pytest.fixture
def services(make_services: Callable[..., Services]) -> Services:
    return make_services()


@pytest.fixture
def add_profile(services: Services, embedded_sts: EmbeddedSts) -> Callable[..., Profile]:
    """Save a profile that takes its key from the AWS profile of a demo user, before the window is opened."""

    def add_profile(name: str, user: str = "bob", **values: Any) -> Profile:
        mfa = embedded_sts.directory.user(user).mfa
        template = Profile(id="", name="", source=AwsProfileKey(user), mfa_serial=mfa.serial if mfa else "")
        return services.profiles.create(name, replace(template, **values))

    return add_profile


@pytest.fixture
def open_desktop(qtbot: QtBot, services: Services, embedded_sts: EmbeddedSts) -> Iterator[Callable[..., Desktop]]:
    """Show a window and wait until it has looked at the keyring and the AWS files; closed after the test."""
    opened: list[Desktop] = []

    def open_desktop(other_services: Services | None = None, **options: Any) -> Desktop:
        desktop = Desktop(other_services or services, **options)
        opened.append(desktop)
        desktop.window.show()
        desktop.window.activateWindow()
        keys = desktop.keys
        qtbot.waitUntil(lambda: keys.vault_status is not None and keys.aws_profiles is not None, timeout=PATIENCE_MS)
        qtbot.waitUntil(desktop.jobs.is_idle, timeout=PATIENCE_MS)
        return desktop

    yield open_desktop
    embedded_sts.control.set(Faults())  # lets go of workers that a silent server holds
    ended = [desktop.close() for desktop in opened]
    for desktop in opened:
        desktop.window.deleteLater()
        desktop.deleteLater()
    assert all(ended), "a worker was still running two seconds after the window was closed"


@pytest.fixture
def desktop(
    open_desktop: Callable[..., Desktop], write_aws_files: Callable[..., None], add_profile: Callable[..., Profile]
) -> Desktop:
    """The window with one profile, `work`: bob's key, no MFA."""
    write_aws_files("bob")
    add_profile("work")
    return open_desktop()


@pytest.fixture
def mfa_desktop(
    open_desktop: Callable[..., Desktop], write_aws_files: Callable[..., None], add_profile: Callable[..., Profile]
) -> Desktop:
    """The window with one profile, `work`: alice's key and MFA device."""
    write_aws_files("alice")
    add_profile("work", "alice")
    return open_desktop()


@pytest.fixture
def hand(qtbot: QtBot) -> Hand:
    return Hand(qtbot)
