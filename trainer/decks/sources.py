"""`Source:` lines: a title, an address and the date the rule was read there."""

from trainer.decks.front_matter import as_date
from trainer.decks.model import Source

UNDATED = ("undated", "no date", "未注明日期", "无日期", "日期不详")
_OPEN, _CLOSE = "(（", ")）"


def parse_source(text: str) -> tuple[Source, str]:
    """The source in `text` and what is wrong with it: "", source-undated, bad-date, bad-link."""
    rest, date, problem = _split_date(text.strip())
    title, url = _split_link(rest)
    if not problem and url and not url.startswith(("http://", "https://")):
        problem = "bad-link"
    return Source(title, url, date), problem


def _split_date(text: str) -> tuple[str, str, str]:
    if text[-1:] in _CLOSE:
        start = max(text.rfind(mark) for mark in _OPEN)
        inside = text[start + 1 : -1].strip() if start >= 0 else ""
        if start > 0 and inside.lower() in UNDATED:
            return text[:start].rstrip(), "", ""
        if start > 0 and inside[:1].isdecimal():
            date = as_date(inside)
            if date is not None:
                return text[:start].rstrip(), date, ""
            if not text[:start].endswith("]"):
                return text[:start].rstrip(), "", "bad-date"
    return text, "", "source-undated"


def _split_link(text: str) -> tuple[str, str]:
    """Title and address of `[title](address)`, of `<address>`, or a plain title."""
    if text.startswith("<") and text.endswith(">"):
        return text[1:-1], text[1:-1]
    middle = text.find("](")
    if text.startswith("[") and middle > 0 and text.endswith(")"):
        return text[1:middle].strip(), text[middle + 2 : -1].strip().strip("<>")
    if text.startswith(("http://", "https://")) and " " not in text:
        return text, text
    return text, ""
