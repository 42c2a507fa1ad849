"""How fast decks are read: cold, with every finding, on one core."""

from functools import partial
from pathlib import Path

from bench.made_up import deck_text
from bench.report import Row, seconds
from trainer.decks.parser import parse_deck

DECK = Path("bench.md")
SIZES = (1_000, 10_000, 100_000)


def rows() -> list[Row]:
    """One row a size; linear means the cards per second stay alike."""
    found = []
    for size in SIZES:
        raw = deck_text(size).encode()
        taken = min(seconds(partial(parse_deck, raw, DECK, "bench", "en"), 3))
        lines = min(seconds(lambda raw=raw: raw.decode().splitlines(), 5))  # type: ignore[misc]
        found.append(
            Row(
                f"read a deck of {size:,} cards, cold, all findings",
                f"{size / taken:,.0f} cards/s, {len(raw) / taken / 1e6:.1f} MB/s",
                f"splitting its lines: 1/{taken / lines:.0f} of the time",
                "40,000 cards/s",
            )
        )
    return [*found, *_peers()]


def _peers() -> list[Row]:
    """Python-Markdown renders text we read; the nearest thing in the registry to compare with."""
    from markdown import Markdown  # only for comparison

    raw = deck_text(500)
    markdown = Markdown(extensions=["tables"])
    theirs = min(seconds(lambda: markdown.reset().convert(raw), 3))
    ours = min(seconds(lambda: parse_deck(raw.encode(), DECK, "bench", "en"), 3))
    return [
        Row(
            "the same text through Python-Markdown",
            f"{len(raw) / theirs / 1e6:.1f} MB/s",
            f"our reader: {theirs / ours:.0f} times as fast",
        )
    ]
