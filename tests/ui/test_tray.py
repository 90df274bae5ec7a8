"""The menu of the tray: at most twelve entries, what matters first, the window's own actions."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot

from sts_desktop.core.errors import StsDesktopError
from sts_desktop.core.profile import Profile
from sts_desktop.core.services import Services
from sts_desktop.demo.control import Faults
from sts_desktop.demo.embedded_sts import EmbeddedSts
from sts_desktop.ui.app import Desktop
from sts_desktop.ui.tray import Tray, dbus_menu_text
from tests.ui.hand import PATIENCE_MS, Hand, profile_of


def titles(menu: QMenu) -> list[str]:
    return [action.text() for action in menu.actions() if not action.isSeparator()]


def submenu(menu: QMenu, title: str) -> QMenu:
    (found,) = [action.menu() for action in menu.actions() if action.text().startswith(title)]
    assert isinstance(found, QMenu)
    return found


@pytest.fixture
def open_tray(open_desktop: Callable[..., Desktop], write_aws_files: Callable[..., None]) -> Callable[[], Tray]:
    write_aws_files("bob")

    def open_tray() -> Tray:
        tray = open_desktop().background.tray
        tray.refresh()
        return tray

    return open_tray


def test_without_profiles_the_window_and_the_way_out_are_left(open_tray: Callable[[], Tray]) -> None:
    assert titles(open_tray().menu) == ["&Open STS Desktop", "&Quit"]


def test_what_has_expired_comes_first_then_what_was_used_last(
    open_tray: Callable[[], Tray], add_profile: Callable[..., Profile], services: Services, clock: Any
) -> None:
    expired = add_profile("expired", duration_seconds=900)
    services.sessions.get_token(expired)
    clock.jump(timedelta(hours=1))
    older, newer = add_profile("older"), add_profile("newer")
    add_profile("never")
    services.sessions.get_token(older)
    clock.jump(timedelta(minutes=1))
    services.sessions.get_token(newer)
    names = [title.partition(" — ")[0] for title in titles(open_tray().menu)[:-2]]
    assert names == ["expired", "newer", "older", "never"]


def test_many_profiles_make_twelve_entries_and_the_rest_more(
    open_tray: Callable[[], Tray], add_profile: Callable[..., Profile]
) -> None:
    for number in range(20):
        add_profile(f"profile {number}")
    menu = open_tray().menu
    assert len(menu.actions()) == 12  # the line before *Open* counted
    assert submenu(menu, "More").isEmpty()
    submenu(menu, "More").aboutToShow.emit()
    submenu(menu, "More").aboutToShow.emit()
    assert len(submenu(menu, "More").actions()) == 12
    assert "profile 19" in titles(submenu(menu, "More"))[-1]


def test_who_has_more_profiles_than_a_menu_holds_is_led_to_the_window(
    qtbot: QtBot, open_tray: Callable[[], Tray], add_profile: Callable[..., Profile]
) -> None:
    for number in range(80):
        add_profile(f"profile {number}")
    tray = open_tray()
    more = submenu(tray.menu, "More")
    more.aboutToShow.emit()
    assert len(more.actions()) == 61
    assert titles(more)[-1] == "12 more in the window…"
    with qtbot.waitSignal(tray.open_requested):
        more.actions()[-1].trigger()


@pytest.mark.fault(41)
def test_open_menu_does_not_change_under_the_pointer(
    qtbot: QtBot, open_tray: Callable[[], Tray], add_profile: Callable[..., Profile], services: Services, clock: Any
) -> None:
    services.sessions.get_token(add_profile("one", duration_seconds=900))
    tray = open_tray()
    tray.menu.aboutToShow.emit()  # as a host says it over D-Bus, where the menu is never visible
    before = tray.menu.actions()
    clock.jump(timedelta(hours=1))
    tray.refresh()
    assert tray.menu.actions() == before
    tray.menu.aboutToHide.emit()
    qtbot.waitUntil(lambda: "expired" in titles(tray.menu)[0].lower(), timeout=PATIENCE_MS)


def test_menu_that_is_seen_does_not_change_however_long_it_is_open(
    open_tray: Callable[[], Tray],
    add_profile: Callable[..., Profile],
    services: Services,
    clock: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    services.sessions.get_token(add_profile("one", duration_seconds=900))
    tray = open_tray()
    tray.menu.popup(QPoint(0, 0))
    before = tray.menu.actions()
    tray._open.timeout.emit()
    tray._open.stop()
    clock.jump(timedelta(hours=1))
    tray.refresh()
    assert tray.menu.actions() == before
    tray.menu.close()


def test_name_is_shown_as_it_is(open_tray: Callable[[], Tray], add_profile: Callable[..., Profile]) -> None:
    add_profile("R&D <b>")
    assert titles(open_tray().menu)[0].startswith("R&&D <b> — ")


def test_window_and_tray_have_the_same_actions(desktop: Desktop, hand: Hand) -> None:
    tray, bar = desktop.background.tray, desktop.window.panel.actions_bar

    def entries() -> list[QAction]:
        tray.refresh()
        return submenu(tray.menu, "work").actions()

    get_token, copy, write, end = entries()
    assert (get_token.text(), copy.isEnabled(), write.isEnabled(), end.isEnabled()) == ("&Get token", *[False] * 3)
    hand.get_token(desktop)
    assert entries() == [get_token, copy, write, end]
    assert get_token.text() == bar.primary.text() == "&Renew"
    for action, button in ((copy, bar.copy), (write, bar.write), (end, bar.end)):
        assert action.isEnabled()
        assert button.isEnabled()
    write.trigger()
    hand.settle(desktop)
    assert desktop.sessions.record(profile_of(desktop).id).written
    end.trigger()
    hand.settle(desktop)
    assert not desktop.sessions.is_live(profile_of(desktop).id)
    assert not copy.isEnabled()
    assert not bar.copy.isEnabled()


def test_wishes_are_passed_on(qtbot: Any, desktop: Desktop) -> None:
    tray = desktop.background.tray
    tray.refresh()
    entry = {action.text(): action for action in tray.menu.actions()}
    with qtbot.waitSignal(desktop.quit_requested):
        entry["&Quit"].trigger()
    desktop.window.hide()
    entry["&Open STS Desktop"].trigger()
    assert desktop.window.isVisible()


def test_tool_tip_tells_what_failed_beside_what_lives(
    open_tray: Callable[[], Tray], add_profile: Callable[..., Profile], services: Services, embedded_sts: EmbeddedSts
) -> None:
    services.sessions.get_token(add_profile("one"))
    embedded_sts.control.set(Faults(throttled=True))
    with pytest.raises(StsDesktopError):
        services.sessions.get_token(add_profile("two"))
    embedded_sts.control.set(Faults())
    tray = open_tray()
    assert tray._summary().startswith("1 active")
    assert tray._summary().endswith("1 failed")


@pytest.mark.parametrize(
    "name", ["prod_admin", "R&D", "R&D & more", "&&lead", "__init__", "a&", "&", "_", "R&D_a & b_", "nothing"]
)
def test_name_is_shown_as_it_is_over_dbus_too(name: str) -> None:
    """As hosts show what Qt makes of it (`convertMnemonic`; com.canonical.dbusmenu)."""
    text = dbus_menu_text(name)
    first = text.find("&")
    label = text if first in (-1, len(text) - 1) else f"{text[:first]}_{text[first + 1 :]}"
    assert "_".join(part.replace("_", "") for part in label.split("__")) == name


def test_name_of_the_section_is_shown_as_it_is_over_dbus_too(desktop: Desktop, services: Services) -> None:
    profile = profile_of(desktop)
    desktop.profiles.edit(replace(profile, name="prod_admin"))
    desktop.actions.set_menu_text(dbus_menu_text)
    assert desktop.actions.of(profile_of(desktop)).write.text() == "&Write to [prod__admin]"


def test_icon_and_tool_tip_tell_of_work_and_of_what_has_expired(
    qtbot: QtBot, desktop: Desktop, hand: Hand, embedded_sts: EmbeddedSts, clock: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn: list[bool] = []
    tray = desktop.background.tray
    icon = SimpleNamespace(setIcon=lambda _icon: None, setToolTip=lambda _text: None, hide=lambda: None)
    monkeypatch.setattr(tray, "_icon", icon)  # this platform has none
    monkeypatch.setattr("sts_desktop.ui.icons.tray_icon", lambda _phase, is_working: drawn.append(is_working))
    hand.get_token(desktop)
    clock.jump(timedelta(hours=13))
    tray.refresh()
    assert tray._summary() == "no active session · 1 expired"
    embedded_sts.control.set(Faults(silent=True))
    desktop.sessions.get_token(profile_of(desktop).id, "")
    tray.refresh()
    assert drawn[-1]
    desktop.sessions.cancel_all()
    tray.refresh()
    assert not drawn[-1]


def test_long_names_and_those_written_from_the_right_keep_the_menu_in_order(
    open_tray: Callable[[], Tray], add_profile: Callable[..., Profile]
) -> None:
    add_profile("n" * 80)
    add_profile("\u0645\u0631\u062d\u0628\u0627")
    shown = titles(open_tray().menu)
    assert f"{'n' * 39}… — No session" in shown
    assert "\u2068\u0645\u0631\u062d\u0628\u0627\u2069 — No session" in shown
