"""Blocks of a deck to begin with: read from the assets, one file a language."""

import re
from collections.abc import Mapping
from pathlib import Path
from string import Template

from trainer.cards.model import Language
from trainer.decks.addresses import SUBJECT_FOLDERS

# The order they are offered in, with the letter that chooses each in the menu. None: a line.
SNIPPETS: tuple[tuple[str, str] | None, ...] = (
    ("rule", "R"),
    None,
    ("single-choice", "S"),
    ("multiple-response", "M"),
    ("true-false", "F"),
    ("recall", "Q"),
    ("number", "N"),
    ("typed", "Y"),
    ("cloze", "C"),
    ("term", "T"),
    ("ordering", "O"),
    ("matching", "A"),
    ("parametric", "P"),
    ("why", "W"),
    None,
    ("scenario", "E"),
    ("track", "K"),
    ("violations", "V"),
    ("metrics", "H"),
    ("fines", "I"),
)
STOP = re.compile("⟦([^⟧]*)⟧")  # words to be written over

_HEADING = re.compile(r"^=== (\S+)$", re.MULTILINE)


def load_snippets(assets: Path, language: Language) -> Mapping[str, str]:
    """The snippets by name; `⟦words⟧` are the places to fill in."""
    text = (assets / "snippets" / f"{language}.md").read_text(encoding="utf-8")
    _, *pieces = _HEADING.split(text)
    return {name: body.strip("\n") for name, body in zip(pieces[::2], pieces[1::2], strict=True)}


def filled(snippet: str) -> str:
    """A snippet with the words of its places."""
    return STOP.sub(r"\1", snippet)


def new_deck(
    assets: Path, language: Language, *, deck_id: str, title: str, competence: str, month: str
) -> str:
    """The text of a new deck. `month` is "2026-12"."""
    kind = SUBJECT_FOLDERS[deck_id.partition("/")[0]]
    subject = deck_id.split("/")[1]
    head = (
        "---",
        f"title: {title}",
        f"{kind}: {subject}",
        f"competence: {competence}",
        f"as-of: {month}",
        "---",
        "",
    )
    body = Template(load_snippets(assets, language)["template"]).safe_substitute(
        title=title, month=month
    )
    return "\n".join(head) + body + "\n"
