"""Which MFA devices the user has whose access key a profile uses."""

from dataclasses import dataclass

from sts_desktop.core.cancellation import Cancellation
from sts_desktop.core.errors import Field, StsDesktopError
from sts_desktop.core.i18n import _
from sts_desktop.core.key_sources import KeySources
from sts_desktop.core.profile import Profile
from sts_desktop.core.sts.client import Sts
from sts_desktop.core.sts.errors import RefusedError
from sts_desktop.core.sts.iam import iam_endpoint
from sts_desktop.core.sts.mfa_devices import MfaDevice

NOT_ALLOWED = ("AccessDenied", "AccessDeniedException", "UnauthorizedOperation")


class ListingNotAllowedError(StsDesktopError):
    """A policy keeps the key from listing its user's MFA devices: usual where IAM is closed to calls without MFA."""

    field = Field.MFA_SERIAL

    def __init__(self) -> None:
        super().__init__(
            _("AWS does not list the MFA devices"),
            _("The access key may not ask for them (iam:ListMFADevices); many accounts allow that with MFA only."),
            _("Type the ARN or serial number, which the IAM console shows under the user's security credentials."),
        )


@dataclass(frozen=True)
class DeviceLookup:
    """Asks IAM."""

    keys: KeySources
    sts: Sts

    def devices(
        self, profile: Profile, *, may_prompt: bool = True, cancellation: Cancellation | None = None
    ) -> tuple[MfaDevice, ...]:
        """Return the MFA devices of the user whose access key `profile` uses, those first that give codes.

        Args:
            profile: its access key and its endpoint count.
            may_prompt: whether the keyring may ask for its password.
            cancellation: looked at before each call.

        Raises:
            Cancelled: the person did not wait.
            ListingNotAllowedError: AWS lists them only to those who are allowed that.
            StsDesktopError: there is no key, or AWS did not accept it, or could not be asked.
        """
        cancellation = cancellation or Cancellation()
        endpoint = iam_endpoint(profile.endpoint.resolve())
        key = self.keys.access_key(profile.source, may_prompt=may_prompt)
        cancellation.raise_if_requested()
        try:
            found = self.sts.list_mfa_devices(endpoint, key, cancellation=cancellation)
        except RefusedError as error:
            if error.code in NOT_ALLOWED:
                raise ListingNotAllowedError from None
            raise
        return tuple(sorted(found, key=lambda device: not device.gives_codes))
