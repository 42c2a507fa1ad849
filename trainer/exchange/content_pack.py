"""A content pack: decks and their pictures in one file, signed by its author.

    "TRAINERPACK1\\n" | length of the manifest, 4 bytes | manifest, JSON | signature, 64 | body

Numbers are big-endian. The signature (Ed25519, RFC 8032) is over everything before it; the
manifest has the size and BLAKE2b digest of every file, so it vouches for the body too. An unsigned
pack has 64 zero bytes. The body is one Zstandard frame of all files, one behind the other. Nothing
in it is ever unpacked under a name that was not looked at first.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from hashlib import blake2b
from pathlib import PurePosixPath
from typing import Protocol

import msgspec

from trainer.decks.addresses import SUBJECT_FOLDERS, address_of, is_deck_file
from trainer.exams.teacher_keys import SIGNATURE_BYTES, verify
from trainer.exchange.archives import unzstd
from trainer.exchange.names import picture_kind
from trainer.foundation.errors import TrainerError
from trainer.foundation.fingerprint import fingerprint_words
from trainer.foundation.identifiers import SLUG

MAGIC = b"TRAINERPACK1\n"
SUFFIX = ".trpack"
MOST_FILES = 5_000
LARGEST_WHOLE = 256 * 2**20  # bytes, unpacked
LARGEST_FILE = 16 * 2**20
_LARGEST_MANIFEST = 4 * 2**20
_LENGTH_BYTES = 4
HEAD_BYTES = len(MAGIC) + _LENGTH_BYTES
_UNSIGNED = bytes(SIGNATURE_BYTES)
_SEGMENT = re.compile(r"[^<>:\"|?*\\/\x00-\x1f]{1,120}")
_DEVICES = re.compile(r"(?i)(con|prn|aux|nul|com\d|lpt\d)(\..*)?")
_PICTURES = frozenset({".png", ".jpg", ".jpeg", ".gif", ".bmp", ".webp"})


class PackedFile(msgspec.Struct, frozen=True):
    path: str  # below a content folder, forward slashes
    size: int  # bytes
    digest: str  # BLAKE2b-256, hexadecimal


class Author(msgspec.Struct, frozen=True):
    name: str
    key: str  # Ed25519 public key, hexadecimal; "" in an unsigned pack

    @property
    def words(self) -> str:
        """The fingerprint people compare; "" where there is no key."""
        return fingerprint_words(bytes.fromhex(self.key)) if self.key else ""


class Manifest(msgspec.Struct, frozen=True):
    pack_id: str
    title: str
    version: int  # milliseconds UTC of its making: a higher one is newer
    author: Author
    files: tuple[PackedFile, ...]


class Head(msgspec.Struct, frozen=True):
    """The beginning of a pack, its signature checked."""

    manifest: Manifest
    signed: bool
    end: int  # where the body begins


class Signer(Protocol):
    """Someone's private key, and what the world knows of it."""

    @property
    def name(self) -> str: ...

    @property
    def public(self) -> bytes: ...

    def sign(self, content: bytes) -> bytes: ...


def write_pack(
    pack_id: str,
    title: str,
    version: int,
    files: Mapping[str, bytes],
    signer: Signer | None,
) -> bytes:
    """A pack with `files`, by their path below a content folder. Raises TrainerError: pack.*."""
    ordered = sorted(files.items())
    author = Author(signer.name, signer.public.hex()) if signer else Author("", "")
    manifest = Manifest(
        pack_id,
        title,
        version,
        author,
        tuple(PackedFile(path, len(content), _digest(content)) for path, content in ordered),
    )
    _check(manifest)
    written = msgspec.json.encode(manifest)
    signed = MAGIC + len(written).to_bytes(_LENGTH_BYTES, "big") + written
    signature = signer.sign(signed) if signer else _UNSIGNED
    import zstandard  # 20 ms, for those who make or open packs

    body = zstandard.ZstdCompressor(level=9).compress(b"".join(content for _, content in ordered))
    return signed + signature + body


def read_head(content: bytes) -> Head:
    """The manifest of a pack, of which `content` may be only the beginning.

    Raises TrainerError: pack.no-pack, pack.damaged, pack.altered (the signature is wrong),
    pack.bad-path, pack.too-big.
    """
    if not content.startswith(MAGIC):
        raise TrainerError("pack.no-pack")
    size = int.from_bytes(content[len(MAGIC) : HEAD_BYTES], "big")
    end = HEAD_BYTES + size
    if size > _LARGEST_MANIFEST or len(content) < end + SIGNATURE_BYTES:
        raise TrainerError("pack.damaged")
    signed, signature = content[:end], content[end : end + SIGNATURE_BYTES]
    try:
        manifest = msgspec.json.decode(signed[HEAD_BYTES:], type=Manifest)
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        raise TrainerError("pack.damaged") from error
    _check(manifest)
    key = manifest.author.key
    if key:
        if not verify(bytes.fromhex(key), signed, signature):
            raise TrainerError("pack.altered")
    elif signature != _UNSIGNED:
        raise TrainerError("pack.altered")
    return Head(manifest, bool(key), end + SIGNATURE_BYTES)


def head_size(beginning: bytes) -> int:
    """How many bytes `read_head` needs, by the first HEAD_BYTES. Raises TrainerError."""
    if not beginning.startswith(MAGIC):
        raise TrainerError("pack.no-pack")
    size = int.from_bytes(beginning[len(MAGIC) : HEAD_BYTES], "big")
    if size > _LARGEST_MANIFEST:
        raise TrainerError("pack.damaged")
    return HEAD_BYTES + size + SIGNATURE_BYTES


def read_files(content: bytes, head: Head) -> Iterator[tuple[str, bytes]]:
    """Path and content of every file, each checked before it is handed out.

    Raises TrainerError: pack.altered, pack.damaged, pack.bad-file.
    """
    whole = sum(file.size for file in head.manifest.files)
    try:
        body = unzstd(content[head.end :], whole)
    except TrainerError as error:
        raise TrainerError("pack.damaged") from error
    if len(body) != whole:
        raise TrainerError("pack.damaged")
    place = 0
    for file in head.manifest.files:
        one = body[place : place + file.size]
        place += file.size
        if _digest(one) != file.digest:
            raise TrainerError("pack.altered")
        if not file.path.endswith(".md") and not picture_kind(one):
            raise TrainerError("pack.bad-file", name=file.path)
        yield file.path, one


def _digest(content: bytes) -> str:
    return blake2b(content, digest_size=32).hexdigest()


def _check(manifest: Manifest) -> None:
    if not SLUG.fullmatch(manifest.pack_id) or len(manifest.pack_id) > 60:
        raise TrainerError("pack.bad-id", name=manifest.pack_id[:60])
    if len(manifest.title) > 200 or len(manifest.author.name) > 200 or manifest.version < 0:
        raise TrainerError("pack.damaged")
    if manifest.author.key and not re.fullmatch("[0-9a-f]{64}", manifest.author.key):
        raise TrainerError("pack.damaged")
    sizes = [file.size for file in manifest.files]
    if len(sizes) > MOST_FILES or sum(sizes) > LARGEST_WHOLE:
        raise TrainerError("pack.too-big")
    if not sizes:
        raise TrainerError("pack.empty")
    if min(sizes) < 0 or max(sizes) > LARGEST_FILE:
        raise TrainerError("pack.too-big")
    _check_paths(file.path for file in manifest.files)


def _check_paths(paths: Iterable[str]) -> None:
    """Every path stays below the folder it is written to, on every system."""
    seen: set[str] = set()
    for path in paths:
        parts = path.split("/")
        good = (
            2 <= len(parts) <= 8
            and parts[0] in SUBJECT_FOLDERS
            and all(_SEGMENT.fullmatch(part) for part in parts)
            and not any(part[0] in "._" or part[-1] in ". " for part in parts)
            and not any(_DEVICES.fullmatch(part) for part in parts)
        )
        pure = PurePosixPath(path)
        is_deck = is_deck_file(pure) and address_of(pure) is not None
        if not good or not (is_deck or pure.suffix.lower() in _PICTURES):
            raise TrainerError("pack.bad-path", name=path[:120])
        # Windows knows no difference between large and small letters.
        if path.lower() in seen:
            raise TrainerError("pack.bad-path", name=path[:120])
        seen.add(path.lower())
