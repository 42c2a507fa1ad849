"""What the full-text search sees: text with Han characters apart, and safe queries.

SQLite's tokenizer takes a run of Chinese for one word. An invisible mark between the characters
makes each a word of its own, so any piece of Chinese is found as a phrase of characters.
"""

import re

FIRST, LAST = "\u0002", "\u0003"  # around a match in an excerpt
_APART = "\u200b"

# Han with its extensions, compatibility forms, kana.
_HAN = "\u3005-\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_HAN_RUN = re.compile(f"[{_HAN}]+")
_TERM = re.compile(f"[{_HAN}]+|(?:(?![{_HAN}])[^\\W_])+")
_IS_HAN = re.compile(f"[{_HAN}]")

# Ａ and １ from a Chinese input method are A and 1; full-width punctuation stays as it is.
_NARROW: dict[int, int | None] = {
    wide: wide - 0xFEE0
    for first, last in ((0xFF10, 0xFF19), (0xFF21, 0xFF3A), (0xFF41, 0xFF5A))
    for wide in range(first, last + 1)
}
_MARKS: dict[int, int | None] = {ord(mark): None for mark in (FIRST, LAST, _APART, "\0")}
_CLEAN = _MARKS | _NARROW

_LONGEST_QUERY = 200
_MOST_TERMS = 12


def indexed(text: str) -> str:
    """Plain text as it is put into the index."""
    if text.isascii():
        return text.translate(_MARKS) if "\0" in text or FIRST in text or LAST in text else text
    return _HAN_RUN.sub(_set_apart, text.translate(_CLEAN))


def _set_apart(run: re.Match[str]) -> str:
    return f"{_APART}{_APART.join(run[0])}{_APART}"


def query_for(text: str, *, every: bool = True) -> str:
    """The query that finds what a person typed; "" when there is nothing to find.

    A run of Chinese is a phrase, another word a beginning. `every`: all of them, else any.
    """
    terms = _TERM.findall(text[:_LONGEST_QUERY].translate(_NARROW))[:_MOST_TERMS]
    parts = []
    for term in terms:
        if _IS_HAN.match(term):
            parts.append('"' + " ".join(term) + '"')
        else:
            parts.append(f'"{term}"*')
    return (" " if every else " OR ").join(parts)


def excerpt(snippet: str) -> str:
    """A snippet of indexed text as it is shown, neighbouring matches as one."""
    return snippet.replace(_APART, "").replace(LAST + FIRST, "")
