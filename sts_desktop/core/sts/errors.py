"""Every way in which an STS call can fail: `refusals` by AWS, `network_errors` on the way to it."""

from sts_desktop.core.errors import Field, StsDesktopError
from sts_desktop.core.i18n import _
from sts_desktop.core.sts.network_errors import (
    AnswerNotFromAwsError,
    CaBundleError,
    CertificateError,
    NotAnsweringError,
    OfflineError,
    ProxyError,
    SecureConnectionError,
    UnexpectedAnswerError,
)
from sts_desktop.core.sts.refusals import (
    DurationRefusedError,
    MalformedKeyError,
    MfaSerialRefusedError,
    NotAcceptedKeyError,
    RefusedError,
    ServiceUnavailableError,
    SessionExpiredError,
    StsDisabledInRegionError,
    TemporaryKeyError,
    ThrottledError,
    TokenCodeRefusedError,
    WrongClockError,
    WrongSecretError,
)

__all__ = [
    "AnswerNotFromAwsError",
    "CaBundleError",
    "CertificateError",
    "DurationRefusedError",
    "MalformedKeyError",
    "MfaSerialRefusedError",
    "NotAcceptedKeyError",
    "NotAnsweringError",
    "OfflineError",
    "ProxyError",
    "RefusedError",
    "SecureConnectionError",
    "ServiceUnavailableError",
    "SessionExpiredError",
    "StsDisabledInRegionError",
    "TemporaryKeyError",
    "ThrottledError",
    "TokenCodeRefusedError",
    "UnexpectedAnswerError",
    "UnknownEndpointError",
    "WrongClockError",
    "WrongSecretError",
]


class UnknownEndpointError(StsDesktopError):
    """No STS endpoint has that name."""

    field = Field.ENDPOINT

    def __init__(self, name: str, similar: str | None = None) -> None:
        hint = (
            _("Did you mean “{similar}”?").format(similar=similar)
            if similar
            else _("Choose one from the list of endpoints (in a terminal: sts-desktop endpoints).")
        )
        super().__init__(_("Unknown endpoint"), _("There is no STS endpoint named “{name}”.").format(name=name), hint)
