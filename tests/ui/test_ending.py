"""Ending a session by its button: what is forgotten here, and what is told about the rest."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtWidgets import QWidget

from sts_desktop.core.profile import Profile
from sts_desktop.core.renewal import Phase
from sts_desktop.core.revocation import how_to_revoke
from sts_desktop.core.services import Services
from sts_desktop.ui.app import Desktop
from sts_desktop.ui.duration_field import local_time


def chosen(desktop: Desktop) -> Profile:
    profile = desktop.profiles.profile(desktop.window.panel.profile_id)
    assert profile is not None
    return profile


@pytest.fixture
def end(click: Callable[[QWidget], None], settle: Callable[[Desktop], None]) -> Callable[[Desktop], None]:
    def end(desktop: Desktop) -> None:
        click(desktop.window.panel.actions_bar.end)
        settle(desktop)

    return end


def test_there_must_be_a_session_to_end(desktop: Desktop, get_token: Callable[..., None]) -> None:
    button = desktop.window.panel.actions_bar.end
    assert not button.isEnabled()
    get_token(desktop)
    assert button.isEnabled()


def test_ended_session_is_forgotten_everywhere_here(
    desktop: Desktop,
    get_token: Callable[..., None],
    click: Callable[[QWidget], None],
    settle: Callable[[Desktop], None],
    end: Callable[[Desktop], None],
    services: Services,
    credentials_file: Path,
) -> None:
    get_token(desktop)
    profile = chosen(desktop)
    click(desktop.window.panel.actions_bar.write)
    settle(desktop)
    stored = services.vault.session(profile.id)
    assert stored is not None
    assert stored.session_token in credentials_file.read_text()
    end(desktop)
    assert services.vault.session(profile.id) is None
    assert profile.id not in services.state.load().sessions
    text = credentials_file.read_text()
    for gone in (stored.access_key_id, stored.secret_access_key, stored.session_token):
        assert gone not in text
    assert "[bob]" in text
    assert desktop.sessions.phase(profile.id) is Phase.NONE
    assert not desktop.window.panel.actions_bar.end.isEnabled()
    assert desktop.window.panel.actions_bar.primary.text() == "&Get token"


def test_notice_says_until_when_aws_accepts_it_and_what_can_be_done(
    desktop: Desktop,
    get_token: Callable[..., None],
    end: Callable[[Desktop], None],
    shown_text: Callable[[QWidget], str],
) -> None:
    get_token(desktop)
    expiration = desktop.sessions.record(chosen(desktop).id).expiration
    assert expiration is not None
    end(desktop)
    text = shown_text(desktop.window.panel.notice)
    assert "The session is forgotten here" in text
    assert f"until {local_time(expiration, desktop.sessions.now())}," in text
    assert how_to_revoke() in text
    assert "removed from section" not in text


def test_notice_names_the_section(
    desktop: Desktop,
    get_token: Callable[..., None],
    click: Callable[[QWidget], None],
    settle: Callable[[Desktop], None],
    end: Callable[[Desktop], None],
    shown_text: Callable[[QWidget], str],
) -> None:
    get_token(desktop)
    click(desktop.window.panel.actions_bar.write)
    settle(desktop)
    end(desktop)
    assert "removed from section [work] too." in shown_text(desktop.window.panel.notice)


def test_other_keys_in_the_section_stay_and_are_told(
    desktop: Desktop,
    get_token: Callable[..., None],
    click: Callable[[QWidget], None],
    settle: Callable[[Desktop], None],
    end: Callable[[Desktop], None],
    services: Services,
    credentials_file: Path,
    shown_text: Callable[[QWidget], str],
) -> None:
    get_token(desktop)
    profile = chosen(desktop)
    click(desktop.window.panel.actions_bar.write)
    settle(desktop)
    stored = services.vault.session(profile.id)
    assert stored is not None
    theirs = credentials_file.read_text().replace(stored.access_key_id, "AKIAIOSFODNN7EXAMPLE")
    credentials_file.write_text(theirs)
    end(desktop)
    assert credentials_file.read_text() == theirs
    assert services.vault.session(profile.id) is None
    text = shown_text(desktop.window.panel.notice)
    assert "[work]" in text
    assert "It was removed from section" not in text


@pytest.mark.expects_warnings
def test_session_that_stays_in_the_file_is_told_of_once_and_removed_when_that_can_be(
    desktop: Desktop,
    get_token: Callable[..., None],
    click: Callable[[QWidget], None],
    settle: Callable[[Desktop], None],
    end: Callable[[Desktop], None],
    credentials_file: Path,
    shown_text: Callable[[QWidget], str],
) -> None:
    get_token(desktop)
    panel = desktop.window.panel
    click(panel.actions_bar.write)
    settle(desktop)
    whole = credentials_file.read_text()
    credentials_file.write_text(whole + "[work]\n")  # twice: not to be changed safely
    end(desktop)
    assert "The session is forgotten in the keyring only" in shown_text(panel.notice)
    assert "Its keys are still in [work]" in shown_text(panel.not_written)
    problem = desktop.sessions.record(panel.profile_id).written[0].still_there
    assert problem in shown_text(panel.not_written)
    assert problem not in shown_text(panel.notice)
    credentials_file.write_text(whole)
    click(panel.not_written.remedy_buttons()[0])
    settle(desktop)
    assert "[work]" not in credentials_file.read_text()
    assert not panel.not_written.isVisible()


def test_copied_session_leaves_the_clipboard_with_its_end(
    desktop: Desktop,
    get_token: Callable[..., None],
    click: Callable[[QWidget], None],
    settle: Callable[[Desktop], None],
    end: Callable[[Desktop], None],
) -> None:
    get_token(desktop)
    click(desktop.window.panel.actions_bar.copy)
    settle(desktop)
    assert desktop.clipboard.seconds_left() > 0
    end(desktop)
    assert desktop.clipboard.seconds_left() == 0


def test_buttons_stay_where_they_are(
    desktop: Desktop, get_token: Callable[..., None], end: Callable[[Desktop], None]
) -> None:
    """A second click must not meet another button than the first."""
    get_token(desktop)
    bar = desktop.window.panel.actions_bar
    before = bar.mapTo(desktop.window, bar.rect().topLeft())
    end(desktop)
    assert desktop.window.panel.notice.isVisible()
    assert bar.mapTo(desktop.window, bar.rect().topLeft()) == before


def test_notice_belongs_to_its_profile(
    desktop: Desktop, get_token: Callable[..., None], end: Callable[[Desktop], None], settle: Callable[..., None]
) -> None:
    get_token(desktop)
    ended = chosen(desktop)
    end(desktop)
    other = desktop.profiles.create("other")
    desktop.window.list.select(other.id)
    assert not desktop.window.panel.notice.isVisible()
    desktop.window.list.select(ended.id)
    assert desktop.window.panel.notice.isVisible()
    settle(desktop)
