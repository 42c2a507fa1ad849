"""The board of rules by age: order, marking in both languages, undo, and the reports."""

import csv
import io
from datetime import date
from pathlib import Path

import pytest

from trainer.decks.model import Deck
from trainer.foundation.errors import TrainerError
from trainer.foundation.messages import load_messages
from trainer.services import authoring, freshness
from trainer.services.freshness import Freshness

TODAY = date(2026, 12, 1)
ROOT = Path(__file__).resolve().parents[2]
EN = """---
title: Orders
platform: amazon
competence: platform-rules
as-of: {as_of}
---

## Doubted {{#doubted}}

Text.

Source: [Help](https://www.help.example/a) (2026-10)
Verify: seen once only

Q: What? {{#what}}
A: x

## Old {{#old}}

Source: Paper (2019)
As-of: 2019-03

## Fresh {{#fresh}}

Source: [Help](https://help.example/b) (2026-11)
As-of: 2026-11
"""
ZH = """---
title: 订单
platform: amazon
competence: platform-rules
---

## 存疑 {#doubted}

来源：[帮助](https://www.help.example/a) (2026-10)
待核实：只见过一次

问：什么？ {#what}
答：甲

## 旧 {#old}

来源：论文 (2019)
日期：2019-03

## 新 {#fresh}

来源：[帮助](https://help.example/b) (2026-11)
日期：2026-11
"""


@pytest.fixture
def content(tmp_path: Path) -> Path:
    folder = tmp_path / "content" / "platforms" / "amazon"
    folder.mkdir(parents=True)
    (folder / "orders.md").write_bytes(EN.format(as_of="").replace("\n", "\r\n").encode())
    (folder / "orders.zh.md").write_bytes(ZH.encode("gb18030"))
    return tmp_path / "content"


def decks(content: Path) -> list[Deck]:
    return [one.deck for one in authoring.read_decks([content])]


def files(content: Path) -> dict[object, Path]:
    return {one.address: Path(one.path) for one in authoring.read_decks([content])}


def test_the_most_urgent_comes_first_and_a_translation_is_no_second_rule(content: Path) -> None:
    rows = freshness.ages(decks(content), TODAY)
    assert [(one.rule_id.partition("#")[2], one.freshness) for one in rows] == [
        ("doubted", Freshness.TO_VERIFY),
        ("old", Freshness.OLD),
        ("fresh", Freshness.FRESH),
    ]
    first = rows[0]
    assert (first.title("zh"), first.deck_title("zh"), first.cards) == ("存疑", "订单", 1)
    assert first.sites == ("help.example",)
    assert first.verify == {"en": "seen once only", "zh": "只见过一次"}
    assert rows[1].sites == ("Paper", "论文")
    assert rows[1].days == (TODAY - date(2019, 3, 31)).days


def test_a_rule_without_any_date_is_undated(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    path.write_text("## R {#r}\n\nText.\n", encoding="utf-8")
    (row,) = freshness.ages([one.deck for one in authoring.read_decks([path])], TODAY)
    assert (row.freshness, row.checked, row.days) == (Freshness.UNDATED, "", 0)


def test_marking_writes_both_languages_and_comes_back(content: Path) -> None:
    before = {path: path.read_bytes() for path in files(content).values()}
    old = "platforms/amazon/orders#old"
    marked = freshness.mark_checked([old], files(content), TODAY)  # type: ignore[arg-type]
    assert marked.rules == 1
    english, chinese = (
        content / "platforms/amazon/orders.md",
        content / "platforms/amazon/orders.zh.md",
    )
    # Line ends and encoding stay what they were.
    assert b"\r\nAs-of: 2026-12-01\r\n" in english.read_bytes()
    assert "日期：2026-12-01\n" in chinese.read_bytes().decode("gb18030")
    rows = {one.rule_id: one for one in freshness.ages(decks(content), TODAY)}
    assert rows[old].freshness is Freshness.FRESH
    assert freshness.undo(marked)
    assert {path: path.read_bytes() for path in before} == before


def test_a_doubt_that_was_settled_is_taken_away(content: Path) -> None:
    doubted = "platforms/amazon/orders#doubted"
    freshness.mark_checked([doubted], files(content), TODAY, confirmed=True)  # type: ignore[arg-type]
    rows = {one.rule_id: one for one in freshness.ages(decks(content), TODAY)}
    assert rows[doubted].freshness is Freshness.FRESH
    assert [
        one.code for one in authoring.lint([content], TODAY).findings if one.level == "error"
    ] == []


def test_a_file_edited_since_is_not_overwritten_by_undo(content: Path) -> None:
    marked = freshness.mark_checked(["platforms/amazon/orders#old"], files(content), TODAY)  # type: ignore[arg-type]
    english = content / "platforms/amazon/orders.md"
    english.write_bytes(english.read_bytes() + b"\r\nMore.\r\n")
    assert not freshness.undo(marked)
    assert english.read_bytes().endswith(b"More.\r\n")


def test_a_file_that_cannot_be_read_whole_stays_as_it_is(content: Path) -> None:
    path = content / "platforms/amazon/orders.md"
    path.write_bytes(b"## R {#old}\n\nA caf\xe9\xff\n")
    with pytest.raises(TrainerError, match=r"author\.not-faithful"):
        freshness.mark_checked(["platforms/amazon/orders#old"], files(content), TODAY)  # type: ignore[arg-type]


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_the_reports_say_the_same(content: Path, language: str) -> None:
    messages = load_messages(ROOT / "assets" / "translations", language)
    rows = freshness.ages(decks(content), TODAY)
    short = "zh" if language == "zh_CN" else "en"
    table = list(csv.reader(io.StringIO(freshness.as_csv(rows, messages, short))))  # type: ignore[arg-type]
    assert len(table) == 4
    assert len({len(row) for row in table}) == 1
    page = freshness.as_html(rows, TODAY, messages, short)  # type: ignore[arg-type]
    text = freshness.as_markdown(rows, TODAY, messages, short)  # type: ignore[arg-type]
    for row in rows:
        assert row.title(short) in page  # type: ignore[arg-type]
        assert row.title(short) in text  # type: ignore[arg-type]
    assert "freshness." not in page + text
