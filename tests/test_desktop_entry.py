"""The desktop entry, the metainfo and the icons that `make install` gives to a Linux desktop."""

import configparser
import re
import subprocess
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import desktop_files
import pytest
from PySide6.QtSvg import QSvgRenderer

from sts_desktop.ui.application import APPLICATION_ID
from tests.waiting import wait_until

LINUX = Path(__file__).parent.parent / "packaging" / "linux"
PROGRAM = Path("/home/alice/.local/bin/sts-desktop")

ODD_PLACES = ["/home/a b/bin", "/home/日本/bin", "/a'b\"c/bin", "/a$b`c/bin", "/a\\b/bin"]


def entry(program: Path = PROGRAM) -> str:
    return desktop_files.desktop_files(program)[f"applications/{APPLICATION_ID}.desktop"].decode()


def fields(text: str) -> configparser.SectionProxy:
    parser = configparser.RawConfigParser(strict=True, interpolation=None)
    parser.optionxform = str  # type: ignore[assignment,method-assign]  # as typeshed's own documentation of it does
    parser.read_string(text)
    return parser["Desktop Entry"]


@pytest.mark.desktop("desktop-file-validate")
@pytest.mark.parametrize("directory", [str(PROGRAM.parent), *ODD_PLACES])
def test_the_installed_entry_is_valid(tmp_path: Path, directory: str) -> None:
    path = tmp_path / f"{APPLICATION_ID}.desktop"
    path.write_text(entry(Path(directory) / "sts-desktop"), encoding="utf-8")

    result = subprocess.run(["desktop-file-validate", path], capture_output=True, text=True)

    assert (result.returncode, result.stdout + result.stderr) == (0, "")


@pytest.mark.desktop("appstreamcli")
def test_the_metainfo_is_valid() -> None:
    command = ["appstreamcli", "validate", "--no-net", "--pedantic", "--no-color"]
    result = subprocess.run([*command, LINUX / f"{APPLICATION_ID}.metainfo.xml"], capture_output=True, text=True)

    remarks = re.findall(r"^[EWIP]: .*: (\S+)$", result.stdout, re.MULTILINE)
    assert result.returncode == 0, result.stdout
    assert set(remarks) <= {"releases-info-missing"}  # there has been no release


@pytest.mark.desktop("gio")
@pytest.mark.parametrize("directory", ODD_PLACES)
def test_a_desktop_starts_the_program_wherever_it_is(tmp_path: Path, directory: str) -> None:
    program = tmp_path / directory[1:] / "sts-desktop"
    program.parent.mkdir(parents=True)
    program.write_text('#!/bin/sh\necho started > "$0.seen"\n', encoding="utf-8")
    program.chmod(0o755)
    path = tmp_path / f"{APPLICATION_ID}.desktop"
    path.write_text(entry(program), encoding="utf-8")

    subprocess.run(["gio", "launch", path], check=True, capture_output=True, timeout=20)

    wait_until(program.with_name("sts-desktop.seen").exists, "the program")


def test_everything_has_the_one_id() -> None:
    assert desktop_files.APPLICATION_ID == APPLICATION_ID
    assert fields(entry())["Icon"] == APPLICATION_ID
    root = ElementTree.parse(LINUX / f"{APPLICATION_ID}.metainfo.xml").getroot()
    assert (root.findtext("id"), root.findtext("launchable")) == (APPLICATION_ID, f"{APPLICATION_ID}.desktop")
    assert all(Path(name).name.startswith(APPLICATION_ID) for name in desktop_files.desktop_files(PROGRAM))


def test_the_entry_names_the_program_by_its_whole_path() -> None:
    values = fields(entry())

    assert (values["Exec"], values["TryExec"]) == (f'"{PROGRAM}"', str(PROGRAM))


def test_every_text_is_there_in_japanese_too() -> None:
    values = fields(entry())
    for key in ("GenericName", "Comment", "Keywords"):
        assert re.search("[ぁ-ん一-龯ァ-ン]", values[f"{key}[ja]"])
    root = ElementTree.parse(LINUX / f"{APPLICATION_ID}.metainfo.xml").getroot()
    language = "{http://www.w3.org/XML/1998/namespace}lang"
    for tag in ("summary", "p", "li"):
        found = [element.get(language) for element in root.iter(tag)]
        assert found == [None, "ja"] * (len(found) // 2)


@pytest.mark.parametrize("folder", ["scalable", "symbolic"])
def test_the_icons_can_be_drawn(qapp: object, folder: str) -> None:
    (icon,) = (
        text
        for name, text in desktop_files.desktop_files(PROGRAM).items()
        if name.startswith(f"icons/hicolor/{folder}")
    )

    assert QSvgRenderer(icon).isValid()
    assert folder == "scalable" or b"stroke" not in icon.split(b"-->")[1]  # GTK fills every path of a symbolic icon
