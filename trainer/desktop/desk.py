"""What lies on a screen's desk: the one value every screen is made with.

A screen is `class SomeScreen(QWidget)` with

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None
    def on_shown(self) -> None                      each time its place is opened
    def shortcuts(self) -> list[tuple[str, str]]    ("Space", "study.show-answer") for the `?` sheet

and, where it holds something open, `def close_down(self) -> None`. A change of language, theme or
scale makes a new desk and new screens: a screen never restyles itself. One that is in the middle of
something has `def kept(self) -> object`, which it hands over, and `def take_up(self, kept)`, which
the new one goes on with; where no new screen came for it, its `close()`, if it has one, ends it
when the person leaves. Focus on showing goes to the first control in tab order unless `on_shown`
puts it elsewhere.
"""

from collections.abc import Callable
from typing import Protocol

from msgspec import Struct

from trainer.bootstrap import Places
from trainer.cards.model import Language
from trainer.desktop.background import ReportProgress
from trainer.desktop.look import Look
from trainer.foundation.clock import Clock
from trainer.foundation.errors import TrainerError
from trainer.foundation.messages import Messages
from trainer.foundation.settings import Settings
from trainer.services.content_library import Library
from trainer.services.sign_in import People, Person
from trainer.services.study import Selection
from trainer.storage.learners import LearnerFile


class Shell(Protocol):
    """What a screen may ask of the window around it."""

    def go(self, place: str) -> None:
        """Open a place: "today", "study", "quiz", "cases", "shop", "compare", "handbook",
        "progress", "desk", "settings"."""
        ...

    def study(self, selection: Selection) -> None:
        """Open Study with the cards of `selection` (StudyScreen.start is called with it)."""
        ...

    def quiz(self, deck_id: str) -> None:
        """Open Quiz, set up for one chapter (QuizScreen.choose_chapter is called with it)."""
        ...

    def read(self, rule_id: str) -> None:
        """Open the Handbook at a rule (HandbookScreen.show_rule is called with it)."""
        ...

    def toast(self, text: str, *, undo: Callable[[], object] | None = None) -> None:
        """A sentence at the foot of the window, for some seconds, with a way back if there is
        one (Ctrl+Z takes it too)."""
        ...

    def say(self, error: TrainerError) -> None:
        """Tell what is wrong with the world, in a dialog that has to be read."""
        ...

    def ask(
        self, title: str, text: str, verb: str, act: Callable[[], object], *, detail: str = ""
    ) -> None:
        """Ask before something that cannot be undone; `act` when the person agrees.

        `verb` is the word on the button that does it."""
        ...

    def settings_changed(self) -> None:
        """Read language, theme and scale again and make the screens anew."""
        ...

    def sign_out(self) -> None:
        """Close the learner's file and go back to the people; with nobody in, show them anew."""
        ...

    def show_keys(self) -> None:
        """The sheet with every key of this page and of the window."""
        ...

    def run(
        self,
        title: str,
        work: Callable[[ReportProgress], object],
        done: Callable[[object], object],
    ) -> None:
        """Run `work` off the GUI thread, then `done` with its result on the GUI thread. After
        half a second a progress dialog with Cancel appears. A TrainerError is said."""
        ...


class Desk(Struct, frozen=True):
    """Everything a screen works with. `language` is the one cards are shown in first."""

    messages: Messages
    look: Look
    clock: Clock
    places: Places
    library: Library
    learner: LearnerFile
    person: Person
    people: People
    settings: Settings  # the learner's, with this PC's behind them
    language: Language
    shell: Shell
