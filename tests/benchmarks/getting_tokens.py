"""Get token ÷ a bare boto3 client and its call, against the embedded STS over http."""

from pathlib import Path

from tests.benchmarks.installation import Installation
from tests.benchmarks.measure import Command, median_told, median_wall, rounds
from tests.benchmarks.server import Server
from tests.benchmarks.table import Row, ratio
from tests.benchmarks.world import Home

PROGRAMS = Path(__file__).parent / "programs"
HOLD = 0.85


def measure_tokens(installation: Installation, home: Home, server: Server, count: int) -> list[Row]:
    """Return the rows: the whole process, and inside it from before the first import to the stored credentials."""
    python = str(installation.python)
    key = server.key
    bare = [python, str(PROGRAMS / "bare_client.py"), server.url, key.access_key_id, key.secret_access_key]
    runs = rounds(
        {
            "bare": Command(bare, home.environment),
            "ours": Command([python, str(PROGRAMS / "our_token.py"), server.url], home.environment),
        },
        count,
        tells=True,
    )
    what, baseline = "Get token (keyring and identity aside)", "bare boto3"
    return [
        ratio(f"{what}, whole process", median_wall(runs["ours"]), median_wall(runs["bare"]), HOLD, to=baseline),
        ratio(
            f"{what}, in-process", median_told(runs["ours"], "ms"), median_told(runs["bare"], "ms"), HOLD, to=baseline
        ),
    ]
