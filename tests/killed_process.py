"""A process that renews the session of a profile and is killed at a step of it, on a keyring that outlives it.

Run as `python killed_process.py STEP TEXT [end | write SECTION]`, where TEXT goes into the new key id; `end` ends the
session instead, `write` writes it to a section.
Exits with 9 when it was killed, with 0 when it had come to its end before that step.
"""

import json
import os
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

from sts_desktop.core.atomic_file import replace_bytes
from sts_desktop.core.aws_files.files import AwsFiles
from sts_desktop.core.clock import utc_now
from sts_desktop.core.credentials import SessionCredentials
from sts_desktop.core.json_file import JsonFile
from sts_desktop.core.services import Services, open_services
from sts_desktop.core.sts.client import Sts
from sts_desktop.core.vault.store import OpenedStore, VaultStatus
from sts_desktop.core.vault.vault import Vault


class FileStore:
    """Keeps values in a file, each change whole at once, and tells of each operation before it begins."""

    def __init__(self, path: Path, step: Callable[[], None] = lambda: None) -> None:
        self._path = path
        self._step = step

    def unlock(self) -> None:
        """Never locked."""

    def would_ask(self) -> bool:
        return False

    def get(self, name: str) -> str | None:
        self._step()
        return self._values().get(name)

    def set(self, name: str, value: str) -> None:
        self._step()
        self._save(self._values() | {name: value})

    def delete(self, name: str) -> None:
        self._step()
        self._save({other: value for other, value in self._values().items() if other != name})

    def _values(self) -> dict[str, str]:
        values: dict[str, str] = json.loads(self._path.read_text()) if self._path.exists() else {}
        return values

    def _save(self, values: dict[str, str]) -> None:
        replace_bytes(self._path, json.dumps(values).encode())


class ImitatedSts(Sts):
    """Gives a session whose key id ends in a given text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self._text = text

    def get_session_token(self, *_arguments: Any, **_options: Any) -> SessionCredentials:
        ends = utc_now().replace(microsecond=0) + timedelta(hours=1)
        return SessionCredentials(f"ASIA{self._text}", "secret", "token" * 300, ends)


def services_on(store: FileStore, text: str) -> Services:
    vault = Vault(lambda: OpenedStore(VaultStatus("a file", True, ""), store))
    return open_services(vault=vault, sts=ImitatedSts(text))


def store_path() -> Path:
    return Path.home() / "keyring.json"


class Steps:
    """Ends the process, as by `kill -9`, when a number of steps have begun."""

    def __init__(self, last: int) -> None:
        self._left = last

    def __call__(self) -> None:
        if self._left == 0:
            os._exit(9)
        self._left -= 1

    def around(self, owner: type, name: str) -> None:
        """Count the moment before and the moment after each call of a method as steps."""
        method = getattr(owner, name)

        def counted(*arguments: Any, **options: Any) -> Any:
            self()
            result = method(*arguments, **options)
            self()
            return result

        setattr(owner, name, counted)


def main() -> None:
    step = Steps(int(sys.argv[1]))
    services = services_on(FileStore(store_path(), step), sys.argv[2])
    step.around(JsonFile, "update")
    step.around(AwsFiles, "write")
    step.around(AwsFiles, "remove_session")
    profile = services.settings.load().profile_called("work")
    match sys.argv[3:]:
        case ["end"]:
            services.sessions.end(profile)
        case ["write", section]:
            services.sessions.write(profile, section)
        case _:
            services.sessions.get_token(profile)


if __name__ == "__main__":
    main()
