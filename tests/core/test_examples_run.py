"""The examples run by what they are for: the AWS CLI, boto3 and the AWS SDK for JavaScript, against the embedded STS.

`make test` installs the two that are not in this environment into `build/aws-tools`.
"""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from sts_desktop.core.examples import LANGUAGES, example_of
from sts_desktop.core.exports import json_text
from sts_desktop.core.profile import Profile
from sts_desktop.core.services import Services
from tests.core.conftest import WatchedSts
from tests.documents import DOCS, code_blocks

ROOT = Path(__file__).parent.parent.parent
AWS_TOOLS = ROOT / "build" / "aws-tools"
AWS, NODE, PACKAGES = AWS_TOOLS / "bin" / "aws", AWS_TOOLS / "bin" / "node", AWS_TOOLS / "node_modules"
LIMIT_SECONDS = 120

ODD_SECTION = "-@%PATH%./_9"
"""Of every kind of character that a section may have, and beginning like an option."""

HOSTILE = {
    "AWS_PROFILE": "ghost",
    "AWS_ACCESS_KEY_ID": "AKIASTALE",
    "AWS_SECRET_ACCESS_KEY": "stale",
    "AWS_SESSION_TOKEN": "stale",
    "AWS_REGION": "eu-west-1",
    "AWS_DEFAULT_REGION": "eu-west-1",
}
"""What a shell that was used for something else may still hold."""


@dataclass(frozen=True)
class Seen:
    """What an example told: whose session it used, and the buckets."""

    arn: str
    buckets: Sequence[str]


@dataclass(frozen=True)
class Bench:
    """A folder to run examples in, and where they find AWS."""

    folder: Path
    url: str

    def run(self, language: str, text: str) -> Seen:
        """Run an example as it was copied, and return what it told on standard output and nowhere else."""
        if language == "cli":
            return _read_cli(self._output("bash", "-euc", text))
        if language == "python":
            program = self.folder / "example.py"
            interpreter = sys.executable
        else:
            (self.folder / "node_modules").symlink_to(PACKAGES, target_is_directory=True)
            program = self.folder / "example.mjs"
            interpreter = str(NODE)
        program.write_text(text, encoding="utf-8")
        arn, *buckets = self._output(interpreter, str(program)).splitlines()
        return Seen(arn, buckets)

    def _output(self, *command: str) -> str:
        places = {"AWS_ENDPOINT_URL_STS": self.url, "AWS_ENDPOINT_URL_S3": self.url}
        path = {"PATH": f"{AWS.parent}{os.pathsep}{os.environ['PATH']}"}
        finished = subprocess.run(
            command,
            cwd=self.folder,
            env=os.environ | HOSTILE | places | path,
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=LIMIT_SECONDS,
        )
        assert (finished.returncode, finished.stderr) == (0, "")
        return finished.stdout


def _read_cli(output: str) -> Seen:
    identity, end = json.JSONDecoder().raw_decode(output)
    return Seen(identity["Arn"], [line.split()[-1] for line in output[end:].splitlines() if line])


@pytest.fixture
def bench(tmp_path: Path, embedded_sts: WatchedSts) -> Bench:
    return Bench(tmp_path, embedded_sts.url)


@pytest.fixture
def expected(embedded_sts: WatchedSts) -> Seen:
    directory = embedded_sts.directory
    return Seen(directory.user("alice").identity.arn, sorted(bucket.name for bucket in directory.buckets))


@pytest.fixture
def profile(services: Services, alices_profile: Profile, embedded_sts: WatchedSts) -> Profile:
    """A profile with a live session, which may list buckets. It has no working region: nor has its section."""
    services.sessions.get_token(alices_profile, embedded_sts.code())
    return alices_profile


TOOLS = {"cli": AWS, "python": Path(sys.executable), "javascript": NODE}
each_language = pytest.mark.parametrize(
    "language", [pytest.param(name, marks=pytest.mark.desktop(str(TOOLS[name]))) for name in LANGUAGES]
)


@each_language
def test_works_once_the_session_is_written(
    services: Services, profile: Profile, bench: Bench, expected: Seen, language: str
) -> None:
    services.sessions.write(profile, ODD_SECTION)
    settings = services.settings.load()
    profile = settings.profile_called(profile.name)
    assert bench.run(language, example_of(profile, settings, language)) == expected


@each_language
def test_works_through_a_credential_process_of_that_name(
    services: Services, profile: Profile, bench: Bench, expected: Seen, language: str, put_config: Callable[[str], None]
) -> None:
    answer = bench.folder / "answer.json"
    answer.write_text(json_text(services.sessions.credentials(profile)))
    put_config(f"[profile alice]\ncredential_process = cat {answer}\n")
    assert bench.run(language, example_of(profile, services.settings.load(), language)) == expected


@each_language
def test_the_snippet_in_the_documents_works(
    services: Services, profile: Profile, bench: Bench, expected: Seen, language: str
) -> None:
    services.sessions.write(profile, "work")
    fence = {"cli": "sh"}.get(language, language)
    snippets = dict(code_blocks((DOCS / "sts.md").read_text(encoding="utf-8")))
    assert bench.run(language, snippets[fence]) == expected
