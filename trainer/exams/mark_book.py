"""Every time the papers of a sitting were marked, and what was decided for it: old marks stay."""

from collections.abc import Mapping, Sequence
from fractions import Fraction

import msgspec

from trainer.cards.model import Value
from trainer.exams.keys import ExamError
from trainer.exams.marking import Decision, Mark, total

Totals = dict[str, tuple[str, str]]  # by candidate: score and points, as exact fractions


class Run(Value, frozen=True):
    """One marking of all papers. `at` is ms UTC; `reason` is the teacher's word for it."""

    at: int
    decisions: tuple[Decision, ...]
    totals: Totals
    reason: str = ""


class MarkBook(Value, frozen=True):
    sitting_id: str
    runs: tuple[Run, ...] = ()

    @property
    def decisions(self) -> tuple[Decision, ...]:
        """Those that hold now."""
        return self.runs[-1].decisions if self.runs else ()


def marked(
    book: MarkBook,
    at: int,
    marks: Mapping[str, Sequence[Mark]],
    decisions: Sequence[Decision] = (),
    reason: str = "",
) -> MarkBook:
    """The book with one more run; unchanged when nothing is new since the last one."""
    totals = {name: _written(*total(row)) for name, row in sorted(marks.items())}
    run = Run(at, tuple(decisions), totals, reason)
    if book.runs and (book.runs[-1].totals, book.runs[-1].decisions) == (totals, run.decisions):
        return book
    return msgspec.structs.replace(book, runs=(*book.runs, run))


def moved(before: Run, after: Run) -> dict[str, tuple[Fraction | None, Fraction | None]]:
    """Candidates whose score differs between two runs: the old one and the new one, None where
    there was no paper."""
    names = sorted({*before.totals, *after.totals})
    found = {}
    for name in names:
        old, new = _score(before, name), _score(after, name)
        if old != new:
            found[name] = (old, new)
    return found


def read_mark_book(content: bytes, sitting_id: str) -> MarkBook:
    """Raises ExamError exam.no-mark-book for anything else, or another sitting's."""
    try:
        book = msgspec.json.decode(content, type=MarkBook)
    except (msgspec.MsgspecError, ValueError) as error:
        raise ExamError("exam.no-mark-book") from error
    if book.sitting_id != sitting_id:
        raise ExamError("exam.no-mark-book")
    return book


def write_mark_book(book: MarkBook) -> bytes:
    return msgspec.json.format(msgspec.json.encode(book), indent=1)


def _written(score: Fraction, points: Fraction) -> tuple[str, str]:
    return str(score), str(points)


def _score(run: Run, name: str) -> Fraction | None:
    return Fraction(run.totals[name][0]) if name in run.totals else None
