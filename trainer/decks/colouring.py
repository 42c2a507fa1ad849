"""What each piece of a deck's line is to the eye: for editors that colour what they show.

Only one line at a time is looked at; whether it lies in code or in the front matter is told by
`code_lines`, which needs the whole text.
"""

import re
from collections.abc import Sequence
from typing import Literal

from trainer.decks.attributes import list_start
from trainer.decks.scanner import (
    BLANKS,
    FENCES,
    after_fence,
    fence_at,
    heading_at,
    is_rule_off,
    key_at,
    numbered_at,
    option_at,
)

Role = Literal[
    "title", "heading", "key", "right", "wrong", "hidden", "attributes", "code", "front", "quote",
    "mark", "link", "strong", "table",
]  # fmt: skip
Span = tuple[int, int, Role]  # from and to, as code points of the line

_INSIDE = re.compile(
    r"(?P<code>`[^`]+`)|(?P<hidden>==(?:(?!==).)*==(?:\{#[^}]*\})?)"
    r"|(?P<link>!?\[[^\]]*\]\([^)]*\))|(?P<strong>\*\*[^*]+\*\*)"
)
_ROLES: dict[str, Role] = {"code": "code", "hidden": "hidden", "link": "link", "strong": "strong"}
_REASON = re.compile(r"\s*>")
_FRONT = re.compile(r"\s*([^\s:：]+)\s?[:：]")


def spans_of(line: str) -> list[Span]:
    """The pieces of a line of running deck text, in no order; of two, the later wins."""
    spans: list[Span] = []
    if not line.strip():
        return spans
    heading = heading_at(line) if line[0] == "#" else None
    key = None if heading else key_at(line)
    if heading:
        spans.append((0, len(line), "title" if heading[0] == 1 else "heading"))
    elif key:
        spans.append((0, key[1], "key"))
    elif is_rule_off(line):
        spans.append((0, len(line), "mark"))
    elif _REASON.match(line):
        spans.append((0, len(line), "quote"))
    elif line[0] == "|":
        spans += [(at.start(), at.end(), "table") for at in re.finditer(r"\||:?-{2,}:?", line)]
    else:
        option = option_at(line)
        if option:
            spans.append((0, option[1], "right" if option[0] is True else "wrong"))
        elif number := numbered_at(line):
            spans.append((0, number, "mark"))
    for found in _INSIDE.finditer(line):
        spans.append((found.start(), found.end(), _ROLES[str(found.lastgroup)]))
    body = line.rstrip()
    start = list_start(body)
    if start >= 0 and not body[:start].endswith("=="):
        spans.append((start, len(body), "attributes"))
    return spans


def front_spans_of(line: str) -> list[Span]:
    """The pieces of a line of the front matter."""
    found = _FRONT.match(line)
    return [(0, len(line), "front"), *([(0, found.end(), "key")] if found else [])]  # type: ignore[list-item] # a Span each


def code_lines(lines: Sequence[str]) -> tuple[int, list[tuple[int, int]]]:
    """The line after the front matter (0 when there is none), and from which line up to which,
    without the latter, there is fenced code."""
    front = 0
    if lines and lines[0].rstrip() == "---":
        for index in range(1, min(len(lines), 200)):
            if lines[index].rstrip() == "---":
                front = index + 1
                break
    blocks: list[tuple[int, int]] = []
    index, total = front, len(lines)
    while index < total:
        line = lines[index]
        if line[:1] in _MAY_OPEN and line:
            opening = fence_at(line)
            if opening:
                following, _ = after_fence(lines, index, opening[0])
                blocks.append((index, following))
                index = following
                continue
        index += 1
    return front, blocks


_MAY_OPEN = frozenset((*FENCES, *BLANKS))
