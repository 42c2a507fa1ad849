"""Keys in words."""

import subprocess
import sys
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from trainer.foundation.fingerprint import fingerprint_words

ROOT = Path(__file__).resolve().parents[2]


def test_the_words_of_a_key_never_change() -> None:
    # People have written them down: other words would call a known key unknown.
    assert fingerprint_words(bytes(32)) == "coil-showgirl-cultural-hazily-gnarly-payment"


@given(st.binary(min_size=32, max_size=32), st.binary(min_size=32, max_size=32))
def test_another_key_has_other_words(key: bytes, other: bytes) -> None:
    words = fingerprint_words(key).split("-")
    assert len(words) == 6
    assert all(word.isascii() and word.isalpha() for word in words)
    assert (fingerprint_words(other) == fingerprint_words(key)) is (other == key)


def test_the_words_are_found_where_only_their_folder_is(tmp_path: Path) -> None:
    """As in the bundle, which has the list and none of the package's programs."""
    lists = tmp_path / "xkcdpass" / "static"
    lists.mkdir(parents=True)
    (lists / "eff-long").write_text("first\nsecond\n", encoding="utf-8")
    program = (
        f"import sys; sys.path[:0] = [{str(ROOT)!r}, {str(tmp_path)!r}]\n"
        "from trainer.foundation.fingerprint import word_list\n"
        "print(word_list())"
    )
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", program],
        check=False,
        capture_output=True,
        encoding="utf-8",
    )
    assert done.stdout.strip() == "('first', 'second')", done.stderr
