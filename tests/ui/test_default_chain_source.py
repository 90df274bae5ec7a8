"""The default credential provider chain as the source of the access key: gone through only when it is chosen."""

import threading
from collections.abc import Callable

import pytest
from pytestqt.qtbot import QtBot

from sts_desktop.core.profile import AwsProfileKey, DefaultChain, Profile
from sts_desktop.core.services import Services
from sts_desktop.core.sts.chain_errors import NoCredentialsInChainError
from sts_desktop.core.sts.default_chain import FoundKey, resolve_default_chain
from sts_desktop.demo.embedded_sts import EmbeddedSts
from sts_desktop.ui.access_key_field import AccessKeyField
from sts_desktop.ui.app import Desktop
from tests.ui.hand import Hand, chosen


def chain_row(field: AccessKeyField) -> int:
    (row,) = [row for row in range(field.count()) if "default chain" in field.itemText(row)]
    return row


class Chain:
    """The real chain; notes on which thread it was gone through."""

    def __init__(self) -> None:
        self.threads: list[threading.Thread] = []

    def resolve(self) -> FoundKey:
        self.threads.append(threading.current_thread())
        return resolve_default_chain()


@pytest.fixture
def chain() -> Chain:
    return Chain()


@pytest.fixture
def open_with_chain(
    open_desktop: Callable[..., Desktop],
    make_services: Callable[..., Services],
    add_profile: Callable[..., Profile],
    write_aws_files: Callable[..., None],
    chain: Chain,
) -> Callable[..., Desktop]:
    """Open the window with one profile, `work`; its chain is watched."""

    def open_with_chain(**values: object) -> Desktop:
        write_aws_files("bob")
        add_profile("work", **values)
        return open_desktop(make_services(default_chain=chain.resolve))

    return open_with_chain


@pytest.fixture
def set_keys(monkeypatch: pytest.MonkeyPatch, embedded_sts: EmbeddedSts) -> Callable[[str], str]:
    """Put a demo user's key into the environment, and return the end of its id."""

    def set_keys(user: str) -> str:
        key = embedded_sts.directory.user(user).access_key
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", key.access_key_id)
        monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", key.secret_access_key)
        return key.access_key_id[-4:]

    return set_keys


@pytest.fixture
def choose_chain(hand: Hand) -> Callable[[Desktop], None]:
    def choose_chain(desktop: Desktop) -> None:
        field = desktop.window.panel.form.access_key
        field.activated.emit(chain_row(field))
        hand.settle(desktop)

    return choose_chain


def test_chain_is_offered_and_not_gone_through(
    open_with_chain: Callable[..., Desktop], set_keys: Callable[[str], str], chain: Chain
) -> None:
    end = set_keys("bob")
    desktop = open_with_chain()
    field = desktop.window.panel.form.access_key
    text = field.itemText(chain_row(field))
    assert "default chain" in text
    assert end not in text
    assert chain.threads == []
    assert desktop.keys.chain_key is None


def test_start_with_the_chain_as_source_does_not_go_through_it(
    open_with_chain: Callable[..., Desktop], set_keys: Callable[[str], str], chain: Chain
) -> None:
    set_keys("bob")
    desktop = open_with_chain(source=DefaultChain())
    assert "default chain" in desktop.window.panel.form.access_key.currentText()
    assert chain.threads == []


def test_chosen_chain_says_what_it_gives(
    open_with_chain: Callable[..., Desktop],
    set_keys: Callable[[str], str],
    choose_chain: Callable[[Desktop], None],
    chain: Chain,
    services: Services,
) -> None:
    end = set_keys("bob")
    desktop = open_with_chain()
    choose_chain(desktop)
    text = desktop.window.panel.form.access_key.currentText()
    assert text.startswith("environment variables")
    assert f"…{end}" in text
    assert services.settings.load().profiles[0].source == DefaultChain()
    (thread,) = chain.threads
    assert thread is not threading.main_thread()
    assert not desktop.window.panel.note.isVisible()


def test_token_is_fetched_with_the_key_of_the_chain(
    open_with_chain: Callable[..., Desktop],
    set_keys: Callable[[str], str],
    choose_chain: Callable[[Desktop], None],
    hand: Hand,
) -> None:
    set_keys("bob")
    desktop = open_with_chain(source=None)
    choose_chain(desktop)
    hand.get_token(desktop)
    record = desktop.sessions.record(chosen(desktop).id)
    assert desktop.sessions.is_live(chosen(desktop).id)
    assert record.identity is not None
    assert record.identity.arn.endswith(":user/bob")


def test_no_secret_of_the_chain_is_kept_or_shown(
    open_with_chain: Callable[..., Desktop],
    set_keys: Callable[[str], str],
    choose_chain: Callable[[Desktop], None],
    embedded_sts: EmbeddedSts,
    hand: Hand,
) -> None:
    set_keys("bob")
    desktop = open_with_chain()
    choose_chain(desktop)
    key = embedded_sts.directory.user("bob").access_key
    assert key.secret_access_key not in repr(vars(desktop.keys)) + hand.all_text()
    assert key.access_key_id not in repr(desktop.keys.chain_key) + hand.all_text()


def test_chain_that_gives_nothing_is_told(
    open_with_chain: Callable[..., Desktop], choose_chain: Callable[[Desktop], None], hand: Hand
) -> None:
    desktop = open_with_chain()
    choose_chain(desktop)
    assert isinstance(desktop.keys.chain_problem, NoCredentialsInChainError)
    assert desktop.keys.chain_problem.title in hand.shown_text(desktop.window.panel.note)
    assert "default chain" in desktop.window.panel.form.access_key.currentText()


def test_what_was_found_once_is_not_shown_when_it_is_gone(
    qtbot: QtBot,
    open_with_chain: Callable[..., Desktop],
    set_keys: Callable[[str], str],
    choose_chain: Callable[[Desktop], None],
    hand: Hand,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    end = set_keys("bob")
    desktop = open_with_chain()
    choose_chain(desktop)
    desktop.window.panel.take_source(AwsProfileKey("bob"))
    hand.settle(desktop)
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    choose_chain(desktop)
    assert desktop.window.panel.note.isVisible()
    assert end not in desktop.window.panel.form.access_key.currentText()


def test_problem_that_is_found_late_belongs_to_the_profile_it_was_looked_for(
    open_with_chain: Callable[..., Desktop], hand: Hand
) -> None:
    desktop = open_with_chain()
    asked_for = chosen(desktop)
    field = desktop.window.panel.form.access_key
    field.activated.emit(chain_row(field))
    other = desktop.profiles.create("other")
    desktop.window.list.select(other.id)
    hand.settle(desktop)
    assert desktop.keys.chain_problem is not None
    assert desktop.sessions.problem(other.id) is None
    assert not desktop.window.panel.note.isVisible()
    desktop.window.list.select(asked_for.id)
    assert desktop.sessions.problem(asked_for.id) is desktop.keys.chain_problem
    assert desktop.window.panel.note.isVisible()


def test_chain_that_gives_another_users_key_at_a_renewal_is_told(
    open_with_chain: Callable[..., Desktop], set_keys: Callable[[str], str], hand: Hand
) -> None:
    set_keys("bob")
    desktop = open_with_chain(source=DefaultChain())
    hand.get_token(desktop)
    hand.get_token(desktop)
    assert not desktop.window.panel.notice.isVisible()
    set_keys("alice")
    hand.get_token(desktop)
    text = hand.shown_text(desktop.window.panel.notice)
    assert "The session is another user's" in text
    assert text.index(":user/alice") < text.index(":user/bob")
