"""When a rule was checked: told from its deck, and written into it."""

import re
from datetime import date
from typing import Literal

from trainer.cards.model import Language
from trainer.decks.model import Deck, Rule
from trainer.decks.scanner import CARD_KEYS, RULE_KEYS, after_fence, fence_at, heading_at, key_at

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
    end = _end_of_head(lines, heading)
    if confirmed:
        while (shorter := _without_key(lines, heading, end, "Verify")) < end:
            end = shorter
    for index in range(heading, end):
        key = key_at(lines[index])
        if key is not None and key[0] == "As-of":
            word = _WORD.match(lines[index])
            name = word[0].rstrip() if word else "As-of"
            colon = ": " if name.isascii() else "："
            lines[index] = f"{name}{colon}{day.isoformat()}"
            return "\n".join(lines)
    written = _WRITTEN[language].format(day.isoformat())
    last = _last_key(lines, heading, end)
    if last >= 0:
        lines.insert(last + 1, written)
    else:
        place = end
        while place > heading and not lines[place - 1].strip():
            place -= 1
        lines[place:place] = ["", written]
        if place + 2 < len(lines) and lines[place + 2].strip():
            lines.insert(place + 2, "")
    return "\n".join(lines)


def _end_of_head(lines: list[str], start: int) -> int:
    """The line where the rule's first card, or the next heading, begins."""
    index = start
    while index < len(lines):
        fence = fence_at(lines[index])
        if fence:
            index, _ = after_fence(lines, index, fence[0])
            continue
        key = key_at(lines[index])
        if (lines[index][:1] == "#" and heading_at(lines[index])) or (key and key[0] in CARD_KEYS):
            return index
        index += 1
    return len(lines)


def _last_key(lines: list[str], start: int, end: int) -> int:
    """The last line of the last key of the rule; -1 when it has none."""
    found = -1
    for index in range(start, end):
        key = key_at(lines[index])
        if key is not None and key[0] in RULE_KEYS:
            found = index
    while 0 <= found < end - 1 and lines[found + 1].strip() and not key_at(lines[found + 1]):
        found += 1
    return found


def _without_key(lines: list[str], start: int, end: int, name: str) -> int:
    """Take the lines of a key away; the new end."""
    for index in range(start, end):
        key = key_at(lines[index])
        if key is not None and key[0] == name:
            following = index + 1
            while following < end and lines[following].strip() and not key_at(lines[following]):
                following += 1
            del lines[index:following]
            return end - (following - index)
    return end
