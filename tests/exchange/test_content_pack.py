"""The pack as a file: signed, checked to the last byte, and never written outside."""

import json
from dataclasses import dataclass

import pytest
import zstandard
from hypothesis import example, given, settings
from hypothesis import strategies as st
from nacl.signing import SigningKey

from trainer.exchange.content_pack import (
    MAGIC,
    PackedFile,
    read_files,
    read_head,
    write_pack,
)
from trainer.foundation.errors import TrainerError

DECK = b"---\ntitle: T\nplatform: amazon\n---\n\nQ: What? {#a}\nA: x\n"
PNG = b"\x89PNG\r\n\x1a\n and so on"
FILES = {"platforms/amazon/orders.md": DECK, "platforms/amazon/images/box.png": PNG}


@dataclass(frozen=True)
class Teacher:
    key: SigningKey
    name: str = "Ms Wang"

    @property
    def public(self) -> bytes:
        return bytes(self.key.verify_key)

    def sign(self, content: bytes) -> bytes:
        return bytes(self.key.sign(content).signature)


WANG = Teacher(SigningKey(bytes(range(32))))
LI = Teacher(SigningKey(bytes(32)), "Mr Li")
SIGNED = write_pack("school", "School", 7, FILES, WANG)


def unpacked(content: bytes) -> dict[str, bytes]:
    return dict(read_files(content, read_head(content)))


def code_of(content: bytes) -> str:
    """Why the pack is refused; "" when it is not. Nothing else may be raised."""
    try:
        unpacked(content)
    except TrainerError as error:
        return error.code
    return ""


def test_what_went_in_comes_out() -> None:
    head = read_head(SIGNED)
    assert unpacked(SIGNED) == FILES
    assert head.signed
    assert (head.manifest.title, head.manifest.version) == ("School", 7)
    assert head.manifest.author.name == "Ms Wang"
    assert len(head.manifest.author.words.split("-")) == 6
    assert write_pack("school", "School", 7, FILES, WANG) == SIGNED


def test_an_unsigned_pack_says_so() -> None:
    content = write_pack("school", "School", 7, FILES, None)
    head = read_head(content)
    assert not head.signed
    assert head.manifest.author.words == ""
    assert unpacked(content) == FILES


@settings(max_examples=300)
@given(place=st.integers(0, len(SIGNED) - 1), bit=st.integers(0, 7))
def test_not_one_bit_can_be_altered(place: int, bit: int) -> None:
    altered = bytearray(SIGNED)
    altered[place] ^= 1 << bit
    assert code_of(bytes(altered)).startswith("pack.") or unpacked(bytes(altered)) == FILES


@given(end=st.integers(0, len(SIGNED) - 1))
def test_a_torn_pack_is_refused(end: int) -> None:
    assert code_of(SIGNED[:end]) in {"pack.no-pack", "pack.damaged"}


@given(content=st.binary(max_size=300))
@example(content=MAGIC)
@example(content=MAGIC + b"\xff\xff\xff\xff")
@example(content=MAGIC + b"\0\0\0\2[]" + bytes(64))
@example(content=MAGIC + b"\0\0\0\2{}" + bytes(64))
def test_any_bytes_are_refused(content: bytes) -> None:
    assert code_of(content).startswith("pack.")
    assert code_of(MAGIC + content).startswith("pack.")


def test_another_author_cannot_sign_for_the_first() -> None:
    """The name and key of one, the signature of another."""
    head = read_head(SIGNED)
    signed = SIGNED[: head.end - 64]
    forged = signed + LI.sign(signed) + SIGNED[head.end :]
    assert code_of(forged) == "pack.altered"


def test_a_signature_cannot_be_taken_off() -> None:
    head = read_head(SIGNED)
    assert code_of(SIGNED[: head.end - 64] + bytes(64) + SIGNED[head.end :]) == "pack.altered"


def test_an_unsigned_pack_cannot_carry_a_signature_of_its_own() -> None:
    content = write_pack("school", "School", 7, FILES, None)
    head = read_head(content)
    bare = content[: head.end - 64]
    assert code_of(bare + LI.sign(bare) + content[head.end :]) == "pack.altered"


def made_up(files: list[PackedFile], body: bytes, pack_id: str = "school") -> bytes:
    manifest = {
        "pack_id": pack_id,
        "title": "T",
        "version": 1,
        "author": {"name": "", "key": ""},
        "files": [{"path": f.path, "size": f.size, "digest": f.digest} for f in files],
    }
    written = json.dumps(manifest).encode()
    frame = zstandard.ZstdCompressor().compress(body)
    return MAGIC + len(written).to_bytes(4, "big") + written + bytes(64) + frame


@pytest.mark.parametrize(
    "path",
    [
        "../evil.md",
        "platforms/../../evil.md",
        "/etc/evil.md",
        "C:/evil.md",
        "platforms\\evil.md",
        "platforms/a\0.md",
        "platforms/amazon/con.md",
        "platforms/amazon/NUL.md/x.md",
        "platforms/amazon/a.md.",
        "platforms/amazon/.hidden.md",
        "platforms/amazon/README.md",
        "platforms/amazon/run.exe",
        "platforms/amazon/a.svg",
        "template/a.md",
        "evil.md",
        "platforms/" + "a/" * 20 + "a.md",
        "platforms/amazon/" + "a" * 200 + ".md",
        "",
        "platforms/amazon/a:b.md",
        "platforms//a.md",
    ],
)
def test_a_path_that_leaves_the_folder_is_refused(path: str) -> None:
    assert code_of(made_up([PackedFile(path, 1, "0" * 64)], b"x")) == "pack.bad-path"


def test_two_names_that_are_one_on_windows_are_refused() -> None:
    with pytest.raises(TrainerError, match=r"pack\.bad-path"):
        write_pack("a", "A", 1, {"products/a.md": DECK, "products/A.md": DECK}, None)


@pytest.mark.parametrize("pack_id", ["", "../x", "A", "a/b", "a" * 61, "con.x"])
def test_a_pack_has_a_plain_id(pack_id: str) -> None:
    assert code_of(made_up([PackedFile("products/a.md", 1, "")], b"x", pack_id)) == "pack.bad-id"


@pytest.mark.parametrize("size", [10**12, 2**63, 17 * 2**20])
def test_a_bomb_is_refused_before_it_is_unpacked(size: int) -> None:
    assert code_of(made_up([PackedFile("products/a.md", size, "")], b"x")) == "pack.too-big"


def test_a_body_larger_than_it_says_is_refused() -> None:
    assert code_of(made_up([PackedFile("products/a.md", 1, "")], b"x" * 10**7)) == "pack.damaged"
    assert code_of(made_up([PackedFile("products/a.md", -1, "")], b"")) == "pack.too-big"
    assert code_of(made_up([], b"")) == "pack.empty"


def test_a_program_called_a_picture_is_refused() -> None:
    content = write_pack("a", "A", 1, {"products/a.png": b"MZ\x90"}, WANG)
    assert code_of(content) == "pack.bad-file"
