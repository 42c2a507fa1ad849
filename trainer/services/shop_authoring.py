"""The files of the simulated shop as teachers write them: found, read and checked."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from trainer.decks.addresses import (
    SHOP_FOLDER,
    address_of,
    content_folder_of,
    is_deck_file,
    is_shop_file,
)
from trainer.decks.model import Deck
from trainer.decks.parser import parse_deck
from trainer.decks.rulebooks import rulebook_of
from trainer.decks.shop_files import ShopFile, read_shop_file
from trainer.decks.shop_linter import lint_shop
from trainer.foundation.source import Finding, Level, Place


def belongs_to_shop(path: Path) -> bool:
    """Whether a file lies in the `shop` folder of its content folder."""
    whole = path.resolve()
    return is_shop_file(whole.relative_to(content_folder_of(whole)))


def shop_files_below(paths: Iterable[Path]) -> dict[Path, list[Path]]:
    """The files of the shop among `paths` and below folders, by their content folder."""
    found: dict[Path, list[Path]] = {}
    for path in paths:
        candidates = [path] if path.is_file() else sorted(path.rglob("*.md"))
        for file in candidates:
            if file.name == "README.md" or file.name[0] in "._" or not belongs_to_shop(file):
                continue
            found.setdefault(content_folder_of(file.resolve()), []).append(file)
    return found


def read_shop_folder(content: Path) -> list[ShopFile]:
    """Every file of the shop in a content folder, by name; unreadable ones are left out."""
    files = []
    for path in sorted((content / SHOP_FOLDER).rglob("*.md")):
        address = address_of(path.relative_to(content))
        if path.name == "README.md" or path.name[0] in "._" or address is None:
            continue
        try:
            files.append(read_shop_file(path.read_bytes(), path, address))
        except OSError:
            continue
    return files


def lint_shop_files(content: Path, targets: Sequence[Path]) -> list[Finding]:
    """Everything to say about `targets`, which lie in the shop of `content`. What they lean on
    (the other files, the platforms' chapters) is read, but not spoken of."""
    wanted = {path.resolve(): path for path in targets}
    files: list[ShopFile] = []
    findings: list[Finding] = []
    for path in sorted((content / SHOP_FOLDER).rglob("*.md")):
        address = address_of(path.relative_to(content))
        shown = wanted.get(path.resolve(), path)
        if path.name == "README.md" or path.name[0] in "._":
            continue
        if address is None:
            findings.append(Finding(Place(shown, 1, 1), Level.WARNING, "deck.unknown-language"))
            continue
        try:
            source = path.read_bytes()
        except OSError as error:
            blanks = {"reason": error.strerror or str(error)}
            findings.append(Finding(Place(shown, 1, 1), Level.ERROR, "deck.unreadable", blanks))
            continue
        files.append(read_shop_file(source, shown, address))
    decks = _decks_of(content)
    books = {
        platform: rulebook_of(platform, of_platform)
        for platform, of_platform in _by_platform(decks).items()
    }
    rules = frozenset(rule.rule_id for deck in decks for rule in deck.rules)
    told = lint_shop(files, books, rules)
    spoken = set(wanted.values())
    for about in told.values():
        findings.extend(about)
    return [one for one in findings if one.place.path in spoken]


def _decks_of(content: Path) -> list[Deck]:
    """The chapters of the platforms, in the language they were first written in."""
    decks = []
    for path in sorted((content / "platforms").rglob("*.md")):
        address = address_of(path.relative_to(content))
        if address is None or address.language != "en":
            continue
        if is_deck_file(path.relative_to(content)):
            try:
                source = path.read_bytes()
            except OSError:
                continue
            decks.append(parse_deck(source, path, address.deck_id, address.language)[0])
    return decks


def _by_platform(decks: Iterable[Deck]) -> Mapping[str, list[Deck]]:
    found: dict[str, list[Deck]] = {}
    for deck in decks:
        if deck.subject_kind == "platform":
            found.setdefault(deck.subject, []).append(deck)
    return found
