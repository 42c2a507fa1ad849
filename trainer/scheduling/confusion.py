"""Which two things a learner takes for each other, from the answers to “which one?” questions."""

from collections.abc import Iterable
from typing import NamedTuple

Pair = tuple[str, str]  # in alphabetical order

MIXED = 2  # what a mix-up counts
TOLD_APART = 1  # what one right answer about the same two takes off again


class Told(NamedTuple):
    """One answer: what was to choose from, what was right, and what was chosen."""

    offered: frozenset[str]
    right: frozenset[str]
    chosen: frozenset[str]


def confused_pairs(answers: Iterable[Told]) -> dict[Pair, int]:
    """How much each pair is still mixed up, the most first; pairs told apart are left out.

    `answers` are in the order of time. Whoever takes B for A mixes up A and B, until two right
    answers about the two have told them apart.
    """
    scores: dict[Pair, int] = {}
    for told in answers:
        wrong = told.chosen - told.right
        for right in told.right:
            for other in wrong:
                pair = _pair(right, other)
                scores[pair] = scores.get(pair, 0) + MIXED
        if told.chosen == told.right:
            for right in told.right:
                for other in told.offered - told.right:
                    pair = _pair(right, other)
                    if pair in scores:
                        scores[pair] = max(0, scores[pair] - TOLD_APART)
    left = ((pair, score) for pair, score in scores.items() if score > 0)
    return dict(sorted(left, key=lambda one: (-one[1], one[0])))


def tells_apart(pair: Pair, offered: Iterable[str], right: Iterable[str]) -> bool:
    """Whether a question is about the pair: both are offered, and one of them alone is right."""
    return set(pair) <= set(offered) and len(set(pair) & set(right)) == 1


def _pair(one: str, other: str) -> Pair:
    return (one, other) if one < other else (other, one)
