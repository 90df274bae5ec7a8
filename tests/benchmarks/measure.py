"""Runs programs round after round, so that whatever slows this machine down slows all of them alike."""

import json
import os
import statistics
import subprocess
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Command:
    """A program to measure: its arguments and its whole environment."""

    arguments: Sequence[str]
    environment: Mapping[str, str]


@dataclass(frozen=True)
class Run:
    """One run of a program.

    Attributes:
        wall_ms: from just before it was started until it had ended.
        cpu_ms: what it used of the processors, in user and system mode.
        began_ns: when it was started, on the clock of `time.monotonic_ns`, which all processes share.
        told: the JSON object it printed, or an empty one.
    """

    wall_ms: float
    cpu_ms: float
    began_ns: int
    told: dict[str, Any] = field(default_factory=dict)


class BrokenProgramError(Exception):
    """A program that was to be measured failed, so that its time says nothing."""


def run(command: Command, *, tells: bool = False) -> Run:
    """Run a program once.

    Args:
        command: what to run.
        tells: it prints a JSON object; otherwise what it prints is dropped.

    Raises:
        BrokenProgramError: it did not exit with 0.
    """
    output = subprocess.PIPE if tells else subprocess.DEVNULL
    began = time.monotonic_ns()
    with subprocess.Popen(
        command.arguments, env=command.environment, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.DEVNULL
    ) as process:
        text = process.stdout.read() if process.stdout else b""
        _pid, status, usage = os.wait4(process.pid, 0)
        ended = time.monotonic_ns()
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise BrokenProgramError(f"exit code {process.returncode}: {' '.join(command.arguments)}")
    cpu_ms = (usage.ru_utime + usage.ru_stime) * 1000
    return Run((ended - began) / 1e6, cpu_ms, began, json.loads(text) if tells else {})


def rounds(commands: Mapping[str, Command], count: int, *, tells: bool = False) -> dict[str, list[Run]]:
    """Run each of `commands` once a round, for `count` rounds and one before them that does not count."""
    runs: dict[str, list[Run]] = {name: [] for name in commands}
    for number in range(count + 1):
        for name, command in commands.items():
            result = run(command, tells=tells)
            if number > 0:
                runs[name].append(result)
    return runs


def median_wall(runs: Iterable[Run]) -> float:
    """Return the median of the runs' times, in ms."""
    return statistics.median(one.wall_ms for one in runs)


def median_told(runs: Iterable[Run], name: str) -> float:
    """Return the median of a number that the runs told."""
    return statistics.median(float(one.told[name]) for one in runs)
