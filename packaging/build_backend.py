"""The project's PEP 517 back end: setuptools, preceded by making what is never committed.

The catalogs (.po) are source; the .mo files that gettext reads are made here, beside them, and `resources/aws` from
botocore's data, for wheels and editable installs alike.

botocore is a requirement of the build, so that a wheel does not depend on what happens to be installed. In isolation
that may be another botocore than the one that the program then runs with; it reads all of its data in that case.
"""

from pathlib import Path
from typing import Any

from aws_data import write_aws_data
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from setuptools import build_meta
from setuptools.build_meta import (  # noqa: F401  (hooks passed on as they are)
    build_sdist,
    get_requires_for_build_editable,
    get_requires_for_build_sdist,
    get_requires_for_build_wheel,
    prepare_metadata_for_build_editable,
    prepare_metadata_for_build_wheel,
)

RESOURCES = Path(__file__).parent.parent / "resources"


def make_resources(resources: Path = RESOURCES) -> list[Path]:
    """Make what the program reads and what is not committed; return the files written."""
    return [*compile_translations(resources / "locale"), *write_aws_data(resources / "aws")]


def compile_translations(locales: Path) -> list[Path]:
    """Write the .mo file of each catalog below `locales`; return those written."""
    written = []
    for catalog_path in sorted(locales.glob("*/LC_MESSAGES/*.po")):
        with catalog_path.open("rb") as source:
            catalog = read_po(source, locale=catalog_path.parts[-3], abort_invalid=True)
        compiled = catalog_path.with_suffix(".mo")
        with compiled.open("wb") as target:
            write_mo(target, catalog)
        written.append(compiled)
    return written


def build_wheel(
    wheel_directory: str, config_settings: dict[str, Any] | None = None, metadata_directory: str | None = None
) -> str:
    """Build a wheel (PEP 517)."""
    make_resources()
    wheel: str = build_meta.build_wheel(wheel_directory, config_settings, metadata_directory)
    return wheel


def build_editable(
    wheel_directory: str, config_settings: dict[str, Any] | None = None, metadata_directory: str | None = None
) -> str:
    """Build an editable wheel (PEP 660)."""
    make_resources()
    wheel: str = build_meta.build_editable(wheel_directory, config_settings, metadata_directory)
    return wheel


if __name__ == "__main__":  # for `make`, after a catalog was edited
    for path in make_resources():
        print(path)
