"""What the Progress page says: each chart with the sentence above it, and the figures in it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from trainer.services.progress import Progress

ENOUGH_REVIEWS = 20  # fewer say nothing about retention
WINDOW_DAYS = 30


@dataclass(frozen=True, slots=True)
class CompetenceLine:
    name: str
    known: float  # share of all its cards, 0..1
    met_share: float
    met: int
    cards: int


@dataclass(frozen=True, slots=True)
class ProgressPage:
    """`answers` by day for the calendar. Shares are 0..1; `retention` None without enough reviews.

    `weakest` is the competence to look at next, "" when none was begun.
    """

    empty: bool
    answers: Mapping[date, int]
    study_days: int  # with answers, in the last 30 days
    minutes: int  # in the last 30 days
    cards_met: int
    cards_in_all: int
    met_share: float
    all_answers: int
    retention: float | None
    reviews_counted: int
    reviews_missing: int  # until retention can be told
    forecast: tuple[tuple[date, int], ...]
    due_tomorrow: int
    due_in_week: int
    heaviest: tuple[date, int] | None
    competences: tuple[CompetenceLine, ...]
    weakest: str


def progress_page(progress: Progress, today: date) -> ProgressPage:
    """The page for `progress` as of the day of study `today`."""
    since = today - timedelta(days=WINDOW_DAYS - 1)
    recent = [day for day in progress.days if since <= day.day <= today and day.answers]
    lines = tuple(
        CompetenceLine(
            each.name,
            each.known,
            each.met / each.cards if each.cards else 0.0,
            each.met,
            each.cards,
        )
        for each in progress.competences
        if each.cards
    )
    enough = progress.reviews_counted >= ENOUGH_REVIEWS
    coming = [(day, count) for day, count in progress.forecast if day > today]
    week = [count for day, count in coming if day <= today + timedelta(days=7)]
    begun = [line for line in lines if line.met]
    heaviest = max(coming, key=lambda entry: entry[1], default=None)
    return ProgressPage(
        empty=progress.answers == 0,
        answers={day.day: day.answers for day in progress.days},
        study_days=len(recent),
        minutes=round(sum(day.minutes for day in recent)),
        cards_met=progress.cards_met,
        cards_in_all=progress.cards_in_all,
        met_share=progress.cards_met / progress.cards_in_all if progress.cards_in_all else 0.0,
        all_answers=progress.answers,
        retention=progress.retention if enough else None,
        reviews_counted=progress.reviews_counted,
        reviews_missing=max(0, ENOUGH_REVIEWS - progress.reviews_counted),
        forecast=tuple(progress.forecast),
        due_tomorrow=sum(count for day, count in coming if day == today + timedelta(days=1)),
        due_in_week=sum(week),
        heaviest=heaviest if heaviest is not None and heaviest[1] else None,
        competences=lines,
        weakest=min(begun, key=lambda line: line.known / line.met_share).name if begun else "",
    )
