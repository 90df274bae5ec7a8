"""The environments that are measured: the project from its wheel beside the packages of this one, and a bare one."""

import shutil
import subprocess
import sys
import sysconfig
import venv
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
NOT_COPIED = shutil.ignore_patterns(".*", "build", "dist", "docs", "tests", "*.egg-info", "__pycache__", "*.mo")


@dataclass(frozen=True)
class Installation:
    """An environment with the project in it.

    Attributes:
        python: its interpreter.
        program: the console script.
        bare_python: the interpreter of an environment with nothing in it.
    """

    python: Path
    program: Path
    bare_python: Path


def install(directory: Path) -> Installation:
    """Make both environments anew below `directory`.

    The project is installed as people install it: an editable install would double the time every Python takes to
    start. Its packages are not copied: a line of a .pth file puts the directory of ours on the path, and the .pth file
    of an editable install that stands there is not followed (`site.addpackage`).

    Raises:
        subprocess.CalledProcessError: the project could not be built.
    """
    shutil.rmtree(directory, ignore_errors=True)
    python = _environment(directory / "environment")
    bare_python = _environment(directory / "bare")
    scheme = {"base": str(directory / "environment"), "platbase": str(directory / "environment")}
    site_packages = Path(sysconfig.get_path("purelib", "venv", scheme))
    (site_packages / "borrowed.pth").write_text(f"{sysconfig.get_path('purelib')}\n", encoding="utf-8")
    source = shutil.copytree(ROOT, directory / "source", ignore=NOT_COPIED)
    options = ["--quiet", "--no-index", "--no-deps", "--no-build-isolation", "--ignore-installed"]
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--python", str(python), "install", *options]
    subprocess.run([*pip, str(source)], check=True)
    return Installation(python, python.with_name("sts-desktop"), bare_python)


def _environment(directory: Path) -> Path:
    venv.create(directory, symlinks=True, with_pip=False)
    return directory / "bin" / "python"
