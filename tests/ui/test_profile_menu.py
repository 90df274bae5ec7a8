"""The menu beside a profile's name: test its session, duplicate it, delete it."""

from dataclasses import replace

from PySide6.QtWidgets import QWidget

from sts_desktop.core.services import Services
from sts_desktop.demo.buckets import demo_buckets
from sts_desktop.demo.control import Faults
from sts_desktop.demo.directory import Directory
from sts_desktop.demo.embedded_sts import EmbeddedSts
from sts_desktop.demo.faulty_answers import FaultyAnswer
from sts_desktop.ui.app import Desktop
from tests.ui.hand import Hand, chosen


def stored_names(services: Services) -> list[str]:
    return [profile.name for profile in services.settings.load().profiles]


# Duplicate and delete


def test_duplicate_has_a_name_of_its_own_and_waits_for_another(
    desktop: Desktop, services: Services, hand: Hand
) -> None:
    original = replace(chosen(desktop), duration_seconds=1800, working_region="eu-west-1", section="theirs")
    desktop.profiles.edit(original)
    hand.settle(desktop)
    panel = desktop.window.panel
    panel.menu.duplicate.trigger()
    assert chosen(desktop).id != original.id
    assert panel.name.text() == "work 2"
    assert panel.name.selectedText() == "work 2"
    assert panel.name.hasFocus()
    hand.settle(desktop)
    copy = services.settings.load().profiles[1]
    assert copy == replace(original, id=copy.id, name="work 2", section="")
    assert not desktop.sessions.is_live(copy.id)


def test_duplicate_made_while_searching_is_seen(desktop: Desktop, hand: Hand) -> None:
    desktop.window.search.setText("work")
    desktop.window.panel.menu.duplicate.trigger()
    hand.settle(desktop)
    assert desktop.window.search.text() == ""
    assert desktop.window.panel.name.text() == "work 2"


def test_deleted_profile_is_told_with_undo(desktop: Desktop, services: Services, hand: Hand) -> None:
    hand.get_token(desktop)
    profile = chosen(desktop)
    bar = desktop.window.message_bar
    assert not bar.undo.isVisible()
    desktop.window.panel.menu.delete.trigger()
    hand.settle(desktop)
    assert "“work” is deleted." in hand.shown_text(bar)
    hand.click(bar.undo)
    assert not bar.undo.isVisible()
    assert "deleted" not in hand.shown_text(bar)
    hand.settle(desktop)
    assert chosen(desktop) == profile
    assert desktop.sessions.is_live(profile.id)


def test_undo_is_no_longer_offered_once_it_is_too_late(desktop: Desktop, services: Services, hand: Hand) -> None:
    desktop.window.panel.menu.delete.trigger()
    desktop.deletions.lapse()
    hand.settle(desktop)
    assert not desktop.window.message_bar.undo.isVisible()
    assert "deleted" not in hand.shown_text(desktop.window.message_bar)
    assert stored_names(services) == []


# Test the session


def test_only_a_live_session_is_tested(desktop: Desktop, hand: Hand) -> None:
    menu = desktop.window.panel.menu
    assert not menu.test.isEnabled()
    assert not menu.test_s3.isEnabled()
    assert menu.duplicate.isEnabled()
    assert menu.delete.isEnabled()
    hand.get_token(desktop)
    assert menu.test.isEnabled()
    assert menu.test_s3.isEnabled()


def test_tested_session_says_whose_it_is(desktop: Desktop, embedded_sts: EmbeddedSts, hand: Hand) -> None:
    hand.get_token(desktop)
    panel = desktop.window.panel
    panel.menu.test.trigger()
    hand.settle(desktop)
    text = hand.shown_text(panel.notice)
    assert "AWS accepts the session" in text
    assert "It belongs to arn:aws:iam::" in text
    assert ":user/bob" in text
    assert "bucket" not in text
    assert not panel.note.isVisible()


def test_notice_is_closed_by_its_button_and_by_the_next_command(desktop: Desktop, hand: Hand) -> None:
    hand.get_token(desktop)
    panel = desktop.window.panel
    panel.menu.test.trigger()
    hand.settle(desktop)
    (close,) = [child for child in panel.notice.findChildren(QWidget) if child.accessibleName() == "Close this note"]
    hand.click(close)
    assert not panel.notice.isVisible()
    panel.menu.test.trigger()
    hand.settle(desktop)
    assert panel.notice.isVisible()
    hand.get_token(desktop)
    assert not panel.notice.isVisible()


def test_session_that_could_not_be_tested_is_a_problem(desktop: Desktop, embedded_sts: EmbeddedSts, hand: Hand) -> None:
    hand.get_token(desktop)
    panel = desktop.window.panel
    embedded_sts.control.set(Faults(answer=FaultyAnswer.CAPTIVE_PORTAL))
    panel.menu.test.trigger()
    hand.settle(desktop)
    assert panel.note.isVisible()
    assert not panel.notice.isVisible()
    assert desktop.sessions.is_live(chosen(desktop).id)


def test_buckets_are_counted(desktop: Desktop, embedded_sts: EmbeddedSts, hand: Hand) -> None:
    bob = replace(embedded_sts.directory.user("bob"), may_list_buckets=True)
    embedded_sts.directory = Directory([bob], buckets=demo_buckets()[:3])
    hand.get_token(desktop)
    desktop.window.panel.menu.test_s3.trigger()
    hand.settle(desktop)
    text = hand.shown_text(desktop.window.panel.notice)
    assert ":user/bob" in text
    assert "3 buckets" in text


def test_buckets_that_may_not_be_listed_are_no_failure(desktop: Desktop, hand: Hand) -> None:
    hand.get_token(desktop)
    panel = desktop.window.panel
    panel.menu.test_s3.trigger()
    hand.settle(desktop)
    assert "AWS accepts the session" in hand.shown_text(panel.notice)
    assert "may not list buckets (s3:ListAllMyBuckets)" in hand.shown_text(panel.notice)
    assert not panel.note.isVisible()
