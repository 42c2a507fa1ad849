"""Writes ids into a deck's text where they are missing, and touches nothing else."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from trainer.decks.attributes import list_start
from trainer.decks.identity import PROVISIONAL
from trainer.decks.parser import names_in
from trainer.decks.scanner import heading_at, key_at
from trainer.foundation.identifiers import slug

_LINE_END = re.compile(r"(\r\n|\r|\n)")
_SCENARIO = re.compile(r"(?:Scenario|场景|案例)[ \t\u3000]?[:：]")
_CLOZE_MARKS = re.compile(r"==(?:\{#[^}]*\})?")


@dataclass(frozen=True, slots=True)
class Stamped:
    """A deck's text with an id for everything. `given` has, for each new id, the provisional one
    that the block was known by until now (both without the deck's id)."""

    text: str
    given: dict[str, str]


@dataclass(frozen=True, slots=True)
class _Block:
    line: int
    name: str  # provisional where none is written
    kind: str  # "##", "case", "Q", "T", "C"
    words: str


def stamp(text: str, original: str | None = None) -> Stamped | None:
    """`text` with ids added; line ends and everything else stay as they are. Stamping twice is
    stamping once.

    A translation takes the ids of its `original`, which has been stamped: block for block where
    both have the same. None when they have not, because ids of its own would part the two.
    """
    pieces = _LINE_END.split(text)
    lines = pieces[::2]
    blocks = _blocks(text, lines)
    names = _own_names(blocks) if original is None else _names_of(blocks, original)
    if names is None:
        return None
    given: dict[str, str] = {}
    for block, name in zip(blocks, names, strict=True):
        if name != block.name:
            pieces[2 * block.line] = _with_name(lines[block.line], name)
            given[name] = block.name
    return Stamped("".join(pieces), given)


def _blocks(text: str, lines: Sequence[str]) -> list[_Block]:
    return [_Block(line, name, *_kind_of(lines[line])) for line, name in names_in(text)]


def _kind_of(line: str) -> tuple[str, str]:
    start = list_start(line.rstrip())
    text = line if start < 0 else line[:start]
    key = key_at(line)
    if key is not None:
        return key[0], _CLOZE_MARKS.sub("", text[key[1] :])
    heading = heading_at(line)
    words = text[heading[1] :] if heading else text
    scenario = _SCENARIO.match(words)
    return ("case", words[scenario.end() :]) if scenario else ("##", words)


def _own_names(blocks: Sequence[_Block]) -> list[str]:
    taken = {block.name for block in blocks}
    # Where the search for a free number begins, so that a thousand like questions stay quick.
    tried: dict[str, int] = {}
    names: list[str] = []
    for block in blocks:
        name = block.name
        if name.startswith(PROVISIONAL):
            fallback = {"##": "rule", "case": "case"}.get(block.kind, "card")
            name = stem = slug(block.words, fallback=fallback)
            while name in taken:
                tried[stem] = tried.get(stem, 1) + 1
                name = f"{stem}-{tried[stem]}"
            taken.add(name)
        names.append(name)
    return names


def _names_of(blocks: Sequence[_Block], original: str) -> list[str] | None:
    there = _blocks(original, _LINE_END.split(original)[::2])
    if [block.kind for block in blocks] != [block.kind for block in there]:
        return None
    names: list[str] = []
    for block, other in zip(blocks, there, strict=True):
        if not block.name.startswith(PROVISIONAL):
            if block.name != other.name:
                return None
        elif other.name.startswith(PROVISIONAL):
            return None
        names.append(other.name)
    return names


def _with_name(line: str, name: str) -> str:
    body = line.rstrip()
    start = list_start(body)
    if start >= 0 and not body[:start].endswith("=="):
        return f"{line[: start + 1]}#{name} {line[start + 1 :]}"
    return f"{body} {{#{name}}}{line[len(body) :]}"
