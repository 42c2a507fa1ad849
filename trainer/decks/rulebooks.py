"""A platform's rulebook from the tables of its decks: the same rows that students read."""

import re
from collections.abc import Iterable, Iterator
from datetime import date
from fractions import Fraction
from itertools import chain
from typing import TypeVar

from trainer.decks.model import Deck, PenaltyTable, Row, Rule, TableKind
from trainer.decks.penalty_tables import UNKNOWN
from trainer.decks.table_attributes import (
    as_conditions,
    as_day,
    as_day_of_month,
    as_earning,
    as_length,
    as_number,
    as_repeats,
    as_whole,
)
from trainer.penalties.charges import parse_charge
from trainer.penalties.measures import Measure, measures_in
from trainer.penalties.rulebook import (
    Evaluation,
    Fine,
    Metric,
    PriceList,
    Repeats,
    Rulebook,
    Sign,
    Stage,
    Threshold,
    Track,
    Unplaced,
    Violation,
)
from trainer.penalties.spans import parse_spans
from trainer.penalties.windows import EVER, Window, parse_window
from trainer.penalties.zones import UTC

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

    A violation whose points nobody has published ("?") is a fine without a sum, and a threshold
    like that is `unplaced`. Rows whose figure cannot be computed with in another way are left out:
    the linter has named them, and the engine never guesses.
    """
    decks = list(decks)
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
        fines=_first(_fine(*row) for row in chain(rows("fines"), rows("violations"))),
        metrics=_first(_metric(*row) for row in rows("metrics")),
        tiers=_first((table.table_id, _stages(rule, table)) for rule, table in whole("tiers")),
        ladders=_first((table.table_id, _stages(rule, table)) for rule, table in whole("ladder")),
        price_lists=_first(
            (table.table_id, _price_list(rule, table))
            for rule, table in tables
            if table.kind in {"violations", "fines"}
        ),
        evaluations=_first((table.table_id, _evaluation(table)) for _, table in whole("tiers")),
        zone=next((deck.zone for deck in decks if deck.zone), UTC),
    )


def _first(entries: Iterable[tuple[str, T] | None]) -> dict[str, T]:
    """The entries by name. The first of two with one name stays; the linter names the second."""
    found: dict[str, T] = {}
    for entry in entries:
        if entry is not None:
            found.setdefault(*entry)
    return found


def _track(rule: Rule, table: PenaltyTable) -> tuple[str, Track]:
    said = table.attributes
    start = as_number(said.get("falls-from", ""))
    thresholds = []
    unplaced = []
    for row in table.rows:
        measures = _measures_of(row)
        points = _points(row.cells[0])
        if points is None and row.cells[0][:1] not in UNKNOWN:
            continue
        if points is None:
            unplaced.append(Unplaced(row.cells[1], rule.rule_id, row.line, measures))
            continue
        at = points[0] if start is None else start - points[0]
        every = as_number(row.attributes.get("every", "")) or Fraction(0)
        thresholds.append(Threshold(at, row.cells[1], rule.rule_id, row.line, measures, every))
    thresholds.sort(key=lambda threshold: threshold.at)
    track = Track(
        table.table_id,
        rule.title,
        said.get("unit", "points"),
        rule.rule_id,
        parse_window(said.get("window", "")) or EVER,
        tuple(thresholds),
        tuple(unplaced),
        most_a_day=as_number(said.get("most-a-day", "")),
        merge=as_length(said.get("merge", "")),
        start=start,
        ceiling=as_number(said.get("ceiling", "")),
        earns=as_earning(said.get("earns", "")),
        line=table.line,
    )
    return table.table_id, track


def _violation(rule: Rule, table: PenaltyTable, row: Row) -> tuple[str, Violation] | None:
    points = _points(row.cells[1])
    if points is None or not row.row_id:
        return None
    said = row.attributes
    low, high = points
    violation = Violation(
        row.row_id,
        row.cells[0],
        table.attributes.get("track", ""),
        low,
        high,
        rule.rule_id,
        row.line,
        list_id=table.table_id,
        remarks=row.cells[2] if len(row.cells) > 2 else "",
        measures=measures_in(said),
        also=_names(said.get("also", "")),
        family=said.get("of", ""),
        from_time=as_whole(said.get("from", "")) or 1,
        since=_day("since", row, table),
        until=_day("until", row, table),
    )
    return row.row_id, violation


def _price_list(rule: Rule, table: PenaltyTable) -> PriceList:
    said = table.attributes
    return PriceList(
        table.table_id,
        rule.rule_id,
        most_a_day=as_number(said.get("most-a-day", "")),
        merge=as_length(said.get("merge", "")),
        repeats=as_repeats(said.get("repeats", "")) or Repeats(),
    )


def _fine(rule: Rule, table: PenaltyTable, row: Row) -> tuple[str, Fine] | None:
    """A row of a table of fines, or of one of violations when its points are not published."""
    if table.kind == "violations" and (row.cells[1][:1] not in UNKNOWN or not row.row_id):
        return None
    title, amount, remarks = (*row.cells, "")[:3]
    fine = Fine(
        row.row_id,
        title,
        amount,
        remarks,
        rule.rule_id,
        row.line,
        list_id=table.table_id,
        charge=parse_charge(amount),
        track_id=table.attributes.get("track", ""),
        measures=measures_in(row.attributes),
        also=_names(row.attributes.get("also", "")),
        since=_day("since", row, table),
        until=_day("until", row, table),
    )
    return row.row_id, fine


def _measures_of(row: Row) -> tuple[Measure, ...]:
    """What the braces of a threshold say; without any, what its words say."""
    said = measures_in(row.attributes)
    if said:
        return said
    words = row.cells[1]
    found = _FROZEN.search(words)
    read = [Measure("frozen", Window("days", int(found[1] or found[2])))] if found else []
    if _CLOSES.search(words):
        read.append(Measure("closed"))
    return tuple(read)


def _day(name: str, row: Row, table: PenaltyTable) -> date | None:
    return as_day(row.attributes.get(name) or table.attributes.get(name, ""))


def _names(text: str) -> tuple[str, ...]:
    return tuple(text.replace(",", " ").split())


def _metric(rule: Rule, table: PenaltyTable, row: Row) -> tuple[str, Metric] | None:
    title, formula, window, written, consequence = row.cells[:5]
    limit = _LIMIT.match(written)
    if limit is None or not row.row_id:
        return None
    numerator, _, denominator = formula.partition(" / ")
    lag = as_length(table.attributes.get("lag", ""))
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
        spans=parse_spans(window, 0 if lag is None else lag.number),
        busy=as_whole(table.attributes.get("busy", "")) or 0,
        tolerates=as_whole(row.attributes.get("tolerates", "")) or 0,
        needs=as_whole(row.attributes.get("needs", "")) or 0,
    )
    return row.row_id, metric


def _stages(rule: Rule, table: PenaltyTable) -> tuple[Stage, ...]:
    return tuple(
        Stage(
            row.row_id,
            row.cells[0],
            row.cells[1],
            row.cells[2],
            rule.rule_id,
            row.line,
            needs=as_conditions(row.attributes.get("needs", "")) or (),
            known="unknown" not in row.attributes,
            measures=measures_in(row.attributes),
        )
        for row in table.rows
    )


def _evaluation(table: PenaltyTable) -> Evaluation:
    said = table.attributes
    return Evaluation(
        as_day_of_month(said.get("evaluated", "")) or 0,
        as_whole(said.get("shown", "")) or 0,
        as_length(said.get("looks-back", "")),
    )


def _points(cell: str) -> tuple[Fraction, Fraction] | None:
    match = _POINTS.search(cell)
    if match is None or cell[:1] in UNKNOWN:
        return None
    low = Fraction(match["low"])
    return low, Fraction(match["high"]) if match["high"] else low
