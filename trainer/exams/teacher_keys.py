"""The teacher's own keys: they sign packages and open results; and the school's spare key.

Private parts lie in a file under a passphrase of the teacher's own; the public parts are what a
lab PC is told (pinned), and what people compare as six words.
"""

import unicodedata
from dataclasses import dataclass, field
from typing import TypeVar

import msgspec

from trainer.cards.model import Value
from trainer.exams.keys import (
    KDF_FLOOR,
    KDF_USUAL,
    KEY_BYTES,
    SALT_BYTES,
    Entropy,
    ExamError,
    seal,
    stretch,
    unseal,
)
from trainer.exams.model import Kdf
from trainer.foundation.fingerprint import fingerprint_words

T = TypeVar("T")

SIGNATURE_BYTES = 64
LEAST_PASSPHRASE = 10  # letters; five Chinese characters
_MAGIC = "platform-rules-trainer keys 1"
_MOST = 64 * 1024


@dataclass(frozen=True, slots=True)
class TeacherKeys:
    """Ed25519 seed and X25519 secret, never shown."""

    name: str
    sign_seed: bytes = field(repr=False)
    box_secret: bytes = field(repr=False)

    @property
    def sign_public(self) -> bytes:
        from nacl.signing import SigningKey

        return bytes(SigningKey(self.sign_seed).verify_key)

    @property
    def box_public(self) -> bytes:
        from nacl.public import PrivateKey

        return bytes(PrivateKey(self.box_secret).public_key)

    @property
    def words(self) -> str:
        """Six words for the key that signs."""
        return fingerprint_words(self.sign_public)

    def sign(self, content: bytes) -> bytes:
        from nacl.signing import SigningKey

        return bytes(SigningKey(self.sign_seed).sign(content).signature)

    def open_box(self, sealed: bytes) -> bytes:
        """What was sealed to `box_public`. Raises ExamError exam.not-opened."""
        from nacl.exceptions import CryptoError
        from nacl.public import PrivateKey, SealedBox

        try:
            return bytes(SealedBox(PrivateKey(self.box_secret)).decrypt(sealed))
        except (CryptoError, ValueError, TypeError) as error:
            raise ExamError("exam.not-opened") from error


def new_keys(name: str, entropy: Entropy) -> TeacherKeys:
    return TeacherKeys(name, entropy(KEY_BYTES), entropy(KEY_BYTES))


def verify(public: bytes, content: bytes, signature: bytes) -> bool:
    """Whether `signature` over `content` was made by the owner of `public`."""
    from nacl.exceptions import CryptoError
    from nacl.signing import VerifyKey

    try:
        VerifyKey(public).verify(content, signature)
    except (CryptoError, ValueError, TypeError):
        return False
    return True


def seal_to(public: bytes, content: bytes) -> bytes:
    """A sealed box: only the owner of `public` opens it; nobody learns who made it."""
    from nacl.public import PublicKey, SealedBox

    return bytes(SealedBox(PublicKey(public)).encrypt(content))


class _KeyFile(Value, frozen=True):
    magic: str
    name: str
    sign_public: bytes
    box_public: bytes
    kdf: Kdf
    salt: bytes
    sealed: bytes


class PublicKeys(Value, frozen=True):
    """What others may know: of the teacher (pinned on lab PCs) or of the school's spare key."""

    name: str
    sign_public: bytes
    box_public: bytes

    @property
    def words(self) -> str:
        return fingerprint_words(self.sign_public)


def write_keys(keys: TeacherKeys, passphrase: str, entropy: Entropy, kdf: Kdf = KDF_USUAL) -> bytes:
    """The key file. Raises ExamError exam.passphrase-short."""
    if _weight(_typed(passphrase)) < LEAST_PASSPHRASE:
        raise ExamError("exam.passphrase-short", least=LEAST_PASSPHRASE)
    salt = entropy(SALT_BYTES)
    # What is written is checked like what is read; tests alone write weaker ones.
    key = stretch(_typed(passphrase), salt, kdf, floor=kdf)
    private = keys.sign_seed + keys.box_secret
    sealed = seal(key, private, _MAGIC.encode(), entropy)
    return msgspec.json.encode(
        _KeyFile(_MAGIC, keys.name, keys.sign_public, keys.box_public, kdf, salt, sealed)
    )


def read_public(content: bytes) -> PublicKeys:
    """The public part of a key file, or of a file that has only that.

    Raises ExamError exam.no-key-file.
    """
    public = _decoded(content, PublicKeys)
    if not len(public.sign_public) == len(public.box_public) == KEY_BYTES:
        raise ExamError("exam.no-key-file")
    return public


def write_public(keys: PublicKeys | TeacherKeys) -> bytes:
    return msgspec.json.encode(PublicKeys(keys.name, keys.sign_public, keys.box_public))


def read_keys(content: bytes, passphrase: str, floor: Kdf = KDF_FLOOR) -> TeacherKeys:
    """The keys in a key file. Raises ExamError: exam.no-key-file, exam.passphrase-wrong,
    exam.weak-kdf."""
    file = _decoded(content, _KeyFile)
    if file.magic != _MAGIC:
        raise ExamError("exam.no-key-file")
    key = stretch(_typed(passphrase), file.salt, file.kdf, floor)
    try:
        private = unseal(key, file.sealed, _MAGIC.encode())
    except ExamError as error:
        raise ExamError("exam.passphrase-wrong") from error
    if len(private) != 2 * KEY_BYTES:
        raise ExamError("exam.no-key-file")
    keys = TeacherKeys(file.name, private[:KEY_BYTES], private[KEY_BYTES:])
    if (keys.sign_public, keys.box_public) != (file.sign_public, file.box_public):
        raise ExamError("exam.no-key-file")
    return keys


def _typed(passphrase: str) -> str:
    """The same characters, however a keyboard composes them."""
    return unicodedata.normalize("NFC", passphrase.strip())


def _weight(passphrase: str) -> int:
    """Characters; one of the thousands of Chinese ones counts as two."""
    return sum(2 if unicodedata.east_asian_width(c) == "W" else 1 for c in passphrase)


def _decoded(content: bytes, kind: type[T]) -> T:
    if len(content) > _MOST:
        raise ExamError("exam.no-key-file")
    try:
        return msgspec.json.decode(content, type=kind)
    except (msgspec.MsgspecError, ValueError) as error:
        raise ExamError("exam.no-key-file") from error
