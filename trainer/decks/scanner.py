"""Lines of a deck: what begins on them, and where a card begins and ends.

One pass; the first character of a line decides what is looked for. Everything is kept as line
numbers (indexes from 0) and columns, so a finding always points into the file itself.
"""

import re
from collections.abc import Callable, Sequence

# Every key, in English, in Chinese, and with the full-width letters of a Chinese input method.
KEYS = {
    "Q": "Q",
    "Ｑ": "Q",
    "问": "Q",
    "问题": "Q",
    "A": "A",
    "Ａ": "A",
    "答": "A",
    "答案": "A",
    "T": "T",
    "Ｔ": "T",
    "术语": "T",
    "D": "D",
    "Ｄ": "D",
    "定义": "D",
    "C": "C",
    "Ｃ": "C",
    "填空": "C",
    "Why": "Why",
    "解析": "Why",
    "Penalty": "Penalty",
    "处罚": "Penalty",
    "Source": "Source",
    "来源": "Source",
    "As-of": "As-of",
    "日期": "As-of",
    "Verify": "Verify",
    "待核实": "Verify",
    "Was": "Was",
    "旧规": "Was",
    "Elsewhere": "Elsewhere",
    "其他平台": "Elsewhere",
    "Shop": "Shop",
    "店铺": "Shop",
}
CARD_KEYS = frozenset({"Q", "T", "C"})
ANSWER_KEYS = {"Q": "A", "T": "D"}
RULE_KEYS = frozenset({"Penalty", "Source", "As-of", "Verify", "Was", "Elsewhere"})

_COLONS = frozenset(":：")  # line[1:2] may be "", which is in no set
_SMALL_KEYS = frozenset("qatcd")
BULLETS = "-*+"
DIGITS = "0123456789０１２３４５６７８９"
BLANKS = " \t\u3000"
FENCES = "`~"
KEY_STARTS = frozenset(word[0] for word in KEYS) | _SMALL_KEYS

_words = "|".join(sorted(KEYS, key=len, reverse=True))
_KEY = re.compile(rf"({_words})[ \t\u3000]?[:：][ \t\u3000]*+")
_OPTION = re.compile(
    r" {0,3}[-*+][ \t\u3000]*+(?:\[([^\[\]]?)\](?!\()|【([^【】]?)】|［([^［］]?)］)[ \t\u3000]*+"
)
_NUMBERED = re.compile(r"[0-9０-９]{1,4}(?:[.)](?=[ \t\u3000]|$)|[．、）])[ \t\u3000]*+")
_HEADING = re.compile(r"(#{1,6})([ \t\u3000]+|$)")
_FENCE = re.compile(r"[ ]{0,3}(`{3,}+|~{3,}+)[ \t]*+([^`]*)$")
RIGHT_MARKS = frozenset("xX×ｘＸ√✓✔")
WRONG_MARKS = frozenset(("", " ", "\u3000", "\xa0"))
_PLAIN_OPTIONS = {"- [ ] ": False, "- [x] ": True}


def key_at(line: str) -> tuple[str, int] | None:
    """The key at the start of `line` (its English name) and where the text after it begins."""
    if line[1:2] in _COLONS:
        key = KEYS.get(line[0])
        if key is None:
            return None
        if line[2:3] == " " and line[3:4] > " ":
            return key, 3
        return key, len(line) - len(line[2:].lstrip(" \t\u3000"))
    found = _KEY.match(line)
    return (KEYS[found[1]], found.end()) if found else None


def is_small_key(line: str) -> bool:
    """Whether `line` begins like a key written small ("q: …"), which is text."""
    return line[0] in _SMALL_KEYS and line[1:2] in _COLONS


def heading_at(line: str) -> tuple[int, int] | None:
    """The level of the heading on `line` and where its text begins.

    Two or more # without a blank behind them are a heading too, because people forget it; a
    single one is not, because it may be a tag.
    """
    found = _HEADING.match(line)
    if found:
        return len(found[1]), found.end()
    marks = len(line) - len(line.lstrip("#"))
    return (marks, marks) if 2 <= marks <= 6 else None


def option_at(line: str) -> tuple[str | bool, int] | None:
    """The mark of the option on `line` and where its text begins.

    The mark is True or False for a right or wrong option, or the character that is neither.
    """
    found = _OPTION.match(line)
    if found is None:
        return None
    mark = found[1] or found[2] or found[3] or ""
    if mark in RIGHT_MARKS:
        return True, found.end()
    return (False if mark in WRONG_MARKS else mark), found.end()


def numbered_at(line: str) -> int:
    """Where the text of a numbered list item begins; 0 when `line` is none."""
    found = _NUMBERED.match(line)
    return found.end() if found else 0


def starts_list(line: str) -> bool:
    """Whether `line` is the first item of a numbered list, as steps in order have it."""
    return numbered_at(line) > 0 and line.lstrip("0０")[:1] in {"1", "１"}


def is_rule_off(line: str) -> bool:
    """Whether `line` is a `---` line, which ends a card."""
    return line[:3] == "---" and not line.strip().strip("-")


def fence_at(line: str) -> tuple[str, str] | None:
    """The marks of a code fence that opens on `line` and the word behind them."""
    found = _FENCE.match(line)
    return (found[1], found[2].strip()) if found else None


def after_fence(lines: Sequence[str], opening: int, marks: str) -> tuple[int, bool]:
    """The line after the code block that opens at `opening`, and whether it was closed."""
    for index in range(opening + 1, len(lines)):
        line = lines[index]
        if marks[:3] in line:
            stripped = line.strip()
            if len(stripped) >= len(marks) and not stripped.strip(marks[0]):
                return index + 1, True
    return len(lines), False


def after_value(lines: Sequence[str], index: int) -> int:
    """The line after the value of a rule's key, whose second line would be `index`: it ends at an
    empty line, a key, a heading, a table or code."""
    while index < len(lines):
        line = lines[index]
        if not line.strip() or line[0] in "#|`~" or key_at(line) or is_rule_off(line):
            break
        index += 1
    return index


class Block:
    """The lines of one card: where each part of it begins. -1 stands for "not there"."""

    __slots__ = (
        "after",
        "answer",
        "answer_at",
        "answer_key",
        "end",
        "key",
        "numbered",
        "open_fence",
        "options",
        "parameters",
        "parameters_end",
        "repeated",
        "start",
        "suspect",
        "table",
        "text_at",
        "why",
        "why_at",
    )

    def __init__(self, start: int, key: str, text_at: int) -> None:
        self.start = start
        self.key = key
        self.text_at = text_at  # column
        self.end = start + 1  # the line after the last that is not empty
        self.after = start + 1  # the line to go on with
        self.answer = -1
        self.answer_at = 0
        self.answer_key = ""
        self.why = -1
        self.why_at = 0
        self.options: list[tuple[int, int, str | bool]] = []  # line, column of the text, mark
        self.numbered: list[tuple[int, int]] = []  # line, column of the text
        self.table = -1
        self.parameters = -1
        self.parameters_end = -1
        self.open_fence = -1
        self.repeated: list[int] = []  # lines with a second answer or explanation
        self.suspect: list[int] = []  # lines that look like a key but are text


def read_block(lines: Sequence[str], start: int, key: str, text_at: int) -> Block:
    """The card that begins on line `start`. It ends before the next card, heading, `---` line or
    key of a rule."""
    block = Block(start, key, text_at)
    index, total = start + 1, len(lines)
    look = _LOOK.get
    while index < total:
        found = look(lines[index][:1])
        if found is None:
            index += 1
            continue
        following = found(lines, index, block)
        if following < 0:
            break
        index = following
    block.after = index
    while index - start > 1 and not lines[index - 1]:
        index -= 1
    block.end = index
    return block


_END = -1  # the card ends before this line


def _bullet(lines: Sequence[str], index: int, block: Block) -> int:
    line = lines[index]
    mark = _PLAIN_OPTIONS.get(line[:6])
    if mark is not None and line[6:7] > " ":
        if block.why < 0:
            block.options.append((index, 6, mark))
        return index + 1
    option = option_at(line)
    if option is not None:
        if block.why < 0:
            block.options.append((index, option[1], option[0]))
    elif is_rule_off(line):
        return _END
    return index + 1


def _key(lines: Sequence[str], index: int, block: Block) -> int:
    line = lines[index]
    found = key_at(line)
    if found is None:
        if is_small_key(line):
            block.suspect.append(index)
        return index + 1
    key, column = found
    if key == "A" or key == "D":
        if block.answer < 0:
            block.answer, block.answer_at, block.answer_key = index, column, key
        else:
            block.repeated.append(index)
    elif key == "Why":
        if block.why < 0:
            block.why, block.why_at = index, column
        else:
            block.repeated.append(index)
    elif key != "Shop":
        return _END
    return index + 1


def _heading(lines: Sequence[str], index: int, _: Block) -> int:
    return _END if heading_at(lines[index]) else index + 1


def _digit(lines: Sequence[str], index: int, block: Block) -> int:
    if block.answer < 0 and block.why < 0 and not block.options:
        column = numbered_at(lines[index])
        if column:
            block.numbered.append((index, column))
    return index + 1


def _pipe(_: Sequence[str], index: int, block: Block) -> int:
    if block.table < 0 and block.answer < 0 and block.why < 0 and not block.options:
        block.table = index
    return index + 1


def _fence(lines: Sequence[str], index: int, block: Block) -> int:
    opening = fence_at(lines[index])
    if opening is None:
        return index + 1
    following, closed = after_fence(lines, index, opening[0])
    if not closed:
        block.open_fence = index
    if opening[1] == "params" and block.parameters < 0:
        block.parameters, block.parameters_end = index, following
    return following


def _indented(lines: Sequence[str], index: int, block: Block) -> int:
    """Indented lines are text, but for fences and options that stand a little to the right."""
    line = lines[index]
    if line[2:3] == ">":  # the reason of an option
        return index + 1
    inner = line.lstrip(BLANKS)
    start = inner[:1]
    if start == ">" or not start:
        return index + 1
    if start in FENCES and len(line) - len(inner) < 4:
        return _fence(lines, index, block)
    if start in BULLETS:
        option = option_at(line)
        if option is not None and block.why < 0:
            block.options.append((index, option[1], option[0]))
    elif start in KEY_STARTS and line[:4] != "    " and line[:1] != "\t":
        found = key_at(inner)
        if found and found[0] in _CARD_AND_ANSWER_KEYS:
            block.suspect.append(index)
    return index + 1


_CARD_AND_ANSWER_KEYS = frozenset({"Q", "T", "C", "A", "D"})
_Look = Callable[[Sequence[str], int, Block], int]
# What the first character of a line may announce inside a card; any other line is running text.
_LOOK: dict[str, _Look] = {
    **dict.fromkeys(KEY_STARTS, _key),
    "#": _heading,
    **dict.fromkeys(BULLETS, _bullet),
    **dict.fromkeys(DIGITS, _digit),
    "|": _pipe,
    **dict.fromkeys(FENCES, _fence),
    **dict.fromkeys(BLANKS, _indented),
}
