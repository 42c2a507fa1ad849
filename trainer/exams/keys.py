"""Keys of an exam: how they are made, what they open, and how people read them.

One suite, X1, all from libsodium: XChaCha20-Poly1305 to seal, BLAKE2b to derive and to hash,
Argon2id (RFC 9106) wherever a person types the secret, Ed25519 to sign, X25519 sealed boxes for
results. Nothing is negotiated. Randomness comes in as `entropy`, a function of a number of bytes.
"""

import hmac
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import blake2b

from trainer.exams.model import ACTIONS, Action, Kdf
from trainer.foundation.errors import TrainerError
from trainer.foundation.fingerprint import word_list

Entropy = Callable[[int], bytes]

KEY_BYTES = 32
SALT_BYTES = 16
NONCE_BYTES = 24
MIB = 1 << 20

KDF_USUAL = Kdf(passes=3, memory=256 * MIB)  # libsodium's MODERATE
KDF_SMALL = Kdf(passes=3, memory=64 * MIB)  # RFC 9106's second choice, for PCs below 4 GB
KDF_FLOOR = KDF_SMALL
KDF_CEILING = Kdf(passes=16, memory=1024 * MIB)  # a hostile header must not stop the PC

PASSPHRASE_WORDS = 6  # and one more that checks them
TICKET_LENGTH = 10  # base-32 characters: 50 bits
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's: no I, L, O, U
_READ_AS = str.maketrans("OILU", "011V")


class ExamError(TrainerError):
    """What is wrong with a package, a secret or a result; `code` begins with "exam."."""


# Deriving and sealing


def check_kdf(kdf: Kdf, floor: Kdf = KDF_FLOOR) -> None:
    """Raises ExamError exam.weak-kdf or exam.wild-kdf."""
    if kdf.passes < floor.passes or kdf.memory < floor.memory:
        raise ExamError("exam.weak-kdf")
    if kdf.passes > KDF_CEILING.passes or kdf.memory > KDF_CEILING.memory:
        raise ExamError("exam.wild-kdf")


def stretch(secret: str, salt: bytes, kdf: Kdf, floor: Kdf = KDF_FLOOR) -> bytes:
    """A key of 32 bytes from something a person types. Raises ExamError for bounds broken.

    Tests of other matters lower `floor`; the program never does.
    """
    from nacl import bindings  # 30 ms to load; only exams and PINs need it

    check_kdf(kdf, floor)
    if len(salt) != SALT_BYTES:
        raise ExamError("exam.weak-kdf")
    return bindings.crypto_pwhash_alg(
        KEY_BYTES,
        secret.encode("utf-8", "surrogatepass"),
        salt,
        kdf.passes,
        kdf.memory,
        bindings.crypto_pwhash_ALG_ARGON2ID13,
    )


def derive(key: bytes, purpose: str, *parts: bytes) -> bytes:
    """A key of 32 bytes for one purpose: keyed BLAKE2b over the purpose and length-framed parts."""
    state = blake2b(key=key, digest_size=KEY_BYTES)
    for part in (purpose.encode("ascii"), *parts):
        state.update(len(part).to_bytes(8, "big"))
        state.update(part)
    return state.digest()


def digest(content: bytes) -> bytes:
    """BLAKE2b-256."""
    return blake2b(content, digest_size=KEY_BYTES).digest()


def seal(key: bytes, content: bytes, bound_to: bytes, entropy: Entropy) -> bytes:
    """`content` under `key`, bound to a context: nonce and XChaCha20-Poly1305 ciphertext."""
    from nacl import bindings

    nonce = entropy(NONCE_BYTES)
    return nonce + bindings.crypto_aead_xchacha20poly1305_ietf_encrypt(
        content, bound_to, nonce, key
    )


def unseal(key: bytes, sealed: bytes, bound_to: bytes) -> bytes:
    """The reverse of `seal`. Raises ExamError exam.not-opened for a wrong key or altered bytes."""
    from nacl import bindings, exceptions

    try:
        return bindings.crypto_aead_xchacha20poly1305_ietf_decrypt(
            sealed[NONCE_BYTES:], bound_to, sealed[:NONCE_BYTES], key
        )
    except (exceptions.CryptoError, ValueError, TypeError) as error:
        raise ExamError("exam.not-opened") from error


# The passphrase in the envelope


def new_passphrase(entropy: Entropy) -> str:
    """Six words of the EFF's long list (77 bits) and one that checks them, parted by spaces."""
    words = word_list()
    chosen = [words[_below(len(words), entropy)] for _ in range(PASSPHRASE_WORDS)]
    return " ".join([*chosen, check_word(chosen)])


def check_word(words: list[str]) -> str:
    """The seventh word: it depends on all six and on their order."""
    number = int.from_bytes(blake2b(" ".join(words).encode(), digest_size=8).digest(), "big")
    return word_list()[number % len(word_list())]


def read_passphrase(text: str) -> str:
    """The passphrase as it was meant, whatever case, spaces, hyphens or composition.

    Raises ExamError: exam.words-count (blanks given, wanted), exam.words-unknown (blank word) for
    one that is not in the list, exam.words-check when all are words but do not belong together:
    one is another word, or two have changed places.
    """
    plain = unicodedata.normalize("NFKC", text).casefold()
    words = ["".join(c for c in word if c.isalnum()) for word in plain.replace("-", " ").split()]
    words = [word for word in words if word]
    wanted = PASSPHRASE_WORDS + 1
    if len(words) != wanted:
        raise ExamError("exam.words-count", given=len(words), wanted=wanted)
    known = set(word_list())
    for word in words:
        if word not in known:
            raise ExamError("exam.words-unknown", word=word[:40])
    if check_word(words[:-1]) != words[-1]:
        raise ExamError("exam.words-check")
    return " ".join(words)


# Codes on paper


def new_code(entropy: Entropy, length: int = TICKET_LENGTH) -> str:
    """`length` characters of Crockford's base 32."""
    return "".join(ALPHABET[_below(len(ALPHABET), entropy)] for _ in range(length))


def read_code(text: str, length: int = TICKET_LENGTH) -> str:
    """A code as it was meant: any case, width, spaces and hyphens; O is 0, I and L are 1, U is V.

    Raises ExamError exam.code-form for anything that cannot be a code.
    """
    plain = unicodedata.normalize("NFKC", text).upper().translate(_READ_AS)
    code = "".join(c for c in plain if c.isalnum())
    if len(code) != length or any(c not in ALPHABET for c in code):
        raise ExamError("exam.code-form", length=length)
    return code


def grouped(code: str) -> str:
    """ "ABCDE-FGHJK": as it stands on paper."""
    return "-".join(code[start : start + 5] for start in range(0, len(code), 5))


_LETTERS: dict[Action, str] = {
    "resume": "R",
    "plus-5": "F",
    "plus-10": "T",
    "pause": "P",
    "unlock": "K",
    "reopen": "N",
    "quit": "Q",
}


@dataclass(frozen=True, slots=True)
class ActionCode:
    """A one-time code of the proctor's sheet: "R2: ABCDE-FGHJK"."""

    candidate: str
    action: Action
    number: int
    code: str

    def __str__(self) -> str:
        return f"{_LETTERS[self.action]}{self.number}: {grouped(self.code)}"


def read_action_code(text: str) -> tuple[Action, int, str]:
    """Action, number and code of what was typed from the sheet. Raises ExamError exam.code-form.

    The letter and number come first, so that one hash is computed and not all.
    """
    plain = "".join(c for c in unicodedata.normalize("NFKC", text).upper() if c.isalnum())
    action = next((each for each in ACTIONS if _LETTERS[each] == plain[:1]), None)
    number, code = plain[1:-TICKET_LENGTH], plain[-TICKET_LENGTH:]
    if action is None or not number.isascii() or not number.isdigit() or len(number) > 3:
        raise ExamError("exam.code-form", length=TICKET_LENGTH)
    return action, int(number), read_code(code)


def code_digest(
    code: ActionCode, exam_id: str, salt: bytes, kdf: Kdf, floor: Kdf = KDF_FLOOR
) -> bytes:
    """What the package keeps of a code: Argon2id, bound to exam, candidate, action and number."""
    bound = f"{exam_id}\n{code.candidate}\n{code.action}\n{code.number}\n{code.code}"
    return stretch(bound, salt, kdf, floor)


def same(left: bytes, right: bytes) -> bool:
    """Compared in constant time."""
    return hmac.compare_digest(left, right)


def _below(bound: int, entropy: Entropy) -> int:
    """A whole number below `bound`, each equally likely: draws that would favour low ones are
    thrown away."""
    limit = (1 << 32) - (1 << 32) % bound
    while (number := int.from_bytes(entropy(4), "big")) >= limit:
        pass
    return number % bound
