"""Rulebooks of the shipped decks, and small ones that tests write themselves."""

from collections.abc import Sequence
from functools import cache
from pathlib import Path, PurePosixPath

from trainer.cards.model import Language
from trainer.decks.model import Deck
from trainer.decks.parser import parse_deck
from trainer.decks.rulebooks import rulebook_of
from trainer.penalties.rulebook import Rulebook

CONTENT = Path(__file__).resolve().parents[2] / "content"
PLATFORMS = ("aliexpress", "alibaba", "amazon", "dhgate", "ebay", "made-in-china", "wish")
_HEAD = "---\ntitle: T\nplatform: somewhere\ncompetence: platform-rules\nzone: Asia/Shanghai\n---\n"


@cache
def shipped_book(platform: str, language: Language = "en") -> Rulebook:
    return rulebook_of(platform, _decks(platform, language))


def _decks(platform: str, language: Language) -> Sequence[Deck]:
    paths = sorted((CONTENT / "platforms" / platform).glob("*.md"))
    return [
        parse_deck(path.read_bytes(), path, f"platforms/{platform}/{path.stem[:-3]}", "zh")[0]
        if language == "zh"
        else parse_deck(path.read_bytes(), path, f"platforms/{platform}/{path.stem}", "en")[0]
        for path in paths
        if path.name.endswith(".zh.md") == (language == "zh")
    ]


def written_book(text: str) -> Rulebook:
    """The rulebook of a deck of `text`, which must be without a fault."""
    path = PurePosixPath("platforms/somewhere/points.md")
    deck, findings = parse_deck(_HEAD + text, path, "platforms/somewhere/points", "en")
    found = [(one.code, one.place.line) for one in findings]
    quiet = {"deck.no-id", "deck.threshold-no-source"}
    assert [one for one in found if one[0] not in quiet] == []
    return rulebook_of("somewhere", [deck])
