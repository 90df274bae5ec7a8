import threading

import pytest

from sts_desktop.core.cancellation import Cancellation, Cancelled


def test_nothing_happens_until_it_is_asked_for() -> None:
    cancellation = Cancellation()
    assert not cancellation.requested
    cancellation.raise_if_requested()
    assert not cancellation.wait(0)


def test_once_asked_for_it_stays() -> None:
    cancellation = Cancellation()
    cancellation.cancel()
    cancellation.cancel()
    assert cancellation.requested
    for _look in range(2):
        with pytest.raises(Cancelled):
            cancellation.raise_if_requested()


def test_who_waits_is_woken_from_another_thread() -> None:
    cancellation = Cancellation()
    threading.Thread(target=cancellation.cancel).start()
    assert cancellation.wait(20)
