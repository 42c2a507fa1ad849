"""Pictures of questions: PNG and JPEG alone, taken apart and written anew with what is needed to
draw them and nothing else.

Texts, places, cameras' notes, animations and whatever hangs behind the end stay behind: they could
name an author, a date or an answer, or hide a file of another kind. Other types are refused; SVG
can hold scripts. The pixels are not decoded here (there is no Qt below the screens), so what a
decoder makes of them is bounded by the size that the head says.
"""

import zlib

from trainer.exams.keys import ExamError

MOST_BYTES = 4 << 20
MOST_SIDE = 6000
MOST_PIXELS = 16_000_000

_PNG = b"\x89PNG\r\n\x1a\n"
_PNG_KEPT = {b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"sRGB", b"cHRM"}
_SOI, _EOI, _SOS = 0xD8, 0xD9, 0xDA
_FRAMES = {0xC0, 0xC1, 0xC2}  # baseline, extended, progressive
# Tables, frames and restart interval; JFIF (0xE0) and Adobe's colours (0xEE).
_JPEG_KEPT = {0xDB, 0xC4, 0xDD, 0xE0, 0xEE, *_FRAMES}


def clean_picture(content: bytes, name: str) -> bytes:
    """The picture with nothing in it but the picture.

    Raises ExamError: exam.picture-kind, exam.picture-large, exam.picture-damaged (blank picture).
    """
    if len(content) > MOST_BYTES:
        raise ExamError("exam.picture-large", picture=name)
    try:
        if content.startswith(_PNG):
            return _png(content, name)
        if content.startswith(b"\xff\xd8\xff"):
            return _jpeg(content, name)
    except (IndexError, ValueError) as error:
        raise ExamError("exam.picture-damaged", picture=name) from error
    raise ExamError("exam.picture-kind", picture=name)


def _png(content: bytes, name: str) -> bytes:
    """Chunks as PNG (third edition) has them: length, type, data, CRC-32."""
    kept, at, ended = [_PNG], len(_PNG), False
    while not ended:
        length = int.from_bytes(content[at : at + 4], "big")
        kind, data = content[at + 4 : at + 8], content[at + 8 : at + 8 + length]
        checked = content[at + 8 + length : at + 12 + length]
        if len(checked) < 4 or int.from_bytes(checked, "big") != zlib.crc32(kind + data):
            raise ValueError("chunk")
        if (at == len(_PNG)) != (kind == b"IHDR"):
            raise ValueError("order")
        if kind == b"IHDR":
            if length != 13:
                raise ValueError("head")
            _check_size(int.from_bytes(data[:4], "big"), int.from_bytes(data[4:8], "big"), name)
        if kind in _PNG_KEPT:
            kept.append(content[at : at + 12 + length])
        elif kind[:1].isupper():
            raise ValueError("unknown critical chunk")
        at += 12 + length
        ended = kind == b"IEND"
    return b"".join(kept)


def _jpeg(content: bytes, name: str) -> bytes:
    """Segments as ITU-T T.81 has them, up to the end of the last scan."""
    kept, at, framed, scanned = [content[:2]], 2, False, False
    while True:
        if content[at] != 0xFF:
            raise ValueError("marker")
        while content[at + 1] == 0xFF:
            at += 1
        marker = content[at + 1]
        if marker == _EOI:
            if not (framed and scanned):
                raise ValueError("no picture")
            return b"".join([*kept, b"\xff\xd9"])
        length = int.from_bytes(content[at + 2 : at + 4], "big")
        end = at + 2 + length
        if length < 2 or end > len(content):
            raise ValueError("length")
        if marker in _FRAMES:
            height = int.from_bytes(content[at + 5 : at + 7], "big")
            width = int.from_bytes(content[at + 7 : at + 9], "big")
            _check_size(width, height, name)
            framed = True
        if marker == _SOS:
            if not framed:
                raise ValueError("scan before frame")
            scanned = True
            end = _scan_ends(content, end)
            kept.append(content[at:end])
        elif marker in _JPEG_KEPT:
            kept.append(content[at:end])
        elif 0xC0 <= marker <= 0xCF:
            raise ValueError("frame of an unusual kind")
        at = end


def _scan_ends(content: bytes, at: int) -> int:
    """Where the coded data of a scan ends: at a marker that is no restart and no stuffed byte."""
    while True:
        at = content.index(b"\xff", at)
        following = content[at + 1]
        if following != 0 and not 0xD0 <= following <= 0xD7:
            return at
        at += 2


def _check_size(width: int, height: int, name: str) -> None:
    if not (width and height):
        raise ValueError("size")
    if max(width, height) > MOST_SIDE or width * height > MOST_PIXELS:
        raise ExamError("exam.picture-large", picture=name)
