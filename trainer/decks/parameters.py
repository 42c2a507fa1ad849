"""`params` blocks: the ranges, conditions and formulas of a question with fresh numbers."""

import re
from collections.abc import Sequence
from decimal import Decimal

from trainer.cards.model import Misconception, Parameter, Parametric
from trainer.decks.formulas import Formulas
from trainer.decks.remarks import Remarks

_LINE = re.compile(r"\s*([^\s:：]+)[ \t]*+[:：][ \t\u3000]*+")
_NUMBER = r"[-+−]?[0-9]{1,12}(?:\.[0-9]{1,9})?"
_RANGE = re.compile(rf"({_NUMBER})\s*(?:\.\.|…)\s*({_NUMBER})(?:\s+step\s+({_NUMBER}))?")
_ONE_OF = re.compile(rf"one\s+of\s+({_NUMBER}(?:\s*[,，、]\s*{_NUMBER})*)")
_PLAIN_NUMBER = re.compile(_NUMBER)
_NAME = re.compile(r"[a-z][a-z0-9_]{0,30}")
_BLANK = re.compile(r"\{([a-z][a-z0-9_]*)\}")
_USES_NAME = re.compile(r"[a-z][a-z0-9_]*")
_TOLD = frozenset({"too-large", "not-allowed"})  # of a draw; the rest makes it impossible
_WORDS = frozenset({"answer", "where", "round", "unit", "tolerance", "wrong"})


class _Reader:
    """The lines of one block, taken one by one."""

    def __init__(self, remarks: Remarks) -> None:
        self.remarks = remarks
        self.parameters: list[Parameter] = []
        self.names: dict[str, int] = {}  # name and line
        self.formulas: list[tuple[int, int, str]] = []  # line, column, formula
        self.conditions: list[str] = []
        self.wrong: list[Misconception] = []
        self.single: dict[str, tuple[int, int, str]] = {}  # answer, round, unit, tolerance

    def take(self, index: int, line: str) -> None:
        found = _LINE.match(line)
        if found is None:
            if line.strip():
                self.remarks.add("deck.params-line", index)
            return
        key, column, value = found[1], found.end(), line[found.end() :].strip()
        if key == "where":
            self.conditions.append(value)
            self.formulas.append((index, column, value))
        elif key == "wrong":
            formula, _, reason = value.replace("｜", "|").partition("|")
            self.wrong.append(Misconception(formula.strip(), reason.strip()))
            self.formulas.append((index, column, formula.strip()))
        elif key in _WORDS:
            if key in self.single:
                self.remarks.add("deck.params-twice", index, 0, name=key)
            self.single[key] = (index, column, value)
        else:
            self._take_parameter(index, column, key, value)

    def _take_parameter(self, index: int, column: int, name: str, value: str) -> None:
        if not _NAME.fullmatch(name):
            self.remarks.add("deck.params-name", index, 0, name=name)
        elif name in self.names:
            self.remarks.add("deck.params-twice", index, 0, name=name)
        else:
            self.names[name] = index
            parameter = _parameter(name, value)
            if parameter is None:
                self.remarks.add("deck.params-range", index, column, name=name, value=value)
            else:
                self.parameters.append(parameter)


def read_parameters(
    lines: Sequence[str],
    start: int,
    end: int,
    question: str,
    formulas: Formulas,
    remarks: Remarks,
) -> Parametric | None:
    """The card body in the `params` block whose fence opens on line `start`; `end` is the line
    after it. None when something is wrong with it, which is then among the remarks."""
    before = remarks.errors
    reader = _Reader(remarks)
    for index in range(start + 1, end):
        line = lines[index]
        if index < end - 1 or line.strip(" `~"):
            reader.take(index, line)
    if "answer" not in reader.single:
        remarks.add("deck.params-no-answer", start)
        return None
    reader.formulas.append(reader.single["answer"])
    body = Parametric(
        parameters=tuple(reader.parameters),
        answer=reader.single["answer"][2],
        conditions=tuple(reader.conditions),
        decimals=_decimals(reader),
        unit=reader.single.get("unit", (0, 0, ""))[2],
        tolerance=_tolerance(reader),
        wrong=tuple(reader.wrong),
    )
    _check_formulas(reader, formulas)
    _check_blanks(reader, question, start)
    if remarks.errors == before:
        found = formulas.problem_of_draws(body)
        if found:
            code = found[0] if found[0] in _TOLD else "impossible"
            remarks.add(f"deck.formula-{code}", start, piece=found[1])
    return body if remarks.errors == before else None


def _parameter(name: str, value: str) -> Parameter | None:
    found = _RANGE.fullmatch(value)
    if found:
        low, high, step = (_plain(part or "1") for part in found.groups())
        if Decimal(low) > Decimal(high) or Decimal(step) <= 0:
            return None
        return Parameter(name, low, high, step)
    listed = _ONE_OF.fullmatch(value)
    if listed:
        return Parameter(name, choices=tuple(map(_plain, _PLAIN_NUMBER.findall(listed[1]))))
    return None


def _plain(number: str) -> str:
    return number.replace("−", "-").removeprefix("+")


def _decimals(reader: _Reader) -> int | None:
    if "round" not in reader.single:
        return None
    line, column, value = reader.single["round"]
    if len(value) == 1 and value in "0123456789":
        return int(value)
    reader.remarks.add("deck.params-round", line, column, value=value)
    return None


def _tolerance(reader: _Reader) -> str:
    if "tolerance" not in reader.single:
        return "0"
    line, column, value = reader.single["tolerance"]
    if _PLAIN_NUMBER.fullmatch(value) and value[0] not in "-−":
        return _plain(value)
    reader.remarks.add("deck.bad-tolerance", line, column, value=value)
    return "0"


def _check_formulas(reader: _Reader, formulas: Formulas) -> None:
    names = frozenset(reader.names)
    for line, column, formula in reader.formulas:
        problem = formulas.problem(formula, names)
        if problem:
            code, piece = problem
            reader.remarks.add(f"deck.formula-{code}", line, column, piece=piece)


def _check_blanks(reader: _Reader, question: str, start: int) -> None:
    shown = set(_BLANK.findall(question))
    for name in sorted(shown - reader.names.keys()):
        reader.remarks.add("deck.unknown-blank", start, name=name)
    used = set(_USES_NAME.findall(reader.single["answer"][2]))
    for name in sorted(reader.names.keys() & used - shown):
        reader.remarks.add("deck.hidden-parameter", reader.names[name], name=name)
