"""Where there is a screen for a window, and where not."""

import sys

import pytest

from sts_desktop.ui.application import display_problem


@pytest.mark.parametrize(
    ("environment", "is_usable"),
    [
        ({}, False),
        ({"DISPLAY": ""}, False),
        ({"DISPLAY": ":0"}, True),
        ({"WAYLAND_DISPLAY": "wayland-0"}, True),
        ({"QT_QPA_PLATFORM": "offscreen"}, True),
        ({"QT_QPA_PLATFORM": "xcb"}, False),
        ({"QT_QPA_PLATFORM": "xcb", "WAYLAND_DISPLAY": "wayland-0"}, False),
        ({"QT_QPA_PLATFORM": "wayland;xcb", "DISPLAY": ":0"}, True),
        ({"QT_QPA_PLATFORM": "offscreen:size=800x600"}, True),
    ],
)
def test_display_problem(monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], is_usable: bool) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    problem = display_problem(environment)
    assert (problem == "") == is_usable
    assert "\n" not in problem


@pytest.mark.parametrize("platform", ["win32", "darwin"])
def test_other_systems_have_a_display(monkeypatch: pytest.MonkeyPatch, platform: str) -> None:
    monkeypatch.setattr(sys, "platform", platform)
    assert display_problem({}) == ""
