"""Stamping adds ids where there are none and changes nothing else, byte for byte."""

import re
from collections.abc import Callable
from pathlib import PurePosixPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trainer.decks.identity import follow
from trainer.decks.model import Deck
from trainer.decks.parser import parse_deck
from trainer.decks.stamping import stamp
from trainer.foundation.source import Finding

Read = Callable[[str], tuple[Deck, tuple[Finding, ...]]]

TEXT = (
    "---\r\ntitle: T\r\nplatform: amazon\r\n---\r\n"
    "# Title  \r\n\r\n"
    "## Order defect rate\r\n\r\nSource: S (2026)\r\n\r\n"
    "Q: Which rate?  \r\nA: 1 %\r\n\r\n"
    "Q: Which rate? {difficulty=3}\r\nA: 2 %\r\n\r\n"
    "Q: Named {#named}\nA: x\r\n\r\n"
    "C: Air is ==fast==\r\n\r\n"
    "C: Air is ==fast=={#f}\r\n\r\n"
    "问：什么？\r\n答：没有\r\n\r\n"
    "T:\r\nAHR\r\nD: x\r\n\r\n"
    "## Points ##\r\n\r\n"
    "## Table {.track}\r\n| a | b |\r\n| - | - |\r\n| 1 | 2 |\r\n\r\n"
    "## Scenario: The case\r\n### One {#one}\r\nEnd.\r\n"
    "```\nQ: text\n```"
)


def read(text: str) -> Deck:
    return parse_deck(text, PurePosixPath("a.md"), "platforms/amazon/a", "en")[0]


def stamped(text: str) -> str:
    result = stamp(text)
    assert result is not None
    return result.text


def test_everything_without_an_id_gets_a_readable_one() -> None:
    text = stamped(TEXT)
    assert re.findall(r"\{[^}]*\}", text) == [
        "{#order-defect-rate}",
        "{#which-rate}",
        "{#which-rate-2 difficulty=3}",
        "{#named}",
        "{#air-is-fast}",
        "{#f}",
        "{#air-is-fast-2}",
        "{#card}",
        "{#card-2}",
        "{#points}",
        "{#table .track}",
        "{#the-case}",
        "{#one}",
    ]


def test_nothing_else_is_touched() -> None:
    text = stamped(TEXT)
    for name in re.findall(r"\{#[a-z0-9-]+\}|#[a-z0-9-]+ (?=[.d])", text):
        if name not in TEXT:
            text = (
                text.replace(f" {name}", "", 1)
                if name.startswith("{")
                else text.replace(name, "", 1)
            )
    assert text == TEXT


def test_stamping_twice_is_stamping_once() -> None:
    once = stamp(TEXT)
    assert once is not None
    twice = stamp(once.text)
    assert twice is not None
    assert (twice.text, twice.given) == (once.text, {})


def test_a_stamped_card_keeps_its_history() -> None:
    before, after = read(TEXT), read(stamped(TEXT))
    assert len(after.cards) == len(before.cards)
    followed = follow(before.cards, after.cards)
    unnamed = [card for card in before.cards if "#~" in card.card_id]
    assert sorted(followed.values()) == sorted(card.card_id for card in unnamed)


def test_the_provisional_id_of_each_new_one_is_told() -> None:
    result = stamp(TEXT)
    assert result is not None
    notes = {card.note_id.partition("#")[2] for card in read(TEXT).cards}
    assert result.given["which-rate"] in notes
    assert result.given["which-rate-2"] == result.given["which-rate"] + "-2"
    assert all(name.startswith("~") for name in result.given.values())


def test_a_translation_takes_the_ids_of_its_original() -> None:
    original = "## Rates {#rates}\n\nQ: What?\nA: x\n\nT: AHR\nD: y\n"
    chinese = "## 比率\n\n问：什么？\n答：甲\n\n术语：AHR\n定义：乙\n"
    result = stamp(chinese, stamped(original))
    assert result is not None
    assert result.text == (
        "## 比率 {#rates}\n\n问：什么？ {#what}\n答：甲\n\n术语：AHR {#ahr}\n定义：乙\n"
    )


@pytest.mark.parametrize(
    "chinese",
    [
        "## 比率\n\n问：什么？\n答：甲\n",
        "## 比率\n\n术语：AHR\n定义：乙\n\n问：什么？\n答：甲\n",
        "## 比率 {#other}\n\n问：什么？\n答：甲\n\n术语：AHR\n定义：乙\n",
    ],
)
def test_a_translation_that_is_not_alike_gets_no_ids(chinese: str) -> None:
    original = "## Rates {#rates}\n\nQ: What? {#what}\nA: x\n\nT: AHR {#ahr}\nD: y\n"
    assert stamp(chinese, original) is None


@given(
    st.lists(
        st.sampled_from(
            ["Q: What", "A: x", "## Rule", "T: t", "D: d", "C: ==c==", "- [x] o", "text", "",
             "```", "---", "{#a}", "Q: y {#a}", "Q: y {#B}", " ", "## Scenario: s", "### t",
             "问：啊", "Q:", "> q", "Q: {x=1}", "C: a =={#k}", "##"]
        ),
        max_size=25,
    ),
    st.sampled_from(["\n", "\r\n", "\r"]),
)  # fmt: skip
def test_any_text_can_be_stamped_once_and_for_all(lines: list[str], line_end: str) -> None:
    text = line_end.join(lines)
    once = stamped(text)
    assert stamped(once) == once
    assert len(once) >= len(text)
    assert once.count(line_end) == text.count(line_end)
