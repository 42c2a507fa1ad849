"""The states of many cards from all their answers, a million a second: for a restored log, or new
weights. Gives exactly what following the answers one by one gives.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from trainer.scheduling.days import Moment
from trainer.scheduling.memory import IN_REVIEW, Scheduler, State, next_step

if TYPE_CHECKING:
    from fsrs_rs_python import FSRSItem, FSRSReview

# Cards handed to the memory model at once.
_BATCH = 4000


class History(NamedTuple):
    """A card's answers: day * 8 + rating for each, in the log's order, and the moment of the last
    one."""

    card_id: str
    codes: Sequence[int]
    last: Moment


class _WentBackError(Exception):
    """An answer is dated before the one before it."""


class _Step(dict[int, "tuple[FSRSReview, _Step, int]"]):
    """Where a card stands after an answer. Looked up by how far the next answer's code lies above
    the last one's, it gives the next answer as the memory model wants it, the next step, and 1 for
    a lapse. Filled as it is used."""

    def __init__(
        self,
        step: int | None,
        rating: int,
        minutes: float | None,
        others: "dict[tuple[int, int], _Step]",
    ) -> None:
        super().__init__()
        self.step = step
        self.rating = rating
        self.minutes = minutes
        self._others = others

    def __missing__(self, difference: int) -> "tuple[FSRSReview, _Step, int]":
        from fsrs_rs_python import FSRSReview  # loaded with the scheduler

        elapsed, rating = divmod(difference + self.rating, 8)
        if elapsed < 0:
            raise _WentBackError
        after, minutes = next_step(self.step, rating)
        if (after, rating) not in self._others:
            self._others[after, rating] = _Step(after, rating, minutes, self._others)
        lapse = int(self.step == IN_REVIEW and rating == 1)
        found = (FSRSReview(rating, elapsed), self._others[after, rating], lapse)
        self[difference] = found
        return found


_Told = tuple[History, int, _Step, int]  # lapses, step, last day


def states_of(scheduler: Scheduler, histories: Iterable[History]) -> Iterator[tuple[str, State]]:
    """The state of each card; each of `histories` has at least one answer."""
    from fsrs_rs_python import FSRSItem  # loaded with the scheduler

    first = _Step(None, 0, None, {})
    items: list[FSRSItem] = []
    told: list[_Told] = []
    for history in histories:
        try:
            reviews, lapses, step, code = _followed(first, history.codes)
        except _WentBackError:
            reviews, lapses, step, code = _followed(first, never_back(history.codes))
        items.append(FSRSItem(reviews))
        told.append((history, lapses, step, code >> 3))
        if len(items) == _BATCH:
            yield from _finished(scheduler, items, told)
            items, told = [], []
    if items:
        yield from _finished(scheduler, items, told)


def _followed(first: _Step, codes: Sequence[int]) -> "tuple[list[FSRSReview], int, _Step, int]":
    reviews: list[FSRSReview] = []
    add = reviews.append
    step, lapses, previous = first, 0, codes[0] & ~7
    for code in codes:
        review, step, lapse = step[code - previous]
        add(review)
        lapses += lapse
        previous = code
    return reviews, lapses, step, previous


def never_back(codes: Sequence[int]) -> list[int]:
    """`codes` with an answer dated before the latest one taken as given on the latest day."""
    latest, result = 0, []
    for code in codes:
        latest = max(latest, code >> 3)
        result.append(latest << 3 | code & 7)
    return result


def _finished(
    scheduler: Scheduler, items: "list[FSRSItem]", told: list[_Told]
) -> Iterator[tuple[str, State]]:
    due = scheduler.due
    memories = scheduler.model.memory_state_batch(items)
    for memory, ((card_id, codes, last), lapses, step, day) in zip(memories, told, strict=True):
        stability, reviews = memory.stability, len(codes)
        yield (
            card_id,
            State(
                stability,
                memory.difficulty,
                due(card_id, stability, reviews, step.minutes, last),
                last.at,
                day,
                reviews,
                lapses,
                step.step or IN_REVIEW,
                step.rating,
            ),
        )
