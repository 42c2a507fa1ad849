"""Just enough of Google's protocol buffers to read and write Anki's small records.

Wire format: https://protobuf.dev/programming-guides/encoding/
"""

from collections.abc import Iterable, Iterator


def fields_of(record: bytes) -> Iterator[tuple[int, int | bytes]]:
    """Number and value of each field. What cannot be read ends the record."""
    place = 0
    while place < len(record):
        key, place = _number(record, place)
        kind = key & 7
        value: int | bytes
        if kind == 0:
            value, place = _number(record, place)
        elif kind in {1, 5}:
            size = 8 if kind == 1 else 4
            value, place = record[place : place + size], place + size
        elif kind == 2:
            size, place = _number(record, place)
            value, place = record[place : place + size], place + size
        else:
            return
        if place > len(record):
            return
        yield key >> 3, value


def _number(record: bytes, place: int) -> tuple[int, int]:
    value = 0
    for shift in range(0, 70, 7):
        if place >= len(record):
            return 0, place + 1
        byte = record[place]
        place += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            break
    return value, place


def first(record: bytes, number: int) -> int | bytes | None:
    return next((value for key, value in fields_of(record) if key == number), None)


def text(record: bytes, number: int) -> str:
    value = first(record, number)
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else ""


def record_of(fields: Iterable[tuple[int, int | bytes]]) -> bytes:
    """A record with these fields."""
    pieces = bytearray()
    for number, value in fields:
        if isinstance(value, int):
            pieces += _varint(number << 3) + _varint(value)
        else:
            pieces += _varint(number << 3 | 2) + _varint(len(value)) + value
    return bytes(pieces)


def _varint(value: int) -> bytes:
    pieces = bytearray()
    while value > 0x7F:
        pieces.append(value & 0x7F | 0x80)
        value >>= 7
    pieces.append(value)
    return bytes(pieces)
