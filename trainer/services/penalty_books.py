"""The rulebook of a platform from the decks in some folders, without a library's cache."""

from collections.abc import Sequence
from pathlib import Path

from trainer.cards.model import Language
from trainer.decks.addresses import address_of, is_deck_file
from trainer.decks.model import Deck
from trainer.decks.parser import parse_deck
from trainer.decks.rulebooks import rulebook_of
from trainer.foundation.errors import TrainerError
from trainer.penalties.rulebook import Rulebook


def platforms_in(folders: Sequence[Path]) -> Sequence[str]:
    """The platforms that have decks, by name."""
    found = {
        folder.name
        for content in folders
        if (content / "platforms").is_dir()
        for folder in (content / "platforms").iterdir()
        if folder.is_dir() and any(folder.glob("*.md"))
    }
    return sorted(found)


def read_rulebook(folders: Sequence[Path], platform: str, language: Language) -> Rulebook:
    """The tables of `platform` in `language`, or in the other where a chapter is not translated.

    Where two folders have the same deck, that of the later one is used. Raises TrainerError:
    penalties.no-platform, author.cannot-read.
    """
    known = platforms_in(folders)
    if platform not in known:
        raise TrainerError("penalties.no-platform", platform=platform, known=", ".join(known))
    decks: dict[tuple[str, str], Deck] = {}
    for content in folders:
        for path in sorted((content / "platforms" / platform).glob("*.md")):
            inside = path.relative_to(content)
            address = address_of(inside)
            if address is None or not is_deck_file(inside):
                continue
            try:
                source = path.read_bytes()
            except OSError as error:
                reason = error.strerror or str(error)
                raise TrainerError("author.cannot-read", path=str(path), reason=reason) from error
            deck, _ = parse_deck(source, path, address.deck_id, address.language)
            decks[address.deck_id, address.language] = deck
    chosen = {deck_id: deck for (deck_id, its), deck in sorted(decks.items()) if its != language}
    chosen |= {deck_id: deck for (deck_id, its), deck in sorted(decks.items()) if its == language}
    ordered = sorted(chosen.values(), key=lambda deck: (deck.order, deck.deck_id))
    return rulebook_of(platform, ordered)


def source_of(rule_id: str, line: int, language: Language, folders: Sequence[Path]) -> str:
    """Where a table row stands: "platforms/aliexpress/violations.md:67", below its folder."""
    deck_id = rule_id.partition("#")[0]
    suffixes = (".zh.md", ".md") if language == "zh" else (".md", ".zh.md")
    for suffix in suffixes:
        if any((content / f"{deck_id}{suffix}").is_file() for content in folders):
            return f"{deck_id}{suffix}:{line}" if line else f"{deck_id}{suffix}"
    return rule_id
