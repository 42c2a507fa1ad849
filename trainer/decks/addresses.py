"""Where decks live: `platforms/amazon/orders.md`, `platforms/amazon/orders.zh.md`."""

from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import Literal

from trainer.cards.model import Language

SubjectKind = Literal["platform", "product", "skill", ""]
SUBJECT_FOLDERS: dict[str, SubjectKind] = {
    "platforms": "platform",
    "products": "product",
    "skills": "skill",
}

SUFFIX = ".md"
SHOP_FOLDER = "shop"
"""Below the content folder: events and tables of the simulated shop, which are no decks."""
_NO_DECKS = frozenset({"template", "templates"})
ORIGINAL: Language = "en"
_LANGUAGES: dict[str, Language] = {"": "en", "en": "en", "zh": "zh"}
LANGUAGES: tuple[Language, ...] = ("en", "zh")


@dataclass(frozen=True, slots=True, order=True)
class Address:
    """Which deck a file is, and in which language."""

    deck_id: str
    language: Language

    @property
    def path(self) -> str:
        """Below the content folder, forward slashes."""
        suffix = "" if self.language == ORIGINAL else f".{self.language}"
        return f"{self.deck_id}{suffix}{SUFFIX}"


def is_deck_file(path: PurePath) -> bool:
    """Whether a file, by its path below the content folder, is meant as a deck: Markdown that is
    not about the folder itself and no template to copy."""
    name = path.name
    if not name.endswith(SUFFIX) or name == "README.md" or name[0] in "._" or is_shop_file(path):
        return False
    return not _NO_DECKS.intersection(path.parts)


def is_shop_file(path: PurePath) -> bool:
    """Whether a file, by its path below the content folder, belongs to the simulated shop."""
    parts = path.parts
    return len(parts) > 1 and parts[0] == SHOP_FOLDER and parts[-1].endswith(SUFFIX)


def address_of(path: PurePath) -> Address | None:
    """The address of a deck file given by its path below the content folder.

    None when the language in its name is one we do not teach in ("orders.fr.md").
    """
    stem = path.as_posix().removesuffix(SUFFIX)
    folder, _, name = stem.rpartition("/")
    base, dot, suffix = name.rpartition(".")
    # Only a short word is a language: "v2.1" or "orders.old" are names.
    if dot and len(suffix) == 2 and suffix.isascii() and suffix.isalpha() and base:
        language = _LANGUAGES.get(suffix.lower())
        if language is None:
            return None
        stem = f"{folder}/{base}" if folder else base
        return Address(stem, language)
    return Address(stem, ORIGINAL)


def content_folder_of(path: Path) -> Path:
    """The content folder that a deck, or a folder of decks, lies in: the nearest one with a
    folder `platforms`, `products` or `skills` in it; else the folder itself."""
    folder = path if path.is_dir() else path.parent
    for candidate in (folder, *folder.parents):
        if any((candidate / name).is_dir() for name in SUBJECT_FOLDERS):
            return candidate
        if candidate.name in SUBJECT_FOLDERS or candidate.name == SHOP_FOLDER:
            return candidate.parent
    return folder
