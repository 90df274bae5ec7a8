"""`make install` and `make uninstall`, into prefixes of our own.

Only the first test makes a real environment, and borrows its packages; the others are about what stands around it.
"""

import os
import subprocess
import sys
import sysconfig
import tomllib
import venv
from pathlib import Path

import pytest

import sts_desktop
from tests.waiting import wait_until

pytestmark = pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="for a Linux desktop")

if sys.platform == "win32":  # there is no fcntl
    pytest.skip("for a Linux desktop", allow_module_level=True)

import environment  # noqa: E402
import install as installation  # noqa: E402

ROOT = Path(__file__).parent.parent
PROGRAM = Path("bin/sts-desktop")


def make_borrowing(directory: Path) -> None:
    """Make the environment as a person gets it, but for its packages: those of this Python are put on its path."""
    venv.create(directory, symlinks=True)
    site_packages = Path(sysconfig.get_path("purelib", "venv", {"base": str(directory), "platbase": str(directory)}))
    (site_packages / "borrowed.pth").write_text(f"{sysconfig.get_path('purelib')}\n", encoding="utf-8")
    environment.install_project(directory / "bin" / "python", pip_of=Path(sys.executable))


def make_stub(directory: Path) -> None:
    (directory / "bin").mkdir(parents=True)
    (directory / "bin" / "python").symlink_to(sys.executable)
    for name in installation.PROGRAMS:
        (directory / "bin" / name).write_text(f"#!{directory}/bin/python\nprint({directory.name!r})\n")
        (directory / "bin" / name).chmod(0o755)


def fail(directory: Path) -> None:
    make_stub(directory)
    raise KeyboardInterrupt


def tree(directory: Path) -> set[str]:
    return {path.relative_to(directory).as_posix() for path in directory.rglob("*")}


def said(program: Path) -> str:
    return subprocess.run([program], capture_output=True, text=True, check=True).stdout.strip()


@pytest.fixture
def prefix(tmp_path: Path) -> Path:
    return tmp_path / "prefix"


def test_the_installed_program_runs(prefix: Path) -> None:
    installation.install(prefix, make_borrowing)

    shown = subprocess.run([prefix / PROGRAM, "--version"], capture_output=True, text=True, check=True, cwd="/")
    assert shown.stdout.split()[-1] == sts_desktop.__version__
    where = "import sts_desktop; print(sts_desktop.__file__)"
    python = prefix / "share/sts-desktop/current/bin/python"
    placed = subprocess.run([python, "-P", "-c", where], capture_output=True, text=True, check=True, cwd="/")
    assert Path(placed.stdout.strip()).is_relative_to(prefix)


def test_nothing_is_left_of_what_was_installed(prefix: Path, tmp_path: Path) -> None:
    installation.install(prefix, make_stub)
    installation.install(prefix, make_stub)
    assert installation.uninstall(prefix)

    assert tree(tmp_path) == set()
    assert not installation.uninstall(prefix)


def test_what_was_there_before_stays(prefix: Path) -> None:
    (prefix / "bin").mkdir(parents=True)
    (prefix / "share/applications").mkdir(parents=True)
    (prefix / "share/applications/other.desktop").write_text("")
    before = tree(prefix)
    installation.install(prefix, make_stub)
    (prefix / "share/metainfo/other.xml").write_text("")
    installation.uninstall(prefix)

    assert tree(prefix) == before | {"share/metainfo", "share/metainfo/other.xml"}


def test_an_upgrade_keeps_the_path_and_replaces_the_environment(prefix: Path) -> None:
    installation.install(prefix, make_stub)
    first = said(prefix / PROGRAM)
    link = (prefix / PROGRAM).readlink()
    installation.install(prefix, make_stub)

    assert (prefix / PROGRAM).readlink() == link
    assert said(prefix / PROGRAM) != first
    assert len(list((prefix / "share/sts-desktop").glob("environment-*"))) == 1


def test_an_upgrade_removes_what_only_the_old_version_had(prefix: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = vars(installation)["desktop_files"]
    with monkeypatch.context() as older:
        older.setattr(installation, "desktop_files", lambda program: {**files(program), "doc/sts-desktop/old": b""})
        installation.install(prefix, make_stub)
    assert (prefix / "share/doc/sts-desktop/old").exists()
    installation.install(prefix, make_stub)

    assert not (prefix / "share/doc/sts-desktop/old").exists()
    installation.uninstall(prefix)
    assert not prefix.exists()


def test_an_interrupted_upgrade_leaves_the_old_program(prefix: Path) -> None:
    installation.install(prefix, make_stub)
    before = tree(prefix)
    with pytest.raises(KeyboardInterrupt):
        installation.install(prefix, fail)

    assert tree(prefix) == before
    assert said(prefix / PROGRAM) == "environment-1"


@pytest.mark.parametrize("repeat", [True, False])
def test_an_installation_cut_off_half_way_is_finished_or_removed(prefix: Path, repeat: bool) -> None:
    """As after `kill -9` while the packages were installed: nothing was cleaned up."""
    installation.install(prefix, make_stub)
    (prefix / "share/sts-desktop/environment-2/bin").mkdir(parents=True)
    (prefix / "share/sts-desktop/current").unlink()
    (prefix / "share/metainfo/io.github.stsdesktop.stsdesktop.metainfo.xml").unlink()
    if repeat:
        installation.install(prefix, make_stub)
        assert said(prefix / PROGRAM) == "environment-3"
    installation.uninstall(prefix)

    assert not prefix.exists()


@pytest.mark.parametrize("name", ["bin/sts-desktop", "share/applications/io.github.stsdesktop.stsdesktop.desktop"])
def test_what_another_installer_put_there_is_not_touched(prefix: Path, name: str) -> None:
    (prefix / name).parent.mkdir(parents=True)
    (prefix / name).write_text("another's")
    before = tree(prefix)

    with pytest.raises(installation.RefusalError, match=name):
        installation.install(prefix, make_stub)

    assert tree(prefix) == before


def test_a_command_that_another_installer_took_stays(prefix: Path) -> None:
    installation.install(prefix, make_stub)
    (prefix / PROGRAM).unlink()
    (prefix / PROGRAM).write_text("another's")
    with pytest.raises(installation.RefusalError):
        installation.install(prefix, make_stub)
    installation.uninstall(prefix)

    assert tree(prefix) == {"bin", PROGRAM.as_posix()}


def test_a_running_program_keeps_what_it_is_made_of(prefix: Path) -> None:
    installation.install(prefix, make_stub)
    python = prefix / "share/sts-desktop/environment-1/bin/python"
    with subprocess.Popen([python, "-c", "input()"], stdin=subprocess.PIPE) as running:
        _wait_until_started(running.pid, python)
        installation.install(prefix, make_stub)
        assert python.exists()
        with pytest.raises(installation.RefusalError, match=str(running.pid)):
            installation.uninstall(prefix)
        running.communicate(b"\n")
    installation.uninstall(prefix)

    assert not prefix.exists()


def _wait_until_started(process: int, python: Path) -> None:
    """Wait until the process is what it was started as: for a moment it is still a copy of this one."""
    command = Path(f"/proc/{process}/cmdline")
    wait_until(lambda: command.read_bytes().startswith(os.fsencode(python)), "the program")


def test_two_runs_do_not_meet(prefix: Path) -> None:
    installation.install(prefix, make_stub)
    import fcntl

    descriptor = os.open(prefix / "share/sts-desktop", os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        with pytest.raises(installation.RefusalError, match="Another"):
            installation.install(prefix, make_stub)
    finally:
        os.close(descriptor)


@pytest.mark.parametrize("name", ["a=b", "100%", "a\nb"])
def test_a_prefix_that_no_entry_can_name_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(installation.RefusalError, match="PREFIX"):
        installation.install(tmp_path / name, make_stub)

    assert tree(tmp_path) == set()


def test_a_home_directory_may_get_another_name(tmp_path: Path) -> None:
    installation.install(tmp_path / "alice", make_stub)
    (tmp_path / "alice").rename(tmp_path / "alicia")
    for link in (tmp_path / "alicia/bin").iterdir():
        link.unlink()  # they lead nowhere now
    installation.install(tmp_path / "alicia", make_stub)

    assert said(tmp_path / "alicia" / PROGRAM) == "environment-2"


def test_the_commands_say_what_they_did(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "share/sts-desktop").mkdir(parents=True)

    assert installation.main(["uninstall", str(tmp_path)]) == 0
    assert "your settings" in capsys.readouterr().out
    assert installation.main(["uninstall", str(tmp_path)]) == 0
    assert "Nothing is installed" in capsys.readouterr().out
    assert installation.main(["install", str(tmp_path / "a=b")]) == 1
    assert capsys.readouterr().err.startswith("make install: ")


def test_what_is_installed_is_what_was_tested() -> None:
    locks = [ROOT / "packaging" / name for name in ("install.lock", "requirements.lock")]
    entries = [set(path.read_text(encoding="utf-8").replace("\\\n", " ").splitlines()) for path in locks]

    assert {entry.split()[0] for entry in entries[0]} <= {entry.split()[0] for entry in entries[1]}
    assert all("--hash=sha256:" in entry for entry in entries[0])


def test_only_what_the_program_runs_on_stays_in_the_environment() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    run, build = (
        {requirement.partition(">")[0] for requirement in requirements}
        for requirements in (project["dependencies"], project["optional-dependencies"]["build"])
    )

    assert set(environment.NEEDED_ONLY_TO_BUILD) == build - run | {"pip"}
