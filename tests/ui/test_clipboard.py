"""A secret on the clipboard is marked, leaves after a while, and nothing else is taken off with it."""

import sys
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from PySide6.QtCore import QMimeData
from PySide6.QtGui import QClipboard, QGuiApplication, QImage
from pytestqt.qtbot import QtBot

from sts_desktop.core.clock import utc_now
from sts_desktop.ui import clipboard as clipboard_module
from sts_desktop.ui.clipboard import SecretClipboard

PATIENCE_MS = 15_000
SECRET = "export AWS_SESSION_TOKEN='not/a/real/one'\n"


@pytest.fixture
def moments() -> list[datetime]:
    """The current moment, as the only element."""
    return [utc_now()]


@pytest.fixture
def secrets(qtbot: QtBot, moments: list[datetime], monkeypatch: pytest.MonkeyPatch) -> Iterator[SecretClipboard]:
    """The clipboard under test; its seconds pass in 10 ms, its clock moves when a test says so."""
    monkeypatch.setattr(clipboard_module, "SECOND_MS", 10)
    monkeypatch.setattr(clipboard_module, "SETTLE_MS", 10)
    secrets = SecretClipboard(now=lambda: moments[0])
    yield secrets
    secrets.deleteLater()


@pytest.fixture
def system(qtbot: QtBot) -> QClipboard:
    return QGuiApplication.clipboard()


def formats(data: QMimeData | None) -> list[str]:
    return data.formats() if data is not None else []


def test_secret_is_on_the_clipboard_and_marked(secrets: SecretClipboard, system: QClipboard) -> None:
    secrets.copy_secret(SECRET)
    assert system.text() == SECRET
    assert secrets.seconds_left() == 30
    if sys.platform == "linux":
        data = system.mimeData()
        assert data is not None
        assert data.data("x-kde-passwordManagerHint").data() == b"secret"


def test_what_is_no_secret_takes_its_place_and_stays(secrets: SecretClipboard, system: QClipboard) -> None:
    secrets.copy_secret(SECRET)
    secrets.copy_plain("aws s3 ls")
    assert secrets.seconds_left() == 0
    secrets.clear()
    secrets.clear_before_exit()
    assert system.text() == "aws s3 ls"
    assert "x-kde-passwordManagerHint" not in formats(system.mimeData())


def test_is_cleared_of_what_belongs_to_one_owner_only(secrets: SecretClipboard, system: QClipboard) -> None:
    secrets.copy_secret(SECRET, "a1")
    secrets.clear_of("b2")
    assert system.text() == SECRET
    secrets.clear_of("a1")
    assert system.text() == ""
    assert secrets.seconds_left() == 0


def test_counts_down_and_clears_at_the_end(
    qtbot: QtBot, secrets: SecretClipboard, system: QClipboard, moments: list[datetime]
) -> None:
    secrets.copy_secret(SECRET)
    moments[0] += timedelta(seconds=29)
    with qtbot.waitSignal(secrets.changed, timeout=PATIENCE_MS):
        pass
    assert secrets.seconds_left() == 1
    assert system.text() == SECRET
    moments[0] += timedelta(seconds=1)
    qtbot.waitUntil(lambda: system.text() == "", timeout=PATIENCE_MS)
    assert secrets.seconds_left() == 0


@pytest.mark.fault(11)
def test_clears_after_a_suspend(
    qtbot: QtBot, secrets: SecretClipboard, system: QClipboard, moments: list[datetime]
) -> None:
    secrets.copy_secret(SECRET)
    moments[0] += timedelta(hours=10)
    assert secrets.seconds_left() == 0
    qtbot.waitUntil(lambda: system.text() == "", timeout=PATIENCE_MS)


@pytest.mark.fault(45)
def test_what_was_copied_since_stays(
    qtbot: QtBot, secrets: SecretClipboard, system: QClipboard, moments: list[datetime]
) -> None:
    secrets.copy_secret(SECRET)
    system.setText("the person's own")
    qtbot.waitUntil(lambda: secrets.seconds_left() == 0, timeout=PATIENCE_MS)
    moments[0] += timedelta(seconds=60)
    secrets.clear()
    secrets.clear_before_exit()
    assert system.text() == "the person's own"


@pytest.mark.fault(45)
def test_what_was_copied_within_the_last_second_stays(secrets: SecretClipboard, system: QClipboard) -> None:
    secrets.copy_secret(SECRET)
    system.setText("the person's own")
    secrets.clear()
    assert system.text() == "the person's own"
    assert secrets.seconds_left() == 0


@pytest.mark.fault(45)
@pytest.mark.parametrize("secret_before", [True, False])
def test_copied_picture_outlives_the_program(secrets: SecretClipboard, system: QClipboard, secret_before: bool) -> None:
    if secret_before:
        secrets.copy_secret(SECRET)
    picture = QImage(2, 2, QImage.Format.Format_RGB32)
    picture.fill(0)
    data = QMimeData()
    data.setImageData(picture)
    system.setMimeData(data)
    secrets.clear_before_exit()
    left = system.mimeData()
    assert left is not None
    assert left.hasImage()


def test_second_copy_starts_the_time_anew(
    secrets: SecretClipboard, system: QClipboard, moments: list[datetime]
) -> None:
    secrets.copy_secret(SECRET)
    moments[0] += timedelta(seconds=20)
    secrets.copy_secret("another secret")
    assert secrets.seconds_left() == 30
    assert system.text() == "another secret"


def test_cleared_on_request(qtbot: QtBot, secrets: SecretClipboard, system: QClipboard) -> None:
    secrets.copy_secret(SECRET)
    with qtbot.waitSignal(secrets.changed, timeout=PATIENCE_MS):
        secrets.clear()
    assert system.text() == ""
    assert secrets.seconds_left() == 0


def test_cleared_at_the_end_of_the_program(secrets: SecretClipboard, system: QClipboard) -> None:
    secrets.copy_secret(SECRET)
    secrets.clear_before_exit()
    assert formats(system.mimeData()) == []


def test_the_secret_itself_is_not_kept(secrets: SecretClipboard) -> None:
    secrets.copy_secret(SECRET)
    assert SECRET not in repr(vars(secrets))


@pytest.mark.fault(11)
def test_clears_in_time_though_the_clock_is_set_back(
    qtbot: QtBot,
    secrets: SecretClipboard,
    system: QClipboard,
    moments: list[datetime],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(clipboard_module, "CLEAR_AFTER", timedelta(seconds=0.7))
    secrets.copy_secret(SECRET)
    moments[0] -= timedelta(hours=10)
    assert secrets.seconds_left() == 1
    assert system.text() == SECRET
    qtbot.waitUntil(lambda: system.text() == "", timeout=PATIENCE_MS)
    assert secrets.seconds_left() == 0
