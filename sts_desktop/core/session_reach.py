"""What the credentials of a session can call, and where: the limits that AWS sets, whatever its user may do."""

from sts_desktop.core.errors import StsDesktopError
from sts_desktop.core.i18n import _
from sts_desktop.core.profile import Profile
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


def region_warning(profile: Profile) -> str:
    """Return in a sentence why sessions of `profile` may not work in its working region; empty where they do.

    Source: IAM User Guide, "Manage AWS STS in an AWS Region": tokens of the global endpoint are valid in regions that
    are enabled by default only, unless the account chose version 2 tokens.
    """
    from sts_desktop.core.sts.endpoint import GLOBAL_ID  # not needed to draw a list
    from sts_desktop.core.sts.endpoints import endpoint

    if profile.endpoint.id != GLOBAL_ID or not profile.working_region:
        return ""
    try:
        region = endpoint(profile.working_region)
    except StsDesktopError:
        return ""
    if region.enabled_by_default:
        return ""
    text = _(
        "Tokens of the global endpoint do not work in {place}, unless the account uses version 2 tokens. Those of a "
        "regional endpoint do."
    )
    return text.format(place=region.place)
