"""Families of the tables that are no records: prices, bills, metrics, levels and ladders."""

from collections.abc import Sequence
from datetime import date, timedelta
from fractions import Fraction

from trainer.cards.families import Drawn, choice_of, number_body
from trainer.cards.family_words import Words
from trainer.cards.formula import round_half_up
from trainer.cards.model import Family, FamilyLimit, FamilyRow
from trainer.cards.parametric import as_decimal
from trainer.foundation.chance import Chance
from trainer.penalties.charges import parse_charge
from trainer.penalties.readings import Verdict, level_for, read_counts
from trainer.penalties.rulebook import Condition, Metric, Sign, Stage

_SIGNS: dict[str, Sign] = {"<": "<", "<=": "<=", ">": ">", ">=": ">="}
_SHOWN = {"<": "<", "<=": "≤", ">": ">", ">=": "≥"}
_VOLUMES = (100, 120, 150, 160, 200, 240, 250, 300, 400, 500, 600, 800, 1000, 1200, 2000)
_WORTH = (4, 6, 8, 12, 15, 18, 20, 25, 30, 40, 50, 60, 80)
_EARLIEST = date(2020, 1, 6)


def draw_table(body: Family, chance: Chance, words: Words) -> Drawn | None:
    """One draw; None when it would make no sense and another has to be made."""
    match body.about:
        case "price":
            return _price(body, chance, words)
        case "bill":
            return _bill(body, chance, words)
        case "metric":
            return _metric(body, chance, words)
        case "level":
            return _level(body, chance, words)
        case _:
            return _ladder(body, chance, words)


def price_label(row: FamilyRow, unit: str, words: Words) -> str:
    """What a violation costs: "6 points", "2 to 48 points"."""
    high = words.amount(Fraction(row.high), unit)
    if row.low == row.high:
        return high
    return words("range", low=as_decimal(Fraction(row.low)), high=high)


def _price(body: Family, chance: Chance, words: Words) -> Drawn | None:
    row = chance.choice([row for row in body.rows if row.asked])
    right = price_label(row, body.unit, words)
    # Near prices first: they are the ones that are mixed up.
    others = sorted(
        (other for other in body.rows if (other.low, other.high) != (row.low, row.high)),
        key=lambda other: (abs(Fraction(other.low) - Fraction(row.low)), other.title),
    )
    wrong = [
        (price_label(other, body.unit, words), words("price.wrong", row=other.title))
        for other in others
    ]
    choice = choice_of(right, wrong, chance)
    if choice is None:
        return None
    told = {"platform": words.platform(body.platform), "record": body.record, "row": row.title}
    return Drawn(
        words("price.question", **told),
        words("price.why", row=row.title, price=right),
        choice,
    )


def _bill(body: Family, chance: Chance, words: Words) -> Drawn | None:
    row = chance.choice(body.rows)
    charge = parse_charge(row.words)
    if charge is None or charge.up_to:
        return None
    value = Fraction(chance.choice(_WORTH))
    count = 2 + chance.below(11)
    bill = charge.of(value, count)
    single = charge.of(value, 1)
    if bill is None or single is None:
        return None
    answer = bill.high
    wrong = (
        [(single.high, words("bill.wrong.single", count=count))] if single.high != answer else []
    )
    if charge.least:
        wrong.append((charge.share * value * count, words("bill.wrong.share")))
    if charge.share and charge.sum:
        wrong.append((value * count, words("bill.wrong.value")))
    if charge.most is not None and charge.most == answer:
        piece = max(charge.sum + charge.share * value, charge.least)
        wrong.append((piece * count, words("bill.wrong.uncapped")))
    wrong = [(number, reason) for number, reason in wrong if number != answer]
    if not wrong or answer.denominator not in {1, 2, 5, 10, 20, 50, 100}:
        return None
    told = {
        "platform": words.platform(body.platform),
        "record": body.record,
        "day": words.day(_day_within(row, chance)),
        "count": count,
        "row": row.title,
        "currency": charge.currency,
        "value": as_decimal(value),
        "amount": row.words,
        "answer": as_decimal(answer),
    }
    return Drawn(
        # Where a percentage is asked for, its figures stand in the question; a sum has to be known.
        words("bill.question" if charge.share else "bill.plain", **told),
        words("bill.why", **told),
        number_body(charge.currency),
        answer,
        tuple(dict(reversed(wrong)).items()),
    )


def _day_within(row: FamilyRow, chance: Chance) -> date:
    """A day on which the row holds."""
    since = date.fromisoformat(row.since) if row.since else _EARLIEST
    until = date.fromisoformat(row.until) if row.until else max(since, date(2026, 1, 1))
    if until < since:
        since = until - timedelta(days=365)
    span = (until - since).days
    return since + timedelta(days=chance.below(min(span, 1200) + 1))


# Metrics


def metric_of(row: FamilyRow) -> Metric:
    """The metric of a row as the engine knows it."""
    return Metric(
        "",
        row.title,
        row.part,
        row.whole,
        "",
        _SIGNS[row.sign],
        Fraction(row.low),
        row.unit,
        row.words,
        "",
        tolerates=row.tolerates,
        needs=row.needs,
    )


def _metric(body: Family, chance: Chance, words: Words) -> Drawn | None:
    row = chance.choice(body.rows)
    if not row.whole:
        return _measured(body, row, chance, words)
    metric = metric_of(row)
    limit = _limit(row)
    whole = chance.choice(_VOLUMES)
    edge = metric.limit * whole / 100
    # Around the limit, and sometimes right on it: that is where people go wrong.
    part = int(edge) + chance.below(7) - 3 if chance.below(3) else int(edge)
    most = metric.limit >= 50
    if not (whole // 2 if most else 1) <= part < whole:
        return None
    reading = read_counts(metric, part, whole)
    if reading.value is None or reading.verdict == "no-orders":
        return None
    shown = _percent(reading.value)
    if _percent(reading.value) == _percent(metric.limit) and reading.value != metric.limit:
        return None
    right = words(f"metric.{reading.verdict}", value=shown, limit=limit)
    told = {"value": shown, "limit": limit, "n": row.tolerates, "part": part, "whole": whole}
    wrong: list[tuple[str, str]] = []

    def mistake(verdict: Verdict, reason: str, value: str = shown, against: str = limit) -> None:
        wrong.append((words(f"metric.{verdict}", value=value, limit=against), reason))

    opposite: Verdict = "broken" if metric.holds(reading.value) else "holds"
    match reading.verdict:
        case "tolerated":
            mistake("broken", words("metric.wrong.no-tolerance", **told))
            mistake("holds", words("metric.wrong.verdict", **told))
        case "too-few":
            mistake("broken", words("metric.verdict.too-few", n=row.needs))
            mistake("holds", words("metric.verdict.too-few", n=row.needs))
        case _:
            which = "edge" if reading.value == metric.limit else "verdict"
            mistake(opposite, words(f"metric.wrong.{which}", **told))
            if reading.verdict == "broken" and row.tolerates:
                mistake("tolerated", words("metric.wrong.tolerance", **told))
    for other in _other_limits(body, row):
        other_limit = _limit(row, other.value)
        verdict: Verdict = "holds" if _holds(row, other.value, reading.value) else "broken"
        reason = words(
            "metric.wrong.other",
            limit=other_limit,
            platform=words.platform(other.platform),
            row=other.title,
        )
        mistake(verdict, reason, against=other_limit)
    rest = whole - part
    base = Fraction(100 * part, rest)
    if base <= 100 and _percent(base) != shown:
        verdict = "holds" if metric.holds(base) else "broken"
        mistake(verdict, words("metric.wrong.base", rest=rest, whole=whole), value=_percent(base))
    choice = choice_of(right, wrong, chance)
    if choice is None:
        return None
    n = row.needs if reading.verdict == "too-few" else row.tolerates
    verdict_words = words(f"metric.verdict.{reading.verdict}", words=row.words, n=n)
    key = "metric.hidden" if _other_limits(body, row) else "metric.question"
    return Drawn(
        words(
            key,
            platform=words.platform(body.platform),
            row=row.title,
            limit=limit,
            whole=whole,
            whole_name=row.whole,
            part=part,
            part_name=row.part,
        ),
        words(
            "metric.why", part=part, whole=whole, value=shown, limit=limit, verdict=verdict_words
        ),
        choice,
    )


def _measured(body: Family, row: FamilyRow, chance: Chance, words: Words) -> Drawn | None:
    """A metric that is no share: an average against its limit."""
    metric = metric_of(row)
    value = metric.limit + Fraction(chance.below(41) - 20, 10)
    if value <= 0:
        return None
    shown, limit = f"{as_decimal(value)} {row.unit}".strip(), _limit(row)
    holds = metric.holds(value)
    verdict: Verdict = "holds" if holds else "broken"
    which = "edge" if value == metric.limit else "verdict"
    wrong = [
        (
            words("metric.broken" if holds else "metric.holds", value=shown, limit=limit),
            words(f"metric.wrong.{which}", value=shown, limit=limit),
        )
    ]
    for shift in (-3, 3):
        other = metric.limit + shift
        if other > 0:
            against = _limit(row, as_decimal(other))
            kept = "metric.holds" if _holds(row, as_decimal(other), value) else "metric.broken"
            reason = words("metric.wrong.edge", limit=limit)
            wrong.append((words(kept, value=shown, limit=against), reason))
    right = words(f"metric.{verdict}", value=shown, limit=limit)
    choice = choice_of(right, wrong, chance)
    if choice is None:
        return None
    told = {"platform": words.platform(body.platform), "row": row.title}
    why = words(f"metric.verdict.{verdict}", words=row.words, n=0)
    return Drawn(
        words("metric.value", value=shown, limit=limit, **told),
        words("metric.why-value", value=shown, limit=limit, verdict=why),
        choice,
    )


def _other_limits(body: Family, row: FamilyRow) -> Sequence[FamilyLimit]:
    """Limits of other platforms of the same size of thing: all ask for much, or all for little."""
    much = Fraction(row.low) >= 50
    return [
        other
        for other in body.others
        if (Fraction(other.value) >= 50) == much and Fraction(other.value) != Fraction(row.low)
    ][:1]


def _holds(row: FamilyRow, limit: str, value: Fraction) -> bool:
    other = FamilyRow(row.title, low=limit, unit=row.unit, sign=row.sign)
    return metric_of(other).holds(value)


def _limit(row: FamilyRow, value: str = "") -> str:
    number = as_decimal(Fraction(value or row.low))
    return f"{_SHOWN[row.sign]} {number} {row.unit}".strip()


def _percent(value: Fraction) -> str:
    return f"{as_decimal(round_half_up(value, 2), 2)} %"


# Levels and ladders


def _level(body: Family, chance: Chance, words: Words) -> Drawn | None:
    """A figure near a border, and the level that makes. Rows stand best first."""
    stages = [
        Stage(
            str(place),
            row.title,
            row.part,
            row.words,
            "",
            needs=(Condition("figure", _SIGNS[row.sign], Fraction(row.low)),) if row.sign else (),
        )
        for place, row in enumerate(body.rows)
    ]
    borders = [Fraction(row.low) for row in body.rows if row.sign]
    value = chance.choice(borders) + chance.below(41) - 20
    if chance.below(3) == 0:
        value = chance.choice(borders) - chance.below(2)
    if value < 0:
        return None
    found = level_for(stages, {"figure": value}).certain
    if found is None:
        return None
    wrong = [
        (row.title, words("level.wrong", row=row.title, condition=row.part))
        for row in body.rows
        if row.title != found.title
    ]
    choice = choice_of(found.title, wrong, chance)
    if choice is None:
        return None
    written = as_decimal(value)
    told = {"platform": words.platform(body.platform), "record": body.record, "value": written}
    return Drawn(
        words("level.question", **told),
        words("level.why", value=written, row=found.title, condition=found.requires),
        choice,
    )


def _ladder(body: Family, chance: Chance, words: Words) -> Drawn | None:
    row = chance.choice(body.rows)
    wrong = [
        (other.words, words("ladder.wrong", row=other.title))
        for other in chance.shuffled(body.rows)
        if other.words != row.words
    ]
    choice = choice_of(row.words, wrong, chance)
    if choice is None:
        return None
    told = {"platform": words.platform(body.platform), "record": body.record, "row": row.title}
    return Drawn(
        words("ladder.question", **told),
        words("ladder.why", row=row.title, words=row.words),
        choice,
    )
