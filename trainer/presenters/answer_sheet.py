"""A question and its answer as plain data for any screen: study, quiz, exam, preview.

It knows what each line of an answer is (right, wrong, missed); how that looks is the screen's.
"""

from datetime import date
from fractions import Fraction
from typing import Literal, assert_never

from msgspec import Struct

from trainer.cards.grading import Grade
from trainer.cards.model import (
    Card,
    Choice,
    Cloze,
    Day,
    Family,
    Matching,
    Number,
    Ordering,
    Parametric,
    Recall,
    Term,
    TrueFalse,
    Typed,
    kind_of,
)
from trainer.cards.parametric import DECIMALS, as_decimal
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
from trainer.decks.model import Rule
from trainer.decks.rendering import cloze_markdown

Verdict = Literal["right", "partly", "wrong", "gave-up", "self"]
# right: given and right; wrong: given though wrong; missed: one of several right ones not given;
# answer: what would have been right; plain: wrong, and rightly left alone
Mark = Literal["right", "wrong", "missed", "answer", "plain"]


class OptionLine(Struct, frozen=True):
    """An option after the answer, at its place on the screen. True/false has no `text`."""

    index: int  # in the deck
    text: str
    reason: str
    mark: Mark


class StepLine(Struct, frozen=True):
    """A step at its right place; `given` is the place the learner gave it, from 1, or 0."""

    text: str
    place: int
    given: int

    @property
    def mark(self) -> Mark:
        if not self.given:
            return "answer"
        return "right" if self.given == self.place else "wrong"


class PairLine(Struct, frozen=True):
    """A left entry with its right partner and the one the learner gave ("" for none)."""

    left: str
    right: str
    given: str

    @property
    def mark(self) -> Mark:
        if not self.given:
            return "answer"
        return "right" if self.given == self.right else "wrong"


Line = OptionLine | StepLine | PairLine


class AnswerSheet(Struct, frozen=True):
    """What there is to say after an answer. Texts are Markdown."""

    verdict: Verdict
    share: Fraction | None
    lines: tuple[Line, ...]  # for the kinds that have them
    given: str  # what was typed, as it was typed
    answer: str  # the right answer, where no line says it
    also: tuple[str, ...]  # other spellings that count
    explanation: str
    hint: str  # message code: grading.no-number, grading.unit; or ""
    mistake: str  # what was probably mixed up, from the deck
    rule: Rule | None


def prompt_of(showing: Showing, *, answered: bool) -> str:
    """The question as Markdown; a cloze comes with its gap, or filled in when `answered`."""
    match showing.card.body:
        case Cloze() as body:
            text = cloze_markdown(body, reveal=answered)
            return f"{showing.question}\n\n{text}" if showing.question else text
        case Term(shown=shown):
            return f"{showing.question}\n\n{shown}" if showing.question else shown
        case _:
            return showing.question


def instruction_of(card: Card) -> str:
    """Message code of the short line that says what to do: "answer.how.<kind>"."""
    match card.body:
        case Term(asks_for=asks_for):
            return f"answer.how.{asks_for}"
        case body:
            return f"answer.how.{kind_of(body)}"


def answer_sheet(
    showing: Showing, response: Response, grade: Grade, rule: Rule | None
) -> AnswerSheet:
    return AnswerSheet(
        verdict=verdict_of(grade, response),
        share=grade.share,
        lines=lines_of(showing, response),
        given=response.text.strip() if isinstance(response, Entered) else "",
        answer=right_answer(showing),
        also=_other_spellings(showing.card),
        explanation=showing.explanation,
        hint=grade.hint,
        mistake=grade.mistake,
        rule=rule,
    )


def verdict_of(grade: Grade, response: Response) -> Verdict:
    if isinstance(response, GaveUp):
        return "gave-up"
    if grade.share is None:
        return "self"
    if grade.share == 1:
        return "right"
    return "partly" if grade.share > 0 else "wrong"


def right_answer(showing: Showing) -> str:
    """The right answer as Markdown; "" for kinds whose lines say it."""
    match showing.card.body:
        case Recall(answer=answer):
            return answer
        case Term(hidden=hidden):
            return hidden
        case Cloze() as body:
            part = next(part for part in body.parts if part.key == body.hidden)
            return body.text[part.start : part.end]
        case Number() as body:
            spread = f" ± {body.tolerance}" if Fraction(body.tolerance) else ""
            return _with_unit(f"{body.value}{spread}", body.unit)
        case Parametric() as body:
            places = DECIMALS if body.decimals is None else body.decimals
            value = "" if showing.answer is None else as_decimal(showing.answer, places)
            return _with_unit(value, body.unit)
        case Typed(accepted=accepted):
            return accepted[0]
        case Day(value=value):
            from trainer.cards.family_words import day_in_words  # with the first such card

            return day_in_words(date.fromisoformat(value), showing.card.language)
        case Choice() | TrueFalse() | Ordering() | Matching() | Family():
            return ""
        case body:
            assert_never(body)


def lines_of(showing: Showing, response: Response) -> tuple[Line, ...]:
    """The lines of a choice, true/false, ordering or matching card; () for other kinds."""
    match showing.card.body:
        case Choice(options=options):
            chosen = response.options if isinstance(response, Chosen) else ()
            # Where one is right, or nothing was tried, nothing was missed either.
            missed: Mark = "missed" if chosen and showing.card.body.several else "answer"
            return tuple(
                OptionLine(
                    index,
                    options[index].text,
                    options[index].reason,
                    _mark(index in chosen, options[index].right, missed),
                )
                for index in showing.order
            )
        case TrueFalse(truth=truth):
            judged = response.truth if isinstance(response, Judged) else None
            return tuple(
                OptionLine(index, "", "", _mark(judged is value, truth is value, "answer"))
                for index, value in enumerate((True, False))
            )
        case Ordering(steps=steps):
            given = response.steps if isinstance(response, Ordered) else ()
            return tuple(_step_lines(steps, given))
        case Matching(pairs=pairs):
            rights = response.rights if isinstance(response, Matched) else (-1,) * len(pairs)
            return tuple(
                PairLine(left, right, pairs[chosen][1] if 0 <= chosen < len(pairs) else "")
                for (left, right), chosen in zip(pairs, rights, strict=True)
            )
        case _:
            return ()


class Said(Struct, frozen=True):
    """An answer in a few words: Markdown lines, or a message code where words are ours."""

    lines: tuple[str, ...] = ()
    code: str = ""


def said(showing: Showing, response: Response) -> Said:
    """What the learner answered, for a list of mistakes."""
    match showing.card.body, response:
        case _, GaveUp():
            return Said(code="answer.gave-up")
        case _, SelfGraded():
            return Said(code="answer.self-graded")
        case _, Entered(text=text):
            return Said((text.strip(),)) if text.strip() else Said(code="answer.nothing")
        case _, Judged(truth=truth):
            return Said(code="answer.true" if truth else "answer.false")
        case Choice(options=options), Chosen(options=chosen):
            if not chosen:
                return Said(code="answer.nothing")
            return Said(tuple(options[index].text for index in chosen))
        case Ordering(steps=steps), Ordered(steps=order):
            return Said(tuple(f"{place}. {steps[index]}" for place, index in enumerate(order, 1)))
        case Matching(pairs=pairs), Matched(rights=rights):
            return Said(
                tuple(
                    f"{left} → {pairs[chosen][1] if 0 <= chosen < len(pairs) else '–'}"
                    for (left, _), chosen in zip(pairs, rights, strict=True)
                )
            )
        case _:
            return Said(code="answer.nothing")


def said_right(showing: Showing) -> Said:
    """What would have been right, in the same few words."""
    match showing.card.body:
        case Choice(options=options):
            return Said(tuple(option.text for option in options if option.right))
        case TrueFalse(truth=truth):
            return Said(code="answer.true" if truth else "answer.false")
        case Ordering(steps=steps):
            return Said(tuple(f"{place}. {step}" for place, step in enumerate(steps, 1)))
        case Matching(pairs=pairs):
            return Said(tuple(f"{left} → {right}" for left, right in pairs))
        case _:
            return Said((right_answer(showing),))


def _mark(chosen: bool, right: bool, missed: Mark) -> Mark:
    if right:
        return "right" if chosen else missed
    return "wrong" if chosen else "plain"


def _step_lines(steps: tuple[str, ...], given: tuple[int, ...]) -> list[StepLine]:
    """Two steps of the same text may stand for each other, as grading has it."""
    places = {index: place for place, index in enumerate(given, 1)}
    lines = []
    for index, step in enumerate(steps):
        place = places.get(index, 0)
        if index < len(given) and steps[given[index]] == step:
            place = index + 1
        lines.append(StepLine(step, index + 1, place))
    return lines


def _other_spellings(card: Card) -> tuple[str, ...]:
    return card.body.accepted[1:] if isinstance(card.body, Typed) else ()


def _with_unit(value: str, unit: str) -> str:
    return f"{value} {unit}" if unit else value
