from collections.abc import Callable

import pytest

from sts_desktop.core.patience import patiently


def sharing_violation() -> OSError:
    error = OSError("in use")
    error.winerror = 32  # type: ignore[attr-defined]  # exists on Windows only
    return error


def failing(times: int, error: OSError) -> Callable[[], str]:
    left = [error] * times

    def action() -> str:
        if left:
            raise left.pop()
        return "done"

    return action


def test_what_succeeds_at_once_waits_for_nothing() -> None:
    assert patiently(failing(0, OSError()), lambda seconds: pytest.fail(f"waited {seconds} s")) == "done"


@pytest.mark.fault(36)
@pytest.mark.parametrize("times", [1, 7])
def test_a_file_in_use_is_tried_for_two_seconds(times: int) -> None:
    pauses: list[float] = []
    assert patiently(failing(times, sharing_violation()), pauses.append) == "done"
    assert len(pauses) == times
    assert sum(pauses) < 2.5


@pytest.mark.fault(36)
def test_a_file_in_use_for_longer_is_an_error() -> None:
    pauses: list[float] = []
    with pytest.raises(OSError, match="in use"):
        patiently(failing(100, sharing_violation()), pauses.append)
    assert 1.5 < sum(pauses) < 2.5


def test_any_other_error_is_raised_at_once() -> None:
    with pytest.raises(PermissionError):
        patiently(failing(1, PermissionError()), lambda seconds: pytest.fail(f"waited {seconds} s"))
