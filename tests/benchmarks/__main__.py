"""Measures the program beside baselines and prints what came out: `make bench`, or `python -m tests.benchmarks`.

P is `python -c pass`, Q a painted `QLabel`. Every ratio is of medians of rounds in which each program ran once. What
misses its hold is printed as a miss; the exit code is 0 all the same, for this is a machine among others.

`BENCH_ROUNDS=3` and `BENCH_IDLE_SECONDS=5` make it quick.
"""

import os
import platform
import shutil
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from tests.benchmarks.commands import measure_commands, measure_credential_process
from tests.benchmarks.endpoint_checks import measure_endpoint_check
from tests.benchmarks.getting_tokens import measure_tokens
from tests.benchmarks.installation import Installation, install
from tests.benchmarks.server import running_server
from tests.benchmarks.table import Row, markdown
from tests.benchmarks.window import WindowBenchmarks
from tests.benchmarks.world import FEW, MANY, make_home

DIRECTORY = Path("build/bench").absolute()
RESULT = Path("build/bench.md")
ROUNDS = 11
IDLE_SECONDS = 65.0
"""The hidden window looks at the time twice in that."""


def main() -> None:
    """Measure everything, and print and write the table."""
    count = int(os.environ.get("BENCH_ROUNDS", ROUNDS))
    seconds = float(os.environ.get("BENCH_IDLE_SECONDS", IDLE_SECONDS))
    began, load = time.monotonic(), os.getloadavg()[0]
    _say("Installing the program from its wheel into build/bench")
    installation = install(DIRECTORY)
    rows = list(_rows(installation, count, seconds))
    text = f"{_machine(count, load)} It took {time.monotonic() - began:.0f} s.\n\n{markdown(rows)}"
    RESULT.write_text(text, encoding="utf-8")
    _say(f"\n{text}\nWritten to {RESULT}")


def _rows(installation: Installation, count: int, seconds: float) -> Iterator[Row]:
    homes = DIRECTORY / "homes"
    shutil.rmtree(homes, ignore_errors=True)
    with running_server(installation.python) as server:
        home = {
            name: make_home(homes / name, MANY if name == "many" else FEW, server.key)
            for name in ("few", "many", "tokens", "credential-process", "keyring")
        }
        window = WindowBenchmarks(installation, server, home["few"], home["many"], home["keyring"], count)
        _say("First paint")
        yield from window.first_paint()
        _say("Commands")
        yield from measure_commands(installation, home["few"], home["many"], count)
        yield measure_credential_process(installation, home["credential-process"], count)
        _say("Get token")
        yield from measure_tokens(installation, home["tokens"], server, count)
        _say("Endpoints")
        yield measure_endpoint_check(installation, home["tokens"], server, count)
        _say("Event loop")
        yield from window.event_loop()
        _say("Memory")
        yield from window.memory()
        _say("A thousand rows")
        yield from window.thousand_rows()
        _say(f"Idleness ({seconds:.0f} s)")
        yield from window.idleness(seconds)


def _machine(count: int, load: float) -> str:
    facts = [
        f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC",
        f"{platform.system()} {platform.machine()}, {os.cpu_count()} processors",
        f"Python {platform.python_version()}",
        f"PySide6 {version('PySide6-Essentials')} (offscreen)",
        f"botocore {version('botocore')}",
        f"medians of {count} rounds",
        f"load {load:.2f} before and {os.getloadavg()[0]:.2f} after",
    ]
    return ", ".join(facts) + "."


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


main()
