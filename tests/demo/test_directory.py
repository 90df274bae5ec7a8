import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from sts_desktop.demo.directory import DemoUser, Directory, demo_directory
from sts_desktop.demo.time_based_code import code_of_step, step_at

PHONE = "arn:aws:iam::123456789012:mfa/alice-phone"
LATER = datetime(2030, 1, 1, tzinfo=UTC)


@pytest.fixture
def code_at(directory: Directory, moments: list[datetime]) -> Callable[[int], str]:
    """The code that alice's phone shows so many steps from now."""
    device = directory.user("alice").mfa
    assert device

    def code_at(steps: int) -> str:
        return code_of_step(device.seed, step_at(moments[0]) + steps)

    return code_at


@pytest.mark.parametrize("user", demo_directory().users, ids=lambda user: user.name)
def test_the_demo_keys_are_valid_in_form(user: DemoUser) -> None:
    assert re.fullmatch("AKIA[A-Z2-7]{16}", user.access_key.access_key_id)
    assert len(user.access_key.secret_access_key) == 40


def test_the_last_four_characters_tell_the_demo_keys_apart() -> None:
    assert len({user.access_key.access_key_id[-4:] for user in demo_directory().users}) == 7


def test_identities_are_those_of_iam(directory: Directory) -> None:
    assert directory.user("alice").identity.arn == "arn:aws:iam::123456789012:user/alice"
    assert directory.user("root").identity.arn == "arn:aws:iam::123456789012:root"
    assert directory.user("root").identity.user_id == "123456789012"


def test_nobody_of_that_name(directory: Directory) -> None:
    with pytest.raises(KeyError):
        directory.user("mallory")
    with pytest.raises(KeyError):
        directory.current_code("arn:aws:iam::123456789012:mfa/nobody")


def test_an_unknown_key_has_no_holder(directory: Directory) -> None:
    assert directory.holder("AKIAEXAMPLEDEMO2NONE") is None


def test_an_issued_session_is_remembered(directory: Directory) -> None:
    alice = directory.user("alice")
    session = directory.issue(alice, expiration=LATER, token_size=720)
    holder = directory.holder(session.access_key_id)
    assert holder
    assert (holder.user, holder.session) == (alice, session)
    assert re.fullmatch("ASIA[A-Z2-7]{16}", session.access_key_id)
    assert len(session.secret_access_key) == 40
    assert session.expiration == LATER


@pytest.mark.parametrize("size", [1, 2, 3, 720, 4096, 16384])
def test_a_token_has_the_size_asked_for(directory: Directory, size: int) -> None:
    assert len(directory.issue(directory.user("bob"), expiration=LATER, token_size=size).session_token) == size


def test_the_source_of_randomness_decides_what_is_issued() -> None:
    first, second = (
        demo_directory(random_bytes=bytes).issue(user, expiration=LATER, token_size=8)
        for user in demo_directory().users[:2]
    )
    assert first == second
    assert first.access_key_id == "ASIA" + "A" * 16


def test_reprs_show_no_secret(directory: Directory) -> None:
    alice = directory.user("alice")
    session = directory.issue(alice, expiration=LATER, token_size=720)
    shown = f"{alice!r} {directory.holder(session.access_key_id)!r} {directory.holder('AKIAEXAMPLEDEMO22BOB')!r}"
    assert alice.mfa
    for secret in (alice.access_key.secret_access_key, session.secret_access_key, session.session_token):
        assert secret not in shown
    assert repr(alice.mfa.seed) not in shown


def test_the_current_code_is_accepted_once(directory: Directory) -> None:
    code = directory.current_code(PHONE)
    assert not directory.is_current_code_used(PHONE)
    assert directory.use_code(PHONE, code)
    assert directory.is_current_code_used(PHONE)
    assert not directory.use_code(PHONE, code)


def test_the_next_code_is_accepted_after_one_was_used(directory: Directory, advance: Callable[[float], None]) -> None:
    assert directory.use_code(PHONE, directory.current_code(PHONE))
    advance(directory.seconds_left())
    assert not directory.is_current_code_used(PHONE)
    assert directory.use_code(PHONE, directory.current_code(PHONE))


@pytest.mark.parametrize(("steps", "is_accepted"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_one_step_of_drift_is_forgiven(
    directory: Directory, code_at: Callable[[int], str], steps: int, is_accepted: bool
) -> None:
    assert directory.use_code(PHONE, code_at(steps)) is is_accepted


def test_a_code_older_than_the_last_one_used_is_refused(directory: Directory, code_at: Callable[[int], str]) -> None:
    assert directory.use_code(PHONE, code_at(0))
    assert not directory.use_code(PHONE, code_at(-1))
    assert directory.use_code(PHONE, code_at(1))


def test_a_wrong_code_does_not_use_up_the_right_one(directory: Directory, code_at: Callable[[int], str]) -> None:
    wrong = next(code for code in ("000000", "111111", "222222", "333333") if code not in map(code_at, (-1, 0, 1)))
    assert not directory.use_code(PHONE, wrong)
    assert directory.use_code(PHONE, code_at(0))


def test_devices_do_not_share_their_used_codes(directory: Directory) -> None:
    assert directory.use_code(PHONE, directory.current_code(PHONE))
    assert directory.use_code("GAHT12345678", directory.current_code("GAHT12345678"))


def test_seconds_left(directory: Directory, moments: list[datetime]) -> None:
    moments[0] = datetime(2026, 1, 1, 12, 0, 12, tzinfo=UTC)
    assert directory.seconds_left() == 18
    moments[0] += timedelta(seconds=17)
    assert directory.seconds_left() == 1


def test_the_seed_is_written_as_authenticator_apps_read_it(directory: Directory) -> None:
    device = directory.user("alice").mfa
    assert device
    assert re.fullmatch("[A-Z2-7]+", device.seed_text)
