"""The MFA devices that AWS lists for the access keys of profiles, asked for once a run when a person wants to know."""

from dataclasses import dataclass
from enum import Enum, auto
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from sts_desktop.core.errors import StsDesktopError
from sts_desktop.core.profile import AwsProfileKey, DefaultChain, Profile, VaultKey
from sts_desktop.core.services import Services
from sts_desktop.core.sts.iam import iam_endpoint
from sts_desktop.ui.jobs import Job, Jobs
from sts_desktop.ui.key_store import KeyStore
from sts_desktop.ui.profile_store import ProfileStore

if TYPE_CHECKING:
    from sts_desktop.core.sts.mfa_devices import MfaDevice


class Answer(Enum):
    """How far it is known which devices a user has."""

    AWAITED = auto()
    GIVEN = auto()
    NOT_ALLOWED = auto()
    FAILED = auto()


@dataclass(frozen=True)
class KnownDevices:
    """What is known of the devices of a key's user.

    Attributes:
        answer: how far it is known.
        devices: those that AWS lists, the ones that give codes first.
        problem: why there is no answer, where that is not a policy.
    """

    answer: Answer
    devices: "tuple[MfaDevice, ...]" = ()
    problem: StsDesktopError | None = None

    @property
    def usable(self) -> list[str]:
        """The serial numbers of those that give codes."""
        return [device.serial for device in self.devices if device.gives_codes]

    @property
    def is_fido_only(self) -> bool:
        """Whether there are devices, and none of them gives codes."""
        return bool(self.devices) and not self.usable


class DeviceStore(QObject):
    """Asks AWS for devices, and remembers what it said for as long as the program runs.

    Only when a person opens the list, or asks in words: an account may be watched for calls of IAM that nobody wanted.

    Signals:
        devices_changed(str): what is known for this profile's key is more, or is being asked.
        answered(str): AWS was asked for this profile, and said something or did not.
    """

    devices_changed = Signal(str)
    answered = Signal(str)

    def __init__(
        self, services: Services, jobs: Jobs, profiles: ProfileStore, keys: KeyStore, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._services = services
        self._jobs = jobs
        self._profiles = profiles
        self._keys = keys
        self._known: dict[object, KnownDevices] = {}
        self._running: dict[object, Job] = {}

    def known(self, profile: Profile) -> KnownDevices | None:
        """Return what is known of the devices of the user whose key `profile` uses; None before AWS was asked."""
        return self._known.get(self._question(profile))

    def can_ask(self, profile: Profile) -> bool:
        """Return whether there is a key to ask with."""
        return self._question(profile) is not None

    def look_up(self, profile_id: str, *, again: bool = False) -> bool:
        """Ask AWS for the devices, unless they are known or asked for; `again` asks although they are known.

        Returns:
            whether an answer is awaited now.
        """
        profile = self._profiles.profile(profile_id)
        question = self._question(profile) if profile is not None else None
        if profile is None or question is None:
            return False
        before = self._known.get(question)
        if before is not None and before.answer is Answer.AWAITED:
            return True
        if before is not None and before.answer is not Answer.FAILED and not again:
            return False

        def work(job: Job) -> KnownDevices:
            from sts_desktop.core.device_lookup import ListingNotAllowedError  # not needed to paint the window

            lookup = self._services.device_lookup
            try:
                found = lookup.devices(profile, may_prompt=False, cancellation=job.cancellation)
            except ListingNotAllowedError:
                return KnownDevices(Answer.NOT_ALLOWED)
            return KnownDevices(Answer.GIVEN, found)

        def take(known: KnownDevices) -> None:
            self._running.pop(question, None)
            self._known[question] = known
            self.devices_changed.emit(profile_id)
            now = self._profiles.profile(profile_id)
            if now is not None and self._question(now) == question:  # it may have another key by now
                self.answered.emit(profile_id)

        self._known[question] = KnownDevices(Answer.AWAITED)
        self._running[question] = self._jobs.start(
            work, succeeded=take, failed=lambda error: take(KnownDevices(Answer.FAILED, problem=error))
        )
        self.devices_changed.emit(profile_id)
        return True

    def cancel_all(self) -> None:
        """Stop waiting for every answer."""
        for question, job in self._running.items():
            self._jobs.cancel(job)
            self._known.pop(question, None)
        self._running.clear()

    def _question(self, profile: Profile) -> object:
        """Return what makes two questions one: whose key, and which IAM; None where there is no key, or no endpoint.

        The end of the key's id is part of it, where it is known: another key may have come to the same place.
        """
        source = profile.source
        match source:
            case VaultKey(key_id):
                entry = self._profiles.settings.access_key(key_id)
                end = entry.last_four if entry is not None else ""
            case AwsProfileKey():
                known = self._keys.aws_profile(source)
                end = (known.access_key_id or "") if known is not None and not known.is_temporary else ""
            case DefaultChain():
                end = "whatever it finds"
            case None:
                end = ""
        try:
            return (source, end, iam_endpoint(profile.endpoint.resolve()).url) if end else None
        except StsDesktopError:
            return None
