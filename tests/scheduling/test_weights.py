"""Fitting weights: from answers that some other memory gave."""

import math

import pytest

from trainer.foundation.chance import Chance
from trainer.foundation.errors import Cancelled
from trainer.scheduling.days import Moment
from trainer.scheduling.memory import Parameters, Scheduler
from trainer.scheduling.replay import History
from trainer.scheduling.weights import FEWEST_REVIEWS, Fitted, fit_weights


def histories(cards: int, half_life: float) -> list[History]:
    """Cards of a learner who forgets by a half-life that doubles with each right answer."""
    chance = Chance(f"{cards}/{half_life}")
    told = []
    for number in range(cards):
        day, known, codes = 20_000 + number // 4, half_life, []
        codes.append(day * 8 + 3)
        for gap in (1, 3, 7, 16, 35):
            day += gap
            right = chance.unit() < 2 ** (-gap / known)
            codes.append(day * 8 + (3 if right else 1))
            known = known * 2 if right else half_life
        told.append(History(f"card-{number}", codes, Moment(0)))
    return told


@pytest.fixture(scope="module")
def fitted() -> Fitted:
    found = fit_weights(histories(300, half_life=2.0))
    assert found is not None
    return found


def test_own_weights_foretell_better(fitted: Fitted) -> None:
    assert fitted.loss < fitted.default_loss
    assert fitted.reviews == 1500


def test_own_weights_can_be_used(fitted: Fitted) -> None:
    own = Scheduler(Parameters(weights=fitted.weights))

    assert own.interval(10.0) == pytest.approx(10.0, rel=0.01)
    assert all(math.isfinite(weight) for weight in fitted.weights)


def test_a_short_log_is_left_alone() -> None:
    cards = FEWEST_REVIEWS // 5

    assert fit_weights(histories(cards - 1, half_life=2.0)) is None


def test_fitting_reports_and_can_be_stopped() -> None:
    told: list[tuple[int, int]] = []
    fit_weights(histories(100, half_life=2.0), lambda done, total: told.append((done, total)))
    assert told == sorted(told)
    assert told[-1][0] == told[-1][1]

    def stop(_done: int, _total: int) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        fit_weights(histories(100, half_life=2.0), stop)


@pytest.mark.parametrize("weight", [math.nan, math.inf, -1.0, 1e9])
def test_weights_out_of_all_bounds_are_refused(weight: float) -> None:
    good = Scheduler().weights

    with pytest.raises(ValueError, match="weight 20"):
        Parameters(weights=(*good[:20], weight))
    with pytest.raises(ValueError, match="3 weights"):
        Parameters(weights=good[:3])
