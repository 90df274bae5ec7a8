"""The strip above the demo's window: what it shows of the MFA device, and what its switches do."""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from sts_desktop.demo.control import Faults
from sts_desktop.demo.directory import Directory
from sts_desktop.demo.embedded_sts import EmbeddedSts
from sts_desktop.demo.strip import CLOCK_MINUTES, SLOW_SECONDS, DemoStrip

PATIENCE_MS = 15_000


@pytest.fixture
def typed() -> list[str]:
    """The codes that the strip typed."""
    return []


@pytest.fixture
def strip(qtbot: QtBot, sts: EmbeddedSts, typed: list[str]) -> Iterator[DemoStrip]:
    strip = DemoStrip(sts, typed.append)
    strip.show()
    yield strip
    strip.close()
    strip.deleteLater()


@pytest.fixture
def device(directory: Directory) -> str:
    mfa = directory.user("alice").mfa
    assert mfa is not None
    return mfa.serial


def test_shows_the_code_in_two_groups_with_its_time(
    strip: DemoStrip, directory: Directory, device: str, moments: list[datetime]
) -> None:
    code = directory.current_code(device)
    assert f"{code[:3]} {code[3:]}" in strip.code.text()
    assert "alice-phone" in strip.code.text()
    assert f"{directory.seconds_left()} second" in strip.code.text()


def test_shows_the_code_of_the_device_that_is_chosen(qtbot: QtBot, sts: EmbeddedSts, typed: list[str]) -> None:
    chosen = ["GAHT87654321"]
    strip = DemoStrip(sts, typed.append, lambda: chosen[0])
    assert "GAHT87654321" in strip.code.text()
    chosen[0] = "arn:aws:iam::123456789012:mfa/somebody-elses"
    qtbot.waitUntil(lambda: "alice-phone" in strip.code.text(), timeout=PATIENCE_MS)
    strip.deleteLater()


def test_shows_the_next_code_when_it_comes(
    qtbot: QtBot, strip: DemoStrip, directory: Directory, device: str, advance: Callable[[float], None]
) -> None:
    before = strip.code.text()
    advance(30)
    code = directory.current_code(device)
    qtbot.waitUntil(lambda: f"{code[:3]} {code[3:]}" in strip.code.text(), timeout=PATIENCE_MS)
    assert strip.code.text() != before


def test_used_code_is_called_used(qtbot: QtBot, strip: DemoStrip, directory: Directory, device: str) -> None:
    assert "used" not in strip.code.text()
    assert directory.use_code(device, directory.current_code(device))
    qtbot.waitUntil(lambda: "used" in strip.code.text(), timeout=PATIENCE_MS)


def test_types_the_code(qtbot: QtBot, strip: DemoStrip, directory: Directory, device: str, typed: list[str]) -> None:
    QTest.mouseClick(strip.type_it, Qt.MouseButton.LeftButton)
    assert typed == [directory.current_code(device)]


@pytest.mark.parametrize(
    ("name", "faults"),
    [
        ("slow", Faults(delay_seconds=SLOW_SECONDS)),
        ("silent", Faults(silent=True)),
        ("wrong_clock", Faults(clock_offset_seconds=CLOCK_MINUTES * 60)),
        ("throttled", Faults(throttled=True)),
    ],
)
def test_switch_sets_its_fault_and_takes_it_back(
    qtbot: QtBot, strip: DemoStrip, sts: EmbeddedSts, name: str, faults: Faults
) -> None:
    switch: Any = getattr(strip, name)
    switch.click()
    assert sts.control.faults == faults
    switch.click()
    assert sts.control.faults == Faults()


def test_switches_add_up(strip: DemoStrip, sts: EmbeddedSts) -> None:
    strip.slow.click()
    strip.throttled.click()
    assert sts.control.faults == Faults(delay_seconds=SLOW_SECONDS, throttled=True)


def test_wrong_clock_is_wrong_enough_for_aws(strip: DemoStrip) -> None:
    assert CLOCK_MINUTES > 15


def test_every_switch_says_what_it_does(strip: DemoStrip) -> None:
    texts = [strip.slow.text(), strip.silent.text(), strip.wrong_clock.text(), strip.throttled.text()]
    assert all(texts)
    assert len(set(texts)) == 4
    QApplication.processEvents()
