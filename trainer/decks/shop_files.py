"""A file of the simulated shop in, its events and tables out, and the world of many files."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePath
from typing import TypeVar

import msgspec

from trainer.cards.model import Language
from trainer.decks.addresses import ORIGINAL, Address
from trainer.decks.attributes import NO_ATTRIBUTES, list_start, parse_attributes
from trainer.decks.encoding import decode, plain_line_ends
from trainer.decks.parser import say_about_encoding
from trainer.decks.remarks import Remarks
from trainer.decks.scanner import heading_at
from trainer.decks.shop_diagnostics import SHOP_LEVELS
from trainer.decks.shop_effects import is_name
from trainer.decks.shop_events import EventReader
from trainer.decks.shop_tables import SHOP_TABLES, Tables, read_table
from trainer.foundation.source import Finding
from trainer.penalties.shop.world import (
    Automatic,
    Choice,
    Counting,
    Event,
    Ignored,
    LevelEffect,
    Platform,
    Product,
    Unpriced,
    Way,
    World,
)

K = TypeVar("K")
V = TypeVar("V")
Titled = TypeVar("Titled", Platform, Product, Way)


@dataclass(frozen=True, slots=True)
class ShopFile:
    """One file of `content/shop`, read. `path` is where findings point to."""

    path: PurePath
    address: Address
    lines: Sequence[str]
    events: tuple[Event, ...]
    tables: Tables
    findings: tuple[Finding, ...] = ()

    @property
    def language(self) -> Language:
        return self.address.language


def read_shop_file(source: str | bytes, path: PurePath, address: Address) -> ShopFile:
    """The events and tables in `source` and every finding about them, in file order.

    Never raises for anything a file may hold: what cannot be used is left out and named.
    """
    decoded = decode(source)
    remarks = Remarks(path, SHOP_LEVELS)
    lines = plain_line_ends(decoded.text).split("\n")
    if decoded.encoding != "utf-8" or decoded.damage >= 0 or decoded.unfit >= 0:
        say_about_encoding(decoded, remarks)
    reader = _Reader(lines, address, remarks)
    reader.read()
    findings = remarks.in_file_order()
    return ShopFile(path, address, lines, tuple(reader.events), reader.tables, findings)


class _Reader:
    def __init__(self, lines: Sequence[str], address: Address, remarks: Remarks) -> None:
        self._lines = lines
        self._address = address
        self._remarks = remarks
        self._folder = address.deck_id.rpartition("/")[0]
        self._names: dict[str, int] = {}  # id: line
        self.events: list[Event] = []
        self.tables = Tables()

    def read(self) -> None:
        index, total = 0, len(self._lines)
        while index < total:
            line = self._lines[index]
            heading = heading_at(line) if line[:2] == "##" else None
            if heading and heading[0] == 2:
                index = self._heading(index, heading[1])
            else:
                index += 1

    def _heading(self, index: int, column: int) -> int:
        line = self._lines[index].rstrip()
        at = list_start(line)
        attributes = parse_attributes(line[at + 1 : -1]) if at >= column else NO_ATTRIBUTES
        title = line[column : at if at >= column else len(line)].strip()
        kinds = [one for one in attributes.classes if one in SHOP_TABLES]
        if kinds:
            return self._table(kinds[0], index + 1)
        name = self._name(attributes.name, index, max(at, 0))
        reader = EventReader(self._lines, self._folder, self._remarks)
        file = self._address.path
        event, end = reader.read(name, title, attributes, index, file)
        if event is not None:
            self.events.append(event)
        return end

    def _table(self, kind: str, index: int) -> int:
        """The first table below a heading; all else there is prose for the reader."""
        while index < len(self._lines):
            line = self._lines[index]
            if line[:1] == "#" and heading_at(line):
                return index
            if line[:1] == "|":
                return read_table(kind, self._lines, index, self._remarks, self.tables)
            index += 1
        return index

    def _name(self, name: str, line: int, column: int) -> str:
        if not name:
            self._remarks.add("shop-file.no-id", line)
            return ""
        if not is_name(name):
            self._remarks.add("shop-file.bad-id", line, column, id=name)
            return ""
        first = self._names.setdefault(name, line)
        if first != line:
            self._remarks.add("shop-file.duplicate-id", line, column, id=name, first=first + 1)
            return ""
        return name


# The world


def world_of(files: Iterable[ShopFile], language: Language) -> World:
    """The world of `files`, in the words of `language` where it has them.

    What things do comes from the originals, so that a month is the same in both languages; what
    exists in one language only is used as it is. A later file wins over an earlier one.
    """
    files = list(files)
    plots, words = _Parts(), _Parts()
    for file in files:
        if file.language == ORIGINAL:
            plots.take(file)
        if file.language == language:
            words.take(file)
    others = _Parts()
    for file in files:
        others.take(file)
    plots.fill_from(others)
    return World(
        platforms=_titled(plots.platforms, words.platforms),
        products=_titled(plots.products, words.products),
        ways=_titled(plots.ways, words.ways),
        countings=tuple(plots.countings.values()),
        automatics=tuple(plots.automatics.values()),
        levels=tuple(plots.levels.values()),
        unpriced=tuple(plots.unpriced.values()),
        events={name: _told(one, words.events.get(name)) for name, one in plots.events.items()},
    )


class _Parts:
    """What files say, by name: the last one to say it holds."""

    def __init__(self) -> None:
        self.platforms: dict[str, Platform] = {}
        self.products: dict[str, Product] = {}
        self.ways: dict[str, Way] = {}
        self.countings: dict[tuple[str, str], Counting] = {}
        self.automatics: dict[tuple[str, str], Automatic] = {}
        self.levels: dict[tuple[str, str], LevelEffect] = {}
        self.unpriced: dict[tuple[str, int], Unpriced] = {}
        self.events: dict[str, Event] = {}

    def take(self, file: ShopFile) -> None:
        tables = file.tables
        self.platforms.update(tables.platforms)
        self.products.update(tables.products)
        self.ways.update(tables.ways)
        for counting, _ in tables.countings:
            self.countings[counting.platform_id, counting.metric_id] = counting
        for automatic, _ in tables.automatics:
            self.automatics[automatic.platform_id, automatic.trigger] = automatic
        for level, _ in tables.levels:
            self.levels[level.platform_id, level.stage_id] = level
        for unpriced, _ in tables.unpriced:
            self.unpriced[unpriced.platform_id, unpriced.times] = unpriced
        self.events.update((event.event_id, event) for event in file.events)

    def fill_from(self, other: "_Parts") -> None:
        """Take what only `other` has."""
        _fill(self.platforms, other.platforms)
        _fill(self.products, other.products)
        _fill(self.ways, other.ways)
        _fill(self.countings, other.countings)
        _fill(self.automatics, other.automatics)
        _fill(self.levels, other.levels)
        _fill(self.unpriced, other.unpriced)
        _fill(self.events, other.events)


def _fill(own: dict[K, V], other: Mapping[K, V]) -> None:
    for key, value in other.items():
        own.setdefault(key, value)


def _titled(plots: Mapping[str, Titled], words: Mapping[str, Titled]) -> dict[str, Titled]:
    return {
        name: msgspec.structs.replace(one, title=words[name].title) if name in words else one
        for name, one in plots.items()
    }


def _told(plot: Event, words: Event | None) -> Event:
    """`plot` in the words of its translation; a decision that is missing there keeps its own."""
    if words is None or words is plot:
        return plot
    by_name: dict[str, Choice] = {choice.choice_id: choice for choice in words.choices}
    choices = tuple(
        msgspec.structs.replace(one, text=told.text, reason=told.reason)
        if (told := by_name.get(one.choice_id))
        else one
        for one in plot.choices
    )
    ignored: Ignored = msgspec.structs.replace(
        plot.ignored, text=words.ignored.text or plot.ignored.text
    )
    return msgspec.structs.replace(
        plot, title=words.title, text=words.text, choices=choices, ignored=ignored
    )
