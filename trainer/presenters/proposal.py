"""Which rating to propose after an answer; the learner may always choose another."""

import unicodedata
from datetime import timedelta
from fractions import Fraction

from trainer.cards.model import Choice, Matching, Ordering, kind_of
from trainer.cards.showing import Showing
from trainer.presenters.answer_sheet import prompt_of
from trainer.scheduling.rating import Rating

# Silent reading, set low so that nobody is called slow for reading carefully: English adults read
# 238 words a minute (Brysbaert 2019), taken here less a third; for Chinese our own low estimate.
_SECONDS_A_LATIN_CHARACTER = 1 / 13
_SECONDS_A_HAN_CHARACTER = 1 / 3

# Time to think, on top of reading, before an answer counts as laboured.
_THINKING = {
    "number": 45.0,
    "parametric": 90.0,
    "ordering": 45.0,
    "matching": 60.0,
    "multiple-response": 30.0,
}
_THINKING_OTHERWISE = 20.0

# Kinds whose answer is produced, not picked: a quick right one is no lucky guess.
_PRODUCED = ("number", "typed", "cloze")
_QUICK = 3.0  # seconds beyond half the reading time

_NEARLY = Fraction(3, 4)  # of a many-part answer


def proposed_rating(
    showing: Showing, share: Fraction | None, taken: timedelta, *, is_new: bool
) -> Rating:
    """The rating to focus. `share` as in `cards.grading.Grade`; None is judged by the learner."""
    if share is None:
        return Rating.GOOD
    if share < 1:
        return Rating.HARD if share >= _NEARLY else Rating.AGAIN
    kind = kind_of(showing.card.body)
    reading = _reading_seconds(showing)
    seconds = taken.total_seconds()
    if seconds > reading + _THINKING.get(kind, _THINKING_OTHERWISE):
        return Rating.HARD
    if kind in _PRODUCED and not is_new and seconds < reading / 2 + _QUICK:
        return Rating.EASY
    return Rating.GOOD


def _reading_seconds(showing: Showing) -> float:
    return sum(map(_seconds_to_read, _texts(showing)))


def _texts(showing: Showing) -> list[str]:
    texts = [prompt_of(showing, answered=False)]
    match showing.card.body:
        case Choice(options=options):
            texts += [option.text for option in options]
        case Ordering(steps=steps):
            texts += steps
        case Matching(pairs=pairs):
            texts += [entry for pair in pairs for entry in pair]
        case _:
            pass
    return texts


def _seconds_to_read(text: str) -> float:
    han = sum(unicodedata.east_asian_width(character) in "WF" for character in text)
    return han * _SECONDS_A_HAN_CHARACTER + (len(text) - han) * _SECONDS_A_LATIN_CHARACTER
