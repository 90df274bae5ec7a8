"""The window: first paint, event loop, memory, idleness, a thousand rows; each beside a bare one."""

import statistics
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.benchmarks.commands import keyring
from tests.benchmarks.installation import Installation
from tests.benchmarks.measure import Command, Run, median_told, rounds, run
from tests.benchmarks.server import Server
from tests.benchmarks.table import Row, ratio
from tests.benchmarks.world import FEW, MANY, Home

PROGRAMS = Path(__file__).parent / "programs"
MIB = 1024


class WindowBenchmarks:
    """Measures windows: in homes with few and with many profiles, and in one where a keyring is started.

    Each profile has a live session, but in the last home.
    """

    def __init__(
        self, installation: Installation, server: Server, few: Home, many: Home, with_keyring: Home, count: int
    ) -> None:
        self._python = str(installation.python)
        self._url = server.url
        self._few = few
        self._many = many
        self._with_keyring = with_keyring
        self._count = count

    def first_paint(self) -> list[Row]:
        """From the start of the process to the end of the window's first paint."""
        runs = rounds(
            {
                "Q": self._bare("label"),
                "window": self._bare("window"),
                "few": self._ours("paint", self._few),
                "many": self._ours("paint", self._many),
            },
            self._count,
            tells=True,
        )
        label, window, few, many = (_median_paint(runs[name]) for name in ("Q", "window", "few", "many"))
        early = sorted({module for one in (*runs["few"], *runs["many"]) for module in one.told["early"]})
        return [
            ratio("first paint of a bare window (table, tool bar, status bar) ÷ Q", window, label, None, to="Q"),
            ratio(f"first paint, {FEW} profiles ÷ Q", few, label, 1.4, to="Q"),
            ratio(f"first paint, {MANY} profiles ÷ {FEW} profiles", many, few, 1.1, to=f"{FEW} profiles"),
            Row(
                "of boto3, botocore, keyring, cryptography imported by the first paint",
                len(early),
                "",
                0,
                ", ".join(early) or "none",
            ),
        ]

    def event_loop(self) -> list[Row]:
        """How late a timer of 5 ms is while the libraries of AWS and the keyring load and a token is fetched."""
        p99, worst = "event-loop gap while AWS code and keyring load, p99", "the same, max"
        try:
            runs = self._runs_with_keyring("gaps", min(self._count, 5))
        except FileNotFoundError as error:
            return [Row(what, None, "ms", hold, f"needs {error.filename}") for what, hold in ((p99, 16), (worst, 33))]
        quiet = [gap for one in runs for gap in one.told["quiet"]]
        loading = [gap for one in runs for gap in one.told["loading"]]
        worst_of_each = [max(one.told["loading"]) for one in runs]
        beside = f"median of {len(runs)} runs {statistics.median(worst_of_each):.1f}; {max(quiet):.1f} ms at rest"
        return [
            Row(p99, _p99(loading), "ms", 16, f"{len(loading)} beats of 5 ms; {_p99(quiet):.1f} ms at rest"),
            Row(worst, max(loading), "ms", 33, beside),
        ]

    def memory(self) -> list[Row]:
        """The most that was held at a time."""
        runs = rounds(
            {
                "bare": self._bare("window"),
                "few": self._ours("memory", self._few),
                "many": self._ours("memory", self._many),
            },
            min(self._count, 5),
            tells=True,
        )
        bare = median_told(runs["bare"], "peak_kib") / MIB
        before, after = (median_told(runs["few"], name) / MIB for name in ("before_kib", "after_kib"))
        grown = median_told(runs["many"], "before_kib") - median_told(runs["few"], "before_kib")
        return [
            ratio("memory before the first AWS call ÷ bare window", before, bare, 1.15, to="bare", unit="MiB"),
            ratio("memory after the first AWS call ÷ bare window", after, bare, 1.5, to="bare", unit="MiB"),
            self._memory_with_keyring(bare),
            Row(
                f"memory per profile at {MANY}",
                grown / (MANY - FEW),
                "KiB",
                5,
                "live sessions included, which a vault in memory holds",
            ),
        ]

    def idleness(self, seconds: float) -> list[Row]:
        """What is used of one core while nothing happens; most at the same time, since nobody disturbs anybody."""
        commands = {
            "bare": self._bare("window", f"{seconds}"),
            "hidden": self._ours("hidden", self._few, f"{seconds}"),
            "few": self._ours("visible", self._few, f"{seconds}"),
            "many": self._ours("visible", self._many, f"{seconds}"),
        }
        runs: dict[str, Run] = {}
        for group in (("bare", "hidden", "many"), ("few",)):  # one window a home at a time: the second would not open
            with ThreadPoolExecutor(len(group)) as pool:
                runs |= zip(group, pool.map(lambda name: run(commands[name], tells=True), group), strict=True)
        part = {name: one.told["cpu_seconds"] / seconds * 100 for name, one in runs.items()}
        beside = f"{seconds:.0f} s; bare window {part['bare']:.3f} %"
        return [
            Row("idle, hidden", part["hidden"], "%", 0.01, beside),
            Row(f"idle, visible countdown, {FEW} rows", part["few"], "%", 0.35, beside),
            Row(f"idle, visible countdown, {MANY} rows", part["many"], "%", 0.35, beside),
        ]

    def thousand_rows(self) -> list[Row]:
        """From a key stroke in the search, and from the change of one row, to the end of the repaint."""
        runs = rounds(
            {"few": self._ours("rows", self._few), "many": self._ours("rows", self._many)},
            min(self._count, 3),
            tells=True,
        )
        return [
            _reaction(f"{MANY} rows: key stroke to repaint", "strokes", runs["many"], runs["few"], 16),
            Row(f"{MANY} rows: sort", None, "ms", 33, "rows cannot be sorted"),
            _reaction(f"{MANY} rows: one row changed, to repaint", "cells", runs["many"], runs["few"], 2),
        ]

    def _memory_with_keyring(self, bare: float) -> Row:
        what = "memory after the first AWS call, keyring library loaded ÷ bare window"
        try:
            runs = self._runs_with_keyring("memory", min(self._count, 2))
        except FileNotFoundError as error:
            return Row(what, None, "× bare", 1.5, f"needs {error.filename}")
        before, after = (median_told(runs, name) / MIB for name in ("before_kib", "after_kib"))
        return Row(what, after / bare, "× bare", 1.5, f"{after:.1f} ÷ {bare:.1f} MiB; {before:.1f} before it")

    def _runs_with_keyring(self, probe: str, count: int) -> Sequence[Run]:
        with keyring(self._with_keyring) as environment:
            home = Home(self._with_keyring.directory, environment)
            return rounds({"ours": self._ours(f"keyring-{probe}", home)}, count, tells=True)["ours"]

    def _bare(self, *arguments: str) -> Command:
        return Command([self._python, str(PROGRAMS / "bare.py"), *arguments], self._few.environment)

    def _ours(self, probe: str, home: Home, *arguments: str) -> Command:
        command = [self._python, str(PROGRAMS / "our_window.py"), probe, self._url, *arguments]
        return Command(command, home.environment)


def _median_paint(runs: Sequence[Run]) -> float:
    return statistics.median((int(one.told["painted_ns"]) - one.began_ns) / 1e6 for one in runs)


def _p99(gaps: Sequence[float]) -> float:
    return statistics.quantiles(gaps, n=100)[98]


def _reaction(what: str, name: str, many: Sequence[Run], few: Sequence[Run], hold: float) -> Row:
    times = [one for run_ in many for one in run_.told[name]]
    beside = statistics.median(one for run_ in few for one in run_.told[name])
    basis = f"median of {len(times)}, worst {max(times):.1f}; {FEW} rows {beside:.1f} ms"
    return Row(what, statistics.median(times), "ms", hold, basis)
