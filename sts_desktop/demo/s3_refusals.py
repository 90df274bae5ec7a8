"""What S3 refuses, with its own codes, HTTP statuses and messages, which differ from those of STS.

"Error Responses" is the page of that name in the S3 API Reference; it lists codes, statuses and most sentences.
"""

from datetime import datetime, timedelta

from sts_desktop.core.clock import rfc3339
from sts_desktop.demo.refusals import basic_format


class S3RefusalError(Exception):
    """S3 answers with an error instead of a result.

    Attributes:
        code: S3's name for the error, such as `AccessDenied`.
        message: S3's sentence about it.
        status: the HTTP status code.
        details: names and texts of the elements that this error has besides those that all have.
    """

    def __init__(self, code: str, message: str, status: int, **details: str) -> None:
        super().__init__(code, message)
        self.code = code
        self.message = message
        self.status = status
        self.details = details


def invalid_access_key_id(access_key_id: str) -> S3RefusalError:
    """The key is unknown or inactive, or it is one of a session and comes without its token."""
    # Whole answer in minio/minio#9973.
    message = "The AWS Access Key Id you provided does not exist in our records."
    return S3RefusalError("InvalidAccessKeyId", message, 403, AWSAccessKeyId=access_key_id)


def invalid_token() -> S3RefusalError:
    """The session token is not the one that belongs to the key. AWS repeats it, which this answer leaves out."""
    # s3tools/s3cmd#297 shows the sentence and the status, of ListBuckets.
    return S3RefusalError("InvalidToken", "The provided token is malformed or otherwise invalid.", 400)


def expired_token() -> S3RefusalError:
    """The session credentials have ended. AWS repeats their token, which this answer leaves out."""
    # Whole answer in craftcms/aws-s3#182: 400, where STS has 403.
    return S3RefusalError("ExpiredToken", "The provided token has expired.", 400)


def request_time_too_skewed(signed_at: datetime, moment: datetime, tolerance: timedelta) -> S3RefusalError:
    """The client's clock is wrong, or the request took too long."""
    # Whole answer in versity/versitygw#1514.
    return S3RefusalError(
        "RequestTimeTooSkewed",
        "The difference between the request time and the current time is too large.",
        403,
        RequestTime=basic_format(signed_at),
        ServerTime=rfc3339(moment),
        MaxAllowedSkewMilliseconds=str(int(tolerance.total_seconds() * 1000)),
    )


def hash_of_body_is_missing() -> S3RefusalError:
    """The request does not have the header that S3 alone demands."""
    # "Authenticating Requests (AWS Signature Version 4)", S3 API Reference; the code and 400 in Error Responses.
    message = "Missing required header for this request: x-amz-content-sha256"
    return S3RefusalError("InvalidRequest", message, 400)


def signature_does_not_match(access_key_id: str) -> S3RefusalError:
    """The secret is wrong, or the request was changed after it was signed."""
    # minio/minio#9973. AWS adds what it signed, for people who write clients.
    message = (
        "The request signature we calculated does not match the signature you provided. Check your key and signing "
        "method."
    )
    return S3RefusalError("SignatureDoesNotMatch", message, 403, AWSAccessKeyId=access_key_id)


def access_denied() -> S3RefusalError:
    """No policy lets the user list the buckets of the account."""
    # wp-media/backwpup#92 shows it, of ListBuckets. Newer answers name the user and the action in their sentence.
    return S3RefusalError("AccessDenied", "Access Denied", 403)


def invalid_page_size(value: str) -> S3RefusalError:
    """The number of buckets asked for is none, or out of its limits (S3 API Reference, ListBuckets)."""
    message = "Argument max-buckets must be an integer between 1 and 10000"
    return S3RefusalError("InvalidArgument", message, 400, ArgumentName="max-buckets", ArgumentValue=value)


def invalid_continuation_token() -> S3RefusalError:
    """The list cannot be continued from there."""
    # akka/alpakka#339 shows the sentence, brekkylab/backlot#205 the rest.
    message = "The continuation token provided is incorrect"
    return S3RefusalError("InvalidArgument", message, 400, ArgumentName="continuation-token")


def not_implemented() -> S3RefusalError:
    """The request wants what this S3 does not do: anything but to list buckets."""
    # Error Responses.
    message = "A header you provided implies functionality that is not implemented."
    return S3RefusalError("NotImplemented", message, 501)


def slow_down() -> S3RefusalError:
    """Too many calls."""
    # Error Responses; the sentence also in aws/aws-sdk-net#1949.
    return S3RefusalError("SlowDown", "Please reduce your request rate.", 503)


def internal_error() -> S3RefusalError:
    """Something broke inside AWS."""
    # Error Responses.
    return S3RefusalError("InternalError", "We encountered an internal error. Please try again.", 500)


def service_unavailable() -> S3RefusalError:
    """S3 is down for a moment."""
    # Error Responses.
    return S3RefusalError("ServiceUnavailable", "Service is unable to handle request.", 503)
