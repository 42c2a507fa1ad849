"""Markdown as plain words, for one line of a list."""

import re

_MARKS = re.compile(r"[*_`]{1,3}(?=\S)|(?<=\S)[*_`]{1,3}|==|^#+\s+|^>\s?", re.MULTILINE)
_LINK = re.compile(r"!?\[([^\]]*)\]\([^)]*\)")
_ATTRIBUTES = re.compile(r"\s*\{[#.][^}]*\}")
_SPACES = re.compile(r"\s+")


def plain_words(markdown: str, most: int = 160) -> str:
    """`markdown` without its marks, in one line of at most `most` characters."""
    text = _LINK.sub(r"\1", markdown)
    text = _ATTRIBUTES.sub("", text)
    text = _SPACES.sub(" ", _MARKS.sub("", text)).strip()
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"
