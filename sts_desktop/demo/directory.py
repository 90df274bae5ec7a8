"""Whom the embedded STS knows: users with access keys and MFA devices, the sessions it has issued, their buckets."""

import base64
import hmac
import secrets
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime

from sts_desktop.core.clock import Now, utc_now
from sts_desktop.core.credentials import TEMPORARY_KEY_PREFIX, AccessKey, CallerIdentity, SessionCredentials
from sts_desktop.demo.buckets import Bucket, demo_buckets
from sts_desktop.demo.time_based_code import code_of_step, seconds_left, step_at

RandomBytes = Callable[[int], bytes]
"""Where randomness comes from: a function that returns as many random bytes as it is asked for."""

DRIFT_STEPS = 1
"""How far a device's clock may be off, in time steps each way (RFC 6238 section 5.2 recommends one)."""


@dataclass(frozen=True)
class MfaDevice:
    """A device that shows time-based codes: its serial number or ARN, and the secret it shares with the server."""

    serial: str
    seed: bytes = field(repr=False)

    @property
    def seed_text(self) -> str:
        """The seed as people type it into an authenticator app: base32 without padding."""
        return base64.b32encode(self.seed).decode("ascii").rstrip("=")


@dataclass(frozen=True)
class DemoUser:
    """An IAM user, or the root of its account, with one access key.

    `may_list_buckets` is whether a policy allows `s3:ListAllMyBuckets`; root needs none. `needs_mfa` is whether one
    denies everything of IAM to who has not shown a code (IAM User Guide, "Allow MFA-authenticated IAM users to manage
    their own credentials").
    """

    name: str
    account: str
    user_id: str
    access_key: AccessKey
    is_root: bool = False
    is_active: bool = True
    devices: tuple[MfaDevice, ...] = ()
    fido_arns: tuple[str, ...] = ()
    needs_mfa: bool = False
    may_list_buckets: bool = False

    @property
    def mfa(self) -> MfaDevice | None:
        """The first of the devices that show codes, if there is one."""
        return self.devices[0] if self.devices else None

    @property
    def device_serials(self) -> tuple[str, ...]:
        """The serial numbers of all devices, those of passkeys and security keys too."""
        return (*(device.serial for device in self.devices), *self.fido_arns)

    @property
    def identity(self) -> CallerIdentity:
        """What `GetCallerIdentity` says of this user, with the access key or with a session's credentials."""
        resource = "root" if self.is_root else f"user/{self.name}"
        return CallerIdentity(self.account, f"arn:aws:iam::{self.account}:{resource}", self.user_id)


@dataclass(frozen=True)
class KeyHolder:
    """Who holds a key that the directory knows: with a user's access key (`session` is None) or a session's.

    `with_mfa` is whether a code was shown for the session.
    """

    user: DemoUser
    session: SessionCredentials | None = None
    with_mfa: bool = False

    @property
    def secret_access_key(self) -> str:
        """The secret that signs this holder's requests."""
        return (self.session or self.user.access_key).secret_access_key

    def __repr__(self) -> str:
        return f"KeyHolder({self.user.name}, {'session' if self.session else 'access key'})"


class Directory:
    """The users of the demo, the sessions issued to them, and the buckets of their account. Safe on any thread."""

    def __init__(
        self,
        users: Iterable[DemoUser],
        *,
        buckets: Iterable[Bucket] = (),
        now: Now = utc_now,
        random_bytes: RandomBytes = secrets.token_bytes,
    ) -> None:
        self.users = tuple(users)
        self.buckets = tuple(buckets)
        self._now = now
        self._random_bytes = random_bytes
        self._holders = {user.access_key.access_key_id: KeyHolder(user) for user in self.users}
        self._devices = {device.serial: device for user in self.users for device in user.devices}
        self._last_used_step: dict[str, int] = {}
        self._lock = threading.Lock()

    def user(self, name: str) -> DemoUser:
        """Return the user called `name`; raise KeyError when there is none."""
        for user in self.users:
            if user.name == name:
                return user
        raise KeyError(name)

    def holder(self, access_key_id: str) -> KeyHolder | None:
        """Return who holds this key, active or not, expired or not; None when nobody does."""
        with self._lock:
            return self._holders.get(access_key_id)

    def issue(
        self, user: DemoUser, *, expiration: datetime, token_size: int, with_mfa: bool = False
    ) -> SessionCredentials:
        """Return new session credentials of `user`, different on each call, and remember them.

        Args:
            user: who they belong to.
            expiration: when they end.
            token_size: the length of the session token, in characters.
            with_mfa: whether the user has shown a code.
        """
        credentials = SessionCredentials(
            # Key ids are base32: 10 bytes make the 16 characters after the prefix. 30 bytes make the secret's 40.
            access_key_id=TEMPORARY_KEY_PREFIX + base64.b32encode(self._random_bytes(10)).decode("ascii"),
            secret_access_key=base64.b64encode(self._random_bytes(30)).decode("ascii"),
            session_token=base64.b64encode(self._random_bytes(token_size)).decode("ascii")[:token_size],
            expiration=expiration,
        )
        with self._lock:
            self._holders[credentials.access_key_id] = KeyHolder(user, credentials, with_mfa)
        return credentials

    def device(self, serial: str) -> MfaDevice | None:
        """Return the device of that serial number that shows codes, whosever it is; None when there is none."""
        return self._devices.get(serial)

    def use_code(self, serial: str, token_code: str) -> bool:
        """Say whether the device shows `token_code` now; a code that was right works only once.

        One step of drift each way is forgiven. Steps before the last one used are refused as well: an older code
        that somebody saw is no better than a used one (RFC 6238 section 5.2).

        Raises:
            KeyError: nobody has a device of that serial number.
        """
        device = self._devices[serial]
        current = step_at(self._now())
        with self._lock:
            last = self._last_used_step.get(serial)
            for step in range(current - DRIFT_STEPS, current + DRIFT_STEPS + 1):
                is_shown = hmac.compare_digest(code_of_step(device.seed, step).encode(), token_code.encode())
                if is_shown and (last is None or step > last):
                    self._last_used_step[serial] = step
                    return True
        return False

    def current_code(self, serial: str) -> str:
        """Return the six digits that the device shows now; raise KeyError when there is no such device."""
        return code_of_step(self._devices[serial].seed, step_at(self._now()))

    def is_current_code_used(self, serial: str) -> bool:
        """Whether the code shown now was accepted already, so that a person has to wait for the next one."""
        with self._lock:
            return self._last_used_step.get(serial, -1) >= step_at(self._now())

    def seconds_left(self) -> int:
        """Return for how many seconds (1 to 30) every device goes on showing its current code."""
        return seconds_left(self._now())


ACCOUNT = "123456789012"
"""The account that AWS's own documentation uses in its examples."""


def demo_directory(*, now: Now = utc_now, random_bytes: RandomBytes = secrets.token_bytes) -> Directory:
    """Return the directory of the demo: keys that are valid in form, and fake at first sight.

    alice has an MFA device, bob has none, carol's key is inactive, root has a hardware device. dave has two devices and
    a security key, erin a passkey only, and frank may call nothing of IAM without MFA. As in AWS, a code is asked for
    only when a call names a device. The account has twelve buckets, which alice and root may list.
    """
    alice = DemoUser(
        "alice",
        ACCOUNT,
        "AIDAEXAMPLEDEMO2ALICE",
        AccessKey("AKIAEXAMPLEDEMOALICE", "demo+secret+of+alice/not/a/real/AWS/key1"),
        devices=(MfaDevice(f"arn:aws:iam::{ACCOUNT}:mfa/alice-phone", b"demo-seed-of-alice-1"),),
        may_list_buckets=True,
    )
    bob = DemoUser(
        "bob",
        ACCOUNT,
        "AIDAEXAMPLEDEMO222BOB",
        AccessKey("AKIAEXAMPLEDEMO22BOB", "demo+secret+of+bob22/not/a/real/AWS/key2"),
    )
    carol = DemoUser(
        "carol",
        ACCOUNT,
        "AIDAEXAMPLEDEMO2CAROL",
        AccessKey("AKIAEXAMPLEDEMOCAROL", "demo+secret+of+carol/not/a/real/AWS/key3"),
        is_active=False,
    )
    root = DemoUser(
        "root",
        ACCOUNT,
        ACCOUNT,
        AccessKey("AKIAEXAMPLEDEMO2ROOT", "demo+secret+of+root2/not/a/real/AWS/key4"),
        is_root=True,
        devices=(MfaDevice("GAHT12345678", b"demo-seed-of-root-22"),),
        may_list_buckets=True,
    )
    dave = DemoUser(
        "dave",
        ACCOUNT,
        "AIDAEXAMPLEDEMO22DAVE",
        AccessKey("AKIAEXAMPLEDEMO2DAVE", "demo+secret+of+dave2/not/a/real/AWS/key5"),
        devices=(
            MfaDevice(f"arn:aws:iam::{ACCOUNT}:mfa/dave-phone", b"demo-seed-of-dave-1-"),
            MfaDevice("GAHT87654321", b"demo-seed-of-dave-2-"),
        ),
        fido_arns=(f"arn:aws:iam::{ACCOUNT}:u2f/user/dave/dave-key-EXAMPLEDEMO222DAVE2KEY",),
    )
    erin = DemoUser(
        "erin",
        ACCOUNT,
        "AIDAEXAMPLEDEMO22ERIN",
        AccessKey("AKIAEXAMPLEDEMO2ERIN", "demo+secret+of+erin2/not/a/real/AWS/key6"),
        fido_arns=(f"arn:aws:iam::{ACCOUNT}:u2f/user/erin/erin-passkey-EXAMPLEDEMO22ERINKEY",),
    )
    frank = DemoUser(
        "frank",
        ACCOUNT,
        "AIDAEXAMPLEDEMO2FRANK",
        AccessKey("AKIAEXAMPLEDEMOFRANK", "demo+secret+of+frank/not/a/real/AWS/key7"),
        devices=(MfaDevice(f"arn:aws:iam::{ACCOUNT}:mfa/frank-phone", b"demo-seed-of-frank-1"),),
        needs_mfa=True,
    )
    users = (alice, bob, carol, root, dave, erin, frank)
    return Directory(users, buckets=demo_buckets(), now=now, random_bytes=random_bytes)
