"""Keys in words."""

from hypothesis import given
from hypothesis import strategies as st

from trainer.foundation.fingerprint import fingerprint_words


def test_the_words_of_a_key_never_change() -> None:
    # People have written them down: other words would call a known key unknown.
    assert fingerprint_words(bytes(32)) == "coil-showgirl-cultural-hazily-gnarly-payment"


@given(st.binary(min_size=32, max_size=32), st.binary(min_size=32, max_size=32))
def test_another_key_has_other_words(key: bytes, other: bytes) -> None:
    words = fingerprint_words(key).split("-")
    assert len(words) == 6
    assert all(word.isascii() and word.isalpha() for word in words)
    assert (fingerprint_words(other) == fingerprint_words(key)) is (other == key)
