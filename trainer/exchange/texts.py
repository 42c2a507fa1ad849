"""Reads the texts of one import: HTML to Markdown, with a word for all that stays behind."""

import re

from trainer.cards.model import Language
from trainer.decks.plain_text import plain_text
from trainer.exchange.html_text import clean, markdown_of, plain_to_markdown
from trainer.exchange.model import NotCarried
from trainer.exchange.pictures import Pictures

_SOUND = re.compile(r"\[sound:[^\]\n]{0,300}\]")
_LATEX = re.compile(r"\\\(|\\\[|\[latex\]|\[\$\]|\$\$", re.IGNORECASE)
_IMAGE = re.compile(
    r"!\[([^\[\]\n]{0,500})\]"
    r"\(\s?<?([^)\s>]{1,2000})>?(?:\s+\"[^\"\n]{0,300}\")?\)"
)
_HAN = re.compile("[\u4e00-\u9fff]")
LONGEST_TEXT = 200_000


class Texts:
    """Turns the texts of a file into ours. Say `about` before the texts of each question."""

    def __init__(self, pictures: Pictures) -> None:
        self._pictures = pictures
        self._where = ""
        self.lost: list[NotCarried] = []

    def about(self, where: str) -> None:
        where = where[:2000]
        where = plain_text(markdown_of(clean(where).tree) if "<" in where else where)
        self._where = where if len(where) <= 60 else f"{where[:60]}…"
        self._pictures.where = self._where

    def html(self, text: str) -> str:
        """The Markdown of an HTML text."""
        if len(text) > LONGEST_TEXT:
            self.lose("carried.too-long")
            text = text[:LONGEST_TEXT]
        if "[sound:" in text:
            text = _SOUND.sub("", text)
            self.lose("carried.sound")
        if _LATEX.search(text):
            self.lose("carried.formula")
        cleaned = clean(text)
        for code in sorted(cleaned.dropped):
            self.lose(code)
        return markdown_of(cleaned.tree, self._pictures)

    def line(self, text: str) -> str:
        """The Markdown of an HTML text in one line."""
        return " ".join(self.html(text).split())

    def markdown(self, text: str) -> str:
        """A text that is Markdown already; its pictures are taken along."""
        if "![" in text:
            text = _IMAGE.sub(self._image, text)
        if len(text) > LONGEST_TEXT:
            self.lose("carried.too-long")
            text = text[:LONGEST_TEXT]
        return text.strip()

    def _image(self, image: "re.Match[str]") -> str:
        path = self._pictures(image[2], image[1])
        return f"![{image[1]}]({path})" if path else image[1]

    def plain(self, text: str) -> str:
        """The Markdown of a text without any marks."""
        return plain_to_markdown(text[:LONGEST_TEXT])

    def lose(self, code: str, **blanks: str) -> None:
        """Say that something of the present question stays behind; twice is once."""
        one = NotCarried(code, self._where, blanks)
        if not self.lost or one not in self.lost[-8:]:
            self.lost.append(one)

    def everything_lost(self) -> tuple[NotCarried, ...]:
        return (*self.lost, *self._pictures.lost)


def language_of(texts: "list[str]") -> Language:
    """The language most of `texts` are in."""
    sample = texts[:200]
    chinese = sum(1 for text in sample if _HAN.search(text))
    return "zh" if chinese * 2 > len(sample) else "en"
