"""Guessing is slowed down and counted; a slip of the finger costs a second."""

import tracemalloc

from hypothesis import given
from hypothesis import strategies as st

from trainer.exams.tries import LONGEST_WAIT, Tries


def test_t09_two_hundred_guesses_by_a_script_take_hours() -> None:
    tries, ticks, looked_at = Tries(), 0, 0
    for _ in range(200):
        ticks += tries.wait(ticks)
        looked_at += 1
        tries = tries.after_wrong(ticks)

    assert (tries.wrong, looked_at) == (200, 200)
    assert ticks >= 190 * LONGEST_WAIT * 1000


def test_t09_a_script_that_does_not_wait_is_not_listened_to() -> None:
    tries, looked_at = Tries(), 0
    for ticks in range(0, 120_000, 5):  # 200 tries a second, for two minutes
        if tries.wait(ticks) == 0:
            looked_at += 1
            tries = tries.after_wrong(ticks)

    assert looked_at <= 8


def test_t09_memory_is_the_same_after_a_million_guesses() -> None:
    tries = Tries()
    tracemalloc.start()
    for _ in range(1000):
        tries = tries.after_wrong(0)
    after_few = tracemalloc.get_traced_memory()[0]
    for _ in range(100_000):
        tries = tries.after_wrong(0)
    after_many = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()

    assert after_many - after_few < 10_000
    assert tries.wrong == 101_000


def test_one_slip_costs_a_second_and_the_right_code_forgets_it() -> None:
    once = Tries().after_wrong(5000)

    assert once.wait(5000) == 1000
    assert once.wait(6000) == 0
    assert once.after_right() == Tries()


@given(st.integers(0, 1 << 40), st.integers(0, 1 << 40), st.integers(0, 300))
def test_nobody_is_locked_out_even_when_ticks_start_anew(then: int, now: int, wrong: int) -> None:
    tries = Tries(wrong).after_wrong(then)

    assert 0 <= tries.wait(now) <= LONGEST_WAIT * 1000
    assert tries.wait(then) >= 1000
