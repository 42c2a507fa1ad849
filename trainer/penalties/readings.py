"""What a metric reads for given orders, whether its limit holds, and which level that makes."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from typing import Literal

from trainer.penalties.rulebook import Condition, Evaluation, Metric, Stage
from trainer.penalties.spans import Span

Verdict = Literal["holds", "broken", "tolerated", "too-few", "no-orders"]


@dataclass(frozen=True, slots=True)
class OrderCount:
    """What came in on a day, as a metric counts it: `part` of `whole`.

    `part` is the numerator (defective orders; orders scanned in time), `people` how many different
    buyers stand behind it where a rule asks for that.
    """

    day: date
    part: int
    whole: int
    people: int | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """A metric in one span. `value` is in the metric's unit; None without orders."""

    metric: Metric
    part: int
    whole: int
    value: Fraction | None
    verdict: Verdict
    span: Span | None = None
    first: date | None = None  # the days that were looked at
    last: date | None = None

    @property
    def holds(self) -> bool:
        """Whether nothing follows: the limit is kept, or the rule does not look yet."""
        return self.verdict != "broken"


def read_counts(
    metric: Metric, part: int, whole: int, people: int | None = None, span: Span | None = None
) -> Reading:
    """`part` of `whole` against the limit.

    5 defective of 400 at "< 1 %" is 1.25 %, broken. A rate over the limit is tolerated when no
    more than `metric.tolerates` stand behind it (buyers where `people` is given, else cases), and
    not judged when there are fewer orders than the metric needs.
    """
    if whole <= 0:
        return Reading(metric, part, whole, None, "no-orders", span)
    value = Fraction(part, whole) * (100 if "%" in metric.unit or "％" in metric.unit else 1)
    if whole < metric.needs:
        verdict: Verdict = "too-few"
    elif metric.holds(value):
        verdict = "holds"
    elif metric.tolerates and (part if people is None else people) <= metric.tolerates:
        verdict = "tolerated"
    else:
        verdict = "broken"
    return Reading(metric, part, whole, value, verdict, span)


def reading_on(metric: Metric, orders: Iterable[OrderCount], day: date) -> tuple[Reading, ...]:
    """What the metric reads on `day`: one reading for each span that is looked at.

    Where the span depends on volume (`metric.busy`), the short one counts with so many orders in
    it, else the long one. () when nobody has published the window.
    """
    counts = list(orders)
    readings = [_reading(metric, counts, span, day) for span in metric.spans]
    if metric.busy and len(readings) > 1:
        return (readings[0] if readings[0].whole >= metric.busy else readings[-1],)
    return tuple(readings)


def _reading(metric: Metric, counts: Sequence[OrderCount], span: Span, day: date) -> Reading:
    first, last = span.days(day)
    within = [count for count in counts if first <= count.day <= last]
    people = [count.people for count in within if count.people is not None]
    found = read_counts(
        metric,
        sum(count.part for count in within),
        sum(count.whole for count in within),
        sum(people) if people else None,
        span,
    )
    return Reading(metric, found.part, found.whole, found.value, found.verdict, span, first, last)


@dataclass(frozen=True, slots=True)
class LevelReading:
    """Which level given figures make. `levels` are the ones that are possible, best first.

    More than one: the platform asks for more than it publishes, and better levels than the last
    of them are possible but not sure. () when the table has none for these figures.
    """

    levels: tuple[Stage, ...]
    missed: tuple[tuple[Stage, tuple[Condition, ...]], ...]  # better levels, and why not

    @property
    def certain(self) -> Stage | None:
        return self.levels[0] if len(self.levels) == 1 and self.levels[0].known else None


def level_for(
    stages: Sequence[Stage],
    figures: Mapping[str, Fraction],
    kept: Mapping[str, bool] | None = None,
) -> LevelReading:
    """The level that `figures` (by name) and `kept` metrics (by id) make; best level first.

    A figure or metric that is not given counts as missed.
    """
    possible: list[Stage] = []
    missed: list[tuple[Stage, tuple[Condition, ...]]] = []
    for stage in stages:
        lacking = tuple(
            condition for condition in stage.needs if not _met(condition, figures, kept or {})
        )
        if lacking:
            missed.append((stage, lacking))
            continue
        possible.append(stage)
        if stage.known:
            break
    return LevelReading(tuple(possible), tuple(missed))


def _met(condition: Condition, figures: Mapping[str, Fraction], kept: Mapping[str, bool]) -> bool:
    if not condition.sign:
        return kept.get(condition.figure, False)
    value = figures.get(condition.figure)
    if value is None:
        return False
    match condition.sign:
        case "<":
            return value < condition.limit
        case "<=":
            return value <= condition.limit
        case ">":
            return value > condition.limit
        case ">=":
            return value >= condition.limit


def evaluated_on(evaluation: Evaluation, day: date) -> date:
    """The latest evaluation day up to and including `day`: 20 March for 19 April at the 20th."""
    this_month = _of_month(evaluation, day)
    if this_month <= day:
        return this_month
    return _of_month(evaluation, day.replace(day=1) - timedelta(days=1))


def next_evaluation(evaluation: Evaluation, day: date) -> date:
    """The first evaluation day after `day`."""
    this_month = _of_month(evaluation, day)
    return this_month if this_month > day else _of_month(evaluation, _next_month(day))


def shown_on(evaluation: Evaluation, evaluated: date) -> date:
    """The day on which the level worked out on `evaluated` shows."""
    if not evaluation.shown or evaluation.shown == evaluation.evaluated:
        return evaluated
    after = evaluation.evaluated and evaluation.shown > evaluation.evaluated
    month = evaluated.replace(day=1) if after else _next_month(evaluated)
    return month.replace(day=evaluation.shown)


def _of_month(evaluation: Evaluation, day: date) -> date:
    last = _next_month(day) - timedelta(days=1)
    wanted = evaluation.evaluated or 31
    return last if wanted >= last.day else day.replace(day=wanted)


def _next_month(day: date) -> date:
    return (day.replace(day=1) + timedelta(days=31)).replace(day=1)
