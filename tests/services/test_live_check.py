"""A deck is checked while it is written, as the linter would check it on the disk."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from trainer.decks.addresses import Address
from trainer.decks.parser import parse_deck
from trainer.services.authoring import lint
from trainer.services.live_check import Checked, LiveCheck, piece_around, under

TODAY = date(2026, 12, 1)
ROOT = Path(__file__).resolve().parents[2] / "content"
HEAD = """---
title: Orders
platform: amazon
competence: platform-rules
as-of: 2026-10
---

# Orders

"""
TABLE = (
    HEAD.replace("Orders", "Points")
    + """## Points {#ip .track window="365 days"}

| Points | Then |
| ---: | --- |
| 2 | Warning |

Source: Help (2026-10)

## Violations {#v .violations track=ip}

| Violation | Points |
| --- | ---: |
| Fake {#fake} | 2 |

Source: Help (2026-10)
"""
)
CASE = (
    HEAD
    + """## Scenario: A {#a}
Shop: amazon, 9 orders a day

### One {#s}
- [x] [Go](#t) {violation=fake}

### Two {#t}
Text.
"""
)


def checker(content: Path) -> LiveCheck:
    return LiveCheck(lambda: [content], lambda: TODAY)


@pytest.mark.parametrize(
    "deck_id",
    ["platforms/aliexpress/points-and-penalties", "products/power-bank"],
)
def test_a_shipped_deck_is_judged_as_by_the_linter(deck_id: str) -> None:
    texts = {
        "en": (ROOT / f"{deck_id}.md").read_text(encoding="utf-8"),
        "zh": (ROOT / f"{deck_id}.zh.md").read_text(encoding="utf-8"),
    }
    broken = texts["en"].replace("A: = ", "A: = x", 1)
    checked = checker(ROOT).check(Address(deck_id, "en"), texts["en"], texts["zh"])
    linted = lint([ROOT / f"{deck_id}.md", ROOT / f"{deck_id}.zh.md"], TODAY)
    live = [*checked.findings, *checked.other_findings]
    assert [(one.place.line, one.code) for one in live] == [
        (one.place.line, one.code) for one in linted.findings
    ]
    told = checker(ROOT).check(Address(deck_id, "en"), broken, texts["zh"])
    if broken != texts["en"]:
        assert "deck.bad-number" in {one.code for one in told.findings}


def test_what_the_text_alone_tells_comes_first(tmp_path: Path) -> None:
    soon: list[Checked] = []
    text = HEAD + "Q: What? {#a}\n"
    checked = checker(tmp_path).check(Address("platforms/amazon/o", "en"), text, None, soon.append)
    assert [one.whole for one in soon] == [False]
    assert "deck.no-answer" in {one.code for one in soon[0].findings}
    assert "deck.translation-missing" in {one.code for one in checked.findings}
    assert checked.whole


def test_a_case_knows_the_tables_of_its_platform_and_sees_them_change(tmp_path: Path) -> None:
    table = tmp_path / "platforms" / "amazon" / "points.md"
    table.parent.mkdir(parents=True)
    check = checker(tmp_path)
    address = Address("platforms/amazon/cases", "en")

    def codes() -> set[str]:
        return {one.code for one in check.check(address, CASE, None).findings}

    assert "deck.unknown-platform" not in codes()  # the deck itself is Amazon's
    assert "deck.unknown-violation" in codes()
    table.write_text(TABLE, encoding="utf-8")
    assert "deck.unknown-violation" not in codes()
    table.write_text(TABLE.replace("{#fake}", "{#counterfeit}"), encoding="utf-8")
    assert "deck.unknown-violation" in codes()


def test_a_missing_image_is_looked_for_in_every_folder(tmp_path: Path) -> None:
    shipped, own = tmp_path / "shipped", tmp_path / "own"
    (own / "platforms" / "amazon").mkdir(parents=True)
    (own / "platforms" / "amazon" / "a.png").touch()
    check = LiveCheck(lambda: [shipped, own], lambda: TODAY)
    text = HEAD + "Q: ![](a.png) ![](b.png) {#a}\nA: x\n"
    found = check.check(Address("platforms/amazon/o", "en"), text, None).findings
    assert [one.blanks["target"] for one in found if one.code == "deck.image-missing"] == ["b.png"]


TEXT = (
    HEAD
    + """Q: Loose? {#loose}
A: yes

## Late {#late}

Prose.

C: ==One== and ==two==. {#two-parts}

## Scenario: A {#case}

### One {#s}
Words.
- [x] [Go](#t)

### Two {#t}
End.
"""
)


@pytest.fixture(params=["whole", "piece"])
def looked(request: pytest.FixtureRequest) -> Callable[[str], object]:
    """What lies under the line that begins with some words: in the whole deck, or in the piece
    that is read at every key."""
    lines = TEXT.split("\n")

    def look(words: str) -> object:
        line = next(at for at, one in enumerate(lines) if one.startswith(words))
        text, at = TEXT, line
        if request.param == "piece":
            text, at = piece_around(lambda a, b: lines[a:b], len(lines), 6, line)
        deck, _ = parse_deck(text, Path("o.md"), "platforms/amazon/orders", "en")
        found = under(deck, at + 1)
        if found.cards:
            return [one.card_id.partition("#")[2] for one in found.cards]
        if found.scenario is not None:
            return found.scenario.steps[found.step].step_id
        return found.rule.title if found.rule is not None else None

    return look


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("title:", None),
        ("A: yes", ["loose"]),
        ("Prose.", "Late"),
        ("## Late", "Late"),
        ("C: ", ["two-parts.1", "two-parts.2"]),
        ("Words.", "s"),
        ("End.", "t"),
    ],
)
def test_what_lies_under_the_cursor(
    looked: Callable[[str], object], words: str, found: object
) -> None:
    assert looked(words) == found
