"""A virtual environment with the locked packages and the project, as the program runs in."""

import shutil
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

ROOT = Path(__file__).parents[2]
LOCK = ROOT / "packaging" / "install.lock"

SOURCES = ("LICENSE", "MANIFEST.in", "README.md", "packaging", "pyproject.toml", "resources", "sts_desktop")

NEEDED_ONLY_TO_BUILD = ("babel", "setuptools", "pip")


def make_environment(directory: Path) -> None:
    """Make the environment at `directory`; the packages come from the registry, and have the hashes of the lock.

    Raises:
        subprocess.CalledProcessError: a package could not be had, or the project not be built.
    """
    venv.create(directory, symlinks=True, with_pip=True)
    python = directory / "bin" / "python"
    _pip(python, "install", "--require-hashes", "--only-binary", ":all:", "--requirement", LOCK)
    install_project(python)
    _pip(python, "uninstall", "--yes", *NEEDED_ONLY_TO_BUILD)


def install_project(python: Path, *, pip_of: Path | None = None) -> None:
    """Build the project's wheel, and install it for `python`.

    It is built from a copy: what a former build left in the checkout would get into the wheel.

    Args:
        python: the interpreter of an environment.
        pip_of: the interpreter whose pip and build packages are used; those of `python` itself if None.
    """
    with tempfile.TemporaryDirectory(prefix="sts-desktop-") as directory:
        source = Path(directory)
        for name in SOURCES:
            if (ROOT / name).is_dir():
                shutil.copytree(ROOT / name, source / name, ignore=shutil.ignore_patterns("__pycache__", "*.mo"))
            else:
                shutil.copy(ROOT / name, source / name)
        options = ["--no-index", "--no-deps", "--no-build-isolation", "--ignore-installed"]
        target = [] if pip_of is None else ["--python", str(python)]
        _pip(pip_of or python, *target, "install", *options, source)


def _pip(python: Path, *arguments: str | Path) -> None:
    # -I: no PYTHONPATH of the person's, and no module of the current directory.
    options = ["--disable-pip-version-check", "--no-input", "--quiet"]
    subprocess.run([python, "-I", "-m", "pip", *options, *arguments], check=True, stdout=sys.stderr)
