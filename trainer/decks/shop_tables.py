"""The tables of the simulated shop's world: platforms, goods, ways to send, what is counted."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal, get_args

from trainer.decks.attributes import Attributes, list_start, parse_attributes
from trainer.decks.remarks import Remarks
from trainer.decks.shop_effects import names_in, scaled_number
from trainer.decks.tables import cells_of, is_delimiter, table_end
from trainer.penalties.shop.health import count_words, knows_count
from trainer.penalties.shop.world import (
    AUTOMATIC_TRIGGERS,
    Automatic,
    Breach,
    Counting,
    LevelEffect,
    Platform,
    Product,
    Unpriced,
    Way,
)

ShopTable = Literal["platforms", "goods", "ways", "counts", "automatic", "levels", "unpriced"]
SHOP_TABLES: tuple[ShopTable, ...] = get_args(ShopTable)
_COLUMNS: dict[str, int] = {
    "platforms": 9, "goods": 6, "ways": 6, "counts": 5, "automatic": 4, "levels": 3, "unpriced": 3,
}  # fmt: skip
_FIRST_NUMBER = re.compile(r"[0-9]{1,6}(?:\.[0-9]{1,2})?")
_RANGE = re.compile(r"([0-9]{1,3})\s*[-–—~至]\s*([0-9]{1,3})")
_YES = ("✓", "yes", "Yes", "是", "有")
_NOTHING = frozenset({"", "-", "–", "—", "无"})


@dataclass(slots=True)
class Tables:
    """What the tables of one file say."""

    platforms: dict[str, Platform] = field(default_factory=dict)
    products: dict[str, Product] = field(default_factory=dict)
    ways: dict[str, Way] = field(default_factory=dict)
    countings: list[tuple[Counting, int]] = field(default_factory=list)  # with their lines
    automatics: list[tuple[Automatic, int]] = field(default_factory=list)
    levels: list[tuple[LevelEffect, int]] = field(default_factory=list)
    unpriced: list[tuple[Unpriced, int]] = field(default_factory=list)


class _Row:
    """A row of a table; a cell that cannot be read is said and counts as 0."""

    def __init__(self, lines: Sequence[str], index: int, remarks: Remarks) -> None:
        self._line = lines[index]
        self._index = index
        self._remarks = remarks
        cells = cells_of(self._line)
        first = cells[0] if cells else ""
        at = list_start(first)
        self.said = parse_attributes(first[at + 1 : -1]) if at >= 0 else Attributes()
        self.title = (first[:at] if at >= 0 else first).strip()
        self.cells = [self.title, *cells[1:]]

    def number(self, place: int, scale: int) -> int:
        """The first number in a cell, as a whole number at `scale`."""
        found = _FIRST_NUMBER.search(self.cells[place])
        value = scaled_number(found[0], scale) if found else None
        if value is None:
            self.bad(self.cells[place])
            return 0
        return value

    def share(self, place: int) -> int:
        """A percentage, per thousand."""
        return self.number(place, 10)

    def attribute(self, name: str) -> int:
        value = self.said.values.get(name, "")
        if not value:
            return 0
        number = scaled_number(value.rstrip("%％"), 1)
        if number is None:
            self.bad(value)
            return 0
        return number

    def bad(self, value: str) -> None:
        self._remarks.add("shop-file.bad-cell", self._index, self.column(value), value=value)

    def column(self, value: str) -> int:
        return max(self._line.find(value), 0) if value else 0


def read_table(
    kind: str, lines: Sequence[str], start: int, remarks: Remarks, tables: Tables
) -> int:
    """Read the table that begins on line `start` into `tables`. Returns the line after it."""
    end = table_end(lines, start, len(lines))
    wanted = _COLUMNS[kind]
    first = start + 1
    if first < end and is_delimiter(lines[first]):
        first += 1
    for index in range(first, end):
        row = _Row(lines, index, remarks)
        if len(row.cells) != wanted:
            remarks.add("shop-file.table-columns", index, number=len(row.cells), wanted=wanted)
            continue
        _take(kind, row, index, tables, remarks)
    return end


def _take(kind: str, row: _Row, index: int, tables: Tables, remarks: Remarks) -> None:
    name = row.said.name
    if kind in {"platforms", "goods", "ways"} and not name:
        remarks.add("shop-file.no-id", index)
        return
    match kind:
        case "platforms":
            tables.platforms[name] = _platform(name, row)
        case "goods":
            tables.products[name] = _product(name, row)
        case "ways":
            tables.ways[name] = _way(name, row)
        case "counts":
            _take_counting(row, index, tables)
        case "automatic":
            _take_automatic(row, index, tables)
        case "unpriced":
            times = row.number(1, 1)
            closes = "closes" in row.said.classes
            unpriced = Unpriced(
                row.title, times, row.attribute("demand"), row.attribute("for"), closes
            )
            tables.unpriced.append((unpriced, index + 1))
        case _:
            effect = LevelEffect(row.title, row.cells[1], row.attribute("demand"))
            tables.levels.append((effect, index + 1))


def _platform(name: str, row: _Row) -> Platform:
    day = row.cells[1]
    try:
        date.fromisoformat(day)
    except ValueError:
        row.bad(day)
        day = "2026-01-05"
    return Platform(
        name,
        row.title,
        day,
        orders=row.number(2, 1000),
        units=max(1, row.number(3, 1)),
        fee=row.share(4),
        payout=row.number(5, 1),
        send_within=row.number(6, 1),
        closed_after=max(1, row.number(7, 1)),
        arrive_within=row.number(8, 1),
    )


def _product(name: str, row: _Row) -> Product:
    return Product(
        name,
        row.title,
        names_in(row.cells[1]),
        cost=row.number(2, 100),
        price=row.number(3, 100),
        faults=row.share(4),
        demand=row.share(5),
    )


def _way(name: str, row: _Row) -> Way:
    days = _RANGE.search(row.cells[2])
    if days is None or int(days[1]) > int(days[2]):
        row.bad(row.cells[2])
    refuses = row.cells[5]
    return Way(
        name,
        row.title,
        cents=row.number(1, 100),
        fastest=int(days[1]) if days else 1,
        slowest=int(days[2]) if days else 1,
        lost=row.share(3),
        tracked=row.cells[4].startswith(_YES),
        refuses=() if refuses in _NOTHING else names_in(refuses),
    )


def _take_counting(row: _Row, index: int, tables: Tables) -> None:
    platform, metric, part, whole = row.cells[:4]
    for word in (part, whole):
        if not knows_count(word):
            row.bad(word)
            return
    counting = Counting(
        platform, metric, part, whole, row.attribute("demand"), row.attribute("closes")
    )
    tables.countings.append((counting, index + 1))


def _take_automatic(row: _Row, index: int, tables: Tables) -> None:
    trigger = next((one for one in AUTOMATIC_TRIGGERS if one == row.cells[1]), None)
    if trigger is None:
        row.bad(row.cells[1])
        return
    tables.automatics.append((Automatic(row.title, trigger, Breach(row.cells[2])), index + 1))


def counting_words() -> tuple[str, ...]:
    """What the columns Part and Whole of a table of counts may say."""
    return count_words()
