"""One request and what came back, as far as it is looked at beside its body: the head of the answer, and the time."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sts_desktop.core.clock import Now


@dataclass(frozen=True)
class AnswerHead:
    """An HTTP answer without its body.

    Attributes:
        status: the HTTP status.
        headers: by lower-case name.
        came_at: when it came, on our clock.
    """

    status: int
    headers: Mapping[str, str]
    came_at: datetime

    def clock_offset(self) -> timedelta | None:
        """Return the server's clock minus ours when the answer came, from its `Date`; None when it gave none."""
        import email.utils

        try:
            moment = email.utils.parsedate_to_datetime(self.headers.get("date", ""))
        except (ValueError, OverflowError):  # the latter for a year or a time zone of many digits
            return None
        if moment.tzinfo is None:  # "-0000": UTC from an unknown zone (RFC 5322, section 3.3)
            moment = moment.replace(tzinfo=UTC)
        return moment - self.came_at

    def clock_ahead(self, sent_at: datetime) -> timedelta | None:
        """Return how far the server's clock is ahead of ours at least; None when it did not say.

        Its `Date` lies between the sending of the request, at `sent_at`, and the coming of the answer, and has whole
        seconds: a slow answer does not make a wrong clock.
        """
        offset = self.clock_offset()
        if offset is None:
            return None
        latest = offset + (self.came_at - sent_at) + timedelta(seconds=1)
        return max(offset, timedelta()) or min(latest, timedelta())


def answer_head(status: int, headers: Mapping[str, str], now: datetime) -> AnswerHead:
    """Return the head of an answer that came at `now`."""
    return AnswerHead(status, {name.lower(): value for name, value in headers.items()}, now)


class Exchange:
    """Watches one call of a botocore client; botocore's own retries are off, so there is one request.

    Attributes:
        head: of the answer; None as long as none came.
        seconds: from the sending of the request, connecting included, to the answer; None as long as none came.
    """

    def __init__(self, now: Now) -> None:
        self._now = now
        self._sent_at: datetime | None = None
        self._started = 0.0
        self.head: AnswerHead | None = None
        self.seconds: float | None = None

    def watch(self, client: Any, service: str) -> None:
        """Watch the next call of `client`, which is one of `service`."""
        client.meta.events.register(f"before-send.{service}", self._note_request)
        client.meta.events.register(f"before-parse.{service}", self._note_answer)

    def clock_ahead(self) -> timedelta | None:
        """Return how far the server's clock is ahead of ours at least; None when it did not say."""
        if self.head is None or self._sent_at is None:
            return None
        return self.head.clock_ahead(self._sent_at)

    def _note_request(self, **_context: object) -> None:
        self._sent_at, self._started = self._now(), time.perf_counter()

    def _note_answer(self, response_dict: Mapping[str, Any], **_context: object) -> None:
        self.seconds = time.perf_counter() - self._started
        self.head = answer_head(response_dict["status_code"], response_dict["headers"], self._now())
