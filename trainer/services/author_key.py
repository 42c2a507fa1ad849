"""The key an author signs packs with: made at first use, kept in the data folder."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from trainer.exams.keys import KDF_SMALL, KEY_BYTES, SALT_BYTES, ExamError, seal, stretch, unseal
from trainer.foundation.errors import TrainerError
from trainer.foundation.files import disk_error, write_whole
from trainer.foundation.fingerprint import fingerprint_words

KEY_FILE = "author-key.json"
_BOUND_TO = b"platform-rules-trainer author key 1"


@dataclass(frozen=True, slots=True)
class AuthorKey:
    """A private key, opened. Signs packs (Ed25519)."""

    name: str
    seed: bytes = field(repr=False)

    @property
    def public(self) -> bytes:
        from nacl.signing import SigningKey  # 30 ms, for authors only

        return bytes(SigningKey(self.seed).verify_key)

    def sign(self, content: bytes) -> bytes:
        from nacl.signing import SigningKey

        return bytes(SigningKey(self.seed).sign(content).signature)


class _Kept(msgspec.Struct, frozen=True):
    """The file. `seed` is the private key, or that key sealed under a passphrase."""

    name: str
    public: str
    seed: str
    salt: str = ""  # of the passphrase; "" when there is none


@dataclass(frozen=True, slots=True)
class KnownKey:
    """What can be told of a key without its passphrase."""

    name: str
    public: bytes
    locked: bool

    @property
    def words(self) -> str:
        return fingerprint_words(self.public)


def known_key(folder: Path) -> KnownKey | None:
    """The key of this PC's author; None when none was made. Raises TrainerError: pack.bad-key."""
    kept = _read(folder)
    return KnownKey(kept.name, bytes.fromhex(kept.public), bool(kept.salt)) if kept else None


def make_key(
    folder: Path, name: str, random_bytes: Callable[[int], bytes], passphrase: str = ""
) -> AuthorKey:
    """A new key, kept in `folder`. Raises TrainerError: pack.has-key, pack.no-name, disk.*."""
    name = " ".join(name.split())
    if not name:
        raise TrainerError("pack.no-name")
    if _read(folder) is not None:
        raise TrainerError("pack.has-key")
    key = AuthorKey(name[:200], random_bytes(KEY_BYTES))
    _write(folder, key, passphrase, random_bytes)
    return key


def open_key(folder: Path, passphrase: str = "") -> AuthorKey:
    """Raises TrainerError: pack.no-key, pack.bad-key, pack.wrong-passphrase."""
    kept = _read(folder)
    if kept is None:
        raise TrainerError("pack.no-key")
    seed = bytes.fromhex(kept.seed)
    if kept.salt:
        try:
            opened = stretch(passphrase, bytes.fromhex(kept.salt), KDF_SMALL)
            seed = unseal(opened, seed, _BOUND_TO)
        except ExamError as error:
            raise TrainerError("pack.wrong-passphrase") from error
    if len(seed) != KEY_BYTES:
        raise TrainerError("pack.bad-key", path=str(folder / KEY_FILE))
    return AuthorKey(kept.name, seed)


def change_passphrase(
    folder: Path, old: str, new: str, random_bytes: Callable[[int], bytes]
) -> None:
    """Keep the key under another passphrase; "" takes it away. Raises what `open_key` does."""
    _write(folder, open_key(folder, old), new, random_bytes)


def _write(
    folder: Path, key: AuthorKey, passphrase: str, random_bytes: Callable[[int], bytes]
) -> None:
    seed, salt = key.seed, b""
    if passphrase:
        salt = random_bytes(SALT_BYTES)
        seed = seal(stretch(passphrase, salt, KDF_SMALL), key.seed, _BOUND_TO, random_bytes)
    kept = _Kept(key.name, key.public.hex(), seed.hex(), salt.hex())
    path = folder / KEY_FILE
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise disk_error(error, folder) or error from error
    write_whole(path, msgspec.json.encode(kept))
    # On Windows the folder's own rights hold.
    path.chmod(0o600)


def _read(folder: Path) -> _Kept | None:
    path = folder / KEY_FILE
    try:
        kept = msgspec.json.decode(path.read_bytes(), type=_Kept)
        whole = len(bytes.fromhex(kept.public)) == KEY_BYTES
        bytes.fromhex(kept.seed + kept.salt)
    except FileNotFoundError:
        return None
    except (OSError, msgspec.MsgspecError, ValueError) as error:
        raise TrainerError("pack.bad-key", path=str(path)) from error
    if not whole:
        raise TrainerError("pack.bad-key", path=str(path))
    return kept
