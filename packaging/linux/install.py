"""`make install` and `make uninstall`: put the program into a person's prefix, and take it out again.

Below the prefix stand then:

    bin/sts-desktop                       a link through `current`, so that its path outlives every upgrade
    share/sts-desktop/environment-1/      a virtual environment: the locked packages and the project
    share/sts-desktop/current             a link to the environment in use; an upgrade makes a new one, then moves this
    share/sts-desktop/manifest            the files and directories that were made outside the environments
    share/{applications,icons,metainfo}/  what the desktop wants to know, under the one application id

The manifest names a file before it is made, so that after an interruption the next run, of either kind, knows of it.
"""

import argparse
import fcntl
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from itertools import count
from pathlib import Path

from desktop_files import desktop_files, refresh_caches
from environment import make_environment
from manifest import Manifest

Content = bytes | Path
"""What a file holds, or where a symbolic link leads."""

PROGRAMS = ("sts-desktop", "sts-desktopw")
NAME = "sts-desktop"
CURRENT, MANIFEST, ENVIRONMENT = "current", "manifest", "environment-"


class RefusalError(Exception):
    """Nothing was changed; the text says why, and what to do."""


def install(prefix: Path, make: Callable[[Path], None] = make_environment) -> None:
    """Install the program below `prefix`, or bring what is installed there up to date.

    Args:
        prefix: an absolute path.
        make: makes a virtual environment, with the program in it, where it is told.

    Raises:
        RefusalError: something that is not ours stands where a file should go, or the prefix cannot be used.
        subprocess.CalledProcessError: a package could not be had, or the project not be built.
    """
    # The specification excludes "="; a "%" is written twice, and GLib then looks for a program with two.
    if not str(prefix).isprintable() or not {"=", "%"}.isdisjoint(str(prefix)):
        raise RefusalError(f"A desktop entry cannot name a program below {str(prefix)!r}. Choose another PREFIX.")
    home = _home(prefix)
    contents = _contents(prefix)
    before = Manifest.read(home / MANIFEST, prefix)
    for path in contents:
        if os.path.lexists(path) and not (path in before.files and _is_ours(path, home)):
            raise RefusalError(f"{path} is there already, and 'make install' did not put it there. Remove it first.")
    manifest = before.with_files([*contents, home / MANIFEST])
    home.mkdir(parents=True, exist_ok=True)
    with _alone(home):
        _place(home / MANIFEST, manifest.text(prefix).encode())
        environment = _new_environment(home, make)
        _place(home / CURRENT, Path(environment.name))
        for path, content in contents.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            _place(path, content)
        for path in before.files - contents.keys() - {home / MANIFEST}:  # an older version had it, this one has not
            _remove(path, home)
        _place(home / MANIFEST, Manifest(frozenset(contents), manifest.directories).text(prefix).encode())
        _remove_environments(home, keep=environment)
    refresh_caches(prefix / "share")


def uninstall(prefix: Path) -> bool:
    """Remove what `install` put below `prefix`; return whether there was anything.

    Raises:
        RefusalError: the program runs.
    """
    home = _home(prefix)
    if not home.is_dir():
        return False
    with _alone(home):
        if running := _running_from(home):
            raise RefusalError(f"STS Desktop is running (process {running[0]}). Quit it first.")
        manifest = Manifest.read(home / MANIFEST, prefix)
        for path in manifest.files - {home / MANIFEST}:
            _remove(path, home)
        _remove_environments(home)
        refresh_caches(prefix / "share")
        _remove(home / CURRENT, home)
        _remove(home / MANIFEST, home)  # last: until here, the work could be repeated
        for directory in sorted({home, *manifest.directories}, reverse=True):  # what lies in another comes before it
            _remove_if_empty(directory)
    return True


def _home(prefix: Path) -> Path:
    return prefix / "share" / NAME


def _contents(prefix: Path) -> Mapping[Path, Content]:
    """Return what belongs below `prefix` outside the environment.

    The links are absolute: a person's ~/.local/bin may itself be a link to somewhere else.
    """
    contents: dict[Path, Content] = {prefix / "bin" / name: _home(prefix) / CURRENT / "bin" / name for name in PROGRAMS}
    for name, text in desktop_files(prefix / "bin" / NAME).items():
        contents[prefix / "share" / name] = text
    return contents


def _is_ours(path: Path, home: Path) -> bool:
    """Return whether a file of the manifest is still what was put there: another installer may have taken a command."""
    return path.parent.name != "bin" or (path.is_symlink() and path.readlink().is_relative_to(home))


def _place(path: Path, content: Content) -> None:
    """Put `content` at `path`, whole or not at all."""
    beside = _beside(path)
    beside.unlink(missing_ok=True)
    if isinstance(content, bytes):
        beside.write_bytes(content)
    else:
        beside.symlink_to(content)
    beside.replace(path)


def _beside(path: Path) -> Path:
    return path.with_name(f".{path.name}.new")


def _remove(path: Path, home: Path) -> None:
    _beside(path).unlink(missing_ok=True)
    if _is_ours(path, home):
        path.unlink(missing_ok=True)


def _remove_if_empty(directory: Path) -> None:
    with suppress(OSError):  # somebody else keeps something there, or made it a link
        directory.rmdir()


@contextmanager
def _alone(home: Path) -> Iterator[None]:
    """Keep other runs out."""
    descriptor = os.open(home, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError as error:
        raise RefusalError(f"Another 'make install' or 'make uninstall' is at work in {home}.") from error
    finally:
        os.close(descriptor)


def _new_environment(home: Path, make: Callable[[Path], None]) -> Path:
    """Make an environment beside those that are there: a running program goes on loading what it is made of."""
    directory = next(path for number in count(1) if not (path := home / f"{ENVIRONMENT}{number}").exists())
    try:
        make(directory)
    except BaseException:
        shutil.rmtree(directory, ignore_errors=True)
        raise
    return directory


def _remove_environments(home: Path, keep: Path | None = None) -> None:
    """Remove all environments but `keep` and those that a program still runs from; the next run removes these."""
    for directory in home.glob(f"{ENVIRONMENT}*"):
        if directory != keep and not _running_from(directory):
            shutil.rmtree(directory)


def _running_from(directory: Path) -> list[int]:
    """Return the processes whose interpreter was started from below `directory`."""
    start = os.fsencode(f"{directory}/")
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if (process / "cmdline").read_bytes().startswith(start):
                found.append(int(process.name))
        except OSError:  # it has ended, or is another person's
            continue
    return found


def _hints(prefix: Path) -> Iterator[str]:
    """Tell what the person's session does not know of yet."""
    if str(prefix / "bin") not in os.environ.get("PATH", "").split(":"):
        yield f"{prefix / 'bin'} is not on the PATH (Debian and Ubuntu put ~/.local/bin there at the next login)."
    home = os.environ.get("XDG_DATA_HOME") or os.path.expanduser("~/.local/share")
    directories = os.environ.get("XDG_DATA_DIRS") or "/usr/local/share:/usr/share"
    if str(prefix / "share") not in [home, *directories.split(":")]:
        yield f"The desktop finds the program in its menu once {prefix / 'share'} is in XDG_DATA_DIRS."


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(description="Install STS Desktop for one person, or remove it.")
    parser.add_argument("action", choices=("install", "uninstall"))
    parser.add_argument("prefix", type=lambda text: Path(os.path.abspath(os.path.expanduser(text))))
    options = parser.parse_args(arguments)
    try:
        if options.action == "install":
            install(options.prefix)
            print(f"Installed: {options.prefix / 'bin' / NAME}", *_hints(options.prefix), sep="\n")
        elif uninstall(options.prefix):
            print(f"Removed from {options.prefix}.")
            print("Left alone: your settings, the state and the log, what is in the keyring, and your AWS files;")
            print('README.md tells where they are, under "Where things are kept".')
        else:
            print(f"Nothing is installed below {options.prefix}.")
    except (RefusalError, OSError, subprocess.CalledProcessError) as error:
        print(f"make {options.action}: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print(f"make {options.action}: interrupted; it can be repeated", file=sys.stderr)
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
