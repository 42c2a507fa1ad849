from contextlib import suppress
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trainer.cards.formula import FormulaError, check_formula, evaluate, round_half_up

VALUES = {"orders": Fraction(400), "bad": Fraction(5)}


@pytest.mark.parametrize(
    ("formula", "value"),
    [
        ("bad / orders * 100", "5/4"),
        ("0.1 + 0.2", "3/10"),
        ("round(2.5)", "3"),
        ("round(bad / orders * 100, 1)", "13/10"),
        ("min(bad, 3) + max(1, 2) - abs(-4)", "1"),
        ("floor(7 / 2) + ceil(7 / 2)", "7"),
        ("2 ** 10 % 1000 // 5", "4"),
        ("bad * 10 < orders", "1"),
        ("bad > 6 or not orders == 400", "0"),
        ("-bad + +orders", "395"),
        ("1 < bad <= 5", "1"),
    ],
)
def test_arithmetic_is_exact(formula: str, value: str) -> None:
    assert check_formula(formula, VALUES.keys()) is None
    assert evaluate(formula, VALUES) == Fraction(value)


@pytest.mark.parametrize(
    ("formula", "code"),
    [
        ("", "syntax"),
        ("1 +", "syntax"),
        ("orders bad", "syntax"),
        ("sold / 2", "unknown-name"),
        ("__import__('os')", "not-allowed"),
        ("orders.real", "not-allowed"),
        ("'a' * 3", "not-allowed"),
        ("[1, 2]", "not-allowed"),
        ("lambda: 1", "not-allowed"),
        ("open(1)", "not-allowed"),
        ("round(1, ndigits=2)", "not-allowed"),
        ("1j", "not-allowed"),
        ("max()", "not-allowed"),
        ("floor(1, 2)", "not-allowed"),
        ("round(1, 2, 3)", "not-allowed"),
        ("1e999", "too-large"),
        ("1 + " * 100 + "1", "long"),
        ("(" * 60 + "1" + ")" * 60 + "+" + "-" * 40 + "1", "deep"),
        ("(" * 140 + "1" + ")" * 140, None),
    ],
)
def test_only_arithmetic_gets_through(formula: str, code: str | None) -> None:
    problem = check_formula(formula, VALUES.keys())
    assert (problem and problem[0]) == code


@pytest.mark.parametrize(
    ("formula", "code"),
    [
        ("1 / (bad - 5)", "division"),
        ("bad % 0", "division"),
        ("9 ** 20 ** 20", "not-allowed"),
        ("(9 ** 20) ** 20", "too-large"),
        ("2 ** 0.5", "not-allowed"),
        ("2 ** 99", "not-allowed"),
        ("round(1, 99)", "not-allowed"),
        ("1e39 * 1e39", "too-large"),
    ],
)
def test_results_are_bounded(formula: str, code: str) -> None:
    with pytest.raises(FormulaError) as caught:
        evaluate(formula, VALUES)
    assert caught.value.code == code


@given(st.text("orders bad0123456789+-*/%()<>=.,_'\"[]", max_size=80))
def test_any_text_is_a_number_or_a_formula_error(formula: str) -> None:
    with suppress(FormulaError):
        assert isinstance(evaluate(formula, VALUES), Fraction)


@pytest.mark.parametrize(
    ("value", "decimals", "rounded"),
    [("1/2", 0, "1"), ("-1/2", 0, "-1"), ("5/4", 1, "13/10"), ("1/3", 2, "33/100")],
)
def test_halves_are_rounded_away_from_zero(value: str, decimals: int, rounded: str) -> None:
    assert round_half_up(Fraction(value), decimals) == Fraction(rounded)
