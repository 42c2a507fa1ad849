"""Markdown tables: rows split into cells, with the column each cell begins at."""

import re
from collections.abc import Sequence

# What parts cells, where a backslash or a code span may hide a bar.
_PIECES = re.compile(r"\\.|`[^`]*`|\||[^\\`|]+|.")


def cells_of(line: str) -> list[str]:
    """The cells of a table row, without blanks around them; `\\|` is a bar inside a cell."""
    row = line.strip()
    if "\\" in row or "`" in row:
        return _split_carefully(row)
    if row[:1] == "|":
        row = row[1:]
    if row[-1:] == "|":
        row = row[:-1]
    return [cell.strip() for cell in row.split("|")]


def is_delimiter(line: str) -> bool:
    """Whether `line` is the `| --- | ---: |` under a table's heading."""
    row = line.strip()
    return "-" in row and not row.strip("|-: \t")


def table_end(lines: Sequence[str], start: int, end: int) -> int:
    """The line after the table that begins at `start`."""
    while start < end and lines[start][:1] == "|":
        start += 1
    return start


def _split_carefully(row: str) -> list[str]:
    cells: list[str] = []
    cell: list[str] = []
    for piece in _PIECES.findall(row):
        if piece == "|":
            cells.append("".join(cell))
            cell = []
        else:
            cell.append("|" if piece == "\\|" else piece)
    cells.append("".join(cell))
    if not cells[0]:
        del cells[0]
    if cells and not cells[-1].strip():
        del cells[-1]
    return [cell.strip() for cell in cells]
