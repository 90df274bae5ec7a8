"""The buckets of the demo's account, and how S3 hands out a list of them in pieces."""

import base64
import binascii
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

MAX_PAGE_SIZE = 10_000
"""How many buckets one answer names at most (S3 API Reference, ListBuckets, "max-buckets")."""


@dataclass(frozen=True)
class Bucket:
    """An S3 bucket: its name, the region it lies in, and when it was made."""

    name: str
    region: str
    created: datetime


@dataclass(frozen=True)
class BucketPage:
    """A part of a list of buckets.

    Attributes:
        buckets: by name.
        continuation_token: what to ask for the next part with; empty after the last.
    """

    buckets: tuple[Bucket, ...]
    continuation_token: str = ""


def page_of(
    buckets: Iterable[Bucket],
    *,
    size: int = MAX_PAGE_SIZE,
    prefix: str = "",
    region: str = "",
    continuation_token: str = "",
) -> BucketPage:
    """Return a part of `buckets`.

    Args:
        buckets: all there are.
        size: how many it has at most.
        prefix: with what the names begin.
        region: where the buckets lie; anywhere when empty.
        continuation_token: that of the part before; empty for the first.

    Raises:
        ValueError: no part has such a continuation token.
    """
    last = _read_token(continuation_token) if continuation_token else ""
    rest = [
        bucket
        for bucket in sorted(buckets, key=lambda bucket: bucket.name)
        if bucket.name > last and bucket.name.startswith(prefix) and region in ("", bucket.region)
    ]
    page = tuple(rest[:size])
    return BucketPage(page, _write_token(page[-1].name) if len(rest) > len(page) else "")


def demo_buckets() -> Sequence[Bucket]:
    """Return a dozen, as a small team has them in its account."""
    made = datetime(2024, 3, 1, 9, 30, tzinfo=UTC)
    return [
        Bucket(f"example-{purpose}-{region}", region, made)
        for purpose in ("assets", "backups", "builds", "invoices", "logs", "uploads")
        for region in ("ap-northeast-1", "eu-central-1")
    ]


# AWS's token shows nothing of the name after which the list goes on (versity/versitygw#1399).
def _write_token(name: str) -> str:
    return base64.urlsafe_b64encode(name.encode()).decode("ascii")


def _read_token(token: str) -> str:
    try:
        return base64.b64decode(token.encode("ascii"), b"-_", validate=True).decode("ascii")
    except (UnicodeError, binascii.Error) as error:
        raise ValueError(token) from error
