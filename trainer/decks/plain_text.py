"""The words of a Markdown text, for search and for one-line previews. Needs no Markdown library."""

import re

_LINK = re.compile(r"!?\[([^\[\]]{0,500})\]\([^()\s]{0,2000}(?:\s\"[^\"]*\")?\)")
_LINE_MARKS = re.compile(
    r"^[ \t]*(?:#{1,6}[ \t]+|(?:>[ \t]?)+|[-*+][ \t]+(?:\[[ xX]\][ \t]+)?|[0-9]{1,4}[.)][ \t]+)",
    re.MULTILINE,
)
_FENCE_LINES = re.compile(r"^[ \t]*(?:`{3,}|~{3,}).*$", re.MULTILINE)
_TABLE_LINES = re.compile(r"^[ \t]*\|?[ \t:|-]*-{2,}[ \t:|-]*$", re.MULTILINE)
# A backslash keeps the sign behind it; every other sign of emphasis goes. Each way begins with a
# plain sign, so that all other letters are skipped four times as fast.
_SIGNS = re.compile(
    r"\\([\\`*_{}\[\]()#+.!|>~-])"
    r"|\*\*?\*?|``*|==(?:\{#[^}\n]{0,80}\})?|~~"
    r"|_(?<!\w_)_{0,2}(?=\S)|_(?<=\S_)_{0,2}(?!\w)"
)
_ATTRIBUTES = re.compile(r"[ \t]*\{[#.][^{}\n]{0,200}\}")


def plain_text(markdown: str) -> str:
    """`markdown` without its marks, in one line."""
    text = markdown
    if "```" in text or "~~~" in text:
        text = _FENCE_LINES.sub("", text)
    if "--" in text:
        text = _TABLE_LINES.sub("", text)
    if "](" in text:
        text = _LINK.sub(r"\1", text)
    if "{" in text:
        text = _ATTRIBUTES.sub("", text)
    text = _LINE_MARKS.sub("", text)
    text = _SIGNS.sub(r"\1", text)
    return " ".join(text.replace("|", " ").split())
