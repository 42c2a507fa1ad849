from datetime import timedelta

import pytest

from trainer.cards.model import KINDS
from trainer.scheduling.proposal import PACES, propose
from trainer.scheduling.rating import Rating


@pytest.mark.parametrize(
    ("correct", "seconds", "stability", "rating"),
    [
        (False, 2, 100, Rating.AGAIN),
        (None, 2, 100, Rating.GOOD),
        (True, 41, 100, Rating.HARD),
        (True, 20, 100, Rating.GOOD),
        (True, 3, 100, Rating.EASY),
        (True, 3, 2, Rating.GOOD),
    ],
)
def test_correctness_and_time_propose_a_rating(
    correct: bool | None, seconds: int, stability: float, rating: Rating
) -> None:
    assert propose(correct, timedelta(seconds=seconds), "single-choice", stability) is rating


def test_every_kind_has_its_pace() -> None:
    assert set(PACES) == set(KINDS)
    assert all(pace.quick < pace.slow for pace in PACES.values())


def test_an_unknown_kind_is_rated_all_the_same() -> None:
    assert propose(True, timedelta(seconds=30), "essay") is Rating.GOOD
