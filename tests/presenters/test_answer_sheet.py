"""What each line of an answer is, for every kind of card."""

from fractions import Fraction
from pathlib import Path
from typing import get_args

import pytest

from trainer.cards.grading import grade
from trainer.cards.model import (
    KINDS,
    Body,
    Card,
    Choice,
    Cloze,
    ClozePart,
    Matching,
    Misconception,
    Number,
    Option,
    Ordering,
    Parameter,
    Parametric,
    Recall,
    Term,
    TrueFalse,
    Typed,
)
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
from trainer.cards.showing import Showing, show
from trainer.decks.rendering import FILLED_FROM, FILLED_TO, GAP
from trainer.foundation.messages import LANGUAGES, load_messages
from trainer.presenters.answer_sheet import (
    AnswerSheet,
    Mark,
    OptionLine,
    PairLine,
    StepLine,
    Verdict,
    answer_sheet,
    instruction_of,
    prompt_of,
    said,
    said_right,
)
from trainer.presenters.handbook import Standing
from trainer.presenters.quiz import BANDS
from trainer.scheduling.rating import Rating
from trainer.services.quiz import Feedback

RATE = Choice((Option("1 %", True), Option("2 %", False, "eBay's limit"), Option("4 %", False)))
PARTS = Choice((Option("claims", True), Option("returns", False), Option("chargebacks", True)))
STEPS = Ordering(("read", "mend", "appeal"))
PAIRS = Matching("Metric", "Limit", (("defects", "1 %"), ("late", "4 %"), ("cancelled", "2.5 %")))


def shown(body: Body, question: str = "What holds?") -> Showing:
    return show(Card("platforms/amazon/x#a", "platforms/amazon/x#a", "en", question, body, 1), 3)


def sheet_of(body: Body, response: Response) -> AnswerSheet:
    showing = shown(body)
    return answer_sheet(showing, response, grade(showing, response), None)


def marks(body: Body, response: Response) -> dict[str, str]:
    """The mark of each option, by its text."""
    lines = [line for line in sheet_of(body, response).lines if isinstance(line, OptionLine)]
    return {line.text: line.mark for line in lines}


def test_one_of_several_right_options_can_be_missed() -> None:
    assert marks(PARTS, Chosen((0, 1))) == {
        "claims": "right",
        "returns": "wrong",
        "chargebacks": "missed",
    }


def test_in_single_choice_the_right_option_is_the_answer_not_missed() -> None:
    assert marks(RATE, Chosen((1,))) == {"1 %": "answer", "2 %": "wrong", "4 %": "plain"}


def test_nothing_is_missed_by_somebody_who_did_not_try() -> None:
    assert marks(PARTS, GaveUp()) == {
        "claims": "answer",
        "returns": "plain",
        "chargebacks": "answer",
    }


def test_lines_stand_in_the_order_of_the_screen() -> None:
    showing = shown(RATE)
    lines = sheet_of(RATE, Chosen((0,))).lines
    assert [line.index for line in lines if isinstance(line, OptionLine)] == list(showing.order)


@pytest.mark.parametrize(
    ("truth", "judged", "expected"),
    [
        (True, True, ["right", "plain"]),
        (True, False, ["answer", "wrong"]),
        (False, True, ["wrong", "answer"]),
    ],
)
def test_true_and_false(truth: bool, judged: bool, expected: list[str]) -> None:
    lines = sheet_of(TrueFalse(truth), Judged(judged)).lines
    assert [line.mark for line in lines] == expected


def test_steps_say_where_they_were_put() -> None:
    lines = [
        line for line in sheet_of(STEPS, Ordered((1, 0, 2))).lines if isinstance(line, StepLine)
    ]
    assert [(line.text, line.place, line.given, line.mark) for line in lines] == [
        ("read", 1, 2, "wrong"),
        ("mend", 2, 1, "wrong"),
        ("appeal", 3, 3, "right"),
    ]


def test_steps_of_the_same_text_may_stand_for_each_other() -> None:
    twice = Ordering(("warn", "wait", "warn"))
    lines = sheet_of(twice, Ordered((2, 1, 0))).lines
    assert [line.mark for line in lines] == ["right", "right", "right"]


def test_pairs_say_what_was_given() -> None:
    lines = [
        line for line in sheet_of(PAIRS, Matched((0, 2, -1))).lines if isinstance(line, PairLine)
    ]
    assert [(line.left, line.right, line.given, line.mark) for line in lines] == [
        ("defects", "1 %", "1 %", "right"),
        ("late", "4 %", "2.5 %", "wrong"),
        ("cancelled", "2.5 %", "", "answer"),
    ]


@pytest.mark.parametrize(
    ("body", "answer"),
    [
        (Recall("1 % of **60 days**"), "1 % of **60 days**"),
        (Term("ODR", "order defect rate", "definition"), "order defect rate"),
        (Number("1.25", "%", "0.05"), "1.25 ± 0.05 %"),
        (Number("48", "points"), "48 points"),
        (Typed(("colour", "color")), "colour"),
        (RATE, ""),
    ],
)
def test_the_right_answer_stands_alone_where_no_line_says_it(body: Body, answer: str) -> None:
    assert sheet_of(body, GaveUp()).answer == answer


def test_a_parametric_card_answers_with_its_own_numbers() -> None:
    body = Parametric(
        (Parameter("bad", "3", "3"),),
        "bad / 400 * 100",
        decimals=2,
        unit="%",
        wrong=(Misconception("bad * 400", "times instead of by"),),
    )
    wrong = sheet_of(body, Entered("1200"))
    assert (wrong.answer, wrong.mistake, wrong.verdict) == (
        "0.75 %",
        "times instead of by",
        "wrong",
    )


def test_a_cloze_shows_its_gap_and_then_what_belongs_there() -> None:
    body = Cloze("after a claim or a chargeback", (ClozePart("1", 8, 13),), "1")
    showing = shown(body, question="")
    assert prompt_of(showing, answered=False) == f"after a {GAP} or a chargeback"
    assert (
        prompt_of(showing, answered=True)
        == f"after a {FILLED_FROM}claim{FILLED_TO} or a chargeback"
    )


@pytest.mark.parametrize(
    ("body", "response", "verdict", "share"),
    [
        (PARTS, Chosen((0,)), "partly", Fraction(1, 2)),
        (PARTS, Chosen((0, 2)), "right", Fraction(1)),
        (PARTS, Chosen((1,)), "wrong", Fraction(0)),
        (PARTS, GaveUp(), "gave-up", Fraction(0)),
        (Recall("x"), SelfGraded(), "self", None),
    ],
)
def test_the_verdict(body: Body, response: Response, verdict: str, share: Fraction | None) -> None:
    sheet = sheet_of(body, response)
    assert (sheet.verdict, sheet.share) == (verdict, share)


def test_a_term_is_asked_in_its_direction() -> None:
    card = shown(Term("ODR", "order defect rate", "definition")).card
    assert instruction_of(card) == "answer.how.definition"


@pytest.mark.parametrize(
    ("body", "response", "lines", "code"),
    [
        (RATE, Chosen((1,)), ("2 %",), ""),
        (RATE, GaveUp(), (), "answer.gave-up"),
        (TrueFalse(True), Judged(False), (), "answer.false"),
        (Number("1"), Entered(" 2 "), ("2",), ""),
        (Number("1"), Entered("  "), (), "answer.nothing"),
        (STEPS, Ordered((2, 0, 1)), ("1. appeal", "2. read", "3. mend"), ""),
        (PAIRS, Matched((1, -1, 2)), ("defects → 4 %", "late → –", "cancelled → 2.5 %"), ""),
    ],
)
def test_an_answer_in_a_few_words(
    body: Body, response: Response, lines: tuple[str, ...], code: str
) -> None:
    told = said(shown(body), response)
    assert (told.lines, told.code) == (lines, code)


@pytest.mark.parametrize(
    ("body", "lines", "code"),
    [
        (PARTS, ("claims", "chargebacks"), ""),
        (TrueFalse(False), (), "answer.false"),
        (STEPS, ("1. read", "2. mend", "3. appeal"), ""),
        (Typed(("colour",)), ("colour",), ""),
    ],
)
def test_what_would_have_been_right(body: Body, lines: tuple[str, ...], code: str) -> None:
    told = said_right(shown(body))
    assert (told.lines, told.code) == (lines, code)


def test_every_word_there_can_be_is_in_both_languages() -> None:
    codes = {f"kind.{kind}" for kind in KINDS}
    codes |= {f"answer.how.{kind}" for kind in (*KINDS, "definition")}
    codes |= {f"answer.verdict.{verdict}" for verdict in get_args(Verdict)}
    codes |= {f"answer.mark.{mark}" for mark in get_args(Mark) if mark != "plain"}
    codes |= {f"rating.{rating.name.lower()}" for rating in Rating}
    codes |= {f"handbook.standing.{standing}" for standing in get_args(Standing)}
    codes |= {f"quiz.band.{band}" for _, band in BANDS} | {"quiz.band.early"}
    codes |= {f"quiz.feedback.{feedback}" for feedback in get_args(Feedback)}
    codes |= {"answer.grading.no-number", "answer.grading.unit"}
    folder = Path(__file__).resolve().parents[2] / "assets" / "translations"
    for language in LANGUAGES:
        messages = load_messages(folder, language)
        assert {code for code in codes if not messages.knows(code)} == set()
