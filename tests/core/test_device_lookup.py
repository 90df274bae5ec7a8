"""The MFA devices of the user whose access key a profile uses."""

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from sts_desktop.core.cancellation import Cancellation, Cancelled
from sts_desktop.core.device_lookup import ListingNotAllowedError
from sts_desktop.core.errors import Field
from sts_desktop.core.profile import AwsProfileKey, DefaultChain, EndpointChoice, Profile, VaultKey
from sts_desktop.core.services import Services
from sts_desktop.core.session_errors import NoAccessKeyError
from sts_desktop.core.sts import errors
from sts_desktop.core.sts.default_chain import FoundKey
from sts_desktop.core.sts.mfa_devices import MfaKind
from sts_desktop.core.vault.errors import KeyringLockedError
from sts_desktop.demo.control import Faults

if TYPE_CHECKING:
    from pathlib import Path

    from tests.core.conftest import Keyring, WatchedSts


@pytest.fixture
def profile_with_key_of(services: Services, embedded_sts: "WatchedSts") -> Callable[[str], Profile]:
    """A saved profile with the key of a demo user in the vault."""

    def make(name: str) -> Profile:
        key = embedded_sts.directory.user(name).access_key
        entry = services.access_keys.store(name, key.access_key_id, key.secret_access_key)
        return services.profiles.create(name, Profile("", "", VaultKey(entry.id), EndpointChoice("ap-northeast-1")))

    return make


def test_the_devices_that_give_codes_come_first(
    services: Services, profile_with_key_of: Callable[[str], Profile]
) -> None:
    found = services.device_lookup.devices(profile_with_key_of("dave"))
    assert [device.kind for device in found] == [MfaKind.VIRTUAL, MfaKind.HARDWARE, MfaKind.FIDO]


@pytest.mark.parametrize(
    ("user", "names"),
    [
        ("alice", ["alice-phone"]),
        ("bob", []),
        ("root", ["GAHT12345678"]),
        ("erin", ["erin-passkey"]),
    ],
)
def test_each_user_has_their_own(
    services: Services, profile_with_key_of: Callable[[str], Profile], user: str, names: list[str]
) -> None:
    assert [device.name for device in services.device_lookup.devices(profile_with_key_of(user))] == names


def test_a_policy_may_forbid_it(services: Services, profile_with_key_of: Callable[[str], Profile]) -> None:
    with pytest.raises(ListingNotAllowedError) as caught:
        services.device_lookup.devices(profile_with_key_of("frank"))
    assert caught.value.field is Field.MFA_SERIAL
    assert "123456789012" not in str(caught.value), "nothing of the answer is shown"


def test_the_key_of_an_aws_profile(
    services: Services, embedded_sts: "WatchedSts", put_credentials: "Callable[[str], Path]"
) -> None:
    key = embedded_sts.directory.user("alice").access_key
    put_credentials(
        f"[work]\naws_access_key_id = {key.access_key_id}\naws_secret_access_key = {key.secret_access_key}\n"
    )
    assert len(services.device_lookup.devices(Profile("p", "p", AwsProfileKey("work")))) == 1


def test_the_key_that_the_default_chain_finds(services: Services, embedded_sts: "WatchedSts") -> None:
    found = FoundKey(embedded_sts.directory.user("dave").access_key, "environment variables")
    lookup = services.device_lookup
    lookup = replace(lookup, keys=replace(lookup.keys, default_chain=lambda: found))
    assert len(lookup.devices(Profile("p", "p", DefaultChain()))) == 3


def test_without_a_key_nobody_is_asked(services: Services, embedded_sts: "WatchedSts") -> None:
    with pytest.raises(NoAccessKeyError):
        services.device_lookup.devices(Profile("p", "p"))
    assert embedded_sts.bodies == []


def test_a_locked_keyring_is_not_made_to_ask(
    services: Services,
    profile_with_key_of: Callable[[str], Profile],
    keyring: "Keyring",
    embedded_sts: "WatchedSts",
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    profile = profile_with_key_of("alice")
    asked: list[bool] = []
    keyring.on_unlock = lambda: asked.append(True)
    monkeypatch.setattr(keyring, "would_ask", lambda: True)
    with pytest.raises(KeyringLockedError):
        services.device_lookup.devices(profile, may_prompt=False)
    assert asked == []
    assert embedded_sts.bodies == []


def test_a_key_that_aws_does_not_know_says_so(
    services: Services, profile_with_key_of: Callable[[str], Profile]
) -> None:
    with pytest.raises(errors.NotAcceptedKeyError):
        services.device_lookup.devices(profile_with_key_of("carol"))


def test_other_refusals_stay_what_they_are(
    services: Services, profile_with_key_of: Callable[[str], Profile], embedded_sts: "WatchedSts"
) -> None:
    profile = profile_with_key_of("alice")
    embedded_sts.control.set(Faults(throttled=True))
    with pytest.raises(errors.ThrottledError):
        services.device_lookup.devices(profile)


def test_cancelled_before_it_is_sent(
    services: Services, profile_with_key_of: Callable[[str], Profile], embedded_sts: "WatchedSts"
) -> None:
    cancellation = Cancellation()
    cancellation.cancel()
    with pytest.raises(Cancelled):
        services.device_lookup.devices(profile_with_key_of("alice"), cancellation=cancellation)
    assert embedded_sts.bodies == []
