"""Events and tables of the simulated shop: read whole, and every mistake named with its place."""

import re
from pathlib import Path, PurePosixPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trainer.decks.addresses import address_of, content_folder_of, is_deck_file, is_shop_file
from trainer.decks.parser import parse_deck
from trainer.decks.rulebooks import rulebook_of
from trainer.decks.shop_diagnostics import SHOP_DIAGNOSTICS, SHOP_LEVELS
from trainer.decks.shop_files import ShopFile, read_shop_file, world_of
from trainer.decks.shop_linter import lint_shop
from trainer.foundation.source import Finding, Level
from trainer.penalties.shop.world import Breach, Effects, Follow, Need

ROOT = Path(__file__).resolve().parents[2]

DECK = """---
title: Rules
platform: aliexpress
competence: platform-rules
as-of: 2026-10
---
## Record {#ip .track window="365 days"}
| Points | Then |
| --- | --- |
| 12 {frozen="7 days"} | Frozen for 7 days |

Source: Help (2026-10)

## Acts {#acts .violations track=ip}
| Act | Points |
| --- | --- |
| False papers {#false-paper} | 6 |
| Rated secretly {#rated} | ? |

Source: Help (2026-10)

## Figures {#figures .metrics}
| Metric | Formula | Window | Limit | Then |
| --- | --- | --- | --- | --- |
| Late {#late-rate} | late / sent | 30 days | < 4 % | less search |

Source: Help (2026-10)
"""

WORLD = """
## Platforms {#platforms .platforms}
| Platform | Begins | Orders | Units | Fee | Paid | Sent | Closed | Promised |
| --- | --- | --- | --- | --- | --- | --- | --- | --- |
| AliExpress {#aliexpress} | 2026-11-02 | 12 | 1 | 8 % | 7 days | 3 | 9 | 30 |

## Goods {#goods .goods}
| Goods | Traits | Cost | Price | Faults | Demand |
| --- | --- | --- | --- | --- | --- |
| Power bank {#power-bank} | battery | $6.20 | $18.90 | 1.5 % | 100 % |

## Counts {#counts .counts}
| Platform | Metric | Part | Whole | In the game |
| --- | --- | --- | --- | --- |
| aliexpress {demand=-25} | late-rate | late | sent | less |
"""

EVENT = """
## The battery {#battery role=logistics from=carrier days=2-20 weight=4 goods=battery}

The forwarder stops {count} cartons.

- [x] Ask for the papers {time=1.5 money=-40 hold=1}
  > They belong to the cell.
- [ ] Declare toys {time=0.5 violation=declared found=75 after=3 then=returned@4:50%}
  > X-ray finds it.

Ignored: It stands for 2 days. {hold=2}

| Platform | declared | Rule |
| --- | --- | --- |
| aliexpress | false-paper | [Acts](../platforms/aliexpress/rules.md#acts) |

## It comes back {#returned role=logistics from=carrier .follow}

With a bill.

- [x] Pay {time=1 money=-60}
  > It is the smaller part.

| Platform | Rule |
| --- | --- |
| aliexpress | [Acts](../platforms/aliexpress/rules.md#acts) |
"""

# What stands in the example, what to put there, and where and what is found. The place is the
# text that the finding points to, or to whose line it points.
MISTAKES = [
    ("{#battery role", "{role", "no-id", "## The battery"),
    ("#battery role", "#Battery_1 role", "bad-id", "{#Battery_1"),
    ("{#returned", "{#battery", "duplicate-id", "{#battery role=logistics from=carrier .follow"),
    ("days=2-20", "days=2-20 hello", "bad-attribute", "{#battery"),
    ("weight=4", "wait=4", "unknown-attribute", "{#battery"),
    ("time=1.5", "time=soon", "bad-value", "{time=soon"),
    ("days=2-20", "days=20-2", "bad-value", "{#battery"),
    ("goods=battery", 'needs="goods < 3"', "bad-value", "{#battery"),
    ("then=returned@4:50%", "then=returned", "bad-value", "{time=0.5"),
    (" .follow", " .secret", "unknown-class", "{#returned"),
    ("role=logistics from=carrier days", "from=carrier days", "no-role", "## The battery"),
    ("from=carrier days", "days", "no-sender", "## The battery"),
    ("\nThe forwarder stops {count} cartons.\n", "", "no-text", "## The battery"),
    ("- [x] Pay {time=1 money=-60}\n  > It is the smaller part.\n", "", "no-choices", "## It"),
    ("- [x] Ask", "- [ ] Ask", "no-right-choice", "## The battery"),
    ("- [ ] Declare", "- [x] Declare", "all-choices-right", "## The battery"),
    ("Pay {time=1", "{time=1", "empty-choice", "- [x] {time"),
    ("- [x] Pay", "- [?] Pay", "choice-mark", "- [?]"),
    ("  > X-ray finds it.\n", "", "no-reason", "- [ ] Declare"),
    ("| aliexpress | [Acts](../platforms/aliexpress/rules.md#acts) |\n", "", "no-platforms",
     "## It"),
    ("| false-paper | [Acts](../platforms/aliexpress/rules.md#acts) |", "| false-paper | – |",
     "no-rule", "| aliexpress | false-paper"),
    ("violation=declared", "violation=hidden", "unknown-breach", "hidden found"),
    (" violation=declared", "", "unused-breach", "## The battery"),
    ("{count}", "{counts}", "unknown-blank", "{counts}"),
    ("| aliexpress | false-paper |", "| aliexpress |", "table-columns", "| aliexpress | [Acts]"),
    ("| aliexpress | false-paper |", "| aliexpress | six points |", "bad-cell", "six points"),
    ("rules.md#acts) |\n\n## It", "rules.txt) |\n\n## It", "bad-cell",
     "[Acts](../platforms/aliexpress/rules.txt)"),
    ("| 2026-11-02 |", "| Monday |", "bad-cell", "Monday"),
    ("| late | sent |", "| lately | sent |", "bad-cell", "lately"),
    ("| aliexpress | false-paper", "| aliexpres | false-paper", "unknown-platform", "aliexpres |"),
    ("| false-paper |", "| false-papers |", "unknown-violation", "false-papers"),
    ("rules.md#acts) |\n\n## It", "rules.md#act) |\n\n## It", "unknown-rule", "act) "),
    ("| late-rate |", "| lateness |", "unknown-metric", "lateness"),
    ("goods=battery", "goods=batteries", "unknown-goods", "batteries"),
    ("then=returned@4:50%", "then=return@4:50%", "unknown-event", "return@"),
    ("then=returned@4:50%", "", "never-comes", "returned role"),
    ("| false-paper |", "| rated |", "points-needed", "rated |"),
]  # fmt: skip
LEVELS_TABLE = """
## Levels {#levels .levels}
| Platform | Level | In the game |
| --- | --- | --- |
| aliexpress {demand=-5} | top | more |
"""


def read(text: str, path: str = "shop/events.md") -> ShopFile:
    address = address_of(PurePosixPath(path))
    assert address is not None
    return read_shop_file(text.encode("utf-8"), PurePosixPath(path), address)


def lint(*files: ShopFile) -> list[Finding]:
    deck, findings = parse_deck(DECK, PurePosixPath("rules.md"), "platforms/aliexpress/rules", "en")
    assert [one.code for one in findings] == []
    rules = frozenset(rule.rule_id for rule in deck.rules)
    told = lint_shop(files, {"aliexpress": rulebook_of("aliexpress", [deck])}, rules)
    return [finding for about in told.values() for finding in about]


def codes(findings: list[Finding]) -> set[str]:
    return {one.code.removeprefix("shop-file.") for one in findings}


def test_an_event_is_read_whole() -> None:
    file = read(WORLD + EVENT)
    event, follow_up = file.events

    assert (event.event_id, event.role, event.sender) == ("battery", "logistics", "carrier")
    assert (event.first_day, event.last_day, event.weight, event.within) == (2, 20, 4, 2)
    assert event.goods == ("battery",)
    assert event.text == "The forwarder stops {count} cartons."
    ask, declare = event.choices
    assert (ask.choice_id, ask.right, ask.reason) == ("a", True, "They belong to the cell.")
    assert ask.effects == Effects(minutes=90, cents=-4000, hold=1)
    assert declare.effects == Effects(
        minutes=30, breaches=("declared",), found=75, after=3, follows=(Follow("returned", 4, 50),)
    )
    assert event.ignored.text == "It stands for 2 days."
    on_platform = event.platforms["aliexpress"]
    assert on_platform.breaches == {"declared": (Breach("false-paper"),)}
    assert on_platform.rule_id == "platforms/aliexpress/rules#acts"
    assert follow_up.follow_only
    assert codes(lint(file)) == {"translation-missing"}


def test_numbers_of_the_world_are_read_from_their_cells() -> None:
    world = world_of([read(WORLD)], "en")

    platform, goods = world.platforms["aliexpress"], world.products["power-bank"]
    assert (platform.orders, platform.fee, platform.payout) == (12_000, 80, 7)
    assert (goods.cost, goods.price, goods.faults, goods.demand) == (620, 1890, 15, 1000)
    assert (world.countings[0].part, world.countings[0].demand) == ("late", -25)


def test_conditions_points_and_second_rows() -> None:
    text = EVENT.replace("goods=battery", 'needs="stock < 20, points >= 12"').replace(
        "| false-paper |", "| false-paper (2.5), rated (8) |"
    )
    event = read(text).events[0]

    assert event.needs == (Need("stock", "<", 20), Need("points", ">=", 12))
    breaches = event.platforms["aliexpress"].breaches["declared"]
    assert breaches == (Breach("false-paper", "2.5"), Breach("rated", "8"))


@pytest.mark.parametrize(("old", "new", "code", "place"), MISTAKES)
def test_a_mistake_is_named_where_it_stands(old: str, new: str, code: str, place: str) -> None:
    text = (WORLD + EVENT).replace(old, new, 1)
    if old.startswith("| aliexpress | [Acts]"):
        head, tail = (WORLD + EVENT).rsplit(old, 1)
        text = head + new + tail
    file = read(text)
    found = [one for one in lint(file) if one.code == f"shop-file.{code}"]

    assert found, codes(lint(file))
    line = file.lines[found[0].place.line - 1]
    assert place in line
    assert found[0].level is SHOP_LEVELS[f"shop-file.{code}"]
    if not place.startswith(("##", "- ", "| ")):
        column = line.find(place) if not place.startswith("{#") else line.rfind("{#")
        assert found[0].place.column == column + 1


def test_every_finding_is_provoked() -> None:
    provoked = {code for _, _, code, _ in MISTAKES}
    provoked |= {"translation-missing", "original-missing", "not-translated", "orphaned"}
    provoked |= {"plot-differs", "number-differs", "event-elsewhere", "unknown-level"}
    assert provoked == {one.code.removeprefix("shop-file.") for one in SHOP_DIAGNOSTICS}


def test_an_event_with_an_error_does_not_come() -> None:
    file = read(WORLD + EVENT.replace("role=logistics from=carrier days", "from=carrier days"))

    assert [event.event_id for event in file.events] == ["returned"]


def test_a_level_that_the_platform_does_not_have() -> None:
    assert "unknown-level" in codes(lint(read(WORLD + LEVELS_TABLE)))


def test_one_event_in_two_files() -> None:
    assert "event-elsewhere" in codes(lint(read(WORLD + EVENT), read(EVENT, "shop/more.md")))


CHINESE = (
    EVENT.replace("The battery", "电池")
    .replace("The forwarder stops {count} cartons.", "货代扣下了 {count} 箱。")
    .replace("Ask for the papers", "要文件")
    .replace("They belong to the cell.", "文件对应电芯。")
    .replace("Ignored: It stands for 2 days.", "逾期：放了 2 天。")
    .replace("| Platform |", "| 平台 |")
    .replace("rules.md", "rules.zh.md")
)


def test_a_faithful_translation_has_nothing_to_say() -> None:
    english, chinese = read(WORLD + EVENT), read(WORLD + CHINESE, "shop/events.zh.md")

    assert lint(english, chinese) == []


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("money=-40", "money=-50", "plot-differs"),
        ("| false-paper |", "| rated (3) |", "plot-differs"),
        ("放了 2 天", "放了 3 天", "number-differs"),
        ("{#returned", "{#comes-back", "orphaned"),
        ("{#returned", "{#comes-back", "not-translated"),
        ("| $6.20 |", "| $6.30 |", "plot-differs"),
        ("| late | sent |", "| late | orders |", "plot-differs"),
    ],
)
def test_what_differs_between_the_languages(old: str, new: str, code: str) -> None:
    text = (WORLD + CHINESE).replace(old, new)
    told = lint(read(WORLD + EVENT), read(text, "shop/events.zh.md"))

    assert code in codes(told)


def test_a_file_in_chinese_alone_is_used_and_asked_about() -> None:
    chinese = read(WORLD + CHINESE, "shop/events.zh.md")

    assert "original-missing" in codes(lint(chinese))
    assert world_of([chinese], "en").events["battery"].title == "电池"


def test_what_a_decision_does_comes_from_the_original() -> None:
    english = read(WORLD + EVENT)
    chinese = read(WORLD + CHINESE.replace("money=-40", "money=-1"), "shop/events.zh.md")
    event = world_of([english, chinese], "zh").events["battery"]

    assert (event.title, event.choices[0].text) == ("电池", "要文件")
    assert event.choices[0].effects.cents == -4000


def test_a_later_file_replaces_an_event() -> None:
    own = read(EVENT.replace("weight=4", "weight=9"), "shop/own.md")

    assert world_of([read(WORLD + EVENT), own], "en").events["battery"].weight == 9


@given(st.binary(max_size=200), st.integers(0, 600))
def test_any_bytes_give_a_file(noise: bytes, at: int) -> None:
    text = (WORLD + EVENT).encode("utf-8")
    address = address_of(PurePosixPath("shop/events.md"))
    assert address is not None
    file = read_shop_file(text[:at] + noise + text[at:], PurePosixPath("x.md"), address)

    for finding in file.findings:
        assert 1 <= finding.place.line <= len(file.lines)


def test_files_of_the_shop_are_no_decks(tmp_path: Path) -> None:
    assert is_shop_file(PurePosixPath("shop/events.md"))
    assert not is_deck_file(PurePosixPath("shop/events.md"))
    assert not is_shop_file(PurePosixPath("platforms/shop/events.md"))
    (tmp_path / "shop").mkdir()
    assert content_folder_of(tmp_path / "shop" / "events.md") == tmp_path


def test_the_page_for_teachers_is_true() -> None:
    page = (ROOT / "docs" / "shop-format.md").read_text(encoding="utf-8")
    examples = re.findall(r"^````markdown\n(.*?)\n````$", page, re.MULTILINE | re.DOTALL)

    assert examples
    for example in examples:
        file = read(example)
        assert len(file.events) == 2
        assert [one for one in file.findings if one.level is Level.ERROR] == []
    chinese = page.partition("\n# 中文说明")[2]
    for key in (
        "time",
        "money",
        "refund",
        "cancel",
        "demand",
        "violation",
        "found",
        "after",
        "then",
    ):
        assert f"`{key}=" in page
        assert f"`{key}=" in chinese or f" {key}=" in chinese
