"""Reading rows out of a damaged SQLite file without SQLite.

Walks over every page, also those in the write-ahead log, and decodes what looks like a leaf of a
table (https://www.sqlite.org/fileformat2.html, sections 1.6, 2.1 and 4.1). Nothing is taken on
trust: a length that leads out of the page ends that row.
"""

from collections.abc import Container, Iterator
from pathlib import Path

from trainer.storage.database import write_ahead_log

SqlRow = tuple[str | int | float | bytes | None, ...]

_TABLE_LEAF = 0x0D
_PAGE = 4096  # what our files are made with; read from the header when that is whole
_WAL_HEADER = 32
_FRAME_HEADER = 24
_LONGEST_ROW = 1 << 20
_FIXED_SIZES = {0: 0, 1: 1, 2: 2, 3: 3, 4: 4, 5: 6, 6: 8, 7: 8, 8: 0, 9: 0}


def rows_in(path: Path, known: Container[bytes] = frozenset()) -> Iterator[SqlRow]:
    """Every row that can be made out in `path` and its write-ahead log, oldest state of a page
    first; the same row may come more than once. Text that is no UTF-8 ends its row. Rows whose
    first value is `known` are passed over.

    Raises OSError when the files cannot be read.
    """
    main = _read(path)
    log = _read(write_ahead_log(path))
    size = _page_size(main)
    pages = [main[start : start + size] for start in range(0, len(main), size)]
    overflow = dict(enumerate(pages, start=1))
    frames = _frames(log)
    # Frames of an earlier round of the log are older than the file itself.
    for number, page in frames[0]:
        overflow.setdefault(number, page)
        yield from _rows(page, number, overflow, known)
    for number, page in enumerate(pages, start=1):
        yield from _rows(page, number, overflow, known)
    overflow.update(frames[1])
    for number, page in frames[1]:
        yield from _rows(page, number, overflow, known)


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return b""


def _page_size(main: bytes) -> int:
    if main.startswith(b"SQLite format 3\x00") and len(main) >= 18:
        size = int.from_bytes(main[16:18], "big")
        if 512 <= size <= 32768 and size & (size - 1) == 0:
            return size
        if size == 1:
            return 65536
    return _PAGE


def _frames(log: bytes) -> tuple[list[tuple[int, bytes]], list[tuple[int, bytes]]]:
    """Pages of the log as (number, content): those of earlier rounds, and those of this one."""
    old: list[tuple[int, bytes]] = []
    new: list[tuple[int, bytes]] = []
    if len(log) < _WAL_HEADER:
        return old, new
    size = int.from_bytes(log[8:12], "big")
    if not 512 <= size <= 65536 or size & (size - 1):
        size = _PAGE
    salt = log[16:24]
    for start in range(_WAL_HEADER, len(log), _FRAME_HEADER + size):
        header = log[start : start + _FRAME_HEADER]
        page = log[start + _FRAME_HEADER : start + _FRAME_HEADER + size]
        if len(page) == size:
            number = int.from_bytes(header[:4], "big")
            (new if header[8:16] == salt else old).append((number, page))
    return old, new


def _rows(
    page: bytes, number: int, overflow: dict[int, bytes], known: Container[bytes]
) -> Iterator[SqlRow]:
    start = 100 if number == 1 else 0
    if len(page) < 512 or page[start] != _TABLE_LEAF:
        return
    count = int.from_bytes(page[start + 3 : start + 5], "big")
    for index in range(count):
        at = start + 8 + 2 * index
        cell = int.from_bytes(page[at : at + 2], "big")
        if not start + 8 <= cell < len(page):
            continue
        try:
            payload = _payload(page, cell, overflow)
            if _first_value(payload) not in known:
                yield _row(payload)
        except (ValueError, IndexError):
            continue


def _payload(page: bytes, cell: int, overflow: dict[int, bytes]) -> bytes:
    """The record of the cell at `cell`, with what lies on overflow pages."""
    length, cell = _varint(page, cell)
    _, cell = _varint(page, cell)  # the rowid
    if length > _LONGEST_ROW:
        raise ValueError(length)
    usable = len(page)
    here = length
    if length > usable - 35:
        least = (usable - 12) * 32 // 255 - 23
        here = least + (length - least) % (usable - 4)
        here = here if here <= usable - 35 else least
    payload = page[cell : cell + here]
    if len(payload) < here:
        raise ValueError(cell)
    if here < length:
        parts = [payload]
        following = int.from_bytes(page[cell + here : cell + here + 4], "big")
        missing = length - here
        while missing > 0:
            next_page = overflow.get(following, b"")
            if len(next_page) != usable:
                raise ValueError(following)
            parts.append(next_page[4 : 4 + missing])
            missing -= len(parts[-1])
            following = int.from_bytes(next_page[:4], "big")
        payload = b"".join(parts)
    return payload


def _first_value(payload: bytes) -> bytes:
    """The bytes of a row's first value, when it is a text of less than 58 bytes."""
    header_length, kind = payload[0], payload[1]
    return payload[header_length : header_length + (kind - 13) // 2] if kind > 13 else b""


def _row(payload: bytes) -> SqlRow:
    header_length, at = _varint(payload, 0)
    if not at <= header_length <= len(payload):
        raise ValueError(header_length)
    values: list[str | int | float | bytes | None] = []
    body = header_length
    while at < header_length:
        kind = payload[at]
        at += 1
        if kind >= 0x80:
            kind, at = _varint(payload, at - 1)
        size = _FIXED_SIZES.get(kind, (kind - 12) // 2 if kind >= 12 else -1)
        content = payload[body : body + size]
        if size < 0 or len(content) < size:
            raise ValueError(kind)
        values.append(_value(kind, content))
        body += size
    return tuple(values)


def _value(kind: int, content: bytes) -> str | int | float | bytes | None:
    if kind == 0:
        return None
    if kind in {8, 9}:
        return kind - 8
    if kind == 7:
        import struct  # only damaged files come here

        return float(struct.unpack(">d", content)[0])
    if kind < 7:
        return int.from_bytes(content, "big", signed=True)
    return content.decode("utf-8") if kind % 2 else content


def _varint(data: bytes, at: int) -> tuple[int, int]:
    """The number at `at` (section 1.6) and where the next one begins."""
    value = 0
    for index in range(8):
        byte = data[at + index]
        value = value << 7 | byte & 0x7F
        if byte < 0x80:
            return value, at + index + 1
    return value << 8 | data[at + 8], at + 9
