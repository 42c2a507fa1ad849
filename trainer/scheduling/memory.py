"""When a card comes back: FSRS-6 for the memory, short steps while a card is being learned.

Everything here is computed from the answers alone: the same answers in the same order give the
same states, whether they are followed one by one or replayed from the log.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import NamedTuple
from zlib import crc32

from trainer.scheduling.days import DAY, MINUTE, Moment
from trainer.scheduling.rating import Rating

# Names the rules of this module in the review log.
SCHEDULER = "fsrs-6/1"

IN_REVIEW = 0  # values of `State.step`: below are the steps of learning (1, 2) and relearning
RELEARNING = -1
LEARNING_MINUTES = (1, 10)
RELEARNING_MINUTES = 10
MATURE_DAYS = 21.0  # as Anki counts a card as mature


class State(NamedTuple):
    """What the answers to one card have left behind."""

    stability: float  # days until retrievability has fallen to 90 %
    difficulty: float  # 1 to 10
    due: int  # milliseconds UTC
    last_at: int  # milliseconds UTC of the last answer
    last_day: int  # the latest day of study with an answer
    reviews: int
    lapses: int
    step: int
    last_rating: int


@dataclass(frozen=True, slots=True)
class Parameters:
    """What the memory model is told. Raises ValueError for weights FSRS-6 cannot have.

    `weights` are 21 numbers, () for the defaults; `retention` is the share to be remembered when
    a card is due; `longest` bounds an interval, in days.
    """

    weights: tuple[float, ...] = ()
    retention: float = 0.9
    longest: int = 3650

    def __post_init__(self) -> None:
        if self.weights:
            _check(self.weights)
        if not 0.7 <= self.retention <= 0.97:
            raise ValueError(f"retention {self.retention}")
        if self.longest < 1:
            raise ValueError(f"longest {self.longest}")


# Between which values a weight may lie: beyond them the library gives no meaning to it.
# https://github.com/open-spaced-repetition/fsrs-rs/blob/main/src/parameter_clipper.rs
_BOUNDS = (
    *((0.001, 100.0),) * 4,
    *((1.0, 10.0), (0.001, 4.0), (0.001, 4.0), (0.001, 0.75), (0.0, 4.5), (0.0, 0.8)),
    *((0.001, 3.5), (0.001, 5.0), (0.001, 0.25), (0.001, 0.9), (0.0, 4.0), (0.0, 1.0)),
    *((1.0, 6.0), (0.0, 2.0), (0.0, 2.0), (0.0, 0.8), (0.1, 0.8)),
)


def _check(weights: tuple[float, ...]) -> None:
    if len(weights) != len(_BOUNDS):
        raise ValueError(f"{len(weights)} weights")
    for number, (weight, (least, most)) in enumerate(zip(weights, _BOUNDS, strict=True)):
        # Single precision may step over an edge by a hair; NaN is between nothing.
        if not least - 1e-6 <= weight <= most + 1e-4:
            raise ValueError(f"weight {number}: {weight}")


class Scheduler:
    """The memory model with one learner's parameters."""

    def __init__(self, parameters: Parameters | None = None) -> None:
        # The Rust library is needed only once there is something to schedule.
        from fsrs_rs_python import DEFAULT_PARAMETERS, FSRS, MemoryState

        self.parameters = parameters or Parameters()
        self.weights = self.parameters.weights or tuple(DEFAULT_PARAMETERS)
        self.model = FSRS(list(self.weights))
        self._remembered = MemoryState
        # FSRS-6: R(t, S) = (1 + factor * t / S) ** -w20 with factor = 0.9 ** (-1 / w20) - 1.
        # https://github.com/open-spaced-repetition/awesome-fsrs/wiki/The-Algorithm
        self._decay: float = -self.weights[20]
        self._factor: float = 0.9 ** (1 / self._decay) - 1
        # An interval is so many times the stability: the formula turned round.
        self._times: float = (self.parameters.retention ** (1 / self._decay) - 1) / self._factor

    def retrievability(self, stability: float, days: float) -> float:
        """The chance, 0 to 1, of knowing a card `days` after the last answer."""
        return float((1 + self._factor * max(days, 0.0) / stability) ** self._decay)

    def interval(self, stability: float) -> float:
        """Days until retrievability has fallen to the desired retention."""
        return stability * self._times

    def after(self, card_id: str, state: State | None, rating: Rating, now: Moment) -> State:
        """The state after an answer. `state` is None for a card that was never answered.

        An answer dated before the last one (a clock set back) counts as given at the same moment;
        the card is due from the clock's own time on, so that it is not lost in the future.
        """
        elapsed = 0 if state is None else max(0, now.day - state.last_day)
        before = None if state is None else self._remembered(state.stability, state.difficulty)
        states = self.model.next_states(before, self.parameters.retention, elapsed)
        memory = (states.again, states.hard, states.good, states.easy)[rating - 1].memory
        return self._state(card_id, state, rating, now, memory.stability, memory.difficulty)

    def choices(self, card_id: str, state: State | None, now: Moment) -> Mapping[Rating, State]:
        """The state after each of the four ratings."""
        return {rating: self.after(card_id, state, rating, now) for rating in Rating}

    def replay(self, card_id: str, answers: Iterable[tuple[int, Moment]]) -> State | None:
        """The state after all (rating, moment), oldest first; None when there are none."""
        state: State | None = None
        for rating, now in answers:
            state = self.after(card_id, state, Rating(rating), now)
        return state

    def _state(
        self,
        card_id: str,
        state: State | None,
        rating: Rating,
        now: Moment,
        stability: float,
        difficulty: float,
    ) -> State:
        step, minutes = next_step(None if state is None else state.step, rating)
        reviews = 1 if state is None else state.reviews + 1
        return State(
            stability,
            difficulty,
            self.due(card_id, stability, reviews, minutes, now),
            now.at,
            now.day if state is None else max(now.day, state.last_day),
            reviews,
            0 if state is None else state.lapses + (state.step == IN_REVIEW and rating == 1),
            step,
            int(rating),
        )

    def due(
        self, card_id: str, stability: float, reviews: int, minutes: float | None, now: Moment
    ) -> int:
        """When a card is due, in milliseconds UTC: after `minutes`, or (None) on a later day."""
        if minutes is not None:
            return now.at + round(minutes * MINUTE)
        days = spread(self.interval(stability), draw(card_id, reviews), self.parameters.longest)
        return now.day_begins(now.day + days)


def next_step(step: int | None, rating: int) -> tuple[int, float | None]:
    """The step after `rating`, and its minutes; (IN_REVIEW, None) when the interval is in days.

    As in Anki, Hard repeats a step (the first one half-way to the second, the relearning step half
    as long again) and Easy leaves learning at once.
    """
    if step == IN_REVIEW:
        return (RELEARNING, float(RELEARNING_MINUTES)) if rating == 1 else (IN_REVIEW, None)
    if step == RELEARNING:
        if rating >= 3:
            return IN_REVIEW, None
        return RELEARNING, RELEARNING_MINUTES * (1.0 if rating == 1 else 1.5)
    here = 1 if step is None else step
    if rating == 1:
        return 1, float(LEARNING_MINUTES[0])
    if rating == 2:
        first = here == 1
        return here, sum(LEARNING_MINUTES) / 2 if first else float(LEARNING_MINUTES[here - 1])
    if rating == 3 and here < len(LEARNING_MINUTES):
        return here + 1, float(LEARNING_MINUTES[here])
    return IN_REVIEW, None


def wait(state: State, now: Moment) -> timedelta:
    """How long until the card is due again, as people say it: minutes, or whole days."""
    if state.step != IN_REVIEW:
        return timedelta(milliseconds=max(0, state.due - now.at))
    return timedelta(days=max(0, (state.due - now.day_begins(now.day)) // DAY))


def went_back(state: State | None, now: Moment) -> bool:
    """Whether the clock reads a day before the card's last answer."""
    return state is not None and now.day < state.last_day


def draw(card_id: str, reviews: int) -> float:
    """A number from 0 up to, not including, 1 that card and number of reviews decide.

    CRC-32, then a multiplication by the golden ratio: neighbouring names fall far apart.
    """
    mixed = crc32(f"{card_id}/{reviews}".encode()) * 2_654_435_769 & 0xFFFF_FFFF
    return mixed / (1 << 32)


def spread(ideal: float, where: float, longest: int) -> int:
    """The interval in whole days: somewhere in a window around `ideal`, so that cards learned
    together part and neighbouring days carry like loads. `where`, 0 to 1, picks the day.

    Never below 1 day nor above `longest`; a longer `ideal` never gives a shorter interval.
    """
    if ideal >= longest:
        ideal = float(longest)
    if ideal < 2.5:
        return max(1, min(round(ideal), longest))
    # As wide as Anki's: a day, and of the days above 2.5, 7 and 20 a share of 15, 10 and 5 %.
    if ideal < 7.0:
        aside = 1.0 + 0.15 * (ideal - 2.5)
    elif ideal < 20.0:
        aside = 1.675 + 0.10 * (ideal - 7.0)
    else:
        aside = 2.975 + 0.05 * (ideal - 20.0)
    low = max(2, round(ideal - aside))
    high = min(round(ideal + aside), longest)
    return min(low + int(where * (high - low + 1)), longest) if high > low else min(low, longest)
