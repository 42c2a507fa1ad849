"""How the account stands: metrics from the day books, levels, restrictions, and what they do to
trade. The limits, levels and measures are the platform's own table rows."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from fractions import Fraction

import msgspec

from trainer.penalties.account import Restriction
from trainer.penalties.measures import MeasureKind
from trainer.penalties.readings import (
    OrderCount,
    Reading,
    evaluated_on,
    level_for,
    read_counts,
    reading_on,
)
from trainer.penalties.rulebook import Metric
from trainer.penalties.shop.rules import Rules
from trainer.penalties.shop.state import DayBook, Gauge, State
from trainer.penalties.shop.world import Counting

HISTORY_DAYS = 60
"""So long the shop has been trading before the month, without a mistake."""
_MESSAGES_A_DAY, _USUAL_REPLY = 2, 6
_WITHOUT_WINDOW = 30  # days, where the platform does not say how far it looks back

# What a measure leaves of the usual demand, in percent.
TRADE_UNDER: Mapping[MeasureKind, int] = {
    "frozen": 0,
    "closed": 0,
    "hidden": 20,
    "restricted": 30,
    "no-listing": 85,
    "no-marketing": 90,
}

_COUNTS: Mapping[str, Callable[[DayBook], int]] = {
    "orders": lambda book: book.orders,
    "uncancelled": lambda book: book.orders - book.cancelled,
    "sent": lambda book: sum(book.sent),
    "late": lambda book: book.late,
    "in-time": lambda book: sum(book.sent) - book.late + book.unfilled,
    "send-days": lambda book: sum(days * orders for days, orders in enumerate(book.sent)),
    "cancelled": lambda book: book.cancelled,
    "unfilled": lambda book: book.unfilled,
    "dropped": lambda book: book.cancelled + book.unfilled,
    "tracked": lambda book: book.tracked,
    "delivered": lambda book: book.delivered,
    "on-time": lambda book: book.on_time,
    "refunds": lambda book: book.refunds,
    "disputes": lambda book: book.disputes,
    "defects": lambda book: book.defects,
    "unresolved": lambda book: book.unresolved,
    "unresolved-or-dropped": lambda book: book.unresolved + book.cancelled + book.unfilled,
    "messages": lambda book: book.messages,
    "answered": lambda book: book.answered,
    "reply-hours": lambda book: book.reply_hours,
}
_SENT_WITHIN = "sent-within-"


def knows_count(word: str) -> bool:
    """Whether the day books can answer `word`: "late", "sent-within-3" …"""
    if word.startswith(_SENT_WITHIN):
        days = word.removeprefix(_SENT_WITHIN)
        return days.isascii() and days.isdigit() and len(days) <= 2
    return word in _COUNTS


def count_words() -> tuple[str, ...]:
    return (*_COUNTS, f"{_SENT_WITHIN}N")


def counted(book: DayBook, word: str) -> int:
    """What `word` counts in a day's book. Raises KeyError for a word that is none."""
    if word.startswith(_SENT_WITHIN):
        return sum(book.sent[: int(word.removeprefix(_SENT_WITHIN)) + 1])
    return _COUNTS[word](book)


def clean_day(rules: Rules) -> DayBook:
    """A day before the month: every order sent at once, arrived, and nobody complained."""
    orders = rules.platform.orders * rules.product.demand // 1_000_000
    return DayBook(
        orders=orders,
        sent=(orders,),
        tracked=orders,
        delivered=orders,
        on_time=orders,
        messages=_MESSAGES_A_DAY,
        answered=_MESSAGES_A_DAY,
        reply_hours=_MESSAGES_A_DAY * _USUAL_REPLY,
    )


def read(rules: Rules, state: State, counting: Counting) -> tuple[Metric, Reading]:
    """A metric at the end of the state's day; the worst of its spans where several count."""
    metric = rules.book.metrics[counting.metric_id]
    today = rules.date_of(state.day)
    counts = _history(rules, counting)
    counts += [
        OrderCount(
            rules.date_of(number), counted(book, counting.part), counted(book, counting.whole)
        )
        for number, book in enumerate(state.books, start=1)
    ]
    readings = reading_on(metric, counts, today)
    if not readings:
        first = today - timedelta(days=_WITHOUT_WINDOW - 1)
        recent = [one for one in counts if first <= one.day <= today]
        part, whole = (
            sum(one.part for one in recent),
            sum(one.whole for one in recent),
        )
        readings = (read_counts(metric, part, whole),)
    worst = next((one for one in readings if not one.holds), readings[0])
    return metric, worst


def _history(rules: Rules, counting: Counting) -> list[OrderCount]:
    book = clean_day(rules)
    part, whole = counted(book, counting.part), counted(book, counting.whole)
    return [OrderCount(rules.date_of(1 - back), part, whole) for back in range(1, HISTORY_DAYS + 1)]


def gauges(rules: Rules, state: State) -> tuple[Gauge, ...]:
    """Every metric of the platform at the end of the day."""
    before = {one.metric_id: one for one in state.figures[-1].gauges} if state.figures else {}
    found = []
    for counting in rules.countings:
        metric, reading = read(rules, state, counting)
        broken = not reading.holds
        known = before.get(metric.metric_id)
        days = (known.days if known else 0) + 1 if broken else 0
        value = "" if reading.value is None else str(reading.value)
        found.append(Gauge(metric.metric_id, reading.part, reading.whole, value, broken, days))
    return tuple(found)


def closing_metric(rules: Rules, found: tuple[Gauge, ...]) -> str:
    """The metric that has been broken for so long that the shop is closed; "" when none has."""
    by_metric = {one.metric_id: one for one in rules.countings}
    for gauge in found:
        limit = by_metric[gauge.metric_id].closes
        if limit and gauge.days >= limit:
            return gauge.metric_id
    return ""


def level(rules: Rules, state: State, found: tuple[Gauge, ...]) -> str:
    """The level after the day: worked out on the platform's days of evaluation, else unchanged.

    Only a level that the published figures make certain is given.
    """
    today = rules.date_of(state.day)
    kept = {gauge.metric_id: not gauge.broken for gauge in found}
    for table, stages in rules.book.tiers.items():
        evaluation = rules.book.evaluations.get(table)
        if evaluation is None or evaluated_on(evaluation, today) != today:
            continue
        certain = level_for(stages, _order_figures(rules, state), kept).certain
        if certain is not None and certain.stage_id:
            return certain.stage_id
    return state.level


def _order_figures(rules: Rules, state: State) -> dict[str, Fraction]:
    """Orders of the last 30 and 90 days, as levels ask for them."""
    usual = clean_day(rules).orders
    found = {}
    for length in (30, 90):
        own = sum(book.orders for book in state.books[-length:])
        earlier = max(0, min(length - len(state.books), HISTORY_DAYS)) * usual
        found[f"orders-{length}d"] = Fraction(own + earlier)
    return found


def restrictions(rules: Rules, state: State) -> tuple[Restriction, ...]:
    return rules.account(state).in_force(rules.date_of(state.day))


def is_under(rules: Rules, state: State, *kinds: MeasureKind) -> bool:
    return any(one.measure.kind in kinds for one in restrictions(rules, state))


def trade_left(rules: Rules, state: State) -> int:
    """What restrictions, metrics and the level leave of the usual demand, per thousand."""
    left = 1000
    for one in restrictions(rules, state):
        left = left * TRADE_UNDER.get(one.measure.kind, 100) // 100
    if state.figures:
        broken = {gauge.metric_id for gauge in state.figures[-1].gauges if gauge.broken}
        for counting in rules.countings:
            if counting.metric_id in broken:
                left = left * max(0, 100 + counting.demand) // 100
    for effect in rules.world.levels:
        if effect.platform_id == rules.setup.platform and effect.stage_id == state.level:
            left = left * max(0, 100 + effect.demand) // 100
    return left


def points_by_track(rules: Rules, state: State) -> dict[str, str]:
    """The records on which something stands, as fractions."""
    today = rules.date_of(state.day)
    account = rules.account(state)
    found = {}
    for track_id in rules.book.tracks:
        points = account.points(track_id, today)
        if points:
            found[track_id] = str(points)
    return found


def total_points(rules: Rules, state: State) -> int:
    """All points and strikes on all records, rounded down: what an event's `needs` asks."""
    points = points_by_track(rules, state).values()
    return int(sum((Fraction(one) for one in points), Fraction(0)))


def with_book(state: State, day: int, **changes: int) -> State:
    """`state` with amounts added in the book of `day`; a day that is none is the nearest."""
    place = min(max(day, 1), len(state.books)) - 1
    book = state.books[place]
    added = {name: getattr(book, name) + number for name, number in changes.items()}
    books = list(state.books)
    books[place] = msgspec.structs.replace(book, **added)
    return msgspec.structs.replace(state, books=tuple(books))
