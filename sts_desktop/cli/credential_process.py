"""`credential-process`: the contract by which the AWS SDKs get credentials from another program.

Standard output holds one JSON object or nothing; standard error, which the tools show to people, one line without
secrets; nothing is ever asked (AWS SDKs and Tools Reference Guide, "Process credential provider"). botocore waits
without a limit, so there is one here. An AWS tool pays for this at each of its starts: nothing is imported that
reading one session does not need.
"""

import argparse
import os

from sts_desktop.cli import output
from sts_desktop.cli.context import Context
from sts_desktop.cli.errors import KeyringLockedForToolError, NoSessionToServeError
from sts_desktop.core.credentials import SessionCredentials
from sts_desktop.core.exports import SERVING_VARIABLE, json_text
from sts_desktop.core.vault.errors import KeyringLockedError

LIMIT_SECONDS = 4.0
"""How long the keyring may take in the quick way, and as long again in the other: 10 s in all, whatever else there is.
"""


def credential_process(options: argparse.Namespace, context: Context) -> None:
    """Print the live session of a profile for an AWS tool.

    Raises:
        NoSessionToServeError: there is none.
        KeyringLockedForToolError: the keyring is locked.
        VaultError: the keyring does not answer.
    """
    os.environ[SERVING_VARIABLE] = "1"
    records = context.records
    profile = records.settings.load().profile_called(options.name)
    try:
        credentials = _session(profile.id, context)
    except KeyringLockedError:
        raise KeyringLockedForToolError(profile.name) from None
    if credentials is None or not credentials.remaining(records.now()):
        raise NoSessionToServeError(profile.name)
    output.write(json_text(credentials))


def _session(profile_id: str, context: Context) -> SessionCredentials | None:
    """Return the session of a profile; where the quick way finds none, the vault has the last word."""
    if context.has_services:
        return context.open_services().vault.session(profile_id, may_prompt=False)
    from sts_desktop.core.vault import quick_read, session_bus

    session_bus.adopt_session_bus(os.environ)
    try:
        found = quick_read.read_session(profile_id, LIMIT_SECONDS)
    except quick_read.NotReadError:
        found = None
    if found is not None:
        return found
    from sts_desktop.core.vault.vault import open_vault

    context.start_log()  # or what the vault has to warn of would be a second line on standard error
    return open_vault(limit_seconds=LIMIT_SECONDS).session(profile_id, may_prompt=False)
