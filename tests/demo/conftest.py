"""The embedded STS on a clock that only moves when a test says so, and real botocore clients for it."""

import os
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import botocore.session
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from sts_desktop.core.clock import Now, utc_now
from sts_desktop.core.credentials import AccessKey, SessionCredentials
from sts_desktop.demo.directory import Directory, demo_directory
from sts_desktop.demo.embedded_sts import EmbeddedSts


@pytest.fixture
def moments() -> list[datetime]:
    """The current moment, as the only element; it starts at the real one because botocore signs with that."""
    return [utc_now()]


@pytest.fixture
def now(moments: list[datetime]) -> Now:
    return lambda: moments[0]


@pytest.fixture
def advance(moments: list[datetime]) -> Callable[[float], None]:
    def advance(seconds: float) -> None:
        moments[0] += timedelta(seconds=seconds)

    return advance


@pytest.fixture
def directory(now: Now) -> Directory:
    return demo_directory(now=now)


@pytest.fixture
def sts(directory: Directory, now: Now) -> Iterator[EmbeddedSts]:
    with EmbeddedSts(directory, now=now) as sts:
        yield sts


@pytest.fixture(scope="session")
def aws_session() -> Any:
    """One session for all clients (its service model takes a while to load), blind to files and environment."""
    variables = {
        "profile": (None, None, None, None),
        "config_file": (None, None, os.devnull, None),
        "credentials_file": (None, None, os.devnull, None),
    }
    return botocore.session.Session(session_vars=variables)


@pytest.fixture
def client_of(aws_session: Any, sts: EmbeddedSts) -> Callable[..., Any]:
    """Makes a client for a user's name, an access key or session credentials; it checks no parameters itself."""

    def client_of(
        who: str | AccessKey | SessionCredentials, *, region: str = "ap-northeast-1", service: str = "sts"
    ) -> Any:
        key = sts.directory.user(who).access_key if isinstance(who, str) else who
        return aws_session.create_client(
            service,
            region_name=region,
            endpoint_url=sts.url,
            aws_access_key_id=key.access_key_id,
            aws_secret_access_key=key.secret_access_key,
            aws_session_token=getattr(key, "session_token", None),
            config=Config(
                retries={"total_max_attempts": 1}, parameter_validation=False, connect_timeout=5, read_timeout=20
            ),
        )

    return client_of


@pytest.fixture
def s3_refusal_of() -> Callable[..., tuple[str, str, int]]:
    """Makes a call that has to be refused; returns AWS's code, message and HTTP status."""

    def s3_refusal_of(call: Callable[..., object], **parameters: object) -> tuple[str, str, int]:
        answer = _refused_answer(call, parameters)
        return answer["Error"]["Code"], answer["Error"]["Message"], answer["ResponseMetadata"]["HTTPStatusCode"]

    return s3_refusal_of


@pytest.fixture
def refusal_of() -> Callable[..., tuple[str, str, int]]:
    """As `s3_refusal_of`, for a call of STS, which also says whose fault it is."""

    def refusal_of(call: Callable[..., object], **parameters: object) -> tuple[str, str, int]:
        answer = _refused_answer(call, parameters)
        assert answer["Error"]["Type"] in ("Sender", "Receiver")
        return answer["Error"]["Code"], answer["Error"]["Message"], answer["ResponseMetadata"]["HTTPStatusCode"]

    return refusal_of


def _refused_answer(call: Callable[..., object], parameters: dict[str, object]) -> dict[str, Any]:
    with pytest.raises(ClientError) as refusal:
        call(**parameters)
    answer: dict[str, Any] = refusal.value.response
    return answer
