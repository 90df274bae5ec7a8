"""AWS files below the test's own home, a session to write, and generated files of every awkward kind."""

import tempfile
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path

import pytest

from sts_desktop.core.aws_files.files import AwsFiles
from sts_desktop.core.aws_files.locations import AwsFileLocations
from sts_desktop.core.credentials import SessionCredentials


@pytest.fixture
def session() -> SessionCredentials:
    """Session credentials whose values hold every character that AWS's do."""
    return SessionCredentials(
        "ASIAIOSFODNN7EXAMPLE",
        "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
        "IQoJb3JpZ2luX2VjEXAMPLE/+==",
        datetime(2030, 1, 2, 3, 4, 5, tzinfo=UTC),
    )


@pytest.fixture
def session_lines() -> list[str]:
    """What is written for `session`, line by line."""
    return [
        "aws_access_key_id = ASIAIOSFODNN7EXAMPLE",
        "aws_secret_access_key = wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
        "aws_session_token = IQoJb3JpZ2luX2VjEXAMPLE/+==",
        "x_security_token_expires = 2030-01-02T03:04:05Z",
    ]


@pytest.fixture
def locations() -> AwsFileLocations:
    """The default locations, in the test's own home. Nothing exists there."""
    return AwsFileLocations.from_environment({})


@pytest.fixture
def files(locations: AwsFileLocations, tmp_path: Path) -> AwsFiles:
    """The files at `locations`, with a lock elsewhere."""
    return AwsFiles(locations, tmp_path / "locks")


@pytest.fixture
def put(locations: AwsFileLocations) -> Callable[..., None]:
    """A function that puts content into the credentials file and the config file."""

    def put_content(credentials: str | bytes = "", config: str | bytes = "") -> None:
        locations.credentials.parent.mkdir(exist_ok=True)
        for path, content in ((locations.credentials, credentials), (locations.config, config)):
            if content:
                path.write_bytes(content.encode() if isinstance(content, str) else content)

    return put_content


@pytest.fixture(scope="session")
def botocore_reading() -> Callable[[Path], Mapping[str, Mapping[str, str]]]:
    """botocore's own parser. It must take the nested blocks too, which are then left as text."""
    from botocore.configloader import raw_config_parse

    def read(path: Path) -> Mapping[str, Mapping[str, str]]:
        raw_config_parse(str(path))
        values: Mapping[str, Mapping[str, str]] = raw_config_parse(str(path), parse_subsections=False)
        return values

    return read


@pytest.fixture
def short_lived_directory() -> Iterator[Path]:
    """A directory that other accounts can reach, which they cannot those of pytest."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name:
        Path(name).chmod(0o755)
        yield Path(name)
