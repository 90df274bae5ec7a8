"""The values the whole program is about. Their `repr` never shows a secret."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

TEMPORARY_KEY_PREFIX = "ASIA"
"""How the ids of temporary access keys begin (IAM User Guide, "Understanding unique ID prefixes")."""


def last_four(access_key_id: str) -> str:
    """Return the last four characters of an access key id: as much of it as is ever shown."""
    return access_key_id[-4:]


@dataclass(frozen=True)
class AccessKey:
    """The long-lived pair of an IAM user or root."""

    access_key_id: str = field(repr=False)
    secret_access_key: str = field(repr=False)

    @property
    def is_temporary(self) -> bool:
        """Whether this is the key of session credentials, which STS refuses to turn into others."""
        return self.access_key_id.startswith(TEMPORARY_KEY_PREFIX)

    def __repr__(self) -> str:
        return f"AccessKey(…{last_four(self.access_key_id)})"


@dataclass(frozen=True)
class SessionCredentials:
    """What STS returns: a temporary key pair, its token, and when they end (UTC)."""

    access_key_id: str = field(repr=False)
    secret_access_key: str = field(repr=False)
    session_token: str = field(repr=False)
    expiration: datetime

    def remaining(self, now: datetime) -> timedelta:
        """Return the time left at `now`, never negative."""
        return max(self.expiration - now, timedelta())

    def __repr__(self) -> str:
        return f"SessionCredentials(…{last_four(self.access_key_id)}, until {self.expiration.isoformat()})"


@dataclass(frozen=True)
class CallerIdentity:
    """Whom a key belongs to, as `sts:GetCallerIdentity` says."""

    account: str
    arn: str
    user_id: str

    @property
    def user_name(self) -> str:
        """The last part of the ARN: the user's name without its path, or `root`."""
        return self.arn.rpartition(":")[2].rpartition("/")[2]

    @property
    def is_root(self) -> bool:
        """Whether this is the root user of the account (IAM User Guide, "IAM ARNs")."""
        return self.arn.endswith(":root")

    @property
    def partition(self) -> str:
        """The partition the account lives in, such as `aws` or `aws-cn`."""
        return self.arn.split(":")[1] if self.arn.startswith("arn:") else "aws"


@dataclass(frozen=True)
class MfaCode:
    """An MFA device and the six digits it showed."""

    serial: str
    token_code: str = field(repr=False)
