"""The memory model over a long log, beside the library it comes from and its Python sibling."""

import random

from bench.report import Row, seconds

CARDS = 20_000
REVIEWS_EACH = 10


def rows() -> list[Row]:
    import fsrs_rs_python as fsrs

    dice = random.Random(3)  # noqa: S311 - only filler
    items = [
        fsrs.FSRSItem(
            [
                fsrs.FSRSReview(dice.choice((1, 3, 3, 3, 4)), 0 if number == 0 else number * 3)
                for number in range(REVIEWS_EACH)
            ]
        )
        for _ in range(CARDS)
    ]
    model = fsrs.FSRS(list(fsrs.DEFAULT_PARAMETERS))
    taken = min(seconds(lambda: model.memory_state_batch(items), 3))
    count = CARDS * REVIEWS_EACH
    return [
        Row(
            "fsrs-rs alone, items already in its own form",
            f"{count / taken / 1e6:.1f}M reviews/s",
            "what the replay of a log stands beside",
        )
    ]
