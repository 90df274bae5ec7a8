"""Everything of core put together in the test's own home, against the embedded STS, on a clock that a test moves."""

import json
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from sts_desktop.core.aws_files.locations import AwsFileLocations
from sts_desktop.core.clock import utc_now
from sts_desktop.core.paths import Paths
from sts_desktop.core.profile import EndpointChoice, Profile, VaultKey
from sts_desktop.core.services import Services, open_services
from sts_desktop.core.sts.client import Sts
from sts_desktop.core.vault.errors import KeyringRefusedError
from sts_desktop.core.vault.store import MemoryStore, OpenedStore, VaultStatus
from sts_desktop.core.vault.vault import Vault
from sts_desktop.demo.directory import Directory, demo_directory
from sts_desktop.demo.embedded_sts import EmbeddedSts
from sts_desktop.demo.responses import Answer
from sts_desktop.demo.signature import ReceivedRequest


class Clock:
    """Shows the same moment until it is moved. It starts at the real one, because botocore signs with that."""

    def __init__(self) -> None:
        self.moment = utc_now()

    def __call__(self) -> datetime:
        return self.moment

    def advance(self, **duration: float) -> None:
        self.moment += timedelta(**duration)


class WatchedSts(EmbeddedSts):
    """An embedded STS that keeps the bodies of the requests it was sent, and can be interrupted by a test."""

    def __init__(self, directory: Directory, clock: Clock) -> None:
        super().__init__(directory, now=clock)
        self.bodies: list[str] = []
        self.on_request: Callable[[], None] = lambda: None

    def _respond(self, request: ReceivedRequest) -> Answer:
        self.bodies.append(request.body.decode())
        self.on_request()
        return super()._respond(request)

    @property
    def token_requests(self) -> int:
        """How often a session token was asked for."""
        return sum("Action=GetSessionToken" in body for body in self.bodies)

    def code(self, name: str = "alice") -> str:
        """Return the code that a user's device shows now."""
        device = self.directory.user(name).mfa
        assert device is not None
        return self.directory.current_code(device.serial)


class Keyring:
    """What a keyring holds, for any number of vaults; refuses to store items whose name begins with `refused`."""

    def __init__(self) -> None:
        self.inner = MemoryStore()
        self.refused: str | None = None
        self.on_set: Callable[[str], None] = lambda _name: None
        self.on_delete: Callable[[str], None] = lambda _name: None
        self.on_unlock: Callable[[], None] = lambda: None

    def unlock(self) -> None:
        """Never locked, but a person may do something meanwhile: `on_unlock`."""
        self.on_unlock()

    def would_ask(self) -> bool:
        return False

    def get(self, name: str) -> str | None:
        return self.inner.get(name)

    def set(self, name: str, value: str) -> None:
        if self.refused is not None and name.startswith(self.refused):
            raise KeyringRefusedError
        self.on_set(name)
        self.inner.set(name, value)

    def delete(self, name: str) -> None:
        self.on_delete(name)
        self.inner.delete(name)

    def vault(self) -> Vault:
        """Return a vault on this keyring, as each process has one."""
        return Vault(lambda: OpenedStore(VaultStatus("a keyring", True, ""), self))


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def embedded_sts(clock: Clock) -> Iterator[WatchedSts]:
    with WatchedSts(demo_directory(now=clock), clock) as server:
        yield server


@pytest.fixture
def keyring() -> Keyring:
    return Keyring()


@pytest.fixture
def aws_locations() -> AwsFileLocations:
    return AwsFileLocations.from_environment({})


@pytest.fixture
def make_services(embedded_sts: WatchedSts, keyring: Keyring, clock: Clock) -> Callable[[], Services]:
    """Make services on the same directories and the same keyring, as another process of the same person has them."""

    def make() -> Services:
        sts = Sts(lambda _endpoint: embedded_sts.url, clock, jitter=lambda _limit: 0)
        return open_services(Paths.from_environment(), vault=keyring.vault(), sts=sts, now=clock)

    return make


@pytest.fixture
def services(make_services: Callable[[], Services]) -> Services:
    return make_services()


@pytest.fixture
def bobs_profile(services: Services, embedded_sts: WatchedSts) -> Profile:
    """A saved profile without MFA: bob's key in the vault, an hour, the endpoint in Tokyo."""
    key = embedded_sts.directory.user("bob").access_key
    entry = services.access_keys.store("bob", key.access_key_id, key.secret_access_key)
    profile = Profile(
        "", "", VaultKey(entry.id), EndpointChoice("ap-northeast-1"), 3600, working_region="ap-northeast-1"
    )
    return services.profiles.create("bob", profile)


@pytest.fixture
def alices_profile(services: Services, embedded_sts: WatchedSts) -> Profile:
    """A saved profile with an MFA device: alice's."""
    alice = embedded_sts.directory.user("alice")
    assert alice.mfa is not None
    entry = services.access_keys.store("alice", alice.access_key.access_key_id, alice.access_key.secret_access_key)
    profile = Profile("", "", VaultKey(entry.id), EndpointChoice("ap-northeast-1"), 3600, mfa_serial=alice.mfa.serial)
    return services.profiles.create("alice", profile)


@pytest.fixture
def put_credentials(aws_locations: AwsFileLocations) -> Callable[[str], Path]:
    """Put text into the credentials file; return its path."""

    def put(text: str) -> Path:
        aws_locations.credentials.parent.mkdir(mode=0o700, exist_ok=True)
        aws_locations.credentials.write_text(text)
        return aws_locations.credentials

    return put


@pytest.fixture
def put_config(aws_locations: AwsFileLocations) -> Callable[[str], None]:
    """Put text into the config file."""

    def put(text: str) -> None:
        aws_locations.config.parent.mkdir(mode=0o700, exist_ok=True)
        aws_locations.config.write_text(text)

    return put


@pytest.fixture
def in_section(aws_locations: AwsFileLocations) -> Callable[[str], dict[str, str]]:
    """Return what botocore reads in a section of the credentials file."""
    from botocore.configloader import raw_config_parse

    def read(section: str) -> dict[str, str]:
        return dict(raw_config_parse(str(aws_locations.credentials)).get(section, {}))

    return read


@pytest.fixture(scope="session")
def changed_json() -> Callable[[Path, Callable[[Any], None]], None]:
    """Change the JSON document in a file as a person with an editor would."""

    def change_file(path: Path, change: Callable[[Any], None]) -> None:
        document = json.loads(path.read_bytes())
        change(document)
        path.write_text(json.dumps(document), "utf-8")

    return change_file


@pytest.fixture(scope="session")
def places() -> Callable[[Any], list[tuple[Any, Any]]]:
    """List every place in a JSON document that holds a value, as the container and the key or index in it."""

    def places(document: Any) -> list[tuple[Any, Any]]:
        if not isinstance(document, dict | list):
            return []
        keys = document if isinstance(document, dict) else range(len(document))
        return [place for key in keys for place in [(document, key), *places(document[key])]]

    return places
