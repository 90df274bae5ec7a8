"""Two thousand jobs in one process: garbage on every thread, exceptions, cancels at any moment.

In a process of its own, because what this looks for ends a process: a reference counted wrongly or a destructor on the
wrong thread. The same file is that process: `python tests/ui/test_jobs_soak.py` plays once and prints what it counted.
"""

import gc
import json
import logging
import random
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QCoreApplication, QObject, QThread, QTimer

from sts_desktop.core.errors import StsDesktopError
from sts_desktop.ui.jobs import Job, Jobs, UnexpectedError

JOBS = 2000
AT_ONCE = 60  # more than there are workers, so that some jobs are cancelled while they wait for one
LIMIT_SECONDS = 60
KINDS = ("result", "our error", "bug", "waits", "progress")


class Cycle:
    """Garbage that only the collector can free, on whatever thread it runs; half of it holds a Qt object."""

    def __init__(self, number: int, partner: QObject | None = None) -> None:
        self.itself = self
        self.number = number
        self.partner = partner


@dataclass(frozen=True)
class Started:
    """A job, with its number in the play and what it will do."""

    number: int
    kind: str
    job: Job


class Play(QObject):
    """Starts the jobs, cancels some of them, and counts what comes back."""

    def __init__(self) -> None:
        super().__init__()
        self.counts: Counter[str] = Counter()
        self.faults: list[str] = []
        self.idle = 0
        self._random = random.Random(2000)
        self._jobs = Jobs(self)
        self._jobs.idle.connect(self._count_idle)
        self._begun = 0
        self._open: dict[int, Started] = {}
        self._seen_progress: Counter[int] = Counter()
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._go_on)
        self._timer.start(0)

    def _count_idle(self) -> None:
        self.idle += 1

    def _go_on(self) -> None:
        while self._begun < JOBS and len(self._open) < AT_ONCE:
            self._begin()
        if self._open and self._random.random() < 0.5:
            self._cancel(self._random.choice(list(self._open.values())))
        if self._random.random() < 0.05:
            gc.collect()
        if self._begun == JOBS and not self._open and self._jobs.is_idle():
            self._timer.stop()
            if not self._jobs.close(5):
                self.faults.append("a thread did not end")
            QCoreApplication.quit()

    def _begin(self) -> None:
        number, kind = self._begun, KINDS[self._begun % len(KINDS)]
        self._begun += 1
        Cycle(number, QObject())

        def work(job: Job) -> Cycle:
            return _work(number, kind, job)

        job = self._jobs.start(
            work,
            succeeded=lambda value: self._came(number, kind, value),
            failed=lambda error: self._came(number, kind, error),
            progressed=lambda value: self._progressed(number, value),
        )
        self._open[number] = Started(number, kind, job)
        if number % 8 == 0:
            self._cancel(self._open[number])  # before or just after a worker took it; others are cancelled later

    def _cancel(self, started: Started) -> None:
        self._jobs.cancel(started.job)
        del self._open[started.number]
        self.counts["cancelled"] += 1

    def _progressed(self, number: int, value: int) -> None:
        self._check_thread(number)
        if number not in self._open or value != self._seen_progress[number]:
            self.faults.append(f"progress {value} of job {number} came out of turn")
        self._seen_progress[number] += 1

    def _came(self, number: int, kind: str, value: Any) -> None:
        self._check_thread(number)
        if self._open.pop(number, None) is None:
            self.faults.append(f"job {number} came twice, or after it was cancelled")
        if not _is_right(number, kind, value) or (kind == "progress" and self._seen_progress[number] != 3):
            self.faults.append(f"job {number} ({kind}) brought {value!r}")
        self.counts[kind] += 1
        if self._begun < JOBS and number % 3 == 0:
            self._begin()  # as the stores do it: one job's end starts the next

    def _check_thread(self, number: int) -> None:
        if QThread.currentThread() is not self.thread():
            self.faults.append(f"job {number} was delivered on another thread")


def _work(number: int, kind: str, job: Job) -> Cycle:
    for _ in range(20):
        Cycle(number)
    if number % 5 == number % 25:
        gc.collect()
    match kind:
        case "our error":
            raise StsDesktopError("No", f"{number}")
        case "bug":
            raise ZeroDivisionError(number)
        case "waits":
            job.cancellation.wait(0.002)
            job.cancellation.raise_if_requested()
        case "progress":
            for step in range(3):
                job.report(step)
    return Cycle(number)


def _is_right(number: int, kind: str, value: object) -> bool:
    match kind:
        case "our error":
            return isinstance(value, StsDesktopError) and value.message == str(number)
        case "bug":
            return isinstance(value, UnexpectedError)
        case _:
            return isinstance(value, Cycle) and value.number == number


class _Bugs(logging.Handler):
    """Takes the tracebacks of the bugs, and counts whatever else is logged."""

    def __init__(self) -> None:
        super().__init__()
        self.others = 0

    def emit(self, record: logging.LogRecord) -> None:
        if record.exc_info is None or record.exc_info[0] is not ZeroDivisionError:
            self.others += 1


def main() -> None:
    """Play once, and print what was counted as JSON."""
    gc.set_threshold(200)
    bugs = _Bugs()
    logging.getLogger().addHandler(bugs)
    application = QCoreApplication([])
    play = Play()
    application.exec()
    told = {"counts": play.counts, "faults": play.faults[:10], "idle": play.idle, "logged besides bugs": bugs.others}
    sys.stdout.write(json.dumps(told))


def test_two_thousand_jobs_end_well() -> None:
    command = [sys.executable, "-X", "faulthandler", "-W", "error", __file__]
    played = subprocess.run(command, capture_output=True, text=True, timeout=LIMIT_SECONDS)
    assert played.returncode == 0, played.stderr[-4000:]
    assert played.stderr == ""
    told = json.loads(played.stdout)
    assert told["faults"] == []
    assert told["logged besides bugs"] == 0
    assert told["idle"] >= 1
    counts = told["counts"]
    assert sum(counts.values()) == JOBS
    assert all(counts[kind] > 100 for kind in KINDS), counts
    assert counts["cancelled"] > 100, counts


if __name__ == "__main__":
    main()
