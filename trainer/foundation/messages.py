"""Codes in, sentences out: the one place where text for people comes from.

Each language has a gettext catalogue whose msgids are codes ("study.show-answer"); English is a
catalogue like any other. Blanks are filled with `str.format`.
"""

import gettext
from pathlib import Path

LANGUAGES = ("en", "zh_CN")
DOMAIN = "trainer"


class Messages:
    """The sentences of one language."""

    def __init__(self, catalogue: gettext.NullTranslations, language: str) -> None:
        self._catalogue = catalogue
        self.language = language

    def __call__(self, code: str, /, **blanks: object) -> str:
        """The sentence for `code`; an unknown code is shown as it is, so nothing is hidden."""
        sentence = self._catalogue.gettext(code)
        return sentence.format(**blanks) if blanks else sentence

    def count(self, code: str, number: int, /, **blanks: object) -> str:
        """The sentence for `number` things: the catalogue knows the language's plural forms."""
        return self._catalogue.ngettext(code, code, number).format(number=number, **blanks)

    def knows(self, code: str) -> bool:
        return self._catalogue.gettext(code) != code


def load_messages(folder: Path, language: str) -> Messages:
    """The catalogue of `language` from `folder`/<language>/LC_MESSAGES/trainer.mo.

    Raises FileNotFoundError when it has not been compiled (`make translations`).
    """
    return Messages(gettext.translation(DOMAIN, folder, languages=[language]), language)


def system_language(locale_name: str) -> str:
    """The interface language for a system locale such as "zh-CN" or "en_GB"."""
    return "zh_CN" if locale_name.lower().startswith("zh") else "en"
