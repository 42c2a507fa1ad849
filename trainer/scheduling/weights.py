"""A learner's own weights of the memory model, fitted to their answers."""

from collections.abc import Callable, Iterable
from itertools import pairwise
from operator import itemgetter
from typing import TYPE_CHECKING, NamedTuple

from trainer.scheduling.replay import History, never_back

if TYPE_CHECKING:
    from fsrs_rs_python import FSRSItem

# With fewer answers on later days the weights everybody begins with are the better guess.
FEWEST_REVIEWS = 400
# The newest so many are fitted to: more take long and change nothing.
_MOST_REVIEWS = 500_000
_MOST_JUDGED = 100_000
_RELEARNING_STEPS = 1


class Fitted(NamedTuple):
    """Weights, and how surprised (log loss a review, lower is better) the model was by the answers
    with them and with those everybody begins with."""

    weights: tuple[float, ...]
    loss: float
    default_loss: float
    reviews: int  # answers on a later day than the one before


def fit_weights(
    histories: Iterable[History], report: Callable[[int, int], None] = lambda _done, _total: None
) -> Fitted | None:
    """The weights that fit `histories` best; None when there are fewer than FEWEST_REVIEWS, or when
    no weights fit better than the default ones.

    `report` may raise Cancelled until the fitting itself begins; that takes a second for the
    longest logs, and holds up the other threads of the program for so long.
    """
    from fsrs_rs_python import DEFAULT_PARAMETERS, FSRS

    cards = [never_back(history.codes) for history in histories]
    days = sorted(code >> 3 for codes in cards for code in _reviews_of(codes))
    total = len(cards) + 3
    if len(days) < FEWEST_REVIEWS:
        report(total, total)
        return None
    since = days[-_MOST_REVIEWS] if len(days) > _MOST_REVIEWS else days[0]
    items, numbers = _items(cards, since, lambda done: report(done, total))
    report(total - 3, total)
    model = FSRS(list(DEFAULT_PARAMETERS))
    found = model.compute_parameters(items, numbers, True, _RELEARNING_STEPS)
    report(total - 2, total)
    lately = items[-_MOST_JUDGED:]
    fitted = Fitted(
        tuple(found),
        FSRS(found).evaluate(lately).log_loss,
        model.evaluate(lately).log_loss,
        len(items),
    )
    report(total, total)
    return fitted if fitted.loss < fitted.default_loss else None


def _reviews_of(codes: list[int]) -> Iterable[int]:
    """The answers on a later day than the one before."""
    return (code for before, code in pairwise(codes) if code >> 3 > before >> 3)


def _items(
    cards: list[list[int]], since: int, report: Callable[[int], None]
) -> "tuple[list[FSRSItem], list[int]]":
    """What the model is shown for each review from day `since` on: the card's answers up to it;
    oldest review first, because newer ones weigh more. Beside it the number of its card."""
    from fsrs_rs_python import FSRSItem, FSRSReview

    known: dict[tuple[int, int], FSRSReview] = {}
    dated: list[tuple[int, int, FSRSItem]] = []
    for number, codes in enumerate(cards):
        if number % 1000 == 0:
            report(number)
        reviews: list[FSRSReview] = []
        before = codes[0] >> 3
        for code in codes:
            day = code >> 3
            key = code & 7, day - before
            if key not in known:
                known[key] = FSRSReview(*key)
            reviews.append(known[key])
            if day > before and day >= since:
                dated.append((day, number, FSRSItem(reviews)))
            before = day
    dated.sort(key=itemgetter(0))
    return [item for _, _, item in dated], [number for _, number, _ in dated]
