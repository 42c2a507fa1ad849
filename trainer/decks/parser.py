"""A deck's text in, a deck and everything there is to say about it out.

One pass over the lines. Any bytes at all give a deck: what cannot be used is left out and named,
all the rest loads.
"""

import re
from collections.abc import Callable, Sequence
from pathlib import PurePath

import msgspec

from trainer.cards.model import Card, Language, Value
from trainer.decks.attributes import (
    NO_ATTRIBUTES,
    list_start,
    parse_attributes,
    split_attributes,
)
from trainer.decks.card_reading import CardReader, say_image_troubles
from trainer.decks.encoding import Decoded, decode, plain_line_ends
from trainer.decks.front_matter import FrontMatter, read_front_matter
from trainer.decks.identity import provisional_name
from trainer.decks.model import Deck, Rule, Scenario
from trainer.decks.names import Names, say_bad_pieces
from trainer.decks.remarks import Remarks
from trainer.decks.rule_reading import RuleReader
from trainer.decks.scanner import (
    BLANKS,
    CARD_KEYS,
    FENCES,
    KEY_STARTS,
    RULE_KEYS,
    after_fence,
    after_value,
    fence_at,
    heading_at,
    is_rule_off,
    is_small_key,
    key_at,
    read_block,
)
from trainer.decks.scenarios import ScenarioReader
from trainer.foundation.source import Finding

_SCENARIO = re.compile(r"(?:Scenario|场景|案例)[ \t\u3000]?[:：][ \t\u3000]*+")


def parse_deck(
    source: str | bytes, path: PurePath, deck_id: str, language: Language
) -> tuple[Deck, tuple[Finding, ...]]:
    """The deck in `source` and every finding about it, in file order.

    `path` is where findings point to; `deck_id` is the deck's path below the content folder,
    forward slashes, without language and `.md`. Never raises for anything a file may hold.
    """
    deck, findings, _ = parse_with_lines(source, path, deck_id, language)
    return deck, findings


def parse_with_lines(
    source: str | bytes, path: PurePath, deck_id: str, language: Language
) -> tuple[Deck, tuple[Finding, ...], Sequence[str]]:
    """As `parse_deck`, with the lines of the file, which findings count by."""
    decoded = decode(source)
    remarks = Remarks(path)
    lines = plain_line_ends(decoded.text).split("\n")
    if decoded.encoding != "utf-8" or decoded.damage >= 0 or decoded.unfit >= 0:
        say_about_encoding(decoded, remarks)
    front, start = read_front_matter(lines, deck_id, remarks)
    unfit = say_image_troubles(lines, start, deck_id, remarks) if "![" in decoded.text else []
    reader = _DeckReader(lines, deck_id, language, remarks, unfit)
    reader.read(start)
    return reader.deck(front), remarks.in_file_order(), lines


def names_in(text: str) -> list[tuple[int, str]]:
    """Line (from 0) and id of every rule, card and case in `text`, in file order. Where none is
    written, the id is provisional."""
    remarks = Remarks(PurePath())
    lines = plain_line_ends(text).split("\n")
    _, start = read_front_matter(lines, "", remarks)
    reader = _DeckReader(lines, "", "en", remarks, ())
    reader.read(start)
    return reader.written_names


class Part(Value, frozen=True):
    """What some lines of a deck say by themselves. Lines count from their first."""

    title: str
    introduction: tuple[str, ...]
    rules: tuple[Rule, ...]
    cards: tuple[Card, ...]
    scenarios: tuple[Scenario, ...]
    left_out: tuple[str, ...]
    names: tuple[str, ...]  # of blocks, written or provisional; of table rows, behind a bar
    unnamed: int
    first_unnamed: int
    findings: tuple[Finding, ...]


def read_part(
    lines: Sequence[str], start: int, deck_id: str, language: Language, path: PurePath
) -> Part:
    """The part of a deck that begins at line `start` of `lines`: a `##` heading with all that is
    below it, or what stands above the first."""
    remarks = Remarks(path)
    unfit = say_image_troubles(lines, start, deck_id, remarks) if _has_image(lines) else []
    reader = _DeckReader(lines, deck_id, language, remarks, unfit)
    reader.read(start)
    return reader.part()


def finish_remarks(remarks: Remarks, title: str, unnamed: int, first: int, *, empty: bool) -> None:
    """Say what only the whole deck tells."""
    if not title:
        remarks.add("deck.no-title", 0)
    if unnamed:
        remarks.add("deck.no-id", first, number=unnamed)
    if empty:
        remarks.add("deck.empty", 0)


def with_front(front: FrontMatter, deck: Deck) -> Deck:
    """`deck` with what its front matter says."""
    return msgspec.structs.replace(
        deck,
        title=front.title or deck.title,
        subject=front.subject,
        subject_kind=front.subject_kind,
        competence=front.competence,
        as_of=front.as_of,
        order=front.order,
        tags=front.tags,
        zone=front.zone,
    )


def _has_image(lines: Sequence[str]) -> bool:
    return any("![" in line for line in lines)


class _DeckReader:
    """Goes through the lines once and hands each piece to the one who knows it."""

    def __init__(
        self,
        lines: Sequence[str],
        deck_id: str,
        language: Language,
        remarks: Remarks,
        unfit_lines: Sequence[int],
    ) -> None:
        self._lines = lines
        self._deck_id = deck_id
        self._language: Language = language
        self._remarks = remarks
        self._names = Names(lines, remarks)
        self._rules = RuleReader(lines, deck_id, language, self._names, remarks)
        self._cards = CardReader(lines, deck_id, language, self._names, remarks, unfit_lines)
        self._scenarios: list[Scenario] = []
        self._introduction: list[str] = []
        self._title = ""
        self._look: dict[str, Callable[[int, str], int]] = {
            **dict.fromkeys(KEY_STARTS, self._key),
            **dict.fromkeys(FENCES, self._fence),
            **dict.fromkeys(BLANKS, self._indented),
            "#": self._heading,
            "-": self._dash,
            "|": self._table,
        }

    def read(self, start: int) -> None:
        index, total, lines, look = start, len(self._lines), self._lines, self._look.get
        while index < total:
            line = lines[index]
            found = look(line[:1])
            if found is not None:
                index = found(index, line)
            elif line:
                self._prose(line)
                index += 1
            else:
                index += 1
                self._prose("")
        self._rules.close()

    @property
    def written_names(self) -> list[tuple[int, str]]:
        return self._names.written

    def part(self) -> Part:
        return Part(
            title=self._title,
            introduction=tuple(self._introduction),
            rules=tuple(self._rules.rules),
            cards=tuple(self._cards.cards),
            scenarios=tuple(self._scenarios),
            left_out=tuple(self._cards.left_out),
            names=(
                *(name for _, name in self._names.written),
                *(f"|{name}" for name in self._rules.row_names),
            ),
            unnamed=self._names.unnamed,
            first_unnamed=self._names.first_unnamed,
            findings=self._remarks.in_file_order(),
        )

    def deck(self, front: FrontMatter) -> Deck:
        title = front.title or self._title
        names = self._names
        empty = not (self._rules.rules or self._cards.cards or self._scenarios)
        finish_remarks(self._remarks, title, names.unnamed, names.first_unnamed, empty=empty)
        return with_front(
            front,
            Deck(
                deck_id=self._deck_id,
                language=self._language,
                title=title,
                introduction="\n".join(self._introduction).strip(),
                rules=tuple(self._rules.rules),
                cards=tuple(self._cards.cards),
                scenarios=tuple(self._scenarios),
                left_out=tuple(self._cards.left_out),
            ),
        )

    # What may begin on a line: each takes its line and gives the line to go on with

    def _key(self, index: int, line: str) -> int:
        found = key_at(line)
        if found is None:
            if is_small_key(line):
                self._remarks.add("deck.key-is-text", index)
            self._prose(line)
            return index + 1
        key, column = found
        if key in CARD_KEYS:
            block = read_block(self._lines, index, key, column)
            self._cards.read(block, self._rules.rule_id)
            self._rules.add_card()
            return block.after
        if key in RULE_KEYS:
            end = after_value(self._lines, index + 1)
            value = "\n".join((line[column:], *self._lines[index + 1 : end])).strip()
            self._rules.take_key(index, key, value, column)
            return end
        if key != "Shop":
            self._remarks.add("deck.answer-without-question", index)
        self._prose(line)
        return index + 1

    def _heading(self, index: int, line: str) -> int:
        found = heading_at(line)
        if found is None:
            self._prose(line)
            return index + 1
        level, column = found
        if line[level : level + 1] > " " and line[level] not in BLANKS:
            fix = self._remarks.fix(index, level, level, " ")
            self._remarks.add("deck.heading-space", index, fix=fix)
        if level == 1:
            self._top_heading(index, line[column:].strip())
        elif level == 2:
            scenario = _SCENARIO.match(line, column)
            if scenario:
                return self._scenario(index, scenario.end())
            self._rules.begin(index, column)
        else:
            self._prose(line)
        return index + 1

    def _top_heading(self, index: int, text: str) -> None:
        self._rules.close()
        if self._title or self._rules.rules:
            self._remarks.add("deck.second-title", index)
            self._introduction.append(text)
        self._title = self._title or split_attributes(text)[0]

    def _scenario(self, index: int, column: int) -> int:
        self._rules.close()
        errors = self._remarks.errors
        line = self._lines[index].rstrip()
        at = list_start(line)
        attributes = parse_attributes(line[at + 1 : -1]) if at >= column else NO_ATTRIBUTES
        title = line[column : at if at >= column else len(line)].strip()
        say_bad_pieces(attributes, index, at, self._remarks)
        name = attributes.name
        if not name or not self._names.take(name, index, at):
            name = self._names.provisional(provisional_name(title), index, misnamed=bool(name))
        reader = ScenarioReader(self._lines, self._language, self._remarks)
        healthy = self._remarks.errors == errors
        scenario, end = reader.read(f"{self._deck_id}#{name}", title, index, healthy=healthy)
        if scenario is not None:
            self._scenarios.append(scenario)
        else:
            self._cards.left_out.append(f"{self._deck_id}#{name}")
        return end

    def _fence(self, index: int, line: str) -> int:
        opening = fence_at(line)
        if opening is None:
            self._prose(line)
            return index + 1
        following, closed = after_fence(self._lines, index, opening[0])
        if not closed:
            self._remarks.add("deck.fence-unclosed", index)
        for inner in self._lines[index:following]:
            self._prose(inner)
        return following

    def _indented(self, index: int, line: str) -> int:
        inner = line.lstrip(BLANKS)
        if inner[:1] in FENCES and inner:
            return self._fence(index, line)
        if inner[:1] in KEY_STARTS and line[:4] != "    " and line[:1] != "\t":
            found = key_at(inner)
            if found and found[0] in CARD_KEYS:
                self._remarks.add("deck.key-is-text", index)
        self._prose(line)
        return index + 1

    def _dash(self, index: int, line: str) -> int:
        if not is_rule_off(line):
            self._prose(line)
        return index + 1

    def _table(self, index: int, line: str) -> int:
        stop = self._rules.take_table(index, len(self._lines))
        if stop >= 0:
            return stop
        self._prose(line)
        return index + 1

    def _prose(self, line: str) -> None:
        if not self._rules.add_prose(line):
            self._introduction.append(line)


def say_about_encoding(decoded: Decoded, remarks: Remarks) -> None:
    """Say what was wrong or unusual about the bytes of a file."""
    text = decoded.text
    for offset, code in ((decoded.damage, "deck.encoding"), (decoded.unfit, "deck.odd-character")):
        if offset >= 0:
            before = plain_line_ends(text[:offset])
            line = before.count("\n")
            remarks.add(code, line, len(before) - before.rfind("\n") - 1)
    if decoded.encoding == "gb18030":
        remarks.add("deck.encoding-gb18030", 0)
    elif decoded.encoding.startswith("utf-16"):
        remarks.add("deck.encoding-utf16", 0)
