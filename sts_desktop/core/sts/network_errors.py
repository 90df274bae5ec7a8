"""What can go wrong between this computer and AWS.

After an `OfflineError`, `CertificateError` or `CaBundleError` nothing was sent: a code that belonged to the request is
unused. The others leave it open.
"""

from sts_desktop.core.errors import Field, StsDesktopError
from sts_desktop.core.i18n import _


class OfflineError(StsDesktopError):
    """No connection came about: no network, an unknown host, or nothing that listens there.

    Args:
        host: the host that was to be reached.
    """

    def __init__(self, host: str) -> None:
        super().__init__(
            _("No connection to AWS"),
            _("{host} could not be reached; this computer may be offline.").format(host=host),
            _("Check the network, a VPN if one is needed, and the endpoint."),
        )


class NotAnsweringError(StsDesktopError):
    """A connection came about, and then no whole answer.

    Args:
        host: the host that was asked.
        with_code: whether an MFA code was sent, which may therefore be used up.
    """

    def __init__(self, host: str, *, with_code: bool) -> None:
        super().__init__(
            _("AWS does not answer"),
            _("{host} took the connection but did not answer in time.").format(host=host),
            again_later(with_code=with_code),
        )


class CertificateError(StsDesktopError):
    """The host's certificate is not one that this computer trusts.

    Args:
        host: the host that was to be reached.
    """

    def __init__(self, host: str) -> None:
        super().__init__(
            _("Certificate not trusted"),
            _("The connection to {host} is not trusted. Nothing was sent.").format(host=host),
            _(
                "If your company inspects connections, set AWS_CA_BUNDLE to the file with its certificates. "
                "Check the clock of this computer too."
            ),
        )


class CaBundleError(StsDesktopError):
    """The file of trusted certificates that the environment names cannot be used."""

    def __init__(self) -> None:
        super().__init__(
            _("Trusted certificates cannot be read"),
            _("AWS_CA_BUNDLE or REQUESTS_CA_BUNDLE names a file that is missing or holds no certificates."),
            _("Correct the variable or remove it, then start the program again."),
        )


class SecureConnectionError(StsDesktopError):
    """No encrypted connection could be agreed on.

    Args:
        host: the host that was to be reached.
    """

    field = Field.ENDPOINT

    def __init__(self, host: str) -> None:
        super().__init__(
            _("No secure connection"),
            _("{host} did not agree to an encrypted connection.").format(host=host),
            _("Check the endpoint; in a hotel or an office, sign in to its network first."),
        )


class ProxyError(StsDesktopError):
    """The proxy that the environment or the system names does not let the request through.

    Args:
        host: the proxy's host and port, or None where its address makes no sense; never its user or password.
    """

    def __init__(self, host: str | None) -> None:
        message = _("The address of the proxy cannot be understood.")
        if host is not None:
            message = _("The proxy {host} did not let the request through.").format(host=host)
        super().__init__(
            _("Proxy does not work"),
            message,
            _("Check HTTPS_PROXY, or the proxy settings of the system: http and https proxies can be used."),
        )


class AnswerNotFromAwsError(StsDesktopError):
    """Something else answered, such as the sign-in page of a network.

    Args:
        host: the host that was asked.
    """

    def __init__(self, host: str) -> None:
        super().__init__(
            _("The answer was not from AWS"),
            _("Something between this computer and {host} answered in its place.").format(host=host),
            _("In a hotel, a train or an office, open a web page and sign in to the network, then try again."),
        )


class UnexpectedAnswerError(StsDesktopError):
    """The answer is broken, or lacks what it must hold. Nothing of it is kept.

    Args:
        host: the host that was asked.
        with_code: whether an MFA code was sent, which is therefore used up.
    """

    def __init__(self, host: str, *, with_code: bool) -> None:
        super().__init__(
            _("Unexpected answer"),
            _("The answer of {host} is incomplete or broken; nothing of it was kept.").format(host=host),
            again_later(with_code=with_code),
        )


def again_later(*, with_code: bool) -> str:
    """Return the hint to try again, with the next MFA code where one was sent."""
    if with_code:
        return _("Wait a moment, then try again with the next code of the MFA device.")
    return _("Wait a moment, then try again.")
