"""Small arithmetic written by teachers: checked when a deck is read, computed when it is shown.

Numbers are exact fractions, so 0.1 + 0.2 is 0.3. A formula is data from outside: its length, its
shape and the size of its results are bounded, and only arithmetic gets through.
"""

import ast
import math
import re
from collections.abc import Collection, Mapping
from fractions import Fraction

MAX_LENGTH = 300
MAX_DEPTH = 30
MAX_DIGITS = 40  # of a numerator or denominator, on the way and at the end
MAX_EXPONENT = 20

_NODES = (
    ast.Expression,
    ast.BinOp,
    ast.UnaryOp,
    ast.BoolOp,
    ast.Compare,
    ast.Call,
    ast.Name,
    ast.Load,
    ast.Constant,
    ast.Add,
    ast.Sub,
    ast.Mult,
    ast.Div,
    ast.FloorDiv,
    ast.Mod,
    ast.Pow,
    ast.USub,
    ast.UAdd,
    ast.Not,
    ast.And,
    ast.Or,
    ast.Eq,
    ast.NotEq,
    ast.Lt,
    ast.LtE,
    ast.Gt,
    ast.GtE,
)
FUNCTIONS = ("min", "max", "round", "floor", "ceil", "abs")
# Python still takes "1and 2", and warns: for a teacher it is a slip of the keyboard.
_RUN_TOGETHER = re.compile(r"[0-9.](?:and|or|not|in|is|if|else|for)\b")
_MOST_ARGUMENTS = {"round": 2, "floor": 1, "ceil": 1, "abs": 1}


class FormulaError(ValueError):
    """The formula cannot be used.

    `code` is syntax, long, deep, not-allowed, unknown-name, division, too-large or impossible;
    `piece` is what it is about, or "".
    """

    def __init__(self, code: str, piece: str = "") -> None:
        super().__init__(f"{code}: {piece}" if piece else code)
        self.code = code
        self.piece = piece


def check_formula(formula: str, names: Collection[str]) -> tuple[str, str] | None:
    """What is wrong with `formula`, as (code, piece), or None. `names` are the known parameters."""
    try:
        _parsed(formula, names)
    except FormulaError as error:
        return error.code, error.piece
    return None


def evaluate(formula: str, values: Mapping[str, Fraction]) -> Fraction:
    """The value of `formula`; a comparison gives 1 or 0. Raises FormulaError."""
    # simpleeval is needed only when a parametric card is met, so start-up does not pay for it.
    from simpleeval import InvalidExpression, SimpleEval

    tree = _parsed(formula, values.keys())
    evaluator = SimpleEval(operators=_operators(), functions=_functions(), names=dict(values))
    evaluator.nodes[ast.Constant] = _constant
    try:
        result = evaluator.eval(formula, previously_parsed=tree.body)
    except ZeroDivisionError:
        raise FormulaError("division") from None
    except InvalidExpression as error:
        raise FormulaError("not-allowed", str(error)) from None
    return _bounded(Fraction(result))


def round_half_up(value: Fraction, decimals: int) -> Fraction:
    """`value` rounded to `decimals` places, halves away from zero, as people do on paper."""
    scale = 10**decimals
    scaled = abs(value) * scale
    whole = math.floor(scaled + Fraction(1, 2))
    return Fraction(whole if value >= 0 else -whole, scale)


def _parsed(formula: str, names: Collection[str]) -> ast.Expression:
    if len(formula) > MAX_LENGTH:
        raise FormulaError("long", str(MAX_LENGTH))
    if _RUN_TOGETHER.search(formula):
        raise FormulaError("syntax", formula.strip())
    try:
        tree = ast.parse(formula.strip(), mode="eval")
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        raise FormulaError("syntax", formula.strip()) from None
    _check_node(tree, names, 0)
    return tree


def _check_node(node: ast.AST, names: Collection[str], depth: int) -> None:
    if depth > MAX_DEPTH:
        raise FormulaError("deep", str(MAX_DEPTH))
    if not isinstance(node, _NODES):
        raise FormulaError("not-allowed", type(node).__name__)
    match node:
        case ast.Constant(value=value) if not isinstance(value, int | float) or value != value:
            raise FormulaError("not-allowed", repr(value))
        case ast.Constant(value=float(value)) if math.isinf(value):
            raise FormulaError("too-large", repr(value))
        case ast.Name(id=name) if name not in names:
            raise FormulaError("unknown-name", name)
        case ast.Call(func=ast.Name(id=name), args=arguments, keywords=[]) if name in FUNCTIONS:
            if not 1 <= len(arguments) <= _MOST_ARGUMENTS.get(name, len(arguments)):
                raise FormulaError("not-allowed", ast.unparse(node))
            for argument in arguments:
                _check_node(argument, names, depth + 1)
            return
        case ast.Call():
            raise FormulaError("not-allowed", ast.unparse(node.func))
        case _:
            pass
    for child in ast.iter_child_nodes(node):
        _check_node(child, names, depth + 1)


def _constant(node: ast.Constant) -> Fraction:
    # The shortest decimal that reads back as the same float is what the teacher typed.
    return Fraction(repr(node.value)) if not isinstance(node.value, bool) else Fraction(node.value)


def _bounded(value: Fraction) -> Fraction:
    limit = 10**MAX_DIGITS
    if abs(value.numerator) >= limit or value.denominator >= limit:
        raise FormulaError("too-large")
    return value


def _power(base: Fraction, exponent: Fraction) -> Fraction:
    if exponent.denominator != 1 or abs(exponent) > MAX_EXPONENT:
        raise FormulaError("not-allowed", "**")
    return _bounded(Fraction(base) ** int(exponent))


def _operators() -> dict[type[ast.AST], object]:
    return {
        ast.Add: lambda a, b: _bounded(Fraction(a + b)),
        ast.Sub: lambda a, b: _bounded(Fraction(a - b)),
        ast.Mult: lambda a, b: _bounded(Fraction(a * b)),
        ast.Div: lambda a, b: _bounded(Fraction(a) / Fraction(b)),
        ast.FloorDiv: lambda a, b: Fraction(a // b),
        ast.Mod: lambda a, b: Fraction(a % b),
        ast.Pow: lambda a, b: _power(Fraction(a), Fraction(b)),
        ast.USub: lambda a: -a,
        ast.UAdd: lambda a: a,
        ast.Not: lambda a: not a,
        ast.Eq: lambda a, b: a == b,
        ast.NotEq: lambda a, b: a != b,
        ast.Lt: lambda a, b: a < b,
        ast.LtE: lambda a, b: a <= b,
        ast.Gt: lambda a, b: a > b,
        ast.GtE: lambda a, b: a >= b,
    }


def _round(value: Fraction, decimals: Fraction = Fraction(0)) -> Fraction:
    if not 0 <= decimals <= MAX_EXPONENT:
        raise FormulaError("not-allowed", "round")
    return round_half_up(Fraction(value), int(decimals))


def _functions() -> dict[str, object]:
    return {
        "min": lambda *values: min(values),
        "max": lambda *values: max(values),
        "round": _round,
        "floor": lambda value: Fraction(math.floor(value)),
        "ceil": lambda value: Fraction(math.ceil(value)),
        "abs": abs,
    }
