"""The other fields of the form: what is typed and chosen there, and what becomes of it."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from sts_desktop.core.profile import AwsProfileKey, Profile
from sts_desktop.core.services import Services
from sts_desktop.core.sts.client import Sts
from sts_desktop.ui.app import Desktop
from sts_desktop.ui.session_form import SessionForm
from tests.ui.hand import Hand, profile_of


@pytest.fixture
def form(desktop: Desktop) -> SessionForm:
    return desktop.window.panel.form


# Duration


@pytest.mark.parametrize(
    ("text", "seconds", "shown"),
    [
        ("90m", 5400, "90 min"),
        ("1d 12h", 129_600, "1 d 12 h"),
        ("3600", 3600, "1 h"),
        ("15 minutes", 900, "15 min"),
        ("１２時間", 43_200, "12 h"),
        ("1.5h", 5400, "90 min"),
    ],
)
def test_duration_is_typed_freely(
    desktop: Desktop, form: SessionForm, hand: Hand, services: Services, text: str, seconds: int, shown: str
) -> None:
    hand.retype(form.duration.combo.lineEdit(), text)
    hand.settle(desktop)
    assert form.duration.combo.currentText() == shown
    assert services.settings.load().profiles[0].duration_seconds == seconds


@pytest.mark.fault(5)
@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("soon", "Not a duration"),
        ("", "Not a duration"),
        ("12 x", "Not a duration"),
        ("0", "Duration out of range"),
        ("-1", "Not a duration"),
        ("899", "Duration out of range"),
        ("129601", "Duration out of range"),
        ("1000000000", "Duration out of range"),
        ("37h", "Duration out of range"),
    ],
)
def test_unusable_duration_is_told_and_nothing_is_sent(
    desktop: Desktop, form: SessionForm, hand: Hand, services: Services, text: str, title: str
) -> None:
    hand.retype(form.duration.combo.lineEdit(), text)
    note = desktop.window.panel.note
    assert title in hand.shown_text(note)
    assert "36 h" in hand.shown_text(note)
    assert desktop.window.focusWidget() is form.duration.combo
    hand.click(desktop.window.panel.actions_bar.primary)
    assert desktop.sessions.activity(profile_of(desktop).id) is None
    assert note.isVisible()
    hand.settle(desktop)
    assert services.settings.load().profiles[0].duration_seconds == 43_200
    hand.retype(form.duration.combo.lineEdit(), "1h")
    assert not note.isVisible()
    hand.settle(desktop)


def test_refused_duration_that_is_put_back_is_no_longer_told(desktop: Desktop, form: SessionForm, hand: Hand) -> None:
    hand.retype(form.duration.combo.lineEdit(), "soon")
    assert desktop.window.panel.note.isVisible()
    hand.retype(form.duration.combo.lineEdit(), "12h")  # what it was before
    assert not desktop.window.panel.note.isVisible()


def test_typed_duration_counts_without_leaving_the_field(
    qtbot: QtBot, desktop: Desktop, form: SessionForm, hand: Hand
) -> None:
    edit = form.duration.combo.lineEdit()
    assert edit is not None
    edit.selectAll()
    QTest.keyClicks(edit, "1h")
    hand.get_token(desktop)
    assert desktop.sessions.record(profile_of(desktop).id).requested_seconds == 3600


def test_preset_is_chosen_by_keys(
    qtbot: QtBot, desktop: Desktop, form: SessionForm, hand: Hand, services: Services
) -> None:
    combo = form.duration.combo
    combo.setFocus()
    presets = [combo.itemText(row) for row in range(combo.count())]
    assert presets == ["15 min", "1 h", "4 h", "8 h", "12 h", "1 d", "1 d 12 h", "AWS default"]
    QTest.keyClick(combo, Qt.Key.Key_Down)
    hand.settle(desktop)
    assert services.settings.load().profiles[0].duration_seconds == 86_400


@pytest.fixture
def sent_durations(monkeypatch: pytest.MonkeyPatch) -> list[int | None]:
    """The duration of each request for a session; None where none is sent."""
    sent: list[int | None] = []
    ask = Sts.get_session_token

    def note_and_ask(sts: Sts, endpoint: Any, key: Any, seconds: int | None, *arguments: Any, **options: Any) -> Any:
        sent.append(seconds)
        return ask(sts, endpoint, key, seconds, *arguments, **options)

    monkeypatch.setattr(Sts, "get_session_token", note_and_ask)
    return sent


@pytest.mark.parametrize("text", ["AWS default", "default", "aws DEFAULT"])
def test_duration_left_to_aws_is_typed(
    desktop: Desktop, form: SessionForm, hand: Hand, services: Services, text: str
) -> None:
    hand.retype(form.duration.combo.lineEdit(), text)
    hand.settle(desktop)
    assert services.settings.load().profiles[0].duration_seconds is None
    assert form.duration.combo.currentText() == "AWS default"
    assert form.duration.ends.text() == "12 h; 1 h for root"
    assert not desktop.window.panel.note.isVisible()


def test_duration_left_to_aws_is_picked_and_none_is_sent(
    desktop: Desktop, form: SessionForm, hand: Hand, services: Services, sent_durations: list[int | None]
) -> None:
    combo = form.duration.combo
    combo.setFocus()
    for _step in range(combo.findText("AWS default") - combo.currentIndex()):
        QTest.keyClick(combo, Qt.Key.Key_Down)
    hand.settle(desktop)
    assert services.settings.load().profiles[0].duration_seconds is None
    hand.get_token(desktop)
    assert sent_durations == [None]
    record = desktop.sessions.record(profile_of(desktop).id)
    assert record.requested_seconds == 0
    assert record.expiration is not None
    assert abs(record.expiration - desktop.sessions.now() - timedelta(hours=12)) < timedelta(minutes=1)


def test_duration_left_to_aws_can_be_taken_back(
    desktop: Desktop, form: SessionForm, hand: Hand, sent_durations: list[int | None]
) -> None:
    hand.retype(form.duration.combo.lineEdit(), "AWS default")
    hand.retype(form.duration.combo.lineEdit(), "1h")
    hand.settle(desktop)
    assert form.duration.ends.text().startswith("would expire at")
    hand.get_token(desktop)
    assert sent_durations == [3600]


def test_end_of_the_session_is_shown_in_local_time(
    qtbot: QtBot, desktop: Desktop, form: SessionForm, clock: Any, hand: Hand
) -> None:
    hand.retype(form.duration.combo.lineEdit(), "1h")
    first = form.duration.ends.text()
    assert clock.now().astimezone().strftime("%Y") not in first
    hand.retype(form.duration.combo.lineEdit(), "2h")
    assert form.duration.ends.text() != first
    hand.settle(desktop)


# The other fields


def test_choosing_an_aws_profile_fills_in_what_it_says(
    qtbot: QtBot,
    open_desktop: Callable[..., Desktop],
    write_aws_files: Callable[..., None],
    add_profile: Callable[..., Profile],
    hand: Hand,
    services: Services,
) -> None:
    write_aws_files("alice", "bob", config="[profile bob]\nregion = eu-west-1\nduration_seconds = 1800\n")
    add_profile("work", source=None)
    desktop = open_desktop()
    field = desktop.window.panel.form.access_key
    row = next(row for row in range(field.count()) if field.itemText(row).startswith("bob"))
    field.setFocus()
    while field.currentIndex() != row:
        before = field.currentIndex()
        QTest.keyClick(field, Qt.Key.Key_Down)
        assert field.currentIndex() != before
    hand.settle(desktop)
    saved = services.settings.load().profiles[0]
    assert saved.source == AwsProfileKey("bob")
    assert saved.working_region == "eu-west-1"
    assert saved.duration_seconds == 1800


def test_what_the_person_chose_is_not_overwritten(
    open_desktop: Callable[..., Desktop],
    write_aws_files: Callable[..., None],
    add_profile: Callable[..., Profile],
    hand: Hand,
    services: Services,
) -> None:
    write_aws_files(
        "bob", config="[profile bob]\nregion = eu-west-1\nduration_seconds = 1800\nmfa_serial = GAHT99999999\n"
    )
    add_profile("work", source=None, working_region="us-west-2", duration_seconds=7200, mfa_serial="GAHT12345678")
    desktop = open_desktop()
    field = desktop.window.panel.form.access_key
    field.activated.emit(next(row for row in range(field.count()) if field.itemText(row).startswith("bob")))
    hand.settle(desktop)
    saved = services.settings.load().profiles[0]
    assert (saved.working_region, saved.duration_seconds, saved.mfa_serial) == ("us-west-2", 7200, "GAHT12345678")


def test_another_aws_profile_brings_its_own_values(
    open_desktop: Callable[..., Desktop],
    write_aws_files: Callable[..., None],
    add_profile: Callable[..., Profile],
    hand: Hand,
    services: Services,
) -> None:
    write_aws_files("alice", "bob", config="[profile bob]\nregion = us-west-2\n")  # alice's device is written too
    add_profile("work", source=None)
    desktop = open_desktop()
    field = desktop.window.panel.form.access_key
    for name in ("alice", "bob"):
        hand.settle(desktop)  # the files are read by then
        field.activated.emit(next(row for row in range(field.count()) if field.itemText(row).startswith(name)))
    hand.settle(desktop)
    saved = services.settings.load().profiles[0]
    assert (saved.working_region, saved.endpoint.id, saved.mfa_serial) == ("us-west-2", "us-west-2", "")


def test_key_of_a_vanished_aws_profile_is_still_shown(
    open_desktop: Callable[..., Desktop], add_profile: Callable[..., Profile]
) -> None:
    add_profile("work", source=AwsProfileKey("gone"))
    text = open_desktop().window.panel.form.access_key.currentText()
    assert "gone" in text
    assert "without an access key" in text


def test_mfa_devices_of_the_aws_files_are_offered(
    open_desktop: Callable[..., Desktop], write_aws_files: Callable[..., None], add_profile: Callable[..., Profile]
) -> None:
    write_aws_files("alice", "bob")
    add_profile("work")
    field = open_desktop().window.panel.form.mfa_serial
    assert [field.itemText(row) for row in range(field.count())] == ["arn:aws:iam::123456789012:mfa/alice-phone"]
    assert field.currentText() == ""


def test_working_region_is_chosen_and_written(
    qtbot: QtBot, desktop: Desktop, form: SessionForm, hand: Hand, services: Services
) -> None:
    field = form.working_region
    field.setFocus()
    QTest.keyClicks(field, "eu-west-1")
    hand.settle(desktop)
    assert field.currentData() == "eu-west-1"
    assert services.settings.load().profiles[0].working_region == "eu-west-1"


def test_code_is_forgotten_when_another_profile_is_shown(
    qtbot: QtBot,
    open_desktop: Callable[..., Desktop],
    write_aws_files: Callable[..., None],
    add_profile: Callable[..., Profile],
) -> None:
    write_aws_files("alice")
    add_profile("first", "alice")
    second = add_profile("second", "alice")
    desktop = open_desktop()
    form = desktop.window.panel.form
    QTest.keyClicks(form.token_code, "123456")
    desktop.window.list.select(second.id)
    assert form.token_code.text() == ""


def test_markup_in_an_mfa_serial_is_shown_as_it_is(
    qtbot: QtBot, desktop: Desktop, form: SessionForm, hand: Hand
) -> None:
    hand.retype(form.mfa_serial.lineEdit(), "<img src=x>")
    hand.settle(desktop)
    assert form.mfa_serial.currentText() == "<img src=x>"
    assert "<" not in form.mfa_serial.toolTip()


@pytest.mark.parametrize("field", ["duration", "working_region", "access_key"])
def test_scrolling_the_form_changes_no_value(
    qtbot: QtBot, desktop: Desktop, form: SessionForm, hand: Hand, field: str
) -> None:
    combo = form.duration.combo if field == "duration" else getattr(form, field)
    before = profile_of(desktop)
    desktop.window.list.setFocus()
    centre = QPointF(combo.rect().center())
    turn = QWheelEvent(
        centre,
        QPointF(combo.mapToGlobal(centre.toPoint())),
        QPoint(0, 0),
        QPoint(0, -120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(combo, turn)
    hand.settle(desktop)
    assert profile_of(desktop) == before


def test_neither_the_line_nor_the_offer_below_the_keys_is_ever_the_key_in_use(
    open_desktop: Callable[..., Desktop], write_aws_files: Callable[..., None], add_profile: Callable[..., Profile]
) -> None:
    write_aws_files("bob")
    add_profile("work", source=None)
    desktop = open_desktop()
    field = desktop.window.panel.form.access_key
    assert field.currentIndex() == -1
    desktop.window.panel.enter_key_requested.disconnect()  # not to open a dialog
    last = field.count() - 1
    field.setCurrentIndex(last)
    field.activated.emit(last)
    assert field.itemText(last) == "Enter an access key…"
    assert field.currentIndex() == -1


def test_key_in_use_stays_while_another_is_entered(desktop: Desktop, form: SessionForm) -> None:
    field = form.access_key
    desktop.window.panel.enter_key_requested.disconnect()
    field.setCurrentIndex(field.count() - 1)
    field.activated.emit(field.count() - 1)
    assert field.currentText().startswith("bob")


def test_refused_duration_promises_no_end_and_goes_with_its_text(
    qtbot: QtBot, desktop: Desktop, form: SessionForm, hand: Hand
) -> None:
    first = profile_of(desktop)
    hand.retype(form.duration.combo.lineEdit(), "forever")
    assert desktop.window.panel.note.isVisible()
    assert form.duration.ends.text() == ""
    desktop.window.list.select(desktop.profiles.create("other").id)
    desktop.window.list.select(first.id)
    assert not desktop.window.panel.note.isVisible()
    assert "would expire" in form.duration.ends.text()
    hand.settle(desktop)
