"""The date a rule was checked, read and written."""

from datetime import date
from pathlib import PurePosixPath

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from trainer.decks.parser import parse_deck
from trainer.decks.rule_dates import checked_on, last_day, with_date

TODAY = date(2026, 12, 1)
RULE = "## Dispatch {#dispatch}\n\nParcels leave in 5 days.\n"
CARD = "\nQ: How many? {#days}\nA: 5\n"
SOURCE = "Source: [H](https://a.b) (2026-01)"
HEAD = "---\ntitle: T\nplatform: amazon\n---\n\n"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (f"\n{SOURCE}\n", f"\n{SOURCE}\nAs-of: 2026-12-01\n"),
        ("\nAs-of: 2025-01\nSource: H (2024)\n", "\nAs-of: 2026-12-01\nSource: H (2024)\n"),
        ("\n日期：2025-01\n", "\n日期：2026-12-01\n"),
        ("", "\nAs-of: 2026-12-01\n"),
        ("\nVerify: is it\nstill so?\n", "\nVerify: is it\nstill so?\nAs-of: 2026-12-01\n"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("card", ["", CARD])
def test_the_day_is_written_where_people_look_for_it(before: str, after: str, card: str) -> None:
    text = f"{HEAD}{RULE}{before}{card}"
    written = with_date(text, 6, TODAY, "en", confirmed=False)
    assert written == f"{HEAD}{RULE}{after}{card}"
    deck, _ = parse_deck(written, PurePosixPath("a.md"), "a", "en")
    assert checked_on(deck.rules[0], deck) == ("2026-12-01", "rule")
    assert with_date(written, 6, TODAY, "en", confirmed=False) == written


def test_what_was_doubted_and_found_right_loses_its_mark() -> None:
    text = f"{HEAD}{RULE}\nVerify: is it\nstill so?\nSource: H (2024)\n{CARD}"
    written = with_date(text, 6, TODAY, "zh", confirmed=True)
    assert "Verify" not in written
    assert "still so" not in written
    assert "Source: H (2024)\n日期：2026-12-01\n\nQ:" in written


def test_a_table_under_what_was_doubted_stays_and_code_is_no_key() -> None:
    table = "| a | b |\n| - | - |\n| c | d |\n"
    code = "```\nAs-of: 2020\nVerify: what is quoted\n```\n"
    text = f"{HEAD}{RULE}\n{code}Verify: is it\n{table}"
    written = with_date(text, 6, TODAY, "en", confirmed=True)
    assert written == f"{HEAD}{RULE}\n{code}{table}\nAs-of: 2026-12-01\n"


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("2026", date(2026, 12, 31)),
        ("2026-02", date(2026, 2, 28)),
        ("2024-02", date(2024, 2, 29)),
        ("2026-10-05", date(2026, 10, 5)),
        ("2026-02-31", date(2026, 2, 28)),
        ("9999-12", date(9999, 12, 30)),
    ],
)
def test_a_date_counts_from_its_last_day(written: str, day: date) -> None:
    assert last_day(written) == day


LINES = st.sampled_from(
    ["", "text", "Source: H (2024)", "As-of: 2020", "Verify: x", "more", "Q: a {#a}", "A: b",
     "```", "# T", "- one", "| a | b |", "日期：2020", "---"]
)  # fmt: skip


@given(lines=st.lists(LINES, max_size=12), confirmed=st.booleans())
@example(lines=["Verify: x", "```", "", "# T"], confirmed=True)
@example(lines=["```", "As-of: 2020"], confirmed=False)
def test_a_date_can_be_written_anywhere_and_twice_is_once(
    lines: list[str], confirmed: bool
) -> None:
    text = "\n".join(["## Rule {#rule}", *lines])
    once = with_date(text, 1, TODAY, "en", confirmed=confirmed)
    assert with_date(once, 1, TODAY, "en", confirmed=confirmed) == once
    before, _ = parse_deck(text, PurePosixPath("a.md"), "a", "en")
    after, _ = parse_deck(once, PurePosixPath("a.md"), "a", "en")
    assert [card.card_id for card in after.cards] == [card.card_id for card in before.cards]
