"""A table of pictures: each main state of the window, in each theme and language, and once at double size.

`python -m sts_desktop.demo.gallery DIRECTORY` has each variant drawn by a process of its own, because the language and
the scale are chosen when a process starts, and writes `DIRECTORY/index.html`. It prints nothing but failures.
"""

import argparse
import html
import os
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

LIMIT_SECONDS = 60
AT_ONCE = 2
THUMBNAIL_WIDTH = 480
SCENES_MODULE = "sts_desktop.demo.scenes"


@dataclass(frozen=True)
class Variant:
    """How the window is drawn: a fixed theme, a language, and the size of a logical pixel."""

    theme: str
    language: str
    scale: int = 1

    @property
    def name(self) -> str:
        """Its name as a directory, such as `dark-ja`."""
        return f"{self.theme}-{self.language}" + (f"-{self.scale}00" if self.scale != 1 else "")


VARIANTS = (
    Variant("light", "en"),
    Variant("dark", "en"),
    Variant("light", "ja"),
    Variant("dark", "ja"),
    Variant("light", "en", scale=2),
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Draw all variants and write the table; return 0 if every picture could be made, otherwise 1."""
    parser = argparse.ArgumentParser(prog="python -m sts_desktop.demo.gallery", description="Pictures of every state.")
    parser.add_argument("directory", type=Path, help="where the pictures and index.html go")
    directory: Path = parser.parse_args(arguments).directory
    with ThreadPoolExecutor(AT_ONCE) as pool:
        complaints = list(pool.map(lambda variant: draw(variant, directory / variant.name), VARIANTS))
    for variant, complaint in zip(VARIANTS, complaints, strict=True):
        if complaint:
            print(f"FAILED  pictures {variant.name}: {complaint}", file=sys.stderr)
    (directory / "index.html").write_text(table(directory, VARIANTS), encoding="utf-8")
    return 1 if any(complaints) else 0


def draw(variant: Variant, directory: Path) -> str:
    """Have one variant drawn into `directory`, without a screen; return why that failed, or an empty text."""
    directory.mkdir(parents=True, exist_ok=True)
    for old in directory.glob("*.png"):
        old.unlink()
    environment = {name: value for name, value in os.environ.items() if not name.startswith("QT_")}
    environment |= {"QT_QPA_PLATFORM": "offscreen", "QT_SCALE_FACTOR": str(variant.scale)}
    command = [sys.executable, "-P", "-m", SCENES_MODULE, variant.theme, variant.language, str(directory)]
    try:
        drawn = subprocess.run(  # noqa: S603  (our own interpreter and module)
            command, env=environment, capture_output=True, text=True, check=False, timeout=LIMIT_SECONDS
        )
    except subprocess.TimeoutExpired:
        return f"not done within {LIMIT_SECONDS} s"
    if drawn.returncode:
        return drawn.stderr.strip() or f"exit code {drawn.returncode}"
    return ""


def table(directory: Path, variants: Sequence[Variant]) -> str:
    """Return a page with the pictures that stand below `directory`: a row for each scene, a column for each variant."""
    scenes = sorted({path.stem for variant in variants for path in (directory / variant.name).glob("*.png")})
    heads = "".join(f"<th>{html.escape(variant.name)}</th>" for variant in variants)
    rows = [f"<tr><th></th>{heads}</tr>"]
    for scene in scenes:
        cells = "".join(f"<td>{_cell(directory, variant, scene)}</td>" for variant in variants)
        rows.append(f"<tr><th>{html.escape(scene)}</th>{cells}</tr>")
    body = "\n".join(rows)
    return f'<!DOCTYPE html>\n<meta charset="utf-8">\n<title>STS Desktop</title>\n<table>\n{body}\n</table>\n'


def _cell(directory: Path, variant: Variant, scene: str) -> str:
    path = Path(variant.name) / f"{scene}.png"
    if not (directory / path).exists():
        return "missing"
    source = html.escape(path.as_posix())
    return f'<a href="{source}"><img src="{source}" width="{THUMBNAIL_WIDTH}" alt="{source}"></a>'


if __name__ == "__main__":
    sys.exit(main())
