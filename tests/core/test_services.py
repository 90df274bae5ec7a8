import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from sts_desktop.core.services import open_services
from sts_desktop.core.vault.vault import memory_vault

OPEN = """
import sys
from sts_desktop.core.services import open_services

services = open_services()
services.settings.load(), services.state.load()
late = {"boto3", "botocore", "keyring", "secretstorage", "filelock", "platformdirs"}
late |= {f"sts_desktop.core.{name}" for name in ("aws_files.files", "sessions", "sts.client", "vault.vault")}
print(*sorted(late & sys.modules.keys()))
"""


def test_opening_them_reads_writes_and_loads_nothing() -> None:
    finished = subprocess.run([sys.executable, "-c", OPEN], capture_output=True, text=True, check=True, timeout=60)
    assert finished.stdout.strip() == ""
    assert list(Path(os.environ["HOME"]).rglob("*")) == []


def test_they_are_where_the_environment_says() -> None:
    services = open_services(vault=memory_vault())
    assert services.settings.path == services.paths.settings_file
    assert services.state.path == services.paths.state_file
    assert services.paths.config.is_relative_to(os.environ["XDG_CONFIG_HOME"])
    assert services.aws_files.locations.credentials == Path(os.environ["HOME"]) / ".aws" / "credentials"


def test_all_of_them_share_one_vault_and_one_file_of_settings() -> None:
    vault = memory_vault()
    services = open_services(vault=vault)
    assert services.vault is services.sessions.vault is services.access_keys.vault is vault
    assert (
        services.settings is services.sessions.settings is services.profiles.settings is services.access_keys.settings
    )
    assert services.state is services.sessions.state


def test_the_rest_is_made_once_whichever_threads_ask_for_it() -> None:
    services = open_services(vault=memory_vault())
    with ThreadPoolExecutor(8) as pool:
        vaults, sessions = zip(*pool.map(lambda _number: (services.vault, services.sessions), range(64)), strict=True)
    assert len({id(one) for one in vaults}) == len({id(one) for one in sessions}) == 1
