"""A deck in shape says what it said before, and formatting it again changes nothing."""

import re
from pathlib import Path, PurePosixPath

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trainer.decks.addresses import is_deck_file
from trainer.decks.formatting import formatted
from trainer.decks.parser import parse_deck

CONTENT = Path(__file__).resolve().parents[2] / "content"
DECKS = sorted(path for path in CONTENT.rglob("*.md") if is_deck_file(path.relative_to(CONTENT)))
# Blanks at the end of a line are written as dots, so that no editor takes them away.
MESSY = """---
title: T
platform: amazon
---
#  A chapter
Prose.···
##Rule ｛＃rule｝


Text with a break··
here.
Source:[S](https://example.org)  (2026-10)
Ｑ：  What?   {#what}
*[X]  right
- 【 】wrong
  > because


问: 什么？｛＃b｝
答 ：  甲
|a|b|
|:-|-:|
|1 |  2|
```
 Q: code···
```
""".replace("·", " ")
NEAT = """---
title: T
platform: amazon
---
# A chapter
Prose.··

## Rule {#rule}

Text with a break··
here.
Source: [S](https://example.org)  (2026-10)

Q: What?   {#what}
* [x] right
- [ ] wrong
  > because

问：什么？{#b}
答：甲
| a | b |
| :--- | ---: |
| 1 | 2 |
```
 Q: code···
```
""".replace("·", " ")


def cards(text: str) -> list[str]:
    """What the cards say, but for blanks and dashes: tables have them in other places."""
    deck, _ = parse_deck(text, PurePosixPath("a.md"), "a", "en")
    told = [(card.card_id, card.question, card.body, card.explanation) for card in deck.cards]
    return [re.sub(r"[ -]|\\t", "", repr(one)) for one in told]


def test_a_messy_deck_is_put_in_shape() -> None:
    assert formatted(MESSY) == NEAT
    assert cards(NEAT) == cards(MESSY)


@pytest.mark.parametrize("path", DECKS[::17], ids=lambda path: path.name)
def test_a_shipped_deck_is_in_shape_after_once(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    once = formatted(text)
    assert formatted(once) == once
    assert cards(once) == cards(text)


LINES = [
    "Q: What is it", "Ｑ：What", "A: x", "A:= 3 % ± 1", "T:term", "D:  def", "C: ==a== and ==b==",
    "- [x] right", "-[ ]wrong {.last}", "*【x】 r", "  > why not", "   - [X] x", "1. one", "2、two",
    "|a|b|", "|-|:-:|", "| c \\| d | e|", "Why:because", "text  ", "", "", "    code", "##H", "# T",
    "### s {#s}", "## Scenario: x {#x}", "- [ ] [go](#s)", "```params", "n: 1..9", "answer: n",
    "```", "~~~", "---", "来源 ：[a](https://b.c) (2026)", "｛＃a｝", "Q: z {#id difficulty=3}",
    "\t", "问：啊｛＃q｝",
]  # fmt: skip


@settings(max_examples=400)
@given(st.lists(st.sampled_from(LINES), max_size=25))
def test_nothing_is_lost_and_twice_is_once(lines: list[str]) -> None:
    text = "\n".join(lines)
    once = formatted(text)
    assert cards(once) == cards(text)
    assert formatted(once) == once
