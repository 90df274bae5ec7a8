"""Session credentials as text for shells. The text is a secret: it is handed on and dropped, never kept or logged."""

from sts_desktop.core.clock import rfc3339
from sts_desktop.core.credentials import SessionCredentials

STALE_VARIABLES = ("AWS_PROFILE", "AWS_DEFAULT_PROFILE", "AWS_SECURITY_TOKEN")
"""Left over in a shell they make fresh credentials useless: botocore takes AWS_SECURITY_TOKEN first, and AWS_PROFILE
may name a profile that wins or is missing (aws/aws-sdk-js-v3#2549, mmmorris1975/aws-runas#22)."""


def bash_exports(credentials: SessionCredentials, region: str = "") -> str:
    """Return lines for bash and zsh (and any POSIX shell) that put `credentials` into the environment.

    Args:
        credentials: the session.
        region: the working region; none is set when empty, and one that stands in the shell is left alone.
    """
    variables = {
        "AWS_ACCESS_KEY_ID": credentials.access_key_id,
        "AWS_SECRET_ACCESS_KEY": credentials.secret_access_key,
        "AWS_SESSION_TOKEN": credentials.session_token,
        "AWS_CREDENTIAL_EXPIRATION": rfc3339(credentials.expiration),
    }
    if region:
        variables |= {"AWS_REGION": region, "AWS_DEFAULT_REGION": region}
    lines = ["unset " + " ".join(STALE_VARIABLES)]
    lines += [f"export {name}={_quoted(value)}" for name, value in variables.items()]
    return "\n".join(lines) + "\n"


def _quoted(value: str) -> str:
    """Return `value` for a POSIX shell: within single quotes nothing is special but the single quote itself."""
    return "'" + value.replace("'", "'\\''") + "'"
