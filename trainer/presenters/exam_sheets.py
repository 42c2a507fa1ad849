"""What the candidate's window shows, as plain values: the question, the overview, the clock."""

from collections.abc import Sequence
from typing import Literal

from msgspec import Struct

from trainer.cards.model import Language
from trainer.exams.model import Answered, FormItem, Item

Urgency = Literal["calm", "soon", "last"]  # more than 5 minutes, 5 minutes, 1 minute


class QuestionSheet(Struct, frozen=True):
    """One question on the screen."""

    item: Item
    placed: FormItem
    language: Language
    number: int
    of: int
    section: str  # title, "" when there is only one
    answered: Answered | None
    flagged: bool
    has_other_language: bool = False
    locked: bool = False  # time is over, or the answer could not be saved


class Cell(Struct, frozen=True):
    """A question in the overview."""

    number: int
    answered: bool
    flagged: bool
    here: bool
    closed: bool = False  # cannot be gone to: a section that is over, or comes later


class Overview(Struct, frozen=True):
    """All questions, section by section: (title, cells)."""

    sections: tuple[tuple[str, tuple[Cell, ...]], ...]

    @property
    def cells(self) -> Sequence[Cell]:
        return [cell for _, cells in self.sections for cell in cells]

    @property
    def empty(self) -> int:
        return sum(not cell.answered for cell in self.cells)

    @property
    def flagged(self) -> int:
        return sum(cell.flagged for cell in self.cells)


class Clock(Struct, frozen=True):
    """Time left, in whole seconds; of the section too where it has a limit of its own."""

    left: int
    section_left: int | None = None

    @property
    def urgency(self) -> Urgency:
        nearest = self.left if self.section_left is None else min(self.left, self.section_left)
        if nearest <= 60:
            return "last"
        return "soon" if nearest <= 300 else "calm"


def as_clock(seconds: int) -> str:
    """59 minutes as "59:00", more than an hour as "1:15:00"; never below "0:00"."""
    seconds = max(seconds, 0)
    hours, rest = divmod(seconds, 3600)
    minutes, second = divmod(rest, 60)
    if hours:
        return f"{hours}:{minutes:02}:{second:02}"
    return f"{minutes}:{second:02}"
