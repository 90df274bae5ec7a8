"""All endpoints of a partition checked at once ÷ the slowest answer, against the embedded STS over http."""

from pathlib import Path

from tests.benchmarks.installation import Installation
from tests.benchmarks.measure import Command, median_told, rounds
from tests.benchmarks.server import Server
from tests.benchmarks.table import Row, ratio
from tests.benchmarks.world import Home

PROGRAM = Path(__file__).parent / "programs" / "our_check.py"
HOLD = 1.3
ANSWER_SECONDS = 0.4
"""How long each answer takes: about what one from the other side of the world does, with its connection."""


def measure_endpoint_check(installation: Installation, home: Home, server: Server, count: int) -> Row:
    """Return the row: from the wish to the last of 34 answers, in a process that has called AWS before."""
    command = [
        str(installation.python),
        str(PROGRAM),
        server.url,
        server.key.access_key_id,
        server.key.secret_access_key,
    ]
    with server.slow(ANSWER_SECONDS):
        runs = rounds({"ours": Command(command, home.environment)}, count, tells=True)["ours"]
    what = "all endpoints of a partition checked"
    return ratio(what, median_told(runs, "all_ms"), median_told(runs, "one_ms"), HOLD, to="one bare call")
