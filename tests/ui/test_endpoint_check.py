"""Checking endpoints from the window: rows that fill in, what they rest on, and one of them chosen."""

import socket
from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from sts_desktop.core.profile import EndpointChoice, Profile
from sts_desktop.core.services import Services
from sts_desktop.core.sts.endpoint_check import Basis, Outcome
from sts_desktop.core.sts.endpoints import endpoints
from sts_desktop.demo.control import Faults
from sts_desktop.demo.embedded_sts import EmbeddedSts
from sts_desktop.ui.app import Desktop
from sts_desktop.ui.endpoint_check_dialog import EndpointCheckDialog
from sts_desktop.ui.endpoint_check_model import HOST, KNOWN_BY, PLACE, RESULT, TIME
from tests.ui.hand import PATIENCE_MS, Hand, chosen

Check = Callable[..., EndpointCheckDialog]


@pytest.fixture
def desktop(
    open_desktop: Callable[..., Desktop], write_aws_files: Callable[..., None], add_profile: Callable[..., Profile]
) -> Desktop:
    write_aws_files("bob")
    add_profile("work", "bob", endpoint=EndpointChoice("ap-northeast-1"), working_region="ap-northeast-1")
    return open_desktop()


@pytest.fixture
def check(desktop: Desktop, hand: Hand) -> Check:
    """Open the list of endpoints, and ask for a check."""

    def check() -> EndpointCheckDialog:
        field = desktop.window.panel.form.endpoint
        field.showPopup()
        popup = field.popup()
        assert popup is not None
        hand.click(popup.check)
        assert not popup.isVisible()
        (dialog,) = desktop.window.findChildren(EndpointCheckDialog)
        return dialog

    return check


def cells(dialog: EndpointCheckDialog, column: int) -> list[str]:
    return [dialog.sorted.index(row, column).data() for row in range(dialog.sorted.rowCount())]


def select(dialog: EndpointCheckDialog, host: str) -> None:
    row = cells(dialog, HOST).index(host)
    dialog.view.setCurrentIndex(dialog.sorted.index(row, PLACE))


def test_all_answers_are_shown_the_fastest_in_front_and_one_click_uses_it(
    qtbot: QtBot, desktop: Desktop, check: Check, hand: Hand, services: Services
) -> None:
    dialog = check()
    qtbot.waitUntil(lambda: not desktop.endpoints.is_busy, timeout=PATIENCE_MS)
    assert len(cells(dialog, HOST)) == len(endpoints("aws"))
    assert set(cells(dialog, RESULT)) == {"answers"}
    assert set(cells(dialog, KNOWN_BY)) == {"GetCallerIdentity"}
    times = [int(cell.removesuffix(" ms")) for cell in cells(dialog, TIME)]
    assert times == sorted(times)
    assert f"{len(times)} of {len(times)}" in dialog.progress.text()
    first = cells(dialog, PLACE)[0]
    assert first in dialog.use_fastest.text()
    hand.click(dialog.use_fastest)
    hand.settle(desktop)
    assert chosen(desktop).endpoint.resolve().place == first
    assert services.settings.load().recent_endpoints[0] == chosen(desktop).endpoint
    assert not desktop.window.findChildren(EndpointCheckDialog)


@pytest.mark.fault(13)
def test_a_check_can_be_stopped_and_what_came_stays(
    qtbot: QtBot, desktop: Desktop, check: Check, hand: Hand, embedded_sts: EmbeddedSts
) -> None:
    embedded_sts.control.set(Faults(silent=True))
    dialog = check()
    assert set(cells(dialog, RESULT)) == {"asking…"}
    assert not dialog.use_fastest.isEnabled()
    assert dialog.again.text() == "&Stop"
    hand.click(dialog.again)
    assert not desktop.endpoints.is_busy
    assert set(cells(dialog, RESULT)) == {""}
    embedded_sts.control.set(Faults())
    hand.click(dialog.again)
    qtbot.waitUntil(lambda: not desktop.endpoints.is_busy, timeout=PATIENCE_MS)
    assert set(cells(dialog, RESULT)) == {"answers"}
    embedded_sts.control.set(Faults(silent=True))
    hand.click(dialog.again)
    assert set(cells(dialog, RESULT)) == {"asking…"}
    hand.click(dialog.again)
    assert set(cells(dialog, RESULT)) == {"answers"}  # what was known before
    dialog.reject()


@pytest.mark.fault(19)
def test_a_token_tells_what_who_calls_does_not(
    qtbot: QtBot, desktop: Desktop, check: Check, hand: Hand, embedded_sts: EmbeddedSts
) -> None:
    embedded_sts.control.set(Faults(region_disabled=True))
    dialog = check()
    qtbot.waitUntil(lambda: not desktop.endpoints.is_busy, timeout=PATIENCE_MS)
    select(dialog, "sts.eu-west-1.amazonaws.com")
    assert "Only a request for a token tells that" in dialog.explanation.text()
    hand.click(dialog.test)
    qtbot.waitUntil(lambda: not desktop.endpoints.is_busy, timeout=PATIENCE_MS)
    check_of = desktop.endpoints.checks["eu-west-1"]
    assert (check_of.outcome, check_of.basis) == (Outcome.SWITCHED_OFF, Basis.TOKEN)
    row = cells(dialog, HOST).index("sts.eu-west-1.amazonaws.com")
    assert cells(dialog, RESULT)[row] == "switched off for this account"
    assert cells(dialog, KNOWN_BY)[row] == "GetSessionToken"
    assert "Account settings" in dialog.explanation.text()
    hand.settle(desktop)
    assert set(desktop.sessions.switched_off(chosen(desktop))) == {"eu-west-1"}
    assert not desktop.sessions.is_live(chosen(desktop).id)
    dialog.sorted.sort(RESULT, Qt.SortOrder.DescendingOrder)
    assert cells(dialog, HOST)[0] == "sts.eu-west-1.amazonaws.com"
    dialog.reject()


def test_the_chosen_row_is_used(qtbot: QtBot, desktop: Desktop, check: Check, hand: Hand) -> None:
    dialog = check()
    assert not dialog.use.isEnabled()
    select(dialog, "sts-fips.us-west-2.amazonaws.com")
    assert dialog.use.text() == "&Use Oregon (FIPS)"
    hand.click(dialog.use)
    hand.settle(desktop)
    assert chosen(desktop).endpoint == EndpointChoice("us-west-2-fips")


@pytest.mark.fault(12)
def test_without_a_network_it_says_so_in_each_row(
    qtbot: QtBot, desktop: Desktop, check: Check, monkeypatch: pytest.MonkeyPatch, services: Services
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as nobody:
        closed = f"http://127.0.0.1:{nobody.getsockname()[1]}"
    monkeypatch.setattr(services.sessions.sts, "_url_for", lambda _endpoint: closed)
    dialog = check()
    qtbot.waitUntil(lambda: not desktop.endpoints.is_busy, timeout=PATIENCE_MS)
    assert set(cells(dialog, RESULT)) == {"No connection to AWS"}
    assert not dialog.use_fastest.isEnabled()
    dialog.reject()


def test_a_key_that_cannot_be_read_is_told_once(
    qtbot: QtBot, desktop: Desktop, check: Check, hand: Hand, services: Services
) -> None:
    services.aws_locations.credentials.unlink()
    dialog = check()
    qtbot.waitUntil(lambda: not desktop.endpoints.is_busy, timeout=PATIENCE_MS)
    assert dialog.note.isVisible()
    assert "bob" in hand.shown_text(dialog.note)
    assert set(cells(dialog, RESULT)) == {""}
    dialog.reject()


def test_closing_waits_for_nobody(desktop: Desktop, check: Check, embedded_sts: EmbeddedSts) -> None:
    embedded_sts.control.set(Faults(silent=True))
    dialog = check()
    dialog.reject()
    assert not desktop.endpoints.is_busy


@pytest.mark.fault(21)
def test_the_program_ends_at_once_while_endpoints_are_asked(
    desktop: Desktop, check: Check, embedded_sts: EmbeddedSts
) -> None:
    embedded_sts.control.set(Faults(silent=True))
    check()
    assert desktop.close()


def test_what_is_chosen_is_for_the_profile_that_was_checked(
    qtbot: QtBot, desktop: Desktop, check: Check, hand: Hand
) -> None:
    dialog = check()
    qtbot.waitUntil(lambda: not desktop.endpoints.is_busy, timeout=PATIENCE_MS)
    other = desktop.profiles.create("other")
    desktop.window.list.select(other.id)  # as where another process deletes the one that was shown
    select(dialog, "sts.eu-west-1.amazonaws.com")
    hand.click(dialog.use)
    hand.settle(desktop)
    assert {profile.endpoint.id for profile in desktop.profiles.settings.profiles} == {"ap-northeast-1"}
