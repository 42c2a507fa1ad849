"""Who is offered, when a PIN is asked for, where an error is told."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import pytest

from trainer.foundation.clock import FixedClock
from trainer.foundation.errors import TrainerError
from trainer.foundation.settings import CARD_LANGUAGE, INTERFACE_LANGUAGE
from trainer.presenters.sign_in import NewPerson, SignInPresenter
from trainer.services.sign_in import People, Person
from trainer.storage.learners import LearnerFile

LI = NewPerson(name="Li Mei", colour="rose", pin="", language="zh_CN", card_language="en")


class View:
    """Writes down what it is asked to show."""

    def __init__(self) -> None:
        self.shown: list[object] = []
        self.learner: LearnerFile | None = None

    def show_people(self, people: Sequence[Person]) -> None:
        self.shown.append(("people", [person.name for person in people]))

    def show_form(self, *, first: bool) -> None:
        self.shown.append(("form", first))

    def show_pin(self, person: Person) -> None:
        self.shown.append(("pin", person.name))

    def show_name_wrong(self, error: TrainerError) -> None:
        self.shown.append(("name", error.code))

    def show_pin_wrong(self, error: TrainerError) -> None:
        self.shown.append(("pin-wrong", error.code))

    def say(self, error: TrainerError) -> None:
        self.shown.append(("say", error.code))

    def enter(self, person: Person, learner: LearnerFile) -> None:
        self.shown.append(("enter", person.name))
        self.learner = learner


@pytest.fixture
def people(tmp_path: Path) -> People:
    return People(tmp_path, FixedClock(datetime(2026, 11, 23, 9).astimezone()))


@pytest.fixture
def view() -> View:
    return View()


@pytest.fixture
def presenter(people: People, view: View) -> SignInPresenter:
    return SignInPresenter(people, view)


def test_the_very_first_person_is_welcomed(presenter: SignInPresenter, view: View) -> None:
    presenter.start()
    assert view.shown == [("form", True)]


def test_a_newcomer_is_in_at_once_with_both_languages(
    presenter: SignInPresenter, view: View
) -> None:
    presenter.create(LI)
    assert view.shown == [("enter", "Li Mei")]
    assert view.learner is not None
    assert view.learner.settings[INTERFACE_LANGUAGE] == "zh_CN"
    assert view.learner.settings[CARD_LANGUAGE] == "en"
    view.learner.close()


def test_a_name_that_cannot_be_is_told_beside_the_name(
    presenter: SignInPresenter, view: View, people: People
) -> None:
    people.create("Li Mei", "teal")
    presenter.create(LI)
    presenter.create(NewPerson(" ", "teal", "", "en", "en"))
    assert view.shown == [("name", "person.name-taken"), ("name", "person.name-empty")]


def test_a_short_pin_makes_nobody(presenter: SignInPresenter, view: View, people: People) -> None:
    presenter.create(NewPerson("Li", "teal", "12", "en", "en"))
    assert view.shown == [("pin-wrong", "person.pin-short")]
    assert people.all() == []


def test_a_pin_is_asked_for_where_there_is_one(
    presenter: SignInPresenter, view: View, people: People
) -> None:
    person = people.create("Li", "teal", "2468")
    presenter.start()
    presenter.choose(person)
    presenter.enter_pin("1357")
    presenter.enter_pin("2468")
    assert view.shown == [
        ("people", ["Li"]),
        ("pin", "Li"),
        ("pin-wrong", "person.pin-wrong"),
        ("enter", "Li"),
    ]
    assert view.learner is not None
    view.learner.close()


def test_a_person_that_has_gone_is_no_longer_offered(
    presenter: SignInPresenter, view: View, people: People
) -> None:
    person = people.create("Li", "teal")
    people.remove(person.learner_id)
    presenter.choose(person)
    assert view.shown == [("say", "person.gone"), ("form", True)]


def test_a_pin_for_nobody_does_nothing(presenter: SignInPresenter, view: View) -> None:
    presenter.enter_pin("1234")
    assert view.shown == []
