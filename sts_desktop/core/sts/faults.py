"""From what botocore raises to the errors of this program.

The text of an answer is looked at and never passed on: STS repeats what it was sent, a token code included
(aws/aws-cli#4648), and botocore's `ResponseParserError` quotes the whole body with both secrets.
"""

import logging
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from sts_desktop.core.errors import StsDesktopError
from sts_desktop.core.sts import errors
from sts_desktop.core.sts.endpoint import CUSTOM_ID, Endpoint
from sts_desktop.core.sts.endpoints import always_on
from sts_desktop.core.sts.exchange import AnswerHead

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Call:
    """What was asked: of which endpoint, which service and operation (botocore's names), whether with an MFA code."""

    endpoint: Endpoint
    service: str
    operation: str
    with_code: bool


def own_error(error: Exception, call: Call, head: AnswerHead | None) -> StsDesktopError | None:
    """Return what `error`, raised by a botocore client, means to a person.

    Args:
        error: what the client raised.
        call: what was asked.
        head: of the answer, if one had come.

    Returns:
        One of the classes in `errors`, or None when `error` is a bug of ours.
    """
    from botocore.exceptions import BotoCoreError, ClientError

    if head is None:
        return _network_fault(error, call) if isinstance(error, BotoCoreError) else None
    code = _code(error.response) if isinstance(error, ClientError) else ""
    log.info("%s of %s: HTTP status %s, code %s", call.operation, call.endpoint.host, head.status, code or "none")
    if not isinstance(error, ClientError) or not code or head.status == 511:  # RFC 6585: a network wants a sign-in
        return _broken_answer(call, head)
    refusal = _refusal(code, str(error.response["Error"].get("Message", "")).lower(), call, head)
    refusal.code = code
    return refusal


def _broken_answer(call: Call, head: AnswerHead) -> StsDesktopError:
    """Return the error for an answer that cannot be used: AWS sends XML, the sign-in page of a network HTML."""
    content_type = head.headers.get("content-type", "").lower()
    if "xml" in content_type and "html" not in content_type:
        return errors.UnexpectedAnswerError(call.endpoint.host, with_code=call.with_code)
    return errors.AnswerNotFromAwsError(call.endpoint.host)


def _code(response: Mapping[str, object]) -> str:
    """Return AWS's code, or nothing where the answer has none or something that is no code."""
    details = response.get("Error")
    code = details.get("Code") if isinstance(details, dict) else None
    return code if isinstance(code, str) and re.fullmatch(r"[A-Za-z0-9.]{1,64}", code) else ""


def _refusal(code: str, words: str, call: Call, head: AnswerHead) -> StsDesktopError:
    """Return the error for a code of the STS or S3 API Reference ("Common Errors", "Error Responses") and its words."""
    by_code: dict[str, Callable[[], StsDesktopError]] = {
        "InvalidClientTokenId": lambda: _key_not_accepted(call),
        "InvalidAccessKeyId": lambda: _key_not_accepted(call),  # S3's word for it
        "SignatureDoesNotMatch": lambda: _signature_refused(words, head),
        "RequestExpired": lambda: _wrong_clock(head),
        "RequestTimeTooSkewed": lambda: _wrong_clock(head),  # S3's
        "ExpiredToken": errors.SessionExpiredError,
        "ExpiredTokenException": errors.SessionExpiredError,
        "IncompleteSignature": errors.MalformedKeyError,
        "MissingAuthenticationToken": errors.MalformedKeyError,
        "AccessDenied": lambda: _access_denied(code, words, call),
        "AccessDeniedException": lambda: _access_denied(code, words, call),
        "RegionDisabledException": lambda: region_disabled(call.endpoint),
        "ValidationError": lambda: _invalid_parameter(code, words),
        "Throttling": lambda: errors.ThrottledError(with_code=call.with_code),
        "ThrottlingException": lambda: errors.ThrottledError(with_code=call.with_code),
        "SlowDown": lambda: errors.ThrottledError(with_code=call.with_code),  # S3's
        "RequestLimitExceeded": lambda: errors.ThrottledError(with_code=call.with_code),
    }
    if code in by_code:
        return by_code[code]()
    if head.status == 429:
        return errors.ThrottledError(with_code=call.with_code)
    if head.status >= 500:
        return errors.ServiceUnavailableError(with_code=call.with_code)
    return errors.RefusedError(code)


def _key_not_accepted(call: Call) -> StsDesktopError:
    return errors.NotAcceptedKeyError(call.endpoint.place, opt_in=not call.endpoint.enabled_by_default)


def region_disabled(endpoint: Endpoint) -> StsDesktopError:
    """Return the error of an endpoint at which STS is switched off for the account, with another one to offer."""
    other = always_on(endpoint.partition) if endpoint.id != CUSTOM_ID else None  # that may be no AWS at all
    return errors.StsDisabledInRegionError(endpoint, other if other != endpoint else None)


def _signature_refused(words: str, head: AnswerHead) -> StsDesktopError:
    """Tell a wrong clock from a wrong secret, which have the same code (aws/aws-cli#3279)."""
    if "signature expired" in words or "signature not yet current" in words:
        return _wrong_clock(head)
    return errors.WrongSecretError()


def _wrong_clock(head: AnswerHead) -> StsDesktopError:
    offset = head.clock_offset()
    minutes = round(offset / timedelta(minutes=1)) if offset is not None else 0
    return errors.WrongClockError(minutes or None)


def _access_denied(code: str, words: str, call: Call) -> StsDesktopError:
    """Tell MFA from the rest: no policy can deny `GetSessionToken` itself (STS API Reference)."""
    if call.service != "sts":  # a policy; "mfa" is a part of the name of what was called
        return errors.RefusedError(code)
    if "one time pass code" in words:
        return errors.TokenCodeRefusedError()
    if "mfa" in words:
        return errors.MfaSerialRefusedError()
    if "session credentials" in words:
        return errors.TemporaryKeyError()
    return errors.RefusedError(code)


def _invalid_parameter(code: str, words: str) -> StsDesktopError:
    if "durationseconds" in words:
        return errors.DurationRefusedError()
    if "tokencode" in words:
        return errors.TokenCodeRefusedError()
    if "serialnumber" in words:
        return errors.MfaSerialRefusedError()
    return errors.RefusedError(code)


def _network_fault(error: Exception, call: Call) -> StsDesktopError | None:
    from botocore import exceptions

    host = call.endpoint.host
    log.info("%s of %s: %s", call.operation, host, type(error).__name__)
    match error:
        case exceptions.ProxyConnectionError() | exceptions.InvalidProxiesConfigError():
            return errors.ProxyError(_proxy_host())
        case exceptions.SSLError(kwargs=details):
            return _tls_fault(details.get("error"), host)
        case exceptions.EndpointConnectionError() | exceptions.ConnectTimeoutError():  # before anything is sent
            return errors.OfflineError(host)
        case exceptions.ReadTimeoutError() | exceptions.ConnectionClosedError():
            return errors.NotAnsweringError(host, with_code=call.with_code)
        case exceptions.HTTPClientError() if _proxy_address():  # such as an address that urllib3 cannot parse
            return errors.ProxyError(_proxy_host())
        case exceptions.HTTPClientError():
            return errors.NotAnsweringError(host, with_code=call.with_code)
    return None


def _tls_fault(error: object, host: str) -> StsDesktopError:
    """Tell an untrusted certificate from a missing file of trusted ones and from a host that speaks no TLS."""
    import ssl

    cause = error.args[0] if isinstance(error, Exception) and error.args else error
    if not isinstance(cause, ssl.SSLError):  # an OSError of the file, or urllib3's own comparison of host names
        return errors.CaBundleError() if isinstance(cause, OSError) else errors.CertificateError(host)
    if isinstance(cause, ssl.SSLCertVerificationError):
        return errors.CertificateError(host)
    if cause.reason == "NO_CERTIFICATE_OR_CRL_FOUND":
        return errors.CaBundleError()
    return errors.SecureConnectionError(host)


def _proxy_address() -> str:
    """Return the proxy that botocore uses, as the environment or the system writes it; empty for none."""
    from urllib.request import getproxies

    return getproxies().get("https", "")


def _proxy_host() -> str | None:
    """Return host and port of the proxy, without its user and password; None where its address makes no sense.

    botocore's own masked text is not used: it masks the first place where the user's name occurs, so that the
    password of a user named `h` stays (measured with 1.44.8).
    """
    address = _proxy_address().rpartition("@")[2]
    host = (address.partition("://")[2] or address).partition("/")[0]
    return host if re.fullmatch(r"[A-Za-z0-9._:\[\]-]+", host) else None
