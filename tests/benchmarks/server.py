"""The embedded STS as a process of its own, so that it takes nothing from what is measured."""

import json
import subprocess
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sts_desktop.core.credentials import AccessKey

USER = "bob"


@dataclass(frozen=True)
class Server:
    """Where it listens, and the access key of a user without an MFA device."""

    url: str
    key: AccessKey
    control_token: str

    @contextmanager
    def slow(self, seconds: float) -> Iterator[None]:
        """Let it hold back each answer for so long meanwhile."""
        self._control({"delay_seconds": seconds})
        yield
        self._control({})

    def _control(self, faults: dict[str, float]) -> None:
        headers = {"x-control-token": self.control_token}
        request = urllib.request.Request(f"{self.url}/control", json.dumps(faults).encode(), headers, method="PUT")
        urllib.request.urlopen(request, timeout=10).close()


@contextmanager
def running_server(python: Path) -> Iterator[Server]:
    """Run the embedded STS of the environment that `python` belongs to."""
    with subprocess.Popen(
        [str(python), "-m", "sts_desktop.demo"],
        cwd=python.anchor,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    ) as process:
        assert process.stdout is not None
        told = json.loads(process.stdout.readline())
        user = next(user for user in told["users"] if user["name"] == USER)
        yield Server(told["url"], AccessKey(user["access_key_id"], user["secret_access_key"]), told["control_token"])
