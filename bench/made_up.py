"""Made-up decks and histories of any size, the same at every run."""

import random
import sqlite3
from collections.abc import Iterator
from pathlib import Path

KINDS = 8
DAY_MS = 86_400_000
_FRONT = """---
title: Made-up deck
platform: somewhere
competence: platform-rules
as-of: 2026-11
---
# Made-up deck

Nothing here is a fact.
"""
NOW_MS = 1_795_000_000_000  # an afternoon in November 2026


def deck_text(cards: int, seed: int = 1) -> str:
    """A deck of `cards` cards of mixed kinds, five under each rule, about 260 characters a card."""
    dice = random.Random(seed)  # noqa: S311 - only filler
    parts = [_FRONT]
    made = rule = 0
    while made < cards:
        rule += 1
        limit = dice.randrange(1, 90)
        parts.append(
            f"\n## Rule number {rule} {{#rule-{rule}}}\n\nKeep the figure below **{limit} %** "
            f"over 60 days; the count begins on the day after payment.\n\n"
            f"Penalty: {limit} points on the record.\n"
            f"Source: [Rule {rule}](https://example.org/{rule}) (2026-10)\n"
        )
        for _ in range(min(5, cards - made)):
            parts.append(_card(made, limit, dice))
            made += 1
    return "".join(parts)


def _card(number: int, limit: int, dice: random.Random) -> str:
    name = f"{{#card-{number}}}"
    match number % KINDS:
        case 0 | 1 | 2:
            right = dice.randrange(3)
            options = "".join(
                f"- [{'x' if index == right else ' '}] {limit + 7 * index} % of {number} sold\n"
                + ("" if index == right else f"  > Shop {number} mixes two windows up.\n")
                for index in range(3)
            )
            return f"\nQ: Shop {number} has 400 orders. Which share may it reach? {name}\n{options}"
        case 3:
            return f"\nQ: What must shop {number} stay below? {name}\nA: {limit} %, over 60 days.\n"
        case 4:
            return f"\nC: Shop {number} stays below =={limit} %== over the window. {name}\n"
        case 5:
            return f"\nQ: Shop {number} may reach {limit} %. {name}\nA: false\nWhy: Never quite.\n"
        case 6:
            return (
                f"\nQ: How many points does shop {number} get? {name}\nA: = {limit} points ± 0.5\n"
            )
        case _:
            return (
                f"\nQ: Put the steps of shop {number} in order. {name}\n1. Order\n2. Pay\n3. Ship\n"
            )


def write_library(folder: Path, cards: int, decks: int = 20) -> Path:
    """A content folder with `cards` cards in `decks` files."""
    target = folder / "content" / "platforms" / "somewhere"
    target.mkdir(parents=True, exist_ok=True)
    for number in range(decks):
        text = deck_text(cards // decks, seed=number)
        (target / f"chapter-{number:03}.md").write_text(text, encoding="utf-8", newline="\n")
    return folder / "content"


Digests = dict[str, tuple[str, str]]  # of question and answer, by card


def reviews(cards: Digests, count: int, learner_id: str) -> Iterator[tuple[object, ...]]:
    """Rows of the table `review`: `count` answers over the last two years, in order of time."""
    dice = random.Random(7)  # noqa: S311 - only filler
    card_ids = list(cards)
    start = NOW_MS - 730 * DAY_MS
    step = 729 * DAY_MS / count
    again: list[tuple[str, int]] = []  # forgotten cards, and when they are asked once more
    for number in range(count):
        at = round(start + number * step)
        if again and again[0][1] <= at:
            card, rating = again.pop(0)[0], 3
        else:
            card = card_ids[(number * 7919) % len(card_ids)]
            rating = dice.choices((1, 2, 3, 4), (12, 8, 70, 10))[0]
            again += [(card, at + wait) for wait in (600_000, 1_200_000) if rating == 1]
        yield (
            f"{at:012x}{number:020x}",
            learner_id,
            card,
            "en",
            at,
            "+08:00",
            "review",
            rating,
            '{"type":"self"}',
            rating > 1,
            dice.randrange(2_000, 20_000),
            *cards[card],
            "fsrs-6",
            "bench",
            None,
        )


def fill_log(path: Path, cards: Digests, count: int, learner_id: str) -> None:
    """Put `count` reviews into the learner's file at `path`."""
    connection = sqlite3.connect(path)
    with connection:
        connection.executemany(
            f"insert into review values ({','.join('?' * 16)})",  # noqa: S608 - only marks
            reviews(cards, count, learner_id),
        )
    connection.close()
