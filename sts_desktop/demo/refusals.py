"""What STS and IAM refuse, with AWS's own codes, HTTP statuses and messages.

These are answers of a server: read by a client, in AWS's English, never translated. Each says where AWS documents the
code or where somebody published the message. "Common Errors" is the page of that name in the AWS STS API reference.
"""

from datetime import datetime, timedelta

from sts_desktop.core.clock import rfc3339


class RefusalError(Exception):
    """STS answers with an error instead of a result.

    Attributes:
        code: AWS's name for the error, such as `AccessDenied`.
        message: AWS's sentence about it.
        status: the HTTP status code.
        type: whose fault AWS says it is: `Sender` or `Receiver`.
    """

    def __init__(self, code: str, message: str, status: int, type: str = "Sender") -> None:  # noqa: A002  (AWS's name)
        super().__init__(code, message)
        self.code = code
        self.message = message
        self.status = status
        self.type = type


def missing_authentication_token() -> RefusalError:
    """The request has no Authorization header."""
    # Whole answer in amzn/selling-partner-api-docs#3081.
    return RefusalError("MissingAuthenticationToken", "Request is missing Authentication Token", 403)


def incomplete_authorization(missing: list[str], header: str) -> RefusalError:
    """The Authorization header lacks what SigV4 needs; AWS repeats the whole header."""
    # aws/chalice#828 shows the sentences, brendanhay/amazonka#316 the code and the status.
    return RefusalError("IncompleteSignature", " ".join([*missing, f"Authorization={header}"]), 400)


def not_a_pair(part: str, header: str) -> RefusalError:
    """A part of the Authorization header has no equal sign, as when the key id begins with a space."""
    # boto/boto3#2280, jenkinsci/aws-credentials-plugin#72.
    message = f"'{part}' not a valid key=value pair (missing equal-sign) in Authorization header: '{header}'."
    return RefusalError("IncompleteSignature", message, 400)


def malformed_credential(credential: str) -> RefusalError:
    """The Credential of the Authorization header is not `key id/date/region/service/aws4_request`."""
    # kubernetes-sigs/aws-iam-authenticator#374 shows it from STS, with the status.
    message = (
        "Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, "
        f"got '{credential}'"
    )
    return RefusalError("IncompleteSignature", message, 400)


def malformed_date(date: str) -> RefusalError:
    """The date of the request cannot be read."""
    # The sentence is recorded in the source of mhart/dynalite (index.js); 400 in Common Errors.
    message = f"Date must be in ISO-8601 'basic format'. Got '{date}'. See http://en.wikipedia.org/wiki/ISO_8601"
    return RefusalError("IncompleteSignature", message, 400)


def invalid_client_token_id() -> RefusalError:
    """The access key is unknown or inactive, or its session token is not the one that belongs to it."""
    # jrl84/amazon-sp-api#218; the status in barnybug/cli53#278. AWS says the same of an inactive key.
    return RefusalError("InvalidClientTokenId", "The security token included in the request is invalid.", 403)


def expired_token() -> RefusalError:
    """The session credentials have ended."""
    # aws/aws-sdk-java-v2#1649: `ExpiredToken` and 403, although the service model says `ExpiredTokenException`, 400.
    return RefusalError("ExpiredToken", "The security token included in the request is expired", 403)


def wrong_scope(problems: list[str]) -> RefusalError:
    """The signature is made for another service or another day than the request."""
    # cllunsford/aws-signing-proxy#25 shows the sentence about the service; both stand in the IAM User Guide,
    # "Troubleshoot Signature Version 4 signing". STS answers 403 (cognitect-labs/aws-api#27).
    return RefusalError("SignatureDoesNotMatch", " ".join(problems) + " ", 403)


def signature_expired(signed_at: datetime, moment: datetime, tolerance: timedelta) -> RefusalError:
    """The client's clock is slow, or the request took too long."""
    # aws/aws-cli#6676, devsecops/bootcamp#101.
    message = (
        f"Signature expired: {basic_format(signed_at)} is now earlier than {basic_format(moment - tolerance)} "
        f"({basic_format(moment)} - {_minutes(tolerance)} min.)"
    )
    return RefusalError("SignatureDoesNotMatch", message, 403)


def signature_not_yet_current(signed_at: datetime, moment: datetime, tolerance: timedelta) -> RefusalError:
    """The client's clock is fast."""
    # QT-DevOps/DevOpsIssues#989.
    message = (
        f"Signature not yet current: {basic_format(signed_at)} is still later than {basic_format(moment + tolerance)} "
        f"({basic_format(moment)} + {_minutes(tolerance)} min.)"
    )
    return RefusalError("SignatureDoesNotMatch", message, 403)


def signature_does_not_match() -> RefusalError:
    """The secret is wrong, or the request was changed after it was signed."""
    # aws/aws-sdk-ruby#374; for query services also aws/aws-cli#135.
    message = (
        "The request signature we calculated does not match the signature you provided. Check your AWS Secret "
        "Access Key and signing method. Consult the service documentation for details."
    )
    return RefusalError("SignatureDoesNotMatch", message, 403)


def missing_action() -> RefusalError:
    """The request does not say what it wants."""
    # Common Errors: "The request is missing an action or a required parameter", 400. AWS publishes no message.
    return RefusalError("MissingAction", "Missing Action", 400)


def invalid_action(action: str, version: str) -> RefusalError:
    """The request wants what this STS does not do."""
    # aws/aws-cli#37; 400 in Common Errors.
    return RefusalError("InvalidAction", f"Could not find operation {action} for version {version}", 400)


def validation_error(violations: list[str]) -> RefusalError:
    """Parameters are out of their limits; AWS repeats their values, a token code too (aws/aws-cli#4648)."""
    # noobaa/noobaa-core#8254 and goldstack/goldstack#425 show the sentence; 400 in Common Errors.
    errors = "error" if len(violations) == 1 else "errors"
    return RefusalError(
        "ValidationError", f"{len(violations)} validation {errors} detected: {'; '.join(violations)}", 400
    )


def session_credentials_used() -> RefusalError:
    """GetSessionToken was called with the credentials of a session."""
    # aws/aws-sdk-php#1876, aws/aws-sdk-net#1704; the status in apache/hadoop#6538.
    return RefusalError("AccessDenied", "Cannot call GetSessionToken with session credentials", 403)


def wrong_token_code() -> RefusalError:
    """The code is not what the device shows, or was used before."""
    # lonelyplanet/aws-mfa#21, binxio/aws-ssm-copy#22. A code works once: RFC 6238 section 5.2.
    return RefusalError("AccessDenied", "MultiFactorAuthentication failed with invalid MFA one time pass code. ", 403)


def unknown_mfa_device() -> RefusalError:
    """The serial number is not that of a device of this user."""
    # aws/aws-cli#6325, broamski/aws-mfa#25 and #46; the status in 99designs/aws-vault#676. Two spaces are AWS's.
    message = (
        "MultiFactorAuthentication failed, unable to validate MFA code.  "
        "Please verify your MFA serial number is valid and associated with this user. "
    )
    return RefusalError("AccessDenied", message, 403)


def serial_and_code_go_together() -> RefusalError:
    """A serial number without a code, or a code without a serial number."""
    # The API reference of GetSessionToken promises "an access denied error"; nobody has published this sentence.
    message = "MultiFactorAuthentication failed, must provide both MFA serial number and one time pass code. "
    return RefusalError("AccessDenied", message, 403)


def region_disabled(account: str) -> RefusalError:
    """STS is switched off in this region for the account."""
    # turbot/steampipe-plugin-aws#1510; 403 in the service model. GetCallerIdentity is not refused
    # (aws/aws-sdk-go-v2#2846).
    message = (
        f"STS is not activated in this region for account:{account}. "
        "Your account administrator can activate STS in this region using the IAM Console."
    )
    return RefusalError("RegionDisabledException", message, 403)


def listing_denied(arn: str, user_name: str) -> RefusalError:
    """A policy denies `iam:ListMFADevices` to who has not shown a code."""
    # lonelyplanet/aws-mfa#19 shows the sentence up to the action, terraform-aws-modules/terraform-aws-iam#43 the user
    # as the resource, aws/aws-cli#5592 and ministryofjustice/modernisation-platform#12674 the end.
    message = (
        f"User: {arn} is not authorized to perform: iam:ListMFADevices on resource: user {user_name} "
        "with an explicit deny in an identity-based policy"
    )
    return RefusalError("AccessDenied", message, 403)


def no_such_user(name: str) -> RefusalError:
    """There is no user of that name in the account."""
    # IAM API Reference, ListMFADevices: NoSuchEntity, 404; the sentence in ansible/ansible#45593.
    return RefusalError("NoSuchEntity", f"The user with name {name} cannot be found.", 404)


def throttled() -> RefusalError:
    """Too many calls."""
    # Whole answer in jlevers/selling-partner-api#278; 400 also in aws/aws-sdk-go-v2#2481.
    return RefusalError("Throttling", "Rate exceeded", 400)


def internal_failure() -> RefusalError:
    """Something broke inside AWS."""
    # Common Errors: "The request processing has failed because of an unknown error, exception or failure", 500.
    message = "The request processing has failed because of an unknown error, exception or failure."
    return RefusalError("InternalFailure", message, 500, "Receiver")


def service_unavailable() -> RefusalError:
    """STS is down for a moment."""
    # Common Errors: "The request has failed due to a temporary failure of the server", 503.
    message = "The request has failed due to a temporary failure of the server."
    return RefusalError("ServiceUnavailable", message, 503, "Receiver")


def basic_format(moment: datetime) -> str:
    """Return `moment` in UTC in ISO 8601's basic format, as SigV4 writes it: `20150830T123600Z`."""
    return rfc3339(moment).replace("-", "").replace(":", "")


def _minutes(span: timedelta) -> int:
    return int(span.total_seconds()) // 60
