"""A platform's rulebook from the tables of its decks: the same rows that students read."""

import re
from collections.abc import Iterable, Iterator
from fractions import Fraction
from typing import TypeVar

from trainer.decks.model import Deck, PenaltyTable, Row, Rule, TableKind
from trainer.penalties.rulebook import (
    Fine,
    Metric,
    Rulebook,
    Sign,
    Stage,
    Threshold,
    Track,
    Violation,
)
from trainer.penalties.windows import EVER, parse_window

T = TypeVar("T")

_POINTS = re.compile(r"(?P<low>\d+(?:\.\d+)?)(?:\s*[-–—~～至]\s*(?P<high>\d+(?:\.\d+)?))?")
_LIMIT = re.compile(r"(?P<sign><=|>=|<|>|≤|≥|＜|＞)\s*(?P<limit>\d+(?:[.,]\d+)?)\s*(?P<unit>.*)")
_FROZEN = re.compile(r"(?:frozen|restrict\w*|stopped|freeze)\D{0,40}?(\d+)[- ]days?|(\d+)\s*天")
_CLOSES = re.compile(
    r"^(?:account|shop|store|membership)[^;,.]*?\b(?:closed|terminated|deactivated)"
    r"|^(?:关闭|清退|永久)|^(?:账[户号]|店铺)[^；，。]*?(?:关闭|清退|停用)",
    re.IGNORECASE,
)
_SIGNS: dict[str, Sign] = {"≤": "<=", "≥": ">=", "＜": "<", "＞": ">"}


def rulebook_of(platform: str, decks: Iterable[Deck]) -> Rulebook:
    """The rulebook in the tables of `decks`, which are of one platform and one language.

    Rows whose figure cannot be computed with ("no fixed sum", "depends on the total") are left
    out: the linter has named them, and the engine never guesses.
    """
    tables = [(rule, rule.table) for deck in decks for rule in deck.rules if rule.table is not None]

    def rows(kind: TableKind) -> Iterator[tuple[Rule, PenaltyTable, Row]]:
        for rule, table in tables:
            if table.kind == kind:
                yield from ((rule, table, row) for row in table.rows)

    def whole(kind: TableKind) -> Iterator[tuple[Rule, PenaltyTable]]:
        return ((rule, table) for rule, table in tables if table.kind == kind)

    return Rulebook(
        platform,
        tracks=_first(_track(rule, table) for rule, table in whole("track")),
        violations=_first(_violation(*row) for row in rows("violations")),
        fines=_first(_fine(rule, row) for rule, _, row in rows("fines")),
        metrics=_first(_metric(rule, row) for rule, _, row in rows("metrics")),
        tiers=_first((table.table_id, _stages(rule, table)) for rule, table in whole("tiers")),
        ladders=_first((table.table_id, _stages(rule, table)) for rule, table in whole("ladder")),
    )


def _first(entries: Iterable[tuple[str, T] | None]) -> dict[str, T]:
    """The entries by name. The first of two with one name stays; the linter names the second."""
    found: dict[str, T] = {}
    for entry in entries:
        if entry is not None:
            found.setdefault(*entry)
    return found


def _track(rule: Rule, table: PenaltyTable) -> tuple[str, Track]:
    window = parse_window(table.attributes.get("window", "")) or EVER
    thresholds = [
        Threshold(
            at=points[0],
            consequence=row.cells[1],
            rule_id=rule.rule_id,
            line=row.line,
            frozen_days=_frozen_days(row.cells[1]),
            closes=bool(_CLOSES.search(row.cells[1])),
        )
        for row in table.rows
        if (points := _points(row.cells[0]))
    ]
    thresholds.sort(key=lambda threshold: threshold.at)
    unit = table.attributes.get("unit", "points")
    track = Track(table.table_id, rule.title, unit, rule.rule_id, window, tuple(thresholds))
    return table.table_id, track


def _violation(rule: Rule, table: PenaltyTable, row: Row) -> tuple[str, Violation] | None:
    points = _points(row.cells[1])
    if points is None or not row.row_id:
        return None
    track_id = table.attributes.get("track", "")
    low, high = points
    violation = Violation(
        row.row_id, row.cells[0], track_id, low, high, rule_id=rule.rule_id, line=row.line
    )
    return row.row_id, violation


def _fine(rule: Rule, row: Row) -> tuple[str, Fine]:
    title, amount, remarks = row.cells[:3]
    return row.row_id, Fine(row.row_id, title, amount, remarks, rule.rule_id, row.line)


def _metric(rule: Rule, row: Row) -> tuple[str, Metric] | None:
    title, formula, window, written, consequence = row.cells[:5]
    limit = _LIMIT.match(written)
    if limit is None or not row.row_id:
        return None
    numerator, _, denominator = formula.partition(" / ")
    sign = _SIGNS.get(limit["sign"]) or limit["sign"]
    metric = Metric(
        metric_id=row.row_id,
        title=title,
        numerator=numerator.strip(),
        denominator=denominator.strip(),
        window=window,
        sign=sign,  # type: ignore[arg-type] # the pattern lets only signs through
        limit=Fraction(limit["limit"].replace(",", ".")),
        unit=limit["unit"].strip(),
        consequence=consequence,
        rule_id=rule.rule_id,
        line=row.line,
    )
    return row.row_id, metric


def _stages(rule: Rule, table: PenaltyTable) -> tuple[Stage, ...]:
    return tuple(
        Stage(row.row_id, row.cells[0], row.cells[1], row.cells[2], rule.rule_id, row.line)
        for row in table.rows
    )


def _points(cell: str) -> tuple[Fraction, Fraction] | None:
    match = _POINTS.search(cell)
    if match is None:
        return None
    low = Fraction(match["low"])
    return low, Fraction(match["high"]) if match["high"] else low


def _frozen_days(consequence: str) -> int:
    match = _FROZEN.search(consequence)
    return int(match[1] or match[2]) if match else 0
