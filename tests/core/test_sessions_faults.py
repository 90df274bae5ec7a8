"""A renewal that fails, or is killed, at any of its steps: what was valid stays valid, what is shown is true."""

import contextlib
import itertools
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from sts_desktop.core.credentials import AccessKey, SessionCredentials, last_four
from sts_desktop.core.errors import StsDesktopError, UnusableFileError
from sts_desktop.core.json_file import JsonFile
from sts_desktop.core.profile import Profile, VaultKey
from sts_desktop.core.services import Services
from sts_desktop.core.vault.errors import KeyringUnavailableError
from tests import killed_process
from tests.killed_process import FileStore, services_on, store_path

if TYPE_CHECKING:
    from tests.core.conftest import Keyring

MakeServices = Callable[[], Services]
ReadSection = Callable[[str], dict[str, str]]

MOST_STEPS = 200


def shown_and_true(services: Services, profile: Profile) -> SessionCredentials:
    """Return what the vault has, once it was seen that the state says the same."""
    credentials = services.vault.session(profile.id)
    assert credentials is not None
    record = services.sessions.record(profile.id)
    assert not record.pending
    assert (record.expiration, record.last_four) == (credentials.expiration, last_four(credentials.access_key_id))
    return credentials


class FailingKeyring:
    """Fails in the operation of a number, before or after it took effect; from there on, where `for_good`."""

    def __init__(self, keyring: "Keyring", patch: pytest.MonkeyPatch, *, takes_effect: bool, for_good: bool) -> None:
        self.fails_at = -1
        self.count = 0
        self._takes_effect = takes_effect
        self._for_good = for_good
        for name in ("get", "set", "delete"):
            patch.setattr(keyring, name, self._failing(getattr(keyring, name)))

    def heal(self) -> None:
        self.fails_at, self.count = -1, 0

    def _failing(self, operation: Callable[..., Any]) -> Callable[..., Any]:
        def operate(*arguments: str) -> Any:
            number, self.count = self.count, self.count + 1
            fails = number == self.fails_at or (self._for_good and 0 <= self.fails_at < number)
            if fails and not (self._takes_effect and number == self.fails_at):
                raise KeyringUnavailableError
            result = operation(*arguments)
            if fails:
                raise KeyringUnavailableError
            return result

        return operate


@pytest.mark.fault(26)
@pytest.mark.expects_warnings
@pytest.mark.parametrize("for_good", [False, True])
@pytest.mark.parametrize("takes_effect", [False, True])
def test_the_keyring_fails_at_any_operation(
    services: Services,
    make_services: MakeServices,
    bobs_profile: Profile,
    keyring: "Keyring",
    monkeypatch: pytest.MonkeyPatch,
    takes_effect: bool,
    for_good: bool,
) -> None:
    failing = FailingKeyring(keyring, monkeypatch, takes_effect=takes_effect, for_good=for_good)
    services.sessions.get_token(bobs_profile)
    failing.heal()
    services.sessions.get_token(bobs_profile)
    operations = failing.count
    assert operations > 10
    for number in range(operations):
        failing.heal()
        before = services.vault.session(bobs_profile.id)
        failing.heal()
        failing.fails_at = number
        own = make_services()
        try:
            own.sessions.get_token(bobs_profile)
        except StsDesktopError:
            assert own.sessions.record(bobs_profile.id).failure is not None
            failed = True
        else:
            failed = False
        failing.heal()
        if for_good and own.sessions.record(bobs_profile.id).pending:
            own.sessions.records.reconcile()  # as the next start does
        after = shown_and_true(own, bobs_profile)
        if failed and not takes_effect:
            assert after == before
        if not failed:
            assert after != before


@pytest.mark.fault(46)
@pytest.mark.expects_warnings
def test_the_state_cannot_be_saved_at_any_of_its_changes(
    services: Services, make_services: MakeServices, bobs_profile: Profile, monkeypatch: pytest.MonkeyPatch
) -> None:
    services.sessions.get_token(bobs_profile)
    services.sessions.write(bobs_profile)
    update = JsonFile.update
    for number in itertools.count():
        assert number < MOST_STEPS
        left = [number]

        def fail(file: JsonFile[Any], change: Callable[[Any], Any], left: list[int] = left) -> Any:
            left[0] -= 1
            if left[0] < 0:
                raise UnusableFileError("full", "The disk is full.")
            return update(file, change)

        before = services.vault.session(bobs_profile.id)
        with monkeypatch.context() as patch:
            patch.setattr(JsonFile, "update", fail)
            with contextlib.suppress(UnusableFileError):
                services.sessions.get_token(bobs_profile)
        if left[0] >= 0:
            assert number > 3
            return
        own = make_services()
        own.sessions.records.reconcile()
        after = shown_and_true(own, bobs_profile)
        assert (after == before) == (number == 0)


@pytest.fixture
def killed_services() -> Services:
    """Services on the keyring that the killed processes have, with one session, which stands in the file as well."""
    services = services_on(FileStore(store_path()), "FIRST")
    entry = services.access_keys.store("key", "EXAMPLE", "secret")
    profile = services.profiles.create("work", Profile("", "", VaultKey(entry.id)))
    services.sessions.get_token(profile)
    services.sessions.write(profile)
    assert isinstance(services.vault.access_key(entry.id), AccessKey)
    return services


def run_killed(step: int, *arguments: str) -> bool:
    """Start a process that is killed at a step; return whether it was."""
    command = [sys.executable, str(Path(killed_process.__file__)), str(step), *arguments]
    code = subprocess.run(command, timeout=60).returncode
    assert code in (0, 9)
    return code == 9


@pytest.mark.fault(33)
def test_a_renewal_is_killed_at_any_step(killed_services: Services, in_section: ReadSection) -> None:
    [profile] = killed_services.settings.load().profiles
    previous = "ASIAFIRST"
    for step in itertools.count():
        assert step < MOST_STEPS
        newest = f"ASIASTEP{step:04}"
        if not run_killed(step, f"STEP{step:04}"):
            break
        start = services_on(FileStore(store_path()), "NEXT")
        start.sessions.records.reconcile()
        current = shown_and_true(start, profile).access_key_id
        assert current in (previous, newest)
        assert in_section("work")["aws_access_key_id"] in (previous, current)
        # What stands in the file is still known as ours, so that the next renewal may take its place.
        start.sessions.write(profile)
        assert in_section("work")["aws_access_key_id"] == current
        previous = current
    assert step > 20
    assert shown_and_true(killed_services, profile).access_key_id == newest
    assert in_section("work")["aws_access_key_id"] == newest


@pytest.mark.fault(33)
@pytest.mark.expects_warnings  # of parts that are gone under a manifest that is not
def test_an_end_is_killed_at_any_step(killed_services: Services, in_section: ReadSection) -> None:
    """Until the last step it can be ended again; after it nothing is left."""
    [profile] = killed_services.settings.load().profiles
    for step in itertools.count():
        assert step < MOST_STEPS
        killed = run_killed(step, "UNUSED", "end")
        start = services_on(FileStore(store_path()), f"STEP{step}")
        start.sessions.records.reconcile()
        credentials = start.vault.session(profile.id)
        record = start.sessions.record(profile.id)
        assert record.expiration == (credentials.expiration if credentials else None)
        if not killed:
            break
        if credentials is None:  # no session is shown, so none may be left in the file
            assert in_section("work") == {}
        start.sessions.get_token(profile)
        start.sessions.write(profile)
    assert step > 5
    assert credentials is None
    assert in_section("work") == {}


@pytest.mark.fault(33)
def test_a_first_write_to_a_section_is_killed_at_any_step(killed_services: Services, in_section: ReadSection) -> None:
    """The section has the whole session or nothing, is known as ours, and goes with the end."""
    [profile] = killed_services.settings.load().profiles
    kept = shown_and_true(killed_services, profile).access_key_id
    for step in itertools.count():
        assert step < MOST_STEPS
        section = f"section-{step}"
        killed = run_killed(step, "UNUSED", "write", section)
        start = services_on(FileStore(store_path()), "UNUSED")
        start.sessions.records.reconcile()
        assert shown_and_true(start, profile).access_key_id == kept
        standing = in_section(section)
        assert standing.get("aws_access_key_id") in (None, kept)
        assert bool(standing) == ("aws_session_token" in standing)
        if not killed:
            break
        if step % 2:  # as if the person tried again
            start.sessions.write(profile, section)
            assert in_section(section)["aws_access_key_id"] == kept
    assert step > 5
    assert standing
    start.sessions.end(profile)
    assert [number for number in range(step + 1) if in_section(f"section-{number}")] == []
