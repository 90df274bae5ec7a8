"""A session is ended, a deleted profile forgotten; what is left says so."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from sts_desktop.core import renewal
from sts_desktop.core.aws_files.locations import AwsFileLocations
from sts_desktop.core.profile import Profile
from sts_desktop.core.revocation import how_to_revoke
from sts_desktop.core.services import Services
from sts_desktop.core.session_errors import NoSessionError
from sts_desktop.core.sessions import EndedSession
from sts_desktop.core.state import SessionRecord
from sts_desktop.core.state_file import update_session
from sts_desktop.core.vault.errors import KeyringLockedError, KeyringRefusedError, KeyringUnavailableError
from sts_desktop.core.vault.vault import Vault, memory_vault
from tests.core.settled import settled

if TYPE_CHECKING:
    from tests.core.conftest import Clock, Keyring, WatchedSts

ReadSection = Callable[[str], dict[str, str]]
MakeServices = Callable[[], Services]
PutCredentials = Callable[[str], Path]

FOREIGN = "[bob]\naws_access_key_id = AKIASOMEBODYELSES123\naws_secret_access_key = theirs\n"


def test_ending_leaves_nothing_of_the_session(
    services: Services, bobs_profile: Profile, keyring: "Keyring", put_credentials: PutCredentials, clock: "Clock"
) -> None:
    path = put_credentials(FOREIGN.replace("bob", "main"))
    kept = set(keyring.inner._values)
    record = services.sessions.get_token(bobs_profile)
    services.sessions.write(bobs_profile)
    assert services.sessions.end(bobs_profile) == EndedSession(record.expiration, ("bob",))
    assert set(keyring.inner._values) == kept
    assert path.read_text() == FOREIGN.replace("bob", "main")
    assert bobs_profile.id not in services.state.load().sessions
    assert renewal.phase(services.sessions.record(bobs_profile.id), clock()) is renewal.Phase.NONE
    with pytest.raises(NoSessionError):
        services.sessions.credentials(bobs_profile)


def test_ending_twice_is_no_mistake(services: Services, bobs_profile: Profile) -> None:
    services.sessions.get_token(bobs_profile)
    services.sessions.end(bobs_profile)
    assert services.sessions.end(bobs_profile) == EndedSession(None)


def test_a_session_that_has_expired_is_no_longer_accepted(
    services: Services, bobs_profile: Profile, clock: "Clock"
) -> None:
    services.sessions.get_token(bobs_profile)
    clock.advance(hours=2)
    assert services.sessions.end(bobs_profile).until is None


def test_a_longer_session_from_before_counts_too(services: Services, bobs_profile: Profile) -> None:
    """It may have been copied, and AWS accepts it to its end, whatever came after it."""
    long = services.sessions.get_token(replace(bobs_profile, duration_seconds=36 * 3600))
    for _time in range(2):
        services.sessions.get_token(replace(bobs_profile, duration_seconds=900))
    assert services.sessions.end(bobs_profile).until == long.expiration
    short = services.sessions.get_token(replace(bobs_profile, duration_seconds=900))
    assert services.sessions.end(bobs_profile).until == short.expiration


def test_a_section_that_a_deleted_profile_made_goes_whole(
    services: Services, bobs_profile: Profile, aws_locations: AwsFileLocations
) -> None:
    services.sessions.get_token(bobs_profile)
    services.sessions.write(bobs_profile, "ours")
    services.profiles.delete(bobs_profile.id)
    services.sessions.records.forget_deleted(bobs_profile.id)
    again = services.profiles.create("again", bobs_profile)
    services.sessions.get_token(again)
    services.sessions.write(again, "ours")
    services.sessions.end(again)
    assert "[ours]" not in aws_locations.credentials.read_text()


def test_a_session_that_only_the_file_has_left_is_accepted_no_less(
    services: Services, bobs_profile: Profile, in_section: ReadSection
) -> None:
    record = services.sessions.get_token(bobs_profile)
    services.sessions.write(bobs_profile)
    services.vault.forget_session(bobs_profile.id)
    assert services.sessions.end(bobs_profile) == EndedSession(record.expiration, ("bob",))
    assert in_section("bob") == {}


def test_a_session_that_was_removed_from_the_keyring_by_hand_is_accepted_no_less(
    services: Services, bobs_profile: Profile, in_section: ReadSection
) -> None:
    record = services.sessions.get_token(bobs_profile)
    services.sessions.write(bobs_profile)
    services.vault.forget_session(bobs_profile.id)
    assert services.sessions.records.reconcile().session(bobs_profile.id).expiration is None
    assert services.sessions.end(bobs_profile) == EndedSession(record.expiration, ("bob",))


@pytest.mark.fault(33)
def test_killed_while_a_deleted_profile_is_forgotten_until_when_its_keys_are_accepted_stays_known(
    services: Services, make_services: MakeServices, bobs_profile: Profile, monkeypatch: pytest.MonkeyPatch
) -> None:
    record = services.sessions.get_token(bobs_profile)
    services.sessions.write(bobs_profile)
    services.profiles.delete(bobs_profile.id)
    forget = Vault.forget_session

    def forget_and_die(*arguments: Any) -> None:
        forget(*arguments)
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Vault, "forget_session", forget_and_die)
        with pytest.raises(KeyboardInterrupt):
            services.sessions.records.forget_deleted(bobs_profile.id)
    own = make_services()
    assert settled(own.sessions).session(bobs_profile.id).accepted_until == record.expiration
    left = own.sessions.records.reconcile().session(bobs_profile.id)
    assert (left.expiration, left.accepted_until) == (None, record.expiration)
    assert [written.section for written in left.written] == ["bob"]


def test_a_new_session_after_the_end_is_not_written_by_itself(
    services: Services, bobs_profile: Profile, in_section: ReadSection
) -> None:
    services.sessions.get_token(bobs_profile)
    services.sessions.write(bobs_profile)
    services.sessions.end(bobs_profile)
    services.sessions.get_token(bobs_profile)
    assert in_section("bob") == {}


@pytest.mark.fault(35)
def test_somebody_elses_keys_in_the_section_stay(
    services: Services, bobs_profile: Profile, put_credentials: PutCredentials
) -> None:
    services.sessions.get_token(bobs_profile)
    services.sessions.write(bobs_profile)
    path = put_credentials(FOREIGN)
    ended = services.sessions.end(bobs_profile)
    assert ended.removed_from == ()
    assert "…S123" in ended.problem
    assert path.read_text() == FOREIGN
    assert services.vault.session(bobs_profile.id) is None
    assert bobs_profile.id not in services.state.load().sessions


@pytest.mark.expects_warnings
def test_a_file_that_is_refused_keeps_nothing_else_alive(
    services: Services, bobs_profile: Profile, aws_locations: AwsFileLocations, in_section: ReadSection
) -> None:
    record = services.sessions.get_token(bobs_profile)
    services.sessions.write(bobs_profile)
    text = aws_locations.credentials.read_text()
    aws_locations.credentials.write_text(text + "[bob]\n")
    ended = services.sessions.end(bobs_profile)
    assert (ended.until, ended.removed_from) == (record.expiration, ())
    assert "line" in ended.problem.lower()
    assert services.vault.session(bobs_profile.id) is None
    left = services.sessions.record(bobs_profile.id)
    assert left.expiration is None
    assert len(left.written) == 1
    assert left.written[0].still_there == ended.problem
    assert ended.is_still_there
    # A new session does not go where the person had ended one; and once the file is mended, that goes.
    standing = text
    aws_locations.credentials.write_text(standing)
    renewed = services.sessions.get_token(bobs_profile)
    assert aws_locations.credentials.read_text() == standing
    assert services.sessions.remove_from_files(bobs_profile.id, only_left=True).sections == ("bob",)
    assert in_section("bob") == {}
    assert services.sessions.credentials(bobs_profile).access_key_id.endswith(renewed.last_four)


@pytest.mark.expects_warnings
def test_another_file_than_at_the_time_of_writing_is_not_touched(
    services: Services, bobs_profile: Profile, in_section: ReadSection, tmp_path: Path
) -> None:
    services.sessions.get_token(bobs_profile)
    services.sessions.write(bobs_profile)
    standing = in_section("bob")
    (written,) = services.sessions.record(bobs_profile.id).written
    elsewhere = replace(written, path=str(tmp_path / "elsewhere"))
    update_session(services.state, bobs_profile.id, written=(elsewhere,))
    assert str(tmp_path / "elsewhere") in services.sessions.end(bobs_profile).problem
    assert in_section("bob") == standing


@pytest.mark.fault(24)
def test_a_locked_keyring_ends_nothing(
    services: Services, bobs_profile: Profile, monkeypatch: pytest.MonkeyPatch, in_section: ReadSection
) -> None:
    services.sessions.get_token(bobs_profile)
    before, standing = services.sessions.write(bobs_profile), in_section("bob")

    def dismissed(_profile_id: str) -> None:
        raise KeyringLockedError

    monkeypatch.setattr(services.vault, "session", dismissed)
    with pytest.raises(KeyringLockedError):
        services.sessions.end(bobs_profile)
    assert services.sessions.record(bobs_profile.id) == before
    assert in_section("bob") == standing


def test_a_keyring_that_keeps_the_session_is_told_of(
    services: Services, bobs_profile: Profile, keyring: "Keyring", monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is shown stays true: the session lives, and is in no file any more."""
    record = services.sessions.get_token(bobs_profile)
    services.sessions.write(bobs_profile)
    monkeypatch.setattr(keyring, "delete", lambda _name: (_ for _ in ()).throw(KeyringRefusedError()))
    with pytest.raises(KeyringRefusedError):
        services.sessions.end(bobs_profile)
    after = services.sessions.record(bobs_profile.id)
    assert (after.expiration, after.written) == (record.expiration, ())
    assert services.sessions.credentials(bobs_profile).expiration == record.expiration


def test_forgetting_leaves_the_file_and_remembers_that_it_is_ours(
    services: Services, bobs_profile: Profile, keyring: "Keyring", in_section: ReadSection
) -> None:
    kept = set(keyring.inner._values)
    services.sessions.get_token(bobs_profile)
    record = services.sessions.write(bobs_profile)
    standing = in_section("bob")
    services.profiles.delete(bobs_profile.id)
    for _time in range(2):
        services.sessions.records.forget_deleted(bobs_profile.id)
        assert set(keyring.inner._values) == kept
        left = SessionRecord(written=record.written, earlier_until=record.expiration)
        assert services.sessions.record(bobs_profile.id) == left
    assert in_section("bob") == standing
    again = services.profiles.create("bob", bobs_profile)
    services.sessions.get_token(again)
    assert len(services.sessions.write(again).written) == 1


def test_a_person_may_leave_what_a_deleted_profile_has_in_the_file(
    services: Services, make_services: MakeServices, bobs_profile: Profile, in_section: ReadSection
) -> None:
    services.sessions.get_token(bobs_profile)
    services.sessions.write(bobs_profile)
    services.profiles.delete(bobs_profile.id)
    services.sessions.leave_in_files(bobs_profile.id)
    services.sessions.records.forget_deleted(bobs_profile.id)
    (place,) = make_services().sessions.record(bobs_profile.id).written
    assert place.may_stay
    assert in_section("bob") != {}
    services.sessions.remove_from_files(bobs_profile.id)
    assert in_section("bob") == {}


def test_forgetting_what_was_never_there(services: Services) -> None:
    services.sessions.records.forget_deleted("0123456789abcdef")
    assert services.state.load().sessions == {}


@pytest.mark.fault(33)
def test_a_profile_whose_deletion_was_cut_short_is_forgotten_at_the_next_start(
    services: Services, make_services: MakeServices, bobs_profile: Profile, keyring: "Keyring"
) -> None:
    kept = set(keyring.inner._values)
    other = services.profiles.create("other", bobs_profile)
    services.sessions.get_token(bobs_profile)
    services.sessions.get_token(other)
    services.profiles.delete(bobs_profile.id)
    own = make_services()
    own.sessions.records.reconcile_one(other.id)  # as a command does, while a window may still offer to undo
    assert bobs_profile.id in own.state.load().sessions
    assert set(own.sessions.records.reconcile().sessions) == {other.id}
    assert own.sessions.credentials(other).session_token
    own.sessions.end(other)
    assert set(keyring.inner._values) == kept


@pytest.mark.fault(46)
def test_settings_that_had_to_be_moved_aside_delete_no_session(
    services: Services, make_services: MakeServices, bobs_profile: Profile
) -> None:
    record = services.sessions.get_token(bobs_profile)
    services.settings.path.write_text("no JSON")
    own = make_services()
    own.settings.load(may_move_aside=True)
    assert own.sessions.records.reconcile().session(bobs_profile.id) == record
    assert own.vault.session(bobs_profile.id) is not None


def test_renewing_is_getting_a_token_while_one_lives(
    services: Services, bobs_profile: Profile, embedded_sts: "WatchedSts", in_section: ReadSection
) -> None:
    first = services.sessions.get_token(bobs_profile)
    services.sessions.write(bobs_profile)
    second = services.sessions.get_token(bobs_profile)
    assert embedded_sts.token_requests == 2
    assert first.last_four != second.last_four
    assert in_section("bob")["aws_access_key_id"].endswith(second.last_four)


def test_an_administrator_learns_what_to_do() -> None:
    assert "aws:TokenIssueTime" in how_to_revoke()


def test_a_section_that_was_there_before_keeps_its_header_and_its_region(
    services: Services, bobs_profile: Profile, aws_locations: AwsFileLocations
) -> None:
    aws_locations.credentials.parent.mkdir(exist_ok=True)
    text = aws_locations.credentials.read_text() if aws_locations.credentials.exists() else ""
    aws_locations.credentials.write_text(text + "\n[mine]\nregion = eu-west-1\n")
    before = aws_locations.credentials.read_bytes()
    profile = replace(bobs_profile, working_region="")
    services.sessions.get_token(profile)
    services.sessions.write(profile, "mine")
    assert services.sessions.end(profile).removed_from == ("mine",)
    assert aws_locations.credentials.read_bytes() == before


@pytest.mark.fault(46)
def test_no_session_is_forgotten_because_the_settings_were_lost(services: Services, bobs_profile: Profile) -> None:
    kept = services.sessions.get_token(bobs_profile)
    services.paths.settings_file.unlink()
    assert services.sessions.records.reconcile().session(bobs_profile.id) == kept
    assert services.vault.session(bobs_profile.id) is not None


@pytest.mark.fault(23)
def test_without_the_keyring_that_holds_it_a_session_is_not_called_ended(
    services: Services, bobs_profile: Profile, aws_locations: AwsFileLocations
) -> None:
    services.sessions.get_token(bobs_profile)
    kept = services.sessions.write(bobs_profile)
    before = aws_locations.credentials.read_bytes()
    without_keyring = replace(services.sessions, vault=memory_vault())
    with pytest.raises(KeyringUnavailableError):
        without_keyring.end(bobs_profile)
    assert services.sessions.record(bobs_profile.id) == kept
    assert aws_locations.credentials.read_bytes() == before


@pytest.mark.fault(33)
def test_a_renewal_that_stops_before_the_file_is_not_called_written(
    services: Services, bobs_profile: Profile, monkeypatch: pytest.MonkeyPatch
) -> None:
    services.sessions.get_token(bobs_profile)
    services.sessions.write(bobs_profile)

    def stop(*_arguments: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("sts_desktop.core.session_files.SessionFiles.write_again", stop)
    with pytest.raises(KeyboardInterrupt):
        services.sessions.get_token(bobs_profile)
    (written,) = services.sessions.record(bobs_profile.id).written
    assert written.problem


@pytest.mark.expects_warnings
def test_a_renewal_goes_to_no_other_file_than_the_session_before(
    services: Services, bobs_profile: Profile, tmp_path: Path, in_section: ReadSection
) -> None:
    services.sessions.get_token(bobs_profile)
    (written,) = services.sessions.write(bobs_profile).written
    standing = in_section("bob")
    update_session(services.state, bobs_profile.id, written=(replace(written, path=str(tmp_path / "elsewhere")),))
    record = services.sessions.get_token(bobs_profile)
    assert len(record.written) == 1
    assert str(tmp_path / "elsewhere") in record.written[0].problem
    assert in_section("bob") == standing


@pytest.mark.fault(24)
@pytest.mark.expects_warnings
def test_a_keyring_that_is_not_unlocked_at_the_start_is_asked_once(
    services: Services, bobs_profile: Profile, keyring: "Keyring"
) -> None:
    deleted = [services.profiles.create(f"p{number}", bobs_profile) for number in range(3)]
    for profile in (*deleted, bobs_profile):
        services.sessions.get_token(profile)
    for profile in deleted:
        services.profiles.delete(profile.id)  # and killed before anything was forgotten
    asked: list[None] = []

    def dismiss() -> None:
        asked.append(None)
        raise KeyringLockedError

    keyring.on_unlock = dismiss
    with pytest.raises(KeyringLockedError):
        services.sessions.records.reconcile()
    assert len(asked) == 1
