"""How signing in behaves: who is offered, when a PIN is asked for, how a person is made."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from trainer.foundation.errors import TrainerError
from trainer.foundation.settings import CARD_LANGUAGE, INTERFACE_LANGUAGE, TEACHES
from trainer.services.sign_in import People, Person
from trainer.storage.learners import LearnerFile

# Wrong input while a person is made or a PIN is typed: said beside the field, not in a dialog.
_BESIDE_THE_NAME = frozenset({"person.name-empty", "person.name-taken"})
_BESIDE_THE_PIN = frozenset({"person.pin-short", "person.pin-wrong", "person.pin-wait"})


@dataclass(frozen=True, slots=True)
class NewPerson:
    """What a newcomer says about themselves. `pin` is "" for none."""

    name: str
    colour: str
    pin: str
    language: str  # of the program, a name from foundation.messages.LANGUAGES
    card_language: str  # "en" or "zh"
    teaches: bool = False


class SignInView(Protocol):
    """What the presenter needs of a screen."""

    def show_people(self, people: Sequence[Person]) -> None: ...

    def show_form(self, *, first: bool) -> None:
        """The form for a newcomer; `first` when there is nobody on this PC yet."""

    def show_pin(self, person: Person) -> None: ...

    def show_name_wrong(self, error: TrainerError) -> None: ...

    def show_pin_wrong(self, error: TrainerError) -> None: ...

    def say(self, error: TrainerError) -> None: ...

    def enter(self, person: Person, learner: LearnerFile) -> None:
        """The person is in: the window goes on from here."""


class SignInPresenter:
    def __init__(self, people: People, view: SignInView) -> None:
        self._people = people
        self._view = view
        self._chosen: Person | None = None

    def start(self) -> None:
        """Show who learns here, or welcome the very first person."""
        self._chosen = None
        everyone = self._people.all()
        if everyone:
            self._view.show_people(everyone)
        else:
            self._view.show_form(first=True)

    def choose(self, person: Person) -> None:
        self._chosen = person
        if person.has_pin:
            self._view.show_pin(person)
        else:
            self._open(person, None)

    def enter_pin(self, pin: str) -> None:
        """The PIN of the person chosen last."""
        if self._chosen is not None:
            self._open(self._chosen, pin)

    def add_person(self) -> None:
        self._view.show_form(first=False)

    def create(self, new: NewPerson) -> None:
        try:
            person = self._people.create(new.name, new.colour, new.pin or None)
            learner = self._people.open(person.learner_id, new.pin or None)
        except TrainerError as error:
            self._tell(error)
            return
        settings = learner.settings
        settings[INTERFACE_LANGUAGE] = new.language
        settings[CARD_LANGUAGE] = new.card_language
        if new.teaches:
            settings[TEACHES] = True
        self._view.enter(person, learner)

    def _open(self, person: Person, pin: str | None) -> None:
        try:
            learner = self._people.open(person.learner_id, pin)
        except TrainerError as error:
            self._tell(error)
            return
        self._view.enter(person, learner)

    def _tell(self, error: TrainerError) -> None:
        if error.code in _BESIDE_THE_NAME:
            self._view.show_name_wrong(error)
        elif error.code in _BESIDE_THE_PIN:
            self._view.show_pin_wrong(error)
        else:
            self._view.say(error)
            if error.code == "person.gone":
                self.start()
