"""Chinese in the index, and what people type."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trainer.storage.handbook_text import excerpt, indexed, query_for


@pytest.mark.parametrize(
    ("typed", "query"),
    [
        ("odr", '"odr"*'),
        ("扣分", '"扣 分"'),
        ("48分", '"48"* "分"'),
        ("ＯＤＲ　１２", '"ODR"* "12"*'),
        ('"quoted" -minus', '"quoted"* "minus"*'),
        ("…", ""),
    ],
)
def test_what_is_typed_becomes_a_query(typed: str, query: str) -> None:
    assert query_for(typed) == query


def test_any_of_it() -> None:
    assert query_for("late 扣分", every=False) == '"late"* OR "扣 分"'


def test_a_query_has_an_end() -> None:
    assert len(query_for("x " * 10_000)) < 100


@given(text=st.text(max_size=80))
def test_the_marks_in_the_index_leave_no_trace(text: str) -> None:
    shown = excerpt(indexed(text))
    assert len(shown) <= len(text)
    assert indexed(shown) == indexed(text)
