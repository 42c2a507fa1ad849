from typing import Any

from trainer.foundation.chance import Chance
from trainer.scheduling.queue import Limits
from trainer.scheduling.rating import Rating
from trainer.services.learning_record import WEIGHTS, parameters_of
from trainer.services.own_weights import fit_own_weights, forget_own_weights


def report(_done: int, _total: int) -> None:
    """Nobody looks."""


def test_own_weights_move_what_is_due_and_can_be_forgotten(desk: Any) -> None:
    desk.write_cards(150)
    chance = Chance("memory")
    for _ in range(8):
        session = desk.open(limits=Limits(new_a_day=150))
        while session.question is not None:
            forgotten = not session.question.is_new and chance.unit() < 0.5
            desk.answer(session, Rating.AGAIN if forgotten else Rating.EASY, seconds=0)
        session.close()
        desk.tomorrow(20)
    assert fit_own_weights(desk.learner, report) is not None
    before = desk.caches()

    desk.open().close()

    states, days = desk.caches()
    assert days == before[1]
    assert [row[3] for row in states] != [row[3] for row in before[0]]
    assert (states, days) == desk.made_anew()
    forget_own_weights(desk.learner)
    desk.open().close()
    assert desk.caches() == before


def test_too_few_answers_change_nothing(desk: Any) -> None:
    desk.write_cards(3)
    desk.sitting()

    assert fit_own_weights(desk.learner, report) is None
    assert desk.learner.profile(WEIGHTS) == ""


def test_weights_nobody_can_read_are_the_default(desk: Any) -> None:
    for text in ("", "x y", "1 2 3", "nan " * 21):
        desk.learner.set_profile_values({WEIGHTS: text})
        assert parameters_of(desk.learner).weights == ()
