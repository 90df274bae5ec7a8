"""Choosing an endpoint: the searchable list, and addresses of one's own."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from sts_desktop.core import i18n
from sts_desktop.core.credentials import CallerIdentity
from sts_desktop.core.profile import AwsProfileKey, EndpointChoice, Profile
from sts_desktop.core.services import Services
from sts_desktop.core.state import SessionRecord
from sts_desktop.ui.app import Desktop
from sts_desktop.ui.endpoint_popup import EndpointPopup
from sts_desktop.ui.session_form import SessionForm
from tests.ui.hand import Hand, profile_of


@pytest.fixture
def form(desktop: Desktop) -> SessionForm:
    return desktop.window.panel.form


@pytest.mark.parametrize(
    ("needle", "endpoint_id"),
    [
        ("tokyo", "ap-northeast-1"),
        ("東京", "ap-northeast-1"),
        ("sts.eu-west-3.amazonaws.com", "eu-west-3"),
        ("us-west-2", "us-west-2"),
        ("sao paulo", "sa-east-1"),
        ("global", "global"),
    ],
)
def test_endpoint_is_found_by_place_host_or_region(
    qtbot: QtBot, desktop: Desktop, form: SessionForm, hand: Hand, services: Services, needle: str, endpoint_id: str
) -> None:
    form.endpoint.showPopup()
    popup = form.endpoint.popup()
    assert popup is not None
    popup.search.insert(needle)
    assert popup.explanation.text()
    QTest.keyClick(popup.search, Qt.Key.Key_Return)
    assert not popup.isVisible()
    hand.settle(desktop)
    assert services.settings.load().profiles[0].endpoint == EndpointChoice(endpoint_id)
    assert desktop.window.focusWidget() is form.endpoint


def test_endpoint_list_opens_by_typing_on_the_field(qtbot: QtBot, desktop: Desktop, form: SessionForm) -> None:
    QTest.keyClicks(form.endpoint, "i")
    popup = form.endpoint.popup()
    assert popup is not None
    assert popup.isVisible()
    assert popup.search.text() == "i"
    QTest.keyClicks(popup.search, "reland")
    QTest.keyClick(popup.search, Qt.Key.Key_Return)
    assert profile_of(desktop).endpoint.id == "eu-west-1"
    assert "Ireland" in form.endpoint.currentText()


def test_endpoint_is_chosen_by_arrows_and_by_a_click(qtbot: QtBot, desktop: Desktop, form: SessionForm) -> None:
    form.endpoint.showPopup()
    popup = form.endpoint.popup()
    assert popup is not None
    first = popup.view.currentIndex().row()
    QTest.keyClick(popup.search, Qt.Key.Key_Down)
    assert popup.view.currentIndex().row() == first + 1
    QTest.keyClick(popup.search, Qt.Key.Key_Escape)
    assert not popup.isVisible()
    assert profile_of(desktop).endpoint == EndpointChoice()
    form.endpoint.showPopup()
    popup.search.setText("eu-north-1")
    centre = popup.view.visualRect(popup.view.model().index(0, 1)).center()
    QTest.mouseClick(popup.view.viewport(), Qt.MouseButton.LeftButton, pos=centre)
    assert profile_of(desktop).endpoint.id == "eu-north-1"


def test_endpoint_list_says_what_it_knows(desktop: Desktop, form: SessionForm) -> None:
    form.endpoint.showPopup()
    popup = form.endpoint.popup()
    assert popup is not None
    model = popup.view.model()
    rows = {
        model.index(row, 3).data(): [model.index(row, column).data() for column in range(model.columnCount())]
        for row in range(model.rowCount())
    }
    tokyo = rows["sts.ap-northeast-1.amazonaws.com"]
    assert tokyo[1:3] == ["Tokyo", "ap-northeast-1"]
    assert tokyo[4:] == ["on by default", "can be switched off", "all regions"]
    assert rows["sts.us-east-1.amazonaws.com"][4:6] == ["on by default", "always on"]
    assert rows["sts.af-south-1.amazonaws.com"][4:6] == ["opt-in region", "follows its region"]
    global_one = rows["sts.amazonaws.com"]
    assert global_one[2:] == ["", "sts.amazonaws.com", "on by default", "always on", "regions on by default"]
    assert rows["sts-fips.us-west-2.amazonaws.com"][1] == "Oregon (FIPS)"
    titles = [model.headerData(column, Qt.Orientation.Horizontal) for column in range(model.columnCount())]
    assert len(set(titles)) == len(titles)


@pytest.mark.parametrize(
    ("address", "region"),
    [
        ("https://vpce-0a1b.sts.eu-west-1.vpce.amazonaws.com", "eu-west-1"),
        ("http://localhost:4566", "us-east-1"),
        ("https://sts.example.test:8443", "us-east-1"),
    ],
)
def test_own_address_is_taken(
    qtbot: QtBot, desktop: Desktop, form: SessionForm, hand: Hand, services: Services, address: str, region: str
) -> None:
    form.endpoint.showPopup()
    popup = form.endpoint.popup()
    assert popup is not None
    QTest.keyClicks(popup.search, address)
    QTest.keyClick(popup.search, Qt.Key.Key_Return)
    hand.settle(desktop)
    assert services.settings.load().profiles[0].endpoint == EndpointChoice("custom", address, region)
    assert address in form.endpoint.currentText()
    assert region in form.endpoint.currentText()


@pytest.mark.parametrize(
    "address",
    [
        "http://sts.example.test",
        "https://user:word@sts.example.test",
        "https://sts.example.test/path",
        "ftp://sts.example.test",
        "https://",
        "https://[::1",
        "no such place",
    ],
)
def test_unusable_address_is_refused_in_words(qtbot: QtBot, desktop: Desktop, form: SessionForm, address: str) -> None:
    form.endpoint.showPopup()
    popup = form.endpoint.popup()
    assert popup is not None
    QTest.keyClicks(popup.search, address)
    QTest.keyClick(popup.search, Qt.Key.Key_Return)
    assert popup.isVisible()
    assert "https://" in popup.explanation.text()
    assert profile_of(desktop).endpoint == EndpointChoice()
    popup.hide()


def test_endpoints_of_the_keys_partition_are_offered_and_those_of_others_found(
    open_desktop: Callable[..., Desktop], services: Services, add_profile: Callable[..., Profile]
) -> None:
    profile = add_profile("china", source=AwsProfileKey("bob"))
    identity = CallerIdentity("123456789012", "arn:aws-cn:iam::123456789012:user/bob", "AIDAEXAMPLE")
    services.state.update(lambda state: state.with_session(profile.id, SessionRecord(identity=identity)))
    form = open_desktop().window.panel.form
    form.endpoint.showPopup()
    popup = form.endpoint.popup()
    assert popup is not None
    model = popup.view.model()
    offered = {model.index(row, 2).data() for row in range(model.rowCount())}
    assert offered == {"us-east-1", "cn-north-1", "cn-northwest-1"}  # the one that is chosen is there, too
    for needle, expected in (
        ("beijing", "cn-north-1"),
        ("tokyo", "ap-northeast-1"),
        ("us-gov-west-1", "us-gov-west-1"),
    ):
        popup.search.setText(needle)
        assert [model.index(row, 2).data() for row in range(model.rowCount())] == [expected]
    popup.search.setText("no such place")
    assert model.rowCount() == 0
    popup.hide()
    regions = [form.working_region.itemData(row) for row in range(form.working_region.count())]
    assert sorted(regions) == ["", "cn-north-1", "cn-northwest-1"]


def test_places_are_in_the_readers_language(desktop: Desktop) -> None:
    i18n.install("ja")
    desktop.window.panel.refresh()
    assert "バージニア" in desktop.window.panel.form.endpoint.currentText()


@pytest.mark.parametrize("address", ["https://me:pw@example.com", "https://example.com/path", "http://example.com"])
def test_what_is_wrong_with_an_address_is_said(desktop: Desktop, form: SessionForm, address: str) -> None:
    form.endpoint.showPopup()
    popup = form.endpoint.popup()
    assert popup is not None
    popup.search.insert(address)
    assert "without a user, a path or a query" in popup.explanation.text()
    popup.search.clear()
    popup.search.insert("nowhere at all")
    assert popup.explanation.text().startswith("Nothing matches.")


def test_pasted_address_of_aws_is_the_endpoint_that_has_it(desktop: Desktop, form: SessionForm, hand: Hand) -> None:
    form.endpoint.showPopup()
    popup = form.endpoint.popup()
    assert popup is not None
    popup.search.insert("https://sts.ap-northeast-1.amazonaws.com/")
    QTest.keyClick(popup.search, Qt.Key.Key_Return)
    assert profile_of(desktop).endpoint == EndpointChoice("ap-northeast-1")


def test_key_of_another_partition_than_the_last_sessions_is_offered_its_own(
    desktop: Desktop, services: Services, hand: Hand
) -> None:
    hand.get_token(desktop)
    form, profile = desktop.window.panel.form, profile_of(desktop)
    assert form.partition(profile) == "aws"
    changed = replace(profile, mfa_serial="arn:aws-cn:iam::123456789012:mfa/phone")
    assert form.partition(changed) == "aws-cn"
    assert form.partition(replace(profile, working_region="cn-north-1")) == "aws-cn"


def open_list(form: SessionForm) -> EndpointPopup:
    form.endpoint.showPopup()
    popup = form.endpoint.popup()
    assert popup is not None
    return popup


def hosts(popup: EndpointPopup) -> list[str]:
    return [popup.model.index(row, 3).data() for row in range(popup.model.rowCount())]


@pytest.mark.parametrize(
    ("needle", "found"),
    [
        ("always on", {"sts.amazonaws.com", "sts.us-east-1.amazonaws.com", "sts-fips.us-east-1.amazonaws.com"}),
        ("opt-in zurich", {"sts.eu-central-2.amazonaws.com"}),
        ("オプトイン チューリッヒ", {"sts.eu-central-2.amazonaws.com"}),
        ("常に有効 fips", {"sts-fips.us-east-1.amazonaws.com"}),
        ("既定で有効なリージョン", {"sts.amazonaws.com"}),
    ],
)
def test_endpoint_is_found_by_what_it_is_in_either_language(
    desktop: Desktop, form: SessionForm, services: Services, needle: str, found: set[str]
) -> None:
    popup = open_list(form)
    form.endpoint.show_choice(EndpointChoice(), "aws", services.settings.load(), {})
    form.endpoint.showPopup()
    popup.search.setText(needle)
    assert set(hosts(popup)) == found


def test_favourites_stand_first_and_then_those_chosen_last(
    desktop: Desktop, form: SessionForm, hand: Hand, services: Services
) -> None:
    for region in ("eu-west-1", "sa-east-1", "eu-west-1"):
        popup = open_list(form)
        popup.search.setText(region)
        QTest.keyClick(popup.search, Qt.Key.Key_Return)
    popup = open_list(form)
    assert hosts(popup)[:3] == ["sts.eu-west-1.amazonaws.com", "sts.sa-east-1.amazonaws.com", "sts.amazonaws.com"]
    popup.search.setText("paris")
    QTest.keyClick(popup.search, Qt.Key.Key_D, Qt.KeyboardModifier.ControlModifier)
    assert popup.isVisible()
    popup.hide()
    hand.settle(desktop)
    saved = services.settings.load()
    assert saved.favourite_endpoints == (EndpointChoice("eu-west-3"),)
    assert saved.recent_endpoints == (EndpointChoice("eu-west-1"), EndpointChoice("sa-east-1"))
    popup = open_list(form)
    assert hosts(popup)[:2] == ["sts.eu-west-3.amazonaws.com", "sts.eu-west-1.amazonaws.com"]
    star = popup.model.index(0, 0)
    assert star.data() == "★"
    assert star.data(Qt.ItemDataRole.AccessibleTextRole) == "favourite"
    QTest.mouseClick(popup.view.viewport(), Qt.MouseButton.LeftButton, pos=popup.view.visualRect(star).center())
    assert popup.isVisible()
    assert star.data() == "☆"
    assert hosts(popup)[0] == "sts.eu-west-3.amazonaws.com"  # nothing moves under the pointer
    popup.hide()
    hand.settle(desktop)
    assert services.settings.load().favourite_endpoints == ()


def test_the_region_of_an_own_address_is_asked_for(
    desktop: Desktop, form: SessionForm, hand: Hand, services: Services
) -> None:
    popup = open_list(form)
    popup.search.setText("https://sts.example.test")
    assert popup.explanation.text() == "Choose the region that requests to this address are signed for."
    regions = [popup.model.index(row, 2).data() for row in range(popup.model.rowCount())]
    assert regions[0] == "us-east-1"
    assert len(regions) == len(set(regions)) >= 34
    popup.search.setText("https://sts.example.test tokyo")
    QTest.keyClick(popup.search, Qt.Key.Key_Return)
    hand.settle(desktop)
    chosen = EndpointChoice("custom", "https://sts.example.test", "ap-northeast-1")
    assert services.settings.load().profiles[0].endpoint == chosen
    popup = open_list(form)  # it can be chosen again
    assert hosts(popup)[0] == "sts.example.test"
    popup.hide()


def test_it_is_said_where_sts_is_switched_off_for_the_account(
    open_desktop: Callable[..., Desktop], services: Services, add_profile: Callable[..., Profile]
) -> None:
    profile = add_profile("work", "bob")
    now = services.now()
    services.state.update(lambda state: state.with_switched_off(profile.source, "eu-west-1", now))
    popup = open_list(open_desktop().window.panel.form)
    popup.search.setText("ireland")
    assert popup.model.index(0, 5).data() == "switched off for this account"
    assert f"{now.astimezone():%Y}" in popup.explanation.text()
    popup.search.setText("paris")
    assert popup.model.index(0, 5).data() == "can be switched off"
    popup.hide()


def test_an_endpoint_of_another_partition_stays_chosen_and_is_warned_of(
    open_desktop: Callable[..., Desktop], add_profile: Callable[..., Profile]
) -> None:
    arn = "arn:aws:iam::123456789012:mfa/phone"
    add_profile("work", "bob", endpoint=EndpointChoice("us-gov-west-1"), mfa_serial=arn)
    desktop = open_desktop()
    popup = open_list(desktop.window.panel.form)
    assert popup.model.index(popup.view.currentIndex().row(), 2).data() == "us-gov-west-1"
    assert "belongs to the partition aws" in popup.explanation.text()
    QTest.keyClick(popup.search, Qt.Key.Key_Return)
    assert profile_of(desktop).endpoint == EndpointChoice("us-gov-west-1")
    popup = open_list(desktop.window.panel.form)
    popup.search.setText("tokyo")
    assert "partition" not in popup.explanation.text()
    popup.hide()
