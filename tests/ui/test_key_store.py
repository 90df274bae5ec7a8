"""What is known of the keyring and of the AWS files, and how it is told."""

import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from sts_desktop.core.access_keys import AccessKeyNameTakenError, AccessKeys
from sts_desktop.core.credentials import AccessKey
from sts_desktop.core.errors import InvalidInputError, StsDesktopError
from sts_desktop.core.services import Services
from sts_desktop.core.settings import AccessKeyEntry
from sts_desktop.core.sts.errors import TemporaryKeyError
from sts_desktop.core.vault.errors import KeyringNotAnsweringError
from sts_desktop.core.vault.store import OpenedStore
from sts_desktop.core.vault.vault import Vault
from sts_desktop.demo.embedded_sts import EmbeddedSts
from sts_desktop.ui.app import Desktop
from sts_desktop.ui.jobs import Job, Jobs
from sts_desktop.ui.key_store import KeyStore
from tests.ui.hand import PATIENCE_MS, Hand


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


class Answers:
    """What whoever asked for a key to be stored was told."""

    def __init__(self) -> None:
        self.stored: list[AccessKeyEntry] = []
        self.failed: list[StsDesktopError] = []


@pytest.fixture
def store(desktop: Desktop) -> Callable[..., tuple[Job, Answers]]:
    """Begin to store a key; return the job, and what will have been told when it has ended."""

    def store(name: str, key_id: str, secret: str, *, replace: bool = False) -> tuple[Job, Answers]:
        answers = Answers()
        job = desktop.keys.store(
            name, key_id, secret, stored=answers.stored.append, failed=answers.failed.append, replace=replace
        )
        return job, answers

    return store


def test_stored_key_is_in_the_vault_and_told(
    qtbot: QtBot,
    desktop: Desktop,
    services: Services,
    embedded_sts: EmbeddedSts,
    store: Callable[..., tuple[Job, Answers]],
    hand: Hand,
) -> None:
    key = embedded_sts.directory.user("alice").access_key
    with qtbot.waitSignal(desktop.keys.keys_changed, timeout=PATIENCE_MS):
        _job, answers = store("main", f" {key.access_key_id}\n", f"{key.secret_access_key} ")
    (entry,) = answers.stored
    assert (entry.name, entry.last_four) == ("main", "LICE")
    assert services.vault.access_key(entry.id) == key
    assert answers.failed == []
    hand.settle(desktop)
    assert desktop.profiles.settings.access_keys == (entry,)


def test_each_is_told_of_the_key_it_asked_for(
    desktop: Desktop, store: Callable[..., tuple[Job, Answers]], hand: Hand
) -> None:
    _job, good = store("main", "AKIAEXAMPLEDEMOALICE", "x" * 40)
    _job, bad = store("other", "ASIAEXAMPLEDEMOALICE", "x" * 40)
    hand.settle(desktop)
    assert [entry.name for entry in good.stored] == ["main"]
    assert good.failed == []
    assert bad.stored == []
    assert [type(error) for error in bad.failed] == [TemporaryKeyError]


def test_taken_name_is_told_and_replaced_when_told(
    desktop: Desktop, services: Services, store: Callable[..., tuple[Job, Answers]], hand: Hand
) -> None:
    store("main", "AKIAEXAMPLEDEMOALICE", "x" * 40)
    hand.settle(desktop)
    _job, refused = store("main", "AKIAEXAMPLEDEMO22BOB", "y" * 40)
    hand.settle(desktop)
    assert [type(error) for error in refused.failed] == [AccessKeyNameTakenError]
    assert [entry.last_four for entry in services.settings.load().access_keys] == ["LICE"]
    _job, replaced = store("main", "AKIAEXAMPLEDEMO22BOB", "y" * 40, replace=True)
    hand.settle(desktop)
    assert services.settings.load().access_keys == tuple(replaced.stored)
    assert desktop.profiles.settings.access_keys == tuple(replaced.stored)


def test_cancelled_before_it_is_stored_it_is_not(
    desktop: Desktop,
    services: Services,
    store: Callable[..., tuple[Job, Answers]],
    hand: Hand,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    looking, gate = threading.Event(), threading.Event()
    called = AccessKeys.called

    def called_slowly(self: AccessKeys, name: str) -> AccessKeyEntry | None:
        looking.set()
        assert gate.wait(20)
        return called(self, name)

    monkeypatch.setattr(AccessKeys, "called", called_slowly)
    job, answers = store("main", "AKIAEXAMPLEDEMOALICE", "x" * 40)
    assert looking.wait(20)
    desktop.keys.cancel(job)
    gate.set()
    hand.settle(desktop)
    assert services.settings.load().access_keys == ()
    assert answers.stored == []
    assert answers.failed == []


def test_cancelled_too_late_it_is_listed(
    qtbot: QtBot,
    desktop: Desktop,
    services: Services,
    store: Callable[..., tuple[Job, Answers]],
    hand: Hand,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    storing, gate = threading.Event(), threading.Event()
    store_access_key = services.vault.store_access_key

    def store_slowly(key_id: str, key: AccessKey) -> None:
        storing.set()
        assert gate.wait(20)
        store_access_key(key_id, key)

    monkeypatch.setattr(services.vault, "store_access_key", store_slowly)
    job, answers = store("main", "AKIAEXAMPLEDEMOALICE", "x" * 40)
    assert storing.wait(20)
    desktop.keys.cancel(job)
    with qtbot.waitSignal(desktop.keys.keys_changed, timeout=PATIENCE_MS):
        gate.set()
    hand.settle(desktop)
    assert [entry.name for entry in desktop.profiles.settings.access_keys] == ["main"]
    assert answers.stored == []
    assert answers.failed == []


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
    desktop: Desktop,
    services: Services,
    store: Callable[..., tuple[Job, Answers]],
    hand: Hand,
    key_id: str,
    secret: str,
    expected: type[Exception],
) -> None:
    _job, answers = store("main", key_id, secret)
    hand.settle(desktop)
    assert [type(error) for error in answers.failed] == [expected]
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


def test_files_that_say_the_same_as_before_are_no_news(qtbot: QtBot, desktop: Desktop, hand: Hand) -> None:
    """Or an open list of keys would close each time another program touches a file."""
    with qtbot.assertNotEmitted(desktop.keys.aws_profiles_changed):
        desktop.keys.refresh_aws_profiles()
        hand.settle(desktop)
