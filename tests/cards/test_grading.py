from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trainer.cards.grading import grade, same_text
from trainer.cards.model import (
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
    Scoring,
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
    from_text,
    to_text,
)
from trainer.cards.showing import show


def card(body: Body, question: str = "?") -> Card:
    return Card("deck#card", "deck#card", "en", question, body, line=1)


def share(body: Body, response: Response) -> Fraction | None:
    return grade(show(card(body), 0), response).share


def choice(rights: str, scoring: Scoring = "right-minus-wrong") -> Choice:
    """`rights` like "10 1": a 1 is a right option."""
    return Choice(tuple(Option(str(i), mark == "1") for i, mark in enumerate(rights)), scoring)


@pytest.mark.parametrize(
    ("rights", "scoring", "chosen", "points"),
    [
        ("0100", "right-minus-wrong", (1,), "1"),
        ("0100", "right-minus-wrong", (0,), "0"),
        ("0100", "right-minus-wrong", (0, 1), "0"),
        ("1100", "all", (0, 1), "1"),
        ("1100", "all", (0,), "0"),
        ("1100", "right-minus-wrong", (0,), "1/2"),
        ("1100", "right-minus-wrong", (0, 1, 2), "1/2"),
        ("1100", "right-minus-wrong", (2, 3), "0"),
        ("1100", "right-minus-wrong", (), "0"),
        ("1100", "per-option", (0,), "3/4"),
        ("1100", "per-option", (2, 3), "0"),
    ],
)
def test_choices(rights: str, scoring: Scoring, chosen: tuple[int, ...], points: str) -> None:
    assert share(choice(rights, scoring), Chosen(chosen)) == Fraction(points)


@pytest.mark.parametrize(
    ("typed", "right", "hint"),
    [
        ("1.25", True, ""),
        ("1,25 %", True, ""),
        ("1.30", True, ""),
        ("1.20", True, ""),
        ("1.300001", False, ""),
        ("1.25 points", False, "grading.unit"),
        ("about one", False, "grading.no-number"),
    ],
)
def test_numbers_and_the_edges_of_their_tolerance(typed: str, right: bool, hint: str) -> None:
    result = grade(show(card(Number("1.25", "%", "0.05")), 0), Entered(typed))
    assert (result.correct, result.hint) == (right, hint)


def test_a_known_misconception_is_named() -> None:
    body = Parametric(
        (Parameter("bad", choices=("5",)),),
        "bad / 400 * 100",
        tolerance="0.001",
        wrong=(Misconception("bad / 395 * 100", "divided by the good orders"),),
    )
    showing = show(card(body, "{bad} of 400?"), 3)
    assert showing.question == "5 of 400?"
    assert grade(showing, Entered("1.25")).correct
    wrong = grade(showing, Entered("1.2658"))
    assert (wrong.correct, wrong.mistake) == (False, "divided by the good orders")


@pytest.mark.parametrize(
    ("typed", "wanted", "same"),
    [
        ("Colour ", "colour", True),
        ("ＡＢＣ", "abc", True),
        ("冻结 账户", "冻结账户", True),
        ("counterfeit.", "counterfeit", True),
        ("counterfeits", "counterfeit", False),
    ],
)
def test_typed_texts_forgive_case_width_and_spaces(typed: str, wanted: str, same: bool) -> None:
    assert same_text(typed, wanted) is same


def test_typed_and_cloze() -> None:
    assert share(Typed(("colour", "color")), Entered(" COLOR ")) == 1
    cloze = Cloze("keep it below 1 % always", (ClozePart("1", 14, 17),), "1")
    assert share(cloze, Entered("1%")) == 1
    assert share(cloze, Entered("2 %")) == 0
    assert share(cloze, SelfGraded()) is None


def test_order_counts_kept_neighbours() -> None:
    body = Ordering(("a", "b", "c", "d"))
    assert share(body, Ordered((0, 1, 2, 3))) == 1
    assert share(body, Ordered((1, 2, 3, 0))) == Fraction(2, 3)
    assert share(body, Ordered((3, 2, 1, 0))) == 0
    assert share(body, Ordered((0, 0, 1, 2))) == 0


def test_matching_counts_pairs_and_takes_equal_texts_for_equal() -> None:
    body = Matching("l", "r", (("a", "x"), ("b", "x"), ("c", "y")))
    assert share(body, Matched((1, 0, 2))) == 1
    assert share(body, Matched((0, 2, -1))) == Fraction(1, 3)
    assert share(body, Matched(())) == 0


def test_true_false_recall_and_giving_up() -> None:
    assert share(TrueFalse(truth=True), Judged(truth=True)) == 1
    assert share(TrueFalse(truth=True), Judged(truth=False)) == 0
    assert share(Recall("x"), SelfGraded()) is None
    assert share(Recall("x"), GaveUp()) == 0


def test_an_answer_of_another_kind_is_a_bug() -> None:
    with pytest.raises(TypeError):
        share(TrueFalse(truth=True), Chosen((0,)))


@given(st.integers(0, 10**6), st.integers(2, 8))
def test_options_keep_their_last_one_and_lose_none(seed: int, count: int) -> None:
    options = tuple(Option(str(i), i == 0, last=i == 1) for i in range(count))
    order = show(card(Choice(options)), seed).order
    assert sorted(order) == list(range(count))
    assert order[-1] == 1


@given(st.integers(0, 10**6), st.integers(2, 6))
def test_things_to_order_never_stand_in_order(seed: int, count: int) -> None:
    order = show(card(Ordering(tuple("abcdef"[:count]))), seed).order
    assert sorted(order) == list(range(count))
    assert list(order) != list(range(count))


@pytest.mark.parametrize(
    "response",
    [
        SelfGraded(),
        Chosen((0, 2)),
        Judged(truth=False),
        Entered("茶 1%"),
        Ordered((1, 0)),
        Matched((1, -1)),
        GaveUp(),
    ],
)
def test_a_response_comes_back_from_the_log(response: Response) -> None:
    assert from_text(to_text(response)) == response
