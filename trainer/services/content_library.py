"""The decks on this PC: found, read, kept, searched, and picked up again when they change."""

import logging
import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, TypeVar

import msgspec

from trainer.cards.model import Card, Language
from trainer.decks.addresses import Address, address_of
from trainer.decks.model import Deck, Rule
from trainer.foundation.clock import Clock, milliseconds
from trainer.foundation.errors import Cancelled, TrainerError
from trainer.foundation.source import Finding, Level, Place
from trainer.services.deck_files import (
    FoundFile,
    encoded_findings,
    files_below,
    findings_from,
    sign_of_the_reader,
)
from trainer.storage.deck_cache import CardRow, DeckCache, DeckRow, FileState

if TYPE_CHECKING:
    from trainer.decks.comparison import Comparison

T = TypeVar("T")
ReportProgress = Callable[[int, int], None]  # done, total; raises Cancelled to stop

_log = logging.getLogger(__name__)

# A file can be written twice within one tick of a FAT disk's clock.
_TICK_NS = 3_000_000_000
_UNTRUSTED = -1  # a time no file has


@dataclass(frozen=True, slots=True)
class DeckEntry:
    """What is known of a deck without reading it."""

    deck_id: str
    language: Language
    path: str  # below the content folder, forward slashes
    title: str
    subject_kind: str
    subject: str
    competence: str
    as_of: str
    rules: int
    cards: int
    errors: int
    warnings: int
    stale: bool  # the file is broken; the last good cards are in use


@dataclass(frozen=True, slots=True)
class Refreshed:
    """What a scan found changed, as deck paths."""

    added: tuple[str, ...]
    changed: tuple[str, ...]
    removed: tuple[str, ...]
    unreachable: tuple[str, ...] = ()  # folders that cannot be read; their decks stay as they were


@dataclass(frozen=True, slots=True)
class Hit:
    """A place in the handbook that matches a search."""

    deck_id: str
    rule_id: str
    language: Language
    title: str
    excerpt: str  # plain text with the matches between U+0002 and U+0003


_encoder = msgspec.json.Encoder()
_card_decoder = msgspec.json.Decoder(Card)
_rule_decoder = msgspec.json.Decoder(Rule)
_deck_decoder = msgspec.json.Decoder(Deck)


class Library:
    """All decks below one or more content folders, kept in a cache file that can be thrown away.

    Any thread may use it, and any number of programs the same cache file. Everything that reads
    raises TrainerError (disk.*, file.locked) when not even a new cache can be used.
    """

    def __init__(
        self,
        content: Path | Sequence[Path] | Callable[[], Sequence[Path]],
        cache: Path,
        clock: Clock | None = None,
    ) -> None:
        """Where two folders have the same deck, that of the later folder is used. A function is
        asked for the folders now and at each `refresh`: packs come and go. Nothing is read
        before `refresh`, but what the cache has is there at once.

        `clock` lets a file that was written a moment ago be looked at once more next time.
        Raises TrainerError (disk.*) only when not even a temporary file can be written.
        """
        if callable(content):
            self._ask_for_folders = content
        else:
            fixed = (content,) if isinstance(content, Path) else tuple(content)
            self._ask_for_folders = lambda: fixed
        self._folders: tuple[Path, ...] = ()
        self._find_folders()
        self._clock = clock
        self._cache = DeckCache(cache)

    @property
    def path(self) -> Path:
        """The cache file: study reads `card_place`, `card` and `deck` of it side by side with the
        learner's own file. It can be another one after a `refresh`."""
        return self._cache.path

    def folders(self) -> Sequence[Path]:
        """The content folders in use: the shipped one first, and the one that wins last."""
        return self._folders

    def refresh(self, report: ReportProgress | None = None) -> Refreshed:
        """One directory scan; only files that changed are read again.

        Raises Cancelled when `report` does; what was read until then is kept.
        """
        self._find_folders()
        try:
            return self._cache.read(lambda: self._refreshed(report or _nobody))
        except Cancelled:
            raise
        except (TrainerError, msgspec.MsgspecError, sqlite3.ProgrammingError) as error:
            _log.info("The deck cache is made anew: %s", error)
            if isinstance(error, TrainerError) and error.code != "file.damaged":
                self._cache.go_elsewhere()
            else:
                self._cache.start_anew()
            return self._cache.read(lambda: self._refreshed(report or _nobody))

    def decks(self, language: Language | None = None) -> Sequence[DeckEntry]:
        """In the library's order: folder by folder, chapter by chapter."""
        rows = self._ask(lambda: self._cache.entries(language))
        entries = []
        for row in rows:
            cells = list(row)
            cells[-1] = bool(cells[-1])
            entries.append(DeckEntry(*cells))
        return entries

    def deck(self, deck_id: str, language: Language) -> Deck | None:
        def read() -> Deck | None:
            row = self._cache.deck(deck_id, language)
            if row is None:
                return None
            path, payload = row
            return msgspec.structs.replace(
                _deck_decoder.decode(payload),
                rules=tuple(_rule_decoder.decode(one) for _, one in self._cache.rules_of(path)),
                cards=tuple(
                    _card_decoder.decode(one.payload) for one in self._cache.cards_of(path)
                ),
            )

        return self._ask(read)

    def file_of(self, deck_id: str, language: Language) -> Path | None:
        """The file a deck was read from."""
        row = self._ask(lambda: self._cache.deck(deck_id, language))
        if row is None:
            return None
        places = [folder / row[0] for folder in self._folders]
        return next((place for place in reversed(places) if place.exists()), places[-1])

    def card(self, card_id: str, language: Language) -> Card | None:
        """The card in `language`, else in another language it has, else None."""

        def read() -> Card | None:
            payload = self._cache.card(card_id, language)
            return _card_decoder.decode(payload) if payload is not None else None

        return self._ask(read)

    def has_card(self, card_id: str, language: Language) -> bool:
        return self._ask(lambda: self._cache.has_card(card_id, language))

    def rule(self, rule_id: str, language: Language) -> Rule | None:
        """The rule in `language`, else in another language it has, else None."""

        def read() -> Rule | None:
            payload = self._cache.rule(rule_id, language)
            return _rule_decoder.decode(payload) if payload is not None else None

        return self._ask(read)

    def comparison(self, language: Language) -> "Comparison":
        """The platforms side by side, from the tables and rules of their decks in `language`."""
        # Needed by one page alone.
        from trainer.decks.comparison import compare
        from trainer.services.generated_cards import PLATFORM

        platforms: dict[str, list[Deck]] = {}
        for deck in self._ask(lambda: self._with_rules(PLATFORM)):
            if deck.language == language:
                platforms.setdefault(deck.subject, []).append(deck)
        return compare(platforms, language)

    def findings(self) -> Sequence[Finding]:
        """Everything there is to say about each file, in the library's order."""

        def read() -> list[Finding]:
            return [
                finding
                for path, findings in self._cache.findings()
                for finding in findings_from(findings, path)
            ]

        return self._ask(read)

    def search(self, text: str, language: Language | None = None, limit: int = 50) -> Sequence[Hit]:
        """Rules and cards that match, best first. Chinese is found from one character on."""
        found = self._ask(lambda: self._cache.search(text, language, limit))
        return [
            Hit(one.deck_id, one.rule_id, _language(one.language), one.title, one.excerpt)
            for one in found
        ]

    def aliases(self) -> Sequence[tuple[str, str]]:
        """Cards without ids that went on under another one: old card id, new card id."""
        return self._ask(self._cache.aliases)

    def close(self) -> None:
        self._cache.close()

    def _ask(self, question: Callable[[], T]) -> T:
        """The answer from the cache; a cache that breaks is made anew, once."""
        try:
            return self._cache.read(question)
        except TrainerError as error:
            if error.code != "file.damaged":
                raise
        except (msgspec.MsgspecError, sqlite3.ProgrammingError):
            # A payload that is none, or another thread is just making the cache anew.
            pass
        self._cache.start_anew()
        self.refresh()
        return self._cache.read(question)

    # Refreshing

    def _find_folders(self) -> None:
        self._folders = tuple(folder.absolute() for folder in self._ask_for_folders())

    def _refreshed(self, report: ReportProgress) -> Refreshed:
        cache = self._cache
        sign = sign_of_the_reader()
        folders = "\n".join(map(str, self._folders))
        known = cache.read(cache.files)
        trusted = cache.about("reader") == sign and cache.about("folders") == folders
        files, unreachable = self._scan()
        changed = [
            file
            for path, file in sorted(files.items())
            if not (trusted and _same(known.get(path), file))
        ]
        lost = [path for path in known if path not in files and not _below(path, unreachable)]
        done: list[str] = []
        touched: set[str] = set()
        try:
            for number, file in enumerate(changed):
                report(number, len(changed))
                deck_id = self._read(file, known.get(file.path), sign)
                if deck_id:
                    done.append(file.path)
                    touched.add(deck_id)
        finally:
            # What was read is put in its place even when the rest is cancelled.
            if touched or lost:
                with cache.writing():
                    touched.update(filter(None, map(cache.remove, lost)))
                    touched.update(self._generate())
                    cache.arrange(touched)
        if changed:
            report(len(changed), len(changed))
        if not trusted:
            cache.set_about("reader", sign)
            cache.set_about("folders", folders)
        return Refreshed(
            added=tuple(path for path in done if path not in known),
            changed=tuple(path for path in done if path in known),
            removed=tuple(lost),
            unreachable=tuple(unreachable),
        )

    def _scan(self) -> tuple[dict[str, FoundFile], list[str]]:
        """Every deck file by its path, and the folders that could not be read ("" for a content
        folder itself)."""
        files: dict[str, FoundFile] = {}
        unreachable: list[str] = []
        for number, folder in enumerate(self._folders):
            # A folder of one's own need not have been made yet; one on a share that is away is
            # away with what lies around it.
            if number and not folder.exists() and folder.parent.is_dir():
                continue
            files.update(files_below(folder, "", unreachable))
        by_address: dict[Address, str] = {}
        for path in sorted(files):
            address = address_of(PurePosixPath(path))
            # "orders.md" comes before "orders.en.md", and one of them is enough.
            if address is None or by_address.setdefault(address, path) != path:
                del files[path]
        return files, unreachable

    def _read(self, file: FoundFile, known: FileState | None, sign: str) -> str:
        """Read the file and put it into the cache. The deck's id, or "" when it is unchanged."""
        address = address_of(PurePosixPath(file.path))
        if address is None:
            return ""
        source = file.folder / file.path
        try:
            content = source.read_bytes()
            size, mtime_ns = self._state(file, source)
        except OSError as error:
            _log.info("%s cannot be read: %s", source, error)
            return self._keep_as_it_is(file, address, known, error.strerror or str(error))
        digest = blake2b(content, digest_size=16, key=sign.encode("ascii")).hexdigest()
        cache = self._cache
        if known is not None and known.digest == digest:
            with cache.writing():
                cache.touch(file.path, size, mtime_ns)
            return ""
        # The parser and its formulas take long to load: nothing an unchanged start waits for.
        from trainer.decks.parser import parse_deck

        deck, findings = parse_deck(
            content, PurePosixPath(file.path), address.deck_id, address.language
        )
        state = FileState(0, size, mtime_ns, digest)
        with cache.writing():
            present = cache.state_of(file.path)
            # Another window was quicker.
            if present is None or present.digest != digest:
                self._put(file.path, state, deck, findings, content)
        return address.deck_id

    def _state(self, file: FoundFile, source: Path) -> tuple[int, int]:
        """Size and time to remember; a time that is not to be trusted yet is no time at all."""
        now = source.stat()
        if (now.st_size, now.st_mtime_ns) != (file.size, file.mtime_ns):
            return now.st_size, _UNTRUSTED
        if self._clock is not None:
            age = milliseconds(self._clock.now()) * 1_000_000 - now.st_mtime_ns
            if age < _TICK_NS:
                return now.st_size, _UNTRUSTED
        return file.size, file.mtime_ns

    def _keep_as_it_is(
        self, file: FoundFile, address: Address, known: FileState | None, reason: str
    ) -> str:
        """A file that is there and cannot be read: what was known of it stays, and it is told."""
        place = Place(PurePosixPath(file.path), 1, 1)
        finding = Finding(place, Level.ERROR, "deck.unreadable", {"reason": reason})
        cache = self._cache
        with cache.writing():
            if known is None:
                empty = Deck(
                    deck_id=address.deck_id,
                    language=address.language,
                    title="",
                    introduction="",
                    rules=(),
                    cards=(),
                    scenarios=(),
                )
                self._put(file.path, FileState(0, file.size, _UNTRUSTED, ""), empty, [finding], b"")
            else:
                cache.mark_unreadable(file.path, encoded_findings([finding]))
        return address.deck_id

    def _generate(self) -> set[str]:
        """Make the cards anew that the tables of the platforms ask by themselves. Returns the ids
        of the decks whose cards have changed."""
        # As for the parser: nothing an unchanged start waits for.
        from trainer.decks.which_platform import is_which_platform, platforms_of
        from trainer.services.deck_intake import card_row
        from trainer.services.generated_cards import PLATFORM, generated_cards, home_of
        from trainer.services.mixed_up import Comparisons, comparisons_as_kept

        rows: dict[tuple[str, str], list[CardRow]] = {}
        comparisons: Comparisons = {}
        for card in generated_cards(self._with_rules(PLATFORM)):
            rows.setdefault((home_of(card.card_id), card.language), []).append(card_row(card))
            if is_which_platform(card.card_id):
                comparisons[card.card_id] = platforms_of(card)
        self._cache.put_about("comparisons", comparisons_as_kept(comparisons))
        return self._cache.put_generated(rows)

    def _with_rules(self, subject_kind: str) -> list[Deck]:
        """The decks of a kind with their rules, without their cards."""
        return [
            msgspec.structs.replace(
                _deck_decoder.decode(payload), rules=tuple(map(_rule_decoder.decode, rules))
            )
            for payload, rules in self._cache.tabled(subject_kind)
        ]

    def _put(
        self,
        path: str,
        state: FileState,
        deck: Deck,
        findings: Sequence[Finding],
        content: bytes,
    ) -> None:
        # Not needed, and not loaded, where nothing changed.
        from trainer.services.deck_intake import card_row, followed_ids, handbook_of, still_written

        cache = self._cache
        broken = any(finding.level is Level.ERROR for finding in findings)
        cards = [card_row(card) for card in deck.cards]
        rules = [(rule.rule_id, _encoder.encode(rule)) for rule in deck.rules]
        old = cache.cards_of(path)
        kept: list[CardRow] = []
        if old:
            present = {card.card_id for card in cards}
            missing = [card for card in old if card.card_id not in present]
            if broken:
                kept = [
                    msgspec.structs.replace(card, stale=1)
                    for card in still_written(missing, content)
                ]
            in_use = {card.card_id for card in kept}
            if len(missing) > len(kept):
                followed = followed_ids([card for card in old if card.card_id not in in_use], deck)
                seen_at = milliseconds(self._clock.now()) if self._clock is not None else 0
                cache.add_aliases(followed.items(), seen_at)
        if kept:
            rule_ids = {rule_id for rule_id, _ in rules}
            needed = {card.rule_id for card in kept} - rule_ids
            rules += [one for one in cache.rules_of(path) if one[0] in needed]
        cache.put(
            DeckRow(
                deck_id=deck.deck_id,
                language=deck.language,
                path=path,
                title=deck.title or deck.deck_id.rpartition("/")[2],
                subject_kind=deck.subject_kind,
                subject=deck.subject,
                competence=deck.competence,
                as_of=deck.as_of,
                place_in_folder=deck.order,
                size=state.size,
                mtime_ns=state.mtime_ns,
                digest=state.digest,
                rules=len(rules),
                cards=len(cards) + len(kept),
                errors=sum(finding.level is Level.ERROR for finding in findings),
                warnings=sum(finding.level is Level.WARNING for finding in findings),
                stale=bool(kept),
                payload=_encoder.encode(msgspec.structs.replace(deck, rules=(), cards=())),
                findings=encoded_findings(findings),
            ),
            cards + kept,
            rules,
            handbook_of(deck),
        )


def _nobody(_done: int, _total: int) -> None:
    """Progress that nobody looks at."""


def _same(known: FileState | None, file: FoundFile) -> bool:
    return known is not None and (known.size, known.mtime_ns) == (file.size, file.mtime_ns)


def _below(path: str, folders: Sequence[str]) -> bool:
    return any(path.startswith(folder) for folder in folders)


def _language(text: str) -> Language:
    return "zh" if text == "zh" else "en"
