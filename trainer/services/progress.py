"""What a learner has done and knows: today, the year, and each competence."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from trainer.services.study import Counts


@dataclass(frozen=True, slots=True)
class ChangedRule:
    """A rule whose answers changed since they were learned."""

    rule_id: str
    card_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Today:
    """What the Today screen shows."""

    counts: Counts
    estimate: timedelta  # how long the waiting cards will take this learner
    studied: timedelta  # time spent today
    goal_minutes: int
    streak_days: int
    by_subject: Mapping[str, Counts]
    changed: Sequence[ChangedRule]
    asked: tuple[str, ...]  # cards marked "to ask the teacher"


@dataclass(frozen=True, slots=True)
class Competence:
    name: str
    cards: int
    met: int
    known: float  # expected share of all its cards answered right today, 0..1


@dataclass(frozen=True, slots=True)
class Day:
    day: date
    answers: int
    right: int
    minutes: float


@dataclass(frozen=True, slots=True)
class Progress:
    """What the Progress screen shows. Dates are days of study."""

    days: Sequence[Day]  # days with answers, oldest first
    retention: float | None  # share of reviews (not first meetings) answered right, last 30 days
    reviews_counted: int  # n of `retention`
    forecast: Sequence[tuple[date, int]]  # cards due on each of the next 14 days
    competences: Sequence[Competence]
    cards_met: int
    cards_in_all: int
    answers: int
