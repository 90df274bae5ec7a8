"""What the next start finds after the program was killed between two steps."""

import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from sts_desktop.core import reconciliation, renewal
from sts_desktop.core.aws_files.locations import AwsFileLocations
from sts_desktop.core.credentials import SessionCredentials
from sts_desktop.core.errors import StsDesktopError
from sts_desktop.core.profile import Profile
from sts_desktop.core.services import Services
from sts_desktop.core.state import SessionRecord
from sts_desktop.core.state_file import update_session
from sts_desktop.core.vault.vault import Vault

if TYPE_CHECKING:
    from tests.core.conftest import Clock, Keyring

ReadSection = Callable[[str], dict[str, str]]
MakeServices = Callable[[], Services]


class KilledError(BaseException):
    """As if the process ended there: nothing below the test catches it."""


@pytest.mark.fault(33)
@pytest.mark.parametrize("after_storing", [False, True])
def test_a_kill_around_the_keyring_is_reconciled(
    services: Services,
    make_services: MakeServices,
    bobs_profile: Profile,
    monkeypatch: pytest.MonkeyPatch,
    after_storing: bool,
) -> None:
    services.sessions.get_token(bobs_profile)
    before = services.sessions.identify(bobs_profile)
    store = services.vault.store_session

    def die(*arguments: Any) -> None:
        if after_storing:
            store(*arguments)
        raise KilledError

    with monkeypatch.context() as patch:
        patch.setattr(services.vault, "store_session", die)
        with pytest.raises(KilledError):
            services.sessions.get_token(bobs_profile)
    own = make_services()
    assert own.sessions.record(bobs_profile.id).pending
    record = own.sessions.records.reconcile().session(bobs_profile.id)
    credentials = own.sessions.credentials(bobs_profile)
    assert not record.pending
    assert (record.last_four, record.expiration) == (credentials.access_key_id[-4:], credentials.expiration)
    if after_storing:
        assert record.last_four != before.last_four
        assert record.identity is None
        assert record.issued is None
    else:
        assert record == before


def test_a_session_that_is_gone_from_the_keyring_is_gone_from_the_list(
    services: Services, bobs_profile: Profile, clock: "Clock"
) -> None:
    services.sessions.get_token(bobs_profile)
    services.sessions.identify(bobs_profile)
    services.vault.forget_session(bobs_profile.id)
    record = services.sessions.records.reconcile().session(bobs_profile.id)
    assert record == SessionRecord()
    assert renewal.phase(record, clock()) is renewal.Phase.NONE


def test_reconciling_takes_nothing_back_from_another_process(
    services: Services, make_services: MakeServices, bobs_profile: Profile, monkeypatch: pytest.MonkeyPatch
) -> None:
    services.sessions.get_token(bobs_profile)
    newest: list[SessionRecord] = []
    read = services.vault.session
    renewal = threading.Thread(target=lambda: newest.append(make_services().sessions.get_token(bobs_profile)))

    def read_while_another_renews(profile_id: str, *, may_prompt: bool) -> Any:
        found = read(profile_id, may_prompt=may_prompt)
        renewal.start()
        renewal.join(0.5)  # the time in which it would overtake
        return found

    monkeypatch.setattr(services.vault, "session", read_while_another_renews)
    services.sessions.records.reconcile()
    renewal.join(20)
    assert services.sessions.record(bobs_profile.id) == newest[0]


@pytest.mark.fault(33)
def test_start_during_a_first_token_whose_process_is_killed_finds_the_session(
    services: Services,
    make_services: MakeServices,
    bobs_profile: Profile,
    keyring: "Keyring",
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    starting = threading.Thread(target=make_services().sessions.records.reconcile)
    store = Vault.store_session

    def store_and_die(*arguments: Any) -> None:
        starting.start()
        starting.join(0.5)  # the time in which it would take the session for none
        store(*arguments)
        raise KilledError

    with monkeypatch.context() as patch:
        patch.setattr(Vault, "store_session", store_and_die)
        with pytest.raises(KilledError):
            services.sessions.get_token(bobs_profile)
    starting.join(20)
    stored = keyring.vault().session(bobs_profile.id)
    assert stored is not None
    assert make_services().sessions.records.reconcile().session(bobs_profile.id).is_of(stored)


def test_reconciling_lets_the_keyring_ask_a_person_only_about_sessions(
    services: Services, bobs_profile: Profile, monkeypatch: pytest.MonkeyPatch
) -> None:
    def look(_profile_id: str, *, may_prompt: bool = True) -> None:
        assert not may_prompt

    services.state.update(lambda state: state.with_session(bobs_profile.id, SessionRecord(requested_seconds=900)))
    monkeypatch.setattr(services.vault, "session", look)
    assert services.sessions.records.reconcile() == services.state.load()


# Writes a session of its own to a section and ends, as by `kill -9`, before or after the file is replaced.
DIE_WHILE_WRITING = """
import os, sys
from datetime import timedelta
from sts_desktop.core.aws_files.files import AwsFiles
from sts_desktop.core.clock import utc_now
from sts_desktop.core.credentials import SessionCredentials
from sts_desktop.core.services import open_services
from sts_desktop.core.vault.vault import memory_vault

services = open_services(vault=memory_vault())
profile = services.settings.load().profile_called("bob")
ends = utc_now() + timedelta(hours=1)
services.vault.store_session(profile.id, SessionCredentials("ASIAKILLEDPROCESS123", "secret", "token", ends))
write = AwsFiles.write

def die(*arguments, **options):
    if sys.argv[1] == "after":
        write(*arguments, **options)
    os._exit(9)

AwsFiles.write = die
services.sessions.write(profile, *sys.argv[2:])
"""


@pytest.mark.fault(33)
@pytest.mark.parametrize("moment", ["before", "after"])
def test_after_a_kill_during_the_write_the_section_is_still_ours(
    services: Services, bobs_profile: Profile, moment: str, in_section: ReadSection
) -> None:
    services.sessions.get_token(bobs_profile)
    services.sessions.write(bobs_profile)
    old = in_section("bob")
    process = subprocess.run([sys.executable, "-c", DIE_WHILE_WRITING, moment], timeout=60)
    assert process.returncode == 9
    standing = in_section("bob")
    assert standing["aws_access_key_id"] == ("ASIAKILLEDPROCESS123" if moment == "after" else old["aws_access_key_id"])
    record = services.sessions.get_token(bobs_profile)  # and with it the file, without a question
    assert in_section("bob")["aws_access_key_id"].endswith(record.last_four)
    assert len(record.written) == 1
    assert not record.written[0].problem


@pytest.mark.fault(33)
def test_after_a_kill_before_the_write_the_new_section_is_told_of_and_written_with_the_next_session(
    services: Services, bobs_profile: Profile, in_section: ReadSection
) -> None:
    services.sessions.get_token(bobs_profile)
    before = services.sessions.write(bobs_profile)
    process = subprocess.run([sys.executable, "-c", DIE_WHILE_WRITING, "before", "elsewhere"], timeout=60)
    assert process.returncode == 9
    old, new = services.sessions.record(bobs_profile.id).written
    assert (old,) == before.written
    assert (new.section, bool(new.problem)) == ("elsewhere", True)
    assert in_section("elsewhere") == {}
    record = services.sessions.get_token(bobs_profile)
    for section in ("bob", "elsewhere"):
        assert in_section(section)["aws_access_key_id"].endswith(record.last_four)


@pytest.mark.fault(33)
def test_keys_that_a_killed_first_write_left_go_with_the_end(
    services: Services, bobs_profile: Profile, in_section: ReadSection, aws_locations: AwsFileLocations
) -> None:
    services.sessions.get_token(bobs_profile)
    process = subprocess.run([sys.executable, "-c", DIE_WHILE_WRITING, "after", "elsewhere"], timeout=60)
    assert process.returncode == 9
    assert in_section("elsewhere") != {}
    services.sessions.records.reconcile()
    assert services.sessions.end(bobs_profile).removed_from == ("elsewhere",)
    assert "[elsewhere]" not in aws_locations.credentials.read_text()


@pytest.mark.fault(33)
def test_after_a_kill_between_keyring_and_record_the_file_is_not_called_up_to_date(
    services: Services, bobs_profile: Profile, clock: "Clock"
) -> None:
    long = services.sessions.get_token(replace(bobs_profile, duration_seconds=36_000))
    services.sessions.write(bobs_profile)
    update_session(services.state, bobs_profile.id, pending=True)
    newer = SessionCredentials("ASIANEWER", "secret", "token", clock().replace(microsecond=0) + timedelta(hours=1))
    services.vault.store_session(bobs_profile.id, newer)
    record = services.sessions.records.reconcile().session(bobs_profile.id)
    assert record.is_of(newer)
    assert [bool(place.problem) for place in record.written] == [True]
    assert services.sessions.end(bobs_profile).until == long.expiration


@pytest.mark.fault(33)
def test_without_the_lock_what_is_being_stored_is_left_alone(services: Services, bobs_profile: Profile) -> None:
    """It may have become so since the state was looked at."""
    pending = update_session(services.state, bobs_profile.id, pending=True)
    reconciliation.reconcile(services.state, services.vault, (bobs_profile.id,), is_held=False)
    assert services.sessions.record(bobs_profile.id) == pending
    reconciliation.reconcile(services.state, services.vault, (bobs_profile.id,))
    assert services.sessions.record(bobs_profile.id) == SessionRecord()


@pytest.mark.fault(46)
def test_lost_state_is_made_again_from_the_keyring_and_the_file(
    services: Services, make_services: MakeServices, bobs_profile: Profile, in_section: ReadSection
) -> None:
    before = services.sessions.get_token(bobs_profile)
    services.sessions.write(bobs_profile)
    services.profiles.create("without a session", bobs_profile)
    services.paths.state_file.write_text('{"sess')
    start = make_services()
    found = start.sessions.records.reconcile()
    record = found.session(bobs_profile.id)
    assert (record.expiration, record.last_four) == (before.expiration, before.last_four)
    assert [written.section for written in record.written] == ["bob"]
    assert set(found.sessions) == {bobs_profile.id}
    assert start.sessions.end(bobs_profile).removed_from == ("bob",)
    assert set(in_section("bob")) <= {"region"}  # whether the section was made for it is not known any more


def test_section_that_somebody_else_wrote_is_not_taken_for_ours_when_the_state_was_lost(
    services: Services, make_services: MakeServices, bobs_profile: Profile, put_credentials: Callable[[str], Path]
) -> None:
    services.sessions.get_token(bobs_profile)
    put_credentials("[bob]\naws_access_key_id = AKIASOMEBODYELSES\naws_secret_access_key = x\n")
    services.paths.state_file.unlink()
    record = make_services().sessions.records.reconcile().session(bobs_profile.id)
    assert record.expiration is not None
    assert record.written == ()


def test_session_is_found_in_the_keyring_also_where_a_failure_was_noted_since(
    services: Services, make_services: MakeServices, bobs_profile: Profile
) -> None:
    before = services.sessions.get_token(bobs_profile)
    services.paths.state_file.unlink()
    services.sessions.kept.note_failure(bobs_profile, StsDesktopError("It failed", "", ""))
    record = make_services().sessions.records.reconcile().session(bobs_profile.id)
    assert record.last_four == before.last_four
    assert record.failure is not None
