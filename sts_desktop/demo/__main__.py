"""Runs the embedded STS as a process of its own, for tests and benchmarks: `python -m sts_desktop.demo`.

Writes one line of JSON to standard output once it listens (where, the control token, the demo's users with their
made-up keys and MFA seeds), and ends on SIGTERM, on Ctrl-C, or when its standard input is closed.
"""

import argparse
import json
import os
import signal
import sys
import threading
from collections.abc import Sequence

from sts_desktop.demo.directory import DemoUser, demo_directory
from sts_desktop.demo.embedded_sts import EmbeddedSts

_STDIN = 0


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve until told to end; return the exit status."""
    # Loaded before the first request, so that a benchmark does not measure it.
    import botocore.auth  # noqa: F401

    parser = argparse.ArgumentParser(prog="python -m sts_desktop.demo", description="An STS that only pretends.")
    parser.add_argument("--port", type=int, default=0, help="TCP port on 127.0.0.1 (default: any free one)")
    port = parser.parse_args(arguments).port
    ended = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: ended.set())
    with EmbeddedSts(demo_directory(), port=port) as sts:
        print(json.dumps(_description(sts)), flush=True)
        threading.Thread(target=_wait_for_end_of_input, args=(ended,), daemon=True).start()
        ended.wait()
    return 0


def _wait_for_end_of_input(ended: threading.Event) -> None:
    # Not `sys.stdin`: its lock, held by a thread, is fatal when the interpreter ends.
    try:
        while os.read(_STDIN, 4096):
            pass
    except OSError:
        pass
    ended.set()


def _description(sts: EmbeddedSts) -> dict[str, object]:
    return {
        "url": sts.url,
        "control_token": sts.control.token,
        "users": [_user(user) for user in sts.directory.users],
    }


def _user(user: DemoUser) -> dict[str, object]:
    return {
        "name": user.name,
        "arn": user.identity.arn,
        "is_active": user.is_active,
        "access_key_id": user.access_key.access_key_id,
        "secret_access_key": user.access_key.secret_access_key,
        "mfa_serial": user.mfa.serial if user.mfa else None,
        "mfa_seed": user.mfa.seed_text if user.mfa else None,
    }


if __name__ == "__main__":
    sys.exit(main())
