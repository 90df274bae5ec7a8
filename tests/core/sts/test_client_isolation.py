"""Nothing in the environment or in the AWS files bends the client: all of it at once, in a process of its own."""

import json
import os
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from sts_desktop.core.sts.endpoints import endpoints

OURS = """
import json, sys
from sts_desktop.core.credentials import AccessKey
from sts_desktop.core.sts.client import Sts
from sts_desktop.core.sts.endpoints import endpoint, endpoints

key = AccessKey("AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY")
credentials = Sts(lambda _endpoint: sys.argv[1]).get_session_token(endpoint("eu-west-1"), key, 900)

targets = {}
for each in endpoints():
    def note(request, **_context):
        targets[each.id] = request.url
        raise InterruptedError  # nothing is sent
    client = Sts()._client(each, key)
    client.meta.events.register("before-send.sts", note)
    try:
        client.get_session_token()
    except InterruptedError:
        pass
print(json.dumps({"key": credentials.access_key_id, "targets": targets}))
"""

PLAIN = """
import sys
from botocore.session import Session

client = Session().create_client(
    "sts", region_name="eu-west-1", endpoint_url=sys.argv[1], aws_access_key_id="AKIAX", aws_secret_access_key="s"
)
client.get_session_token()
"""

HOSTILE_CONFIG = """
[default]
region = xx-nowhere-9
endpoint_url = {evil}
use_fips_endpoint = true
use_dualstack_endpoint = true
sts_regional_endpoints = legacy
credential_process = touch {evidence}
ca_bundle = /nowhere
services = bent
retry_mode = nonsense
max_attempts = many

[services bent]
sts =
    endpoint_url = {evil}

[plugins]
bent = bent
"""


@pytest.fixture
def csm() -> Any:
    """A socket that hears what client-side monitoring would send."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as listener:
        listener.bind(("127.0.0.1", 0))
        listener.setblocking(False)
        yield listener


@pytest.fixture
def hostile(tmp_path: Path, other_server: Any, csm: socket.socket) -> dict[str, str]:
    """The environment with everything in it that changes what botocore does."""
    evil = other_server.url
    models = tmp_path / "models"
    for directory in (models, Path.home() / ".aws" / "models"):
        (directory / "sts" / "2011-06-15").mkdir(parents=True)
        for name in ("sts/2011-06-15/service-2", "sts/2011-06-15/endpoint-rule-set-1", "endpoints", "partitions"):
            (directory / f"{name}.json").write_text("{")
    (Path.home() / ".aws" / "config").write_text(HOSTILE_CONFIG.format(evil=evil, evidence=tmp_path / "evidence"))
    (Path.home() / ".aws" / "credentials").write_text("[default]\naws_access_key_id = OTHERKEY\n")
    return os.environ | {
        "AWS_PROFILE": "ghost",
        "AWS_DEFAULT_PROFILE": "ghost",
        "AWS_ACCESS_KEY_ID": "OTHERKEY",
        "AWS_SECRET_ACCESS_KEY": "other",
        "AWS_SESSION_TOKEN": "stale",
        "AWS_SECURITY_TOKEN": "stale",
        "AWS_CREDENTIAL_EXPIRATION": "2020-01-01T00:00:00Z",
        "AWS_BEARER_TOKEN_STS": "bearer",
        "AWS_ROLE_ARN": "arn:aws:iam::123456789012:role/other",
        "AWS_WEB_IDENTITY_TOKEN_FILE": str(tmp_path / "nowhere"),
        "AWS_CONTAINER_CREDENTIALS_FULL_URI": evil,
        "AWS_EC2_METADATA_SERVICE_ENDPOINT": evil,
        "AWS_REGION": "xx-nowhere-9",
        "AWS_DEFAULT_REGION": "xx-nowhere-9",
        "AWS_ENDPOINT_URL": evil,
        "AWS_ENDPOINT_URL_STS": evil,
        "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "false",
        "AWS_STS_REGIONAL_ENDPOINTS": "legacy",
        "AWS_USE_FIPS_ENDPOINT": "true",
        "AWS_USE_DUALSTACK_ENDPOINT": "true",
        "AWS_DATA_PATH": str(models),
        "AWS_RETRY_MODE": "nonsense",
        "AWS_MAX_ATTEMPTS": "many",
        "AWS_DEFAULTS_MODE": "nonsense",
        "AWS_AUTH_SCHEME_PREFERENCE": "httpBearerAuth,sigv4a",
        "AWS_SIGV4A_SIGNING_REGION_SET": "*",
        "AWS_REQUEST_CHECKSUM_CALCULATION": "nonsense",
        "AWS_RESPONSE_CHECKSUM_VALIDATION": "nonsense",
        "AWS_REQUEST_MIN_COMPRESSION_SIZE_BYTES": "nonsense",
        "AWS_DISABLE_REQUEST_COMPRESSION": "nonsense",
        "AWS_ACCOUNT_ID_ENDPOINT_MODE": "nonsense",
        "AWS_SDK_UA_APP_ID": "somebody-else",
        "AWS_CSM_ENABLED": "true",
        "AWS_CSM_HOST": "127.0.0.1",
        "AWS_CSM_PORT": str(csm.getsockname()[1]),
        "HTTP_PROXY": evil,
        "http_proxy": evil,
    }


def run(code: str, environment: dict[str, str], url: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-c", code, url], env=environment, capture_output=True, text=True)


@pytest.mark.fault(43)
@pytest.mark.parametrize("files", ["hostile", "broken"])
def test_nothing_bends_the_client(
    server: Any, other_server: Any, csm: socket.socket, hostile: dict[str, str], tmp_path: Path, files: str
) -> None:
    if files == "broken":
        (Path.home() / ".aws" / "config").write_text("this is [no config\n")
        (Path.home() / ".aws" / "credentials").write_bytes(b"\xff\xfe\x00[")
    outcome = run(OURS, hostile, server.url)
    assert outcome.returncode == 0, outcome.stderr
    result = json.loads(outcome.stdout)
    assert result["key"] == "ASIAIOSFODNN7EXAMPLE"
    assert result["targets"] == {each.id: f"{each.url}/" for each in endpoints()}
    (request,) = server.requests
    assert request.line.startswith("POST / ")
    assert "Credential=AKIAIOSFODNN7EXAMPLE/" in request.headers["authorization"]
    assert "/eu-west-1/sts/aws4_request" in request.headers["authorization"]
    assert request.headers["authorization"].startswith("AWS4-HMAC-SHA256 ")
    assert "x-amz-security-token" not in request.headers
    assert "app/sts-desktop" in request.headers["user-agent"]
    assert request.body == "Action=GetSessionToken&Version=2011-06-15&DurationSeconds=900"
    assert other_server.requests == []
    with pytest.raises(BlockingIOError):
        csm.recv(1)
    assert not (tmp_path / "evidence").exists()


def test_the_same_surroundings_bend_a_plain_client(server: Any, hostile: dict[str, str]) -> None:
    assert run(PLAIN, hostile, server.url).returncode != 0
    assert server.requests == []
