"""The answers of S3, in the XML of its REST protocol.

Shapes: the S3 API Reference, ListBuckets and "Error Responses"; whole answers in versity/versitygw#1399 and
minio/minio#9973.
"""

import hashlib
import secrets
from xml.sax.saxutils import escape

from sts_desktop.core.clock import rfc3339
from sts_desktop.demo.buckets import Bucket, BucketPage
from sts_desktop.demo.responses import Answer
from sts_desktop.demo.s3_refusals import S3RefusalError

NAMESPACE = "http://s3.amazonaws.com/doc/2006-03-01/"
CONTENT_TYPE = "application/xml"
DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n'


def buckets_answer(account: str, page: BucketPage, *, prefix: str, with_regions: bool) -> Answer:
    """Return the answer to `ListBuckets`.

    Args:
        account: whose buckets they are.
        page: those to name.
        prefix: with what their names had to begin; S3 repeats it.
        with_regions: whether to say where they lie, as S3 does where the request has any parameter.
    """
    buckets = "".join(_bucket(bucket, with_region=with_regions) for bucket in page.buckets)
    token = _element("ContinuationToken", page.continuation_token) if page.continuation_token else ""
    owner = f"<Owner>{_element('ID', _canonical_id(account))}</Owner>"
    return _answer(
        200,
        f'<ListAllMyBucketsResult xmlns="{NAMESPACE}">{owner}<Buckets>{buckets}</Buckets>{token}'
        f"{_element('Prefix', prefix) if prefix else ''}</ListAllMyBucketsResult>",
    )


def s3_error_answer(refusal: S3RefusalError) -> Answer:
    """Return the answer that refuses a request."""
    details = "".join(_element(name, text) for name, text in refusal.details.items())
    code, message = _element("Code", refusal.code), _element("Message", refusal.message)
    return _answer(refusal.status, f"<Error>{code}{message}{details}{{ids}}</Error>")


def _answer(status: int, text: str) -> Answer:
    """Return an answer with new ids of its request, which an error has in its text too (`{ids}`)."""
    request_id, host_id = secrets.token_hex(8).upper(), secrets.token_urlsafe(56)
    text = text.replace("{ids}", _element("RequestId", request_id) + _element("HostId", host_id))
    headers = (("x-amz-request-id", request_id), ("x-amz-id-2", host_id))
    return Answer(status, (DECLARATION + text).encode(), CONTENT_TYPE, headers)


def _bucket(bucket: Bucket, *, with_region: bool) -> str:
    region = _element("BucketRegion", bucket.region) if with_region else ""
    created = _element("CreationDate", rfc3339(bucket.created).replace("Z", ".000Z"))
    return f"<Bucket>{_element('Name', bucket.name)}{created}{region}</Bucket>"


def _canonical_id(account: str) -> str:
    """Return an id of the form by which S3 knows an account: 64 hexadecimal digits."""
    return hashlib.sha256(account.encode()).hexdigest()


def _element(name: str, text: str) -> str:
    return f"<{name}>{escape(text)}</{name}>"
