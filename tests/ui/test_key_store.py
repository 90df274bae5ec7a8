"""What is known of the keyring and of the AWS files, and how it is told."""

from collections.abc import Callable
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from sts_desktop.core.errors import InvalidInputError
from sts_desktop.core.services import Services
from sts_desktop.core.settings import AccessKeyEntry
from sts_desktop.core.sts.errors import TemporaryKeyError
from sts_desktop.core.vault.errors import KeyringNotAnsweringError
from sts_desktop.core.vault.store import OpenedStore
from sts_desktop.core.vault.vault import Vault
from sts_desktop.demo.embedded_sts import EmbeddedSts
from sts_desktop.ui.app import Desktop
from sts_desktop.ui.jobs import Jobs
from sts_desktop.ui.key_store import KeyStore

PATIENCE_MS = 15_000


def problem_title(keys: KeyStore) -> str:
    return keys.aws_problem.title if keys.aws_problem else ""


def test_only_long_lived_keys_are_usable(
    open_desktop: Callable[..., Desktop], write_aws_files: Callable[..., None]
) -> None:
    session = "[session]\naws_access_key_id = ASIAEXAMPLE\naws_secret_access_key = x\naws_session_token = y\n"
    write_aws_files("alice", "bob", credentials=session + "[half]\naws_secret_access_key = x\n")
    keys = open_desktop().keys
    assert [known.name for known in keys.usable_aws_profiles()] == ["alice", "bob"]
    assert keys.aws_problem is None


def test_no_aws_files_is_no_problem(open_desktop: Callable[..., Desktop]) -> None:
    keys = open_desktop().keys
    assert keys.aws_profiles == ()
    assert keys.aws_problem is None


@pytest.mark.fault(38)
def test_broken_file_is_a_problem_and_mended_it_is_none(
    qtbot: QtBot,
    open_desktop: Callable[..., Desktop],
    write_aws_files: Callable[..., None],
    credentials_file: Path,
) -> None:
    credentials_file.parent.mkdir(parents=True)
    credentials_file.write_bytes(b"\xff\xfe[\0b\0o\0b\0]\0")
    keys = open_desktop().keys
    assert problem_title(keys) == "AWS file not readable"
    assert keys.usable_aws_profiles() == []
    write_aws_files("bob")
    with qtbot.waitSignal(keys.aws_profiles_changed, timeout=PATIENCE_MS):
        keys.refresh_aws_profiles()
    assert problem_title(keys) == ""
    assert [known.name for known in keys.usable_aws_profiles()] == ["bob"]


def test_stored_key_is_in_the_vault_and_told(
    qtbot: QtBot, desktop: Desktop, services: Services, embedded_sts: EmbeddedSts
) -> None:
    key = embedded_sts.directory.user("alice").access_key
    with qtbot.waitSignal(desktop.keys.stored, timeout=PATIENCE_MS) as stored:
        desktop.keys.store("main", f" {key.access_key_id}\n", f"{key.secret_access_key} ")
    assert stored.args is not None
    entry = stored.args[0]
    assert isinstance(entry, AccessKeyEntry)
    assert (entry.name, entry.last_four) == ("main", "LICE")
    assert services.vault.access_key(entry.id) == key


@pytest.mark.fault(8)
@pytest.mark.parametrize(
    ("key_id", "secret", "expected"),
    [
        ("ASIAEXAMPLEDEMOALICE", "x" * 40, TemporaryKeyError),
        ("", "x" * 40, InvalidInputError),
        ("AKIAEXAMPLEDEMOALICE", "", InvalidInputError),
        ("AKIAEXAMPLEDEMOALICE", "with a blank", InvalidInputError),
    ],
)
def test_unusable_key_is_refused(
    qtbot: QtBot, desktop: Desktop, services: Services, key_id: str, secret: str, expected: type[Exception]
) -> None:
    with qtbot.waitSignal(desktop.keys.failed, timeout=PATIENCE_MS) as failed:
        desktop.keys.store("main", key_id, secret)
    assert failed.args is not None
    assert isinstance(failed.args[0], expected)
    assert services.settings.load().access_keys == ()


@pytest.mark.fault(25)
@pytest.mark.expects_warnings
def test_keyring_that_does_not_answer_is_told_and_the_files_are_read_all_the_same(
    qtbot: QtBot, make_services: Callable[..., Services], write_aws_files: Callable[..., None]
) -> None:
    def never() -> OpenedStore:
        raise TimeoutError

    write_aws_files("bob")
    jobs = Jobs()
    keys = KeyStore(make_services(Vault(never)), jobs, jobs)
    with qtbot.waitSignals([keys.vault_changed, keys.aws_profiles_changed], timeout=PATIENCE_MS):
        keys.refresh()
    assert keys.vault_status is None
    assert isinstance(keys.vault_problem, KeyringNotAnsweringError)
    assert [known.name for known in keys.usable_aws_profiles()] == ["bob"]
    assert jobs.close(5)
