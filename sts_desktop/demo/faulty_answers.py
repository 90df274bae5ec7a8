"""Answers that are not what STS and S3 would say, as networks, proxies and broken servers give them."""

import re
from collections.abc import Callable
from dataclasses import replace
from enum import StrEnum

from sts_desktop.demo.responses import Answer


class FaultyAnswer(StrEnum):
    """The kinds of wrong answers."""

    CAPTIVE_PORTAL = "captive-portal"
    EMPTY = "empty"
    REDIRECT = "redirect"
    INTERNAL_FAILURE = "internal-failure"
    SERVICE_UNAVAILABLE = "service-unavailable"
    CUT_OFF = "cut-off"
    NO_CREDENTIALS = "no-credentials"
    BAD_DATE = "bad-date"


def answer_in_place_of_aws(kind: FaultyAnswer | None) -> Answer | None:
    """Return the answer to a request that never reaches AWS; None where AWS is to answer, be it with a failure."""
    make = _INSTEAD.get(kind) if kind else None
    return make() if make else None


def spoil(kind: FaultyAnswer | None, answer: Answer) -> Answer:
    """Return the answer of AWS as it arrives; the request itself has had its effect."""
    alter = _ALTERED.get(kind) if kind else None
    return alter(answer) if alter else answer


def _captive_portal() -> Answer:
    page = b"<!DOCTYPE html><html><head><title>Wi-Fi</title></head><body>Please sign in.</body></html>"
    return Answer(200, page, "text/html")


def _redirect() -> Answer:
    # A name that no DNS resolves (RFC 2606).
    return Answer(302, b"", "text/html", (("Location", "http://sign-in.invalid/"),))


def _cut_off(answer: Answer) -> Answer:
    return replace(answer, body=answer.body[: len(answer.body) // 2])


def _without_credentials(answer: Answer) -> Answer:
    return replace(answer, body=re.sub(rb"\s*<Credentials>.*</Credentials>", b"", answer.body, flags=re.DOTALL))


def _with_bad_date(answer: Answer) -> Answer:
    return replace(answer, body=re.sub(rb"(<Expiration>)[^<]*", rb"\1in a while", answer.body))


_INSTEAD: dict[FaultyAnswer, Callable[[], Answer]] = {
    FaultyAnswer.CAPTIVE_PORTAL: _captive_portal,
    FaultyAnswer.EMPTY: lambda: Answer(200, b""),
    FaultyAnswer.REDIRECT: _redirect,
}

_ALTERED: dict[FaultyAnswer, Callable[[Answer], Answer]] = {
    FaultyAnswer.CUT_OFF: _cut_off,
    FaultyAnswer.NO_CREDENTIALS: _without_credentials,
    FaultyAnswer.BAD_DATE: _with_bad_date,
}
