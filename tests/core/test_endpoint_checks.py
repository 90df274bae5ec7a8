"""Which endpoints serve a profile's key: asked now, and as learned before."""

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from sts_desktop.core.endpoint_checks import endpoints_for
from sts_desktop.core.profile import EndpointChoice, Profile
from sts_desktop.core.services import Services
from sts_desktop.core.session_errors import NoAccessKeyError
from sts_desktop.core.sts.endpoint_check import Basis, EndpointCheck, Outcome
from sts_desktop.core.sts.endpoints import endpoint, endpoints
from sts_desktop.core.sts.errors import StsDisabledInRegionError
from sts_desktop.core.vault.errors import KeyringLockedError
from sts_desktop.demo.control import Faults

if TYPE_CHECKING:
    from tests.core.conftest import Clock, Keyring, WatchedSts

TOKYO, IRELAND = endpoint("ap-northeast-1"), endpoint("eu-west-1")


def check(services: Services, profile: Profile | None) -> dict[str, EndpointCheck]:
    arrived: list[EndpointCheck] = []
    services.endpoint_checks.check((TOKYO, IRELAND), profile, arrived.append)
    return {each.endpoint.id: each for each in arrived}


def ask_for_token(services: Services, profile: Profile) -> EndpointCheck:
    arrived: list[EndpointCheck] = []
    services.endpoint_checks.check((TOKYO,), profile, arrived.append, with_token=True)
    return arrived[0]


@pytest.mark.fault(19)
def test_what_a_token_told_is_remembered_and_what_it_rests_on_said(
    services: Services, bobs_profile: Profile, embedded_sts: "WatchedSts", clock: "Clock"
) -> None:
    embedded_sts.control.set(Faults(region_disabled=True))
    found = ask_for_token(services, bobs_profile)
    assert (found.outcome, found.basis, found.learned) == (Outcome.SWITCHED_OFF, Basis.TOKEN, None)
    seen = check(services, bobs_profile)
    assert seen["ap-northeast-1"].outcome is Outcome.SWITCHED_OFF
    assert seen["ap-northeast-1"].basis is Basis.TOKEN
    assert seen["ap-northeast-1"].learned == clock().replace(microsecond=0)
    assert seen["ap-northeast-1"].problem is not None
    assert (seen["eu-west-1"].outcome, seen["eu-west-1"].basis) == (Outcome.ANSWERS, Basis.IDENTITY)
    embedded_sts.control.set(Faults())
    assert ask_for_token(services, bobs_profile).outcome is Outcome.ANSWERS
    assert check(services, bobs_profile)["ap-northeast-1"].outcome is Outcome.ANSWERS
    assert services.vault.session(bobs_profile.id) is None  # what was got to test with is dropped


def test_what_is_known_of_one_account_is_not_said_of_another(
    services: Services, bobs_profile: Profile, alices_profile: Profile, embedded_sts: "WatchedSts"
) -> None:
    embedded_sts.control.set(Faults(region_disabled=True))
    ask_for_token(services, bobs_profile)
    for profile in (alices_profile, replace(bobs_profile, source=None), None):
        assert check(services, profile)["ap-northeast-1"].outcome is Outcome.ANSWERS


def test_an_endpoint_that_is_not_reached_is_called_that_whatever_was_learned(
    services: Services, bobs_profile: Profile, embedded_sts: "WatchedSts"
) -> None:
    embedded_sts.control.set(Faults(region_disabled=True))
    ask_for_token(services, bobs_profile)
    embedded_sts.control.set(Faults(throttled=True))
    assert check(services, bobs_profile)["ap-northeast-1"].outcome is Outcome.REFUSES


def test_a_token_needs_a_key(services: Services, bobs_profile: Profile) -> None:
    with pytest.raises(NoAccessKeyError):
        ask_for_token(services, replace(bobs_profile, source=None))


@pytest.mark.fault(24)
def test_a_keyring_is_asked_for_the_key_once(services: Services, bobs_profile: Profile, keyring: "Keyring") -> None:
    asked: list[int] = []

    def refuse() -> None:
        asked.append(1)
        raise KeyringLockedError

    keyring.on_unlock = refuse
    with pytest.raises(KeyringLockedError):
        check(services, bobs_profile)
    assert len(asked) == 1


@pytest.mark.expects_warnings
def test_what_cannot_be_noted_is_told_all_the_same(
    services: Services, bobs_profile: Profile, embedded_sts: "WatchedSts"
) -> None:
    services.state.update(lambda state: state)  # makes the directory
    services.paths.state.rename(services.paths.state.with_name("moved"))
    services.paths.state.write_text("a file where the directory should be")
    embedded_sts.control.set(Faults(region_disabled=True))
    assert ask_for_token(services, bobs_profile).outcome is Outcome.SWITCHED_OFF


def test_the_endpoints_to_choose_among(bobs_profile: Profile) -> None:
    assert endpoints_for(bobs_profile, None) == endpoints("aws")
    assert endpoints_for(bobs_profile, "aws-cn") == endpoints("aws-cn")
    address = "https://vpce-1.sts.us-gov-west-1.vpce.amazonaws.com"
    own = replace(bobs_profile, endpoint=EndpointChoice("custom", address, "us-gov-west-1"))
    assert endpoints_for(own, None) == (own.endpoint.resolve(), *endpoints("aws-us-gov"))


@pytest.mark.parametrize("address", ["http://localhost:4566", "https://sts.example.com", "https://a.elb.amazonaws.com"])
def test_the_key_of_a_stand_in_goes_nowhere_else(bobs_profile: Profile, address: str) -> None:
    own = replace(bobs_profile, endpoint=EndpointChoice("custom", address, "us-east-1"))
    assert endpoints_for(own, "aws") == (own.endpoint.resolve(),)


@pytest.mark.fault(19)
def test_nothing_is_remembered_of_addresses_of_ones_own(
    services: Services, bobs_profile: Profile, embedded_sts: "WatchedSts"
) -> None:
    own = replace(bobs_profile, endpoint=EndpointChoice("custom", "http://localhost:4566", "us-east-1"))
    embedded_sts.control.set(Faults(region_disabled=True))
    with pytest.raises(StsDisabledInRegionError):
        services.sessions.get_token(own)
    assert not services.state.load().switched_off
