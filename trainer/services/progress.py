"""What a learner has done and knows: today, the year, and each competence."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import takewhile
from typing import TypeVar

from trainer.decks.model import COMPETENCES
from trainer.foundation.clock import Clock
from trainer.foundation.settings import MINUTES_A_DAY, NEW_CARDS_A_DAY, Settings
from trainer.scheduling.days import Moment, date_of, moment_of, number_of
from trainer.scheduling.memory import Scheduler
from trainer.scheduling.queue import one_a_note
from trainer.services.content_library import Library, ReportProgress
from trainer.services.learning_record import open_caches, parameters_of
from trainer.services.study import MOST_WANTED, Counts, wanted_first
from trainer.storage.database import told
from trainer.storage.learners import LearnerFile
from trainer.storage.study_sums import DaySums, StudySums
from trainer.storage.waiting_cards import WaitingCards

RETENTION_DAYS = 30
FORECAST_DAYS = 14

# Before a learner has shown a pace of their own: our own estimate.
_SECONDS_AN_ANSWER = 12.0
_ANSWERS_A_CARD = 1.6
_ANSWERS_FOR_A_PACE = 50

T = TypeVar("T")


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
    known: float  # expected share of all its cards answered right today; unmet ones count 0


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


def today_of(
    learner: LearnerFile,
    library: Library,
    clock: Clock,
    settings: Settings | None = None,
    *,
    report: ReportProgress | None = None,
) -> Today:
    """What waits today, and what has been done. `settings` None are the learner's own.

    Counts by subject say what a sitting over that subject alone would bring. Raises TrainerError.
    """
    chosen = settings or learner.settings

    def gather(sums: StudySums, cards: WaitingCards, now: Moment, _scheduler: Scheduler) -> Today:
        done = sums.on(date_of(now.day))
        room = max(0, chosen[NEW_CARDS_A_DAY] - done.first_answers)
        touched = cards.notes_since(now.day_begins(now.day))
        new = len(one_a_note(cards.new(now.at), touched, room))
        learning = cards.learning(now.at, now.day_begins(now.day + 1))
        wanted = wanted_first(cards, now.at, touched)[:MOST_WANTED]
        early = {card.card_id for card, met in wanted if not met or card.due > now.at}
        early |= {card.card_id for card in cards.changed(now.at) if card.due > now.at}
        due = cards.count_due(now.at) + len(early)
        return Today(
            counts=Counts(new, len(learning), due, done.answers),
            estimate=_estimate(sums.since(date_of(now.day - RETENTION_DAYS)), new + due, learning),
            studied=timedelta(milliseconds=done.taken_ms),
            goal_minutes=chosen[MINUTES_A_DAY],
            streak_days=_streak(sums.days(), now.day),
            by_subject=_by_subject(sums, now, room),
            changed=[ChangedRule(*changed) for changed in sums.changed_rules()],
            asked=tuple(sums.asked()),
        )

    return _gathered(learner, library, clock, report, gather)


def progress_of(
    learner: LearnerFile,
    library: Library,
    clock: Clock,
    *,
    report: ReportProgress | None = None,
) -> Progress:
    """What has been learned. May be called in any thread. Raises TrainerError.

    The forecast begins tomorrow and takes no account of cards that will be met or forgotten until
    then. A competence is known to the share of all its cards, met or not, that the memory model
    expects to be answered right today; a card not met counts as not known.
    """

    def gather(
        sums: StudySums, _cards: WaitingCards, now: Moment, scheduler: Scheduler
    ) -> Progress:
        days = sums.days()
        month = sums.since(date_of(now.day - RETENTION_DAYS + 1))
        competences = _competences(sums, now, scheduler)
        dues = sums.dues(now.day_begins(now.day + 1), FORECAST_DAYS)
        return Progress(
            days=[Day(day, one.answers, one.right, one.taken_ms / 60_000) for day, one in days],
            retention=month.recalled / month.reviews if month.reviews else None,
            reviews_counted=month.reviews,
            forecast=[
                (date_of(now.day + 1 + ahead), dues[ahead]) for ahead in range(FORECAST_DAYS)
            ],
            competences=competences,
            cards_met=sum(competence.met for competence in competences),
            cards_in_all=sum(competence.cards for competence in competences),
            answers=sum(one.answers for _, one in days),
        )

    return _gathered(learner, library, clock, report, gather)


def _gathered(
    learner: LearnerFile,
    library: Library,
    clock: Clock,
    report: ReportProgress | None,
    gather: Callable[[StudySums, WaitingCards, Moment, Scheduler], T],
) -> T:
    scheduler = Scheduler(parameters_of(learner))
    with closing(open_caches(learner, library, clock, scheduler, report)) as connection:
        now = moment_of(clock.now())
        with told(learner.path):
            cards = WaitingCards(connection, learner.path)
            return gather(StudySums(connection), cards, now, scheduler)


def _estimate(lately: DaySums, cards: int, learning: Sequence[object]) -> timedelta:
    """How long the waiting cards take at the learner's own pace of the last days: a card takes
    more than one answer when it is new or forgotten."""
    seconds, answers = _SECONDS_AN_ANSWER, _ANSWERS_A_CARD
    if lately.answers >= _ANSWERS_FOR_A_PACE:
        seconds = lately.taken_ms / lately.answers / 1000
        answers = lately.answers / max(1, lately.first_answers + lately.reviews)
    return timedelta(seconds=round(seconds * (answers * cards + len(learning))))


def _streak(days: Sequence[tuple[date, DaySums]], today_: int) -> int:
    """Days of study in a row up to today, or up to yesterday when today has not begun."""
    numbers = {number_of(day) for day, _ in days}
    last = today_ if today_ in numbers else today_ - 1
    return sum(1 for _ in takewhile(numbers.__contains__, range(last, -1, -1)))


def _by_subject(sums: StudySums, now: Moment, room: int) -> dict[str, Counts]:
    done = sums.answers_by_subject(date_of(now.day))
    waiting = sums.waiting_by_subject(now.at, now.day_begins(now.day + 1))
    return {
        subject: Counts(min(room, new), learning, due, done.get(subject, 0))
        for subject, (new, learning, due) in waiting.items()
    }


def _competences(sums: StudySums, now: Moment, scheduler: Scheduler) -> list[Competence]:
    """Every competence that has cards, in the order of the curriculum."""
    in_all = sums.cards_by_competence()
    met: dict[str, int] = dict.fromkeys(in_all, 0)
    known: dict[str, float] = dict.fromkeys(in_all, 0.0)
    for competence, passed in sums.memories(now.day):
        met[competence] += 1
        known[competence] += scheduler.retrievability(1.0, passed)
    names: list[str] = [name for name in COMPETENCES if name in in_all]
    names += sorted(in_all.keys() - set(names))
    return [Competence(name, in_all[name], met[name], known[name] / in_all[name]) for name in names]
