"""Session credentials as text for shells and tools. It is a secret: handed on and dropped, never kept or logged."""

import json
from collections.abc import Callable, Mapping

from sts_desktop.core.clock import rfc3339
from sts_desktop.core.credentials import SessionCredentials
from sts_desktop.core.i18n import _

STALE_VARIABLES = ("AWS_PROFILE", "AWS_DEFAULT_PROFILE", "AWS_SECURITY_TOKEN")
"""Left over in a shell they make fresh credentials useless: botocore takes AWS_SECURITY_TOKEN first, and AWS_PROFILE
may name a profile that wins or is missing (aws/aws-sdk-js-v3#2549, mmmorris1975/aws-runas#22)."""


SERVING_VARIABLE = "STS_DESKTOP_SERVING"
"""Set in its own process, and so in those it starts, by the command that serves `json_text` to an AWS tool."""


def bash_exports(credentials: SessionCredentials, region: str = "") -> str:
    """Return lines for bash and zsh (and any POSIX shell) that put `credentials` into the environment.

    Args:
        credentials: the session.
        region: the working region; none is set when empty, and one that stands in the shell is left alone.
    """
    lines = ["unset " + " ".join(STALE_VARIABLES)]
    lines += [f"export {name}={_posix(value)}" for name, value in _variables(credentials, region).items()]
    return "\n".join(lines) + "\n"


def powershell_exports(credentials: SessionCredentials, region: str = "") -> str:
    """Return lines for PowerShell, 5.1 and later, that put `credentials` into the environment.

    Args:
        credentials: the session.
        region: as for `bash_exports`.
    """
    stale = ",".join(f"Env:{name}" for name in STALE_VARIABLES)
    lines = [f"Remove-Item -ErrorAction Ignore -Path {stale}"]
    lines += [f"$Env:{name} = {_powershell(value)}" for name, value in _variables(credentials, region).items()]
    return "\n".join(lines) + "\n"


def json_text(credentials: SessionCredentials, _region: str = "") -> str:
    """Return the answer of a `credential_process`: one line of JSON without blanks, in ASCII.

    Some readers have buffers of a few hundred bytes, and some take no other form of `Expiration` (AWS SDKs and Tools
    Reference Guide, "Process credential provider"; aws/aws-sdk-go#2875, JuliaCloud/AWS.jl#771).

    Args:
        credentials: the session.
        _region: has no place in it.
    """
    answer = {
        "Version": 1,
        "AccessKeyId": credentials.access_key_id,
        "SecretAccessKey": credentials.secret_access_key,
        "SessionToken": credentials.session_token,
        "Expiration": rfc3339(credentials.expiration),
    }
    return json.dumps(answer, separators=(",", ":")) + "\n"


FORMATS: Mapping[str, Callable[[SessionCredentials, str], str]] = {
    "bash": bash_exports,
    "powershell": powershell_exports,
    "json": json_text,
}
"""What makes each kind of text, from the credentials and the working region; by the name that a command line takes."""


def format_label(name: str) -> str:
    """Return what one of FORMATS is called in a menu, in the current language."""
    labels = {"bash": _("bash or zsh"), "powershell": _("PowerShell"), "json": _("JSON")}
    return labels[name]


def _variables(credentials: SessionCredentials, region: str) -> dict[str, str]:
    variables = {
        "AWS_ACCESS_KEY_ID": credentials.access_key_id,
        "AWS_SECRET_ACCESS_KEY": credentials.secret_access_key,
        "AWS_SESSION_TOKEN": credentials.session_token,
        "AWS_CREDENTIAL_EXPIRATION": rfc3339(credentials.expiration),
    }
    return variables | ({"AWS_REGION": region, "AWS_DEFAULT_REGION": region} if region else {})


def _posix(value: str) -> str:
    """Return `value` for a POSIX shell: within single quotes nothing is special but the single quote itself."""
    return "'" + value.replace("'", "'\\''") + "'"


_POWERSHELL_QUOTES = "'\u2018\u2019\u201a\u201b"
"""PowerShell takes the typographic ones for the plain one (PowerShell language specification, 2.3.5.2)."""


def _powershell(value: str) -> str:
    """Return `value` for PowerShell: within single quotes nothing is special but a single quote, which is doubled."""
    return "'" + "".join(char * 2 if char in _POWERSHELL_QUOTES else char for char in value) + "'"
