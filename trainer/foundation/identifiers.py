"""Names that are unique without asking anybody: time-ordered for rows, readable for cards."""

import re
import unicodedata
from collections.abc import Callable, Container

_NOT_SLUG = re.compile(r"[^a-z0-9]+")
SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


def time_ordered_id(milliseconds: int, random_bytes: Callable[[int], bytes]) -> str:
    """32 hexadecimal digits that sort by time: 48 bits of milliseconds, then 80 random bits.

    The layout follows UUID version 7 (RFC 9562) without its version digits.
    """
    return f"{milliseconds & 0xFFFFFFFFFFFF:012x}{random_bytes(10).hex()}"


def slug(text: str, taken: Container[str] = (), fallback: str = "card") -> str:
    """A short readable id made of `text`, not yet in `taken`.

    Text without Latin letters or digits gives `fallback`, so the id stays typeable everywhere.
    """
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode("ascii").lower()
    words = [word for word in _NOT_SLUG.split(plain) if word][:6]
    stem = "-".join(words)[:48].strip("-") or fallback
    candidate, number = stem, 1
    while candidate in taken:
        number += 1
        candidate = f"{stem}-{number}"
    return candidate
