"""When a rule was checked: told from its deck, and written into it."""

import re
from datetime import date
from typing import Literal

from trainer.cards.model import Language
from trainer.decks.model import Deck, Rule
from trainer.decks.scanner import (
    CARD_KEYS,
    RULE_KEYS,
    after_fence,
    after_value,
    fence_at,
    heading_at,
    key_at,
)

Origin = Literal["rule", "deck", "source", ""]
_WORD = re.compile(r"[^:：]+")
_WRITTEN: dict[Language, str] = {"en": "As-of: {}", "zh": "日期：{}"}


def checked_on(rule: Rule, deck: Deck) -> tuple[str, Origin]:
    """The date the rule was last checked, as written, and where that stands: at the rule itself,
    in the deck's head, or only at its sources."""
    if rule.as_of:
        return rule.as_of, "rule"
    if deck.as_of:
        return deck.as_of, "deck"
    newest = max((one.date for one in rule.sources), default="")
    return newest, "source" if newest else ""


def last_day(written: str) -> date:
    """The last day of "2026", "2026-10" or "2026-10-05": nothing is called old too early."""
    parts = [int(part) for part in written.split("-")]
    year, month = max(parts[0], 1), parts[1] if len(parts) > 1 else 12
    if len(parts) > 2:
        try:
            return date(year, month, parts[2])
        except ValueError:  # 31 February: the end of the month will do
            pass
    following = date(year + month // 12, month % 12 + 1, 1) if year < date.max.year else date.max
    return date.fromordinal(following.toordinal() - 1)


def with_date(text: str, heading: int, day: date, language: Language, *, confirmed: bool) -> str:
    """`text` with `day` as the date the rule was checked whose heading stands on line `heading`
    (from 1). Line ends are "\\n".

    `confirmed` takes its "to verify" line away too: what was doubted has been found right.
    """
    lines = text.split("\n")
    if confirmed:
        for index, name in reversed(_keys_of_head(lines, heading)[0]):
            if name == "Verify":
                del lines[index : after_value(lines, index + 1)]
    keys, end = _keys_of_head(lines, heading)
    for index, name in keys:
        if name == "As-of":
            word = _WORD.match(lines[index])
            said = word[0].rstrip() if word else "As-of"
            colon = ": " if said.isascii() else "："
            lines[index] = f"{said}{colon}{day.isoformat()}"
            return "\n".join(lines)
    written = _WRITTEN[language].format(day.isoformat())
    if keys:
        lines.insert(after_value(lines, keys[-1][0] + 1), written)
    else:
        place = end
        while place > heading and not lines[place - 1].strip():
            place -= 1
        lines[place:place] = ["", written]
        if place + 2 < len(lines) and lines[place + 2].strip():
            lines.insert(place + 2, "")
    return "\n".join(lines)


def _keys_of_head(lines: list[str], start: int) -> tuple[list[tuple[int, str]], int]:
    """The rule's keys with their lines, and the line where its first card, the next heading, or
    code without an end begins. What code says is no key."""
    keys: list[tuple[int, str]] = []
    index = start
    while index < len(lines):
        line = lines[index]
        fence = fence_at(line)
        if fence:
            following, closed = after_fence(lines, index, fence[0])
            if not closed:
                return keys, index
            index = following
            continue
        level = heading_at(line) if line[:1] == "#" else None
        key = key_at(line)
        if (level and level[0] <= 2) or (key and key[0] in CARD_KEYS):
            return keys, index
        if key and key[0] in RULE_KEYS:
            keys.append((index, key[0]))
        index += 1
    return keys, len(lines)
