import random
import statistics
from collections.abc import Mapping
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trainer.exams.item_analysis import Papers, Result, analyse_items, analyse_paper

# Five candidates, four questions of one point (1 right, 0 wrong): small enough to do by hand.
BY_HAND = {
    "01": (1, 1, 1, 1),
    "02": (1, 1, 1, 0),
    "03": (1, 1, 0, 0),
    "04": (1, 0, 0, 0),
    "05": (0, 0, 0, 1),
}


def papers(marks: Mapping[str, tuple[int, ...]]) -> Papers:
    return {
        name: [
            Result(f"q{number}", Fraction(mark), Fraction(1), options=(0 if mark else 1,))
            for number, mark in enumerate(row)
        ]
        for name, row in marks.items()
    }


def test_t59_a_paper_small_enough_to_do_by_hand() -> None:
    # Totals 4 3 2 1 1: mean 2.2, variance (3.24+0.64+0.04+1.44+1.44)/4 = 1.7.
    # Items p = .8 .6 .4 .4: variances .2 .3 .3 .3 = 1.1; alpha = 4/3 * (1 - 1.1/1.7) = 0.470588…
    figures = analyse_paper(papers(BY_HAND))

    assert figures.n == 5
    assert not figures.firm
    assert figures.mean == pytest.approx(0.55)
    assert figures.alpha == pytest.approx(4 / 3 * (1 - 1.1 / 1.7), abs=1e-12)
    assert figures.kr20 == figures.alpha
    assert figures.sem == pytest.approx((1.7 * (1 - 4 / 3 * (1 - 1.1 / 1.7))) ** 0.5, abs=1e-12)


def test_t59_items_by_hand() -> None:
    first, *_, last = analyse_items(papers(BY_HAND), {"q0": 2, "q1": 2, "q2": 2, "q3": 3})

    assert first.facility == pytest.approx(0.8)
    # The rest of the paper of the five: 3 2 1 0 1 of 3; their correlation with 1 1 1 1 0.
    assert first.discrimination == pytest.approx(
        statistics.correlation([1, 1, 1, 1, 0], [3, 2, 1, 0, 1])
    )
    # 27 % of five are 1.35: the best and 0.35 of the next; of the two with 1 point 0.675 each.
    assert first.upper_lower == pytest.approx(1 - 0.5)
    assert last.upper_lower == pytest.approx(1 / 1.35 - 0.5)
    assert [option.chosen for option in last.options] == [2, 3, 0]


def test_t59_a_paper_that_contradicts_itself_has_a_negative_alpha() -> None:
    figures = analyse_paper(papers({"1": (1, 0), "2": (0, 1), "3": (1, 0), "4": (1, 1)}))

    assert figures.alpha is not None
    assert figures.alpha < 0
    assert figures.sem is None


@pytest.mark.parametrize(
    "marks",
    [{}, {"1": (1, 0)}, {"1": (1, 1), "2": (1, 1)}, {"1": (0, 0), "2": (0, 0), "3": (0, 0)}],
    ids=["nobody", "one", "all right", "all wrong"],
)
def test_t59_what_cannot_be_computed_is_not_guessed(marks: dict[str, tuple[int, ...]]) -> None:
    figures = analyse_paper(papers(marks))

    assert figures.alpha is None
    assert figures.sem is None
    for item in analyse_items(papers(marks), {}):
        assert item.discrimination is None


def test_t59_different_papers_share_only_their_common_core() -> None:
    ragged = {
        "1": [Result("a", Fraction(1), Fraction(2)), Result("b", Fraction(1), Fraction(1))],
        "2": [Result("c", Fraction(0), Fraction(1)), Result("a", Fraction(1, 2), Fraction(2))],
    }

    figures = analyse_paper(ragged)

    assert figures.core == ("a",)
    assert figures.alpha is None
    assert figures.kr20 is None
    assert {item.item_id: item.n for item in analyse_items(ragged, {})} == {"a": 2, "b": 1, "c": 1}


def test_omitted_and_not_reached_are_told_apart() -> None:
    mixed = {
        "1": [Result("a", Fraction(1), Fraction(1))],
        "2": [Result("a", Fraction(0), Fraction(1), "omitted")],
        "3": [Result("a", Fraction(0), Fraction(1), "not-reached")],
    }

    (item,) = analyse_items(mixed, {})

    assert (item.n, item.omitted, item.not_reached) == (2, 1, 1)
    assert item.facility == pytest.approx(0.5)


MARKS = st.integers(2, 6).flatmap(
    lambda width: st.lists(st.tuples(*[st.integers(0, 1)] * width), min_size=0, max_size=40)
)


@given(MARKS, st.randoms(use_true_random=False))
def test_t59_the_order_of_the_candidates_changes_nothing(
    rows: list[tuple[int, ...]], chance: random.Random
) -> None:
    there = {str(number): row for number, row in enumerate(rows)}
    back = list(there.items())
    chance.shuffle(back)

    one, other = analyse_paper(papers(there)), analyse_paper(papers(dict(back)))
    assert one.alpha == other.alpha
    mine = {item.item_id: item for item in analyse_items(papers(there), {})}
    for item in analyse_items(papers(dict(back)), {}):
        assert item.upper_lower == mine[item.item_id].upper_lower
        assert item.discrimination == pytest.approx(mine[item.item_id].discrimination, abs=1e-9)


@given(MARKS)
def test_t59_the_figures_equal_an_independent_computation(rows: list[tuple[int, ...]]) -> None:
    figures = analyse_paper(papers({str(number): row for number, row in enumerate(rows)}))

    totals = [sum(row) for row in rows]
    if len(rows) < 2 or statistics.pvariance(totals) == 0:
        assert figures.alpha is None
        return
    width = len(rows[0])
    spread = sum(statistics.pvariance([row[i] for row in rows]) for i in range(width))
    expected = width / (width - 1) * (1 - spread / statistics.pvariance(totals))
    assert figures.alpha == pytest.approx(expected, abs=1e-9)
