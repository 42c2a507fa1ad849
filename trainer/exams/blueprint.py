"""What an exam should ask: a matrix of subjects, difficulties and kinds with counts and points.

A blueprint is data that a teacher reads and a window edits. Here it is held against the cards
there are: what can be drawn, what is missing, and why.
"""

import json
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Literal

import msgspec

from trainer.cards.model import KINDS, Language, Scoring, Value
from trainer.exams.keys import ExamError
from trainer.exams.marking import OrderRule
from trainer.exams.model import Navigation

# Kinds a machine can mark; a case is marked by its decisions, a case study by its questions.
EXAM_KINDS = (*(kind for kind in KINDS if kind not in {"recall", "term"}), "case", "case-study")
Forms = Literal["each", "named"]  # one a candidate, or A, B, C …
MOST_QUESTIONS = 400
MOST_NAMED = 26  # A to Z
MOST_MINUTES = 1440


class Cell(Value, frozen=True):
    """Draw `count` questions worth `points` each. Empty lists let everything through.

    A case study is drawn as one, and each of its questions is worth `points`.
    """

    count: int
    points: str = "1"  # plain decimal
    subjects: tuple[str, ...] = ()
    competences: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    difficulties: tuple[int, ...] = ()  # 1 to 5


class SectionPlan(Value, frozen=True):
    title: str
    cells: tuple[Cell, ...]
    navigation: Navigation = "free"
    minutes: int = 0  # 0: only the exam's own limit


class Blueprint(Value, frozen=True):
    """The plan of a paper. `always` are cards everybody gets (in the first cell they fit);
    `never` are left out."""

    title: str
    sections: tuple[SectionPlan, ...]
    languages: tuple[Language, ...] = ("zh", "en")
    forms: Forms = "each"
    named: int = 2  # how many forms, when they are named
    scoring: Scoring = "right-minus-wrong"
    ordering: OrderRule = "pairs"
    shuffle_questions: bool = True
    shuffle_options: bool = True
    always: tuple[str, ...] = ()
    never: tuple[str, ...] = ()
    unverified: bool = False  # ask what a deck says has still to be verified, too

    @property
    def cells(self) -> list[Cell]:
        return [cell for section in self.sections for cell in section.cells]

    @property
    def questions(self) -> int:
        return sum(cell.count for cell in self.cells)


@dataclass(frozen=True, slots=True)
class PoolCard:
    """A card, case or case study that could be asked. Siblings share `note_id`."""

    card_id: str
    note_id: str
    subject: str
    competence: str
    kind: str
    difficulty: int
    languages: frozenset[Language]
    unverified: bool = False  # its rule has still to be verified


@dataclass(frozen=True, slots=True)
class Stock:
    """How a cell stands. `fitting` cards fit it; `drawable` are left for it when the other cells
    take theirs; `missing` is what it wants beyond that."""

    wanted: int
    fitting: int
    drawable: int

    @property
    def missing(self) -> int:
        return self.wanted - self.drawable


def read_blueprint(content: bytes) -> Blueprint:
    """A blueprint from JSON or TOML. Raises ExamError exam.no-blueprint (blank reason), or
    exam.blueprint-wrong with what is wrong."""
    try:
        if content.lstrip()[:1] == b"{":
            plan = msgspec.json.decode(content, type=Blueprint)
        else:
            plan = msgspec.toml.decode(content, type=Blueprint)
    except (msgspec.MsgspecError, ValueError) as error:
        raise ExamError("exam.no-blueprint", reason=str(error)[:200]) from error
    for code, blanks in problems(plan):
        raise ExamError(code, **blanks)
    return plan


def write_blueprint(plan: Blueprint) -> bytes:
    """TOML that a teacher can read and change."""
    lines = [
        f"{name} = {_toml(getattr(plan, name))}"
        for name in plan.__struct_fields__
        if name != "sections"
    ]
    for section in plan.sections:
        lines += ["", "[[sections]]"]
        for name in ("title", "navigation", "minutes"):
            lines.append(f"{name} = {_toml(getattr(section, name))}")
        for cell in section.cells:
            lines += ["", "[[sections.cells]]"]
            values = {name: getattr(cell, name) for name in cell.__struct_fields__}
            lines += [f"{name} = {_toml(value)}" for name, value in values.items() if value != ()]
    return "\n".join([*lines, ""]).encode("utf-8")


def _toml(value: object) -> str:
    if isinstance(value, tuple):
        return f"[{', '.join(map(_toml, value))}]"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int):
        return str(value)
    # A JSON string is a TOML string, but for DEL.
    text = json.dumps(str(value), ensure_ascii=False)
    return text.replace("\x7f", "\\u007f")


def problems(plan: Blueprint) -> list[tuple[str, dict[str, object]]]:
    """What is wrong with a plan by itself, as message codes with blanks."""
    found: list[tuple[str, dict[str, object]]] = []
    if not plan.title.strip():
        found.append(("exam.plan-title", {}))
    if not plan.questions:
        found.append(("exam.plan-empty", {}))
    if plan.questions > MOST_QUESTIONS:
        found.append(("exam.plan-long", {"most": MOST_QUESTIONS}))
    if not plan.languages:
        found.append(("exam.plan-language", {}))
    if plan.forms == "named" and not 1 <= plan.named <= MOST_NAMED:
        found.append(("exam.plan-named", {"most": MOST_NAMED}))
    if any(not 0 <= section.minutes <= MOST_MINUTES for section in plan.sections):
        found.append(("exam.plan-minutes", {"most": MOST_MINUTES}))
    for number, cell in enumerate(plan.cells, start=1):
        unknown = [kind for kind in cell.kinds if kind not in EXAM_KINDS]
        if unknown:
            found.append(("exam.plan-kind", {"number": number, "kind": unknown[0]}))
        if cell.count < 0 or not _positive(cell.points):
            found.append(("exam.plan-cell", {"number": number}))
    return found


def fits(card: PoolCard, cell: Cell) -> bool:
    return (
        (not cell.subjects or card.subject in cell.subjects)
        and (not cell.competences or card.competence in cell.competences)
        and (not cell.kinds or card.kind in cell.kinds)
        and (not cell.difficulties or card.difficulty in cell.difficulties)
    )


def usable(pool: Collection[PoolCard], plan: Blueprint) -> list[PoolCard]:
    """The cards of the pool that this plan may ask: in all its languages, of a kind a machine can
    mark, of a rule that is verified, and not left out. What the plan asks of everybody by name
    need not be verified."""
    never, always = set(plan.never), set(plan.always)
    languages = set(plan.languages)
    return [
        card
        for card in pool
        if card.kind in EXAM_KINDS
        and card.card_id not in never
        and languages <= card.languages
        and (plan.unverified or not card.unverified or card.card_id in always)
    ]


def stock(plan: Blueprint, pool: Collection[PoolCard]) -> list[Stock]:
    """For every cell, in order, what the pool has for it when all cells draw from it together.

    Siblings count once. Cells that want the same cards share them in the way that leaves the
    least missing (a maximum matching, by augmenting paths).
    """
    cards = usable(pool, plan)
    notes: dict[str, list[PoolCard]] = {}
    for card in cards:
        notes.setdefault(card.note_id, []).append(card)
    cells = plan.cells
    choices = [
        [name for name, siblings in notes.items() if any(fits(card, cell) for card in siblings)]
        for cell in cells
    ]
    held = _matching([cell.count for cell in cells], choices)
    counts = Counter(held.values())
    return [
        Stock(cell.count, len(choices[place]), counts[place]) for place, cell in enumerate(cells)
    ]


def _matching(wanted: Sequence[int], choices: Sequence[Sequence[str]]) -> dict[str, int]:
    """Which cell takes which note, with as many taken as can be."""
    held: dict[str, int] = {}
    # Cells with little to choose from come first: what is missing is missing where most fits.
    for place in sorted(range(len(wanted)), key=lambda place: len(choices[place])):
        for _ in range(wanted[place]):
            if not _augment(place, choices, held, set()):
                break
    return held


def _augment(
    place: int, choices: Sequence[Sequence[str]], held: dict[str, int], tried: set[str]
) -> bool:
    for name in choices[place]:
        if name not in held:
            held[name] = place
            return True
    for name in choices[place]:
        if name in tried or held[name] == place:
            continue
        tried.add(name)
        if _augment(held[name], choices, held, tried):
            held[name] = place
            return True
    return False


def _positive(points: str) -> bool:
    try:
        short = len(points) <= 8 and all(c in "0123456789." for c in points)
        return short and float(points) > 0
    except ValueError:
        return False
