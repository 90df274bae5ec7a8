"""A session tried out: whose it is, and whether it may list buckets."""

from dataclasses import dataclass

from sts_desktop.core.cancellation import Cancellation
from sts_desktop.core.credentials import CallerIdentity, SessionCredentials
from sts_desktop.core.errors import StsDesktopError
from sts_desktop.core.i18n import _, ngettext
from sts_desktop.core.profile import Profile
from sts_desktop.core.sts.client import Sts
from sts_desktop.core.sts.errors import RefusedError


@dataclass(frozen=True)
class SessionTrial:
    """What AWS answered to a session.

    Attributes:
        identity: whose it is.
        buckets: how many buckets it can list; None where that was not asked, or not answered.
        buckets_refusal: why it was not answered, in one or two sentences for a person; empty otherwise.
    """

    identity: CallerIdentity
    buckets: int | None = None
    buckets_refusal: str = ""

    @property
    def buckets_text(self) -> str:
        """How many buckets there are, or why that is not known, in words; empty when it was not asked."""
        if self.buckets is None:
            return self.buckets_refusal
        return ngettext("{count} bucket", "{count} buckets", self.buckets).format(count=self.buckets)


def try_session(
    sts: Sts,
    profile: Profile,
    credentials: SessionCredentials,
    *,
    s3: bool,
    cancellation: Cancellation | None = None,
) -> SessionTrial:
    """Ask the endpoint of `profile` whose session this is and, when wished, S3 for the buckets of the account.

    That buckets cannot be listed is an answer, not a failure: the session may be meant for something else.

    Raises:
        Cancelled: the person did not wait.
        StsDesktopError: STS did not accept the session, or could not be asked.
    """
    endpoint = profile.endpoint.resolve()
    identity = sts.get_caller_identity(endpoint, credentials, cancellation=cancellation)
    if not s3:
        return SessionTrial(identity)
    from sts_desktop.core.sts.s3 import s3_endpoint

    try:
        place = s3_endpoint(endpoint, profile.working_region)
        count = sts.count_buckets(place, credentials, cancellation=cancellation)
    except RefusedError as error:
        if error.code in ("AccessDenied", "AllAccessDisabled"):
            return SessionTrial(identity, None, _("The session may not list buckets (s3:ListAllMyBuckets)."))
        return SessionTrial(identity, None, _not_counted(error))
    except StsDesktopError as error:
        return SessionTrial(identity, None, _not_counted(error))
    return SessionTrial(identity, count)


def _not_counted(error: StsDesktopError) -> str:
    """Return why there is no number; without what to do about it, which is about the call of STS that has worked."""
    reason = StsDesktopError(error.title, error.message)
    return _("S3 did not say how many buckets there are: {reason}").format(reason=reason)
