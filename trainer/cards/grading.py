"""How right an answer is. Exact fractions, so that an edge of a tolerance is an edge."""

import itertools
import unicodedata
from dataclasses import dataclass
from fractions import Fraction

from trainer.cards.model import (
    Choice,
    Cloze,
    Day,
    Matching,
    Number,
    Ordering,
    Parametric,
    Recall,
    Term,
    TrueFalse,
    Typed,
)
from trainer.cards.numbers import parse_number, same_unit
from trainer.cards.response import (
    Chosen,
    Entered,
    GaveUp,
    Judged,
    Matched,
    Ordered,
    Response,
    SelfGraded,
)
from trainer.cards.showing import Showing

_WRONG = Fraction(0)
_RIGHT = Fraction(1)


@dataclass(frozen=True, slots=True)
class Grade:
    """`share` of the full score, 0 to 1; None when only the learner can judge."""

    share: Fraction | None
    hint: str = ""  # message code: grading.no-number, grading.unit, grading.no-day; or ""
    mistake: str = ""  # Markdown: what the learner probably mixed up, from the deck

    @property
    def correct(self) -> bool | None:
        return None if self.share is None else self.share == 1


def grade(showing: Showing, response: Response) -> Grade:
    """Grade `response`. Raises TypeError when the response does not fit the kind of card."""
    match showing.card.body, response:
        case _, GaveUp():
            return Grade(_WRONG)
        case Recall() | Term() | Cloze(), SelfGraded():
            return Grade(None)
        case Recall() | Term(), Entered():
            return Grade(None)
        case Cloze() as body, Entered(text=text):
            return Grade(_share(same_text(text, _hidden_text(body))))
        case Choice() as body, Chosen(options=chosen):
            return Grade(_choice_share(body, frozenset(chosen)))
        case TrueFalse(truth=truth), Judged(truth=judged):
            return Grade(_share(truth is judged))
        case Number() as body, Entered(text=text):
            return _number(text, Fraction(body.value), Fraction(body.tolerance), body.unit)
        case Parametric() as body, Entered(text=text):
            return _parametric(showing, body, text)
        case Day(), Entered(text=text):
            return _day(showing, text)
        case Typed(accepted=accepted), Entered(text=text):
            return Grade(_share(any(same_text(text, wanted) for wanted in accepted)))
        case Ordering() as body, Ordered(steps=steps):
            return Grade(_order_share(body, steps))
        case Matching() as body, Matched(rights=rights):
            return Grade(_match_share(body, rights))
        case body, _:
            kinds = f"{type(body).__name__} / {type(response).__name__}"
            raise TypeError(f"this answer does not fit the card: {kinds}")


def same_text(typed: str, wanted: str) -> bool:
    """Whether two texts say the same but for case, width (Ａ/A), spaces and closing marks."""
    return _bare(typed) == _bare(wanted)


def _bare(text: str) -> str:
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(folded.split()).strip(".。,，;；:：!?'\"“”‘’").replace("’", "'")


def _share(right: bool) -> Fraction:
    return _RIGHT if right else _WRONG


def _hidden_text(body: Cloze) -> str:
    part = next(part for part in body.parts if part.key == body.hidden)
    return body.text[part.start : part.end]


def _choice_share(body: Choice, chosen: frozenset[int]) -> Fraction:
    """Single choice is all or nothing. Multiple response by the card's rule:

    all: everything right or nothing; right-minus-wrong: right ones less wrong ones, over the
    number of right options, never below 0; per-option: the share of options judged rightly.
    """
    right = {index for index, option in enumerate(body.options) if option.right}
    if not body.several or body.scoring == "all":
        return _share(chosen == right)
    if body.scoring == "per-option":
        judged = sum((index in chosen) == (index in right) for index in range(len(body.options)))
        return Fraction(judged, len(body.options))
    score = len(chosen & right) - len(chosen - right)
    return Fraction(max(score, 0), len(right))


def _number(text: str, wanted: Fraction, tolerance: Fraction, unit: str) -> Grade:
    parsed = parse_number(text)
    if parsed is None:
        return Grade(_WRONG, "grading.no-number")
    value, typed_unit = parsed
    if abs(value - wanted) > tolerance:
        return Grade(_WRONG)
    if not same_unit(typed_unit, unit):
        return Grade(_WRONG, "grading.unit")
    return Grade(_RIGHT)


def _parametric(showing: Showing, body: Parametric, text: str) -> Grade:
    if showing.answer is None:
        raise TypeError("a parametric card is graded by its showing")
    tolerance = Fraction(body.tolerance)
    result = _number(text, showing.answer, tolerance, body.unit)
    parsed = parse_number(text)
    if result.correct or parsed is None:
        return result
    for value, reason in showing.wrong:
        if reason and abs(parsed[0] - value) <= tolerance:
            return Grade(_WRONG, mistake=reason)
    return result


def _day(showing: Showing, text: str) -> Grade:
    from trainer.cards.family_words import parse_day  # loaded with the first day that is typed

    day = parse_day(text)
    if day is None:
        return Grade(_WRONG, "grading.no-day")
    number = Fraction(day.toordinal())
    if number == showing.answer:
        return Grade(_RIGHT)
    return Grade(_WRONG, mistake=dict(showing.wrong).get(number, ""))


def _order_share(body: Ordering, steps: tuple[int, ...]) -> Fraction:
    """The share of neighbours in the right order that the answer keeps together."""
    wanted = list(body.steps)
    if sorted(steps) != list(range(len(wanted))):
        return _WRONG
    given = [wanted[index] for index in steps]
    if given == wanted:
        return _RIGHT
    pairs = set(itertools.pairwise(wanted))
    kept = sum(pair in pairs for pair in itertools.pairwise(given))
    return Fraction(kept, len(wanted) - 1)


def _match_share(body: Matching, rights: tuple[int, ...]) -> Fraction:
    """The share of left entries that got a right entry of the same text."""
    texts = [right for _, right in body.pairs]
    hits = sum(
        0 <= index < len(texts) and texts[index] == wanted
        for index, wanted in zip(rights, texts, strict=False)
    )
    return Fraction(hits, len(texts))
