"""Tables in Markdown that are also readable as they are, in a terminal of 100 columns."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


def markdown(header: Sequence[str], rows: Iterable[Sequence[object]], left: int = 1) -> str:
    """A table with aligned columns.

    Arguments:
        header: the columns' names.
        rows: the cells; floats are shown with one decimal below 100, else with none.
        left: so many columns hold text and are aligned left, the others right.
    """
    cells = [[_shown(cell) for cell in row] for row in rows]
    columns = zip(header, *cells, strict=True)
    widths = [max(3, *map(len, column)) for column in columns]
    rule = ["-" * width if n < left else "-" * (width - 1) + ":" for n, width in enumerate(widths)]
    return "\n".join(_line(line, widths, left) for line in [list(header), rule, *cells])


def _shown(cell: object) -> str:
    if isinstance(cell, float):
        return f"{cell:.0f}" if cell >= 100 else f"{cell:.1f}" if cell >= 10 else f"{cell:.2f}"
    return str(cell).replace("|", "\\|")


def _line(cells: Sequence[str], widths: Sequence[int], left: int) -> str:
    aligned = [
        cell.ljust(width) if n < left else cell.rjust(width)
        for n, (cell, width) in enumerate(zip(cells, widths, strict=True))
    ]
    return f"| {' | '.join(aligned)} |"
