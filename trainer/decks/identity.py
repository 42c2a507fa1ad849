"""Who a card is from version to version of its deck, and whether its answer has changed."""

import re
import unicodedata
from hashlib import blake2b

_NOT_WORDS = re.compile(r"[\W_]+")
PROVISIONAL = "~"  # begins the id of a card that has none in its file; no written id can


def normalised(text: str) -> str:
    """`text` without what retyping changes: case, width, blanks, marks and emphasis."""
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
    return _NOT_WORDS.sub(" ", text.casefold()).strip()


def provisional_name(question: str) -> str:
    """The id of a card that has none yet: the same on every PC for the same question."""
    digest = blake2b(normalised(question).encode("utf-8"), digest_size=6).hexdigest()
    return PROVISIONAL + digest
