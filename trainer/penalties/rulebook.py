"""A platform's penalty system as data: what adds up, what it costs, and what follows when."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Literal

from trainer.penalties.windows import EVER, Window

Sign = Literal["<", "<=", ">", ">="]


@dataclass(frozen=True, slots=True)
class Threshold:
    """What happens to an account that has reached `at` points."""

    at: Fraction
    consequence: str
    rule_id: str
    line: int = 0
    frozen_days: int = 0  # how long the account cannot work; 0 when it can
    closes: bool = False


@dataclass(frozen=True, slots=True)
class Track:
    """A record on which points, strikes or cards add up. Thresholds ascend."""

    track_id: str
    title: str
    unit: str
    rule_id: str
    window: Window = EVER
    thresholds: tuple[Threshold, ...] = ()

    def reached(self, points: Fraction) -> Threshold | None:
        """The highest threshold that `points` have reached."""
        return next((t for t in reversed(self.thresholds) if t.at <= points), None)

    def next_above(self, points: Fraction) -> Threshold | None:
        """The lowest threshold that `points` have not reached."""
        return next((t for t in self.thresholds if t.at > points), None)


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


@dataclass(frozen=True, slots=True)
class Fine:
    """A breach that costs money or has a consequence of its own, without points."""

    violation_id: str
    title: str
    amount: str
    remarks: str
    rule_id: str
    line: int = 0


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
class Stage:
    """A level (tier) or a step of a ladder: what brings an account there, and what follows."""

    stage_id: str
    title: str
    requires: str
    brings: str
    rule_id: str
    line: int = 0


@dataclass(frozen=True, slots=True)
class Rulebook:
    """All tables of one platform."""

    platform: str
    tracks: Mapping[str, Track] = field(default_factory=dict)
    violations: Mapping[str, Violation] = field(default_factory=dict)
    fines: Mapping[str, Fine] = field(default_factory=dict)
    metrics: Mapping[str, Metric] = field(default_factory=dict)
    tiers: Mapping[str, tuple[Stage, ...]] = field(default_factory=dict)  # by table
    ladders: Mapping[str, tuple[Stage, ...]] = field(default_factory=dict)

    def knows(self, violation_id: str) -> bool:
        return violation_id in self.violations or violation_id in self.fines
