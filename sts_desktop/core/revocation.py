"""What can be done about session credentials that are out of our hands.

STS has no call that recalls a session: its permissions are those of the user at the time of each request, so it is
ended by taking them away (IAM User Guide, "Disabling permissions for temporary security credentials"; the condition
key is described in "AWS global condition context keys", `aws:TokenIssueTime`).
"""

from sts_desktop.core.i18n import _


def how_to_revoke() -> str:
    """Return, in a few sentences, how an administrator makes the sessions of an IAM user useless before they expire."""
    return _(
        "An administrator can make the session useless at once: in the IAM console, open the user and add a policy that"
        " denies all actions (*) on all resources under the condition that aws:TokenIssueTime is earlier than now"
        " (DateLessThan). It may take a few minutes to take effect. Deactivating the access key as well keeps new"
        " sessions from being made with it. Sessions of the root user cannot be revoked."
    )
