"""Changes that another process, or another profile, makes between two steps of ours."""

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from operator import attrgetter
from typing import TYPE_CHECKING, Any

import pytest

from sts_desktop.core.aws_files.errors import SectionNameError
from sts_desktop.core.aws_files.files import AwsFiles
from sts_desktop.core.profile import Profile
from sts_desktop.core.services import Services
from sts_desktop.core.session_files import SessionFiles
from sts_desktop.core.state_file import update_session
from sts_desktop.core.sts.errors import SessionExpiredError
from sts_desktop.core.vault.vault import Vault, VaultStatus, memory_vault
from sts_desktop.demo.control import Faults
from tests.core.settled import settled

if TYPE_CHECKING:
    from tests.core.conftest import Clock, WatchedSts

MakeServices = Callable[[], Services]
ReadSection = Callable[[str], dict[str, str]]


class KilledError(BaseException):
    """Stands for the end of a process: nothing of the program's catches it."""


def die(*_arguments: Any, **_options: Any) -> None:
    raise KilledError


def write_and_die(services: Services, profile: Profile, monkeypatch: pytest.MonkeyPatch) -> None:
    """Be killed where the file was to be replaced."""
    with monkeypatch.context() as patch:
        patch.setattr(AwsFiles, "write", die)
        with pytest.raises(KilledError):
            services.sessions.write(profile, "shared")


@pytest.fixture
def other_profile(services: Services, bobs_profile: Profile) -> Profile:
    profile = services.profiles.create("other", bobs_profile)
    services.sessions.get_token(profile)
    return profile


@pytest.mark.fault(20)
def test_fresh_session_of_another_process_outlives_the_word_of_aws_about_the_old_one(
    services: Services,
    make_services: MakeServices,
    bobs_profile: Profile,
    embedded_sts: "WatchedSts",
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    services.sessions.get_token(bobs_profile)
    other, store = make_services(), Vault.store_session
    renewal = threading.Thread(target=other.sessions.get_token, args=[bobs_profile])

    def store_while_another_renews(vault: Vault, *arguments: Any) -> VaultStatus:
        if vault is services.vault and not renewal.ident:
            embedded_sts.control.set(Faults())
            renewal.start()
            renewal.join(0.5)  # the time in which it would overtake
        return store(vault, *arguments)

    monkeypatch.setattr(Vault, "store_session", store_while_another_renews)
    embedded_sts.control.set(Faults(clock_offset_seconds=86_400))
    with pytest.raises(SessionExpiredError):
        services.sessions.test(bobs_profile)
    renewal.join(20)
    record = services.sessions.record(bobs_profile.id)
    assert services.sessions.credentials(bobs_profile).access_key_id.endswith(record.last_four)
    assert services.sessions.records.reconcile().session(bobs_profile.id) == record


@pytest.mark.fault(33)
def test_refused_write_forgets_nothing_that_another_process_noted(
    services: Services,
    make_services: MakeServices,
    bobs_profile: Profile,
    in_section: ReadSection,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    services.sessions.get_token(bobs_profile)
    write = AwsFiles.write

    def refuse_after_another_wrote(files: AwsFiles, section: str, *arguments: Any, **options: Any) -> None:
        if section == "a":  # by another process that waits for no lock
            other = make_services()
            other.sessions.files.write(bobs_profile, services.sessions.credentials(bobs_profile), "b")
            raise SectionNameError
        write(files, section, *arguments, **options)

    monkeypatch.setattr(AwsFiles, "write", refuse_after_another_wrote)
    with pytest.raises(SectionNameError):
        services.sessions.write(bobs_profile, "a")
    assert [written.section for written in services.sessions.record(bobs_profile.id).written] == ["b"]
    assert services.sessions.end(bobs_profile).removed_from == ("b",)
    assert in_section("b") == {}


@pytest.mark.fault(33)
def test_end_after_a_killed_write_leaves_the_keys_of_the_profile_that_stands_there(
    services: Services,
    make_services: MakeServices,
    bobs_profile: Profile,
    other_profile: Profile,
    in_section: ReadSection,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    services.sessions.write(other_profile, "shared")
    services.sessions.get_token(bobs_profile)

    write_and_die(services, bobs_profile, monkeypatch)
    later = make_services()
    later.sessions.records.reconcile()
    assert later.sessions.end(bobs_profile).removed_from == ()
    record = later.sessions.record(other_profile.id)
    assert in_section("shared")["aws_access_key_id"].endswith(record.last_four)
    assert later.sessions.end(other_profile).removed_from == ("shared",)


@pytest.mark.expects_warnings
def test_refused_renewal_takes_no_section_from_the_profile_whose_session_stands_there(
    services: Services,
    bobs_profile: Profile,
    other_profile: Profile,
    in_section: ReadSection,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    services.sessions.write(other_profile, "shared")
    services.sessions.get_token(bobs_profile)
    write_and_die(services, bobs_profile, monkeypatch)

    def refuse(*_arguments: Any, **_options: Any) -> None:
        raise SectionNameError

    with monkeypatch.context() as patch:
        patch.setattr(AwsFiles, "write", refuse)
        services.sessions.get_token(bobs_profile)
    assert services.sessions.end(other_profile).removed_from == ("shared",)
    assert in_section("shared") == {}


@pytest.mark.parametrize("change", ["write", "end", "remove_from_files", "records.forget_deleted", "records.reconcile"])
def test_no_change_comes_between_the_steps_of_another_processs(
    services: Services, make_services: MakeServices, bobs_profile: Profile, change: str
) -> None:
    services.sessions.get_token(bobs_profile)
    services.sessions.write(bobs_profile, "shared")
    services.settings.update(lambda settings: replace(settings, profiles=()))
    update_session(services.state, bobs_profile.id, pending=change == "records.reconcile")
    subject = {"records.reconcile": (), "write": (bobs_profile,), "end": (bobs_profile,)}.get(
        change, (bobs_profile.id,)
    )
    thread = threading.Thread(target=attrgetter(change)(make_services().sessions), args=subject)
    with services.sessions.changing.held():
        before = services.state.load()
        thread.start()
        thread.join(0.3)  # the time in which it would be done
        assert thread.is_alive()
        assert services.state.load() == before
    thread.join(20)
    assert not thread.is_alive()


@pytest.mark.parametrize("taken", ["by another profile", "by the person"])
def test_renewal_writes_to_no_place_that_was_taken_meanwhile(
    services: Services,
    bobs_profile: Profile,
    other_profile: Profile,
    in_section: ReadSection,
    monkeypatch: pytest.MonkeyPatch,
    taken: str,
) -> None:
    services.sessions.get_token(bobs_profile)
    for section in ("first", "second"):
        services.sessions.write(bobs_profile, section)
    write_again = SessionFiles.write_again

    def write_again_and_lose_the_other(files: SessionFiles, profile: Profile, *arguments: Any) -> None:
        write_again(files, profile, *arguments)
        monkeypatch.setattr(SessionFiles, "write_again", write_again)
        if taken == "by another profile":  # as soon as the lock is free, which is here for one thread
            files.write(other_profile, services.sessions.credentials(other_profile), "second")
        else:
            files.remove(bobs_profile.id)

    monkeypatch.setattr(SessionFiles, "write_again", write_again_and_lose_the_other)
    services.sessions.get_token(bobs_profile)
    places = [written.section for written in services.sessions.record(bobs_profile.id).written]
    if taken == "by another profile":
        assert places == ["first"]
        record = services.sessions.record(other_profile.id)
        assert in_section("second")["aws_access_key_id"].endswith(record.last_four)
    else:
        assert places == []
        assert in_section("first") == in_section("second") == {}


@pytest.mark.fault(23)
def test_start_without_the_keyring_loses_no_session_that_was_on_its_way_into_it(
    services: Services, make_services: MakeServices, bobs_profile: Profile
) -> None:
    kept = services.sessions.get_token(bobs_profile)
    update_session(services.state, bobs_profile.id, pending=True)  # killed while it was stored
    replace(services.sessions, vault=memory_vault()).records.reconcile()
    assert make_services().sessions.records.reconcile().session(bobs_profile.id) == kept


@pytest.mark.fault(23)
def test_session_on_its_way_from_memory_into_the_keyring_is_found_there(
    services: Services, make_services: MakeServices, bobs_profile: Profile, clock: "Clock"
) -> None:
    kept = services.sessions.get_token(bobs_profile)
    before = clock().replace(microsecond=0) + timedelta(minutes=1)
    update_session(services.state, bobs_profile.id, pending=True, in_memory=True, last_four="OLD1", expiration=before)
    later = make_services()
    later.sessions.records.reconcile()
    assert settled(later.sessions).session(bobs_profile.id).last_four == kept.last_four
    later.sessions.end(bobs_profile)
    assert later.vault.session(bobs_profile.id) is None
