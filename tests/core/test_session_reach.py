"""What a session can call is said as AWS does it: the embedded server refuses what the sentence excludes."""

from typing import TYPE_CHECKING, Any

import botocore.session
import pytest
from botocore.exceptions import ClientError

from sts_desktop.core.profile import Profile
from sts_desktop.core.services import Services
from sts_desktop.core.session_reach import what_it_can_call
from sts_desktop.core.state import SessionRecord

if TYPE_CHECKING:
    from tests.core.conftest import WatchedSts


def client_of(services: Services, profile: Profile, service: str, url: str) -> Any:
    session = services.sessions.credentials(profile)
    return botocore.session.Session().create_client(
        service,
        region_name="us-east-1",
        endpoint_url=url,
        aws_access_key_id=session.access_key_id,
        aws_secret_access_key=session.secret_access_key,
        aws_session_token=session.session_token,
    )


def test_without_mfa_there_is_no_iam(services: Services, bobs_profile: Profile, embedded_sts: "WatchedSts") -> None:
    said = what_it_can_call(services.sessions.get_token(bobs_profile))
    assert "not IAM" in said
    assert "AssumeRole and GetCallerIdentity" in said
    with pytest.raises(ClientError, match="InvalidClientTokenId"):
        client_of(services, bobs_profile, "iam", embedded_sts.url).list_mfa_devices()
    with pytest.raises(ClientError, match="AccessDenied"):
        client_of(services, bobs_profile, "sts", embedded_sts.url).get_session_token()


def test_with_mfa_there_is(services: Services, alices_profile: Profile, embedded_sts: "WatchedSts") -> None:
    said = what_it_can_call(services.sessions.get_token(alices_profile, embedded_sts.code()))
    assert "IAM" not in said
    assert "AssumeRole and GetCallerIdentity" in said
    assert client_of(services, alices_profile, "iam", embedded_sts.url).list_mfa_devices()["MFADevices"]


def test_nothing_is_said_of_what_is_not_known(services: Services, bobs_profile: Profile) -> None:
    record = services.sessions.get_token(bobs_profile)
    assert what_it_can_call(SessionRecord()) == ""
    assert what_it_can_call(record.with_session_of(services.sessions.credentials(bobs_profile))) == ""
