import pytest
from hypothesis import given
from hypothesis import strategies as st

from trainer.foundation.chance import Chance


def test_a_seed_means_the_same_for_ever() -> None:
    # These values are a promise: papers and schedules of earlier years are rebuilt from seeds.
    chance = Chance("exam 7")
    assert [chance.below(100) for _ in range(6)] == EXPECTED
    assert Chance("exam 7").shuffled("abcdef") == list(SHUFFLED)


EXPECTED = [81, 55, 59, 47, 7, 81]
SHUFFLED = "ecfdab"


@given(st.text(max_size=10), st.integers(1, 1000))
def test_draws_stay_below_their_bound(seed: str, bound: int) -> None:
    chance = Chance(seed)
    assert all(0 <= chance.below(bound) < bound for _ in range(20))
    assert 0 <= chance.unit() < 1


@given(st.text(max_size=10), st.lists(st.integers()))
def test_a_shuffle_keeps_everything(seed: str, items: list[int]) -> None:
    assert sorted(Chance(seed).shuffled(items)) == sorted(items)


def test_draws_are_spread_evenly() -> None:
    chance = Chance("spread")
    counts = [0] * 6
    for _ in range(6000):
        counts[chance.below(6)] += 1
    assert all(880 < count < 1120 for count in counts)


@pytest.mark.parametrize("bound", [0, -1, (1 << 64) + 1])
def test_a_bound_without_sense_is_refused(bound: int) -> None:
    with pytest.raises(ValueError, match=str(bound)):
        Chance("x").below(bound)
