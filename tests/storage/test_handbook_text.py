"""What the search sees of a deck's Markdown."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trainer.storage.handbook_text import excerpt, indexed, plain, query_for


@pytest.mark.parametrize(
    ("markdown", "text"),
    [
        ("Keep it **below 1 %** over `60` days.", "Keep it below 1 % over 60 days."),
        ("- [x] Right\n- [ ] Wrong\n  > why", "Right Wrong why"),
        ("| Points | What |\n| ---: | --- |\n| 2 | Warning |", "Points What 2 Warning"),
        ("See [the page](https://x.org/a_b) and ![a parcel](p.png)", "See the page and a parcel"),
        ("==negative feedback=={#nf} or ==claims==", "negative feedback or claims"),
        ("## Title {#id difficulty=3}\n\nText", "Title Text"),
        ("_so_ but snake_case and 5 < 6 > 4", "so but snake_case and 5 < 6 > 4"),
        ("超过 **4 %** 则扣分。", "超过 4 % 则扣分。"),
        ("2 - 1 = 1, 3 -- 4", "2 - 1 = 1, 3 -- 4"),
    ],
)
def test_plain_text_is_what_a_reader_sees(markdown: str, text: str) -> None:
    assert plain(markdown) == text


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
