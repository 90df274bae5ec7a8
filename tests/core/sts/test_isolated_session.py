"""A session of ours has botocore's own handlers for the service. That nothing bends it: `test_client_isolation`."""

from typing import Any

import aws_data
import pytest
from botocore.handlers import BUILTIN_HANDLERS
from botocore.session import Session

from sts_desktop.core.sts.isolated_session import isolated_session

EVENTS = sorted({event.partition(".")[0] for event, *_rest in BUILTIN_HANDLERS} - {"docs"})


def handlers(session: Any, event: str) -> list[Any]:
    """Return what botocore would call for an event, in that order."""
    aliaser = session.get_component("event_emitter")
    return list(aliaser._emitter._handlers.prefix_search(aliaser._alias_event_name(event)))


@pytest.mark.parametrize("event", EVENTS)
@pytest.mark.parametrize("service", aws_data.OPERATIONS)
def test_the_same_handlers_hear_of_what_happens(service: str, event: str) -> None:
    ours, whole = isolated_session(service), Session()
    for name in (event, f"{event}.{service}", *(f"{event}.{service}.{each}" for each in aws_data.OPERATIONS[service])):
        assert handlers(ours, name) == handlers(whole, name)


def test_there_are_handlers_for_one_service_and_for_all() -> None:
    assert handlers(isolated_session("s3"), "before-parameter-build.s3.ListBuckets")
    assert handlers(isolated_session("sts"), "before-call.sts.GetSessionToken")


def test_the_handlers_for_other_services_are_left_out() -> None:
    assert not handlers(isolated_session("sts"), "after-call.ec2.GetConsoleOutput")
    assert handlers(Session(), "after-call.ec2.GetConsoleOutput")


def test_there_is_one_session_for_a_service() -> None:
    assert isolated_session("sts") is isolated_session("sts")
    assert isolated_session("sts") is not isolated_session("iam")
