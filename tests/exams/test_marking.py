import itertools
from collections.abc import Sequence
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trainer.cards.model import (
    Body,
    Card,
    Choice,
    Cloze,
    ClozePart,
    Matching,
    Number,
    Option,
    Ordering,
    Recall,
    Scoring,
    TrueFalse,
    Typed,
)
from trainer.cards.response import (
    Chosen,
    Entered,
    GaveUp,
    Judged,
    Matched,
    Ordered,
    Response,
    SelfGraded,
)
from trainer.decks.model import ChoiceLink, Scenario, Step
from trainer.exams.marking import (
    AlsoRight,
    Attempted,
    Decision,
    KeyedCard,
    KeyedCase,
    KeyedItem,
    OrderRule,
    Void,
    mark_attempt,
    share_of,
    total,
)
from trainer.exams.model import Answered


def keyed(
    body: Body,
    order: tuple[int, ...] = (),
    scoring: Scoring | None = None,
    ordering: OrderRule = "pairs",
    item_id: str = "q",
    points: str = "2",
) -> KeyedItem:
    card = Card("d#c", "d#c", "en", "?", body, 1)
    return KeyedItem(item_id, points, KeyedCard(card, 0, order, scoring, ordering))


def share(item: KeyedItem, response: Response | None, road: tuple[int, ...] = ()) -> Fraction:
    return share_of(item, Answered(item.item_id, response, road))


def choice(rights: Sequence[bool]) -> Choice:
    return Choice(tuple(Option(f"option {n}", right) for n, right in enumerate(rights)))


SEVERAL = st.lists(st.booleans(), min_size=3, max_size=7).filter(
    lambda row: 1 < sum(row) < len(row)
)


@given(SEVERAL, st.data())
def test_t57_multiple_response_equals_an_independent_count(
    rights: list[bool], data: st.DataObject
) -> None:
    order = tuple(data.draw(st.permutations(range(len(rights)))))
    ticks = data.draw(st.lists(st.booleans(), min_size=len(rights), max_size=len(rights)))
    chosen = Chosen(tuple(place for place, ticked in enumerate(ticks) if ticked))
    # Counted on the paper as a person would, never through the deck's order.
    on_paper = [rights[index] for index in order]
    hits = sum(t and r for t, r in zip(ticks, on_paper, strict=True))
    slips = sum(t and not r for t, r in zip(ticks, on_paper, strict=True))
    same = sum(t == r for t, r in zip(ticks, on_paper, strict=True))

    def got(scoring: Scoring) -> Fraction:
        return share(keyed(choice(rights), order, scoring), chosen)

    assert got("all") == (1 if ticks == on_paper else 0)
    assert got("right-minus-wrong") == max(Fraction(hits - slips, sum(rights)), Fraction(0))
    assert got("per-option") == Fraction(same, len(rights))


@given(st.permutations(range(5)), st.permutations(range(5)))
def test_t57_order_by_neighbours_or_exactly(paper: list[int], given_order: list[int]) -> None:
    body = Ordering(tuple("abcde"))
    order = tuple(paper)
    in_deck = [order[index] for index in given_order]
    pairs = sum(b == a + 1 for a, b in itertools.pairwise(in_deck))
    response = Ordered(tuple(given_order))

    assert share(keyed(body, order), response) == Fraction(pairs, 4)
    exact = share(keyed(body, order, ordering="exact"), response)
    assert exact == (1 if in_deck == [0, 1, 2, 3, 4] else 0)


@given(st.permutations(range(4)), st.lists(st.integers(-1, 3), min_size=4, max_size=4))
def test_t57_matching_counts_the_right_lines(paper: list[int], rights: list[int]) -> None:
    body = Matching("l", "r", tuple((f"l{n}", f"r{n}") for n in range(4)))
    hits = sum(r >= 0 and paper[r] == line for line, r in enumerate(rights))

    assert share(keyed(body, tuple(paper)), Matched(tuple(rights))) == Fraction(hits, 4)


@pytest.mark.parametrize(
    ("body", "response", "expected"),
    [
        (Number("1.25", "%", "0.05"), Entered("1,3 %"), 1),
        (Number("1.25", "%", "0.05"), Entered("1.31"), 0),
        (Number("1.25", "%", "0.05"), Entered("about one"), 0),
        (Typed(("colour", "color")), Entered(" ＣＯＬＯＲ "), 1),
        (TrueFalse(truth=False), Judged(truth=False), 1),
        (Cloze("a bc", (ClozePart("1", 2, 4),), "1"), Entered("BC"), 1),
        (Cloze("a bc", (ClozePart("1", 2, 4),), "1"), SelfGraded(), 0),
        (Recall("anything"), SelfGraded(), 0),
        (TrueFalse(truth=True), GaveUp(), 0),
        (TrueFalse(truth=True), Chosen((0,)), 0),
        (Ordering(("a", "b")), Entered("a b"), 0),
    ],
)
def test_other_kinds(body: Body, response: Response, expected: int) -> None:
    assert share(keyed(body), response) == expected


@given(SEVERAL, st.lists(st.integers(-9, 9), max_size=12))
def test_numbers_of_no_option_never_help(rights: list[bool], wild: list[int]) -> None:
    order = tuple(range(len(rights)))
    item = keyed(choice(rights), order, "right-minus-wrong")
    tame = tuple(sorted({index for index in wild if 0 <= index < len(rights)}))

    assert share(item, Chosen(tuple(wild))) == share(item, Chosen(tame))


def link(text: str, target: str, *, right: bool) -> ChoiceLink:
    return ChoiceLink(text, target, right, "", {}, 1)


CASE = Scenario(
    "d#case",
    "en",
    "A case",
    "",
    "",
    (
        Step("start", "", "", (link("a", "end", right=False), link("b", "two", right=True)), 1),
        Step("two", "", "", (link("c", "end", right=True), link("d", "start", right=False)), 1),
        Step("end", "", "", (), 1),
    ),
    1,
)


@pytest.mark.parametrize(
    ("road", "expected"),
    [
        ((1, 0), Fraction(1)),
        ((0,), Fraction(0)),
        ((1,), Fraction(1, 2)),  # stopped half way
        ((1, 1, 1, 0), Fraction(3, 4)),  # a mistake, taken up again
        ((1, 0, 0, 0), Fraction(1)),  # nothing counts after the end
        ((7,), Fraction(0)),
        ((), Fraction(0)),
    ],
)
def test_a_case_is_marked_by_its_decisions(road: tuple[int, ...], expected: Fraction) -> None:
    assert share(KeyedItem("q", "4", KeyedCase(CASE)), None, road) == expected


def test_a_case_whose_choices_were_shuffled() -> None:
    shuffled = KeyedItem("q", "4", KeyedCase(CASE, {"start": (1, 0)}))

    assert share(shuffled, None, (0, 0)) == 1


KEY = {
    name: keyed(choice([True, False, False]), (2, 0, 1), item_id=name, points="3")
    for name in ("a", "b", "c", "d")
}
ATTEMPT = Attempted(
    form=("a", "b", "c", "d"),
    answers={"a": Answered("a", Chosen((1,))), "c": Answered("c", Chosen((0,)))},
    shown=frozenset({"a", "b", "c"}),
)


def test_omitted_not_reached_and_options_as_the_deck_numbers_them() -> None:
    marks = mark_attempt(ATTEMPT, KEY)

    assert [mark.outcome for mark in marks] == ["answered", "omitted", "answered", "not-reached"]
    assert [mark.share for mark in marks] == [1, 0, 0, 0]
    assert [mark.chosen for mark in marks] == [(0,), (), (2,), ()]
    assert total(marks) == (Fraction(3), Fraction(12))


@pytest.mark.parametrize(
    ("decisions", "expected"),
    [
        ([Void("c", "drop", "two right options")], (3, 9)),
        ([Void("b", "credit", "misprint")], (6, 12)),
        ([AlsoRight("c", Chosen((0,)), "also true")], (6, 12)),
        ([AlsoRight("b", Chosen((0,)), "nobody gave it")], (3, 12)),
        ([Void("c", "drop", "first"), AlsoRight("c", Chosen((0,)), "later")], (3, 9)),
    ],
)
def test_t57_decisions(decisions: list[Decision], expected: tuple[int, int]) -> None:
    before = mark_attempt(ATTEMPT, KEY)
    after = mark_attempt(ATTEMPT, KEY, decisions)

    assert total(after) == tuple(map(Fraction, expected))
    assert mark_attempt(ATTEMPT, KEY) == before


def test_a_second_key_for_typed_answers_forgives_what_the_first_forgives() -> None:
    item = keyed(Typed(("tariff",)), item_id="t")
    attempt = Attempted(("t",), {"t": Answered("t", Entered("Ｄuty "))})

    (mark,) = mark_attempt(attempt, {"t": item}, [AlsoRight("t", Entered("duty"), "synonym")])

    assert mark.share == 1
    assert mark.decided
