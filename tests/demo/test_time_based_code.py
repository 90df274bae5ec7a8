from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sts_desktop.demo.time_based_code import code_of_step, seconds_left, step_at

RFC_SEED = b"12345678901234567890"


@pytest.mark.parametrize(
    ("seconds", "code"),
    [
        # RFC 6238, appendix B, the rows of SHA1.
        (59, "94287082"),
        (1111111109, "07081804"),
        (1111111111, "14050471"),
        (1234567890, "89005924"),
        (2000000000, "69279037"),
        (20000000000, "65353130"),
    ],
)
def test_rfc_6238_test_vectors(seconds: int, code: str) -> None:
    moment = datetime.fromtimestamp(seconds, UTC)
    assert code_of_step(RFC_SEED, step_at(moment), digits=8) == code
    assert code_of_step(RFC_SEED, step_at(moment)) == code[-6:]


@given(st.binary(min_size=1, max_size=64), st.integers(min_value=0, max_value=2**40))
def test_a_code_is_always_six_digits(seed: bytes, step: int) -> None:
    code = code_of_step(seed, step)
    assert len(code) == 6
    assert code.isascii()
    assert code.isdigit()


@pytest.mark.parametrize(("second", "left"), [(0, 30), (1, 29), (29, 1), (30, 30), (59, 1)])
def test_seconds_left_of_a_code(second: int, left: int) -> None:
    assert seconds_left(datetime(2026, 1, 1, 12, 0, second, 999_999, tzinfo=UTC)) == left


def test_the_code_changes_when_no_seconds_are_left() -> None:
    moment = datetime(2026, 1, 1, 12, 0, 29, tzinfo=UTC)
    assert step_at(moment.replace(second=30)) == step_at(moment) + 1
