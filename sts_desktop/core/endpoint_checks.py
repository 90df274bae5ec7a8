"""Which endpoints serve a profile's access key, by asking them and by what was learned before."""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sts_desktop.core.cancellation import Cancellation
from sts_desktop.core.clock import Now
from sts_desktop.core.errors import UnusableFileError
from sts_desktop.core.json_file import JsonFile
from sts_desktop.core.key_sources import KeySources
from sts_desktop.core.profile import AccessKeySource, Profile
from sts_desktop.core.state import State
from sts_desktop.core.sts.client import Sts
from sts_desktop.core.sts.endpoint import CUSTOM_ID, Endpoint
from sts_desktop.core.sts.endpoint_check import (
    Basis,
    EndpointCheck,
    Outcome,
    check_endpoint,
    check_endpoints,
    measure_again,
)
from sts_desktop.core.sts.endpoints import endpoints
from sts_desktop.core.sts.faults import region_disabled

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class EndpointChecks:
    """Checks the endpoints of a partition with the access key of a profile, or with none."""

    state: JsonFile[State]
    sts: Sts
    now: Now
    keys: KeySources

    def check(
        self,
        checked: Sequence[Endpoint],
        profile: Profile | None,
        report: Callable[[EndpointCheck], None],
        cancellation: Cancellation | None = None,
        *,
        with_token: bool = False,
    ) -> None:
        """Ask all endpoints of `checked` at once, and report each as its answer comes, within 5 s.

        Who calls is answered also where STS is switched off for the account. Where that is known from a token, it is
        what is reported; with `with_token` it is found out, and remembered.

        Args:
            checked: which ones; see `endpoints_for`.
            profile: whose access key to ask with; None, or one without a key, asks anonymously.
            report: told of each, on the calling thread.
            cancellation: looked at several times a second.
            with_token: ask each for a token of 900 s, which is dropped, rather than who calls.

        Raises:
            Cancelled: the person did not wait.
            NoAccessKeyError: a token cannot be asked for without a key.
            StsDesktopError: the access key could not be read, or cannot be right.
        """
        source = profile.source if profile is not None else None
        key = self.keys.access_key(source) if with_token or source is not None else None

        self.sts.prepare()

        def ask(endpoint: Endpoint) -> EndpointCheck:
            return check_endpoint(self.sts, endpoint, key, with_token=with_token)

        learned = {} if with_token or source is None else self.state.load().switched_off_for(source)
        basis = Basis.TOKEN if with_token else Basis.IDENTITY if key is not None else Basis.ANONYMOUS
        found: list[EndpointCheck] = []

        def take(check: EndpointCheck) -> None:
            found.append(check)
            report(_as_learned(check, learned))

        try:
            check_endpoints(ask, checked, take, cancellation, basis=basis)
        finally:
            if with_token:
                self._note(source, found)
        if not with_token:  # which would make more tokens
            measure_again(ask, found, lambda check: report(_as_learned(check, learned)), cancellation)

    def _note(self, source: AccessKeySource | None, checks: Sequence[EndpointCheck]) -> None:
        """Remember what tokens told of endpoints, whether or not the person still waits for the others."""

        def apply(state: State) -> State:
            for check in checks:
                if check.outcome is Outcome.SWITCHED_OFF:
                    state = state.with_switched_off(source, check.endpoint.id, self.now())
                elif check.outcome is Outcome.ANSWERS:
                    state = state.with_switched_on(source, check.endpoint.id)
            return state

        try:
            self.state.update(apply)
        except UnusableFileError as error:  # it is learned again at the next request
            log.warning("what endpoints answered could not be noted: %s", type(error).__name__)


def _as_learned(check: EndpointCheck, learned: Mapping[str, datetime]) -> EndpointCheck:
    """Return a check of who calls with what is known better from an earlier request for a token."""
    at = learned.get(check.endpoint.id)
    if at is None or check.outcome is not Outcome.ANSWERS:
        return check
    problem = region_disabled(check.endpoint)
    return replace(check, basis=Basis.TOKEN, outcome=Outcome.SWITCHED_OFF, problem=problem, learned=at)


def endpoints_for(profile: Profile, partition: str | None) -> tuple[Endpoint, ...]:
    """Return the endpoints that a profile may choose among: those of the partition, and its own address.

    A stand-in for AWS stands alone: its keys go nowhere else.

    Args:
        profile: whose.
        partition: of its access key, where that is known; else the one of the endpoint that it has.
    """
    chosen = profile.endpoint.resolve()
    if not chosen.is_of_aws:
        return (chosen,)
    of_partition = endpoints(partition or chosen.partition)
    return (chosen, *of_partition) if chosen.id == CUSTOM_ID else of_partition
