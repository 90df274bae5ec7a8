"""What the embedded server does with a request of S3: it lists the buckets of the account, and nothing else."""

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from urllib.parse import parse_qsl

from sts_desktop.demo import s3_refusals, signature
from sts_desktop.demo.buckets import MAX_PAGE_SIZE, page_of
from sts_desktop.demo.control import Faults
from sts_desktop.demo.directory import Directory, KeyHolder
from sts_desktop.demo.faulty_answers import FaultyAnswer
from sts_desktop.demo.responses import Answer
from sts_desktop.demo.s3_refusals import S3RefusalError
from sts_desktop.demo.s3_responses import buckets_answer, s3_error_answer
from sts_desktop.demo.signature import ReceivedRequest

SERVICE = "s3"
LISTING_PARAMETERS = ("bucket-region", "continuation-token", "max-buckets", "prefix")


def respond(request: ReceivedRequest, directory: Directory, faults: Faults, moment: datetime) -> Answer:
    """Return the answer to `request`, which is scoped to S3; the arguments are those of `operations.respond`."""
    try:
        return _operate(request, directory, faults, moment)
    except S3RefusalError as refusal:
        return s3_error_answer(refusal)


def _operate(request: ReceivedRequest, directory: Directory, faults: Faults, moment: datetime) -> Answer:
    if faults.answer in _FAILURES:
        raise _FAILURES[faults.answer]()
    holder = _authenticate(request, directory, moment)
    if faults.throttled:
        raise s3_refusals.slow_down()
    path, _question_mark, query = request.target.partition("?")
    if request.method != "GET" or path != "/":
        raise s3_refusals.not_implemented()
    if not holder.user.may_list_buckets:
        raise s3_refusals.access_denied()
    return _list_buckets(dict(parse_qsl(query, keep_blank_values=True)), directory, holder)


def _authenticate(request: ReceivedRequest, directory: Directory, moment: datetime) -> KeyHolder:
    """Return who signed `request`; raise S3RefusalError when nobody known did, or their key no longer counts."""
    authorization = signature.read_authorization(request)
    key_id, token = authorization.access_key_id, request.header("x-amz-security-token")
    holder = directory.holder(key_id)
    if holder is None or not holder.user.is_active or (holder.session and token is None):
        raise s3_refusals.invalid_access_key_id(key_id)
    if token != (holder.session.session_token if holder.session else None):
        raise s3_refusals.invalid_token()
    if holder.session and holder.session.expiration <= moment:
        raise s3_refusals.expired_token()
    if abs(authorization.signed_at - moment) > signature.TOLERANCE:
        raise s3_refusals.request_time_too_skewed(authorization.signed_at, moment, signature.TOLERANCE)
    if request.header("x-amz-content-sha256") is None:
        raise s3_refusals.hash_of_body_is_missing()
    if not signature.is_signed_with(holder.secret_access_key, request, authorization):
        raise s3_refusals.signature_does_not_match(key_id)
    return holder


def _list_buckets(parameters: Mapping[str, str], directory: Directory, holder: KeyHolder) -> Answer:
    prefix = parameters.get("prefix", "")
    size = parameters.get("max-buckets")
    if size is not None and not (re.fullmatch("[0-9]{1,9}", size) and 1 <= int(size) <= MAX_PAGE_SIZE):
        raise s3_refusals.invalid_page_size(size)
    try:
        page = page_of(
            directory.buckets,
            size=MAX_PAGE_SIZE if size is None else int(size),
            prefix=prefix,
            region=parameters.get("bucket-region", ""),
            continuation_token=parameters.get("continuation-token", ""),
        )
    except ValueError:
        raise s3_refusals.invalid_continuation_token() from None
    with_regions = any(name in parameters for name in LISTING_PARAMETERS)
    return buckets_answer(holder.user.account, page, prefix=prefix, with_regions=with_regions)


_FAILURES: dict[FaultyAnswer | None, Callable[[], S3RefusalError]] = {
    FaultyAnswer.INTERNAL_FAILURE: s3_refusals.internal_error,
    FaultyAnswer.SERVICE_UNAVAILABLE: s3_refusals.service_unavailable,
}
