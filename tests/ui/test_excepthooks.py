"""Exceptions that nobody caught are logged, and told of once where a window may be touched."""

import logging
import sys
import threading

import pytest

from sts_desktop.core.errors import StsDesktopError
from sts_desktop.ui.excepthooks import install_excepthooks
from sts_desktop.ui.jobs import UnexpectedError


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[StsDesktopError]:
    """Install the hooks for exceptions that nobody caught, for this test; collects what is told in the window."""
    for place, name in ((sys, "excepthook"), (sys, "unraisablehook"), (threading, "excepthook")):
        monkeypatch.setattr(place, name, getattr(place, name))
    told: list[StsDesktopError] = []
    install_excepthooks(told.append)
    return told


@pytest.mark.expects_warnings
def test_exception_that_nobody_caught_is_told_once(
    told: list[StsDesktopError], caplog: pytest.LogCaptureFixture
) -> None:
    for _time in range(2):
        sys.excepthook(ZeroDivisionError, ZeroDivisionError("in a slot"), None)
    sys.excepthook(KeyError, KeyError("another"), None)
    assert [type(error) for error in told] == [UnexpectedError, UnexpectedError]
    assert [record.levelno for record in caplog.records] == [logging.CRITICAL] * 3


@pytest.mark.expects_warnings
def test_exception_in_a_thread_is_logged_and_touches_no_widget(
    told: list[StsDesktopError], caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail() -> None:
        raise ZeroDivisionError

    def report() -> None:
        sys.excepthook(KeyError, KeyError("reported by another thread"), None)

    for target in (fail, report):
        thread = threading.Thread(target=target)
        thread.start()
        thread.join()
    assert told == []
    kinds = [record.exc_info[0] for record in caplog.records if record.exc_info]
    assert kinds == [ZeroDivisionError, KeyError]
    assert capsys.readouterr().err == ""


class FailsToGo:
    def __del__(self) -> None:
        raise ZeroDivisionError


@pytest.mark.expects_warnings
def test_error_that_cannot_be_raised_is_logged(
    told: list[StsDesktopError], caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    FailsToGo()
    assert told == []
    assert [record.exc_info[0] for record in caplog.records if record.exc_info] == [ZeroDivisionError]
    assert capsys.readouterr().err == ""
