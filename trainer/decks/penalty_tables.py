"""Penalty tables: which kind stands under a heading, its rows, and whether they make sense."""

import re
from collections.abc import Mapping, Sequence

from trainer.decks.attributes import list_start, parse_attributes
from trainer.decks.model import PenaltyTable, Row, TableKind
from trainer.decks.names import Names
from trainer.decks.remarks import Remarks
from trainer.decks.table_attributes import ROW
from trainer.decks.tables import cells_of, is_delimiter, table_end
from trainer.penalties.windows import parse_window

COLUMNS: dict[TableKind, int] = {
    "track": 2,
    "violations": 2,
    "metrics": 5,
    "tiers": 3,
    "fines": 3,
    "ladder": 3,
}
_MORE_COLUMNS: dict[TableKind, int] = {"violations": 1}  # remarks, for people
UNKNOWN = ("?", "？")
"""What a cell begins with when nobody has published its number."""
_NAMED_ROWS = frozenset({"violations", "metrics", "fines"})
_NUMBER = re.compile(r"[-+−]?[0-9][0-9,]*(?:\.[0-9]+)?")
_LIMIT = re.compile(r"(?:<=|>=|<|>|=|≤|≥|＜|＞|＝|不超过|不低于|at (?:most|least))\s?[^\s]*[0-9]")


class TableReader:
    """Reads the penalty tables of one deck. Row ids are unique among them."""

    def __init__(self, lines: Sequence[str], remarks: Remarks) -> None:
        self._lines = lines
        self._remarks = remarks
        self._row_names = Names(lines, remarks, "deck.duplicate-row")

    @property
    def row_names(self) -> list[str]:
        """The ids of all rows so far."""
        return [name for _, name in self._row_names.written]

    def read(
        self,
        kind: TableKind,
        table_id: str,
        attributes: Mapping[str, str],
        start: int,
        end: int,
    ) -> tuple[PenaltyTable, int]:
        """The table whose heading row is line `start`, and the line after it."""
        lines = self._lines
        stop = table_end(lines, start, end)
        header = tuple(cells_of(lines[start]))
        most = COLUMNS[kind] + _MORE_COLUMNS.get(kind, 0)
        if not COLUMNS[kind] <= len(header) <= most:
            self._remarks.add(
                "deck.table-columns", start, kind=kind, number=len(header), wanted=COLUMNS[kind]
            )
        first = start + 1
        if first < stop and is_delimiter(lines[first]):
            first += 1
        else:
            self._remarks.add("deck.table-no-line", start)
        window = attributes.get("window", "")
        if kind == "track" and parse_window(window) is None:
            self._remarks.add("deck.bad-window", start, value=window)
        rows = [self._row(kind, index, len(header)) for index in range(first, stop)]
        if not rows:
            self._remarks.add("deck.table-empty", start)
        if kind == "track":
            self._check_order(rows, falling="falls-from" in attributes)
        table = PenaltyTable(kind, table_id, header, tuple(rows), dict(attributes), start + 1)
        return table, stop

    def _row(self, kind: TableKind, line: int, columns: int) -> Row:
        cells = cells_of(self._lines[line])
        if len(cells) != columns:
            self._remarks.add("deck.table-cells", line, number=len(cells), wanted=columns)
        # Whoever reads the table later may rely on its columns.
        columns = max(columns, COLUMNS[kind])
        cells = [*cells, *[""] * (columns - len(cells))][:columns]
        name, cells[0], attributes = self._row_name(kind, cells[0], line)
        if not name and kind in _NAMED_ROWS:
            self._remarks.add("deck.row-no-id", line)
        if kind == "metrics" and not _LIMIT.match(cells[3]):
            self._remarks.add("deck.bad-limit", line, self._column(line, cells[3]), value=cells[3])
        if kind == "violations" and not _NUMBER.search(cells[1]) and cells[1][:1] not in UNKNOWN:
            self._remarks.add(
                "deck.table-number", line, self._column(line, cells[1]), value=cells[1]
            )
        return Row(name, tuple(cells), line + 1, attributes)

    def _row_name(self, kind: TableKind, cell: str, line: int) -> tuple[str, str, dict[str, str]]:
        """The id, the cell without its braces, and what else these say."""
        at = list_start(cell)
        if at < 0:
            return "", cell, {}
        attributes = parse_attributes(cell[at + 1 : -1])
        column = max(self._lines[line].find(cell[at:]), 0)
        for piece in attributes.bad:
            self._remarks.add("deck.bad-attribute", line, column, piece=piece)
        said = {**dict.fromkeys(attributes.classes, ""), **attributes.values}
        for name, value in said.items():
            meaning = ROW[kind].get(name)
            if meaning is None:
                self._remarks.add("deck.unknown-attribute", line, column, name=name)
            elif meaning.read(value) is None:
                example = meaning.example
                self._remarks.add(
                    "deck.bad-value", line, column, name=name, value=value, example=example
                )
        if attributes.name:
            self._row_names.take(attributes.name, line, column)
        return attributes.name, cell[:at].rstrip(), said

    def _check_order(self, rows: Sequence[Row], *, falling: bool) -> None:
        before: float | None = None
        for row in rows:
            line = row.line - 1
            if row.cells[0][:1] in UNKNOWN:
                continue
            found = _NUMBER.match(row.cells[0])
            if found is None:
                self._remarks.add("deck.table-number", line, 0, value=row.cells[0])
                continue
            threshold = float(found[0].replace(",", "").replace("−", "-"))
            if before is not None and not falling and threshold <= before:
                self._remarks.add("deck.table-order", line, 0, value=row.cells[0])
            if before is not None and falling and threshold >= before:
                self._remarks.add("deck.table-order-falling", line, 0, value=row.cells[0])
            before = threshold

    def _column(self, line: int, cell: str) -> int:
        return max(self._lines[line].find(cell), 0) if cell else 0


def without_row_names(line: str) -> str:
    """A table row as a reader sees it: without the braces at the end of its first cell."""
    if "{" not in line and "｛" not in line:
        return line
    cell = cells_of(line)[0]
    at = list_start(cell)
    return line if at < 0 else line.replace(f" {cell[at:]}", "", 1).replace(cell[at:], "", 1)
