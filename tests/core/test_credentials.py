import pickle
from datetime import UTC, datetime, timedelta

import pytest

from sts_desktop.core.credentials import AccessKey, CallerIdentity, MfaCode, SessionCredentials, last_four

ENDS = datetime(2026, 7, 1, 12, 0, 0, tzinfo=UTC)
KEY = AccessKey("AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI")
SESSION = SessionCredentials("ASIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI", "IQoJb3JpZ2lu", ENDS)


@pytest.mark.parametrize(
    "value", [KEY, SESSION, MfaCode("GAHT12345678", "123456")], ids=lambda value: type(value).__name__
)
def test_no_secret_is_shown(value: object) -> None:
    for text in (repr(value), str(value), f"{value}", repr([value]), repr({"key": value})):
        assert not any(secret in text for secret in ("wJalrXUtnFEMI", "IQoJb3JpZ2lu", "123456'", "IOSFODNN7"))


def test_what_is_shown_tells_them_apart() -> None:
    assert repr(KEY) == "AccessKey(…MPLE)"
    assert "…MPLE" in repr(SESSION)
    assert "2026-07-01T12:00" in repr(SESSION)
    assert last_four("AKIAIOSFODNN7EXAMPLE") == "MPLE"


def test_the_key_of_a_session_is_known_by_its_prefix() -> None:
    assert not KEY.is_temporary
    assert AccessKey(SESSION.access_key_id, "x").is_temporary


@pytest.mark.fault(11)
def test_the_time_left_is_never_negative() -> None:
    assert SESSION.remaining(ENDS - timedelta(hours=1)) == timedelta(hours=1)
    assert SESSION.remaining(ENDS) == timedelta()
    assert SESSION.remaining(ENDS + timedelta(days=1)) == timedelta()


@pytest.mark.parametrize(
    ("arn", "name", "partition"),
    [
        ("arn:aws:iam::123456789012:user/alice", "alice", "aws"),
        ("arn:aws-cn:iam::123456789012:user/division/team/alice", "alice", "aws-cn"),
        ("arn:aws:iam::123456789012:root", "root", "aws"),
        ("something else", "something else", "aws"),
    ],
)
def test_an_identity_is_read_from_its_arn(arn: str, name: str, partition: str) -> None:
    identity = CallerIdentity("123456789012", arn, "AIDA")
    assert (identity.user_name, identity.partition) == (name, partition)


def test_values_are_compared_by_content_and_cannot_be_changed() -> None:
    assert AccessKey("a", "b") == AccessKey("a", "b") != AccessKey("a", "c")
    with pytest.raises(AttributeError):
        KEY.secret_access_key = "x"  # type: ignore[misc]  # that it cannot be set is the point
    assert pickle.loads(pickle.dumps(SESSION)) == SESSION
