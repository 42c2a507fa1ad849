"""Markdown to HTML that is safe to show: no raw HTML, no scripts, images from beside the deck only.

Python-Markdown does the work; it takes 25 ms to load, so it is loaded with the first text.
"""

import html
import re
from typing import TYPE_CHECKING

from trainer.cards.model import Cloze
from trainer.decks.images import image_path

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

    from markdown import Markdown

GAP = "\ue000"  # where a hidden part stands; drawn as an empty box
FILLED_FROM, FILLED_TO = "\ue001", "\ue002"

# Python-Markdown takes quadratic time for brackets, and a card is not a book.
_MOST_BRACKETS = 400
_LONGEST = 30_000
_DEEPEST_INDENT = re.compile(r"^[ \t>]{200}", re.MULTILINE)
_SAFE_ADDRESS = re.compile(r"(?:https?://|mailto:|#|[^:/?#]*(?:[/?#]|$))", re.IGNORECASE)


class Renderer:
    """Renders texts of decks that lie in `folder`, their path's folder below the content folder.

    Addresses of images become `image_root` and the path below the content folder. Not
    thread-safe: each thread makes its own.
    """

    def __init__(self, folder: str = "", image_root: str = "") -> None:
        self.folder = folder
        self._image_root = image_root
        self._markdown: Markdown | None = None

    def render(self, text: str) -> str:
        """`text` as HTML."""
        too_much = len(text) > _LONGEST or text.count("[") > _MOST_BRACKETS
        if too_much or _DEEPEST_INDENT.search(text):
            return _as_written(text)
        if self._markdown is None:
            self._markdown = _make(self)
        self._markdown.reset()
        try:
            return str(self._markdown.convert(text))
        except RecursionError:  # a hundred lists in lists
            return _as_written(text)

    def image_address(self, target: str) -> str | None:
        """Where the image `target` is to be fetched from; None when it must not be."""
        path, trouble = image_path(target, self.folder)
        return None if trouble else f"{self._image_root}{path}"


def render_markdown(text: str, folder: str = "") -> str:
    """`text` of a deck in `folder` as HTML. For more than one text, keep a Renderer."""
    return Renderer(folder).render(text)


def cloze_markdown(cloze: Cloze, *, reveal: bool) -> str:
    """The text of a cloze with a gap for its hidden part, or with the part marked."""
    part = next(part for part in cloze.parts if part.key == cloze.hidden)
    hidden = f"{FILLED_FROM}{cloze.text[part.start : part.end]}{FILLED_TO}" if reveal else GAP
    return f"{cloze.text[: part.start]}{hidden}{cloze.text[part.end :]}"


def cloze_html(cloze: Cloze, renderer: Renderer, *, reveal: bool) -> str:
    """A cloze as HTML: the gap as `<span class="gap">`, the revealed part as `class="filled"`."""
    rendered = renderer.render(cloze_markdown(cloze, reveal=reveal))
    return (
        rendered.replace(GAP, f'<span class="gap">{"&nbsp;" * 8}</span>')
        .replace(FILLED_FROM, '<span class="filled">')
        .replace(FILLED_TO, "</span>")
    )


def _as_written(text: str) -> str:
    return f"<pre>{html.escape(text)}</pre>"


def _make(renderer: Renderer) -> "Markdown":
    from markdown import Markdown
    from markdown.treeprocessors import Treeprocessor

    class SafeAddresses(Treeprocessor):
        """Runs when the tree is whole, so every way to write a link or image passes here."""

        def run(self, root: "Element") -> None:
            for parent in list(root.iter()):
                for place, child in enumerate(list(parent)):
                    if child.tag == "img":
                        _check_image(parent, place, child, renderer)
                    elif child.tag == "a":
                        _check_link(child)

    markdown = Markdown(extensions=["tables", "fenced_code", "sane_lists"], output_format="html")
    # Raw HTML is shown as text: what finds it is taken out, so it is escaped like any other text.
    markdown.preprocessors.deregister("html_block")
    markdown.inlinePatterns.deregister("html")
    markdown.treeprocessors.register(SafeAddresses(markdown), "safe_addresses", -5)
    return markdown


def _check_image(parent: "Element", place: int, image: "Element", renderer: Renderer) -> None:
    address = renderer.image_address(str(image.get("src", "")))
    if address is not None:
        image.set("src", address)
        return
    from xml.etree.ElementTree import Element  # loaded with Python-Markdown, not before

    # The description stays where the image would have stood.
    shown = Element("span", {"class": "no-image"})
    shown.text = str(image.get("alt", ""))
    shown.tail = image.tail
    parent[place] = shown


def _check_link(link: "Element") -> None:
    address = str(link.get("href", ""))
    if not _SAFE_ADDRESS.match(html.unescape(address).strip()):
        del link.attrib["href"]
