import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sts_desktop.core.credentials import CallerIdentity, MfaCode, SessionCredentials
from sts_desktop.core.errors import UnusableFileError
from sts_desktop.core.profile import AwsProfileKey
from sts_desktop.core.state import (
    CODE_MEMORY,
    OWN_KEYS,
    Failure,
    SessionRecord,
    SpentCode,
    State,
    Written,
    digest,
    source_text,
)
from sts_desktop.core.state_file import VERSION, state_file

ChangeJson = Callable[[Path, Callable[[Any], None]], None]
Places = Callable[[Any], list[tuple[Any, Any]]]

NOW = datetime(2026, 7, 1, 12, 0, 0, tzinfo=UTC)
CODE = MfaCode("arn:aws:iam::123456789012:mfa/phone", "123456")

IDS = st.from_regex("[a-z0-9]{1,16}", fullmatch=True)
MOMENTS = st.datetimes(timezones=st.just(UTC)).map(lambda moment: moment.replace(microsecond=0))
RECORDS = st.builds(
    SessionRecord,
    expiration=st.none() | MOMENTS,
    issued=st.none() | MOMENTS,
    requested_seconds=st.integers(0, 200_000),
    last_four=st.text(max_size=4),
    identity=st.none() | st.builds(CallerIdentity, st.text(), st.text(), st.text()),
    pending=st.booleans(),
    in_memory=st.booleans(),
    written=st.lists(st.builds(Written, st.text(), st.text(), st.text()), max_size=2).map(tuple),
    failure=st.none() | st.builds(Failure, st.text(), st.text(), st.text(), MOMENTS),
    source=st.text(max_size=4),
    with_mfa=st.booleans(),
)
STATES = st.builds(
    State,
    st.dictionaries(IDS, RECORDS, max_size=3).map(MappingProxyType),
    st.lists(st.builds(SpentCode, st.text(), MOMENTS), max_size=2).map(tuple),
    st.lists(st.text(), max_size=3).map(tuple),
)
JSON = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=8),
    st.sampled_from(["2026-07-01T12:00:00Z", "0001-01-01T00:00:00+23:59"]),
    st.lists(st.integers(), max_size=2),
    st.dictionaries(st.text(max_size=8), st.integers(), max_size=2),
)
FULL = SessionRecord(
    expiration=NOW,
    issued=NOW,
    requested_seconds=3600,
    last_four="WXYZ",
    identity=CallerIdentity("123456789012", "arn:aws:iam::123456789012:user/alice", "AIDA"),
    pending=True,
    in_memory=True,
    written=(Written("work", "/home/alice/.aws/credentials", "refused"), Written("play", "/elsewhere")),
    failure=Failure("title", "message", "hint", NOW),
    source=digest("somewhere"),
    with_mfa=True,
)


@pytest.fixture(scope="module")
def directory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("state")


@given(state=STATES)
def test_a_state_is_read_as_it_was_saved(state: State, directory: Path) -> None:
    path = directory / "state.json"
    state_file(path).update(lambda _old: state)
    assert state_file(path).load() == state


def test_whose_key_it_is_is_known_of_the_source_that_the_session_is_from() -> None:
    identity = CallerIdentity("123456789012", "arn:aws:iam::123456789012:root", "123456789012")
    record = SessionRecord(expiration=NOW, identity=identity, source=source_text(AwsProfileKey("main")))
    assert record.caller(AwsProfileKey("main")) == identity
    assert record.caller(AwsProfileKey("other")) is None
    assert replace(record, source="").caller(AwsProfileKey("main")) is None, "of a program before this one"


@pytest.mark.fault(46)
@given(data=st.data())
def test_whatever_a_hand_wrote_is_taken_whole_or_kept_aside(
    data: st.DataObject, directory: Path, changed_json: ChangeJson, places: Places
) -> None:
    """Taken whole means that every value is of its type, so that nothing fails later."""

    def put_anything_anywhere(document: Any) -> None:
        container, key = data.draw(st.sampled_from(places(document)))
        container[key] = data.draw(JSON)

    path = directory / "by-hand.json"
    state_file(path).update(lambda _old: State({"a1": FULL}, (SpentCode("d", NOW),), (digest("ASIA"),)))
    changed_json(path, put_anything_anywhere)
    file = state_file(path)
    try:
        loaded = file.load()
    except UnusableFileError:
        assert json.loads(path.read_bytes())["version"] > VERSION
        path.unlink()
        return
    if file.set_aside is not None:
        assert loaded == State()
        return
    record = loaded.session("a1")
    assert isinstance(record.expiration, datetime | None)
    assert isinstance(record.issued, datetime | None)
    assert (type(record.requested_seconds), type(record.pending), type(record.in_memory)) == (int, bool, bool)
    assert type(record.with_mfa) is bool
    texts = [record.last_four, record.source, *(spent.digest for spent in loaded.spent_codes), *loaded.own_keys]
    texts += vars(record.identity).values() if record.identity else []
    texts += [record.failure.title, record.failure.message, record.failure.hint] if record.failure else []
    for written in record.written:
        texts += [written.section, written.path, written.problem]
    assert all(isinstance(text, str) for text in texts)


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda session: session.update(expiration="tomorrow"), id="no moment"),
        pytest.param(lambda session: session.update(expiration="2026-07-01T12:00:00"), id="no time zone"),
        pytest.param(lambda session: session.update(expiration="0001-01-01T00:00:00+23:59"), id="before all time"),
        pytest.param(lambda session: session.update(requested_seconds="3600"), id="text for a number"),
        pytest.param(lambda session: session["identity"].pop("arn"), id="half an identity"),
        pytest.param(lambda session: session["written"][0].update(section=5), id="number for a section"),
        pytest.param(lambda session: session.update(failure="yes"), id="failure without a reason"),
    ],
)
@pytest.mark.fault(46)
def test_a_session_that_makes_no_sense_is_not_half_read(
    tmp_path: Path, change: Callable[[Any], None], changed_json: ChangeJson
) -> None:
    path = tmp_path / "state.json"
    state_file(path).update(lambda state: state.with_session("a1", FULL))
    changed_json(path, lambda document: change(document["sessions"]["a1"]))
    file = state_file(path)
    assert file.load() == State()
    assert file.set_aside is not None


def test_a_session_under_a_name_that_the_vault_refuses_makes_no_sense(tmp_path: Path, changed_json: ChangeJson) -> None:
    path = tmp_path / "state.json"
    state_file(path).update(lambda state: state.with_session("a1", FULL))
    changed_json(path, lambda document: document["sessions"].update({"../a1": {}}))
    assert state_file(path).load() == State()


def test_an_unknown_profile_has_an_empty_record() -> None:
    assert State().session("ghost") == SessionRecord()


def test_one_session_is_changed_and_the_others_kept() -> None:
    state = State().with_session("a1", FULL).with_session("b2", SessionRecord())
    changed = state.with_session("a1", replace(FULL, last_four="1234"))
    assert changed.session("a1").last_four == "1234"
    assert changed.session("b2") == SessionRecord()
    assert state.session("a1") == FULL


def test_a_section_holds_the_session_of_one_profile() -> None:
    work = Written("work", "/credentials")
    elsewhere = replace(work, path="/others")
    state = State()
    for profile_id, written in (("a1", work), ("b2", elsewhere), ("c3", replace(work, section="play"))):
        state = state.with_session(profile_id, replace(FULL, written=(written,)))
    changed = state.with_written("d4", replace(work, problem="refused"))
    assert changed.session("a1") == replace(FULL, written=())
    assert changed.session("b2").written == (elsewhere,)
    assert changed.session("c3").written == (replace(work, section="play"),)
    assert changed.session("d4") == SessionRecord(written=(replace(work, problem="refused"),))


def test_a_session_may_stand_in_several_sections_the_latest_last() -> None:
    work, play = Written("work", "/credentials"), Written("play", "/credentials")
    both = State().with_written("a1", work).with_written("a1", play)
    assert both.session("a1").written == (work, play)
    again = both.with_written("a1", replace(work, problem="refused"))
    assert again.session("a1").written == (play, replace(work, problem="refused"))
    assert again.without_written("a1", work).session("a1").written == (play,)


def test_a_section_with_a_session_before_or_one_that_was_ended_does_not_have_the_newest() -> None:
    place = ("work", "/credentials")
    assert SessionRecord(written=(Written(*place),)).stands_at(place)
    assert not SessionRecord(written=(Written(*place, problem="It was refused."),)).stands_at(place)
    assert not SessionRecord(written=(Written(*place, still_there="It was refused."),)).stands_at(place)
    assert not SessionRecord(written=(Written("work", "/another"),)).stands_at(place)


def test_codes_are_told_apart_by_device_and_digits() -> None:
    state = State().with_spent_code(CODE, NOW)
    assert state.has_spent(CODE, NOW)
    assert not state.has_spent(replace(CODE, serial="GAHT12345678"), NOW)
    assert not state.has_spent(replace(CODE, token_code="123457"), NOW)
    assert not state.without_spent_code(CODE).has_spent(CODE, NOW)


def test_a_code_is_remembered_as_long_as_a_server_might_take_it() -> None:
    """RFC 6238, 5.2: its own 30 s and one step each way; after that the same digits may come up anew."""
    state = State().with_spent_code(CODE, NOW)
    assert timedelta(seconds=90) <= CODE_MEMORY
    assert state.has_spent(CODE, NOW + CODE_MEMORY - timedelta(seconds=1))
    assert not state.has_spent(CODE, NOW + CODE_MEMORY)


def test_old_codes_are_forgotten() -> None:
    state = State().with_spent_code(CODE, NOW)
    for minutes in range(10):
        state = state.with_spent_code(replace(CODE, token_code=f"{minutes:06}"), NOW + timedelta(minutes=minutes))
    assert len(state.spent_codes) <= 3


def test_a_code_is_not_in_the_file(tmp_path: Path) -> None:
    state_file(tmp_path / "state.json").update(lambda state: state.with_spent_code(CODE, NOW))
    text = (tmp_path / "state.json").read_text()
    assert CODE.token_code not in text
    assert state_file(tmp_path / "state.json").load().has_spent(CODE, NOW)


@pytest.mark.parametrize(
    "switched_off", [None, 5, [5], {"a": "b"}, {"a": {"b": 5}}, {"a": {"b": "yesterday"}}, {"a": [5]}]
)
def test_what_makes_no_sense_of_endpoints_is_not_half_read(
    tmp_path: Path, switched_off: object, changed_json: ChangeJson
) -> None:
    path = tmp_path / "state.json"
    state_file(path).update(lambda state: state.with_switched_off(AwsProfileKey("work"), "eu-west-1", NOW))
    assert state_file(path).load().switched_off_for(AwsProfileKey("work")) == {"eu-west-1": NOW}
    changed_json(path, lambda document: document.pop("switched_off"))  # as an earlier program left it
    assert state_file(path).load() == State()
    changed_json(path, lambda document: document.update(switched_off=switched_off))
    file = state_file(path)
    assert file.load() == State()
    assert file.set_aside is not None


@pytest.mark.parametrize("own_keys", [None, 5, "text", {"a": "b"}, [5], [None]])
@pytest.mark.fault(46)
def test_own_keys_that_make_no_sense_are_not_half_read(
    tmp_path: Path, own_keys: object, changed_json: ChangeJson
) -> None:
    path = tmp_path / "state.json"
    state_file(path).update(lambda state: state.with_own_key("ASIAEXAMPLE"))
    changed_json(path, lambda document: document.update(own_keys=own_keys))
    file = state_file(path)
    assert file.load() == State()
    assert file.set_aside is not None


def test_own_keys_are_remembered_and_their_ids_are_not_in_the_file(tmp_path: Path) -> None:
    path = tmp_path / "state.json"
    for key_id in ("ASIAEXAMPLEONE", "ASIAEXAMPLETWO", "ASIAEXAMPLEONE"):
        state_file(path).update(lambda state, key_id=key_id: state.with_own_key(key_id))  # type: ignore[misc]
    assert state_file(path).load().own_keys == (digest("ASIAEXAMPLETWO"), digest("ASIAEXAMPLEONE"))
    assert "ASIAEXAMPLE" not in path.read_text()


def test_of_very_many_own_keys_the_oldest_are_forgotten() -> None:
    state = State(own_keys=tuple(digest(str(number)) for number in range(OWN_KEYS)))
    changed = state.with_own_key("the newest")
    assert len(changed.own_keys) == OWN_KEYS
    assert changed.own_keys[0] == digest("1")
    assert changed.own_keys[-1] == digest("the newest")


def test_a_record_knows_its_credentials() -> None:
    credentials = SessionCredentials("ASIAEXAMPLEWXYZ", "secret", "token", NOW)
    assert FULL.is_of(credentials)
    assert not FULL.is_of(replace(credentials, access_key_id="ASIAEXAMPLEABCD"))
    assert not FULL.is_of(replace(credentials, expiration=NOW + timedelta(seconds=1)))
    assert not SessionRecord().is_of(credentials)


def test_what_is_in_a_windows_memory_is_out_of_reach_from_elsewhere() -> None:
    reached = replace(FULL, in_memory=False)
    assert reached.seen_from_elsewhere() == reached
    seen = State({"a1": FULL, "b2": reached}, own_keys=("d",)).seen_from_elsewhere()
    until = FULL.accepted_until
    assert seen.session("a1") == SessionRecord(written=FULL.written, failure=FULL.failure, earlier_until=until)
    assert seen.session("b2") == reached
    assert seen.own_keys == ("d",)


def test_members_that_a_later_program_added_are_passed_over(tmp_path: Path, changed_json: ChangeJson) -> None:
    path = tmp_path / "state.json"
    state_file(path).update(lambda state: state.with_session("a1", FULL))

    def add(document: Any) -> None:
        session = document["sessions"]["a1"]
        for part in (session, session["identity"], *session["written"], session["failure"]):
            part["favourite"] = "blue"

    changed_json(path, add)
    assert state_file(path).load().session("a1") == FULL
