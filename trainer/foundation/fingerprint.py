"""A public key as a few words that two people can compare aloud."""

from functools import cache
from hashlib import blake2b
from importlib.resources import files

_WORDS_OF = "eff-long"  # the Electronic Frontier Foundation's list of 7,776 words, 2016


def fingerprint_words(key: bytes, count: int = 6) -> str:
    """`count` words that stand for `key`, parted by hyphens: "gravel-mocker-uneasy-…".

    Each word carries 12.9 bits: to find another key with the same six words takes about 2**77
    tries. The words are those of the EFF's long list, which xkcdpass brings along.
    """
    words = word_list()
    number = int.from_bytes(blake2b(key, digest_size=32, person=b"fingerprint").digest(), "big")
    chosen = []
    for _ in range(count):
        number, place = divmod(number, len(words))
        chosen.append(words[place])
    return "-".join(chosen)


@cache
def word_list() -> tuple[str, ...]:
    """The 7,776 words, in the list's order, lower case, without hyphens."""
    # Part by part: in the bundle there is only the folder, and no package around it.
    words = files("xkcdpass") / "static" / _WORDS_OF
    text = words.read_text(encoding="utf-8")
    return tuple(line.strip().replace("-", "") for line in text.splitlines() if line.strip())
