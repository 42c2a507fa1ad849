"""A candidate at work: which question is on the screen, what is told when, how it ends.

The attempt below keeps and seals everything; here is decided what the candidate sees of it.
"""

from collections.abc import Callable
from enum import Enum, auto
from typing import Literal, Protocol

from trainer.cards.model import Language
from trainer.cards.response import Response
from trainer.exams.keys import ExamError
from trainer.exams.model import Answered, FormItem, Section
from trainer.exams.room import Attempt, Moment, Reason, Receipt
from trainer.foundation.errors import TrainerError
from trainer.presenters.exam_sheets import Cell, Clock, Overview, QuestionSheet
from trainer.presenters.saving import Saving

__all__ = ["Attempt", "Moment", "Phase", "Reason", "Receipt", "WorkPresenter", "WorkView"]


RETRY_TICKS = 3  # seconds between two tries to write what no disk has taken


class WorkView(Protocol):
    def show_question(self, sheet: QuestionSheet) -> None: ...

    def show_overview(self, overview: Overview) -> None: ...

    def show_clock(self, clock: Clock | None) -> None: ...

    def show_saving(self, state: Literal["saved", "saving", "trouble"], why: str = "") -> None: ...

    def tell(self, code: str, **blanks: object) -> None:
        """A line that goes by itself, read aloud."""
        ...

    def announce(self, seconds: int) -> None:
        """So much time is left."""
        ...

    def ask_to_finish(self, empty: int, flagged: int) -> None: ...

    def ask_to_leave_section(self, title: str, empty: int) -> None: ...

    def show_held(self, code: str) -> None:
        """Nothing goes on without a proctor."""
        ...

    def show_running(self) -> None:
        """It goes on."""
        ...

    def show_not_ended(self, why: str) -> None:
        """Handed in, but no disk has taken it yet."""
        ...

    def show_receipt(self, receipt: Receipt) -> None: ...

    def let_out(self) -> None:
        """Close the window, though the exam has not ended."""
        ...

    def flush(self) -> None:
        """Tell what is entered and not told yet, unfinished input-method text included."""
        ...

    def words_for(self, error: TrainerError) -> str: ...


class Phase(Enum):
    WORKING = auto()
    HELD = auto()
    ENDING = auto()  # handed in, but no disk has taken it yet
    LEFT = auto()  # a proctor has closed the program in the middle
    DONE = auto()


class WorkPresenter:
    """One attempt on one screen."""

    def __init__(
        self,
        attempt: Attempt,
        view: WorkView,
        language: Language,
        keep_language: Callable[[Language], None] = lambda _language: None,
    ) -> None:
        self._attempt = attempt
        self._view = view
        self._language = language
        self._keep_language = keep_language
        self._at = 0
        self._phase = Phase.WORKING
        self._saving = Saving()
        self._troubled = False
        self._ticks = 0
        self._closed: set[str] = set()  # sections that are over

    @property
    def phase(self) -> Phase:
        return self._phase

    @property
    def place(self) -> int:
        """Of the question on the screen, from 0."""
        return self._at

    def move_to(self, view: WorkView) -> None:
        """Go on in another view: size or colours have changed."""
        self._view = view
        self._show()

    def start(self) -> None:
        """Show the first question that has no answer yet, or the first of all."""
        placed = self._attempt.placed
        answers = self._attempt.answers
        first = next((at for at, one in enumerate(placed) if one.item_id not in answers), 0)
        if any(section.navigation == "sequential" for section in self._attempt.sections):
            self._closed = {placed[at].section_id for at in range(first)} - {
                placed[first].section_id
            }
        self._go(first)

    def answer(self, response: Response | None) -> None:
        if self._phase is Phase.WORKING:
            self._keep(Answered(self._here.item_id, response))

    def walk(self, road: tuple[int, ...]) -> None:
        if self._phase is Phase.WORKING:
            self._keep(Answered(self._here.item_id, None, road))

    def turn(self, by: int) -> None:
        """One question on or back; past the last one, handing in is asked about."""
        to = self._at + by
        if to >= len(self._attempt.placed):
            self.want_to_finish()
        elif to >= 0:
            self.go_to(to + 1)

    def go_to(self, number: int) -> None:
        """Question `number`, from 1. Leaving a sequential section for the next one is asked."""
        at = number - 1
        placed = self._attempt.placed
        if self._phase is not Phase.WORKING or not 0 <= at < len(placed) or at == self._at:
            return
        there, here = placed[at].section_id, self._here.section_id
        if there in self._closed:
            return
        if there != here and self._section(here).navigation == "sequential":
            order = [section.section_id for section in self._attempt.sections]
            if order.index(there) < order.index(here):
                return
            cells = [cell for cell, one in self._cells() if one.section_id == here]
            empty = sum(not cell.answered for cell in cells)
            self._view.ask_to_leave_section(self._section(here).title, empty)
            return
        self._go(at)

    def leave_section(self) -> None:
        """On to the next section; there is no way back."""
        here = self._here.section_id
        placed = self._attempt.placed
        self._closed.add(here)
        later = (at for at in range(self._at + 1, len(placed)) if placed[at].section_id != here)
        at = next(later, None)
        if at is None:
            self.want_to_finish()
        else:
            self._go(at)

    def flag(self) -> None:
        if self._phase is not Phase.WORKING:
            return
        item_id = self._here.item_id
        on = item_id not in self._attempt.flags
        self._saving.add(self._attempt.flag(item_id, on))
        self._view.tell("exam.flag-on" if on else "exam.flag-off")
        self._show()

    def flip(self) -> None:
        """The question in its other language."""
        languages = [paper.language for paper in self._attempt.item(self._here.item_id).papers]
        other: Language = "en" if self._language == "zh" else "zh"
        if other in languages:
            self._view.flush()
            self._language = other
            self._keep_language(other)
            self._show()

    def want_to_finish(self) -> None:
        if self._phase is Phase.WORKING:
            overview = self._overview()
            self._view.ask_to_finish(overview.empty, overview.flagged)

    def finish(self, reason: Reason = "candidate") -> None:
        """The one way an exam ends, whoever ends it."""
        if self._phase in {Phase.DONE, Phase.LEFT}:
            return
        if self._phase is not Phase.ENDING:
            self._view.flush()
            self._phase = Phase.ENDING
        try:
            receipt = self._attempt.finish(reason)
        except TrainerError as error:
            # Nothing is lost: it is tried again every few seconds until a disk takes it.
            self._view.show_not_ended(self._view.words_for(error))
            return
        self._phase = Phase.DONE
        self._view.show_receipt(receipt)

    def use_code(self, text: str) -> ExamError | None:
        """Use a code of the proctor's sheet; what is wrong with it, if anything."""
        try:
            told = self._attempt.use_code(text)
        except ExamError as error:
            return error
        if told == "exam.code-quit":
            # The attempt stays as it is and can be taken up.
            self._view.flush()
            self._phase = Phase.LEFT
            self._view.let_out()
            return None
        self._view.tell(told)
        self.tick()
        return None

    def tick(self) -> None:
        """Called every second."""
        if self._phase in {Phase.DONE, Phase.LEFT}:
            return
        self._ticks += 1
        if self._phase is Phase.ENDING:
            if self._ticks % RETRY_TICKS == 0:
                self.finish()
            return
        if self._troubled and self._ticks % RETRY_TICKS == 0:
            self._saving.add(self._attempt.retry())
        moment = self._attempt.tick()
        if moment.over:
            self.finish("time")
            return
        if moment.held:
            if self._phase is not Phase.HELD:
                self._view.flush()
                self._phase = Phase.HELD
                self._view.show_held(moment.held)
            return
        if self._phase is Phase.HELD:
            self._phase = Phase.WORKING
            self._view.show_running()
            self._show()
        self._view.show_clock(Clock(moment.left, moment.section_left))
        if moment.section_over:
            self._view.flush()
            self._view.tell("exam.section-over")
            self.leave_section()
        for seconds in moment.due:
            self._view.announce(seconds)

    def look_at_saving(self) -> None:
        """Tell the view how the writing goes. Raises what is no TrainerError: that is a bug."""
        saved, trouble = self._saving.look()
        if trouble is not None:
            self._troubled = True
            self._view.show_saving("trouble", self._view.words_for(trouble))
        elif saved:
            self._troubled = False
            self._view.show_saving("saved")

    # Parts

    @property
    def _here(self) -> FormItem:
        return self._attempt.placed[self._at]

    def _keep(self, answered: Answered) -> None:
        self._saving.add(self._attempt.answer(answered))
        self._view.show_saving("saving")
        self._view.show_overview(self._overview())

    def _go(self, at: int) -> None:
        placed = self._attempt.placed
        entered = at == self._at or placed[at].section_id != placed[self._at].section_id
        self._at = at
        if entered and len(self._attempt.sections) > 1:
            self._saving.add(self._attempt.enter_section(placed[at].section_id))
        self._saving.add(self._attempt.show(placed[at].item_id))
        self._show()

    def _show(self) -> None:
        attempt, here = self._attempt, self._here
        item = attempt.item(here.item_id)
        several = len(attempt.sections) > 1
        self._view.show_question(
            QuestionSheet(
                item=item,
                placed=here,
                language=self._language,
                number=self._at + 1,
                of=len(attempt.placed),
                section=self._section(here.section_id).title if several else "",
                answered=attempt.answers.get(here.item_id),
                flagged=here.item_id in attempt.flags,
                has_other_language=len(item.papers) > 1,
                locked=self._phase is not Phase.WORKING,
            )
        )
        self._view.show_overview(self._overview())

    def _overview(self) -> Overview:
        several = len(self._attempt.sections) > 1
        groups: dict[str, list[Cell]] = {}
        for cell, one in self._cells():
            groups.setdefault(one.section_id, []).append(cell)
        return Overview(
            tuple(
                (self._section(section_id).title if several else "", tuple(cells))
                for section_id, cells in groups.items()
            )
        )

    def _cells(self) -> list[tuple[Cell, FormItem]]:
        attempt = self._attempt
        order = [section.section_id for section in attempt.sections]
        here = self._here.section_id
        strict = self._section(here).navigation == "sequential"
        cells = []
        for at, one in enumerate(attempt.placed):
            answered = attempt.answers.get(one.item_id)
            given = answered is not None and (answered.response is not None or bool(answered.road))
            earlier = order.index(one.section_id) < order.index(here)
            cell = Cell(
                at + 1,
                given,
                one.item_id in attempt.flags,
                at == self._at,
                one.section_id in self._closed or (strict and earlier),
            )
            cells.append((cell, one))
        return cells

    def _section(self, section_id: str) -> Section:
        return next(each for each in self._attempt.sections if each.section_id == section_id)
