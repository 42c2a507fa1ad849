"""What a setting changes, and who is told when it cannot be."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from trainer.foundation.clock import FixedClock
from trainer.foundation.errors import TrainerError
from trainer.foundation.settings import MINUTES_A_DAY, SCALE, THEME
from trainer.presenters.settings import SettingsPresenter
from trainer.services.sign_in import People
from trainer.storage.learners import LearnerFile


class View:
    def __init__(self) -> None:
        self.shown: list[object] = []

    def make_anew(self) -> None:
        self.shown.append("anew")

    def show_name_wrong(self, error: TrainerError) -> None:
        self.shown.append(("name", error.code))

    def show_pin_wrong(self, error: TrainerError) -> None:
        self.shown.append(("pin", error.code))

    def show_pin_set(self, *, has_pin: bool) -> None:
        self.shown.append(("pin-set", has_pin))

    def say(self, error: TrainerError) -> None:
        self.shown.append(("say", error.code))


class Room:
    def __init__(self, folder: Path) -> None:
        clock = FixedClock(datetime(2026, 11, 23, 9).astimezone())
        self.people = People(folder, clock)
        self.person = self.people.create("Li", "teal")
        self.learner: LearnerFile = self.people.open(self.person.learner_id)
        self.view = View()
        self.presenter = SettingsPresenter(
            self.learner.settings, self.people, self.person, self.learner, self.view
        )


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Room]:
    room = Room(tmp_path)
    yield room
    room.learner.close()


def test_what_is_seen_everywhere_makes_the_pages_anew(room: Room) -> None:
    room.presenter.change(THEME, "dark")
    room.presenter.change(SCALE, 150)
    assert room.view.shown == ["anew", "anew"]
    assert room.learner.settings[THEME] == "dark"


def test_other_settings_and_unchanged_ones_disturb_nothing(room: Room) -> None:
    room.presenter.change(MINUTES_A_DAY, 45)
    room.presenter.change(THEME, "system")
    assert room.view.shown == []
    assert room.learner.settings[MINUTES_A_DAY] == 45


def test_a_value_that_is_not_allowed_is_a_mistake_of_the_screen(room: Room) -> None:
    with pytest.raises(ValueError, match="minutes"):
        room.presenter.change(MINUTES_A_DAY, 0)


def test_a_new_name_is_known_in_the_file_and_on_the_tile(room: Room) -> None:
    room.presenter.rename("  Li   Mei ")
    assert room.learner.name == "Li Mei"
    assert room.people.all()[0].name == "Li Mei"
    assert room.view.shown == ["anew"]


def test_a_name_that_is_taken_stays_as_it_was(room: Room) -> None:
    room.people.create("Wang", "blue")
    room.presenter.rename("Wang")
    room.presenter.rename("Li")
    assert room.view.shown == [("name", "person.name-taken")]
    assert room.learner.name == "Li"


def test_a_colour_is_on_the_tile_at_once(room: Room) -> None:
    room.presenter.recolour("rose")
    assert room.people.all()[0].colour == "rose"
    assert room.view.shown == ["anew"]


def test_a_pin_is_set_changed_and_taken_away(room: Room) -> None:
    room.presenter.set_pin("", "12")
    room.presenter.set_pin("", "2468")
    room.presenter.set_pin("0000", "1357")
    room.presenter.set_pin("2468", "")
    assert room.view.shown == [
        ("pin", "person.pin-short"),
        ("pin-set", True),
        ("pin", "person.pin-wrong"),
        ("pin-set", False),
    ]
    assert not room.people.all()[0].has_pin


def test_a_person_who_leaves_can_come_back(room: Room) -> None:
    room.learner.close()
    removed = room.presenter.remove_person()
    assert room.people.all() == []
    assert room.people.restore(removed).name == "Li"
