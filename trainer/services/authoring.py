"""What a teacher does with decks as files: check, count, stamp and preview them."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from pathlib import Path

from trainer.cards.model import KINDS, Card, kind_of
from trainer.decks.addresses import (
    LANGUAGES,
    ORIGINAL,
    Address,
    address_of,
    content_folder_of,
    is_deck_file,
)
from trainer.decks.encoding import decode, encode
from trainer.decks.linter import FRESHNESS, ReadDeck, lint_library
from trainer.decks.model import COMPETENCES, Rule
from trainer.decks.parser import parse_with_lines
from trainer.decks.shop_line import parse_shop
from trainer.decks.stamping import stamp as stamp_text
from trainer.foundation.errors import TrainerError
from trainer.foundation.source import Finding, Level, Place
from trainer.services.generated_cards import generated_cards, home_of
from trainer.services.shop_authoring import belongs_to_shop, lint_shop_files, shop_files_below


@dataclass(frozen=True, slots=True)
class LintReport:
    """What there is to say about some files, file by file, in file order."""

    files: int
    findings: tuple[Finding, ...]

    def count(self, level: Level) -> int:
        return sum(finding.level is level for finding in self.findings)


@dataclass(frozen=True, slots=True)
class DeckCounts:
    """The figures of one deck. A card counts once, whatever its languages."""

    deck_id: str
    title: str
    languages: tuple[str, ...]
    rules: int
    cards: int
    studyable: int
    scenarios: int
    to_verify: int  # rules
    oldest: str  # date of checking, "" when none is written


@dataclass(frozen=True, slots=True)
class LibraryCounts:
    """The figures of some decks. A translation is not a second deck, rule or card."""

    decks: int
    files: int
    rules: int
    cards: int  # those with errors too
    studyable: int
    scenarios: int
    to_verify: int
    oldest: str
    by_kind: dict[str, int]  # studyable cards, in the order of KINDS
    by_language: dict[str, int]
    by_competence: dict[str, int]
    per_deck: tuple[DeckCounts, ...]


def lint(
    paths: Sequence[Path],
    today: date,
    freshness: timedelta = FRESHNESS,
    beside: Sequence[Path] = (),
) -> LintReport:
    """Check decks: files, and everything below folders.

    What a deck leans on (its translation, its platform's tables) is read too, but not spoken of;
    what its own content folder does not have is looked for in those `beside` it, the last first.
    Raises TrainerError: author.no-such-path.
    """
    findings: list[Finding] = []
    targets = _files_below(paths)
    of_the_shop = shop_files_below(paths)
    for content, files in _by_content_folder(targets).items():
        decks, troubles = _read_files(files)
        folders = [*(one for one in beside if one.resolve() != content), content]
        context = _read_context(decks, folders)
        told = lint_library(
            [*decks, *context],
            partial(_is_file, folders),
            today,
            freshness,
        )
        for path, _ in files:
            one = next(iter(troubles.get(path, ())), None)
            findings.extend([one] if one else told.get(path, ()))
    for content, shop_files in of_the_shop.items():
        findings.extend(lint_shop_files(content, shop_files))
    return LintReport(
        len(targets) + sum(map(len, of_the_shop.values())),
        tuple(findings),
    )


def read_decks(paths: Sequence[Path]) -> list[ReadDeck]:
    """The decks in files and below folders, by address. Raises TrainerError:
    author.no-such-path."""
    decks: list[ReadDeck] = []
    for files in _by_content_folder(_files_below(paths)).values():
        decks.extend(_read_files(files)[0])
    return sorted(decks, key=lambda one: one.address)


def count(decks: Sequence[ReadDeck]) -> LibraryCounts:
    """The figures of `decks`; cards that their penalty tables ask by themselves are among the
    studyable ones, and not among those of a single deck."""
    groups: dict[str, list[ReadDeck]] = {}
    for one in decks:
        groups.setdefault(one.address.deck_id, []).append(one)
    per_deck = tuple(map(_count_deck, groups.values()))
    cards: dict[str, Card] = {}
    competences: Counter[str] = Counter()
    generated: dict[tuple[str, str], list[Card]] = {}
    for card in generated_cards(one.deck for one in decks):
        generated.setdefault((home_of(card.card_id), card.language), []).append(card)
    for one in decks:
        by_itself = generated.get((one.deck.deck_id, one.deck.language), ())
        for card in (*one.deck.cards, *by_itself):
            if card.card_id not in cards:
                cards[card.card_id] = card
                competences[one.deck.competence] += 1
    kinds = Counter(kind_of(card.body) for card in cards.values())
    languages: Counter[str] = Counter()
    for one in decks:
        languages[one.address.language] += len(one.deck.cards)
    return LibraryCounts(
        decks=len(groups),
        files=len(decks),
        rules=sum(one.rules for one in per_deck),
        cards=sum(one.cards for one in per_deck),
        studyable=len(cards),
        scenarios=sum(one.scenarios for one in per_deck),
        to_verify=sum(one.to_verify for one in per_deck),
        oldest=min((one.oldest for one in per_deck if one.oldest), default=""),
        by_kind={kind: kinds[kind] for kind in KINDS},
        by_language={language: languages[language] for language in LANGUAGES},
        by_competence={name: competences[name] for name in COMPETENCES},
        per_deck=per_deck,
    )


@dataclass(frozen=True, slots=True)
class StampReport:
    """What stamping did to one file. `problem` is a message code, "" when there is none."""

    path: Path
    given: dict[str, str]  # new id: the provisional one, without the deck's id
    problem: str = ""


def stamp(paths: Sequence[Path]) -> list[StampReport]:
    """Write an id to every rule, card and case that has none. Originals come first, and their
    translations take the same ids.

    A file is replaced in one move, or left as it was. Raises TrainerError: author.no-such-path,
    author.cannot-write.
    """
    reports: list[StampReport] = []
    for content, files in _by_content_folder(_files_below(paths)).items():
        known = [(address, path) for path, address in files if address is not None]
        for address, path in sorted(known, key=lambda one: (one[0].language != ORIGINAL, one)):
            reports.append(_stamp_file(path, address, content))
    return reports


def _stamp_file(path: Path, address: Address, content: Path) -> StampReport:
    try:
        decoded = decode(path.read_bytes())
        original = content / Address(address.deck_id, ORIGINAL).path
        is_translation = address.language != ORIGINAL and original.is_file()
        original_text = decode(original.read_bytes()).text if is_translation else None
    except OSError as error:
        raise TrainerError(
            "author.cannot-read", path=str(path), reason=error.strerror or str(error)
        ) from error
    if not decoded.faithful:
        return StampReport(path, {}, "author.not-faithful")
    stamped = stamp_text(decoded.text, original_text)
    if stamped is None:
        return StampReport(path, {}, "author.not-aligned")
    if stamped.given:
        _replace(path, encode(stamped.text, decoded.encoding))
    return StampReport(path, stamped.given)


@dataclass(frozen=True, slots=True)
class FormatReport:
    """What formatting did, or would do, to one file. `problem` is a message code."""

    path: Path
    changed: bool
    problem: str = ""


def format_decks(paths: Sequence[Path], *, write: bool = True) -> list[FormatReport]:
    """Put decks in shape; no word changes. A file that cannot be read whole stays as it is.

    Raises TrainerError: author.no-such-path, author.cannot-read, author.cannot-write.
    """
    from trainer.decks.formatting import formatted  # not for every command

    reports: list[FormatReport] = []
    for path in _files_below(paths):
        try:
            decoded = decode(path.read_bytes())
        except OSError as error:
            raise TrainerError(
                "author.cannot-read", path=str(path), reason=error.strerror or str(error)
            ) from error
        if not decoded.faithful:
            reports.append(FormatReport(path, False, "author.not-faithful"))
            continue
        text = formatted(decoded.text)
        if text != decoded.text and write:
            _replace(path, encode(text, decoded.encoding))
        reports.append(FormatReport(path, text != decoded.text))
    return reports


def _replace(path: Path, content: bytes) -> None:
    """Put `content` in the place of a file; a failure on the way leaves the old one."""
    beside = path.with_name(f"{path.name}.new")
    try:
        beside.write_bytes(content)
        beside.replace(path)
    except OSError as error:
        beside.unlink(missing_ok=True)
        raise TrainerError(
            "author.cannot-write", path=str(path), reason=error.strerror or str(error)
        ) from error


def read_deck(path: Path) -> tuple[ReadDeck, Path]:
    """The deck in one file and the content folder it lies in.

    Raises TrainerError: author.no-such-path, author.cannot-read.
    """
    if not path.is_file():
        raise TrainerError("author.no-such-path", path=str(path))
    ((content, files),) = _by_content_folder([path]).items()
    decks, troubles = _read_files(files)
    if not decks:
        (finding,) = troubles[path]
        reason = finding.blanks.get("reason", path.name)
        raise TrainerError("author.cannot-read", path=str(path), reason=reason)
    return decks[0], content


def _count_deck(languages: Sequence[ReadDeck]) -> DeckCounts:
    rules: dict[str, Rule] = {}
    cards: set[str] = set()
    notes: set[str] = set()
    broken: set[str] = set()
    scenarios: set[str] = set()
    dates: list[str] = []
    for one in languages:
        deck = one.deck
        for rule in deck.rules:
            rules.setdefault(rule.rule_id, rule)
        cards.update(card.card_id for card in deck.cards)
        notes.update(card.note_id for card in deck.cards)
        scenarios.update(scenario.scenario_id for scenario in deck.scenarios)
        broken.update(deck.left_out)
        dates.extend(date for rule in deck.rules if (date := rule.as_of or deck.as_of))
    return DeckCounts(
        deck_id=languages[0].address.deck_id,
        title=languages[0].deck.title,
        languages=tuple(one.address.language for one in languages),
        rules=len(rules),
        cards=len(cards) + len(broken - notes - scenarios),
        studyable=len(cards),
        scenarios=len(scenarios),
        to_verify=sum(bool(rule.verify) for rule in rules.values()),
        oldest=min(dates, default=""),
    )


# Files

_FileAddress = tuple[Path, Address | None]


def _files_below(paths: Iterable[Path]) -> list[Path]:
    files: dict[Path, None] = {}  # a set that keeps its order
    for path in paths:
        if path.is_file():
            if not belongs_to_shop(path):
                files[path] = None
        elif path.is_dir():
            below = (one for one in path.rglob("*.md") if is_deck_file(one.relative_to(path)))
            files.update(dict.fromkeys(one for one in sorted(below) if not belongs_to_shop(one)))
        else:
            raise TrainerError("author.no-such-path", path=str(path))
    return list(files)


def _by_content_folder(files: Iterable[Path]) -> dict[Path, list[_FileAddress]]:
    folders: dict[Path, Path] = {}
    groups: dict[Path, list[_FileAddress]] = {}
    for file in files:
        whole = file.resolve()
        if whole.parent not in folders:
            folders[whole.parent] = content_folder_of(whole)
        content = folders[whole.parent]
        groups.setdefault(content, []).append((file, address_of(whole.relative_to(content))))
    return groups


def _is_file(folders: Sequence[Path], path: str) -> bool:
    return any((folder / path).is_file() for folder in folders)


def _read_files(
    files: Iterable[_FileAddress],
) -> tuple[list[ReadDeck], dict[Path, list[Finding]]]:
    """The decks, and what is wrong with files that are none."""
    decks: list[ReadDeck] = []
    troubles: dict[Path, list[Finding]] = {}
    for path, address in files:
        place = Place(path, 1, 1)
        if address is None:
            troubles[path] = [Finding(place, Level.WARNING, "deck.unknown-language")]
            continue
        try:
            source = path.read_bytes()
        except OSError as error:
            blanks = {"reason": error.strerror or str(error)}
            troubles[path] = [Finding(place, Level.ERROR, "deck.unreadable", blanks)]
            continue
        deck, findings, lines = parse_with_lines(source, path, address.deck_id, address.language)
        decks.append(ReadDeck(path, address, lines, deck, findings))
    return decks, troubles


def _read_context(decks: Sequence[ReadDeck], folders: Sequence[Path]) -> list[ReadDeck]:
    """The decks that `decks` lean on but do not hold: translations, and platforms' tables. They
    are looked for in the content `folders`, the last of which wins."""
    present = {one.address for one in decks}
    wanted: set[Address] = set()
    platforms: set[str] = set()
    for one in decks:
        wanted.update(Address(one.address.deck_id, language) for language in LANGUAGES)
        if one.deck.subject_kind == "platform":
            platforms.add(one.deck.subject)
        shops = (parse_shop(case.shop).platform for case in one.deck.scenarios if case.shop)
        platforms.update(name for name in shops if name)
    for content in folders:
        for platform in platforms:
            for file in sorted((content / "platforms" / platform).rglob("*.md")):
                address = address_of(file.relative_to(content))
                if is_deck_file(file.relative_to(content)) and address is not None:
                    wanted.add(address)
    files = []
    for address in sorted(wanted - present):
        places = [folder / address.path for folder in reversed(folders)]
        found = next((place for place in places if place.is_file()), None)
        if found is not None:
            files.append((found, address))
    return _read_files(files)[0]
