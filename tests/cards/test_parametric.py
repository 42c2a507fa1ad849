from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trainer.cards.formula import FormulaError
from trainer.cards.model import Misconception, Parameter, Parametric
from trainer.cards.parametric import as_decimal, draw, fill, problems

DEFECTS = Parametric(
    parameters=(Parameter("orders", "200", "800", "50"), Parameter("bad", "2", "12")),
    conditions=("bad * 10 < orders",),
    answer="bad / orders * 100",
    decimals=2,
    unit="%",
    tolerance="0.01",
    wrong=(Misconception("bad / (orders - bad) * 100", "divides by the good orders"),),
)


@given(st.text(max_size=20))
def test_every_draw_keeps_its_ranges_and_conditions(seed: str) -> None:
    drawn = draw(DEFECTS, seed)
    orders, bad = drawn.values["orders"], drawn.values["bad"]
    assert 200 <= orders <= 800
    assert orders % 50 == 0
    assert 2 <= bad <= 12
    assert abs(drawn.answer - bad / orders * 100) <= Fraction(1, 200)
    assert draw(DEFECTS, seed) == drawn


def test_a_misconception_that_gives_the_right_number_is_dropped() -> None:
    body = Parametric((Parameter("n", choices=("2",)),), "n + n", wrong=(Misconception("n * n"),))
    assert draw(body, "any").wrong == ()


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (Parametric((Parameter("a", "5", "1"),), "a"), "empty-range"),
        (Parametric((Parameter("a", "1", "5", "0"),), "a"), "empty-range"),
        (Parametric((Parameter("a", "1", "5"),), "b"), "unknown-name"),
        (Parametric((Parameter("a", "1", "5"),), "a", conditions=("a > 9",)), "impossible"),
        (Parametric((Parameter("a", "0", "0"),), "1 / a"), "impossible"),
    ],
)
def test_impossible_cards_are_named(body: Parametric, code: str) -> None:
    assert [found for found, _ in problems(body)] == [code]


def test_a_card_without_problems_has_none() -> None:
    assert problems(DEFECTS) == []


def test_conditions_that_never_hold_do_not_hang() -> None:
    body = Parametric((Parameter("a", "1", "1000000"),), "a", conditions=("a < 0",))
    with pytest.raises(FormulaError, match="impossible"):
        draw(body, "seed")


def test_blanks_are_filled_and_other_braces_stay() -> None:
    assert fill("{a} of {b} {c}", {"a": Fraction(3), "b": Fraction(5, 2)}) == "3 of 2.5 {c}"


@pytest.mark.parametrize(
    ("value", "text"),
    [("1", "1"), ("1/4", "0.25"), ("-1/4", "-0.25"), ("1/3", "0.333333"), ("100", "100")],
)
def test_decimals_have_no_trailing_zeros(value: str, text: str) -> None:
    assert as_decimal(Fraction(value)) == text


@given(st.fractions(-(10**6), 10**6, max_denominator=1000))
def test_a_decimal_is_within_half_a_millionth(value: Fraction) -> None:
    assert abs(Fraction(as_decimal(value)) - value) <= Fraction(1, 2 * 10**6)
