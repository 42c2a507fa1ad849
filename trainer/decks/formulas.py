"""The formulas of one deck while it is read: each checked once, and tried out quickly.

`cards.parametric` computes exactly and is what a learner meets. It is too slow to try every card
of a large deck with, so most are tried here in floating point: where that finds numbers that
work, the exact draw finds them too. Whatever is doubtful is left to the exact computation.
"""

import ast
import math
import operator
import re
from collections.abc import Callable, Mapping, Sequence

from trainer.cards.formula import MAX_DIGITS, check_formula
from trainer.cards.model import Parameter, Parametric
from trainer.cards.parametric import problems

Numbers = Mapping[str, float]
_Formula = Callable[[Numbers], float]

_TRIALS = 24
_WANTED = 3  # draws that must work before a card is believed
_SPREAD = 0.6180339887498949  # steps by the golden ratio visit a range evenly
_LEAF = re.compile(r"[a-z][a-z0-9_]*|[0-9.]+|[-+*/%]")
_CAN_FAIL = re.compile(r"[/%]")

_BINARY: dict[type[ast.operator], Callable[[float, float], float]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
}
_COMPARISONS: dict[type[ast.cmpop], Callable[[float, float], bool]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
}
_FUNCTIONS: dict[str, Callable[..., float]] = {
    "min": lambda *values: min(values),
    "max": lambda *values: max(values),
    "floor": math.floor,
    "ceil": math.ceil,
    "abs": abs,
}


class Formulas:
    """What is known of the formulas met so far."""

    def __init__(self) -> None:
        self._problems: dict[tuple[str, frozenset[str]], tuple[str, str] | None] = {}
        self._compiled: dict[str, _Formula | None] = {}

    def problem(self, formula: str, names: frozenset[str]) -> tuple[str, str] | None:
        """What is wrong with `formula`: a code of FormulaError and the piece it is about."""
        key = (formula, names)
        if key not in self._problems:
            self._problems[key] = check_formula(formula, names)
        return self._problems[key]

    def problem_of_draws(self, body: Parametric) -> tuple[str, str] | None:
        """Why a card whose formulas are sound still cannot be shown, or None."""
        formulas = (body.answer, *body.conditions, *(wrong.formula for wrong in body.wrong))
        small = _stay_small(formulas, body.parameters)
        if small and not body.conditions and not any(map(_CAN_FAIL.search, formulas)):
            return None
        if small and self._works_often(formulas, len(body.conditions), body.parameters):
            return None
        found = problems(body)
        return found[0] if found else None

    def _works_often(
        self, formulas: Sequence[str], conditions: int, parameters: Sequence[Parameter]
    ) -> bool:
        compiled = [self._function(formula) for formula in formulas]
        functions = [function for function in compiled if function is not None]
        if len(functions) < len(compiled):
            return False
        rest = [functions[0], *functions[conditions + 1 :]]
        must_hold = functions[1 : conditions + 1]
        found = 0
        for trial in range(_TRIALS):
            values = _values(parameters, trial)
            try:
                if all(condition(values) for condition in must_hold):
                    for function in rest:
                        function(values)
                    found += 1
            except ZeroDivisionError:
                continue
            if found == _WANTED:
                return True
        return False

    def _function(self, formula: str) -> _Formula | None:
        """`formula`, which has no problem, as a function; None when it is left to the exact way."""
        if formula not in self._compiled:
            try:
                self._compiled[formula] = _function(ast.parse(formula, mode="eval").body)
            except KeyError:
                self._compiled[formula] = None
        return self._compiled[formula]


def _function(node: ast.expr) -> _Formula:
    """Raises KeyError for what is better computed exactly: powers, rounding."""
    match node:
        case ast.Constant(value=int() | float() as value):
            return lambda _: value
        case ast.Name(id=name):
            return operator.itemgetter(name)
        case ast.BinOp(left=left, op=op, right=right):
            apply, first, second = _BINARY[type(op)], _function(left), _function(right)
            return lambda values: apply(first(values), second(values))
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            negated = _function(operand)
            return lambda values: -negated(values)
        case ast.Compare(left=left, ops=[op], comparators=[right]):
            compare, first, second = _COMPARISONS[type(op)], _function(left), _function(right)
            return lambda values: compare(first(values), second(values))
        case ast.BoolOp(op=ast.And(), values=parts):
            functions = [_function(part) for part in parts]
            return lambda values: all(function(values) for function in functions)
        case ast.BoolOp(op=ast.Or(), values=parts):
            functions = [_function(part) for part in parts]
            return lambda values: any(function(values) for function in functions)
        case ast.Call(func=ast.Name(id=name), args=[_, _, *_] | [_] as arguments):
            call, functions = _FUNCTIONS[name], [_function(one) for one in arguments]
            return lambda values: call(*(function(values) for function in functions))
        case _:
            raise KeyError(node)


def _values(parameters: Sequence[Parameter], trial: int) -> dict[str, float]:
    values: dict[str, float] = {}
    for place, parameter in enumerate(parameters, start=1):
        share = (trial + 0.5) * _SPREAD * (1 + place * place * _SPREAD) % 1
        if parameter.choices:
            values[parameter.name] = float(parameter.choices[int(share * len(parameter.choices))])
        else:
            low, step = float(parameter.low), float(parameter.step)
            count = int((float(parameter.high) - low) / step + 1e-9) + 1
            values[parameter.name] = low + int(share * count) * step
    return values


def _stay_small(formulas: Sequence[str], parameters: Sequence[Parameter]) -> bool:
    """Whether no result can reach the limits of the exact computation.

    The numerator and denominator of a result have at most the digits of those of all its leaves
    together, and one for each sum.
    """
    widths = {one.name: _width(one) for one in parameters}
    for formula in formulas:
        if "**" in formula:
            return False
        digits = sum(widths.get(leaf, len(leaf)) for leaf in _LEAF.findall(formula))
        if digits >= MAX_DIGITS:
            return False
    return True


def _width(parameter: Parameter) -> int:
    """How many digits a value of `parameter` has at most, as a fraction."""
    written = parameter.choices or (parameter.low, parameter.high)
    longest = max(map(len, written))
    if "." in parameter.step or any("." in number for number in written):
        return 2 * longest + 2 * len(parameter.step)
    return longest
