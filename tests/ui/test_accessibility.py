"""The window without a mouse and without eyes: names, labels, the order of the Tab key, letters with Alt."""

import re
from collections import Counter
from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractScrollArea,
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QMenu,
    QScrollArea,
    QWidget,
)
from pytestqt.qtbot import QtBot

from sts_desktop.core import i18n
from sts_desktop.core.errors import StsDesktopError
from sts_desktop.core.profile import Profile
from sts_desktop.demo.embedded_sts import EmbeddedSts
from sts_desktop.demo.strip import DemoStrip
from sts_desktop.ui.access_key_dialog import AccessKeyDialog
from sts_desktop.ui.app import Desktop
from sts_desktop.ui.section_dialog import SectionDialog
from tests.ui.hand import Hand


@pytest.fixture(params=i18n.LANGUAGES)
def language(request: pytest.FixtureRequest) -> str:
    i18n.install(request.param)
    return str(request.param)


def takes_focus(widget: QWidget) -> bool:
    return (
        widget.isVisible()
        and widget.isEnabled()
        and bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus)
        and widget.focusProxy() is None
    )


def spoken_name(widget: QWidget) -> str:
    """Return the name that a screen reader says, from the accessible interface that it asks."""
    return QAccessible.queryAccessibleInterface(widget).text(QAccessible.Text.Name)


def unnamed(root: QWidget) -> list[QWidget]:
    # The line of an editable combo box stands for the box: its focus proxy is the box.
    found = [widget for widget in root.findChildren(QWidget) if takes_focus(widget)]
    assert found
    plain_containers = (QAbstractScrollArea,)
    return [
        widget
        for widget in found
        if not spoken_name(widget)
        and not (isinstance(widget, plain_containers) and not isinstance(widget, QAbstractItemView))
    ]


def mnemonics(root: QWidget) -> list[str]:
    """Return the letters that, with Alt, do something in a window now; those of a menu count only within it."""
    letters: list[str] = []
    for widget in root.findChildren(QWidget):
        if not widget.isVisible() or isinstance(widget.window(), QMenu):
            continue
        text = ""
        if isinstance(widget, QAbstractButton) or (isinstance(widget, QLabel) and widget.buddy() is not None):
            text = widget.text()
        match = re.search(r"(?<!&)&([^&\s])", text.replace("&&", ""))
        if match:
            letters.append(match[1].upper())
    return letters


def twice(letters: list[str]) -> list[str]:
    return [letter for letter, count in Counter(letters).items() if count > 1]


@pytest.fixture
def full_desktop(
    open_desktop: Callable[..., Desktop],
    write_aws_files: Callable[..., None],
    add_profile: Callable[..., Profile],
    hand: Hand,
    language: str,
) -> Desktop:
    """The window with everything in it that it can show at once."""
    write_aws_files("bob")
    add_profile("work")
    desktop = open_desktop()
    hand.get_token(desktop)
    hand.click(desktop.window.panel.actions_bar.copy)
    hand.settle(desktop)
    desktop.window.tell_problem(StsDesktopError("It broke", "In the middle of it.", "Mend it."))
    return desktop


def test_whatever_takes_the_focus_has_a_name(full_desktop: Desktop) -> None:
    assert unnamed(full_desktop.window) == []


def test_lines_of_editable_boxes_are_named_too(full_desktop: Desktop) -> None:
    """Qt's own bridge to screen readers asks the line, which has the focus for them."""
    boxes = [box for box in full_desktop.window.findChildren(QComboBox) if box.isEditable()]
    assert len(boxes) == 2
    assert all(spoken_name(line) for box in boxes if (line := box.lineEdit()) is not None)


def test_whatever_takes_the_focus_has_a_name_in_the_first_run(
    open_desktop: Callable[..., Desktop], language: str
) -> None:
    assert unnamed(open_desktop().window) == []


def test_whatever_takes_the_focus_has_a_name_in_dialogs(desktop: Desktop) -> None:
    desktop.window.making.enter_key()
    (key_dialog,) = desktop.window.findChildren(AccessKeyDialog)
    assert unnamed(key_dialog) == []
    assert twice(mnemonics(key_dialog)) == []
    key_dialog.reject()
    section_dialog = SectionDialog("work", frozenset(), "~/.aws/credentials", desktop.window)
    section_dialog.open()
    assert unnamed(section_dialog) == []
    section_dialog.reject()


def test_whatever_takes_the_focus_has_a_name_in_the_endpoint_list(desktop: Desktop) -> None:
    field = desktop.window.panel.form.endpoint
    field.showPopup()
    popup = field.popup()
    assert popup is not None
    assert unnamed(popup) == []
    popup.hide()


def test_letters_with_alt_are_unique(full_desktop: Desktop) -> None:
    letters = mnemonics(full_desktop.window)
    assert len(letters) >= 8
    assert twice(letters) == []


def test_letters_with_alt_are_unique_in_the_first_run(
    open_desktop: Callable[..., Desktop], write_aws_files: Callable[..., None], language: str
) -> None:
    write_aws_files("bob")
    assert twice(mnemonics(open_desktop().window)) == []


def test_letters_with_alt_are_unique_in_the_demo(full_desktop: Desktop, embedded_sts: EmbeddedSts) -> None:
    window = full_desktop.window
    window.add_strip(DemoStrip(embedded_sts, window.panel.form.type_code, parent=window))
    assert twice(mnemonics(window)) == []


def test_letters_of_menus_are_unique(full_desktop: Desktop) -> None:
    menus = [menu for menu in full_desktop.window.findChildren(QMenu) if len(menu.actions()) > 1]
    assert menus
    for menu in menus:
        texts = [entry.text() for entry in menu.actions() if not entry.isSeparator()]
        letters = [match[1].upper() for text in texts if (match := re.search("&([^&])", text))]
        assert twice(letters) == []


def tab_order(first: QWidget) -> list[QWidget]:
    order: list[QWidget] = []
    widget: QWidget | None = first
    while widget is not None and widget not in order:
        order.append(widget)
        widget = widget.nextInFocusChain()
    return [widget for widget in order if takes_focus(widget)]


def test_tab_key_follows_the_form(qtbot: QtBot, full_desktop: Desktop) -> None:
    panel = full_desktop.window.panel
    form = panel.form
    expected: list[QWidget] = [
        panel.name,
        panel.menu,
        form.access_key,
        form.endpoint,
        form.duration.combo,
        form.mfa_serial,
        form.token_code,
        form.working_region,
        panel.actions_bar.primary,
        panel.actions_bar.copy,
        panel.actions_bar.write,
    ]
    assert [widget for widget in tab_order(panel.name) if widget in expected] == expected
    panel.name.setFocus()
    reached = [panel.name]
    for _step in expected[1:]:
        focused = full_desktop.window.focusWidget()
        assert focused is not None
        QTest.keyClick(focused, Qt.Key.Key_Tab)
        reached.append(full_desktop.window.focusWidget())  # type: ignore[arg-type]
    assert reached == expected


def test_new_search_and_list_come_before_the_form(full_desktop: Desktop) -> None:
    window = full_desktop.window
    expected: list[QWidget] = [window.new, window.search, window.list, window.panel.name]
    assert [widget for widget in tab_order(window.new) if widget in expected] == expected


def test_form_labels_lead_to_their_fields(full_desktop: Desktop) -> None:
    form = full_desktop.window.panel.form
    led_to = [label.buddy() for label in form.findChildren(QLabel) if label.buddy() is not None]
    fields = [field for field in form.findChildren(QWidget) if isinstance(field, QComboBox | QLineEdit)]
    targets = {widget.focusProxy() or widget for widget in led_to}
    assert {field for field in fields if takes_focus(field)} - targets == {form.token_code}  # named by itself


def test_all_of_the_form_can_be_seen_in_a_small_window(full_desktop: Desktop) -> None:
    window = full_desktop.window
    window.resize(640, 400)
    (area,) = [area for area in window.findChildren(QScrollArea) if area.widget() is window.panel]
    bar = area.verticalScrollBar()
    assert bar.maximum() > 0
    assert window.panel.height() >= window.panel.minimumSizeHint().height()
    assert window.panel.height() >= needed_height(window.panel)


def needed_height(page: QWidget) -> int:
    """The height that a page with wrapped text needs at its width."""
    layout = page.layout()
    assert layout is not None
    return layout.totalHeightForWidth(page.width())


def test_nothing_scrolls_where_there_is_room_for_everything(full_desktop: Desktop, hand: Hand) -> None:
    window, panel = full_desktop.window, full_desktop.window.panel
    (area,) = [area for area in window.findChildren(QScrollArea) if area.widget() is panel]
    for words in (5, 15, 30, 60):
        error = StsDesktopError("It broke", "In so many words. " * words, "")
        full_desktop.sessions.show_problem(panel.profile_id, error)
        hand.settle(full_desktop)
        window.resize(1000, 1200)
        QApplication.processEvents()
        window.resize(1000, 1200 + needed_height(panel) - area.viewport().height())
        QApplication.processEvents()
        assert area.viewport().height() == needed_height(panel)
        assert area.verticalScrollBar().maximum() == 0
