import json
import threading
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sts_desktop.demo.control import Control, Faults, read_faults, write_faults
from sts_desktop.demo.faulty_answers import FaultyAnswer

anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda values: st.lists(values) | st.dictionaries(st.text() | st.sampled_from(["silent", "answer"]), values),
)
some_faults = st.builds(
    Faults,
    delay_seconds=st.floats(min_value=0, max_value=3600),
    silent=st.booleans(),
    throttled=st.booleans(),
    clock_offset_seconds=st.integers(min_value=-86_400, max_value=86_400),
    region_disabled=st.booleans(),
    token_size=st.integers(min_value=1, max_value=65_536),
    answer=st.none() | st.sampled_from(FaultyAnswer),
)


def test_nothing_is_wrong_at_first() -> None:
    assert Control().faults == Faults()


@given(some_faults)
def test_faults_survive_being_written_and_read(faults: Faults) -> None:
    assert read_faults(write_faults(faults)) == faults


@given(anything)
def test_any_json_is_read_or_refused(document: object) -> None:
    try:
        faults = read_faults(json.dumps(document).encode())
    except ValueError:
        return
    assert isinstance(faults, Faults)


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"\xff",
        b"[]",
        b'{"speed": 1}',
        b'{"silent": 1}',
        b'{"delay_seconds": true}',
        b'{"delay_seconds": NaN}',
        b'{"delay_seconds": -1}',
        b'{"clock_offset_seconds": 1e9}',
        b'{"clock_offset_seconds": 99999999999}',
        b'{"token_size": 0}',
        b'{"token_size": 65537}',
        b'{"answer": "nonsense"}',
    ],
)
def test_what_is_no_description_of_faults_is_refused(text: bytes) -> None:
    with pytest.raises(ValueError):  # noqa: PT011  (the words are those of json and of the field)
        read_faults(text)


def test_nothing_is_held_back_without_a_fault() -> None:
    assert Control().hold_back()


@pytest.mark.parametrize("faults", [Faults(silent=True), Faults(delay_seconds=3600)])
def test_a_lifted_fault_lets_requests_go_on(faults: Faults) -> None:
    control = Control()
    control.set(faults)
    outcomes: list[bool] = []
    waiting = threading.Thread(target=lambda: outcomes.append(control.hold_back()))
    waiting.start()
    assert not outcomes
    control.set(Faults())
    waiting.join(10)
    assert outcomes == [True]


@pytest.mark.parametrize("faults", [Faults(silent=True), Faults(delay_seconds=3600)])
def test_stopping_drops_requests_that_are_held_back(faults: Faults) -> None:
    control = Control()
    control.set(faults)
    outcomes: list[bool] = []
    waiting = threading.Thread(target=lambda: outcomes.append(control.hold_back()))
    waiting.start()
    control.stop()
    waiting.join(10)
    assert outcomes == [False]
    assert not control.hold_back()


def test_a_delay_ends_by_itself() -> None:
    control = Control()
    control.set(Faults(delay_seconds=0.02))
    begun = time.monotonic()
    assert control.hold_back()
    assert time.monotonic() - begun >= 0.02


def test_each_control_has_a_token_of_its_own() -> None:
    assert Control().token != Control().token
