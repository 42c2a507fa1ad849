"""A picture comes out as the picture alone, or not at all."""

import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trainer.exams.keys import ExamError
from trainer.exams.pictures import MOST_BYTES, MOST_SIDE, clean_picture


def chunk(kind: bytes, data: bytes = b"") -> bytes:
    return len(data).to_bytes(4, "big") + kind + data + zlib.crc32(kind + data).to_bytes(4, "big")


def head(width: int = 1, height: int = 1) -> bytes:
    sides = width.to_bytes(4, "big") + height.to_bytes(4, "big")
    return chunk(b"IHDR", sides + bytes([8, 0, 0, 0, 0]))


SIGNATURE = b"\x89PNG\r\n\x1a\n"
DATA = chunk(b"IDAT", zlib.compress(b"\0\0"))
END = chunk(b"IEND")
PNG = SIGNATURE + head() + DATA + END


def segment(marker: int, data: bytes) -> bytes:
    return bytes([0xFF, marker]) + (len(data) + 2).to_bytes(2, "big") + data


def frame(width: int = 1, height: int = 1, marker: int = 0xC0) -> bytes:
    sides = height.to_bytes(2, "big") + width.to_bytes(2, "big")
    return segment(marker, b"\x08" + sides + b"\x01\x01\x11\x00")


TABLE = segment(0xDB, bytes(65))
SCAN = segment(0xDA, b"\x01\x01\x00\x00\x3f\x00") + b"\x12\xff\x00\x34\xff\xd0\x56"
JPEG = b"\xff\xd8" + TABLE + frame() + SCAN + b"\xff\xd9"


@pytest.mark.parametrize("picture", [PNG, JPEG])
def test_a_plain_picture_stays_as_it_is(picture: bytes) -> None:
    assert clean_picture(picture, "p") == picture


@pytest.mark.parametrize(
    ("picture", "plain"),
    [
        (SIGNATURE + head() + chunk(b"tEXt", b"Author\0SECRET") + DATA + END, PNG),
        (SIGNATURE + head() + chunk(b"eXIf", b"SECRET") + DATA + END, PNG),
        (SIGNATURE + head() + chunk(b"acTL", b"SECRET11") + DATA + END, PNG),
        (PNG + b"PK\x03\x04SECRET", PNG),
        (b"\xff\xd8" + segment(0xE1, b"Exif SECRET") + JPEG[2:], JPEG),
        (b"\xff\xd8" + segment(0xFE, b"SECRET") + JPEG[2:], JPEG),
        (JPEG + b"SECRET", JPEG),
    ],
)
def test_what_is_no_picture_stays_behind(picture: bytes, plain: bytes) -> None:
    assert b"SECRET" in picture
    assert clean_picture(picture, "p") == plain


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "exam.picture-kind"),
        (b"<svg onload='x()'/>", "exam.picture-kind"),
        (b"GIF89a" + bytes(20), "exam.picture-kind"),
        (b"RIFF\0\0\0\0WEBP", "exam.picture-kind"),
        (PNG[:-1], "exam.picture-damaged"),
        (PNG[:40] + b"\x01" + PNG[41:], "exam.picture-damaged"),
        (SIGNATURE + DATA + END, "exam.picture-damaged"),
        (SIGNATURE + head() + chunk(b"EVIL") + DATA + END, "exam.picture-damaged"),
        (SIGNATURE + head(0, 1) + DATA + END, "exam.picture-damaged"),
        (SIGNATURE + head(MOST_SIDE + 1, 1) + DATA + END, "exam.picture-large"),
        (SIGNATURE + head(5000, 5000) + DATA + END, "exam.picture-large"),
        (PNG + bytes(MOST_BYTES), "exam.picture-large"),
        (JPEG[:-2], "exam.picture-damaged"),
        (b"\xff\xd8\xff\xd9", "exam.picture-damaged"),
        (b"\xff\xd8" + TABLE + SCAN + b"\xff\xd9", "exam.picture-damaged"),
        (b"\xff\xd8" + frame(65535, 65535) + SCAN + b"\xff\xd9", "exam.picture-large"),
        (b"\xff\xd8" + frame(marker=0xC9) + SCAN + b"\xff\xd9", "exam.picture-damaged"),
    ],
)
def test_what_is_refused(content: bytes, code: str) -> None:
    with pytest.raises(ExamError) as caught:
        clean_picture(content, "p.png")
    assert (caught.value.code, caught.value.blanks["picture"]) == (code, "p.png")


def cleaned_or_refused(content: bytes) -> bytes:
    try:
        return clean_picture(content, "p")
    except ExamError:
        return b""


@given(st.sampled_from([PNG, JPEG]), st.data())
def test_any_damage_is_a_picture_or_one_sentence(picture: bytes, data: st.DataObject) -> None:
    content = bytearray(picture)
    for _ in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    cleaned = cleaned_or_refused(bytes(content[: data.draw(st.integers(0, len(content)))]))

    assert len(cleaned) <= len(content) + 2
    assert cleaned == cleaned_or_refused(cleaned)
