"""The botocore sessions that clients are made of: they read nothing of the environment and the AWS files but one thing.

botocore's sessions are not safe on many threads (boto/boto3#1592, boto/botocore#2991).
"""

import os
from functools import cache
from typing import Any

from sts_desktop.core.sts.service_data import quick_loader


@cache
def isolated_session(service: str) -> Any:
    """Return the one botocore session for clients of a service, which keeps its description; only under a lock.

    It reads no setting but the file of trusted certificates (`AWS_CA_BUNDLE`).

    Args:
        service: botocore's name of it, and its name in botocore's events; they are the same for IAM, S3 and STS.
    """
    from botocore.session import Session

    # A variable is (name in the config file, name in the environment, default, conversion); the names are taken away.
    variables: dict[str, Any] = {
        name: (None, None, default, conversion)
        for name, (_file, _environment, default, conversion) in Session.SESSION_VARIABLES.items()
    }
    variables["ca_bundle"] = (None, "AWS_CA_BUNDLE", None, None)
    variables["config_file"] = (None, None, os.devnull, None)
    variables["credentials_file"] = (None, None, os.devnull, None)
    session = Session(session_vars=variables, include_builtin_handlers=False)
    _register_handlers(session.get_component("event_emitter"), service)
    session.register_component("data_loader", quick_loader())
    return session


def _register_handlers(emitter: Any, service: str) -> None:
    """Register those of botocore's own handlers that hear of all services or of this one, as a session does with all.

    Nine in ten are for other services and for documentation; to register them takes longer than to make a client.
    """
    from botocore import handlers

    placed = {handlers.REGISTER_FIRST: emitter.register_first, handlers.REGISTER_LAST: emitter.register_last}
    for event, handler, *place in handlers.BUILTIN_HANDLERS:
        if event.split(".")[1:2] in ([], [service]):
            register = placed[place[0]] if place else emitter.register
            register(event, handler)
