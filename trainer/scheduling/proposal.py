"""The rating that an answer suggests; the learner may choose another."""

from datetime import timedelta
from typing import NamedTuple

from trainer.scheduling.memory import MATURE_DAYS
from trainer.scheduling.rating import Rating


class Pace(NamedTuple):
    """Seconds: up to `quick` an answer was ready, from `slow` on it had to be worked out."""

    quick: float
    slow: float


# Starting figures for reading and answering on a lab PC, in a foreign language. They are our own
# estimate, not measured.
PACES = {
    "recall": Pace(6, 30),
    "term": Pace(4, 20),
    "cloze": Pace(6, 30),
    "single-choice": Pace(8, 40),
    "multiple-response": Pace(12, 60),
    "true-false": Pace(5, 25),
    "number": Pace(8, 60),
    "typed": Pace(8, 40),
    "ordering": Pace(15, 75),
    "matching": Pace(15, 75),
    "parametric": Pace(20, 120),
}
_OTHER = Pace(8, 60)


def propose(correct: bool | None, taken: timedelta, kind: str, stability: float = 0.0) -> Rating:
    """Wrong: Again; right but slow: Hard; right: Good; quick, and well learned already: Easy.

    `correct` is None when only the learner can judge (Good is proposed). `kind` is one of
    cards.model.KINDS; `stability` is that of the card before this answer, in days.
    """
    if correct is None:
        return Rating.GOOD
    if not correct:
        return Rating.AGAIN
    pace = PACES.get(kind, _OTHER)
    seconds = taken.total_seconds()
    if seconds >= pace.slow:
        return Rating.HARD
    if seconds <= pace.quick and stability >= MATURE_DAYS:
        return Rating.EASY
    return Rating.GOOD
