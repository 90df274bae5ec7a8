"""Verifies AWS Signature Version 4: the request is signed again with the secret of its key, by botocore's own signer.

Only the Authorization header is read, which is where botocore and the AWS CLI put the signature; presigned URLs
count as unsigned. Rules: IAM User Guide, "AWS Signature Version 4 for API requests".
"""

import hashlib
import hmac
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from sts_desktop.demo import refusals
from sts_desktop.demo.refusals import RefusalError, basic_format

ALGORITHM = "AWS4-HMAC-SHA256"
SERVICE = "sts"
TERMINATOR = "aws4_request"

TOLERANCE = timedelta(minutes=15)
"""How far the date of a request may be from the server's clock (Common Errors, RequestExpired)."""


@dataclass(frozen=True)
class ReceivedRequest:
    """An HTTP request as it arrived.

    Attributes:
        method: such as `POST`.
        target: path and query, as in the request line.
        headers: name in lower case and value, in the order they came in.
        body: the bytes after the headers.
    """

    method: str
    target: str
    headers: tuple[tuple[str, str], ...] = field(repr=False)
    body: bytes = field(default=b"", repr=False)

    def header(self, name: str) -> str | None:
        """Return the first value of the header `name` (lower case), or None."""
        return next((value for key, value in self.headers if key == name), None)


@dataclass(frozen=True)
class Authorization:
    """The Authorization header in its parts, and when the request says it was signed."""

    access_key_id: str
    scope_date: str
    region: str
    service: str
    terminator: str
    signed_headers: tuple[str, ...]
    signature: str
    signed_at: datetime


def read_authorization(request: ReceivedRequest) -> Authorization:
    """Return who says to have signed `request`, and how.

    Raises:
        RefusalError: the header is missing, or is not one of Signature Version 4.
    """
    header = request.header("authorization")
    if not header:
        raise refusals.missing_authentication_token()
    pairs = _pairs(header)
    date = request.header("x-amz-date") or request.header("date")
    missing = [
        f"Authorization header requires '{name}' parameter."
        for name in ("Credential", "Signature", "SignedHeaders")
        if not pairs.get(name)
    ]
    if not date:
        missing.append("Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header.")
    if missing or not date:
        raise refusals.incomplete_authorization(missing, header)
    scope = pairs["Credential"].split("/")
    if len(scope) != 5:
        raise refusals.malformed_credential(pairs["Credential"])
    key_id, day, region, service, terminator = scope
    signed_headers = tuple(pairs["SignedHeaders"].split(";"))
    return Authorization(key_id, day, region, service, terminator, signed_headers, pairs["Signature"], _read_date(date))


def is_scoped_to(service: str, request: ReceivedRequest) -> bool:
    """Whether `request` is signed, well or badly, for the service of that name."""
    try:
        return read_authorization(request).service == service
    except RefusalError:
        return False


def verify(
    request: ReceivedRequest,
    authorization: Authorization,
    secret_access_key: str,
    moment: datetime,
    service: str = SERVICE,
) -> None:
    """Check that `request` was signed with `secret_access_key`, for `service`, at about `moment`.

    Args:
        request: what arrived.
        authorization: what `read_authorization` made of it.
        secret_access_key: the secret of the key that it names.
        moment: what the server's clock shows.
        service: whom the request is for, as scopes name it.

    Raises:
        RefusalError: it was not. As in AWS, a wrong date is named before a wrong signature.
    """
    _check_scope(authorization, service)
    if authorization.signed_at < moment - TOLERANCE:
        raise refusals.signature_expired(authorization.signed_at, moment, TOLERANCE)
    if authorization.signed_at > moment + TOLERANCE:
        raise refusals.signature_not_yet_current(authorization.signed_at, moment, TOLERANCE)
    if not is_signed_with(secret_access_key, request, authorization):
        raise refusals.signature_does_not_match()


def is_signed_with(secret_access_key: str, request: ReceivedRequest, authorization: Authorization) -> bool:
    """Whether `request` is what the holder of `secret_access_key` signed for the service and region that it names."""
    expected = _signature(request, authorization, secret_access_key)
    is_the_same = hmac.compare_digest(expected.encode(), authorization.signature.encode())
    return is_the_same and _declares_its_body(request)


def _pairs(header: str) -> dict[str, str]:
    """Return the `key=value` parts of an Authorization header; AWS takes commas and spaces between them."""
    if not header.startswith(ALGORITHM):
        return {}
    pairs = {}
    for part in header.removeprefix(ALGORITHM).replace(",", " ").split():
        name, equals, value = part.partition("=")
        if not equals:
            raise refusals.not_a_pair(part, header)
        pairs[name] = value
    return pairs


def _read_date(text: str) -> datetime:
    """Return the moment of an X-Amz-Date (ISO 8601 basic) or a Date header (RFC 9110)."""
    try:
        if text.endswith("Z") and len(text) == len("20150830T123600Z"):
            return datetime.fromisoformat(text).astimezone(UTC)
        return parsedate_to_datetime(text).astimezone(UTC)
    except (ValueError, OverflowError):
        raise refusals.malformed_date(text) from None


def _check_scope(authorization: Authorization, service: str) -> None:
    """Raise RefusalError unless the signature is scoped to `service` and the day of the request, in any region."""
    problems = []
    if authorization.service != service:
        problems.append(f"Credential should be scoped to correct service: '{service}'.")
    if authorization.terminator != TERMINATOR:
        problems.append(
            f"Credential should be scoped with a valid terminator: '{TERMINATOR}', not '{authorization.terminator}'."
        )
    signed_at = basic_format(authorization.signed_at)
    day = signed_at[:8]
    if authorization.scope_date != day:
        problems.append(
            "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: "
            f"'{authorization.scope_date}' != '{day}', from '{signed_at}'."
        )
    if problems:
        raise refusals.wrong_scope(problems)


def _declares_its_body(request: ReceivedRequest) -> bool:
    """Whether the hash in the X-Amz-Content-SHA256 header, which the signer takes as it is, is that of the body."""
    declared = request.header("x-amz-content-sha256")
    return declared is None or declared == hashlib.sha256(request.body).hexdigest()


def _signature(request: ReceivedRequest, authorization: Authorization, secret_access_key: str) -> str:
    """Return the signature that the holder of `secret_access_key` would have made, in hexadecimal."""
    from botocore.auth import SigV4Auth
    from botocore.awsrequest import AWSRequest
    from botocore.credentials import Credentials

    # Signed again with the headers that the sender names. botocore adds the host where it is missing, so that a
    # signature without it never fits, and leaves out `user-agent` and a few more, so that a client that signs those
    # is refused.
    again = AWSRequest(request.method, f"http://localhost{request.target}", data=request.body)
    for name, value in request.headers:
        if name in authorization.signed_headers:
            again.headers[name] = value
    again.context["timestamp"] = basic_format(authorization.signed_at)
    key = Credentials(authorization.access_key_id, secret_access_key)
    # The signer of S3 differs in paths that need encoding alone, and the one path served needs none.
    signer = SigV4Auth(key, authorization.service, authorization.region)
    text = signer.string_to_sign(again, signer.canonical_request(again))
    return str(signer.signature(text, again))
