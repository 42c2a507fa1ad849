"""Reads a deck again and again while it is written: only the rules that changed are parsed.

The result is that of `parser.parse_with_lines`, always: where a part cannot be read by itself (an
id that stands twice, a fence that hides a heading), the whole deck is.
"""

from collections.abc import Sequence
from pathlib import PurePath

import msgspec

from trainer.cards.model import Card, Language
from trainer.decks.colouring import code_lines
from trainer.decks.encoding import decode
from trainer.decks.front_matter import read_front_matter
from trainer.decks.model import Deck, PenaltyTable, Rule, Scenario
from trainer.decks.parser import Part, finish_remarks, parse_with_lines, read_part, with_front
from trainer.decks.remarks import Remarks
from trainer.decks.scanner import heading_at
from trainer.foundation.source import Finding, Fix, Place

# Findings that name another place of the file, or change what an id becomes.
_ALONE = {
    "deck.duplicate-id",
    "deck.duplicate-row",
    "deck.bad-id",
    "deck.duplicate-step",
    "deck.second-title",
}


class _Placed(msgspec.Struct, frozen=True):
    """A part with its lines counted from the beginning of the file."""

    offset: int
    cards: tuple[Card, ...]
    rules: tuple[Rule, ...]
    scenarios: tuple[Scenario, ...]
    findings: tuple[Finding, ...]


class Rereader:
    """One deck in one language. Not thread-safe. A card whose rule did not change is the very
    same value as before."""

    def __init__(self, path: PurePath, deck_id: str, language: Language) -> None:
        self._where = path, deck_id, language
        self._parts: dict[str, Part] = {}
        self._placed: dict[str, _Placed] = {}

    def read(self, text: str) -> tuple[Deck, tuple[Finding, ...], Sequence[str]]:
        """As `parse_with_lines`; `text` has "\\n" line ends."""
        done = self._read(text)
        return done if done is not None else parse_with_lines(text, *self._where)

    def _read(self, text: str) -> tuple[Deck, tuple[Finding, ...], Sequence[str]] | None:
        path, deck_id, language = self._where
        if "\r" in text or text.startswith("\ufeff") or decode(text).unfit >= 0:
            return None
        lines = text.split("\n")
        start, code = code_lines(lines)
        remarks = Remarks(path)
        front, begins = read_front_matter(lines, deck_id, remarks)
        if begins != start:
            return None
        starts = _part_starts(lines, start, code)
        if starts is None:
            return None
        keys = [
            "\n".join(lines[first:last])
            for first, last in zip(starts, [*starts[1:], len(lines)], strict=True)
        ]
        parts: dict[str, Part] = {}
        placed: dict[str, _Placed] = {}
        names: set[str] = set()
        named = 0
        in_order: list[tuple[Part, _Placed]] = []
        for first, key in zip(starts, keys, strict=True):
            part = parts.get(key) or self._parts.get(key)
            if part is None:
                part = read_part(key.split("\n"), 0, deck_id, language, path)
            parts[key] = part
            if any(one.code in _ALONE for one in part.findings):
                return None
            names.update(part.names)
            named += len(part.names)
            there = self._placed.get(key)
            if there is None or there.offset != first:
                there = _place(part, first)
            placed[key] = there
            in_order.append((part, there))
        if len(names) != named:
            return None
        self._parts, self._placed = parts, placed
        deck = with_front(front, self._deck(in_order))
        final = Remarks(path)
        unnamed = sum(part.unnamed for part, _ in in_order)
        first_unnamed = next(
            (there.offset + part.first_unnamed for part, there in in_order if part.unnamed), -1
        )
        empty = not (deck.rules or deck.cards or deck.scenarios)
        finish_remarks(final, deck.title, unnamed, first_unnamed, empty=empty)
        head, tail = remarks.in_file_order(), final.in_file_order()
        told = [one for _, there in in_order for one in there.findings]
        if head or tail:
            told = sorted((*head, *told, *tail), key=lambda one: one.place)
        return deck, tuple(told), lines

    def _deck(self, parts: Sequence[tuple[Part, _Placed]]) -> Deck:
        _, deck_id, language = self._where
        introduction = [line for part, _ in parts for line in part.introduction]
        return Deck(
            deck_id=deck_id,
            language=language,
            title=parts[0][0].title,
            introduction="\n".join(introduction).strip(),
            rules=tuple(one for _, there in parts for one in there.rules),
            cards=tuple(one for _, there in parts for one in there.cards),
            scenarios=tuple(one for _, there in parts for one in there.scenarios),
            left_out=tuple(one for part, _ in parts for one in part.left_out),
        )


def _part_starts(
    lines: Sequence[str], start: int, code: Sequence[tuple[int, int]]
) -> list[int] | None:
    """The lines on which parts begin; None when a fence hides a heading, because only the parser
    knows what is a fence where, and when there is a `#` heading below the first `##`."""
    starts = [start]
    for index in range(start, len(lines)):
        line = lines[index]
        if line[:1] == "#" and line[:3] != "###":
            heading = heading_at(line)
            if heading is None or index == start:
                continue
            if heading[0] == 2:
                starts.append(index)
            elif len(starts) > 1:
                return None
    for first, last in code:
        if any(first <= one < last for one in starts[1:]):
            return None
    return starts


def _place(part: Part, offset: int) -> _Placed:
    """The part with its lines moved down by `offset`."""
    replace = msgspec.structs.replace
    return _Placed(
        offset,
        tuple(replace(one, line=one.line + offset) for one in part.cards),
        tuple(
            replace(one, line=one.line + offset, table=_move_table(one.table, offset))
            for one in part.rules
        ),
        tuple(_move_case(one, offset) for one in part.scenarios),
        tuple(_move_finding(one, offset) for one in part.findings),
    )


def _move_table(table: PenaltyTable | None, offset: int) -> PenaltyTable | None:
    if table is None:
        return None
    replace = msgspec.structs.replace
    rows = tuple(replace(row, line=row.line + offset) for row in table.rows)
    return replace(table, rows=rows, line=table.line + offset)


def _move_case(case: Scenario, offset: int) -> Scenario:
    replace = msgspec.structs.replace
    steps = tuple(
        replace(
            step,
            line=step.line + offset,
            choices=tuple(replace(one, line=one.line + offset) for one in step.choices),
        )
        for step in case.steps
    )
    return replace(case, line=case.line + offset, steps=steps)


def _move_finding(finding: Finding, offset: int) -> Finding:
    def moved(place: Place) -> Place:
        return Place(place.path, place.line + offset, place.column)

    fix = finding.fix
    if fix is not None:
        fix = Fix(moved(fix.start), moved(fix.end), fix.replacement)
    return Finding(moved(finding.place), finding.level, finding.code, finding.blanks, fix)
