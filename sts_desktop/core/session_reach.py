"""What the credentials of a session can call: the limits that AWS sets, whatever its user may do."""

from sts_desktop.core.i18n import _
from sts_desktop.core.state import SessionRecord


def what_it_can_call(record: SessionRecord) -> str:
    """Return in a sentence what the session of `record` can call; empty where that is not known, or there is none.

    Source: AWS STS API Reference, `GetSessionToken`, "Permissions". Without MFA IAM refuses such a session as if its
    key did not exist (99designs/aws-vault#15, #172, #1056).
    """
    if record.expiration is None or not record.source:
        return ""
    if record.with_mfa:
        return _("It can call what its user may, but of STS only AssumeRole and GetCallerIdentity.")
    return _(
        "It can call what its user may, but not IAM (it was got without MFA), and of STS only AssumeRole and"
        " GetCallerIdentity."
    )
