"""A new exam on the teacher's desk: what is asked, of whom, for how long; held against the decks.

Everything entered is kept as one value, so that it is there again tomorrow.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePath
from typing import Literal, Protocol

import msgspec

from trainer.cards.model import Language, Scoring, Value
from trainer.exams.blueprint import (
    Blueprint,
    Cell,
    Forms,
    SectionPlan,
)
from trainer.exams.key_file import Entrant
from trainer.exams.keys import ExamError
from trainer.exams.marking import OrderRule
from trainer.exams.model import ClockRule, Navigation, TimeRules
from trainer.exchange.class_list import ClassList
from trainer.foundation.errors import TrainerError
from trainer.services.exam_packing import Order
from trainer.services.exam_pool import Choices, ExamPool, PlanReport

DAY_MS = 86_400_000
VALID_DAYS = 14
MOST_MINUTES = 600
SPARE_MINUTES = 15  # a window stays open so much longer than the exam lasts, to begin with


class Line(Value, frozen=True):
    """A line of the blueprint in the window: one choice of each, "" for any. What a file says
    beyond that (several subjects in one line) is kept as it is in `more`."""

    count: int = 5
    points: str = "2"
    subject: str = ""
    competence: str = ""
    kind: str = ""
    difficulty: int = 0
    more: Cell | None = None

    def cell(self) -> Cell:
        if self.more is not None:
            return msgspec.structs.replace(self.more, count=self.count, points=self.points)
        return Cell(
            count=self.count,
            points=self.points,
            subjects=(self.subject,) if self.subject else (),
            competences=(self.competence,) if self.competence else (),
            kinds=(self.kind,) if self.kind else (),
            difficulties=(self.difficulty,) if self.difficulty else (),
        )


class SectionDraft(Value, frozen=True):
    title: str = ""
    lines: tuple[Line, ...] = (Line(),)
    navigation: Navigation = "free"
    minutes: int = 0


class Draft(Value, frozen=True):
    """An exam as it is being prepared. `class_path` is the file the candidates came from."""

    title: str = ""
    minutes: int = 60
    clock: ClockRule = "personal"
    forms: Forms = "each"
    named: int = 2
    languages: tuple[Language, ...] = ("zh", "en")
    scoring: Scoring = "right-minus-wrong"
    ordering: OrderRule = "pairs"
    shuffle_questions: bool = True
    shuffle_options: bool = True
    rules: str = ""
    always: tuple[str, ...] = ()
    never: tuple[str, ...] = ()
    unverified: bool = False
    sections: tuple[SectionDraft, ...] = (SectionDraft(),)
    class_path: str = ""
    entrants: tuple[Entrant, ...] = ()
    rehearsal: bool = False
    window_start: int = 0  # ms UTC; 0: no window
    window_end: int = 0
    late: int = 0  # minutes after the window's start; 0: never too late
    lock_after: int = 0  # seconds; 0: never

    @property
    def has_window(self) -> bool:
        return bool(self.window_end)

    @property
    def plan(self) -> Blueprint:
        return Blueprint(
            title=self.title.strip(),
            sections=tuple(
                SectionPlan(
                    section.title.strip() or self.title.strip(),
                    tuple(line.cell() for line in section.lines),
                    section.navigation,
                    section.minutes,
                )
                for section in self.sections
            ),
            languages=self.languages,
            forms=self.forms,
            named=self.named,
            scoring=self.scoring,
            ordering=self.ordering,
            shuffle_questions=self.shuffle_questions,
            shuffle_options=self.shuffle_options,
            always=self.always,
            never=self.never,
            unverified=self.unverified,
        )


@dataclass(frozen=True, slots=True)
class Readiness:
    """What still stands in the way of packing: message codes with blanks; none when it is ready."""

    missing: Sequence[tuple[str, Mapping[str, object]]]

    @property
    def ready(self) -> bool:
        return not self.missing


class PlanView(Protocol):
    def show_draft(self, draft: Draft) -> None:
        """Everything anew: another draft was taken."""
        ...

    def show_report(self, report: PlanReport, readiness: Readiness) -> None: ...

    def show_class(self, found: ClassList | None, draft: Draft) -> None: ...

    def say(self, error: TrainerError) -> None: ...


Field = Literal[
    "title",
    "minutes",
    "clock",
    "forms",
    "named",
    "languages",
    "scoring",
    "rules",
    "shuffle_questions",
    "shuffle_options",
    "unverified",
    "rehearsal",
    "window_start",
    "window_end",
    "late",
    "lock_after",
]


class PlanPresenter:
    """One exam being prepared. Every change is remembered and can be taken back."""

    def __init__(
        self,
        pool: ExamPool,
        view: PlanView,
        remembered: str,
        remember: Callable[[str], object],
        default_rules: str,
    ) -> None:
        self._pool = pool
        self._view = view
        self._remember = remember
        self._default_rules = default_rules
        self._draft = _read_draft(remembered)
        self._before: list[Draft] = []
        self._report = pool.report(self._draft.plan)

    @property
    def draft(self) -> Draft:
        return self._draft

    @property
    def report(self) -> PlanReport:
        return self._report

    @property
    def can_undo(self) -> bool:
        return bool(self._before)

    def choices(self) -> Choices:
        """What there is to choose from, with how many questions of each."""
        return self._pool.choices(self._draft.plan)

    def show(self) -> None:
        self._view.show_draft(self._draft)
        self._view.show_class(None, self._draft)
        self._tell()

    def change(self, field: Field, value: object) -> None:
        self._take(msgspec.structs.replace(self._draft, **{field: value}))

    def set_window(self, start: int, end: int) -> None:
        """When the exam may be begun and when it closes (ms UTC); 0, 0 for no window."""
        self._take(msgspec.structs.replace(self._draft, window_start=start, window_end=end))

    def change_section(self, place: int, **changes: object) -> None:
        sections = list(self._draft.sections)
        sections[place] = msgspec.structs.replace(sections[place], **changes)
        self._take(msgspec.structs.replace(self._draft, sections=tuple(sections)))

    def change_line(self, section: int, place: int, **changes: object) -> None:
        lines = list(self._draft.sections[section].lines)
        lines[place] = msgspec.structs.replace(lines[place], **changes)
        self.change_section(section, lines=tuple(lines))

    def add_line(self, section: int) -> None:
        lines = self._draft.sections[section].lines
        last = lines[-1] if lines else Line()
        self.change_section(section, lines=(*lines, msgspec.structs.replace(last, more=None)))
        self._view.show_draft(self._draft)
        self._tell()

    def remove_line(self, section: int, place: int) -> None:
        lines = list(self._draft.sections[section].lines)
        del lines[place]
        self.change_section(section, lines=tuple(lines))
        self._view.show_draft(self._draft)
        self._tell()

    def add_section(self) -> None:
        sections = (*self._draft.sections, SectionDraft())
        self._take(msgspec.structs.replace(self._draft, sections=sections))
        self._view.show_draft(self._draft)
        self._tell()

    def remove_section(self, place: int) -> None:
        sections = list(self._draft.sections)
        del sections[place]
        kept = tuple(sections) or (SectionDraft(),)
        self._take(msgspec.structs.replace(self._draft, sections=kept))
        self._view.show_draft(self._draft)
        self._tell()

    def undo(self) -> None:
        if self._before:
            self._draft = self._before.pop()
            self._remember(_write_draft(self._draft))
            self._report = self._pool.report(self._draft.plan)
            self.show()

    def begin_anew(self) -> None:
        self._take(Draft())
        self.show()

    def take_class(self, found: ClassList, path: PurePath) -> None:
        """The class list that was read; one with mistakes leaves the old one in place."""
        if found.good:
            draft = msgspec.structs.replace(
                self._draft, entrants=found.entrants, class_path=path.name
            )
            self._take(draft)
        self._view.show_class(found, self._draft)

    def load_plan(self, plan: Blueprint) -> None:
        """A blueprint from a file takes the place of the lines."""
        self._take(_with_plan(self._draft, plan))
        self.show()

    def readiness(self) -> Readiness:
        missing: list[tuple[str, Mapping[str, object]]] = list(self._report.problems)
        missing += [
            ("exam.line-missing", {"number": cell.number, "missing": cell.missing})
            for cell in self._report.cells
            if cell.missing
        ]
        if self._draft.has_window and self._draft.window_end <= self._draft.window_start:
            missing.append(("exam.window-wrong", {}))
        if not self._draft.entrants:
            missing.append(("exam.no-candidates", {}))
        return Readiness(missing)

    def order(self, now: int, seed: str) -> Order:
        """What is to be packed, at `now` (ms UTC). Raises ExamError for the first thing that is
        missing, and exam.window-over."""
        for code, blanks in self.readiness().missing:
            raise ExamError(code, **blanks)
        if self._draft.has_window and self._draft.window_end <= now:
            raise ExamError("exam.window-over")
        return _ordered(self._draft, now, seed, self._default_rules)

    def sample_order(self, seed: str) -> Order:
        """For looking at forms before there is a class: one candidate, called 1."""
        sample = msgspec.structs.replace(self._draft, entrants=(Entrant("1", ""),))
        return _ordered(sample, 0, seed, self._default_rules)

    def _take(self, draft: Draft) -> None:
        if draft == self._draft:
            return
        self._before = [*self._before[-50:], self._draft]
        self._draft = draft
        self._remember(_write_draft(draft))
        self._report = self._pool.report(draft.plan)
        self._tell()

    def _tell(self) -> None:
        self._view.show_report(self._report, self.readiness())


def _ordered(draft: Draft, now: int, seed: str, usual_rules: str) -> Order:
    rules = draft.rules.strip() or usual_rules
    start, end = draft.window_start, draft.window_end
    late = 60 * draft.late if draft.has_window else 0
    return Order(
        plan=draft.plan,
        entrants=draft.entrants,
        time=TimeRules(draft.clock, 60 * draft.minutes, start, end, late),
        valid_from=min(now, start or now) - DAY_MS,
        valid_until=max(now, end) + VALID_DAYS * DAY_MS,
        seed=seed,
        rules=dict.fromkeys(draft.languages, rules),
        rehearsal=draft.rehearsal,
        lock_after=draft.lock_after,
    )


def _with_plan(draft: Draft, plan: Blueprint) -> Draft:
    sections = tuple(
        SectionDraft(
            section.title,
            tuple(_line(cell) for cell in section.cells),
            section.navigation,
            section.minutes,
        )
        for section in plan.sections
    )
    return msgspec.structs.replace(
        draft,
        title=plan.title,
        sections=sections or (SectionDraft(),),
        languages=plan.languages,
        forms=plan.forms,
        named=plan.named,
        scoring=plan.scoring,
        ordering=plan.ordering,
        shuffle_questions=plan.shuffle_questions,
        shuffle_options=plan.shuffle_options,
        always=plan.always,
        never=plan.never,
        unverified=plan.unverified,
    )


def _line(cell: Cell) -> Line:
    lists = (cell.subjects, cell.competences, cell.kinds, cell.difficulties)
    if any(len(each) > 1 for each in lists):
        return Line(cell.count, cell.points, more=cell)
    return Line(
        count=cell.count,
        points=cell.points,
        subject="".join(cell.subjects),
        competence="".join(cell.competences),
        kind="".join(cell.kinds),
        difficulty=sum(cell.difficulties),
    )


def _read_draft(text: str) -> Draft:
    try:
        return msgspec.json.decode(text.encode("utf-8"), type=Draft) if text else Draft()
    except (msgspec.MsgspecError, ValueError):
        return Draft()


def _write_draft(draft: Draft) -> str:
    return msgspec.json.encode(draft).decode("utf-8")
