"""The project's PEP 517 back end: setuptools, preceded by compiling the translations.

The catalogs (.po) are source; the .mo files that gettext reads are made here, beside them, for wheels and editable
installs alike, and are never committed.
"""

from pathlib import Path
from typing import Any

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

LOCALES = Path(__file__).parent.parent / "resources" / "locale"


def compile_translations(locales: Path = LOCALES) -> list[Path]:
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
    compile_translations()
    wheel: str = build_meta.build_wheel(wheel_directory, config_settings, metadata_directory)
    return wheel


def build_editable(
    wheel_directory: str, config_settings: dict[str, Any] | None = None, metadata_directory: str | None = None
) -> str:
    """Build an editable wheel (PEP 660)."""
    compile_translations()
    wheel: str = build_meta.build_editable(wheel_directory, config_settings, metadata_directory)
    return wheel


if __name__ == "__main__":  # `make translations`, after a catalog was edited
    for path in compile_translations():
        print(path)
