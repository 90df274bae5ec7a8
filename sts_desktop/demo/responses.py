"""The answers of STS, in the XML of the Query protocol, which is IAM's too.

Shapes: the examples of the AWS STS API reference; an error answer as a whole in amzn/selling-partner-api-docs#3081.
"""

import uuid
from dataclasses import dataclass, field
from xml.sax.saxutils import escape

from sts_desktop.core.clock import rfc3339
from sts_desktop.core.credentials import CallerIdentity, SessionCredentials
from sts_desktop.demo.refusals import RefusalError

NAMESPACE = "https://sts.amazonaws.com/doc/2011-06-15/"


@dataclass(frozen=True)
class Answer:
    """An HTTP answer: status code, body, its media type, and further headers."""

    status: int
    body: bytes = field(repr=False)
    content_type: str = "text/xml"
    headers: tuple[tuple[str, str], ...] = ()


def session_token_answer(credentials: SessionCredentials) -> Answer:
    """Return the answer to `GetSessionToken`."""
    return result_answer(
        "GetSessionToken",
        f"""    <Credentials>
      <AccessKeyId>{escape(credentials.access_key_id)}</AccessKeyId>
      <SecretAccessKey>{escape(credentials.secret_access_key)}</SecretAccessKey>
      <SessionToken>{escape(credentials.session_token)}</SessionToken>
      <Expiration>{rfc3339(credentials.expiration)}</Expiration>
    </Credentials>
""",
    )


def caller_identity_answer(identity: CallerIdentity) -> Answer:
    """Return the answer to `GetCallerIdentity`."""
    return result_answer(
        "GetCallerIdentity",
        f"""    <Arn>{escape(identity.arn)}</Arn>
    <UserId>{escape(identity.user_id)}</UserId>
    <Account>{escape(identity.account)}</Account>
""",
    )


def error_answer(refusal: RefusalError, namespace: str = NAMESPACE) -> Answer:
    """Return the answer that refuses a request to the service of that XML namespace."""
    request_id = str(uuid.uuid4())
    body = f"""<ErrorResponse xmlns="{namespace}">
  <Error>
    <Type>{refusal.type}</Type>
    <Code>{refusal.code}</Code>
    <Message>{escape(refusal.message)}</Message>
  </Error>
  <RequestId>{request_id}</RequestId>
</ErrorResponse>
"""
    return Answer(refusal.status, body.encode(), headers=(("x-amzn-RequestId", request_id),))


def result_answer(action: str, content: str, namespace: str = NAMESPACE) -> Answer:
    """Return the answer to `action` of the service of that XML namespace, with `content` as its result."""
    request_id = str(uuid.uuid4())
    body = f"""<{action}Response xmlns="{namespace}">
  <{action}Result>
{content}  </{action}Result>
  <ResponseMetadata>
    <RequestId>{request_id}</RequestId>
  </ResponseMetadata>
</{action}Response>
"""
    return Answer(200, body.encode(), headers=(("x-amzn-RequestId", request_id),))
