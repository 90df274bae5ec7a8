"""Ending a session by its button: what is forgotten here, and what is told about the rest."""

from pathlib import Path

import pytest

from sts_desktop.core.renewal import Phase
from sts_desktop.core.revocation import how_to_revoke
from sts_desktop.core.services import Services
from sts_desktop.ui.app import Desktop
from sts_desktop.ui.duration_field import local_time
from tests.ui.hand import Hand, chosen


def test_there_must_be_a_session_to_end(desktop: Desktop, hand: Hand) -> None:
    button = desktop.window.panel.actions_bar.end
    assert not button.isEnabled()
    hand.get_token(desktop)
    assert button.isEnabled()


def test_ended_session_is_forgotten_everywhere_here(
    desktop: Desktop, hand: Hand, services: Services, credentials_file: Path
) -> None:
    hand.get_token(desktop)
    profile = chosen(desktop)
    hand.write(desktop)
    stored = services.vault.session(profile.id)
    assert stored is not None
    assert stored.session_token in credentials_file.read_text()
    hand.end(desktop)
    assert services.vault.session(profile.id) is None
    assert profile.id not in services.state.load().sessions
    text = credentials_file.read_text()
    for gone in (stored.access_key_id, stored.secret_access_key, stored.session_token):
        assert gone not in text
    assert "[bob]" in text
    assert desktop.sessions.phase(profile.id) is Phase.NONE
    assert not desktop.window.panel.actions_bar.end.isEnabled()
    assert desktop.window.panel.actions_bar.primary.text() == "&Get token"


def test_notice_says_until_when_aws_accepts_it_and_what_can_be_done(desktop: Desktop, hand: Hand) -> None:
    hand.get_token(desktop)
    expiration = desktop.sessions.record(chosen(desktop).id).expiration
    assert expiration is not None
    hand.end(desktop)
    text = hand.shown_text(desktop.window.panel.notice)
    assert "The session is forgotten here" in text
    assert f"until {local_time(expiration, desktop.sessions.now())}," in text
    assert how_to_revoke() in text
    assert "removed from section" not in text


def test_notice_names_the_section(desktop: Desktop, hand: Hand) -> None:
    hand.get_token(desktop)
    hand.write(desktop)
    hand.end(desktop)
    assert "removed from section [work] too." in hand.shown_text(desktop.window.panel.notice)


def test_other_keys_in_the_section_stay_and_are_told(
    desktop: Desktop, hand: Hand, services: Services, credentials_file: Path
) -> None:
    hand.get_token(desktop)
    profile = chosen(desktop)
    hand.write(desktop)
    stored = services.vault.session(profile.id)
    assert stored is not None
    theirs = credentials_file.read_text().replace(stored.access_key_id, "AKIAIOSFODNN7EXAMPLE")
    credentials_file.write_text(theirs)
    hand.end(desktop)
    assert credentials_file.read_text() == theirs
    assert services.vault.session(profile.id) is None
    text = hand.shown_text(desktop.window.panel.notice)
    assert "[work]" in text
    assert "It was removed from section" not in text


@pytest.mark.expects_warnings
def test_session_that_stays_in_the_file_is_told_of_once_and_removed_when_that_can_be(
    desktop: Desktop, hand: Hand, credentials_file: Path
) -> None:
    hand.get_token(desktop)
    panel = desktop.window.panel
    hand.click(panel.actions_bar.write)
    hand.settle(desktop)
    whole = credentials_file.read_text()
    credentials_file.write_text(whole + "[work]\n")  # twice: not to be changed safely
    hand.end(desktop)
    assert "The session is forgotten in the keyring only" in hand.shown_text(panel.notice)
    assert "The keys of the ended session are still in [work]" in hand.shown_text(panel.not_written)
    problem = desktop.sessions.record(panel.profile_id).written[0].still_there
    assert problem in hand.shown_text(panel.not_written)
    assert problem not in hand.shown_text(panel.notice)
    credentials_file.write_text(whole)
    hand.click(panel.not_written.remedy_buttons()[0])
    hand.settle(desktop)
    assert "[work]" not in credentials_file.read_text()
    assert not panel.not_written.isVisible()


def test_copied_session_leaves_the_clipboard_with_its_end(desktop: Desktop, hand: Hand) -> None:
    hand.get_token(desktop)
    hand.click(desktop.window.panel.actions_bar.copy)
    hand.settle(desktop)
    assert desktop.clipboard.seconds_left() > 0
    hand.end(desktop)
    assert desktop.clipboard.seconds_left() == 0


def test_buttons_stay_where_they_are(desktop: Desktop, hand: Hand) -> None:
    """A second click must not meet another button than the first."""
    hand.get_token(desktop)
    bar = desktop.window.panel.actions_bar
    before = bar.mapTo(desktop.window, bar.rect().topLeft())
    hand.end(desktop)
    assert desktop.window.panel.notice.isVisible()
    assert bar.mapTo(desktop.window, bar.rect().topLeft()) == before


def test_notice_belongs_to_its_profile(desktop: Desktop, hand: Hand) -> None:
    hand.get_token(desktop)
    ended = chosen(desktop)
    hand.end(desktop)
    other = desktop.profiles.create("other")
    desktop.window.list.select(other.id)
    assert not desktop.window.panel.notice.isVisible()
    desktop.window.list.select(ended.id)
    assert desktop.window.panel.notice.isVisible()
    hand.settle(desktop)
