"""What is told of a profile: the problem of this run before the failure of an earlier one, each as one object."""

from datetime import UTC, datetime

from sts_desktop.core.errors import StsDesktopError
from sts_desktop.core.state import Failure
from sts_desktop.ui.notices import Notice
from sts_desktop.ui.session_messages import SessionMessages

FAILURE = Failure("title", "message", "hint", datetime(2026, 7, 1, tzinfo=UTC))


def test_failure_of_an_earlier_run_is_told_as_one_error() -> None:
    messages = SessionMessages()
    assert messages.problem("a1", None) is None
    told = messages.problem("a1", FAILURE)
    assert told is not None
    assert (told.title, told.message, told.hint) == ("title", "message", "hint")
    assert messages.problem("a1", FAILURE) is told


def test_problem_of_this_run_comes_first_until_it_is_dropped() -> None:
    messages, error = SessionMessages(), StsDesktopError("new", "", "")
    messages.set_problem("a1", error)
    assert messages.problem("a1", FAILURE) is error
    assert messages.problem("b2", None) is None
    assert messages.drop_problem("a1")
    assert not messages.drop_problem("a1")
    assert messages.problem("a1", None) is None


def test_notice_is_told_until_it_is_dropped() -> None:
    messages, notice = SessionMessages(), Notice("title", "text")
    messages.set_notice("a1", notice)
    assert messages.notice("a1") is notice
    assert messages.notice("b2") is None
    assert messages.drop_notice("a1")
    assert not messages.drop_notice("a1")
