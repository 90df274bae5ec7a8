"""Asking many endpoints at once: does it answer, how fast, and does it serve this key.

`GetCallerIdentity` costs nothing and is never denied (STS API Reference), but is answered where STS is switched off for
the account too (aws/aws-sdk-go-v2#2846); only a request for a token tells that. What an answer rests on is therefore
part of it.
"""

import contextlib
import math
import queue
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sts_desktop.core.cancellation import Cancellation
from sts_desktop.core.credentials import AccessKey
from sts_desktop.core.errors import StsDesktopError
from sts_desktop.core.i18n import _
from sts_desktop.core.sts.client import Sts
from sts_desktop.core.sts.endpoint import Endpoint
from sts_desktop.core.sts.errors import (
    NotAnsweringError,
    ServiceUnavailableError,
    StsDisabledInRegionError,
    ThrottledError,
)

LIMIT_SECONDS = 5.0
"""How long each endpoint may take in all: connecting, and answering."""

MEASURED_AGAIN = 5
"""How many of those that answered first are asked again alone, to find the fastest."""

_PACE_SECONDS = 0.002
"""Between the starts of two threads, about what making a client takes: else they keep a window from being painted."""

_PATIENCE_SECONDS = 0.1
"""How soon a wish to stop is noticed."""


class Basis(StrEnum):
    """What an endpoint was asked; the value is what `endpoints --check --json` prints."""

    ANONYMOUS = "anonymous"
    IDENTITY = "identity"
    TOKEN = "token"  # noqa: S105  (a word)


class Outcome(StrEnum):
    """What came of it; the value is what `endpoints --check --json` prints."""

    ANSWERS = "answers"
    REFUSES = "refuses"
    SWITCHED_OFF = "switched-off"
    UNREACHABLE = "unreachable"


@dataclass(frozen=True)
class EndpointCheck:
    """What is known of one endpoint after it was asked.

    Attributes:
        endpoint: which one.
        basis: what it was asked.
        outcome: what came of it.
        seconds: how long its answer took, with the connection before it; None without an answer.
        problem: why it does not serve the key, or was not reached; None where it answers.
        learned: when it was last learned that it does not serve the account, if that was before.
    """

    endpoint: Endpoint
    basis: Basis
    outcome: Outcome
    seconds: float | None = None
    problem: StsDesktopError | None = None
    learned: datetime | None = None

    @property
    def code(self) -> str:
        """AWS's short name of why it refuses; empty where it does not."""
        return self.problem.code if self.problem is not None else ""

    @property
    def rank(self) -> tuple[int, float]:
        """What sorts those that answer first, the fastest in front, and those that were not reached last."""
        return list(Outcome).index(self.outcome), self.seconds if self.seconds is not None else math.inf

    def words(self) -> str:
        """Return what came of it, in a few words."""
        match self.outcome:
            case Outcome.ANSWERS:
                return _("answers")
            case Outcome.SWITCHED_OFF:
                return _("switched off for this account")
            case Outcome.REFUSES:
                return _("refuses ({code})").format(code=self.code)
            case Outcome.UNREACHABLE:
                return self.problem.title if self.problem is not None else ""

    def basis_words(self) -> str:
        """Return what that rests on, in a few words."""
        match self.basis:
            case Basis.ANONYMOUS:
                return _("a call without a key")
            case Basis.IDENTITY:
                return "GetCallerIdentity"
            case Basis.TOKEN:
                if self.learned is None:
                    return "GetSessionToken"
                return _("GetSessionToken on {date}").format(date=f"{self.learned.astimezone():%Y-%m-%d}")


def check_endpoint(sts: Sts, endpoint: Endpoint, key: AccessKey | None, *, with_token: bool = False) -> EndpointCheck:
    """Ask one endpoint once, and return what came of it.

    Args:
        sts: whom to call through.
        endpoint: whom to ask.
        key: whose; without one it is asked anonymously, and any answer of STS will do.
        with_token: ask for a token of 900 s, which is dropped, rather than who calls; that needs a key.

    Raises:
        InvalidInputError: the key cannot be right; nothing was sent.
    """
    probe = sts.probe(endpoint, key, with_token=with_token, limit_seconds=LIMIT_SECONDS)
    problem = probe.problem
    basis = Basis.TOKEN if with_token else Basis.IDENTITY if key is not None else Basis.ANONYMOUS
    is_busy = isinstance(problem, ThrottledError | ServiceUnavailableError)
    if problem is None or (key is None and problem.code and not is_busy):
        return EndpointCheck(endpoint, basis, Outcome.ANSWERS, probe.seconds)
    if not problem.code:
        return EndpointCheck(endpoint, basis, Outcome.UNREACHABLE, None, problem)
    outcome = Outcome.SWITCHED_OFF if isinstance(problem, StsDisabledInRegionError) else Outcome.REFUSES
    return EndpointCheck(endpoint, basis, outcome, probe.seconds, problem)


def check_endpoints(
    check: Callable[[Endpoint], EndpointCheck],
    endpoints: Iterable[Endpoint],
    report: Callable[[EndpointCheck], None],
    cancellation: Cancellation | None = None,
    *,
    basis: Basis = Basis.IDENTITY,
    limit_seconds: float = LIMIT_SECONDS,
) -> None:
    """Check all endpoints at once, each on a thread of its own, and report each as its answer comes.

    Those that have not answered within the limit are reported as unreachable; their threads end by themselves, when
    connecting or waiting for an answer has taken as long.

    Args:
        check: asks one, such as `check_endpoint`; what it raises belongs to no endpoint, and ends all.
        endpoints: which ones.
        report: told of each, on the calling thread.
        cancellation: looked at several times a second.
        basis: what `check` asks.
        limit_seconds: how long to wait in all.

    Raises:
        Cancelled: the person did not wait.
        StsDesktopError: raised by `check`.
    """
    cancellation = cancellation or Cancellation()
    arrivals: queue.SimpleQueue[EndpointCheck | Exception] = queue.SimpleQueue()

    def ask(endpoint: Endpoint) -> None:
        try:
            arrivals.put(check(endpoint))
        except Exception as error:
            arrivals.put(error)

    waiting = {endpoint.id: endpoint for endpoint in endpoints}
    deadline = time.monotonic() + limit_seconds
    for endpoint in waiting.values():
        threading.Thread(target=ask, args=(endpoint,), name=f"check-{endpoint.id}", daemon=True).start()
        time.sleep(_PACE_SECONDS)

    def take(arrival: EndpointCheck | Exception) -> None:
        if isinstance(arrival, Exception):
            raise arrival
        del waiting[arrival.endpoint.id]
        report(arrival)

    while waiting and (left := deadline - time.monotonic()) > 0:
        cancellation.raise_if_requested()
        with contextlib.suppress(queue.Empty):
            take(arrivals.get(timeout=min(left, _PATIENCE_SECONDS)))
    cancellation.raise_if_requested()
    while not arrivals.empty():  # what came while another one was reported
        take(arrivals.get())
    for endpoint in waiting.values():
        problem = NotAnsweringError(endpoint.host, with_code=False)
        report(EndpointCheck(endpoint, basis, Outcome.UNREACHABLE, None, problem))


def measure_again(
    check: Callable[[Endpoint], EndpointCheck],
    checks: Iterable[EndpointCheck],
    report: Callable[[EndpointCheck], None],
    cancellation: Cancellation | None = None,
) -> None:
    """Check those that answered first once more, one after the other, and report each: now nobody holds them up.

    While all are asked at once, connecting takes each of them as long as this computer needs for all of them.

    Args:
        check: as for `check_endpoints`.
        checks: what came of asking all at once.
        report: told of each that answers again.
        cancellation: looked at before each.

    Raises:
        Cancelled: the person did not wait.
        StsDesktopError: raised by `check`.
    """
    answered = [known for known in checks if known.outcome is Outcome.ANSWERS and known.seconds is not None]
    for known in sorted(answered, key=lambda known: known.seconds or 0.0)[:MEASURED_AGAIN]:
        if cancellation is not None:
            cancellation.raise_if_requested()
        again = check(known.endpoint)
        if again.outcome is Outcome.ANSWERS:
            report(again)


def fastest(checks: Iterable[EndpointCheck]) -> EndpointCheck | None:
    """Return the one that answered first among those that serve the key; None where none does."""
    serving = (check for check in checks if check.outcome is Outcome.ANSWERS and check.seconds is not None)
    return min(serving, key=lambda check: check.seconds or 0.0, default=None)
