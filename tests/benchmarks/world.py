"""Homes of made-up people, and the environments of programs that live in them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from types import MappingProxyType

from sts_desktop.core.clock import utc_now
from sts_desktop.core.credentials import AccessKey, CallerIdentity
from sts_desktop.core.paths import Paths
from sts_desktop.core.profile import AwsProfileKey, EndpointChoice, Profile
from sts_desktop.core.settings import Settings, settings_file
from sts_desktop.core.state import SessionRecord, State
from sts_desktop.core.state_file import state_file

REGIONS = ("ap-northeast-1", "eu-west-1", "us-east-1", "global")
FEW, MANY = 5, 1000


@dataclass(frozen=True)
class Home:
    """A home with that many profiles, each with a live session, and nothing of this machine's settings.

    Attributes:
        directory: the home.
        environment: the whole environment of a program that runs in it.
    """

    directory: Path
    environment: Mapping[str, str]


def make_home(directory: Path, profiles: int, key: AccessKey) -> Home:
    """Make a home with `profiles` profiles, which take `key` from the AWS files."""
    (directory / ".aws").mkdir(parents=True)
    (directory / ".aws" / "credentials").write_text(
        f"[bob]\naws_access_key_id = {key.access_key_id}\naws_secret_access_key = {key.secret_access_key}\n",
        encoding="utf-8",
    )
    environment = {
        "PATH": "/usr/local/bin:/usr/bin:/bin",
        "HOME": str(directory),
        "LC_ALL": "C.UTF-8",
        "QT_QPA_PLATFORM": "offscreen",
        "AWS_EC2_METADATA_DISABLED": "true",
        "XDG_RUNTIME_DIR": str(directory),
    }
    known = [_profile(number) for number in range(profiles)]
    paths = Paths.from_environment(environment)
    settings_file(paths.settings_file).update(lambda _: Settings(profiles=tuple(known)))
    records = MappingProxyType({profile.id: _record() for profile in known})
    state_file(paths.state_file).update(lambda _: State(records))
    return Home(directory, environment)


def _profile(number: int) -> Profile:
    endpoint = EndpointChoice(REGIONS[number % len(REGIONS)])
    return Profile(f"{number:016x}", f"profile {number}", AwsProfileKey("bob"), endpoint, section=f"section-{number}")


def _record() -> SessionRecord:
    now = utc_now().replace(microsecond=0)
    identity = CallerIdentity("123456789012", "arn:aws:iam::123456789012:user/bob", "AIDAEXAMPLEDEMO222BOB")
    return SessionRecord(now + timedelta(hours=11), now, 43_200, "WXYZ", identity)
