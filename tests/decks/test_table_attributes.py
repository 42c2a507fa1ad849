"""The braces of penalty tables: what they may say, and what is said about the rest."""

from collections.abc import Callable
from fractions import Fraction

import pytest

from trainer.decks.model import Deck
from trainer.decks.table_attributes import (
    as_conditions,
    as_day,
    as_day_of_month,
    as_earning,
    as_repeats,
)
from trainer.foundation.source import Finding
from trainer.penalties.rulebook import Condition, Repeats
from trainer.penalties.windows import Window

Read = Callable[[str], tuple[Deck, tuple[Finding, ...]]]
TRACK = "| Points | Then |\n| - | - |\n"


def told(read: Read, text: str) -> list[tuple[str, int, int]]:
    _, findings = read(f"{text}\n\nSource: Help (2026-10)\n")
    return [
        (one.code, one.place.line, one.place.column)
        for one in findings
        if one.code not in {"deck.no-id", "deck.row-no-id"}
    ]


def test_a_row_keeps_what_its_braces_say_and_the_text_does_not_show_it(read: Read) -> None:
    deck, findings = read(
        f"## B {{#b .track}}\n\n{TRACK}"
        '| 2 {.warned} | x |\n| 6 {no-listing="3 days" .deposit every=12} | y |\n\n'
        "Source: Help (2026-10)\n"
    )
    rule = deck.rules[-1]
    assert rule.table is not None
    assert [row.attributes for row in rule.table.rows] == [
        {"warned": ""},
        {"no-listing": "3 days", "deposit": "", "every": "12"},
    ]
    assert [row.cells for row in rule.table.rows] == [("2", "x"), ("6", "y")]
    assert "{" not in rule.text
    assert "| 6 | y |" in rule.text
    assert [one.code for one in findings if one.code != "deck.no-id"] == []


@pytest.mark.parametrize(
    ("heading", "row", "codes"),
    [
        ("track", '| 2 {frozen="7 days"} | x |', []),
        ("track", '| 2 {at-risk="while reached"} | x |', []),
        ("track", "| 2 {frozen=long} | x |", ["deck.bad-value"]),
        ("track", "| 2 {jailed} | x |", []),  # no attribute list: it is text
        ("track", "| 2 {.jailed} | x |", ["deck.unknown-attribute"]),
        ("track", "| 2 {from=2} | x |", ["deck.unknown-attribute"]),
        ("track", "| 2 {every=twelve} | x |", ["deck.bad-value"]),
        ("track", "| ? {.hidden} | x |", []),
        ("track merge=soon", "| 2 | x |", ["deck.bad-value"]),
        ('track merge="3 days" most-a-day=6', "| 2 | x |", []),
        ("track evaluated=20", "| 2 | x |", ["deck.unknown-attribute"]),
        ("track falls-from=200 ceiling=high", "| 199 | x |", ["deck.bad-value"]),
        ('track falls-from=200 earns="4 per 200 orders"', "| 199 | x |", []),
    ],
)
def test_what_makes_no_sense_is_a_finding(
    read: Read, heading: str, row: str, codes: list[str]
) -> None:
    found = told(read, f"## B {{#b .{heading}}}\n\n{TRACK}{row}")
    assert [code for code, _, _ in found if code != "deck.table-number"] == codes


def test_a_finding_in_braces_points_at_them(read: Read) -> None:
    deck, findings = read(
        f"## B {{#b .track}}\n\n{TRACK}| 2 | x |\n| 6 {{frozen=long}} | y |\n\n"
        "Source: Help (2026-10)\n"
    )
    (found,) = (one for one in findings if one.code == "deck.bad-value")
    rule = deck.rules[-1]
    assert rule.table is not None
    assert (found.place.line, found.place.column) == (rule.table.rows[1].line, 5)


@pytest.mark.parametrize(
    ("text", "repeats"),
    [
        ("365 days", Repeats(Window("days", 365))),
        ("365 days from the first", Repeats(Window("days", 365), from_first=True)),
        ("1 year from the first", Repeats(Window("months", 12), from_first=True)),
        ("often", None),
        ("ever", None),
    ],
)
def test_repeats(text: str, repeats: Repeats | None) -> None:
    assert as_repeats(text) == repeats


@pytest.mark.parametrize(
    ("text", "conditions"),
    [
        ("odr", (Condition("odr"),)),
        ("odr, orders-90d >= 50", (Condition("odr"), Condition("orders-90d", ">=", Fraction(50)))),
        ("ahr<200", (Condition("ahr", "<", Fraction(200)),)),
        ("ODR", None),
        ("orders >= many", None),
        ("", None),
    ],
)
def test_conditions(text: str, conditions: tuple[Condition, ...] | None) -> None:
    assert as_conditions(text) == conditions


@pytest.mark.parametrize(
    ("value", "good"),
    [("20", True), ("end", True), ("31", True), ("32", False), ("0", False), ("x", False)],
)
def test_days_of_a_month(value: str, good: bool) -> None:
    assert (as_day_of_month(value) is not None) is good


def test_other_values() -> None:
    assert as_earning("4 per 200 orders") == (Fraction(4), 200)
    assert as_earning("4 per 0 orders") is None
    assert as_day("2022-02-21") is not None
    assert as_day("2022-02-30") is None
    assert as_day("2022-2-1") is None
