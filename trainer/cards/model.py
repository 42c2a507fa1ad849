"""What a card is: one question a learner is asked, and what counts as its answer.

Texts are Markdown as written in the deck. The values are `msgspec` structs: they are made by the
hundred thousand while decks are read, and are kept as JSON between two starts.
"""

from typing import Literal

import msgspec

Language = Literal["en", "zh"]
Scoring = Literal["all", "right-minus-wrong", "per-option"]


class Value(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """Base of everything that lies in a card or a deck.

    Frozen values hold no cycles, so the garbage collector need not visit them: with a hundred
    thousand cards that is a third of the time it takes to read them.
    """


class Option(Value, frozen=True):
    text: str
    right: bool
    reason: str = ""
    last: bool = False  # stays at the end when options are shuffled


class Recall(Value, frozen=True, tag="recall"):
    """Question and answer; the learner grades it."""

    answer: str


class Term(Value, frozen=True, tag="term"):
    """One direction of a term and its definition; the learner grades it."""

    shown: str
    hidden: str
    asks_for: Literal["term", "definition"]


class ClozePart(Value, frozen=True):
    """A hidden part: code points `start` up to `end` of `Cloze.text`, without its == marks."""

    key: str  # "1", "2" … or the name given in the deck
    start: int
    end: int


class Cloze(Value, frozen=True, tag="cloze"):
    """A text with hidden parts; this card asks for the one named `hidden`. Graded by the learner,
    or by what was typed."""

    text: str
    parts: tuple[ClozePart, ...]
    hidden: str


class Choice(Value, frozen=True, tag="choice"):
    """Options to choose from: one right option is single choice, several are multiple response."""

    options: tuple[Option, ...]
    scoring: Scoring = "right-minus-wrong"

    @property
    def several(self) -> bool:
        return sum(option.right for option in self.options) > 1


class TrueFalse(Value, frozen=True, tag="true-false"):
    truth: bool


class Number(Value, frozen=True, tag="number"):
    """A decimal number; `value` and `tolerance` are plain decimal strings ("1.25")."""

    value: str
    unit: str = ""
    tolerance: str = "0"


class Typed(Value, frozen=True, tag="typed"):
    """A word or two to type; any of `accepted` will do. Case, width and spaces are forgiven."""

    accepted: tuple[str, ...]


class Ordering(Value, frozen=True, tag="ordering"):
    """Things to put in order; `steps` has the right order."""

    steps: tuple[str, ...]


class Matching(Value, frozen=True, tag="matching"):
    """Left entries to match with right ones; `pairs` has the right matches."""

    left: str  # heading of the left column
    right: str
    pairs: tuple[tuple[str, str], ...]


class Parameter(Value, frozen=True):
    """A number drawn afresh at each showing: from `low` to `high` in steps of `step`, or one of
    `choices` (then the range is not used). Plain decimal strings."""

    name: str
    low: str = ""
    high: str = ""
    step: str = "1"
    choices: tuple[str, ...] = ()


class Misconception(Value, frozen=True):
    """A wrong way to reach a number, and what it mistakes."""

    formula: str
    reason: str = ""


class Parametric(Value, frozen=True, tag="parametric"):
    """A question with fresh numbers; formulas are checked when the deck is read."""

    parameters: tuple[Parameter, ...]
    answer: str  # formula
    conditions: tuple[str, ...] = ()
    decimals: int | None = None  # the answer is rounded half up to so many places
    unit: str = ""
    tolerance: str = "0"
    wrong: tuple[Misconception, ...] = ()


class Day(Value, frozen=True, tag="date"):
    """A day of the calendar, typed; `value` is "2026-03-10". Families ask for it."""

    value: str


FamilyKind = Literal[
    "points", "clean", "consequence", "room", "price", "bill", "metric", "level", "ladder"
]


class FamilyStep(Value, frozen=True):
    """A threshold of a record: what follows at `at` points."""

    at: str
    words: str
    closes: bool = False


class FamilyRow(Value, frozen=True):
    """A row of a table as a family draws it. Numbers are plain decimal strings.

    A violation has its price in `low` and `high`; a step of a ladder or a level its condition in
    `title` and what follows in `words`; a metric is `part` of `whole` compared (`sign`) with `low`.
    """

    title: str
    words: str = ""
    low: str = ""
    high: str = ""
    unit: str = ""
    part: str = ""
    whole: str = ""
    sign: str = ""
    tolerates: int = 0
    needs: int = 0
    since: str = ""  # first and last day on which the row holds, "2021-04-01"
    until: str = ""
    asked: bool = True  # False: only there to be mistaken for another


class FamilyLimit(Value, frozen=True):
    """A limit of another platform, which a learner may take for this one's."""

    platform: str
    value: str
    title: str = ""


class Family(Value, frozen=True, tag="family"):
    """A question that a penalty table asks by itself, with fresh numbers and days at each showing.

    It is drawn by `cards.families` into an ordinary question: a choice, a number or a day.
    """

    about: FamilyKind
    platform: str  # amazon, ebay …
    record: str  # title of the table
    unit: str = "points"
    window: str = ""  # as penalties.windows reads it
    steps: tuple[FamilyStep, ...] = ()
    rows: tuple[FamilyRow, ...] = ()
    others: tuple[FamilyLimit, ...] = ()
    other_record: str = ""  # a record of the same platform that is never added to this one


Body = (
    Recall
    | Term
    | Cloze
    | Choice
    | TrueFalse
    | Number
    | Typed
    | Ordering
    | Matching
    | Parametric
    | Day
    | Family
)

# The names of the kinds as people and programs meet them (`trainer stats`, filters, blueprints).
KINDS = (
    "recall",
    "term",
    "cloze",
    "single-choice",
    "multiple-response",
    "true-false",
    "number",
    "typed",
    "ordering",
    "matching",
    "parametric",
)


class Card(Value, frozen=True):
    """One question, in one language. `card_id` is the same in every language.

    `card_id` is "<deck id>#<id>", with ".<part>" behind it where one block makes several cards
    (cloze parts; ".term" and ".definition"). Cards of one block share `note_id` ("<deck id>#<id>")
    and are siblings: they are kept apart in study.
    """

    card_id: str
    note_id: str
    language: Language
    question: str  # Markdown; a cloze keeps its text in the body and may have none here
    body: Body
    line: int  # where it begins in its file
    column: int = 1
    explanation: str = ""
    rule_id: str = ""  # "<deck id>#<rule>", or "" for a card without a rule
    difficulty: int = 2  # 1 easy to 5 hard
    tags: tuple[str, ...] = ()


def kind_of(body: Body) -> str:
    """The name of the card's kind, one of KINDS; "date" for the day a family asks for."""
    if isinstance(body, Choice):
        return "multiple-response" if body.several else "single-choice"
    if isinstance(body, Family):
        return "parametric"
    return str(body.__struct_config__.tag)
