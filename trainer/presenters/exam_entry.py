"""The way into an exam: a package, whose it is, who sits here, the words, the rules, the start."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Literal, Protocol

from trainer.exams.keys import ExamError, read_code
from trainer.exams.room import Entered, Opened
from trainer.foundation.errors import TrainerError

Field = Literal["number", "ticket", "words", "code"]


__all__ = ["Entered", "EntryPresenter", "EntryView", "Field", "Opened", "Room"]


class Room(Protocol):
    """What a candidate's PC can do before the clock runs."""

    def found(self) -> Sequence[tuple[str, str]]:
        """Packages on the drives of this PC: path, and where that is."""
        ...

    def open(self, path: Path) -> Opened:
        """Raises ExamError; exam.teacher-unknown for a teacher this PC does not know yet."""
        ...

    def trust(self, path: Path) -> None:
        """Know the teacher of this package from now on: somebody has compared the words."""
        ...

    def unlock(self, words: str) -> None:
        """Open the paper with the words. Raises ExamError; takes half a second."""
        ...

    def unlock_with(self, key: Path) -> None:
        """Open the paper with the start key's file. Raises ExamError, TrainerError."""
        ...

    def enter(self, number: str, ticket: str, code: str = "") -> Entered:
        """Begin or take up the attempt; `code` reopens one that was handed in.

        Raises ExamError (exam.already-handed-in with the blank receipt), TrainerError (disk.*).
        """
        ...

    def leave(self) -> None:
        """Let go of the attempt. Raises TrainerError when something could not be written."""
        ...


class EntryView(Protocol):
    def look_for_packages(
        self,
        find: Callable[[], Sequence[tuple[str, str]]],
        then: Callable[[Sequence[tuple[str, str]]], None],
    ) -> None:
        """Do `find` in the background, then `then` with what it found."""
        ...

    def show_packages(self, found: Sequence[tuple[str, str]]) -> None: ...

    def ask_to_trust(self, path: Path, words: str) -> None: ...

    def show_identify(self, title: str) -> None: ...

    def show_words(self, opened: Opened) -> None: ...

    def ask_to_reopen(self, receipt: str) -> None:
        """It was handed in already: only a code of the proctor's sheet opens it again."""
        ...

    def show_rules(self, title: str, entered: Entered) -> None: ...

    def show_work(self, opened: Opened, number: str, entered: Entered) -> None: ...

    def show_wrong(self, field: Field, error: TrainerError) -> None: ...

    def say(self, error: TrainerError) -> None: ...


class EntryPresenter:
    """One candidate on the way in; every step can be gone back."""

    def __init__(self, room: Room, view: EntryView) -> None:
        self._room = room
        self._view = view
        self._opened: Opened | None = None
        self._number = self._ticket = ""
        self._entered: Entered | None = None

    def start(self) -> None:
        self._opened = None
        self._view.look_for_packages(self._room.found, self._found)

    def _found(self, found: Sequence[tuple[str, str]]) -> None:
        if self._opened is None:  # nothing was chosen meanwhile
            self._view.show_packages(found)

    def choose(self, path: Path) -> None:
        """Open a package; one of an unknown teacher is asked about."""
        try:
            self._opened = self._room.open(path)
        except ExamError as error:
            if error.code == "exam.teacher-unknown":
                self._view.ask_to_trust(path, str(error.blanks["words"]))
            else:
                self._view.say(error)
        except TrainerError as error:
            self._view.say(error)
        else:
            self._view.show_identify(self._opened.header.title)

    def trust(self, path: Path) -> None:
        """The words were compared and are the teacher's."""
        try:
            self._room.trust(path)
        except TrainerError as error:
            self._view.say(error)
        else:
            self.choose(path)

    def identify(self, number: str, ticket: str) -> None:
        if self._opened is None:
            return
        number = number.strip()
        if number not in self._opened.header.candidates:
            self._view.show_wrong("number", ExamError("exam.not-on-roster", number=number[:40]))
            return
        try:
            self._ticket = read_code(ticket)
        except ExamError as error:
            self._view.show_wrong("ticket", error)
            return
        self._number = number
        self._view.show_words(self._opened)

    def back_to_identify(self) -> None:
        if self._opened is not None:
            self._view.show_identify(self._opened.header.title)

    def unlock(self, words: str) -> None:
        try:
            self._room.unlock(words)
        except ExamError as error:
            self._view.show_wrong("words", error)
        else:
            self._enter()

    def unlock_with(self, key: Path) -> None:
        try:
            self._room.unlock_with(key)
        except TrainerError as error:
            self._view.show_wrong("words", error)
        else:
            self._enter()

    def begin(self) -> None:
        """The rules were read: the first question comes, and the clock runs."""
        if self._opened is not None and self._entered is not None:
            self._view.show_work(self._opened, self._number, self._entered)

    def reopen(self, code: str) -> None:
        """Use a reopen code of the proctor's sheet."""
        self._enter(code)

    def leave(self) -> None:
        """The window closes: what is written stays and can be taken up."""
        try:
            self._room.leave()
        except TrainerError as error:
            self._view.say(error)

    def _enter(self, code: str = "") -> None:
        if self._opened is None:
            return
        try:
            self._entered = self._room.enter(self._number, self._ticket, code)
        except ExamError as error:
            if error.code == "exam.already-handed-in":
                self._view.ask_to_reopen(str(error.blanks["receipt"]))
                return
            if code:
                self._view.show_wrong("code", error)
                return
            # Only now can it be told that number and slip do not belong together.
            self._view.show_identify(self._opened.header.title)
            self._view.show_wrong("ticket", error)
        except TrainerError as error:
            self._view.say(error)
        else:
            self._view.show_rules(self._opened.header.title, self._entered)
