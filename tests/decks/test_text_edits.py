"""Texts line by line: edits lead from one version to the next, and two people's changes meet."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trainer.decks.text_edits import line_edits, merge

LINES = st.lists(st.sampled_from(["", "a", "b", "问：一", "Q: 😀 two", "- [x] c"]), max_size=12)
TEXTS = LINES.map("\n".join)


def applied(text: str, edits: list[tuple[int, int, str]]) -> str:
    """`text` after `edits`, whose places count UTF-16 units."""
    units = text.encode("utf-16-le")
    for start, end, words in reversed(edits):
        units = units[: 2 * start] + words.encode("utf-16-le") + units[2 * end :]
    return units.decode("utf-16-le")


@given(TEXTS, TEXTS)
def test_edits_lead_from_the_old_text_to_the_new(old: str, new: str) -> None:
    assert applied(old, line_edits(old, new)) == new


@given(TEXTS, TEXTS)
def test_who_changes_alone_gets_what_they_wrote(base: str, mine: str) -> None:
    assert merge(base, mine, base) == mine
    assert merge(base, base, mine) == mine
    assert merge(base, mine, mine) == mine


@given(TEXTS, TEXTS, TEXTS)
def test_merging_does_not_ask_who_came_first(base: str, mine: str, theirs: str) -> None:
    assert merge(base, mine, theirs) == merge(base, theirs, mine)


@pytest.mark.parametrize(
    ("base", "mine", "theirs", "both"),
    [
        ("a\nb\nc\nd\n", "A\nb\nc\nd\n", "a\nb\nc\nD\n", "A\nb\nc\nD\n"),
        ("a\nb\nc\n", "a\nb\nx\nc\n", "a\nb\nc\ny\n", "a\nb\nx\nc\ny\n"),
        ("a\nb\nc\n", "a\nX\nc\n", "a\nY\nc\n", None),  # the same line, differently
        ("a\nb\nc\n", "a\nc\n", "a\nB\nc\n", None),  # one takes out what the other mends
        ("a\nb\nc\nd\n", "a\nX\nc\nd\n", "a\nX\nc\nd\ne\n", "a\nX\nc\nd\ne\n"),  # the same change
        ("a\n", "a\nmine", "a\ntheirs", None),
    ],
)
def test_two_people_at_one_deck(base: str, mine: str, theirs: str, both: str | None) -> None:
    assert merge(base, mine, theirs) == both
