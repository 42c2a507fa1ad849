"""Which platforms are mixed up, and when they are told apart again."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trainer.scheduling.confusion import Told, confused_pairs, tells_apart

ALL = "amazon ebay wish"


def told(right: str, chosen: str, offered: str = ALL) -> Told:
    return Told(*(frozenset(names.split()) for names in (offered, right, chosen)))


@pytest.mark.parametrize(
    ("answers", "pairs"),
    [
        ([], {}),
        ([told("wish", "wish")], {}),
        ([told("wish", "ebay")], {("ebay", "wish"): 2}),
        # The other way round it is the same pair.
        ([told("wish", "ebay"), told("ebay", "wish")], {("ebay", "wish"): 4}),
        # One right answer about the two is half of telling them apart, two are all of it.
        ([told("wish", "ebay"), told("wish", "wish")], {("ebay", "wish"): 1}),
        ([told("wish", "ebay"), told("wish", "wish"), told("ebay", "ebay")], {}),
        # One that does not offer the other platform says nothing about it.
        (
            [told("wish", "ebay"), told("wish", "wish", "amazon wish")],
            {("ebay", "wish"): 2},
        ),
        # What came before a mix-up does not excuse it.
        ([told("wish", "wish"), told("wish", "ebay")], {("ebay", "wish"): 2}),
        # Of two right ones both are mixed up with the wrong one.
        (
            [told("amazon wish", "amazon ebay")],
            {("amazon", "ebay"): 2, ("ebay", "wish"): 2},
        ),
        # A right one that is missing is no mix-up.
        ([told("amazon wish", "amazon")], {}),
        ([told("wish", "")], {}),
    ],
)
def test_pairs(answers: list[Told], pairs: dict[tuple[str, str], int]) -> None:
    assert confused_pairs(answers) == pairs


def test_the_worst_pair_comes_first() -> None:
    answers = [told("wish", "ebay"), told("amazon", "ebay"), told("amazon", "ebay")]
    assert list(confused_pairs(answers)) == [("amazon", "ebay"), ("ebay", "wish")]


NAMES = st.frozensets(st.sampled_from("abcd"), min_size=1)


@given(st.lists(st.builds(Told, st.just(frozenset("abcd")), NAMES, NAMES)))
def test_enough_right_answers_tell_everything_apart(answers: list[Told]) -> None:
    pairs = confused_pairs(answers)
    assert all(score > 0 and one < other for (one, other), score in pairs.items())
    everything = frozenset("abcd")
    right = [Told(everything, frozenset(name), frozenset(name)) for name in "abcd"]
    assert confused_pairs([*answers, *right * len(answers) * 4]) == {}


@pytest.mark.parametrize(
    ("offered", "right", "apart"),
    [
        ("ebay wish amazon", "wish", True),
        ("ebay wish", "ebay wish", False),
        ("wish amazon", "wish", False),
        ("ebay wish amazon", "amazon", False),
    ],
)
def test_a_question_about_a_pair(offered: str, right: str, apart: bool) -> None:
    assert tells_apart(("ebay", "wish"), offered.split(), right.split()) is apart
