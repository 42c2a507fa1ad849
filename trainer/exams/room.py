"""What a candidate's PC tells its screen: the contract between the attempt and what shows it."""

from collections.abc import Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Literal, Protocol

from trainer.cards.model import Language
from trainer.exams.model import Answered, FormItem, Header, Item, Section

Reason = Literal["candidate", "time", "proctor"]


@dataclass(frozen=True, slots=True)
class Moment:
    """What the exam's clock says now. `due` are announcements (seconds before the end) whose time
    has just come; `held` is the message code of why the exam stands still, "" when it runs."""

    left: int
    section_left: int | None = None
    due: tuple[int, ...] = ()
    over: bool = False
    section_over: bool = False
    held: str = ""


@dataclass(frozen=True, slots=True)
class Receipt:
    candidate: str
    records: int
    code: str  # eight characters


class Attempt(Protocol):
    """The attempt that is under way. Futures are done when the event is on the disk."""

    @property
    def placed(self) -> Sequence[FormItem]:
        """The questions of the form, in its order."""
        ...

    @property
    def sections(self) -> Sequence[Section]: ...

    @property
    def answers(self) -> Mapping[str, Answered]: ...

    @property
    def flags(self) -> frozenset[str]: ...

    def item(self, item_id: str) -> Item: ...

    def media(self, item_id: str, name: str) -> bytes:
        """A picture of a question. Raises ExamError."""
        ...

    def show(self, item_id: str) -> "Future[None]": ...

    def answer(self, answered: Answered) -> "Future[None]": ...

    def flag(self, item_id: str, on: bool) -> "Future[None]": ...

    def enter_section(self, section_id: str) -> "Future[None]": ...

    def tick(self) -> Moment:
        """Called once a second; writes the heartbeat when it is due."""
        ...

    def use_code(self, text: str) -> str:
        """Use a proctor's code; the message code of what it did.

        Raises ExamError: exam.code-form, exam.code-wrong (blank seconds to wait), exam.code-used,
        exam.code-idle for one that would do nothing now (it is not used up).
        """
        ...

    def went_away(self) -> None:
        """Another window has come to the front."""
        ...

    def came_back(self, lasted: int) -> None:
        """Ours is in front again, after so many milliseconds."""
        ...

    def screens_changed(self, number: int) -> None: ...

    def retry(self) -> "Future[None]":
        """Try again to write what no disk has taken."""
        ...

    def finish(self, reason: Reason) -> Receipt:
        """The one way an exam ends. Once it has ended, the same receipt again.

        Raises TrainerError (disk.*) when the end cannot be written anywhere; it can be tried
        again then.
        """
        ...


@dataclass(frozen=True, slots=True)
class Opened:
    """A package whose signature is good."""

    header: Header
    teacher_words: str  # six, of the key that signed it
    program: str  # this program's short mark


@dataclass(frozen=True, slots=True)
class Entered:
    """The attempt, and what the candidate should read before the clock runs."""

    attempt: Attempt
    resumed: bool
    minutes: int  # the exam's own limit
    extra_minutes: int  # what this candidate has more
    rules: Mapping[Language, str]  # the teacher's, as Markdown
    held: str = ""  # message code of why a proctor is needed first
    accommodations: tuple[str, ...] = ()  # of the class list: "large-type", "high-contrast"
