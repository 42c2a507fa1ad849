"""HTML of other programs as Markdown of ours, and Markdown as HTML they may show.

Nothing but text, emphasis, lists, tables, links and pictures passes; scripts and styles do not.
Works in one pass over the text, whatever it looks like.
"""

import re
from collections.abc import Callable, Iterator
from html import escape, unescape

import msgspec

from trainer.decks.plain_text import plain_text
from trainer.decks.rendering import Renderer

_SILENT = frozenset(
    [
        "script",
        "style",
        "head",
        "title",
        "iframe",
        "object",
        "embed",
        "svg",
        "math",
        "template",
        "noscript",
        "textarea",
        "select",
        "button",
        "applet",
        "frame",
        "frameset",
        "canvas",
    ]
)
_ACTIVE = frozenset(
    ["script", "iframe", "object", "embed", "svg", "applet", "frame", "frameset", "canvas", "form"]
)
_SOUNDS = frozenset({"audio", "video", "source", "track"})
_BLOCKS = frozenset(
    [
        "p",
        "div",
        "section",
        "article",
        "header",
        "footer",
        "main",
        "aside",
        "figure",
        "figcaption",
        "dl",
        "dt",
        "dd",
        "center",
        "address",
        "fieldset",
        "details",
        "summary",
        "caption",
    ]
)
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_KEPT = frozenset(
    [
        "br",
        "hr",
        "b",
        "strong",
        "i",
        "em",
        "s",
        "del",
        "strike",
        "code",
        "pre",
        "blockquote",
        "ul",
        "ol",
        "li",
        "table",
        "thead",
        "tbody",
        "tfoot",
        "tr",
        "td",
        "th",
        "a",
        "img",
        "sub",
        "sup",
        "p",
    ]
)
_EMPTY = frozenset(
    [
        "br",
        "hr",
        "img",
        "input",
        "meta",
        "link",
        "source",
        "track",
        "wbr",
        "col",
        "area",
        "base",
        "param",
    ]
)
_DEEPEST = 40
_ADDRESS = re.compile(r"(?:https?://|mailto:)[^\s<>\"]{1,2000}\Z", re.IGNORECASE)
_SUPER = str.maketrans("0123456789+-=()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿ")
_SUB = str.maketrans("0123456789+-=()", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎")
_MARKDOWN_SIGNS = re.compile(r"[\\`*_\[]")
_NEEDS_MARKDOWN = re.compile(r"[\\`*_{}\[\]<>&#|!~=\n]|^\s*(?:[-+>]|\d+[.)])|https?:")
_LINE_BEGINS = re.compile(r"([#>|]|[-+*](?=\s|$)|-{3,}|={3,}|\d{1,9}(?=[.)、．](?:\s|$)))")
_TAG = re.compile(r"<(?P<close>/?)(?P<name>[a-zA-Z][a-zA-Z0-9:-]{0,30})(?P<rest>[^<>]*)>")
_ATTRIBUTE = re.compile(r"([a-zA-Z_:][-\w:.]{0,60})(?:\s*=\s*(\"[^\"]*\"|'[^']*'|[^\s\"']+))?")
_LONGEST_TAG = 3_000  # letters of a tag that are looked at
_GAPS = re.compile(r"[ \t\r\n\f\v]+")


class Node(msgspec.Struct):
    """An element that may pass, or one without a name that only holds others."""

    tag: str
    attributes: dict[str, str] = {}
    children: "list[Node | str]" = []


class Clean(msgspec.Struct):
    """HTML without what may not pass, and what that was: codes of `NotCarried`."""

    tree: Node
    dropped: set[str]


def clean(html: str) -> Clean:
    """The tree of `html`, or of text that is none."""
    reader = _Reader()
    reader.read(html)
    return Clean(reader.root, reader.dropped)


class _Reader:
    """Reads tags with patterns that look at each sign a fixed number of times: the parser of the
    standard library takes quadratic time for some texts."""

    def __init__(self) -> None:
        self.root = Node("", {}, [])
        self.dropped: set[str] = set()
        self._open = [self.root]
        self._silent = ""
        self._silent_depth = 0

    def read(self, html: str) -> None:
        html = _without_comments(html)
        end = 0
        for tag in _TAG.finditer(html):
            self._say(unescape(html[end : tag.start()]))
            end = tag.end()
            name = tag["name"].lower()
            if tag["close"]:
                self._end(name)
            else:
                found = _ATTRIBUTE.finditer(tag["rest"], 0, _LONGEST_TAG)
                values = {one[1].lower(): unescape(one[2] or "").strip("\"'") for one in found}
                self._start(name, values)
                if tag["rest"].endswith("/") and name not in _EMPTY:
                    self._end(name)
        self._say(unescape(html[end:]))

    def _start(self, tag: str, values: dict[str, str]) -> None:
        if self._silent:
            self._silent_depth += tag == self._silent
            return
        if tag in _ACTIVE:
            self.dropped.add("carried.active-content")
        if any(name.startswith("on") for name in values):
            self.dropped.add("carried.active-content")
        if tag in _SOUNDS:
            self.dropped.add("carried.sound")
        if tag in _SILENT:
            self._silent, self._silent_depth = tag, 1
            return
        if "style" in values or tag in {"font", "u"}:
            self.dropped.add("carried.styling")
        name = tag if tag in _KEPT or tag in _HEADINGS else "div" if tag in _BLOCKS else ""
        self._put(Node(name, self._attributes(tag, values), []), tag)

    def _end(self, tag: str) -> None:
        if self._silent:
            self._silent_depth -= tag == self._silent
            if not self._silent_depth:
                self._silent = ""
            return
        name = tag if tag in _KEPT or tag in _HEADINGS else "div" if tag in _BLOCKS else ""
        if not name:
            return
        for place in range(len(self._open) - 1, 0, -1):
            if self._open[place].tag == name:
                del self._open[place:]
                return

    def _say(self, data: str) -> None:
        if not self._silent and data:
            self._open[-1].children.append(data)

    def _put(self, node: Node, tag: str) -> None:
        if not node.tag and tag not in _EMPTY:
            return  # its content stands where it stood
        if node.tag in {"li", "tr", "td", "th", "p"}:
            self._end_open(node.tag)
        self._open[-1].children.append(node)
        if tag not in _EMPTY and len(self._open) < _DEEPEST:
            self._open.append(node)

    def _end_open(self, tag: str) -> None:
        """`<li>` after `<li>`: the first one is over, though nobody said so."""
        within = {"li": {"ul", "ol"}, "tr": {"table"}, "td": {"tr"}, "th": {"tr"}, "p": {"div"}}
        also = {"td", "th"} if tag in {"td", "th"} else {tag}
        for place in range(len(self._open) - 1, 0, -1):
            if self._open[place].tag in also:
                del self._open[place:]
                return
            if self._open[place].tag in within[tag] or tag == "p":
                return

    def _attributes(self, tag: str, values: dict[str, str]) -> dict[str, str]:
        if tag == "a":
            address = values.get("href", "").strip()
            if _ADDRESS.match(address):
                return {"href": address}
            if address and not address.startswith("#"):
                self.dropped.add("carried.link")
        if tag == "img":
            return {"src": values.get("src", "").strip(), "alt": values.get("alt", "")}
        if tag == "ol" and values.get("start", "").isdecimal():
            return {"start": values["start"][:6]}
        return {}


def _without_comments(html: str) -> str:
    if "<!" not in html and "<?" not in html:
        return html
    pieces, end = [], 0
    while (start := html.find("<!--", end)) >= 0:
        pieces.append(html[end:start])
        close = html.find("-->", start + 4)
        if close < 0:
            end = len(html)
            break
        end = close + 3
    pieces.append(html[end:])
    return "".join(pieces)


# To Markdown


def markdown_of(tree: Node, picture: Callable[[str, str], str] = lambda _src, _alt: "") -> str:
    """The Markdown of `tree`. `picture(address, description)` gives the path a picture gets in
    our deck, or "" for one that cannot be carried: its description stays."""
    return _Writer(picture).blocks(tree).strip("\n")


class _Writer:
    def __init__(self, picture: Callable[[str, str], str]) -> None:
        self._picture = picture

    def blocks(self, node: Node, within: str = "\n\n") -> str:
        pieces: list[str] = []
        line: list[str] = []

        def end_line() -> None:
            text = _paragraph("".join(line))
            line.clear()
            if text:
                pieces.append(text)

        for child in node.children:
            if isinstance(child, str):
                line.append(_text(child))
            elif child.tag == "br":
                end_line()
            elif child.tag in {"", "p", "div"}:
                end_line()
                pieces.append(self.blocks(child))
            elif child.tag in _HEADINGS:
                end_line()
                words = self.inline(child).strip()
                pieces.append(f"**{words.replace('**', '')}**" if words else "")
            elif child.tag in _BLOCK_WRITERS:
                end_line()
                written = _BLOCK_WRITERS[child.tag](self, child)
                if within == "\n" and child.tag in {"ul", "ol"} and pieces:
                    pieces[-1] += f"\n{written}"
                else:
                    pieces.append(written)
            else:
                line.append(self._inline_node(child))
        end_line()
        return "\n\n".join(piece for piece in pieces if piece.strip())

    def inline(self, node: Node) -> str:
        return "".join(
            _text(child) if isinstance(child, str) else self._inline_node(child)
            for child in node.children
        )

    def _inline_node(self, node: Node) -> str:
        tag = node.tag
        if tag == "br":
            return " "
        if tag == "img":
            return self._image(node)
        if tag == "code":
            return _code_span(_raw(node))
        inside = self.inline(node)
        if tag in {"b", "strong", "i", "em"}:
            return _marked(inside, "**" if tag in {"b", "strong"} else "*")
        if tag == "a" and "href" in node.attributes:
            address = node.attributes["href"].replace("(", "%28").replace(")", "%29")
            return f"[{inside.strip()}]({address})" if inside.strip() else ""
        if tag in {"sub", "sup"}:
            return _raised(inside, above=tag == "sup")
        if tag in {"p", "div", "li", "tr", "td", "th"} or tag in _HEADINGS:
            return f" {inside} "
        return inside

    def _image(self, node: Node) -> str:
        alt = _GAPS.sub(" ", node.attributes.get("alt", "")).strip()
        path = self._picture(node.attributes.get("src", ""), alt)
        alt = alt.replace("[", "(").replace("]", ")")
        return f"![{alt}]({path})" if path else _text(alt)

    def list(self, node: Node) -> str:
        lines: list[str] = []
        number = int(node.attributes.get("start", "1"))
        for child in node.children:
            if isinstance(child, str):
                if child.strip():
                    lines.append(f"- {_text(child).strip()}")
                continue
            body = self.blocks(child, "\n")
            if not body.strip():
                continue
            first, *rest = body.split("\n")
            mark = f"{number}." if node.tag == "ol" else "-"
            lines.append(f"{mark} {first}")
            lines += [f"    {line}" if line else "" for line in rest]
            number += 1
        return "\n".join(lines)

    def quote(self, node: Node) -> str:
        return "\n".join(f"> {line}".rstrip() for line in self.blocks(node).split("\n"))

    def table(self, node: Node) -> str:
        rows = [[self._cell(cell) for cell in _cells(row)] for row in _rows(node)]
        rows = [row for row in rows if row]
        if not rows:
            return self.blocks(Node("", {}, node.children)) if node.children else ""
        width = max(map(len, rows))
        rows = [row + [""] * (width - len(row)) for row in rows]
        lines = [f"| {' | '.join(row)} |" for row in rows]
        lines.insert(1, f"|{' --- |' * width}")
        return "\n".join(lines)

    def _cell(self, node: Node) -> str:
        return _GAPS.sub(" ", self.inline(node)).strip().replace("|", "\\|")

    def code(self, node: Node) -> str:
        text = _raw(node).strip("\n")
        fence = "`" * max(3, 1 + max(map(len, re.findall("`+", text)), default=0))
        return f"{fence}\n{text}\n{fence}"


_BLOCK_WRITERS: dict[str, Callable[[_Writer, Node], str]] = {
    "ul": _Writer.list,
    "ol": _Writer.list,
    "blockquote": _Writer.quote,
    "table": _Writer.table,
    "pre": _Writer.code,
    "hr": lambda _self, _node: "",
    "li": lambda self, node: f"- {self.blocks(node)}",
    "tr": lambda self, node: self.inline(node),
    "thead": lambda self, node: self.blocks(Node("", {}, node.children)),
    "tbody": lambda self, node: self.blocks(Node("", {}, node.children)),
    "tfoot": lambda self, node: self.blocks(Node("", {}, node.children)),
}


def _rows(node: Node) -> Iterator[Node]:
    for child in node.children:
        if isinstance(child, Node):
            if child.tag == "tr":
                yield child
            elif child.tag in {"thead", "tbody", "tfoot"}:
                yield from (r for r in child.children if isinstance(r, Node) and r.tag == "tr")


def _cells(row: Node) -> Iterator[Node]:
    return (c for c in row.children if isinstance(c, Node) and c.tag in {"td", "th"})


def _raw(node: Node) -> str:
    pieces = []
    for child in node.children:
        if isinstance(child, str):
            pieces.append(child)
        else:
            pieces.append("\n" if child.tag == "br" else _raw(child))
    return "".join(pieces)


def _text(words: str) -> str:
    return markdown_escaped(_GAPS.sub(" ", words.replace("\N{NO-BREAK SPACE}", " ")))


def markdown_escaped(words: str) -> str:
    """`words` so that Markdown shows them as they are, but for the beginning of a line."""
    last_link = words.rfind("](")

    def escaped(sign: re.Match[str]) -> str:
        mark, place = sign[0], sign.start()
        if mark == "_" and words[place - 1 : place].isalnum():
            return "_" if words[place + 1 : place + 2].isalnum() else "\\_"
        return mark if mark == "[" and place > last_link else f"\\{mark}"

    return _MARKDOWN_SIGNS.sub(escaped, words)


def _paragraph(words: str) -> str:
    text = _GAPS.sub(" ", words).strip()
    begins = _LINE_BEGINS.match(text)
    if not begins:
        return text
    end = begins.end()
    if begins[0][0].isdecimal():
        return f"{text[:end]}\\{text[end:]}"
    return f"\\{text}"


def plain_to_markdown(words: str) -> str:
    """Plain text as Markdown that shows the same words, paragraph by paragraph."""
    lines = (_paragraph(markdown_escaped(line)) for line in words.splitlines())
    return "\n\n".join(line for line in lines if line)


def _marked(inside: str, mark: str) -> str:
    words = inside.strip()
    if not words or mark in words:
        return inside
    before = inside[: len(inside) - len(inside.lstrip())]
    after = inside[len(inside.rstrip()) :]
    return f"{before}{mark}{words}{mark}{after}"


def _code_span(text: str) -> str:
    text = _GAPS.sub(" ", text)
    if not text.strip():
        return text
    ticks = "`" * (1 + max(map(len, re.findall("`+", text)), default=0))
    pad = " " if text[0] == "`" or text[-1] == "`" else ""
    return f"{ticks}{pad}{text}{pad}{ticks}"


def _raised(inside: str, *, above: bool) -> str:
    shifted = inside.translate(_SUPER if above else _SUB)
    if all(a != b or a == " " for a, b in zip(inside, shifted, strict=True)):
        return shifted
    return f"{'^' if above else '_'}({inside})" if inside.strip() else inside


# From Markdown


class HtmlWriter:
    """Markdown of decks as HTML or XHTML. Pictures get the address that `picture` says."""

    def __init__(self, picture: Callable[[str], str] = lambda _target: "") -> None:
        self._renderer = Renderer()
        self._picture = picture

    def html(self, markdown: str) -> str:
        """HTML that other programs may show: well-formed, nothing active in it."""
        if not _NEEDS_MARKDOWN.search(markdown):
            return f"<p>{escape(markdown, quote=False)}</p>" if markdown else ""
        return xhtml_of(clean(self._renderer.render(markdown)).tree, self._picture)

    def line(self, markdown: str) -> str:
        """The HTML of one paragraph, without the paragraph."""
        html = self.html(markdown)
        if html.startswith("<p>") and html.endswith("</p>") and html.count("<p>") == 1:
            return html[3:-4]
        return html


def xhtml_of(tree: Node, picture: Callable[[str], str] = lambda target: target) -> str:
    """`tree` as well-formed XHTML."""
    pieces: list[str] = []
    _write_xhtml(tree, picture, pieces)
    return "".join(pieces).strip()


def _write_xhtml(node: Node, picture: Callable[[str], str], pieces: list[str]) -> None:
    for child in node.children:
        if isinstance(child, str):
            pieces.append(escape(_printable(child), quote=False))
            continue
        attributes = child.attributes
        if child.tag == "img":
            source = picture(attributes.get("src", ""))
            alt = escape(_printable(attributes.get("alt", "")))
            pieces.append(f'<img src="{escape(source)}" alt="{alt}" />' if source else alt)
        elif child.tag in {"br", "hr"}:
            pieces.append(f"<{child.tag} />")
        elif not child.tag:
            _write_xhtml(child, picture, pieces)
        else:
            inside = "".join(f' {n}="{escape(_printable(v))}"' for n, v in attributes.items())
            pieces.append(f"<{child.tag}{inside}>")
            _write_xhtml(child, picture, pieces)
            pieces.append(f"</{child.tag}>")


_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def _printable(text: str) -> str:
    return _NOT_XML.sub("\ufffd", text)


def xml_text(text: str) -> str:
    """`text` for XML: escaped, and without the characters that XML cannot hold."""
    return escape(_printable(text))


def words_of(html: str) -> str:
    """The words of `html` in one line."""
    return plain_text(unescape(re.sub(r"<[^>]{0,2000}>", " ", html)))
