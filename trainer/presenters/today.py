"""What the Today page says: the one thing to do now, and what else is waiting."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum, auto

from trainer.cards.model import Language
from trainer.services.content_library import Library
from trainer.services.progress import Today
from trainer.services.study import Counts, Selection


class Standing(Enum):
    """What the page leads with."""

    NO_DECKS = auto()  # nothing to learn on this PC
    FRESH = auto()  # nothing to repeat yet, and new cards to begin with
    WAITING = auto()  # cards wait
    DONE = auto()  # nothing waits any more today


@dataclass(frozen=True, slots=True)
class SubjectLine:
    """A platform, product or skill with cards waiting."""

    subject: str
    due: int  # with those in learning
    new: int


@dataclass(frozen=True, slots=True)
class RuleLine:
    """A rule whose answer changed since it was learned."""

    rule_id: str
    title: str
    cards: int


@dataclass(frozen=True, slots=True)
class AskedLine:
    """A card that was marked for the teacher. `question` is Markdown."""

    card_id: str
    question: str
    rule_id: str


@dataclass(frozen=True, slots=True)
class TodayPage:
    greeting: str  # message code, with the blank {name}
    standing: Standing
    waiting: int
    due: int
    new: int
    minutes: int  # how long that will take, at least 1
    studied_minutes: int
    goal_minutes: int
    goal_share: float  # 0..1
    streak_days: int
    answers_today: int
    subjects: tuple[SubjectLine, ...]
    changed: tuple[RuleLine, ...]
    changed_cards: tuple[str, ...]
    asked: tuple[AskedLine, ...]


def today_page(today: Today, library: Library, language: Language, now: datetime) -> TodayPage:
    """The page for `today`, with titles and questions in `language` where there is one."""
    counts = today.counts
    waiting = _waiting(counts)
    studied = today.studied.total_seconds() / 60
    goal = today.goal_minutes
    return TodayPage(
        greeting=_greeting(now.hour),
        standing=_standing(today, library),
        waiting=waiting,
        due=counts.due + counts.learning,
        new=counts.new,
        minutes=max(1, round(today.estimate.total_seconds() / 60)),
        studied_minutes=int(studied),
        goal_minutes=goal,
        goal_share=min(studied / goal, 1.0) if goal > 0 else 0.0,
        streak_days=today.streak_days,
        answers_today=counts.done,
        subjects=_subjects(today),
        changed=tuple(_changed(today, library, language)),
        changed_cards=tuple(card for one in today.changed for card in one.card_ids),
        asked=tuple(_asked(today.asked, library, language)),
    )


def subject_selection(subject: str) -> Selection:
    return Selection(subjects=(subject,))


def _waiting(counts: Counts) -> int:
    return counts.due + counts.learning + counts.new


def _standing(today: Today, library: Library) -> Standing:
    counts = today.counts
    if counts.due or counts.learning or (counts.new and (counts.done or today.streak_days)):
        return Standing.WAITING
    if counts.new:
        return Standing.FRESH
    return Standing.DONE if library.decks() else Standing.NO_DECKS


def _greeting(hour: int) -> str:
    # A day of study begins at four: whoever sits here at three is still up, not up early.
    if 4 <= hour < 12:
        return "today.good-morning"
    if 12 <= hour < 18:
        return "today.good-afternoon"
    return "today.good-evening"


def _subjects(today: Today) -> tuple[SubjectLine, ...]:
    """Most due first, so that the first tile is the one that matters most."""
    lines = [
        SubjectLine(subject, counts.due + counts.learning, counts.new)
        for subject, counts in today.by_subject.items()
        if _waiting(counts)
    ]
    return tuple(sorted(lines, key=lambda line: (-line.due, -line.new, line.subject)))


def _changed(today: Today, library: Library, language: Language) -> Sequence[RuleLine]:
    lines = []
    for changed in today.changed:
        rule = library.rule(changed.rule_id, language)
        title = rule.title if rule is not None else changed.rule_id.rpartition("#")[2]
        lines.append(RuleLine(changed.rule_id, title, len(changed.card_ids)))
    return lines


def _asked(card_ids: Sequence[str], library: Library, language: Language) -> Sequence[AskedLine]:
    lines = []
    for card_id in card_ids:
        card = library.card(card_id, language)
        if card is not None:
            lines.append(AskedLine(card_id, card.question, card.rule_id))
    return lines
