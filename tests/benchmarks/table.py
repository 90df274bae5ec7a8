"""The rows of the table and how they are printed."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """One line: what was measured, and what it has to hold.

    Attributes:
        what: what it is about.
        figure: what was measured; None when that could not be measured.
        unit: of `figure` and `hold`: a baseline's letter for a ratio, otherwise ms, KiB, %.
        hold: the limit that is not to be passed; None where the row only informs.
        basis: the figures behind it, its baseline among them; or why there is none.
    """

    what: str
    figure: float | None
    unit: str
    hold: float | None
    basis: str

    @property
    def verdict(self) -> str:
        """`held`, `MISSED`, that it was not measured, or `-` where there is nothing to judge."""
        if self.figure is None:
            return "not measured"
        if self.hold is None:
            return "-"
        return "held" if self.figure <= self.hold else "MISSED"


def ratio(what: str, ours: float, baseline: float, hold: float | None, *, to: str, unit: str = "ms") -> Row:
    """Return the row of `ours` ÷ `baseline`.

    Args:
        what: what it is about.
        ours: what we take, in `unit`.
        baseline: what the baseline took in the same rounds, in `unit`.
        hold: the limit of the ratio.
        to: the letter or name of the baseline.
        unit: of both figures.
    """
    return Row(what, ours / baseline, f"× {to}", hold, f"{ours:.1f} ÷ {baseline:.1f} {unit}")


def markdown(rows: Sequence[Row]) -> str:
    """Return the table of `rows`, its columns aligned so that it reads well as it is."""
    cells = [("what", "measured", "hold", "", "from"), *(_cells(row) for row in rows)]
    widths = [max(len(line[column]) for line in cells) for column in range(len(cells[0]))]
    lines = [
        "| " + " | ".join(text.ljust(width) for text, width in zip(line, widths, strict=True)) + " |" for line in cells
    ]
    lines.insert(1, "|" + "|".join("-" * (width + 2) for width in widths) + "|")
    return "\n".join(lines) + "\n"


def _cells(row: Row) -> tuple[str, str, str, str, str]:
    figure = "" if row.figure is None else f"{_number(row.figure)} {row.unit}"
    hold = "" if row.hold is None else f"≤ {row.hold:g}"
    return row.what, figure, hold, row.verdict, row.basis


def _number(figure: float) -> str:
    return f"{figure:.0f}" if abs(figure) >= 100 else f"{figure:.3g}"
