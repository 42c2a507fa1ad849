"""Two versions of a text, line by line: what to change, and three versions brought together."""

from collections.abc import Sequence
from difflib import SequenceMatcher

import msgspec


class Edit(msgspec.Struct, frozen=True):
    """The lines `start` up to, not including, `end` become `lines`."""

    start: int
    end: int
    lines: tuple[str, ...]


def line_changes(old: Sequence[str], new: Sequence[str]) -> list[Edit]:
    """What makes the lines `old` the lines `new`, in order. Equal heads and tails are set aside
    first: most edits are few lines in many."""
    head = 0
    most = min(len(old), len(new))
    while head < most and old[head] == new[head]:
        head += 1
    tail = 0
    while tail < most - head and old[-1 - tail] == new[-1 - tail]:
        tail += 1
    before, after = old[head : len(old) - tail], new[head : len(new) - tail]
    if not before and not after:
        return []
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    return [
        Edit(head + start, head + end, tuple(after[first:last]))
        for tag, start, end, first, last in matcher.get_opcodes()
        if tag != "equal"
    ]


def line_edits(old: str, new: str) -> list[tuple[int, int, str]]:
    """What makes `old` into `new`, in order: from and to as UTF-16 places (as Qt counts), and
    what comes there. Line ends are "\\n"."""
    if old == new:
        return []
    before, after = _with_ends(old), _with_ends(new)
    places = [0]
    for line in before:
        places.append(places[-1] + _length(line))
    return [
        (places[edit.start], places[edit.end], "".join(edit.lines))
        for edit in line_changes(before, after)
    ]


def merge(base: str, mine: str, theirs: str) -> str | None:
    """`base` with the changes of both; None where they touch the same lines in different ways.

    Changes that stand side by side, with no line between them, are held to touch.
    """
    if mine in {theirs, base}:
        return theirs
    if theirs == base:
        return mine
    lines = _with_ends(base)
    edits = [(edit, 0) for edit in line_changes(lines, _with_ends(mine))]
    edits += [(edit, 1) for edit in line_changes(lines, _with_ends(theirs))]
    edits.sort(key=lambda one: (one[0].start, one[0].end))
    merged: list[str] = []
    at = 0
    last: tuple[Edit, int] | None = None
    for edit, side in edits:
        if last is not None:
            if edit == last[0]:
                continue
            if side != last[1] and edit.start <= last[0].end:
                return None
        merged += lines[at : edit.start]
        merged += edit.lines
        at = edit.end
        last = edit, side
    merged += lines[at:]
    return "".join(merged)


def _with_ends(text: str) -> list[str]:
    """The lines with their ends. (`splitlines` would part at more than "\\n".)"""
    lines = [f"{line}\n" for line in text.split("\n")]
    lines[-1] = lines[-1][:-1]
    return lines if lines[-1] else lines[:-1]


def _length(line: str) -> int:
    return len(line) if line.isascii() else len(line.encode("utf-16-le")) // 2
