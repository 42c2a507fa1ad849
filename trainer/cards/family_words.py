"""The words of families in the language of the card, and how days and amounts are written in it."""

import re
import unicodedata
from datetime import date
from fractions import Fraction
from functools import lru_cache
from pathlib import Path

from trainer.cards.model import Language
from trainer.cards.parametric import as_decimal
from trainer.penalties.windows import Window

WORDS_FILE = Path(__file__).with_name("family_words.toml")

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            *("jan january", "feb february", "mar march", "apr april", "may", "jun june"),
            *("jul july", "aug august", "sep sept september", "oct october", "nov november"),
            "dec december",
        ),
        start=1,
    )
    for name in names.split()
}
_YEAR_FIRST = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*[日号]?")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
_DAY_FIRST = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?\s*(?:of\s+)?([a-z]+)\.?,?\s+(\d{4})")
_MONTH_FIRST = re.compile(r"([a-z]+)\.?\s*(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})")


class Words:
    """The sentences of one language."""

    def __init__(self, language: Language) -> None:
        self._sentences = _sentences()[language]

    def __call__(self, key: str, /, **blanks: object) -> str:
        """The sentence for `key`. Raises KeyError for one that is not in the file."""
        return self._sentences[key].format(**blanks)

    def day(self, day: date) -> str:
        month = self._sentences["months"].split()[day.month - 1]
        return self("date", year=day.year, month=month, day=day.day)

    def amount(self, number: Fraction, unit: str) -> str:
        """`number` of a record's unit: "1 point", "6 分"; a teacher's own unit stays."""
        key = f"unit.{unit}.1" if number == 1 else f"unit.{unit}"
        written = as_decimal(number)
        return self(key, n=written) if key in self._sentences else f"{written} {unit}"

    def window(self, window: Window) -> str:
        return self(f"window.{window.unit}", n=window.number)

    def topic(self, topic: str, own: str = "") -> str:
        """What a topic is called; `own` is the name that a deck gives it."""
        return own or self._sentences.get(f"topic.{topic}") or topic.replace("-", " ").capitalize()

    def which(self, topic: str, **blanks: object) -> str:
        """The question which platform has a value under `topic`."""
        key = f"which.{topic}"
        return self(key if key in self._sentences else "which.other", **blanks)

    def platform(self, platform: str) -> str:
        name = self._sentences.get(f"platform.{platform}")
        return name if name is not None else platform.replace("-", " ").capitalize()


def day_in_words(day: date, language: Language) -> str:
    """A day as the language writes it: 10 March 2026, 2026 年 3 月 10 日."""
    return Words(language).day(day)


def parse_day(text: str) -> date | None:
    """A day as people type it: 2026-03-10, 2026/3/10, 2026年3月10日, 10 March 2026, Mar 10, 2026.

    None for anything else, and for 3/4/2026, which two countries read differently.
    """
    plain = unicodedata.normalize("NFKC", text).strip().casefold()
    if len(plain) > 40:
        return None
    try:
        if found := _YEAR_FIRST.fullmatch(plain) or _COMPACT.fullmatch(plain):
            return date(*map(int, found.groups()))
        if found := _DAY_FIRST.fullmatch(plain):
            return date(int(found[3]), _MONTHS.get(found[2], 0), int(found[1]))
        if found := _MONTH_FIRST.fullmatch(plain):
            return date(int(found[3]), _MONTHS.get(found[1], 0), int(found[2]))
    except ValueError:
        return None
    return None


@lru_cache(maxsize=1)
def _sentences() -> dict[str, dict[str, str]]:
    import tomllib  # loaded with the first family that is asked

    read: dict[str, dict[str, str]] = tomllib.loads(WORDS_FILE.read_text(encoding="utf-8"))
    return read
