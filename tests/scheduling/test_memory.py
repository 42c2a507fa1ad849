"""Intervals, steps, the spread of days, and clocks that go wrong."""

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trainer.scheduling.days import DAY, MINUTE, Moment
from trainer.scheduling.memory import (
    IN_REVIEW,
    RELEARNING,
    Parameters,
    Scheduler,
    State,
    draw,
    spread,
    wait,
    went_back,
)
from trainer.scheduling.rating import Rating

CHINA = 8 * 60 * MINUTE
NOON = Moment(1_793_592_000_000, CHINA)  # 2 November 2026, noon in China
SCHEDULER = Scheduler()

ratings = st.sampled_from(list(Rating))
pauses = st.sampled_from([0, 1, 10, 600, 1440, 3 * 1440, 20 * 1440, 400 * 1440])  # minutes
histories = st.lists(st.tuples(ratings, pauses), min_size=1, max_size=20)


def later(moment: Moment, minutes: int) -> Moment:
    return Moment(moment.at + minutes * MINUTE, moment.offset)


def follow(history: list[tuple[Rating, int]], card_id: str = "deck#card") -> tuple[State, Moment]:
    """The state after answers with pauses (minutes) before them, and when the last one was."""
    now, state = NOON, None
    for rating, pause in history:
        now = later(now, pause)
        state = SCHEDULER.after(card_id, state, rating, now)
    assert state is not None
    return state, now


@given(histories, pauses)
def test_a_better_rating_never_comes_back_sooner(
    history: list[tuple[Rating, int]], pause: int
) -> None:
    state, now = follow(history)

    choices = SCHEDULER.choices("deck#card", state, later(now, pause))

    dues = [choices[rating].due for rating in Rating]
    assert dues == sorted(dues)
    assert dues[0] < dues[3]


@given(histories)
def test_nothing_is_due_before_it_was_answered(history: list[tuple[Rating, int]]) -> None:
    state, now = follow(history)

    assert state.due > now.at
    assert (state.step == IN_REVIEW) == (wait(state, now) >= timedelta(days=1))


@pytest.mark.parametrize(
    ("given_", "waits"),
    [
        ([1], "1 min"),
        ([2], "5.5 min"),
        ([3], "10 min"),
        ([3, 1], "1 min"),
        ([3, 2], "10 min"),
        ([3, 3], "2 d"),
        ([3, 3, 1], "10 min"),
        ([3, 3, 1, 2], "15 min"),
    ],
)
def test_learning_goes_by_steps(given_: list[int], waits: str) -> None:
    state, now = follow([(Rating(rating), 10) for rating in given_])

    waited = wait(state, now)
    in_days = state.step == IN_REVIEW

    assert waits == (f"{waited.days} d" if in_days else f"{waited / timedelta(minutes=1):g} min")


def test_easy_skips_the_steps() -> None:
    state, now = follow([(Rating.EASY, 0)])

    assert state.step == IN_REVIEW
    assert 5 <= wait(state, now).days <= 12


def test_forgetting_a_learned_card_is_a_lapse_once() -> None:
    again = (Rating.AGAIN, 1)

    state, _ = follow([(Rating.EASY, 0), (Rating.AGAIN, 8 * 1440), again, again])

    assert (state.step, state.lapses, state.reviews) == (RELEARNING, 1, 4)


def test_a_day_interval_begins_with_a_day_of_study() -> None:
    state, _ = follow([(Rating.EASY, 0)])

    assert (state.due + CHINA) % DAY == 4 * 60 * MINUTE


def test_retrievability_is_ninety_percent_after_one_stability() -> None:
    assert SCHEDULER.retrievability(12.0, 0) == 1
    assert SCHEDULER.retrievability(12.0, 12) == pytest.approx(0.9)
    assert SCHEDULER.retrievability(12.0, 40) < 0.9


@given(st.floats(0.01, 3000), st.floats(0.7, 0.97))
def test_the_interval_ends_at_the_desired_retention(stability: float, retention: float) -> None:
    scheduler = Scheduler(Parameters(retention=retention))

    days = scheduler.interval(stability)

    assert scheduler.retrievability(stability, days) == pytest.approx(retention)
    library = scheduler.model.next_interval(stability, retention, 3)
    assert days == pytest.approx(library, rel=1e-4)


@given(st.floats(0.01, 3000), st.floats(0, 0.999), st.floats(0, 100))
def test_a_longer_ideal_never_gives_a_shorter_interval(
    ideal: float, where: float, more: float
) -> None:
    assert spread(ideal, where, 3650) <= spread(ideal + more, where, 3650)


@given(st.floats(0.01, 9000), st.floats(0, 0.999), st.integers(1, 3650))
def test_the_spread_stays_near(ideal: float, where: float, longest: int) -> None:
    days = spread(ideal, where, longest)

    assert 1 <= days <= longest
    if ideal <= longest:
        assert abs(days - ideal) <= 2.0 + 0.15 * ideal


def test_cards_learned_together_part() -> None:
    days = [spread(20.0, draw(f"deck#card-{number}", 3), 3650) for number in range(700)]

    loads = [days.count(day) for day in sorted(set(days))]
    assert len(loads) == 7
    assert min(loads) > 70


def test_a_card_and_its_number_of_reviews_decide_the_draw() -> None:
    assert draw("deck#card", 3) == draw("deck#card", 3)
    assert draw("deck#card", 3) != draw("deck#card", 4)


@given(histories, ratings)
def test_a_clock_set_back_counts_as_the_same_moment(
    history: list[tuple[Rating, int]], rating: Rating
) -> None:
    state, now = follow(history)
    wrong = later(now, -900 * 1440)
    right = Moment(state.last_at, now.offset)

    after = SCHEDULER.after("deck#card", state, rating, wrong)
    same_moment = SCHEDULER.after("deck#card", state, rating, right)

    assert went_back(state, wrong)
    assert not went_back(state, right)
    assert (after.stability, after.last_day) == (same_moment.stability, state.last_day)
    assert wrong.at < after.due
    assert after.due - wrong.at <= same_moment.due - right.at + DAY


@settings(max_examples=50)
@given(st.lists(histories, min_size=1, max_size=10))
def test_replaying_many_equals_following_each(many: list[list[tuple[Rating, int]]]) -> None:
    followed = {
        f"card-{number}": follow(each, f"card-{number}")[0] for number, each in enumerate(many)
    }

    for number, history in enumerate(many):
        now, answers = NOON, []
        for rating, pause in history:
            now = later(now, pause)
            answers.append((int(rating), now))
        assert SCHEDULER.replay(f"card-{number}", answers) == followed[f"card-{number}"]


@pytest.mark.parametrize(
    "wrong", [{"weights": (1.0, 2.0)}, {"retention": 0.5}, {"retention": 0.99}, {"longest": 0}]
)
def test_parameters_that_cannot_be_are_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"\d"):
        Parameters(**wrong)  # type: ignore[arg-type] # the point of the test
