"""What one file of the shop alone cannot know: the platforms' tables and rules, the other events,
the other language."""

import re
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from pathlib import PurePath

from trainer.decks.addresses import ORIGINAL, Address
from trainer.decks.numbers_in_text import differing_numbers
from trainer.decks.remarks import Remarks
from trainer.decks.shop_diagnostics import SHOP_LEVELS
from trainer.decks.shop_files import ShopFile
from trainer.foundation.source import Finding
from trainer.penalties.rulebook import Rulebook, Violation
from trainer.penalties.shop.world import Breach, Event


def lint_shop(
    files: Sequence[ShopFile], books: Mapping[str, Rulebook], rules: frozenset[str]
) -> dict[PurePath, tuple[Finding, ...]]:
    """Everything to say about each file, in file order.

    `books` are the rulebooks of the platforms by name, `rules` the ids of all rules of all decks.
    """
    linter = _Linter(files, books, rules)
    for file in files:
        linter.check(file)
    return {
        file.path: tuple(
            sorted(
                (*file.findings, *linter.remarks[file.path].in_file_order()),
                key=lambda finding: finding.place,
            )
        )
        for file in files
    }


class _Linter:
    def __init__(
        self, files: Sequence[ShopFile], books: Mapping[str, Rulebook], rules: frozenset[str]
    ) -> None:
        self.remarks = {file.path: Remarks(file.path, SHOP_LEVELS) for file in files}
        self._books = books
        self._rules = rules
        self._platforms = {name for file in files for name in file.tables.platforms}
        self._goods: set[str] = set()
        for file in files:
            for name, product in file.tables.products.items():
                self._goods.update((name, *product.traits))
        self._files = {file.address: file for file in files}
        self._homes: dict[tuple[str, str], str] = {}  # language and event: deck id of the file
        for file in files:
            for event in file.events:
                key = file.language, event.event_id
                self._homes.setdefault(key, file.address.deck_id)
        self._called = {
            follow.event_id
            for file in files
            for event in file.events
            for effects in event.effects()
            for follow in effects.follows
        }

    def check(self, file: ShopFile) -> None:
        for event in file.events:
            self._check_event(file, event)
        self._check_tables(file)
        self._check_language(file)

    # Events

    def _check_event(self, file: ShopFile, event: Event) -> None:
        home = self._homes[file.language, event.event_id]
        if home != file.address.deck_id:
            self._say(file, "event-elsewhere", event.line, event.event_id, file=home)
        for name in event.goods:
            if self._goods and name not in self._goods:
                self._say(file, "unknown-goods", event.line, name)
        if event.follow_only and event.event_id not in self._called:
            self._say(file, "never-comes", event.line, event.event_id)
        for effects in event.effects():
            for follow in effects.follows:
                if (file.language, follow.event_id) not in self._homes:
                    line = self._line_with(file, event, follow.event_id)
                    self._say(file, "unknown-event", line, follow.event_id)
        for platform, on_platform in event.platforms.items():
            line = on_platform.line
            if self._platforms and platform not in self._platforms:
                self._say(file, "unknown-platform", line, platform)
            if on_platform.rule_id and on_platform.rule_id not in self._rules:
                name = on_platform.rule_id.partition("#")[2]
                self._say(file, "unknown-rule", line, name, rule=on_platform.rule_id)
            for breaches in on_platform.breaches.values():
                for breach in breaches:
                    self._check_breach(file, platform, breach, line)

    def _check_breach(self, file: ShopFile, platform: str, breach: Breach, line: int) -> None:
        book = self._books.get(platform)
        row = book.row(breach.violation_id) if book else None
        if row is None:
            self._say(file, "unknown-violation", line, breach.violation_id, platform=platform)
        elif not isinstance(row, Violation) and row.track_id and not breach.points:
            self._say(file, "points-needed", line, breach.violation_id)

    def _line_with(self, file: ShopFile, event: Event, name: str) -> int:
        lines = [choice.line for choice in event.choices] + [event.ignored.line]
        return next(
            (line for line in lines if line and f"{name}@" in file.lines[line - 1]), event.line
        )

    # Tables

    def _check_tables(self, file: ShopFile) -> None:
        tables = file.tables
        for counting, line in tables.countings:
            book = self._books.get(counting.platform_id)
            if book is None or counting.metric_id not in book.metrics:
                self._say(file, "unknown-metric", line, counting.metric_id)
        for automatic, line in tables.automatics:
            self._check_breach(file, automatic.platform_id, automatic.breach, line)
        for unpriced, line in tables.unpriced:
            if self._platforms and unpriced.platform_id not in self._platforms:
                self._say(file, "unknown-platform", line, unpriced.platform_id)
        for level, line in tables.levels:
            book = self._books.get(level.platform_id)
            stages = [one for table in book.tiers.values() for one in table] if book else []
            if level.stage_id not in {one.stage_id for one in stages}:
                self._say(file, "unknown-level", line, level.stage_id)

    # The other language

    def _check_language(self, file: ShopFile) -> None:
        is_original = file.language == ORIGINAL
        address = Address(file.address.deck_id, "zh" if is_original else ORIGINAL)
        other = self._files.get(address)
        if other is None:
            code = "translation-missing" if is_original else "original-missing"
            self.remarks[file.path].add(f"shop-file.{code}", 0, path=address.path)
            return
        there = {event.event_id: event for event in other.events}
        for event in file.events:
            if event.event_id not in there:
                code = "not-translated" if is_original else "orphaned"
                self._say(file, code, event.line, event.event_id, path=address.path)
            elif not is_original:
                self._compare(file, there[event.event_id], event)
        if not is_original:
            self._compare_tables(file, other)

    def _compare(self, file: ShopFile, original: Event, event: Event) -> None:
        if _plot(original) != _plot(event):
            self._say(file, "plot-differs", event.line, event.event_id)
            return
        pairs = zip(_words(original), _words(event), strict=True)
        differing: set[Fraction] = set()
        for place, (before, text) in enumerate(pairs):
            here, there = differing_numbers(text, before)
            # Sentence by sentence a number may move; another number it may not be.
            if place == 0 or (here and there):
                differing |= here | there
        if differing:
            numbers = ", ".join(f"{float(number):g}" for number in sorted(differing))
            self._say(file, "number-differs", event.line, event.event_id, numbers=numbers)

    def _compare_tables(self, file: ShopFile, other: ShopFile) -> None:
        for mine, theirs in (
            (file.tables.platforms, other.tables.platforms),
            (file.tables.products, other.tables.products),
            (file.tables.ways, other.tables.ways),
        ):
            for name in sorted({*mine, *theirs}):
                if _untitled(mine.get(name)) != _untitled(theirs.get(name)):
                    self._say(file, "plot-differs", self._line_of(file, name), name)
        for place, ours, originals in (
            ("counts", file.tables.countings, other.tables.countings),
            ("automatic", file.tables.automatics, other.tables.automatics),
            ("levels", file.tables.levels, other.tables.levels),
            ("unpriced", file.tables.unpriced, other.tables.unpriced),
        ):
            if _without_lines(ours) != _without_lines(originals):
                self._say(file, "plot-differs", self._line_of(file, place), place)

    def _line_of(self, file: ShopFile, name: str) -> int:
        found = (number for number, line in enumerate(file.lines, start=1) if f"#{name}" in line)
        return next(found, 1)

    def _say(self, file: ShopFile, code: str, line: int, name: str, /, **blanks: object) -> None:
        text = file.lines[line - 1] if 0 < line <= len(file.lines) else ""
        found = re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", text)
        column = found.start() if found else 0
        self.remarks[file.path].add(
            f"shop-file.{code}", max(line - 1, 0), column, fix=None, name=name, **blanks
        )


def _plot(event: Event) -> list[object]:
    """All of an event that is the same in every language."""
    return [
        (event.role, event.sender, event.first_day, event.last_day, event.weight, event.within),
        (event.goods, event.needs, event.again, event.trigger, event.follow_only),
        [(one.choice_id, one.right, one.effects) for one in event.choices],
        event.ignored.effects,
        sorted((name, one.breaches, one.rule_id) for name, one in event.platforms.items()),
    ]


def _words(event: Event) -> list[str]:
    pieces = [f"{one.text}\n{one.reason}" for one in event.choices]
    return ["\n".join((event.title, event.text, *pieces, event.ignored.text)), *pieces]


def _untitled(one: object) -> object:
    if one is None:
        return None
    values = {name: getattr(one, name) for name in getattr(one, "__struct_fields__", ())}
    values.pop("title", None)
    return values


def _without_lines(rows: Iterable[tuple[object, int]]) -> list[object]:
    return [one for one, _ in rows]
