"""A second answer is exactly one answer: nothing that would let in what nobody has looked at."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trainer.cards.model import Body, Choice, Option, TrueFalse, Typed
from trainer.cards.response import Chosen, Entered, Judged, Matched, Ordered, Response
from trainer.exams.keys import ExamError
from trainer.exams.marking import KeyedItem
from trainer.exams.second_key import check_second_key, second_key, takes_second_key

from tests.exams.test_marking import keyed  # isort: skip

ONE = Choice(tuple(Option(text, text == "a") for text in "abc"))
SEVERAL = Choice(tuple(Option(text, text in "ab") for text in "abcd"))
TYPED = Typed(("tariff",))


def item(body: Body, order: tuple[int, ...] = ()) -> KeyedItem:
    return keyed(body, order=order)


@pytest.mark.parametrize(
    ("body", "order", "text", "expected"),
    [
        (ONE, (), "b", Chosen((1,))),
        (ONE, (2, 0, 1), "C", Chosen((0,))),
        (SEVERAL, (3, 2, 1, 0), "a, d", Chosen((0, 3))),
        (SEVERAL, (), "A、C", Chosen((0, 2))),
        (TYPED, (), " duty ", Entered("duty")),
    ],
)
def test_an_answer_is_read_in_paper_order(
    body: Body, order: tuple[int, ...], text: str, expected: Response
) -> None:
    one = item(body, order)
    assert takes_second_key(one)
    assert second_key(one, text) == expected
    check_second_key(one, expected)


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (ONE, ""),
        (ONE, "AB"),
        (ONE, "D"),
        (ONE, "b is right too"),
        (SEVERAL, "AA"),
        (SEVERAL, "AE"),
        (TYPED, "  "),
        (TYPED, " ?! 。"),
        (TYPED, "x" * 501),
        (TrueFalse(truth=True), "true"),
    ],
)
def test_what_is_no_single_answer_is_refused(body: Body, text: str) -> None:
    with pytest.raises(ExamError, match=r"exam\.no-answer"):
        second_key(item(body), text)


@pytest.mark.parametrize(
    ("body", "response"),
    [
        (ONE, Chosen(())),
        (ONE, Chosen((99,))),
        (ONE, Chosen((-1,))),
        (ONE, Chosen((0, 1))),
        (ONE, Entered("a")),
        (ONE, Judged(truth=True)),
        (SEVERAL, Chosen((0, 0))),
        (TYPED, Entered("")),
        (TYPED, Chosen((0,))),
        (TYPED, Ordered(())),
        (TYPED, Matched(())),
    ],
)
def test_a_key_that_fits_too_much_or_nothing_is_refused(body: Body, response: Response) -> None:
    with pytest.raises(ExamError, match=r"exam\.no-answer"):
        check_second_key(item(body), response)


@given(st.text(max_size=12))
def test_any_text_is_one_answer_or_one_sentence(text: str) -> None:
    for body in (ONE, SEVERAL, TYPED):
        try:
            response = second_key(item(body), text)
        except ExamError:
            continue
        check_second_key(item(body), response)
