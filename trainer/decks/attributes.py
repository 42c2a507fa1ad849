"""Attribute lists: `{#id .class key=value key="a value"}` at the end of a line."""

import re

import msgspec

from trainer.foundation.identifiers import SLUG

_TOKEN = re.compile(
    r"""[#＃](?P<id>[^\s{}]*)
      | \.(?P<class>[^\s{}]+)
      | (?P<key>[^\W\d_][\w-]*+)[ ]?[=＝][ ]?(?P<value>"[^"]*"|“[^“”]*”|'[^']*'|[^\s"“']+)
      | (?P<bad>\S+)""",
    re.VERBOSE,
)
_LOOKS_LIKE_ONE = re.compile(r"\s*(?:[#＃.]|[^\W\d_][\w-]*+[ ]?[=＝])")
_QUOTES = "\"'“”"


class Attributes(msgspec.Struct, frozen=True):
    """What an attribute list says. `bad` has the pieces that are no attribute."""

    name: str = ""
    classes: tuple[str, ...] = ()
    values: dict[str, str] = {}
    bad: tuple[str, ...] = ()


NO_ATTRIBUTES = Attributes()


def list_start(line: str) -> int:
    """Where the attribute list begins that `line` (no blanks behind it) ends with; -1 if none."""
    if line[-1:] not in {"}", "｝"}:
        return -1
    start = line.rfind("{")
    if start < 0 or line[-1] == "｝":
        start = max(start, line.rfind("｛"))
    if start < 0:
        return -1
    after = line[start + 1 : start + 2]
    if after == "#" or after == "." or _LOOKS_LIKE_ONE.match(line, start + 1):
        return start
    return -1


def split_attributes(line: str) -> tuple[str, Attributes]:
    """`line` without the attribute list at its end, and the list."""
    line = line.rstrip()
    start = list_start(line)
    if start < 0:
        return line, NO_ATTRIBUTES
    return line[:start].rstrip(), parse_attributes(line[start + 1 : -1])


def parse_attributes(inside: str) -> Attributes:
    """The attributes between the braces."""
    if inside[:1] == "#" and SLUG.fullmatch(inside, 1):
        return Attributes(inside[1:])
    name = ""
    classes: list[str] = []
    values: dict[str, str] = {}
    bad: list[str] = []
    for token in _TOKEN.finditer(inside):
        match token.lastgroup:
            case "id" if not name:
                name = token["id"] or "#"
            case "class":
                classes.append(token["class"])
            case "value":
                values[token["key"]] = token["value"].strip(_QUOTES)
            case _:
                bad.append(token[0])
    return Attributes(name, tuple(classes), values, tuple(bad))
