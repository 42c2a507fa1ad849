"""A platform's penalty system as data: what adds up, what it costs, and what follows when."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction
from typing import Literal

from trainer.penalties.charges import Charge
from trainer.penalties.measures import Measure
from trainer.penalties.spans import Span
from trainer.penalties.windows import EVER, Window
from trainer.penalties.zones import UTC

MOST_REPEATS = 1_000
"""How often a step repeats above the last threshold: no account comes so far, and no deck hangs."""

Sign = Literal["<", "<=", ">", ">="]


@dataclass(frozen=True, slots=True)
class Threshold:
    """What happens to an account that has reached `at` points.

    On a falling track (`Track.falls`) `at` counts the points lost since the start, too, so that
    more is always worse; `Track.shown` says what the platform shows.
    """

    at: Fraction
    consequence: str
    rule_id: str
    line: int = 0
    measures: tuple[Measure, ...] = ()
    every: Fraction = Fraction(0)  # the same again after each further so many points; 0: never

    @property
    def frozen_days(self) -> int:
        """How long the account cannot work; 0 when it can, or when no length is named."""
        lengths = [m.window.number for m in self.measures if m.kind in {"frozen", "restricted"}]
        return max(lengths, default=0)

    @property
    def closes(self) -> bool:
        return any(measure.kind == "closed" for measure in self.measures)


@dataclass(frozen=True, slots=True)
class Unplaced:
    """A consequence whose number of points nobody has published."""

    consequence: str
    rule_id: str
    line: int = 0
    measures: tuple[Measure, ...] = ()


@dataclass(frozen=True, slots=True)
class Track:
    """A record on which points, strikes or cards add up. Thresholds ascend.

    A record that falls (`start` is not None) shows `start` less the points lost, never more than
    `ceiling`; `earns` is what fulfilled orders give back: points, and the orders they take.
    """

    track_id: str
    title: str
    unit: str
    rule_id: str
    window: Window = EVER
    thresholds: tuple[Threshold, ...] = ()
    unplaced: tuple[Unplaced, ...] = ()
    most_a_day: Fraction | None = None
    merge: Window | None = None  # what comes so soon after another counts together with it
    start: Fraction | None = None
    ceiling: Fraction | None = None
    earns: tuple[Fraction, int] | None = None
    line: int = 0  # of its table

    @property
    def falls(self) -> bool:
        return self.start is not None

    def shown(self, points: Fraction, orders: int = 0) -> Fraction:
        """What the platform shows for `points`; after `orders` fulfilled orders where they count.

        200 at the start, 30 lost, 4 earned for every 200 of 450 orders: 178.
        """
        if self.start is None:
            return points
        earned = self.earns[0] * (orders // self.earns[1]) if self.earns else Fraction(0)
        score = max(Fraction(0), self.start + earned - points)
        return score if self.ceiling is None else min(score, self.ceiling)

    def reached(self, points: Fraction) -> Threshold | None:
        """The highest threshold that `points` have reached."""
        found = None
        for threshold in self._steps():
            if threshold.at > points:
                break
            found = threshold
        return found

    def next_above(self, points: Fraction) -> Threshold | None:
        """The lowest threshold that `points` have not reached."""
        return next((t for t in self._steps() if t.at > points), None)

    def crossed(self, before: Fraction, after: Fraction) -> tuple[Threshold, ...]:
        """The thresholds above `before` that `after` has reached, ascending."""
        found = []
        for threshold in self._steps():
            if threshold.at > after:
                break
            if threshold.at > before:
                found.append(threshold)
        return tuple(found)

    def _steps(self) -> Iterator[Threshold]:
        """The thresholds, and the last one again and again where it says so."""
        yield from self.thresholds
        if self.thresholds and self.thresholds[-1].every > 0:
            last = self.thresholds[-1]
            for times in range(1, MOST_REPEATS):
                yield replace(last, at=last.at + last.every * times)


@dataclass(frozen=True, slots=True)
class Repeats:
    """How long a violation is remembered for counting the next time.

    `from_first` counts in years of their own: the first case opens one of length `window`, and
    what comes after its end opens the next. Otherwise each case is remembered for `window`.
    """

    window: Window = EVER
    from_first: bool = False


@dataclass(frozen=True, slots=True)
class PriceList:
    """What holds for all rows of one table of violations or fines."""

    list_id: str
    rule_id: str
    most_a_day: Fraction | None = None  # points that its rows cost together on one day
    merge: Window | None = None
    repeats: Repeats = Repeats()


@dataclass(frozen=True, slots=True)
class Violation:
    """What a breach costs: from `low` to `high` points on a track."""

    violation_id: str
    title: str
    track_id: str
    low: Fraction
    high: Fraction
    rule_id: str
    line: int = 0
    list_id: str = ""
    remarks: str = ""
    measures: tuple[Measure, ...] = ()  # beside the points
    also: tuple[str, ...] = ()  # rows that the same act falls under, too
    family: str = ""  # id of the row of the first time; "" when every time costs the same
    from_time: int = 1  # from this time on the row holds
    since: date | None = None  # first and last day on which the row holds
    until: date | None = None

    def holds_on(self, day: date) -> bool:
        return _within(day, self.since, self.until)


@dataclass(frozen=True, slots=True)
class Fine:
    """A breach that costs money, or has a consequence of its own, without known points.

    With a `track_id` it also costs points there, and the platform does not publish how many.
    """

    violation_id: str
    title: str
    amount: str
    remarks: str
    rule_id: str
    line: int = 0
    list_id: str = ""
    charge: Charge | None = None
    track_id: str = ""
    measures: tuple[Measure, ...] = ()
    also: tuple[str, ...] = ()
    since: date | None = None
    until: date | None = None

    def holds_on(self, day: date) -> bool:
        return _within(day, self.since, self.until)


@dataclass(frozen=True, slots=True)
class Metric:
    """A figure the platform watches, and the limit it must keep."""

    metric_id: str
    title: str
    numerator: str
    denominator: str
    window: str  # as written
    sign: Sign
    limit: Fraction  # in `unit`: 1 for "< 1 %"
    unit: str
    consequence: str
    rule_id: str
    line: int = 0
    spans: tuple[Span, ...] = ()  # the window to compute with; () when nobody names it
    busy: int = 0  # so many orders in the first span: it alone is looked at; 0: see all spans
    tolerates: int = 0  # so many bad ones never break the limit, whatever the rate
    needs: int = 0  # with fewer orders the metric is not judged

    @property
    def judged_together(self) -> bool:
        """Whether the limit must be kept in every span; otherwise one span is chosen by `busy`."""
        return self.busy == 0

    def holds(self, value: Fraction) -> bool:
        """Whether a value in the metric's own unit keeps the limit."""
        match self.sign:
            case "<":
                return value < self.limit
            case "<=":
                return value <= self.limit
            case ">":
                return value > self.limit
            case ">=":
                return value >= self.limit


@dataclass(frozen=True, slots=True)
class Condition:
    """Something a level asks for: `figure` compared with `limit`, or the metric `figure` kept."""

    figure: str
    sign: Sign | Literal[""] = ""
    limit: Fraction = Fraction(0)


@dataclass(frozen=True, slots=True)
class Stage:
    """A level (tier) or a step of a ladder: what brings an account there, and what follows."""

    stage_id: str
    title: str
    requires: str
    brings: str
    rule_id: str
    line: int = 0
    needs: tuple[Condition, ...] = ()  # what of `requires` can be computed with
    known: bool = True  # False: the platform asks for more than it publishes
    measures: tuple[Measure, ...] = ()


@dataclass(frozen=True, slots=True)
class Evaluation:
    """When levels are worked out: on a day of the month (0: its last), shown on a later one."""

    evaluated: int = 0
    shown: int = 0  # day of the same month, or of the next when it is not after `evaluated`
    looks_back: Window | None = None


@dataclass(frozen=True, slots=True)
class Rulebook:
    """All tables of one platform. `zone` is the IANA name of the zone its days are counted in."""

    platform: str
    tracks: Mapping[str, Track] = field(default_factory=dict)
    violations: Mapping[str, Violation] = field(default_factory=dict)
    fines: Mapping[str, Fine] = field(default_factory=dict)
    metrics: Mapping[str, Metric] = field(default_factory=dict)
    tiers: Mapping[str, tuple[Stage, ...]] = field(default_factory=dict)  # by table, best first
    ladders: Mapping[str, tuple[Stage, ...]] = field(default_factory=dict)
    price_lists: Mapping[str, PriceList] = field(default_factory=dict)
    evaluations: Mapping[str, Evaluation] = field(default_factory=dict)  # by table of tiers
    zone: str = UTC

    def knows(self, violation_id: str) -> bool:
        return violation_id in self.violations or violation_id in self.fines

    def row(self, violation_id: str) -> Violation | Fine | None:
        return self.violations.get(violation_id) or self.fines.get(violation_id)

    def family(self, first_id: str) -> tuple[Violation, ...]:
        """The rows of an act that costs more each time, first time first."""
        rows = (v for v in self.violations.values() if (v.family or v.violation_id) == first_id)
        return tuple(sorted(rows, key=lambda row: row.from_time))


def _within(day: date, since: date | None, until: date | None) -> bool:
    return (since is None or since <= day) and (until is None or day <= until)
