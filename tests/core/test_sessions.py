"""Getting a token against the embedded STS, which checks as AWS does: what is kept, told, handed out."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from sts_desktop.core import renewal
from sts_desktop.core.aws_files.locations import AwsFileLocations
from sts_desktop.core.errors import StsDesktopError
from sts_desktop.core.profile import AwsProfileKey, DefaultChain, EndpointChoice, Profile, VaultKey
from sts_desktop.core.services import Services
from sts_desktop.core.session_errors import NoSessionError
from sts_desktop.core.session_step import Step
from sts_desktop.core.state import SessionRecord
from sts_desktop.core.sts import errors
from sts_desktop.core.sts.chain_errors import NoCredentialsInChainError
from sts_desktop.core.sts.default_chain import FoundKey
from sts_desktop.core.vault.errors import KeyringRefusedError
from sts_desktop.demo.control import Faults
from sts_desktop.demo.faulty_answers import FaultyAnswer
from tests.core.settled import settled

if TYPE_CHECKING:
    from tests.core.conftest import Clock, Keyring, WatchedSts

ReadSection = Callable[[str], dict[str, str]]
PutCredentials = Callable[[str], Path]


SOURCE = """[main]
aws_access_key_id = AKIAEXAMPLEDEMO22BOB
aws_secret_access_key = demo+secret+of+bob22/not/a/real/AWS/key2
"""


def test_a_token_is_kept_and_works(
    services: Services, bobs_profile: Profile, embedded_sts: "WatchedSts", clock: "Clock"
) -> None:
    record = services.sessions.get_token(bobs_profile)
    credentials = services.sessions.credentials(bobs_profile)
    assert record.last_four == credentials.access_key_id[-4:]
    assert record.expiration == credentials.expiration
    assert abs(renewal.remaining(record, clock()) - timedelta(hours=1)) < timedelta(seconds=2)
    assert record.requested_seconds == 3600
    told = {"expiration": None, "issued": None, "last_four": "", "requested_seconds": 0, "request": "", "source": ""}
    assert replace(record, **told) == SessionRecord()  # type: ignore[arg-type]  # each of its own type
    assert renewal.phase(record, clock()) is renewal.Phase.ACTIVE
    assert services.sessions.identify(bobs_profile).identity == embedded_sts.directory.user("bob").identity


def test_a_token_with_a_code(services: Services, alices_profile: Profile, embedded_sts: "WatchedSts") -> None:
    code = embedded_sts.code()
    record = services.sessions.get_token(alices_profile, f" {code[:3]} {code[3:]} ")
    assert record.expiration is not None
    assert f"TokenCode={code}" in embedded_sts.bodies[0]


def test_the_key_of_an_aws_profile_serves(
    services: Services, bobs_profile: Profile, put_credentials: PutCredentials, aws_locations: AwsFileLocations
) -> None:
    path = put_credentials(SOURCE)
    record = services.sessions.get_token(replace(bobs_profile, source=AwsProfileKey("main")))
    assert record.expiration is not None
    assert path.read_text() == SOURCE


@pytest.mark.fault(43)
def test_the_environment_and_a_broken_config_bend_nothing(
    services: Services,
    bobs_profile: Profile,
    aws_locations: AwsFileLocations,
    embedded_sts: "WatchedSts",
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    bent = {
        "AWS_PROFILE": "ghost",
        "AWS_ENDPOINT_URL": "http://evil.invalid",
        "AWS_ENDPOINT_URL_STS": "http://evil.invalid",
        "AWS_STS_REGIONAL_ENDPOINTS": "legacy",
        "AWS_ACCESS_KEY_ID": "AKIASOMEBODYELSES123",
        "AWS_SESSION_TOKEN": "stale",
    }
    for name, value in bent.items():
        monkeypatch.setenv(name, value)
    aws_locations.config.parent.mkdir()
    aws_locations.config.write_text("[default\nbroken")
    services.sessions.get_token(bobs_profile)
    assert services.sessions.identify(bobs_profile).identity == embedded_sts.directory.user("bob").identity
    (written,) = services.sessions.write(bobs_profile).written
    assert not written.problem


def test_each_step_is_told_in_order(services: Services, bobs_profile: Profile) -> None:
    steps: list[Step] = []
    services.sessions.get_token(bobs_profile, report=steps.append)
    assert steps == [Step.READING_KEY, Step.CHECKING_STORAGE, Step.ASKING_STS, Step.STORING]


def test_each_token_is_another(services: Services, bobs_profile: Profile) -> None:
    first = services.sessions.get_token(bobs_profile)
    second = services.sessions.get_token(bobs_profile)
    assert first.last_four != second.last_four
    assert services.sessions.credentials(bobs_profile).access_key_id.endswith(second.last_four)


@pytest.mark.fault(6)
def test_root_has_an_hour_whatever_was_wished(
    services: Services, bobs_profile: Profile, embedded_sts: "WatchedSts", clock: "Clock"
) -> None:
    key = embedded_sts.directory.user("root").access_key
    entry = services.access_keys.store("root", key.access_key_id, key.secret_access_key)
    profile = replace(bobs_profile, source=VaultKey(entry.id), duration_seconds=129_600)
    record = services.sessions.get_token(profile)
    assert renewal.remaining(record, clock()) <= timedelta(hours=1)
    assert record.requested_seconds == 129_600


@pytest.mark.fault(22)
def test_a_long_token_is_the_same_everywhere(
    services: Services, bobs_profile: Profile, embedded_sts: "WatchedSts", in_section: ReadSection
) -> None:
    embedded_sts.control.set(Faults(token_size=16_384))
    services.sessions.get_token(bobs_profile)
    token = services.sessions.credentials(bobs_profile).session_token
    services.sessions.write(bobs_profile)
    assert len(token) == 16_384
    assert in_section("bob")["aws_session_token"] == token


@pytest.mark.parametrize(
    ("faults", "expected"),
    [
        pytest.param(
            Faults(answer=FaultyAnswer.CAPTIVE_PORTAL), errors.AnswerNotFromAwsError, marks=pytest.mark.fault(14)
        ),
        pytest.param(
            Faults(answer=FaultyAnswer.NO_CREDENTIALS), errors.UnexpectedAnswerError, marks=pytest.mark.fault(18)
        ),
        pytest.param(Faults(answer=FaultyAnswer.BAD_DATE), errors.UnexpectedAnswerError, marks=pytest.mark.fault(18)),
        pytest.param(Faults(clock_offset_seconds=1200), errors.WrongClockError, marks=pytest.mark.fault(10)),
        pytest.param(Faults(region_disabled=True), errors.StsDisabledInRegionError, marks=pytest.mark.fault(19)),
        pytest.param(
            Faults(answer=FaultyAnswer.SERVICE_UNAVAILABLE), errors.ServiceUnavailableError, marks=pytest.mark.fault(17)
        ),
    ],
)
def test_a_failed_renewal_keeps_the_session_and_says_why(
    services: Services,
    bobs_profile: Profile,
    embedded_sts: "WatchedSts",
    clock: "Clock",
    aws_locations: AwsFileLocations,
    faults: Faults,
    expected: type[StsDesktopError],
) -> None:
    services.sessions.get_token(bobs_profile)
    before = services.sessions.write(bobs_profile)
    kept, file = services.sessions.credentials(bobs_profile), aws_locations.credentials.read_bytes()
    embedded_sts.control.set(faults)
    with pytest.raises(expected) as told:
        services.sessions.get_token(bobs_profile)
    record = services.sessions.record(bobs_profile.id)
    assert services.sessions.credentials(bobs_profile) == kept
    assert aws_locations.credentials.read_bytes() == file
    assert record.failure is not None
    assert (record.failure.title, record.failure.message, record.failure.hint) == told.value.args
    assert replace(record, failure=None) == before
    assert renewal.phase(record, clock()) is renewal.Phase.FAILED
    another = replace(record.failure, title="one that came up since")
    assert services.sessions.clear_failure(bobs_profile.id, another) == record
    assert services.sessions.clear_failure(bobs_profile.id, record.failure) == before


def test_the_next_token_ends_a_failure(services: Services, bobs_profile: Profile, embedded_sts: "WatchedSts") -> None:
    embedded_sts.control.set(Faults(region_disabled=True))
    with pytest.raises(errors.StsDisabledInRegionError):
        services.sessions.get_token(bobs_profile)
    embedded_sts.control.set(Faults())
    assert services.sessions.get_token(bobs_profile).failure is None


@pytest.mark.fault(19)
def test_where_sts_is_switched_off_is_remembered_until_it_answers(
    services: Services, bobs_profile: Profile, embedded_sts: "WatchedSts", clock: "Clock"
) -> None:
    elsewhere = replace(bobs_profile, endpoint=EndpointChoice("eu-west-1"))
    embedded_sts.control.set(Faults(region_disabled=True))
    for profile in (bobs_profile, elsewhere, bobs_profile):
        with pytest.raises(errors.StsDisabledInRegionError):
            services.sessions.get_token(profile)
    embedded_sts.control.set(Faults(answer=FaultyAnswer.SERVICE_UNAVAILABLE))
    with pytest.raises(errors.ServiceUnavailableError):
        services.sessions.get_token(bobs_profile)
    known = services.state.load().switched_off_for(bobs_profile.source)
    now = clock().replace(microsecond=0)
    assert known == {"ap-northeast-1": now, "eu-west-1": now}
    assert not services.state.load().switched_off_for(AwsProfileKey("bob"))  # another account, for all that is known
    embedded_sts.control.set(Faults())
    services.sessions.get_token(bobs_profile)
    assert services.state.load().switched_off_for(bobs_profile.source) == {"eu-west-1": now}


@pytest.mark.fault(19)
def test_what_was_learned_with_a_key_goes_with_it(
    services: Services, bobs_profile: Profile, embedded_sts: "WatchedSts"
) -> None:
    embedded_sts.control.set(Faults(region_disabled=True))
    with pytest.raises(errors.StsDisabledInRegionError):
        services.sessions.get_token(bobs_profile)
    same, other = embedded_sts.directory.user("bob").access_key, embedded_sts.directory.user("alice").access_key
    services.access_keys.store("bob", same.access_key_id, same.secret_access_key, replace=True)
    assert services.state.load().switched_off
    services.access_keys.store("bob", other.access_key_id, other.secret_access_key, replace=True)
    assert not services.state.load().switched_off


@pytest.mark.fault(9)
def test_a_refused_key_is_kept(services: Services, bobs_profile: Profile, embedded_sts: "WatchedSts") -> None:
    key = embedded_sts.directory.user("carol").access_key
    entry = services.access_keys.store("carol", key.access_key_id, key.secret_access_key)
    with pytest.raises(errors.NotAcceptedKeyError):
        services.sessions.get_token(replace(bobs_profile, source=VaultKey(entry.id)))
    assert services.vault.access_key(entry.id) == key


def test_a_wrong_secret_is_told(services: Services, bobs_profile: Profile, embedded_sts: "WatchedSts") -> None:
    key = embedded_sts.directory.user("bob").access_key
    services.access_keys.store("bob", key.access_key_id, "w" * 40, replace=True)
    with pytest.raises(errors.WrongSecretError):
        services.sessions.get_token(bobs_profile)


@pytest.mark.fault(26)
def test_a_keyring_that_fails_while_storing_keeps_the_old_session(
    services: Services, bobs_profile: Profile, keyring: "Keyring"
) -> None:
    services.sessions.get_token(bobs_profile)
    kept = services.sessions.credentials(bobs_profile)
    keyring.refused = "session/"
    with pytest.raises(KeyringRefusedError):
        services.sessions.get_token(bobs_profile)
    record = services.sessions.record(bobs_profile.id)
    assert services.sessions.credentials(bobs_profile) == kept
    assert record.expiration == kept.expiration
    assert record.failure is not None
    assert not record.pending
    assert services.sessions.records.reconcile().session(bobs_profile.id) == replace(record, pending=False)


@pytest.mark.expects_warnings
def test_a_failure_that_cannot_be_noted_is_still_told(
    services: Services, bobs_profile: Profile, embedded_sts: "WatchedSts"
) -> None:
    def lose_the_state() -> None:
        services.paths.state.rename(services.paths.state.with_name("moved"))
        services.paths.state.write_text("a file where the directory should be")

    services.state.update(lambda state: state)  # makes the file
    embedded_sts.control.set(Faults(region_disabled=True))
    embedded_sts.on_request = lose_the_state
    with pytest.raises(errors.StsDisabledInRegionError):
        services.sessions.get_token(bobs_profile)


@pytest.mark.fault(23)
def test_a_memory_vault_is_told_apart(services: Services, bobs_profile: Profile, embedded_sts: "WatchedSts") -> None:
    from sts_desktop.core.vault.vault import memory_vault

    vault = memory_vault()
    vault.store_access_key("k", embedded_sts.directory.user("bob").access_key)
    sessions = replace(services.sessions, vault=vault)
    assert sessions.get_token(replace(bobs_profile, source=VaultKey("k"))).in_memory
    assert sessions.records.reconcile().session(bobs_profile.id).in_memory


def test_without_a_session_there_is_nothing_to_hand_out(services: Services, bobs_profile: Profile) -> None:
    for use in (services.sessions.credentials, services.sessions.write):
        with pytest.raises(NoSessionError) as told:
            use(bobs_profile)
        assert "bob" in told.value.title


@pytest.mark.fault(11)
def test_an_expired_session_is_not_handed_out(services: Services, bobs_profile: Profile, clock: "Clock") -> None:
    record = services.sessions.get_token(bobs_profile)
    assert record.expiration is not None
    clock.moment = record.expiration - timedelta(seconds=1)
    services.sessions.credentials(bobs_profile)  # raises unless the session is still there
    clock.moment = record.expiration
    for use in (services.sessions.credentials, services.sessions.write):
        with pytest.raises(NoSessionError):
            use(bobs_profile)
    assert renewal.phase(services.sessions.record(bobs_profile.id), clock()) is renewal.Phase.EXPIRED


@pytest.mark.parametrize("answer", [FaultyAnswer.CAPTIVE_PORTAL, FaultyAnswer.EMPTY])
def test_an_identity_that_cannot_be_looked_up_costs_nothing(
    services: Services, bobs_profile: Profile, embedded_sts: "WatchedSts", answer: FaultyAnswer
) -> None:
    before = services.sessions.get_token(bobs_profile)
    embedded_sts.control.set(Faults(answer=answer))
    assert services.sessions.identify(bobs_profile) == before
    services.sessions.credentials(bobs_profile)  # raises unless the session is still there


def test_the_identity_of_no_session_is_none(
    services: Services, bobs_profile: Profile, embedded_sts: "WatchedSts"
) -> None:
    assert services.sessions.identify(bobs_profile).identity is None
    assert embedded_sts.bodies == []


def test_a_new_session_has_no_identity_until_looked_up(services: Services, bobs_profile: Profile) -> None:
    services.sessions.get_token(bobs_profile)
    services.sessions.identify(bobs_profile)
    assert services.sessions.get_token(bobs_profile).identity is None


def test_an_identity_is_noted_for_the_very_session_that_was_asked_with(
    services: Services, make_services: Callable[[], Services], bobs_profile: Profile, embedded_sts: "WatchedSts"
) -> None:
    services.sessions.get_token(bobs_profile)
    renewed: list[SessionRecord] = []

    def renew() -> None:
        embedded_sts.on_request = lambda: None
        renewed.append(make_services().sessions.get_token(bobs_profile))

    embedded_sts.on_request = renew
    assert services.sessions.identify(bobs_profile) == renewed[0]
    assert services.sessions.record(bobs_profile.id).identity is None


@pytest.mark.fault(23)
def test_without_a_keyring_the_sessions_in_it_are_left_as_they_are(services: Services, bobs_profile: Profile) -> None:
    from sts_desktop.core.vault.vault import memory_vault

    kept = services.sessions.get_token(bobs_profile)
    without_keyring = replace(services.sessions, vault=memory_vault())
    assert without_keyring.records.reconcile().session(bobs_profile.id) == kept
    assert services.sessions.records.reconcile().session(bobs_profile.id) == kept


@pytest.mark.fault(23)
def test_with_a_keyring_a_session_in_a_windows_memory_is_left_and_not_among_those_known(
    services: Services, bobs_profile: Profile, clock: "Clock"
) -> None:
    ends = clock().replace(microsecond=0) + timedelta(hours=1)
    theirs = SessionRecord(expiration=ends, last_four="WXYZ", in_memory=True)
    services.state.update(lambda state: state.with_session(bobs_profile.id, theirs))
    assert services.sessions.records.reconcile().session(bobs_profile.id) == theirs
    assert settled(services.sessions).session(bobs_profile.id) == SessionRecord()


@pytest.mark.fault(23)
def test_a_window_without_a_keyring_knows_what_is_in_its_memory(
    services: Services, bobs_profile: Profile, embedded_sts: "WatchedSts"
) -> None:
    from sts_desktop.core.vault.vault import memory_vault

    vault = memory_vault()
    vault.store_access_key("k", embedded_sts.directory.user("bob").access_key)
    sessions = replace(services.sessions, vault=vault)
    record = sessions.get_token(replace(bobs_profile, source=VaultKey("k")))
    assert settled(sessions).session(bobs_profile.id) == record


def test_what_is_in_the_keyring_is_known(services: Services, bobs_profile: Profile) -> None:
    record = services.sessions.get_token(bobs_profile)
    assert settled(services.sessions).session(bobs_profile.id) == record


def test_a_duration_left_to_aws_is_not_sent(
    services: Services, bobs_profile: Profile, embedded_sts: "WatchedSts", clock: "Clock"
) -> None:
    record = services.sessions.get_token(replace(bobs_profile, duration_seconds=None))
    assert "DurationSeconds" not in embedded_sts.bodies[-1]
    assert record.requested_seconds == 0
    assert renewal.remaining(record, clock()) > timedelta(hours=11, minutes=59)


def test_the_default_chain_is_gone_through_when_it_is_the_source(
    services: Services, bobs_profile: Profile, embedded_sts: "WatchedSts"
) -> None:
    found: list[FoundKey] = []

    def chain() -> FoundKey:
        found.append(FoundKey(embedded_sts.directory.user("bob").access_key, "environment variables"))
        return found[-1]

    sessions = replace(services.sessions, default_chain=chain)
    sessions.get_token(bobs_profile)
    assert found == []
    profile = replace(bobs_profile, source=DefaultChain())
    sessions.get_token(profile)
    assert len(found) == 1
    record = sessions.identify(profile)
    assert record.identity is not None
    assert record.identity.user_name == "bob"


def test_a_chain_without_a_key_is_kept_as_the_reason(services: Services, bobs_profile: Profile) -> None:
    kept = services.sessions.get_token(bobs_profile)
    with pytest.raises(NoCredentialsInChainError):
        services.sessions.get_token(replace(bobs_profile, source=DefaultChain()))
    record = services.sessions.record(bobs_profile.id)
    assert record.failure is not None
    assert (record.expiration, record.last_four) == (kept.expiration, kept.last_four)
