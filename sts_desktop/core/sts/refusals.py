"""What AWS refuses, one class per cause that a person can act on."""

from typing import TYPE_CHECKING

from sts_desktop.core.errors import Field, StsDesktopError
from sts_desktop.core.i18n import _, ngettext
from sts_desktop.core.sts.network_errors import again_later

if TYPE_CHECKING:
    from sts_desktop.core.sts.endpoint import Endpoint


class NotAcceptedKeyError(StsDesktopError):
    """AWS does not know the key: deactivated, deleted, of another partition, or of an account without the region.

    Args:
        place: the place of the endpoint that was asked.
        opt_in: whether its region is one that an account must enable.
    """

    field = Field.ACCESS_KEY

    def __init__(self, place: str, *, opt_in: bool) -> None:
        hint = _("Check in the IAM console that the key is active, and that the endpoint belongs to its partition.")
        if opt_in:
            hint = _("Check that the key is active, and that the account has enabled the region {place}.").format(
                place=place
            )
        super().__init__(
            _("Access key not accepted"),
            _("AWS does not accept this access key: it was deactivated or deleted, or belongs elsewhere."),
            hint,
        )


class WrongSecretError(StsDesktopError):
    """The secret does not belong to the access key id."""

    field = Field.ACCESS_KEY

    def __init__(self) -> None:
        super().__init__(
            _("Secret access key does not match"),
            _("AWS knows the access key id, but the secret is not the one that belongs to it."),
            _("Enter the access key again; if the secret is lost, create a new key in the IAM console."),
        )


class MalformedKeyError(StsDesktopError):
    """AWS could not read the key or the signature made with it."""

    field = Field.ACCESS_KEY

    def __init__(self) -> None:
        super().__init__(
            _("Access key cannot be read"),
            _("The access key contains characters that do not belong, or a part of it is missing."),
            _("Enter the access key again."),
        )


class TemporaryKeyError(StsDesktopError):
    """The access key is one of session credentials, which cannot be turned into others."""

    field = Field.ACCESS_KEY

    def __init__(self) -> None:
        super().__init__(
            _("This is a temporary key"),
            _("Its id begins with ASIA: it belongs to session credentials, and AWS makes no others from those."),
            _("Use the long-lived access key of an IAM user; its id begins with AKIA."),
        )


class SessionExpiredError(StsDesktopError):
    """Session credentials were used after their end."""

    def __init__(self) -> None:
        super().__init__(
            _("Session expired"), _("AWS no longer accepts these session credentials."), _("Get a new token.")
        )


class WrongClockError(StsDesktopError):
    """The clock of this computer is too far off for AWS, which allows 15 minutes.

    Args:
        minutes: by how much; positive when the clock is slow, negative when it is fast, None when not known.
    """

    def __init__(self, minutes: int | None) -> None:
        if minutes is None:
            message = _("It is more than 15 minutes off, so AWS refused the request.")
        elif minutes > 0:
            message = _("It is about {difference} slow, so AWS refused the request.")
        else:
            message = _("It is about {difference} fast, so AWS refused the request.")
        super().__init__(
            _("The clock of this computer is wrong"),
            message.format(difference=_in_words(abs(minutes or 0))),
            _("Set date, time and time zone, or switch on setting them automatically."),
        )
        self.minutes = minutes


class TokenCodeRefusedError(StsDesktopError):
    """The MFA code is wrong, or was used before."""

    field = Field.TOKEN_CODE

    def __init__(self) -> None:
        super().__init__(
            _("MFA code not accepted"),
            _("The code is wrong, or it was used before: AWS accepts each code once."),
            _("Wait for the next code of the device and type that."),
        )


class MfaSerialRefusedError(StsDesktopError):
    """The MFA device is not one of the user whose key it is."""

    field = Field.MFA_SERIAL

    def __init__(self) -> None:
        super().__init__(
            _("MFA device not accepted"),
            _("AWS cannot check a code of this device for the user of the access key."),
            _("Check the device's ARN in the user's security credentials; it contains “:mfa/”."),
        )


class StsDisabledInRegionError(StsDesktopError):
    """The account has switched STS off in that region.

    Attributes:
        alternative: an endpoint that serves every account of the partition, where there is another one.
    """

    field = Field.ENDPOINT

    def __init__(self, endpoint: "Endpoint", alternative: "Endpoint | None") -> None:
        """Take the endpoint that was asked, and another one to offer."""
        is_opt_in = not endpoint.enabled_by_default  # there is no switch for STS then (IAM User Guide)
        super().__init__(
            _("STS is switched off in {place}").format(place=endpoint.place),
            _("This AWS account has not enabled that region.")
            if is_opt_in
            else _("This AWS account does not use STS in that region."),
            _("Choose another endpoint, or ask an administrator to enable the region in the account settings.")
            if is_opt_in
            else _(
                "Choose another endpoint, or ask an administrator to activate this one in the IAM console: Account "
                "settings, Security Token Service (STS), Endpoints."
            ),
        )
        self.link = "" if is_opt_in else endpoint.account_settings_url
        self.alternative = alternative


class DurationRefusedError(StsDesktopError):
    """AWS does not grant so long or so short a session."""

    field = Field.DURATION

    def __init__(self) -> None:
        super().__init__(
            _("Duration not accepted"),
            _("AWS does not grant a session of this duration."),
            _("Choose one between 15 minutes and 36 hours."),
        )


class ThrottledError(StsDesktopError):
    """AWS got too many requests.

    Args:
        with_code: whether an MFA code was sent, which is therefore used up.
    """

    def __init__(self, *, with_code: bool) -> None:
        super().__init__(
            _("Too many requests"),
            _("AWS is getting more requests from this account than it answers."),
            again_later(with_code=with_code),
        )


class ServiceUnavailableError(StsDesktopError):
    """STS or S3 itself, or a proxy before it, has a failure.

    Args:
        with_code: whether an MFA code was sent, which is therefore used up.
    """

    def __init__(self, *, with_code: bool) -> None:
        super().__init__(
            _("AWS is not available"),
            _("The endpoint answered that it cannot work at the moment."),
            again_later(with_code=with_code),
        )


class RefusedError(StsDesktopError):
    """AWS refused for another reason.

    Args:
        code: AWS's short name of the reason, letters, digits and dots only.
    """

    def __init__(self, code: str) -> None:
        super().__init__(
            _("AWS refused the request"),
            _("The reason that AWS gives is “{code}”.").format(code=code),
            _("Ask the administrator of the AWS account what this means there."),
        )
        self.code = code


def _in_words(minutes: int) -> str:
    """Return a difference of clocks in its largest sensible unit; a wrong date or time zone gives large ones."""
    hours, days = round(minutes / 60), round(minutes / 1440)
    if minutes < 120:
        return ngettext("{count} minute", "{count} minutes", minutes).format(count=minutes)
    if hours < 48:
        return ngettext("{count} hour", "{count} hours", hours).format(count=hours)
    return ngettext("{count} day", "{count} days", days).format(count=days)
