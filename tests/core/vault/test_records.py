"""Access keys and session credentials survive being text; anything else is damage."""

import json
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sts_desktop.core.credentials import AccessKey, SessionCredentials
from sts_desktop.core.vault.manifest import DamagedValueError
from sts_desktop.core.vault.records import access_key_text, parse_access_key, parse_session, session_text

KEY = AccessKey("AKIAEXAMPLE", "secret/+=")
SESSION = SessionCredentials("ASIAEXAMPLE", "secret", "token==", datetime(2026, 11, 25, 12, 0, 5, tzinfo=UTC))

filled = st.text(min_size=1, max_size=20)


@given(filled, filled)
def test_any_access_key_comes_back(access_key_id: str, secret: str) -> None:
    key = AccessKey(access_key_id, secret)
    assert access_key_text(key).isascii()
    assert parse_access_key(access_key_text(key)) == key


@given(filled, filled, filled, st.datetimes(datetime(1970, 1, 2), datetime(9000, 1, 1), timezones=st.just(UTC)))
def test_any_session_comes_back(access_key_id: str, secret: str, token: str, expiration: datetime) -> None:
    session = SessionCredentials(access_key_id, secret, token, expiration.replace(microsecond=0))
    assert session_text(session).isascii()
    assert parse_session(session_text(session)) == session


def test_an_expiration_elsewhere_is_the_same_moment() -> None:
    tokyo = SESSION.expiration.astimezone(timezone(timedelta(hours=9)))
    session = parse_session(session_text(SessionCredentials("a", "b", "c", tokyo)))
    assert session.expiration == SESSION.expiration
    assert session.expiration.tzinfo is UTC


EDITS: dict[str, dict[str, object]] = {
    "other version": {"v": 2},
    "no version": {"v": None},
    "a number for an id": {"access_key_id": 1},
    "an empty secret": {"secret_access_key": ""},
    "no token": {"session_token": None},
    "no expiration": {"expiration": None},
    "a date for an expiration": {"expiration": "2026-11-25"},
    "an expiration without a zone": {"expiration": "2026-11-25T12:00:05"},
    "an expiration out of range": {"expiration": "0001-01-01T00:00:00+14:00"},
    "words for an expiration": {"expiration": "tomorrow"},
}


@pytest.mark.fault(27)
@pytest.mark.parametrize("edit", EDITS.values(), ids=EDITS)
def test_an_edited_session_is_damage(edit: dict[str, object]) -> None:
    with pytest.raises(DamagedValueError):
        parse_session(json.dumps(json.loads(session_text(SESSION)) | edit))


@pytest.mark.fault(27)
@pytest.mark.parametrize("member", json.loads(session_text(SESSION)))
def test_a_session_that_lacks_something_is_damage(member: str) -> None:
    record = json.loads(session_text(SESSION))
    del record[member]
    with pytest.raises(DamagedValueError):
        parse_session(json.dumps(record))


@pytest.mark.fault(27)
@pytest.mark.parametrize("text", ["", "{", "null", "[]", '"text"', "1", "[" * 100_000], ids=range(7))
def test_what_is_no_record_is_damage(text: str) -> None:
    for parse in (parse_access_key, parse_session):
        with pytest.raises(DamagedValueError):
            parse(text)


def test_one_kind_is_not_taken_for_the_other() -> None:
    with pytest.raises(DamagedValueError):
        parse_session(access_key_text(KEY))


def test_damage_does_not_carry_the_text_along() -> None:
    """json's own exception holds all it was given."""
    with pytest.raises(DamagedValueError) as caught:
        parse_session('{"secret_access_key": "SECRET')
    assert caught.value.__context__ is None
    assert caught.value.__cause__ is None
