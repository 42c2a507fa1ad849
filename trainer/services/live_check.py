"""Checks a deck while it is written: its own text as it is now, with all that it leans on."""

import threading
from bisect import bisect_right
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path, PurePosixPath
from typing import TypeVar

import msgspec

from trainer.cards.model import Card, Language
from trainer.decks.addresses import ORIGINAL, Address, address_of, is_deck_file
from trainer.decks.blocks import text_blocks
from trainer.decks.colouring import code_lines
from trainer.decks.linter import ReadDeck, lint_library
from trainer.decks.model import Deck, Rule, Scenario
from trainer.decks.parser import parse_deck
from trainer.decks.rereading import Rereader
from trainer.decks.shop_line import parse_shop
from trainer.foundation.source import Finding

_Block = TypeVar("_Block", Rule, Scenario, Card)


@dataclass(frozen=True, slots=True)
class Checked:
    """A deck in one language, and what there is to say about it."""

    address: Address
    text: str
    deck: Deck
    findings: tuple[Finding, ...]
    other: Deck | None  # the deck in the other language
    other_findings: tuple[Finding, ...]
    code: tuple[int, list[tuple[int, int]]]  # see `decks.colouring.code_lines`
    whole: bool  # False: its own findings alone, those of the library are still to come


class LiveCheck:
    """Keeps what does not change from key to key. Any thread may use it, one check at a time."""

    def __init__(self, folders: Callable[[], Sequence[Path]], today: Callable[[], date]) -> None:
        self._folders = folders
        self._today = today
        self._lock = threading.Lock()
        self._readers: dict[Address, Rereader] = {}
        self._read: dict[Address, tuple[str, ReadDeck]] = {}
        self._agreeing: dict[str, tuple[Card, Card]] = {}  # by note, in both languages
        self._agreeing_of = ""  # deck id
        self._around: dict[Path, tuple[tuple[int, int], ReadDeck]] = {}

    def check(
        self,
        address: Address,
        text: str,
        other_text: str | None,
        soon: Callable[[Checked], object] | None = None,
    ) -> Checked:
        """Everything to say about `text`. `other_text` is the deck in the other language, None
        when there is none. `soon` gets what the text alone tells, as early as it is known."""
        with self._lock:
            return self._check(address, text, other_text, soon)

    def _check(
        self,
        address: Address,
        text: str,
        other_text: str | None,
        soon: Callable[[Checked], object] | None,
    ) -> Checked:
        there = Address(address.deck_id, other_language(address.language))
        for gone in self._readers.keys() - {address, there}:
            del self._readers[gone]
            self._read.pop(gone, None)
        own = self._reread(address, text)
        other = None if other_text is None else self._reread(there, other_text)
        code = code_lines(own.lines)
        other_deck = other.deck if other is not None else None
        if soon is not None:
            said = other.findings if other is not None else ()
            soon(Checked(address, text, own.deck, own.findings, other_deck, said, code, False))
        decks = [own] if other is None else self._without_agreeing(own, other)
        decks += self._tables_around(own.deck, {one.address for one in decks})
        told = lint_library(decks, self._has_image, self._today())
        said = told[other.path] if other is not None else ()
        if other is not None:
            self._remember_agreeing(own, other, (*told[own.path], *said))
        return Checked(address, text, own.deck, told[own.path], other_deck, said, code, True)

    def _reread(self, address: Address, text: str) -> ReadDeck:
        known = self._read.get(address)
        if known is not None and known[0] == text:
            return known[1]
        path = PurePosixPath(address.path)
        reader = self._readers.get(address)
        if reader is None:
            reader = Rereader(path, address.deck_id, address.language)
            self._readers[address] = reader
        deck, findings, lines = reader.read(text)
        read = ReadDeck(path, address, lines, deck, findings)
        self._read[address] = (text, read)
        return read

    # Most cards agree with their translation, and go on doing so from key to key: the linter is
    # given only those that changed, and those it had something to say about.

    def _without_agreeing(self, own: ReadDeck, other: ReadDeck) -> list[ReadDeck]:
        if own.address.deck_id != self._agreeing_of:
            self._agreeing, self._agreeing_of = {}, own.address.deck_id
        pairs = _pairs(own, other)
        before = self._agreeing
        settled = {
            note
            for note, (first, second) in pairs.items()
            if note in before
            and _same_words(first, before[note][0])
            and _same_words(second, before[note][1])
        }
        return [_without(one, settled) for one in (own, other)] if settled else [own, other]

    def _remember_agreeing(self, own: ReadDeck, other: ReadDeck, told: Sequence[Finding]) -> None:
        doubtful = {str(one.blanks["id"]) for one in told if "id" in one.blanks}
        self._agreeing = {
            note: pair
            for note, pair in _pairs(own, other).items()
            if note.partition("#")[2] not in doubtful
        }

    def _tables_around(self, deck: Deck, present: set[Address]) -> list[ReadDeck]:
        """The penalty tables of the platforms that `deck` speaks of, without anything else."""
        platforms = {deck.subject} if deck.subject_kind == "platform" else set()
        shops = (parse_shop(case.shop).platform for case in deck.scenarios if case.shop)
        platforms.update(name for name in shops if name)
        found: dict[Address, ReadDeck] = {}
        for folder in self._folders():
            for platform in platforms:
                below = folder / "platforms" / platform
                if "/" in platform or not below.is_dir():
                    continue
                for file in sorted(below.rglob("*.md")):
                    relative = PurePosixPath(file.relative_to(folder).as_posix())
                    address = address_of(relative)
                    if address is None or address in present or not is_deck_file(relative):
                        continue
                    read = self._read_tables(file, address)
                    if read is not None:
                        found[address] = read
        return list(found.values())

    def _read_tables(self, file: Path, address: Address) -> ReadDeck | None:
        try:
            state = file.stat()
            sign = state.st_size, state.st_mtime_ns
            known = self._around.get(file)
            if known is None or known[0] != sign:
                deck, _ = parse_deck(
                    file.read_bytes(),
                    PurePosixPath(address.path),
                    address.deck_id,
                    address.language,
                )
                known = self._around[file] = (sign, _only_tables(deck, address))
        except OSError:
            return None
        return known[1]

    def _has_image(self, path: str) -> bool:
        return any((folder / path).is_file() for folder in self._folders())


def _pairs(own: ReadDeck, other: ReadDeck) -> dict[str, tuple[Card, Card]]:
    """The first card of each note that both languages have; the original's first."""
    if own.address.language != ORIGINAL:
        own, other = other, own
    there: dict[str, Card] = {}
    for card in other.deck.cards:
        there.setdefault(card.note_id, card)
    pairs: dict[str, tuple[Card, Card]] = {}
    for card in own.deck.cards:
        if card.note_id in there and card.note_id not in pairs:
            pairs[card.note_id] = (card, there[card.note_id])
    return pairs


def _same_words(card: Card, before: Card) -> bool:
    """Whether nothing but its place has changed; a card that was not read anew has the same
    parts."""
    return (
        card.body is before.body
        and card.question is before.question
        and card.explanation is before.explanation
    )


def _without(read: ReadDeck, notes: Collection[str]) -> ReadDeck:
    cards = tuple(one for one in read.deck.cards if one.note_id not in notes)
    deck = msgspec.structs.replace(read.deck, cards=cards)
    return ReadDeck(read.path, read.address, read.lines, deck, read.findings)


def other_language(language: Language) -> Language:
    return "en" if language == "zh" else "zh"


def _only_tables(deck: Deck, address: Address) -> ReadDeck:
    tables = Deck(
        deck_id=deck.deck_id,
        language=deck.language,
        title=deck.title,
        introduction="",
        rules=tuple(rule for rule in deck.rules if rule.table is not None),
        cards=(),
        scenarios=(),
        subject=deck.subject,
        subject_kind=deck.subject_kind,
    )
    return ReadDeck(PurePosixPath(address.path), address, (), tables)


@dataclass(frozen=True, slots=True)
class Under:
    """What the cursor is on: cards of one block, or a rule, or a step of a case."""

    cards: tuple[Card, ...] = ()
    rule: Rule | None = None
    scenario: Scenario | None = None
    step: int = -1  # of the scenario
    broken: str = ""  # note id of a card that has an error: students are not asked it


def under(deck: Deck, line: int) -> Under:
    """What stands on `line` (from 1) of the text that `deck` was read from."""
    rule = _last(deck.rules, line)
    scenario = _last(deck.scenarios, line)
    card = _last(deck.cards, line)
    starts: Mapping[str, int] = {
        "rule": rule.line if rule else 0,
        "scenario": scenario.line if scenario else 0,
        "card": card.line if card else 0,
    }
    start = max(starts.values())
    if not start:
        return Under()
    if card is not None and starts["card"] == start:
        block = tuple(one for one in deck.cards if one.note_id == card.note_id)
        its_rule = next((one for one in deck.rules if one.rule_id == card.rule_id), None)
        return Under(cards=block, rule=its_rule)
    if scenario is not None and starts["scenario"] == start:
        steps = [place for place, step in enumerate(scenario.steps) if step.line <= line]
        return Under(scenario=scenario, step=steps[-1] if steps else 0)
    return Under(rule=rule)


def under_piece(deck: Deck, piece: str, line: int) -> Under:
    """As `under`, for a piece of text that is little enough to be looked through: a card that has
    an error is found too."""
    if deck.left_out:
        for block in text_blocks(piece):
            note = f"{deck.deck_id}#{block.name}"
            if block.is_card and note in deck.left_out and block.start < line <= block.end:
                return Under(broken=note)
    return under(deck, line)


def line_of(deck: Deck, what: Under) -> int:
    """The line (from 1) on which `deck`, in another language, has the same; 0 when it has not."""
    if what.cards:
        wanted = what.cards[0].note_id
        return next((one.line for one in deck.cards if one.note_id == wanted), 0)
    if what.scenario is not None:
        case_id = what.scenario.scenario_id
        there = next((one for one in deck.scenarios if one.scenario_id == case_id), None)
        if there is None:
            return 0
        return there.steps[what.step].line if what.step < len(there.steps) else there.line
    if what.rule is not None:
        rule_id = what.rule.rule_id
        return next((one.line for one in deck.rules if one.rule_id == rule_id), 0)
    return 0


_REACH = 400  # lines that are looked at above and below the cursor


def piece_around(
    lines_between: Callable[[int, int], Sequence[str]], total: int, front: int, line: int
) -> tuple[str, int]:
    """The front matter and the rule or case around `line` (from 0) as a deck of their own, and
    the line's place in it: little enough to be read at every key.

    `lines_between` gives the lines from one up to, not including, another; `front` is the line
    after the front matter.
    """
    first, last = max(front, line - _REACH), min(total, line + _REACH)
    lines = lines_between(first, last)
    at = max(line - first, 0)
    start = next((n for n in range(min(at, len(lines) - 1), -1, -1) if _opens(lines[n])), 0)
    end = next((n for n in range(at + 1, len(lines)) if _opens(lines[n])), len(lines))
    head = lines_between(0, front)
    return "\n".join([*head, *lines[start:end]]), len(head) + at - start


def _opens(line: str) -> bool:
    return line[:2] == "# " or (line[:2] == "##" and line[:3] != "###")


def _last(things: Sequence[_Block], line: int) -> _Block | None:
    """The last of `things`, in file order, that begins at or above `line`."""
    place = bisect_right(things, line, key=lambda one: one.line)
    return things[place - 1] if place else None
