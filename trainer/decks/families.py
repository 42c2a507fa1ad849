"""Families of questions from the penalty tables of all platforms: which there are, and their cards.

Nobody writes them. A family is a card like any other, under the rule whose table it asks about; a
table from which no question with sense can be drawn makes none.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress

import msgspec

from trainer.cards.families import UndrawableError, draw_family, family_title
from trainer.cards.model import (
    Card,
    Family,
    FamilyLimit,
    FamilyRow,
    FamilyStep,
    Language,
)
from trainer.cards.parametric import as_decimal
from trainer.penalties.rulebook import Metric, Rulebook, Stage, Track, Violation
from trainer.penalties.windows import Window

TAG = "generated"
_TRIES = 100  # draws one of which must make sense before a family is made
_ROOM_ROWS = 12  # violations a family asks about; more would not be met


def families_of(
    platform: str, books: Mapping[str, Rulebook], titles: Mapping[str, str], language: Language
) -> list[Card]:
    """The families of `platform`, in a fixed order.

    `books` has the rulebooks of all platforms in `language`: limits of the others are what this
    one's are mistaken for. `titles` has the titles of rules by their ids.
    """
    book = books[platform]
    others = [books[name] for name in sorted(books) if name != platform]
    found: dict[str, Card] = {}
    for rule_id, body in _bodies(book, others, titles):
        card = _card(rule_id, body, language)
        if card is not None:
            found.setdefault(card.card_id, card)
    return list(found.values())


def family_rule(card_id: str) -> str:
    """The rule that a family belongs to, by its card id."""
    return card_id.rpartition(".family-")[0]


def _card(rule_id: str, body: Family, language: Language) -> Card | None:
    card_id = f"{rule_id}.family-{body.about}"
    with suppress(UndrawableError):
        draw_family(body, language, card_id, _TRIES)
        return Card(
            card_id=card_id,
            note_id=f"{rule_id}.family",
            language=language,
            question=family_title(body, language),
            body=body,
            line=1,
            rule_id=rule_id,
            difficulty=3,
            tags=(TAG,),
        )
    return None


def _bodies(
    book: Rulebook, others: Sequence[Rulebook], titles: Mapping[str, str]
) -> Iterator[tuple[str, Family]]:
    for track in book.tracks.values():
        yield from _of_track(track, book, others)
    yield from _prices(book)
    yield from _bills(book, titles)
    yield from _metrics(book, others, titles)
    for stages in filter(None, book.tiers.values()):
        yield from _levels(stages, book.platform, titles)
    for stages in filter(None, book.ladders.values()):
        yield from _ladders(stages, book.platform, titles)


def _of_track(
    track: Track, book: Rulebook, others: Sequence[Rulebook]
) -> Iterator[tuple[str, Family]]:
    if track.falls or not track.thresholds:
        return
    rows = [row for row in book.violations.values() if row.track_id == track.track_id]
    base = Family(
        about="points",
        platform=book.platform,
        record=track.title,
        unit=track.unit,
        window=_written(track.window),
        steps=tuple(
            FamilyStep(as_decimal(step.at), step.consequence, step.closes)
            for step in track.thresholds
        ),
        rows=tuple(
            FamilyRow("", low=price)
            for price in sorted({as_decimal(row.low) for row in rows if row.low > 0}, key=float)
        ),
    )
    window_mistakes = tuple(_windows(track, others))
    if track.window.unit in {"days", "months"}:
        aside = _record_aside(track, book)
        yield (
            track.rule_id,
            msgspec.structs.replace(base, others=window_mistakes, other_record=aside),
        )
        yield track.rule_id, msgspec.structs.replace(base, about="clean", others=window_mistakes)
    yield track.rule_id, msgspec.structs.replace(base, about="consequence")
    closing = next((step.at for step in track.thresholds if step.closes), track.thresholds[-1].at)
    steady = [
        row
        for row in rows
        if row.low == row.high and 0 < row.low * 3 <= closing and _same_each_time(row, book)
    ]
    yield (
        track.rule_id,
        msgspec.structs.replace(
            base,
            about="room",
            rows=tuple(
                FamilyRow(row.title, low=as_decimal(row.low)) for row in steady[:_ROOM_ROWS]
            ),
            others=tuple(_closings(track, others)),
        ),
    )


def _same_each_time(row: Violation, book: Rulebook) -> bool:
    return not row.family and len(book.family(row.violation_id)) < 2 and not row.until


def _record_aside(track: Track, book: Rulebook) -> str:
    """Another record in the same unit, which is never added to this one."""
    aside = (
        other.title
        for other in book.tracks.values()
        if other.track_id != track.track_id and other.unit == track.unit and not other.falls
    )
    return next(aside, "")


def _windows(track: Track, others: Sequence[Rulebook]) -> Iterator[FamilyLimit]:
    seen = {track.window}
    for book in others:
        for other in book.tracks.values():
            if other.window.unit in {"days", "months"} and other.window not in seen:
                seen.add(other.window)
                yield FamilyLimit(book.platform, _written(other.window), other.title)


def _closings(track: Track, others: Sequence[Rulebook]) -> Iterator[FamilyLimit]:
    own = {step.at for step in track.thresholds}
    for book in others:
        for other in book.tracks.values():
            closing = next((step.at for step in other.thresholds if step.closes), None)
            if closing is not None and closing not in own and other.unit == track.unit:
                yield FamilyLimit(book.platform, as_decimal(closing), other.title)


def _prices(book: Rulebook) -> Iterator[tuple[str, Family]]:
    """What the rows of each table of violations cost; the other tables of the same record lend
    the prices that can be mistaken for theirs."""
    tables: dict[str, list[Violation]] = {}
    for row in book.violations.values():
        tables.setdefault(row.rule_id, []).append(row)
    for rule_id, rows in tables.items():
        track = book.tracks.get(rows[0].track_id)
        if track is None:
            continue
        lent = [
            row
            for row in book.violations.values()
            if row.track_id == track.track_id and row.rule_id != rule_id
        ]
        asked = [*_family_rows(rows, asked=True), *_family_rows(lent, asked=False)]
        yield (
            rule_id,
            Family("price", book.platform, track.title, unit=track.unit, rows=tuple(asked)),
        )


def _family_rows(rows: Iterable[Violation], *, asked: bool) -> Iterator[FamilyRow]:
    prices = set()
    for row in rows:
        low, high = as_decimal(row.low), as_decimal(row.high)
        # One row stands for a price that is only lent.
        if asked or (low, high) not in prices:
            prices.add((low, high))
            yield FamilyRow(row.title, low=low, high=high, asked=asked)


def _bills(book: Rulebook, titles: Mapping[str, str]) -> Iterator[tuple[str, Family]]:
    tables: dict[str, list[FamilyRow]] = {}
    for fine in book.fines.values():
        if fine.charge is None or not fine.charge.currency or fine.charge.up_to:
            continue
        tables.setdefault(fine.rule_id, []).append(
            FamilyRow(
                fine.title,
                fine.amount,
                since=fine.since.isoformat() if fine.since else "",
                until=fine.until.isoformat() if fine.until else "",
            )
        )
    for rule_id, rows in tables.items():
        record = titles[rule_id]
        yield rule_id, Family("bill", book.platform, record, rows=tuple(rows))


def _metrics(
    book: Rulebook, others: Sequence[Rulebook], titles: Mapping[str, str]
) -> Iterator[tuple[str, Family]]:
    tables: dict[str, list[Metric]] = {}
    for metric in book.metrics.values():
        tables.setdefault(metric.rule_id, []).append(metric)
    limits = [
        FamilyLimit(other.platform, as_decimal(metric.limit), metric.title)
        for other in others
        for metric in other.metrics.values()
        if _is_share(metric)
    ]
    for rule_id, metrics in tables.items():
        record = titles[rule_id]
        own = {as_decimal(metric.limit) for metric in metrics}
        foreign = tuple(one for one in limits if one.value not in own)
        rows = tuple(map(_metric_row, metrics))
        yield rule_id, Family("metric", book.platform, record, rows=rows, others=foreign)


def _is_share(metric: Metric) -> bool:
    return metric.unit[:1] in {"%", "％"} and bool(metric.denominator)


def _metric_row(metric: Metric) -> FamilyRow:
    share = _is_share(metric)
    return FamilyRow(
        metric.title,
        metric.consequence,
        low=as_decimal(metric.limit),
        unit="%" if share else metric.unit,
        part=metric.numerator,
        whole=metric.denominator if share else "",
        sign=metric.sign,
        tolerates=metric.tolerates,
        needs=metric.needs,
    )


def _levels(
    stages: Sequence[Stage], platform: str, titles: Mapping[str, str]
) -> Iterator[tuple[str, Family]]:
    """Tables whose levels ask for one figure each, the last for nothing."""
    figures = {need.figure for stage in stages for need in stage.needs if need.sign}
    single = all(len(stage.needs) == 1 and stage.needs[0].sign for stage in stages[:-1])
    if len(stages) < 3 or len(figures) != 1 or not single or not all(s.known for s in stages):
        return
    rows = [
        FamilyRow(
            stage.title,
            stage.brings,
            low=as_decimal(stage.needs[0].limit) if stage.needs else "",
            sign=stage.needs[0].sign if stage.needs else "",
            part=stage.requires,
        )
        for stage in stages
    ]
    record = titles[stages[0].rule_id]
    yield stages[0].rule_id, Family("level", platform, record, rows=tuple(rows))


def _ladders(
    stages: Sequence[Stage], platform: str, titles: Mapping[str, str]
) -> Iterator[tuple[str, Family]]:
    if len({stage.brings for stage in stages}) < 3:
        return
    rows = tuple(FamilyRow(stage.requires, stage.brings) for stage in stages)
    record = titles[stages[0].rule_id]
    yield stages[0].rule_id, Family("ladder", platform, record, rows=rows)


def _written(window: Window) -> str:
    """The window as `parse_window` reads it back."""
    match window.unit:
        case "days" | "months":
            return f"{window.number} {window.unit}"
        case "calendar-year" | "calendar-month":
            return window.unit.replace("-", " ")
        case "ever":
            return "ever"
