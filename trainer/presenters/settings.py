"""How settings behave: what is written where, what is refused, what changes the look."""

from pathlib import Path
from typing import Protocol, TypeVar

from trainer.foundation.errors import TrainerError
from trainer.foundation.settings import (
    CARD_LANGUAGE,
    INTERFACE_LANGUAGE,
    REDUCED_MOTION,
    SCALE,
    TEACHES,
    THEME,
    Setting,
    Settings,
)
from trainer.services.sign_in import People, Person
from trainer.storage.learners import LearnerFile

T = TypeVar("T", bound=str | int | float | bool)

# A change of these is seen on every page: they are made anew.
_SEEN_EVERYWHERE = frozenset(
    setting.name
    for setting in (INTERFACE_LANGUAGE, CARD_LANGUAGE, THEME, SCALE, REDUCED_MOTION, TEACHES)
)


class SettingsView(Protocol):
    """What the presenter needs of a screen."""

    def make_anew(self) -> None:
        """Language, look or person have changed."""

    def show_name_wrong(self, error: TrainerError) -> None: ...

    def show_pin_wrong(self, error: TrainerError) -> None:
        """What is wrong with the old PIN or with the new one."""

    def show_pin_set(self, *, has_pin: bool) -> None: ...

    def say(self, error: TrainerError) -> None: ...


class SettingsPresenter:
    def __init__(
        self,
        settings: Settings,
        people: People,
        person: Person,
        learner: LearnerFile,
        view: SettingsView,
    ) -> None:
        self._settings = settings
        self._people = people
        self._person = person
        self._learner = learner
        self._view = view

    def change(self, setting: Setting[T], value: T) -> None:
        """Keep `value`. Raises ValueError for one that is not allowed: a bug in the screen."""
        if self._settings[setting] == value:
            return
        self._settings[setting] = value
        if setting.name in _SEEN_EVERYWHERE:
            self._view.make_anew()

    def rename(self, name: str) -> None:
        if name.strip() == self._learner.name:
            return
        try:
            self._people.rename(self._person.learner_id, name)
        except TrainerError as error:
            if error.code in {"person.name-empty", "person.name-taken"}:
                self._view.show_name_wrong(error)
            else:
                self._view.say(error)
            return
        # The open file remembers the name it was opened with.
        self._learner.set_profile_values({"name": " ".join(name.split())})
        self._view.make_anew()

    def recolour(self, colour: str) -> None:
        try:
            self._people.recolour(self._person.learner_id, colour)
        except TrainerError as error:
            self._view.say(error)
        else:
            self._view.make_anew()

    def set_pin(self, old: str, new: str) -> None:
        """An empty `new` takes the PIN away."""
        try:
            self._people.set_pin(self._person.learner_id, old or None, new or None)
        except TrainerError as error:
            if error.code.startswith("person.pin-"):
                self._view.show_pin_wrong(error)
            else:
                self._view.say(error)
            return
        self._view.show_pin_set(has_pin=bool(new))

    def remove_person(self) -> Path:
        """Take the person off this PC and return where their folder is kept (see People.remove).

        Their file must be closed. Raises TrainerError.
        """
        return self._people.remove(self._person.learner_id)
