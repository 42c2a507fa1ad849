"""A deck's text put in shape: keys, boxes, tables and empty lines as the documentation writes them.

Works line by line and touches no words. The result is read again and compared: what would read
otherwise is left as it was.
"""

import re
from collections import Counter
from collections.abc import Sequence
from pathlib import PurePosixPath

import msgspec

from trainer.decks.attributes import list_start
from trainer.decks.parser import parse_deck
from trainer.decks.scanner import (
    CARD_KEYS,
    after_fence,
    fence_at,
    heading_at,
    key_at,
    option_at,
)

_SPACES = " \t\u3000"
_KEY_WORD = re.compile(r"[^:：]{1,12}")
_BAR = re.compile(r"(?<!\\)\|")
_DASHES = re.compile(r":?-+:?\Z")
_OPTION_HEAD = re.compile(r" {0,3}[-*+][ \t\u3000]*(?:\[[^\[\]]?\]|【[^【】]?】|［[^［］]?］)")
_WIDE = str.maketrans("ＱＡＴＤＣ", "QATDC")


def formatted(text: str) -> str:
    """`text` in shape, with "\\n" for line ends. Formatting twice is formatting once."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    for way in (_whole, _blanks_only):
        made = "\n".join(way(lines)).strip("\n") + "\n"
        if made == "\n":
            return ""
        if _reads_the_same(text, made):
            return made
    return text


def _whole(lines: Sequence[str]) -> list[str]:
    made: list[str] = []
    for line in _copied(lines):
        if isinstance(line, list):
            made += line
            continue
        shaped = _shaped(line)
        if not shaped and (not made or not made[-1]):
            continue
        key = key_at(shaped)
        starts = shaped[:1] == "#" or (key is not None and key[0] in CARD_KEYS)
        if starts and made and made[-1] and not _ends_front_matter(made):
            made.append("")
        made.append(shaped)
    return _with_tables(made)


def _blanks_only(lines: Sequence[str]) -> list[str]:
    made: list[str] = []
    for line in _copied(lines):
        if isinstance(line, list):
            made += line
        elif line.strip(_SPACES) or (made and made[-1]):
            made.append(_without_end(line))
    return made


def _copied(lines: Sequence[str]) -> "list[str | list[str]]":
    """Lines to be shaped, and runs that are not touched: the front matter, and code."""
    made: list[str | list[str]] = []
    index = 0
    if lines and lines[0].rstrip() == "---":
        end = next((n for n in range(1, len(lines)) if lines[n].rstrip() == "---"), 0)
        made.append([line.rstrip() for line in lines[: end + 1]])
        index = end + 1
    while index < len(lines):
        fence = fence_at(lines[index])
        if fence:
            following, _ = after_fence(lines, index, fence[0])
            made.append(list(lines[index:following]))
            index = following
        else:
            made.append(lines[index])
            index += 1
    return made


def _ends_front_matter(made: Sequence[str]) -> bool:
    return made[-1] == "---" and made[0] == "---" and "---" not in made[1:-1]


def _without_end(line: str) -> str:
    """Two blanks at the end of a line break it, and stay."""
    bare = line.rstrip(_SPACES)
    return f"{bare}  " if bare and line.endswith("  ") else bare


def _shaped(line: str) -> str:
    line = _without_end(line)
    if not line:
        return ""
    heading = heading_at(line) if line[0] == "#" else None
    if heading is not None:
        words = _with_braces(line[heading[1] :].strip(_SPACES))
        return f"{'#' * heading[0]} {words}".rstrip()
    key = key_at(line)
    if key is not None:
        return _key_line(line, key[1])
    option = option_at(line)
    if option is not None and isinstance(option[0], bool):
        head = _OPTION_HEAD.match(line)
        indent = len(line) - len(line.lstrip(" "))
        if head is not None:
            box = "[x]" if option[0] else "[ ]"
            return f"{' ' * indent}{line[indent]} {box} {line[option[1] :]}".rstrip()
    return line


def _key_line(line: str, text_at: int) -> str:
    word = _KEY_WORD.match(line)
    if word is None:
        return line
    name = word[0].rstrip(_SPACES).translate(_WIDE)
    text = _with_braces(line[text_at:])
    if name.isascii():
        return f"{name}: {text}".rstrip(_SPACES) if text.strip() else f"{name}:"
    return f"{name}：{text}"


def _with_braces(text: str) -> str:
    """The attribute list at the end in half width."""
    bare = text.rstrip(_SPACES)
    start = list_start(bare)
    if start < 0 or "｛" not in bare[start:] + "｝":
        return text
    inside = bare[start + 1 : -1].replace("＃", "#", 1)
    return f"{bare[:start]}{{{inside}}}"


def _with_tables(lines: list[str]) -> list[str]:
    """Cells with one blank on each side."""
    made: list[str] = []
    inside = False
    for line in lines:
        fence = fence_at(line)
        if fence:
            inside = not inside
        is_row = line[:1] == "|" and line.rstrip().endswith("|") and len(line) > 2
        made.append(_row(line) if is_row and not inside else line)
    return made


def _row(line: str) -> str:
    cells = [cell.strip(_SPACES) for cell in _BAR.split(line.strip(_SPACES))[1:-1]]
    dashes = all(_DASHES.match(cell) for cell in cells)
    return f"| {' | '.join([_dashes(cell) for cell in cells] if dashes else cells)} |"


def _dashes(cell: str) -> str:
    left, right = cell[0] == ":", cell[-1] == ":" and len(cell) > 1
    return f"{':' if left else ''}---{':' if right else ''}"


def _reads_the_same(old: str, new: str) -> bool:
    """The same deck, and nothing to say of it that there was not before."""
    (before, said), (after, says) = _without_places(old), _without_places(new)
    return before == after and says <= said


def _without_places(text: str) -> tuple[object, Counter[str]]:
    deck, findings = parse_deck(text, PurePosixPath("a.md"), "platforms/a/a", "en")
    return _bare(msgspec.to_builtins(deck)), Counter(finding.code for finding in findings)


def _bare(value: object) -> object:
    if isinstance(value, dict):
        return {key: _bare(one) for key, one in value.items() if key not in {"line", "column"}}
    if isinstance(value, list | tuple):
        return [_bare(one) for one in value]
    if isinstance(value, str) and ("|" in value or " \n" in value or value.endswith(" ")):
        return _with_tables([_without_end(line) for line in value.split("\n")])
    return value
