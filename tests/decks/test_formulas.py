"""Trying formulas out while a deck is read: nothing that was let through can break the reading."""

from contextlib import suppress
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trainer.cards.formula import FormulaError, check_formula, evaluate
from trainer.cards.model import Parameter, Parametric
from trainer.decks.formulas import Formulas

PARAMETERS = (Parameter("a", "1", "9"), Parameter("b", "0", "9"))
PIECES = st.sampled_from(
    [
        *("a", "b", "0", "1", "2.5", "9999999", "1e9", "max(", "min(", "round(", "floor(", "abs("),
        *("(", ")", ",", "**", "*", "/", "//", "%", "+", "-", "<", "==", " and ", " or ", "not "),
    ]
)


@given(st.lists(PIECES, max_size=14).map("".join))
def test_a_formula_that_passes_the_check_is_computed_or_refused(formula: str) -> None:
    if check_formula(formula, {"a", "b"}) is None:
        with suppress(FormulaError):
            evaluate(formula, {"a": Fraction(3), "b": Fraction(7, 3)})
        Formulas().problem_of_draws(Parametric(PARAMETERS, formula, (formula,)))


@pytest.mark.parametrize("formula", ["max(a)", "min(b)", "max(a, b) - min(a, b)"])
def test_the_quick_trial_reads_functions_as_the_exact_way_does(formula: str) -> None:
    assert Formulas().problem_of_draws(Parametric(PARAMETERS, formula, ("a > 1",))) is None


@pytest.mark.parametrize("formula", ["1and b", "a if a else b", "2or 1"])
def test_words_that_run_into_a_number_are_no_formula(formula: str) -> None:
    assert check_formula(formula, {"a", "b"}) is not None
