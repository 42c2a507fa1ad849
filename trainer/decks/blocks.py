"""The text of each rule, card and case of a deck: to copy one into a translation, or to mend it."""

import unicodedata
from collections.abc import Iterable, Sequence

import msgspec

from trainer.decks.encoding import plain_line_ends
from trainer.decks.parser import names_in
from trainer.decks.scanner import CARD_KEYS, heading_at, key_at, read_block
from trainer.decks.tables import cells_of, is_delimiter, table_end


class TextBlock(msgspec.Struct, frozen=True):
    """Lines `start` up to, not including, `end` (from 0), without empty lines behind. A rule ends
    before its first card, a case with its last step."""

    name: str  # id without the deck's; provisional where none is written
    start: int
    end: int
    is_card: bool


def text_blocks(text: str) -> list[TextBlock]:
    """Every block of a deck, in file order."""
    lines = plain_line_ends(text).split("\n")
    named = names_in(text)
    starts = [line for line, _ in named] + [len(lines)]
    blocks = []
    for place, (start, name) in enumerate(named):
        key = key_at(lines[start]) if heading_at(lines[start]) is None else None
        if key is not None and key[0] in CARD_KEYS:
            end = read_block(lines, start, *key).end
        else:
            end = starts[place + 1]
            following = (at for at in range(start + 1, end) if _ends_rule(lines[at]))
            end = min(following, default=end)
        while end > start + 1 and not lines[end - 1].strip():
            end -= 1
        blocks.append(TextBlock(name, start, end, is_card=key is not None))
    return blocks


def with_missing(text: str, other: str, names: Iterable[str]) -> str:
    """`text` with the blocks `names` of `other` put in where they stand there: behind the block
    that comes before them in both, above all when none does, else at the end."""
    wanted = set(names)
    there = text_blocks(other)
    other_lines = other.split("\n")
    before = ""
    for block in there:
        if block.name in wanted:
            words = other_lines[block.start : block.end]
            text = _put_behind(text, before, words, heading=not block.is_card)
        before = block.name
    return text


def _put_behind(text: str, name: str, words: Sequence[str], *, heading: bool) -> str:
    lines = text.split("\n")
    blocks = text_blocks(text)
    place = next((at for at, block in enumerate(blocks) if block.name == name), -1)
    if not name and blocks:
        at = blocks[0].start
        return "\n".join([*lines[:at], *words, "", *lines[at:]])
    if place < 0:
        at = len(lines)
        while at and not lines[at - 1].strip():
            at -= 1
    else:
        # A rule comes behind all the cards of the one before.
        while heading and place + 1 < len(blocks) and blocks[place + 1].is_card:
            place += 1
        at = blocks[place].end
    tail = lines[at:] or [""]
    return "\n".join([*lines[:at], "", *words, *tail])


def _ends_rule(line: str) -> bool:
    heading = heading_at(line)
    return heading is not None and heading[0] <= 2


# Tables


def table_around(lines: Sequence[str], line: int) -> tuple[int, int] | None:
    """From which line up to which there is a table around `line` (from 0)."""
    if not 0 <= line < len(lines) or lines[line][:1] != "|":
        return None
    start = line
    while start and lines[start - 1][:1] == "|":
        start -= 1
    return start, table_end(lines, start, len(lines))


def tidy_table(rows: Sequence[str]) -> list[str]:
    """The rows of a table with their bars below each other; a Han character is two wide. Cells
    that are missing are added."""
    split = [cells_of(row) for row in rows]
    marks = [is_delimiter(row) for row in rows]
    columns = max(map(len, split))
    table = [[*cells, *[""] * (columns - len(cells))] for cells in split]
    widths = [
        max(
            3,
            *(
                _wide(_written(cells[column]))
                for cells, mark in zip(table, marks, strict=True)
                if not mark
            ),
        )
        for column in range(columns)
    ]
    return [
        "| "
        + " | ".join(
            _delimiter(cell, width) if mark else _padded(_written(cell), width)
            for cell, width in zip(cells, widths, strict=True)
        )
        + " |"
        for cells, mark in zip(table, marks, strict=True)
    ]


def _written(cell: str) -> str:
    return cell.replace("|", "\\|")


def _padded(cell: str, width: int) -> str:
    return cell + " " * (width - _wide(cell))


def _delimiter(cell: str, width: int) -> str:
    left = ":" if cell[:1] == ":" else "-"
    right = ":" if cell[-1:] == ":" else "-"
    return left + "-" * (width - 2) + right


def _wide(text: str) -> int:
    if text.isascii():
        return len(text)
    return sum(2 if unicodedata.east_asian_width(one) in "WF" else 1 for one in text)
