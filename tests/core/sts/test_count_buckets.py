"""Counting the buckets that a session can list, against a server that says what it is told to."""

from datetime import UTC, datetime
from typing import Any

import pytest

from sts_desktop.core.cancellation import Cancellation, Cancelled
from sts_desktop.core.credentials import SessionCredentials
from sts_desktop.core.sts import client
from sts_desktop.core.sts.client import Sts
from sts_desktop.core.sts.endpoint import Endpoint
from sts_desktop.core.sts.endpoints import custom_endpoint
from sts_desktop.core.sts.errors import UnexpectedAnswerError

SESSION = SessionCredentials("ASIAIOSFODNN7EXAMPLE", "secret", "token", datetime(2026, 11, 25, 12, tzinfo=UTC))


@pytest.fixture
def local(server: Any) -> Endpoint:
    return custom_endpoint(server.url, "eu-west-1")


def buckets_xml(*names: str, following: str = "") -> str:
    """Return an answer as the S3 API Reference has it under `ListBuckets`."""
    buckets = "".join(f"<Bucket><Name>{name}</Name></Bucket>" for name in names)
    token = f"<ContinuationToken>{following}</ContinuationToken>" if following else ""
    return f"<ListAllMyBucketsResult><Buckets>{buckets}</Buckets>{token}</ListAllMyBucketsResult>"


def test_all_pages_are_counted(server: Any, local: Endpoint) -> None:
    server.says(buckets_xml("one", "two", following="more"))
    server.says(buckets_xml("three"))
    assert Sts().count_buckets(local, SESSION) == 3
    first, second = (request.line for request in server.requests)
    assert "continuation-token" not in first
    assert "continuation-token=more" in second


def test_an_account_without_buckets_has_none(server: Any, local: Endpoint) -> None:
    server.says(buckets_xml())
    assert Sts().count_buckets(local, SESSION) == 0


def test_a_server_that_never_ends_is_not_asked_for_ever(
    server: Any, local: Endpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client, "BUCKET_PAGES", 3)
    server.says(buckets_xml("one", following="more"))
    with pytest.raises(UnexpectedAnswerError):
        Sts().count_buckets(local, SESSION)
    assert len(server.requests) == 3


def test_cancelling_ends_it_at_the_next_page(server: Any, local: Endpoint) -> None:
    server.says(buckets_xml("one", following="more"))
    cancellation = Cancellation()

    class Cancelling(Sts):
        def _answer(self, *arguments: Any) -> Any:
            try:
                return super()._answer(*arguments)
            finally:
                cancellation.cancel()

    with pytest.raises(Cancelled):
        Cancelling().count_buckets(local, SESSION, cancellation=cancellation)
    assert len(server.requests) == 1
