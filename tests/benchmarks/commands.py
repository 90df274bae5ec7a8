"""Commands ÷ P, a Python that starts and ends."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.benchmarks.installation import Installation
from tests.benchmarks.measure import Command, median_wall, rounds, run
from tests.benchmarks.table import Row, ratio
from tests.benchmarks.world import FEW, MANY, Home
from tests.private_bus import PrivateBus

PROGRAMS = Path(__file__).parent / "programs"
CREDENTIAL_PROCESS = "credential-process ÷ P (app not running, session in the keyring)"
CREDENTIAL_PROCESS_HOLD = 5.0
SHORT_ROUNDS = 3
"""How many rounds of the shortest programs make up one round of the others."""


def measure_commands(installation: Installation, few: Home, many: Home, count: int) -> list[Row]:
    """Return the rows of the commands that only read, after the proof that P is P."""
    program = str(installation.program)
    commands = {
        "bare": Command([str(installation.bare_python), "-c", "pass"], few.environment),
        "P": Command([str(installation.python), "-c", "pass"], few.environment),
        "few": Command([program, "list"], few.environment),
        "many": Command([program, "list"], many.environment),
    }
    medians = {name: median_wall(runs) for name, runs in rounds(commands, count * SHORT_ROUNDS).items()}
    return [
        ratio(
            "P, python -c pass beside our packages ÷ in an empty environment",
            medians["P"],
            medians["bare"],
            None,
            to="P",
        ),
        ratio(f"list, {FEW} profiles ÷ P", medians["few"], medians["P"], 4.5, to="P"),
        ratio(f"list, {MANY} profiles ÷ P", medians["many"], medians["P"], None, to="P"),
    ]


def measure_credential_process(installation: Installation, home: Home, count: int) -> Row:
    """Return the row of `credential-process`, or why there is none."""
    program = str(installation.program)
    try:
        with keyring(home) as environment:
            stored = run(
                Command([str(installation.python), str(PROGRAMS / "store_session.py")], environment), tells=True
            )
            commands = {
                "P": Command([str(installation.python), "-c", "pass"], environment),
                "ours": Command([program, "credential-process", stored.told["stored"]], environment),
            }
            medians = {name: median_wall(runs) for name, runs in rounds(commands, count * SHORT_ROUNDS).items()}
    except FileNotFoundError as error:
        return Row(CREDENTIAL_PROCESS, None, "× P", CREDENTIAL_PROCESS_HOLD, f"needs {error.filename}")
    return ratio(CREDENTIAL_PROCESS, medians["ours"], medians["P"], CREDENTIAL_PROCESS_HOLD, to="P")


@contextmanager
def keyring(home: Home) -> Iterator[dict[str, str]]:
    """Run GNOME Keyring on a bus of its own; the environment of programs that are to find it.

    Raises:
        FileNotFoundError: a program that it takes is missing.
    """
    with TemporaryDirectory(prefix="sts-desktop-") as directory, pytest.MonkeyPatch.context() as patch:
        patch.setenv("HOME", str(home.directory))
        for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME", "GNOME_KEYRING_CONTROL"):
            patch.delenv(name, raising=False)
        bus = PrivateBus(Path(directory), patch)
        try:
            bus.start_keyring()
            yield {**home.environment, "DBUS_SESSION_BUS_ADDRESS": f"unix:path={directory}/bus"}
        finally:
            bus.stop()
