"""Questions with fresh numbers: draw them, fill the blanks, compute the answer."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from trainer.cards.formula import FormulaError, check_formula, evaluate, round_half_up
from trainer.cards.model import Parameter, Parametric
from trainer.foundation.chance import Chance

MAX_TRIES = 300  # draws that may fail the conditions before the card counts as impossible
MAX_CHOICES = 10_000_000
DECIMALS = 6  # places an answer is shown with when the card does not say

_BLANK = re.compile(r"\{([a-z][a-z0-9_]*)\}")


@dataclass(frozen=True, slots=True)
class Drawn:
    """One set of numbers and what follows from them."""

    values: Mapping[str, Fraction]
    answer: Fraction
    wrong: tuple[tuple[Fraction, str], ...]  # result of each misconception and its reason


def problems(body: Parametric) -> list[tuple[str, str]]:
    """Everything wrong with a parametric card, as (code, piece): codes of FormulaError, and
    empty-range, impossible."""
    names = {parameter.name for parameter in body.parameters}
    found = [("empty-range", p.name) for p in body.parameters if _size(p) < 1]
    formulas = (body.answer, *body.conditions, *(wrong.formula for wrong in body.wrong))
    found += [problem for formula in formulas if (problem := check_formula(formula, names))]
    if not found:
        try:
            draw(body, "check")
        except FormulaError as error:
            found.append((error.code, error.piece))
    return found


def draw(body: Parametric, seed: str) -> Drawn:
    """The numbers that `seed` stands for.

    Raises FormulaError: impossible when the conditions refuse MAX_TRIES draws, or what the
    formulas raise.
    """
    chance = Chance(seed)
    for _ in range(MAX_TRIES):
        values = {p.name: _value(p, chance.below(_size(p))) for p in body.parameters}
        try:
            if all(evaluate(condition, values) for condition in body.conditions):
                return _computed(body, values)
        except FormulaError as error:
            if error.code != "division":
                raise
    raise FormulaError("impossible", "; ".join(body.conditions))


def fill(text: str, values: Mapping[str, Fraction]) -> str:
    """`text` with {name} replaced by its number; other braces stay as they are."""
    return _BLANK.sub(
        lambda blank: as_decimal(values[blank[1]]) if blank[1] in values else blank[0], text
    )


def as_decimal(value: Fraction, decimals: int = DECIMALS) -> str:
    """`value` as a plain decimal with at most `decimals` places and no trailing zeros."""
    rounded = round_half_up(value, decimals)
    sign = "-" if rounded < 0 else ""
    whole, rest = divmod(abs(rounded.numerator), rounded.denominator)
    places = str(rest * 10**decimals // rounded.denominator).rjust(decimals, "0").rstrip("0")
    return f"{sign}{whole}.{places}" if decimals and places else f"{sign}{whole}"


def _computed(body: Parametric, values: dict[str, Fraction]) -> Drawn:
    answer = _rounded(body, evaluate(body.answer, values))
    wrong = []
    for misconception in body.wrong:
        result = _rounded(body, evaluate(misconception.formula, values))
        if result != answer:
            wrong.append((result, misconception.reason))
    return Drawn(values, answer, tuple(wrong))


def _rounded(body: Parametric, value: Fraction) -> Fraction:
    return value if body.decimals is None else round_half_up(value, body.decimals)


def _size(parameter: Parameter) -> int:
    """How many values the parameter can take; 0 when the range is empty."""
    if parameter.choices:
        return len(parameter.choices)
    low, high, step = Fraction(parameter.low), Fraction(parameter.high), Fraction(parameter.step)
    if step <= 0 or high < low:
        return 0
    return min(int((high - low) / step) + 1, MAX_CHOICES)


def _value(parameter: Parameter, index: int) -> Fraction:
    if parameter.choices:
        return Fraction(parameter.choices[index])
    return Fraction(parameter.low) + index * Fraction(parameter.step)
