"""What conftest.py promises, seen from outside: a suite of its own runs below a copy of it."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent

SUITE = """
import logging, os, socket
from pathlib import Path
import pytest
from sts_desktop.core import i18n

def test_home_is_empty():
    assert list(Path.home().iterdir()) == []
    (Path.home() / "left").touch()

def test_home_is_empty_again():
    assert list(Path.home().iterdir()) == []

def test_the_environment_is_clean():
    assert {name for name in os.environ if name.startswith("AWS_")} == {"AWS_EC2_METADATA_DISABLED"}
    assert "https_proxy" not in os.environ and "PYTHON_KEYRING_BACKEND" not in os.environ
    assert os.stat(os.environ["XDG_RUNTIME_DIR"]).st_mode & 0o777 == 0o700

def test_the_loopback_interface_is_reached():
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname()):
        pass

def test_an_invalid_name_is_unknown():
    with pytest.raises(socket.gaierror):
        socket.create_connection(("sts.invalid", 443))

def test_fails_when_an_address_is_tried():
    with pytest.raises(OSError):
        socket.create_connection(("192.0.2.1", 443))

def test_fails_when_a_name_is_tried():
    with pytest.raises(OSError):
        socket.create_connection(("sts.amazonaws.com", 443))

def test_fails_when_a_datagram_is_sent():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender, pytest.raises(OSError):
        sender.sendto(b"x", ("192.0.2.1", 53))

def test_fails_for_a_warning():
    logging.getLogger("sts_desktop.core").warning("something is wrong")

@pytest.mark.expects_warnings
def test_expects_its_warning():
    logging.getLogger("sts_desktop.core").warning("something is wrong")

def test_changes_the_language():
    i18n.install("ja")

def test_reads_english_again():
    assert i18n.current_language() == "en"

def test_shows_a_window(qtbot):
    from PySide6.QtWidgets import QApplication, QWidget
    window = QWidget()
    qtbot.addWidget(window)
    window.show()
    QApplication.clipboard().setText("left")

def test_finds_an_empty_clipboard(qapp):
    assert (qapp.platformName(), qapp.clipboard().text()) == ("offscreen", "")

def test_fails_for_a_window_left(qapp):
    from PySide6.QtWidgets import QWidget
    qapp.left = QWidget()

@pytest.mark.desktop("no-such-program")
def test_fails_in_ci_for_a_missing_program():
    pass

@pytest.mark.desktop
def test_fails_in_ci_for_a_skip():
    pytest.skip("not today")
"""

HOSTILE = {
    "AWS_PROFILE": "ghost",
    "https_proxy": "http://192.0.2.1:1",
    "PYTHON_KEYRING_BACKEND": "x",
    "QT_QPA_PLATFORM": "xcb",
}


def outcomes(directory: Path, monkeypatch: pytest.MonkeyPatch, **environment: str) -> dict[str, set[str]]:
    """Run SUITE and return the outcomes of each test: a test that passes can still err when it is taken down."""
    for name, value in (HOSTILE | environment).items():
        monkeypatch.setenv(name, value)
    (directory / "tests").mkdir()
    shutil.copy(ROOT / "pyproject.toml", directory)
    shutil.copy(ROOT / "tests" / "conftest.py", directory / "tests")
    for plugin in ("private_bus", "scripted_server"):
        shutil.copy(ROOT / "tests" / f"{plugin}.py", directory / "tests")
    (directory / "tests" / "test_suite.py").write_text(SUITE, encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-v", "--tb=no"]
    result = subprocess.run(command, cwd=directory, capture_output=True, text=True, check=False)
    found: dict[str, set[str]] = {}
    for name, outcome in re.findall(r"::(\w+) ([A-Z]+) .*\[", result.stdout):
        found.setdefault(name, set()).add(outcome)
    assert found, result.stdout + result.stderr
    return found


def test_what_is_not_allowed_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = outcomes(tmp_path, monkeypatch, CI="true")

    failing = {name for name, results in found.items() if results & {"FAILED", "ERROR"}}
    assert failing == {name for name in found if name.startswith("test_fails_")}
    assert len(found) == SUITE.count("def test_")


def test_a_desktop_test_may_skip_elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = outcomes(tmp_path, monkeypatch, CI="")

    assert {name for name, results in found.items() if results == {"SKIPPED"}} == {
        name for name in found if name.startswith("test_fails_in_ci_")
    }
