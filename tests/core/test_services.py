import os
import subprocess
import sys
from pathlib import Path

from sts_desktop.core.services import open_services
from sts_desktop.core.vault.vault import memory_vault

OPEN = """
import sys
from sts_desktop.core.services import open_services

open_services()
print(*sorted({"boto3", "botocore", "keyring", "secretstorage", "filelock", "platformdirs"} & sys.modules.keys()))
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
