"""What only the whole library shows: translations, platforms' tables, images, age."""

from collections.abc import Callable
from datetime import date, timedelta
from fractions import Fraction
from pathlib import PurePosixPath

import pytest

from trainer.decks.addresses import Address, address_of, is_deck_file
from trainer.decks.linter import ReadDeck, lint_library
from trainer.decks.numbers_in_text import differing_numbers
from trainer.decks.parser import parse_with_lines
from trainer.decks.shop_line import ShopLine, parse_shop
from trainer.foundation.source import Finding

LintExample = Callable[[str], list[Finding]]
HEAD = (
    "---\ntitle: T\nplatform: amazon\ncompetence: platform-rules\nas-of: 2026-10\n---\n"
    "## Rule {#rule}\nSource: [S](https://example.org) (2026-10)\n\n"
)
TODAY = date(2026, 11, 23)


def told(files: dict[str, str], *, images: tuple[str, ...] = ()) -> list[str]:
    """What is said about `files`, each below the usual head: "path:line:column code"."""
    decks = []
    for name, text in files.items():
        path = PurePosixPath(name)
        address = address_of(path)
        assert address is not None
        head = HEAD.replace("platform: amazon", "skill: culture") if "skills" in name else HEAD
        deck, findings, lines = parse_with_lines(
            head + text, path, address.deck_id, address.language
        )
        decks.append(ReadDeck(path, address, lines, deck, findings))
    found = lint_library(decks, images.__contains__, TODAY)
    return [
        f"{finding.place} {finding.code}"
        for findings in found.values()
        for finding in findings
        if finding.code not in {"deck.translation-missing", "deck.original-missing"}
    ]


def both(english: str, chinese: str) -> list[str]:
    paths = "platforms/amazon/a.md", "platforms/amazon/a.zh.md"
    return told(dict(zip(paths, (english, chinese), strict=True)))


@pytest.mark.parametrize(
    ("english", "chinese"),
    [
        ("A: 1 % in 60 days", "答：60 天内 1%"),
        ("A: On 3 March 2026 the 2 points lapse", "答：2026 年 3 月 3 日扣掉的 2 分失效"),
        ("A: Two of 3 warnings", "答：3 次警告中的两次"),
        ("A: CNY 45,000, that is 4.5万", "答：45000 元，即 4.5 万元"),
        ("A: 1.5 million orders", "答：150 万单"),
        ("A: Thirty-five points, 20 % off", "答：35 分，打 8 折"),
        ("- [x] Bid 9, as 72 beats 60\n- [ ] A", "- [x] 乙，72 大于 60，不是 9\n- [ ] 甲"),
        ("A: 30 % in advance", "答：三成定金"),
        ("A: A voucher of 5 %", "答：下次 95 折的券"),
        ("A: The third time costs 6 points", "答：第 3 次扣 6 分"),
        ("A: = 1,000 points", "答：= 1000 分"),
        ("- [x] 7 days\n- [ ] 14 days", "- [x] 7 天\n- [ ] 14 天"),
        ("A: ~ customs", "答：~ 海关 / 关税"),
    ],
)
def test_a_faithful_translation_is_left_alone(english: str, chinese: str) -> None:
    assert both(f"Q: What? {{#a}}\n{english}", f"问：什么？ {{#a}}\n{chinese}") == []


@pytest.mark.parametrize(
    ("english", "chinese", "code"),
    [
        ("A: 4 % in 60 days", "答：60 天内 3%", "number-differs"),
        ("A: 45,000", "答：4500", "number-differs"),
        ("A: = 4 %", "答：= 3 %", "answer-differs"),
        ("- [x] 7 and 9\n- [ ] 9", "- [x] 9 与 7\n- [ ] 7", "number-differs"),
        ("A: = 4 % ± 1", "答：= 4 %", "answer-differs"),
        ("A: true", "答：错", "answer-differs"),
        ("- [x] a\n- [ ] b", "- [ ] 甲\n- [x] 乙", "answer-differs"),
        ("- [x] a\n- [ ] b", "- [x] 甲\n- [ ] 乙\n- [ ] 丙", "answer-differs"),
        ("- [x] a\n- [x] b\n- [ ] c", "- [x] 甲\n- [ ] 乙\n- [ ] 丙", "kind-differs"),
        ("1. a\n2. b", "1. 甲\n2. 乙\n3. 丙", "answer-differs"),
        ("A: true", "答：~ 对的", "kind-differs"),
    ],
)
def test_a_translation_that_says_something_else_is_named(
    english: str, chinese: str, code: str
) -> None:
    assert both(f"Q: What? {{#a}}\n{english}", f"问：什么？ {{#a}}\n{chinese}") == [
        f"platforms/amazon/a.zh.md:10:1 deck.{code}"
    ]


def test_parts_of_a_cloze_are_compared_by_name_and_not_by_place() -> None:
    assert both("C: ==a=={#x} then ==b=={#y} {#c}", "填空：先==乙=={#y}后==甲=={#x} {#c}") == []
    assert both("C: ==a=={#x} then ==b=={#y} {#c}", "填空：先==乙=={#z}后==甲=={#x} {#c}") == [
        "platforms/amazon/a.zh.md:10:1 deck.answer-differs"
    ]


def test_formulas_are_the_same_in_both_languages() -> None:
    block = "```params\nn: 1..9\nanswer: n * {factor}\nunit: {unit}\nwrong: n | {why}\n```"
    english = "Q: {n}? {#a}\n" + block.format(factor=6, unit="points", why="no factor")
    same = "问：{n}？ {#a}\n" + block.format(factor=6, unit="分", why="没有乘")
    other = "问：{n}？ {#a}\n" + block.format(factor=5, unit="分", why="没有乘")
    assert both(english, same) == []
    assert both(english, other) == ["platforms/amazon/a.zh.md:10:1 deck.answer-differs"]


TRACK = "## Ip {#ip .track unit=points}\n| P | W |\n| - | - |\n| 2 | x |\n\nSource: S (2026-10)\n"
COSTS = (
    "## Costs {#costs .violations track=ip}\n| V | P |\n| - | - |\n| Fake {#fake} | 6 |\n\n"
    "Source: S (2026-10)\n"
)
CASE = (
    "## Scenario: C {#c}\nShop: SHOP\n### One {#one}\n- [x] [Go](#two) {violation=fake}\n"
    "### Two {#two}\nEnd.\n"
)


def test_a_case_leans_on_the_tables_of_its_platform() -> None:
    case = CASE.replace("SHOP", "amazon, 9 orders a day, 6 points on the ip track")
    files = {"platforms/amazon/a.md": TRACK, "platforms/amazon/b.md": COSTS + case}
    assert told(files) == []
    assert told({"platforms/amazon/b.md": COSTS + case}) == [
        "platforms/amazon/b.md:10:1 deck.unknown-track",
        "platforms/amazon/b.md:17:47 deck.unknown-track",
    ]
    assert told({"platforms/amazon/a.md": TRACK + case}) == [
        "platforms/amazon/a.md:19:29 deck.unknown-violation"
    ]


def test_a_case_may_play_in_a_shop_of_another_platform() -> None:
    skill = CASE.replace("SHOP", "amazon，每天 9 单，ip 积分 6 分")
    files = {
        "platforms/amazon/a.md": TRACK + COSTS,
        "skills/culture/a.md": skill,
    }
    assert [one for one in told(files) if "unknown" in one] == []
    del files["platforms/amazon/a.md"]
    assert [one for one in told(files) if "unknown" in one] == [
        "skills/culture/a.md:11:7 deck.unknown-platform"
    ]


def test_tables_of_a_translation_have_the_same_numbers() -> None:
    chinese = TRACK.replace("| x |", "| 严重警告 |")
    assert both(TRACK, chinese) == []
    assert both(TRACK, chinese.replace("| 2 |", "| 3 |")) == [
        "platforms/amazon/a.zh.md:13:1 deck.table-differs"
    ]
    assert both(COSTS + TRACK, COSTS.replace("#fake", "#fakes") + TRACK) == [
        "platforms/amazon/a.zh.md:13:1 deck.table-differs"
    ]


def test_images_are_looked_for_below_the_content_folder() -> None:
    files = {"platforms/amazon/a.md": "![x](img/a%20b.png) ![y](../c.png)\n```\n![z](d.png)\n```\n"}
    assert told(files, images=("platforms/amazon/img/a b.png", "platforms/c.png")) == []
    assert told(files) == [
        "platforms/amazon/a.md:10:6 deck.image-missing",
        "platforms/amazon/a.md:10:26 deck.image-missing",
    ]


@pytest.mark.parametrize(
    ("as_of", "days", "old"),
    [
        ("2025-11", 365, False),
        ("2025-10", 365, True),
        ("2025", 365, False),
        ("2024", 365, True),
        ("2025-11-22", 365, True),
        ("2025-11-23", 365, False),
        ("2025-02-31", 365, True),
        ("9999", 365, False),
        ("0000", 365, True),
    ],
)
def test_a_rule_grows_old(as_of: str, days: int, old: bool) -> None:
    text = HEAD + f"## B {{#b}}\nAs-of: {as_of}\nSource: [S](https://a.b) (2020)\n"
    path = PurePosixPath("platforms/amazon/a.md")
    deck, findings, lines = parse_with_lines(text, path, "platforms/amazon/a", "en")
    one = ReadDeck(path, Address("platforms/amazon/a", "en"), lines, deck, findings)
    found = lint_library([one], lambda _: True, TODAY, timedelta(days=days))[path]
    assert ("deck.rule-old" in {finding.code for finding in found}) is old


@pytest.mark.parametrize(
    ("text", "shop"),
    [
        (
            "aliexpress, 40 orders a day, 6 points on the ip track",
            ShopLine("aliexpress", 40, (("ip", 6),)),
        ),
        (
            "aliexpress，每天 30 单，ip 积分 6 分，transaction 积分 12 分",
            ShopLine("aliexpress", 30, (("ip", 6), ("transaction", 12))),
        ),
        (
            "amazon，restricted-repeat 轨道 3 次",
            ShopLine("amazon", None, (("restricted-repeat", 3),)),
        ),
        ("ebay, 1 order a day.", ShopLine("ebay", 1)),
        ("made-in-china", ShopLine("made-in-china")),
        ("A small shop, 3 people", ShopLine("", None, (), ("A small shop", "3 people"))),
        ("", ShopLine("")),
    ],
)
def test_the_shop_of_a_case(text: str, shop: ShopLine) -> None:
    assert parse_shop(text) == shop


@pytest.mark.parametrize(
    ("path", "address"),
    [
        ("platforms/amazon/orders.md", Address("platforms/amazon/orders", "en")),
        ("platforms/amazon/orders.zh.md", Address("platforms/amazon/orders", "zh")),
        ("platforms/amazon/orders.ZH.md", Address("platforms/amazon/orders", "zh")),
        ("orders.md", Address("orders", "en")),
        ("a.b/c.v2.md", Address("a.b/c.v2", "en")),
        ("a/notes.old.md", Address("a/notes.old", "en")),
        ("a/orders.fr.md", None),
    ],
)
def test_an_address_is_a_path_and_a_language(path: str, address: Address | None) -> None:
    assert address_of(PurePosixPath(path)) == address


@pytest.mark.parametrize(
    ("path", "is_deck"),
    [
        ("platforms/amazon/a.md", True),
        ("README.md", False),
        ("platforms/README.md", False),
        ("template/chapter.md", False),
        ("platforms/.a.md", False),
        ("platforms/_a.md", False),
        ("platforms/a.txt", False),
    ],
)
def test_what_counts_as_a_deck(path: str, is_deck: bool) -> None:
    assert is_deck_file(PurePosixPath(path)) is is_deck


def test_numbers_in_words_excuse_only_numbers_in_digits() -> None:
    none: tuple[set[Fraction], set[Fraction]] = (set(), set())
    assert differing_numbers("Two of 12 in half a year", "12 个中的 2 个，半年") == none
    assert differing_numbers("12 个中的 2 个，半年", "Two of 12 in half a year") == none
    assert differing_numbers("7 days", "2 天") == ({Fraction(7)}, {Fraction(2)})
    assert differing_numbers("seven", "two") == none


def test_every_finding_of_the_library_has_its_place(lint_example: LintExample) -> None:
    found = lint_example(f"=== platforms/amazon/a.md\n{HEAD}Q: What? {{#a}}\nA: x\n")
    assert [str(finding.place) for finding in found] == ["platforms/amazon/a.md:1:1"]
