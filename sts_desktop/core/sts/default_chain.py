"""The access key that the AWS SDK's default credential provider chain finds on this computer.

This is botocore's own chain, with everything in it that the person's environment and AWS files say: variables, the two
files and the profile that `AWS_PROFILE` names, its `credential_process`, the role of a container or an instance. It is
gone through only when a profile asks for it; all other calls stay isolated from it (see `client`).
"""

import logging
import os
import re
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sts_desktop.core.credentials import AccessKey, last_four
from sts_desktop.core.errors import StsDesktopError
from sts_desktop.core.exports import SERVING_VARIABLE
from sts_desktop.core.i18n import _
from sts_desktop.core.sts.chain_errors import (
    ChainCircleError,
    ChainFileBrokenError,
    ChainKeyIncompleteError,
    ChainKeyMalformedError,
    ChainNotAnsweringError,
    ChainProfileMissingError,
    ChainSourceFailedError,
    NoCredentialsInChainError,
    TemporaryChainKeyError,
)

LIMIT_SECONDS = 15.0
"""How long the chain may take: a person is waiting, and botocore waits for a `credential_process` without a limit."""

_ALWAYS_TEMPORARY = frozenset(
    ("assume-role", "assume-role-with-web-identity", "sso", "login", "container-role", "iam-role")
)
"""Methods of botocore that give nothing else. Most of them fetch later; that is never done, and so no role asks for a
code on the terminal."""

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class FoundKey:
    """The long-lived access key that the chain found.

    Attributes:
        access_key: the key.
        kind: where it was found, in words of the current language.
    """

    access_key: AccessKey
    kind: str

    @property
    def last_four(self) -> str:
        """The end of its id: as much of it as is ever shown."""
        return last_four(self.access_key.access_key_id)


def resolve_default_chain(
    environment: Mapping[str, str] = os.environ, limit_seconds: float = LIMIT_SECONDS
) -> FoundKey:
    """Go through the chain and return the long-lived key that it finds first.

    A command or a service that does not answer is waited for on a thread of its own, which is left behind then.

    The chain may reach our own command that serves credentials, as the `credential_process` of a profile, and runs it
    then. If that command went through a chain as well, it would run itself, and so on without end. It only reads the
    vault; but the circle would close here, so nothing is looked for in a process that `SERVING_VARIABLE` marks as one
    that serves, or as started by one.

    Args:
        environment: looked at for `SERVING_VARIABLE`; botocore reads the process's own.
        limit_seconds: how long to wait.

    Raises:
        ChainError: there is no such key; the subclass says why.
    """
    if environment.get(SERVING_VARIABLE):
        raise ChainCircleError
    outcome: list[FoundKey | StsDesktopError] = []
    thread = threading.Thread(target=lambda: outcome.append(_outcome()), name="default-chain", daemon=True)
    thread.start()
    thread.join(limit_seconds)
    if not outcome:
        raise ChainNotAnsweringError(int(limit_seconds))
    if isinstance(outcome[0], StsDesktopError):
        raise outcome[0]
    return outcome[0]


def kind_of(method: str) -> str:
    """Return what botocore's `method` of finding credentials is called, in words of the current language."""
    words: dict[str, Callable[[], str]] = {
        "env": lambda: _("environment variables"),
        "shared-credentials-file": lambda: _("shared credentials file"),
        "config-file": lambda: _("AWS config file"),
        "custom-process": lambda: _("credential_process of the AWS config file"),
        "assume-role": lambda: _("role of the AWS config file"),
        "assume-role-with-web-identity": lambda: _("role with a web identity"),
        "sso": lambda: _("IAM Identity Center"),
        "login": lambda: _("console sign-in"),
        "container-role": lambda: _("container role"),
        "iam-role": lambda: _("instance role"),
        "ec2-credentials-file": lambda: _("file of the old EC2 tools"),
        "boto-config": lambda: _("configuration file of boto 2"),
    }
    return words[method]() if method in words else method


def _outcome() -> FoundKey | StsDesktopError:
    """Return what the chain finds, or why it finds nothing; never an error of botocore, whose text may hold secrets."""
    from botocore import exceptions
    from botocore.session import Session

    try:
        return _long_lived(Session().get_credentials())
    except StsDesktopError as error:
        return error
    except exceptions.ProfileNotFound:
        return ChainProfileMissingError()
    except exceptions.ConfigParseError:
        return ChainFileBrokenError()
    except exceptions.PartialCredentialsError as error:
        return ChainKeyIncompleteError(kind_of(str(error.kwargs.get("provider", ""))))
    except Exception as error:  # a command's answer that is no JSON, a file that cannot be read: not ours to foresee
        log.warning("the default credential provider chain raised %s", type(error).__name__)
        provider = error.kwargs.get("provider", "") if isinstance(error, exceptions.BotoCoreError) else ""
        return ChainSourceFailedError(kind_of(str(provider)))


def _long_lived(credentials: Any) -> FoundKey:
    """Return the key in botocore's `credentials`; raise a `ChainError` where there is none, or one of a session."""
    if credentials is None:
        raise NoCredentialsInChainError
    kind = kind_of(credentials.method)
    if credentials.method in _ALWAYS_TEMPORARY:
        raise TemporaryChainKeyError(kind)
    found = credentials.get_frozen_credentials()
    key = AccessKey(found.access_key.strip(), found.secret_key.strip())
    if found.token or key.is_temporary:
        raise TemporaryChainKeyError(kind)
    if not re.fullmatch(r"[A-Za-z0-9_]{1,128}", key.access_key_id) or not re.fullmatch(
        r"[A-Za-z0-9/+=]{1,256}", key.secret_access_key
    ):
        raise ChainKeyMalformedError(kind)
    return FoundKey(key, kind)
