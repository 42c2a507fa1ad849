"""Blocks of a deck's text: found, copied into a translation, tables lined up."""

from pathlib import PurePosixPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trainer.decks.blocks import table_around, text_blocks, tidy_table, with_missing
from trainer.decks.parser import parse_deck
from trainer.decks.tables import cells_of

EN = """---
title: Orders
---

# Orders

## Late {#late}

On time.

Source: Help (2026-10)

Q: How long? {#long}
A: = 5 days

Q: Match. {#match}

| a | b |
| - | - |
| x | y |
| u | v |

## Early {#early}

Never.

C: ==Never== early. {#never}
"""
ZH = """---
title: 订单
---

# 订单

## 迟到 {#late}

准时。

问：多久？ {#long}
答：= 5 天
"""


def names(text: str) -> list[str]:
    return [block.name for block in text_blocks(text)]


def test_a_block_is_all_of_a_card_and_nothing_of_the_next() -> None:
    lines = EN.split("\n")
    blocks = {block.name: lines[block.start : block.end] for block in text_blocks(EN)}
    assert blocks["late"][0] == "## Late {#late}"
    assert blocks["late"][-1] == "Source: Help (2026-10)"
    assert blocks["long"] == ["Q: How long? {#long}", "A: = 5 days"]
    assert blocks["match"][-1] == "| u | v |"  # an empty line inside does not end it


def test_what_is_missing_comes_where_it_stands_in_the_other_language() -> None:
    copied = with_missing(ZH, EN, ["match", "early", "never"])
    assert names(copied) == ["late", "long", "match", "early", "never"]
    deck, _ = parse_deck(copied, PurePosixPath("o.zh.md"), "platforms/x/o", "zh")
    rules = {card.note_id.partition("#")[2]: card.rule_id for card in deck.cards}
    assert rules["never"] == "platforms/x/o#early"
    assert copied.startswith(ZH.rstrip("\n"))


def test_one_missing_card_stands_below_its_neighbour() -> None:
    whole = with_missing(ZH, EN, ["early", "never"])
    copied = with_missing(whole, EN, ["match"])
    assert names(copied) == ["late", "long", "match", "early", "never"]


def test_what_comes_first_comes_first_there_too() -> None:
    without = ZH[: ZH.index("## ")] + "## 早 {#early}\n\n从不。\n"
    assert names(with_missing(without, EN, ["late", "long"])) == ["late", "long", "early"]


def test_a_table_is_lined_up_and_han_count_twice() -> None:
    assert tidy_table(["|指标|Limit|", "|---|---:|", "| 订单缺陷率 {#odr} | < 1 %|"]) == [
        "| 指标              | Limit |",
        "| ----------------- | ----: |",
        "| 订单缺陷率 {#odr} | < 1 % |",
    ]


@given(
    st.lists(
        st.lists(st.text(alphabet="ab|\\ 中`", max_size=5), min_size=2, max_size=4),
        min_size=1,
        max_size=4,
    )
)
def test_lining_up_changes_no_cell(cells: list[list[str]]) -> None:
    rows = [
        "| "
        + " | ".join(one.replace("\\", "").replace("`", "").replace("|", "\\|") for one in row)
        + " |"
        for row in cells
    ]
    tidy = tidy_table(rows)
    width = max(len(cells_of(row)) for row in rows)
    for row, new in zip(rows, tidy, strict=True):
        before = cells_of(row)
        assert cells_of(new)[: len(before)] == before
        assert len(cells_of(new)) <= width
    assert tidy_table(tidy) == tidy


@pytest.mark.parametrize(("line", "found"), [(0, None), (1, (1, 3)), (2, (1, 3)), (3, None)])
def test_the_table_around_a_line(line: int, found: tuple[int, int] | None) -> None:
    assert table_around(["x", "| a |", "| - |", ""], line) == found
