import unicodedata
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.exams.conftest import QUICK, Entropy
from trainer.exams.keys import (
    ALPHABET,
    KDF_FLOOR,
    ActionCode,
    ExamError,
    derive,
    grouped,
    new_code,
    new_passphrase,
    read_action_code,
    read_code,
    read_passphrase,
    seal,
    stretch,
    unseal,
)
from trainer.exams.model import ACTIONS, Action, Kdf
from trainer.exams.teacher_keys import (
    new_keys,
    read_keys,
    read_public,
    seal_to,
    verify,
    write_keys,
    write_public,
)

WORD_CODES = {"", "exam.words-count", "exam.words-unknown", "exam.words-check"}
WORDS = new_passphrase(Entropy("words"))


@pytest.mark.parametrize(
    "typed",
    [
        WORDS,
        WORDS.upper(),
        f"  {WORDS.replace(' ', '   ')}\n",
        WORDS.replace(" ", "-"),
        unicodedata.normalize("NFD", WORDS),
        WORDS.translate({ord(c): ord(c) + 0xFEE0 for c in "abcdefghijklmnopqrstuvwxyz"}),
        WORDS.replace(" ", "\u3000"),
    ],
)
def test_t08_right_words_are_taken_however_they_are_typed(typed: str) -> None:
    assert read_passphrase(typed) == WORDS


def code_of(read: Callable[[str], object], text: str) -> str:
    """The code of the error that reading `text` leads to; "" for none."""
    try:
        read(text)
    except ExamError as error:
        return error.code
    return ""


def other_word(word: str) -> str:
    return "zoom" if word != "zoom" else "abacus"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda words: words[:-1], "exam.words-count"),
        (lambda words: [*words, "zoom"], "exam.words-count"),
        (lambda words: ["xyzzyx", *words[1:]], "exam.words-unknown"),
        (lambda words: [other_word(words[0]), *words[1:]], "exam.words-check"),
        (lambda words: [words[1], words[0], *words[2:]], "exam.words-check"),
        (lambda words: [*words[:-1], other_word(words[-1])], "exam.words-check"),
        (lambda _: [], "exam.words-count"),
    ],
)
def test_t08_what_is_wrong_with_words_is_told(change: object, code: str) -> None:
    changed = change(WORDS.split())  # type: ignore[operator] # a function of a list

    with pytest.raises(ExamError) as caught:
        read_passphrase(" ".join(changed))

    assert caught.value.code == code


@given(st.text(max_size=300))
def test_any_text_is_words_or_one_sentence(text: str) -> None:
    assert code_of(read_passphrase, text) in WORD_CODES


@given(st.integers(0, 10_000))
def test_codes_are_read_as_they_are_meant(seed: int) -> None:
    code = new_code(Entropy(str(seed)))
    worn = grouped(code).lower().replace("0", "o").replace("1", "l").replace("v", "u")

    assert read_code(worn) == code
    assert set(code) <= set(ALPHABET)


@pytest.mark.parametrize("text", ["", "ABCDE", "ABCDE-FGHJK-M", "ABCDE-FGHJ*", "éBCDEFGHJK"])
def test_what_is_no_code(text: str) -> None:
    with pytest.raises(ExamError, match=r"exam\.code-form"):
        read_code(text)


@pytest.mark.parametrize("action", ACTIONS)
def test_a_code_of_the_sheet_says_what_it_is(action: Action) -> None:
    code = ActionCode("17", action, 2, new_code(Entropy(action)))

    assert read_action_code(str(code)) == (action, 2, code.code)
    assert read_action_code(str(code).lower().replace(":", "")) == (action, 2, code.code)


@given(st.text(max_size=60))
def test_any_text_is_an_action_code_or_one_sentence(text: str) -> None:
    assert code_of(read_action_code, text) in {"", "exam.code-form"}


@pytest.mark.parametrize("kdf", [Kdf(1, 8192), Kdf(2, 1 << 28), Kdf(3, 1 << 20)])
def test_t04_a_weak_derivation_is_refused(kdf: Kdf) -> None:
    with pytest.raises(ExamError, match=r"exam\.weak-kdf"):
        stretch("x", bytes(16), kdf)


def test_a_derivation_that_would_stop_the_pc_is_refused() -> None:
    with pytest.raises(ExamError, match=r"exam\.wild-kdf"):
        stretch("x", bytes(16), Kdf(3, 1 << 42))


def test_what_is_sealed_opens_only_whole_with_its_key_and_in_its_place() -> None:
    key = bytes(range(32))
    sealed = seal(key, b"answer", b"here", Entropy("n"))

    assert unseal(key, sealed, b"here") == b"answer"
    for wrong in (
        (bytes(32), sealed, b"here"),
        (key, sealed, b"there"),
        (key, sealed[:-1], b"here"),
        (key, sealed[:20], b"here"),
        (key, b"", b"here"),
    ):
        with pytest.raises(ExamError, match=r"exam\.not-opened"):
            unseal(*wrong)


def test_parts_of_a_derivation_cannot_be_shifted_into_one_another() -> None:
    key = bytes(32)
    assert derive(key, "p", b"ab", b"c") != derive(key, "p", b"a", b"bc")
    assert derive(key, "p", b"a") != derive(key, "pa")


def test_keys_come_back_with_their_passphrase_alone() -> None:
    keys = new_keys("Ms Li", Entropy("keys"))
    file = write_keys(keys, "correct horse", Entropy("file"), kdf=QUICK)

    assert read_keys(file, " correct horse ", floor=QUICK) == keys
    with pytest.raises(ExamError, match=r"exam\.passphrase-wrong"):
        read_keys(file, "correct house", floor=QUICK)
    with pytest.raises(ExamError, match=r"exam\.weak-kdf"):
        read_keys(file, "correct horse", floor=KDF_FLOOR)
    assert keys.sign_seed not in file
    assert "sign_seed" not in repr(keys)


def test_the_public_part_is_the_same_in_both_files() -> None:
    keys = new_keys("Ms Li", Entropy("keys"))
    file = write_keys(keys, "correct horse", Entropy("file"), kdf=QUICK)

    assert read_public(file) == read_public(write_public(keys))
    assert read_public(file).words == keys.words
    assert len(keys.words.split("-")) == 6


@given(st.binary(max_size=200))
def test_any_bytes_are_keys_or_one_sentence(content: bytes) -> None:
    with pytest.raises(ExamError, match=r"exam\.no-key-file"):
        read_keys(content, "correct horse")


def test_signatures_and_boxes() -> None:
    keys, other = new_keys("a", Entropy("a")), new_keys("b", Entropy("b"))
    signature = keys.sign(b"text")

    assert verify(keys.sign_public, b"text", signature)
    assert not verify(other.sign_public, b"text", signature)
    assert not verify(keys.sign_public, b"test", signature)
    assert not verify(b"short", b"text", signature)
    sealed = seal_to(keys.box_public, b"secret")
    assert keys.open_box(sealed) == b"secret"
    with pytest.raises(ExamError, match=r"exam\.not-opened"):
        other.open_box(sealed)


@pytest.mark.parametrize(
    ("passphrase", "good"),
    [("我的口令一句话", True), ("我的口令", False), ("nine char", False), ("ten  chars", True)],
)
def test_a_chinese_character_counts_as_two_letters(passphrase: str, good: bool) -> None:
    keys = new_keys("Ms Li", Entropy("keys"))
    if good:
        file = write_keys(keys, passphrase, Entropy("file"), kdf=QUICK)
        assert read_keys(file, unicodedata.normalize("NFD", passphrase), floor=QUICK) == keys
        return
    with pytest.raises(ExamError, match=r"exam\.passphrase-short"):
        write_keys(keys, passphrase, Entropy("file"), kdf=QUICK)
