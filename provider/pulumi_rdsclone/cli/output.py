"""
The output of commands: rows for readers, a JSON document for programs.

On a terminal rows fold and have colours. Anywhere else each stays one plain line, so
that ids can be searched for.
"""

import json
import sys
from collections.abc import Iterable
from typing import Final, TextIO

from rich.console import Console
from rich.table import Table
from rich.text import Text

Row = tuple[str, ...]

_ENDLESS: Final = 1_000_000
"""A width in characters above that of any line."""

_STYLES: Final = {
    "error": "not dim bold red",
    "warning": "not dim yellow",
    "accepted": "bold green",
    "refused": "bold red",
}


def rows(
    cells: Iterable[Row], *, labelled: bool = False, stream: TextIO | None = None
) -> None:
    """
    Print rows with aligned columns; an empty row separates.

    Args:
        cells: The rows.
        labelled: Whether the first column holds labels of the second.
        stream: Where to write; default: stdout.
    """
    out = stream or sys.stdout
    lines = [tuple(" ".join(cell.splitlines()) for cell in row) for row in cells]
    grid = Table.grid(padding=(0, 2, 0, 0))
    last = max(map(len, lines), default=1) - 1
    for number in range(last + 1):
        grid.add_column(
            style="dim" if labelled and number == 0 else "",
            overflow="fold",
            no_wrap=number < last,
        )
    for row in lines:
        grid.add_row(*(Text(cell, _style(cell, labelled=labelled)) for cell in row))
    text = _rendered(grid, is_terminal=out.isatty())
    out.writelines(f"{line.rstrip()}\n" for line in text.splitlines())


def document(value: object) -> None:
    """
    Print *value* as JSON.
    """
    sys.stdout.write(json.dumps(value, indent=2, ensure_ascii=False) + "\n")


def _rendered(grid: Table, *, is_terminal: bool) -> str:
    console = Console(
        # Set, because rich would take FORCE_COLOR for a terminal.
        force_terminal=is_terminal,
        width=None if is_terminal else _ENDLESS,
    )
    with console.capture() as captured:
        console.print(grid, no_wrap=not is_terminal)
    return captured.get()


def _style(cell: str, *, labelled: bool) -> str:
    return _STYLES.get(cell.partition(",")[0], "") if labelled else ""
