"""Each quick fix mends what its finding says, and nothing else."""

from datetime import date
from pathlib import Path

import pytest

from trainer.cards.model import Language
from trainer.decks.addresses import Address
from trainer.foundation.source import Finding
from trainer.services.deck_fixes import Texts, can_be_mended, fixes_at, fixes_for, translation_fix
from trainer.services.live_check import Checked, LiveCheck

ADDRESS = Address("platforms/amazon/orders", "en")
HEAD = """---
title: Orders
platform: amazon
competence: platform-rules
as-of: 2026-10
---

# Orders

## Late {#late}

On time.

Source: Help (2026-10)

"""
ZH = HEAD.replace("Orders", "订单").replace("Late", "迟到").replace("On time.", "准时。")


def check(texts: Texts, language: Language = "en") -> Checked:
    other: Language = "zh" if language == "en" else "en"
    address = Address(ADDRESS.deck_id, language)
    return LiveCheck(lambda: [Path("/nowhere")], lambda: date(2026, 12, 1)).check(
        address, texts[language], texts.get(other)
    )


def mend(texts: Texts, code: str, language: Language = "en", choice: int = 0) -> Texts:
    checked = check(texts, language)
    finding = next(one for one in checked.findings if one.code == code)
    assert can_be_mended(finding)
    fixes = fixes_for(finding, texts, language, checked.deck, checked.findings)
    return fixes[choice].apply(texts)


def codes(texts: Texts, language: Language = "en") -> list[str]:
    return [one.code for one in check(texts, language).findings]


@pytest.mark.parametrize(
    ("body", "other", "code"),
    [
        ("Q: What?\nA: x\n", "问：什么？\n答：x\n", "deck.no-id"),
        ("Q: What? {#Big_One}\nA: x\n", "问：什么？ {#big-one}\n答：x\n", "deck.bad-id"),
        ("Q: What? {#a}\nA: x\n", "", "deck.not-translated"),
        ("## Early {#early}\n\nX.\n\nSource: Help (2026-10)\n", "", "deck.not-translated"),
        ("##Early {#early}\n\nX.\n\nSource: Help (2026-10)\n",
         "## 早 {#early}\n\nX.\n\n来源：Help（2026-10）\n", "deck.heading-space"),
        ("## Early {#early}\n\nX.\n", "## 早 {#early}\n\nX.\n\n来源：Help（2026-10）\n",
         "deck.rule-no-source"),
    ],
)  # fmt: skip
def test_a_fix_leaves_nothing_of_its_finding(body: str, other: str, code: str) -> None:
    texts: Texts = {"en": HEAD + body, "zh": ZH + other}
    assert code in codes(texts)
    mended = mend(texts, code)
    if code == "deck.rule-no-source":
        assert mended["en"].rstrip().endswith("Source:")
    else:
        assert code not in codes(mended)


def test_several_that_are_missing_are_copied_at_once() -> None:
    body = "Q: One? {#a}\nA: x\n\nQ: Two? {#b}\nA: y\n"
    mended = mend({"en": HEAD + body, "zh": ZH}, "deck.not-translated", choice=1)
    assert codes(mended) == codes(mended, "zh") == []


@pytest.mark.parametrize(
    ("en", "zh", "code"),
    [
        ("Q: Limit? {#a}\nA: = 4 %\n", "问：限值？ {#a}\n答：= 3 %\n", "deck.answer-differs"),
        ("Q: Limit? {#a}\nA: Below 4 %\n", "问：限值？ {#a}\n答：低于 3 %\n",
         "deck.number-differs"),
        ("Q: Sum? {#a}\nA: = 12000 USD\n", "问：多少？ {#a}\n答：= 1200 USD\n",
         "deck.answer-differs"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("choice", [0, 1])
def test_a_number_is_taken_from_the_other_language(
    en: str, zh: str, code: str, choice: int
) -> None:
    texts: Texts = {"en": HEAD + en, "zh": ZH + zh}
    assert code in codes(texts, "zh")
    mended = mend(texts, code, "zh", choice)
    assert code not in codes(mended, "zh")
    changed: Language = "zh" if choice == 0 else "en"
    same: Language = "en" if choice == 0 else "zh"
    assert mended[same] == texts[same]
    assert mended[changed] != texts[changed]


def test_a_number_inside_another_is_left_alone() -> None:
    texts: Texts = {
        "en": HEAD + "Q: 40 of 400? {#a}\nA: Below 4 %\n",
        "zh": ZH + "问：400 中的 40？ {#a}\n答：低于 3 %\n",
    }
    mended = mend(texts, "deck.number-differs", "zh", choice=1)
    assert "Q: 40 of 400? {#a}\nA: Below 3 %" in mended["en"]


def test_a_translation_begins_with_the_same_ids() -> None:
    texts: Texts = {"en": HEAD + "Q: What?\nA: x\n"}
    made = translation_fix("en").apply(texts)
    assert "deck.no-id" not in codes(made)
    assert codes(made) == []


def test_a_table_is_lined_up_where_the_cursor_is() -> None:
    text = HEAD + "Q: Match. {#m}\n\n| a|b |\n|-|-|\n|long one|y|\n|u|v|\n"
    line = text.split("\n").index("|long one|y|")
    (fix,) = fixes_at(line, {"en": text}, "en")
    assert "| a        | b   |\n| -------- | --- |" in fix.apply({"en": text})["en"]
    assert fixes_at(0, {"en": text}, "en") == []


def test_the_head_is_completed_from_where_the_deck_lies() -> None:
    texts: Texts = {"en": "# Orders\n\nQ: What? {#a}\nA: x\n"}
    mended = mend(texts, "deck.front-matter-missing")
    assert mended["en"].startswith(
        "---\ntitle: Orders\nplatform: amazon\ncompetence: platform-rules\n---\n"
    )
    assert not [one for one in codes(mended) if one.startswith("deck.front-matter")]


def test_a_finding_without_a_fix_offers_none() -> None:
    checked = check({"en": HEAD + "Q: What? {#a}\n"})
    finding: Finding = next(one for one in checked.findings if one.code == "deck.no-answer")
    assert not can_be_mended(finding)
    assert fixes_for(finding, {}, "en", checked.deck, checked.findings) == []
