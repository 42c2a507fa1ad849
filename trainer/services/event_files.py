"""Files of what happened to a shop: CSV, a Markdown table or JSON, read into incidents.

The columns are date, violation, points, value, count and annulled, in any order; the first two are
needed. What cannot be read is a finding with its place, and the rest of the file still counts.
"""

import csv
import json
import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from fractions import Fraction
from pathlib import Path

from trainer.decks.encoding import decode
from trainer.decks.tables import cells_of, is_delimiter
from trainer.foundation.errors import TrainerError
from trainer.foundation.source import Finding, Level, Place
from trainer.penalties.account import Incident
from trainer.penalties.rulebook import Fine, Rulebook, Violation
from trainer.penalties.zones import day_at

MOST_BYTES = 5_000_000
MOST_EVENTS = 10_000

_COLUMNS = {
    "date": "date", "day": "date", "日期": "date", "时间": "date",
    "violation": "violation", "id": "violation", "违规": "violation", "违规编号": "violation",
    "points": "points", "分数": "points", "扣分": "points",
    "value": "value", "金额": "value", "订单金额": "value",
    "count": "count", "数量": "count", "次数": "count",
    "annulled": "annulled", "撤销": "annulled", "撤销日期": "annulled",
}  # fmt: skip
_NEEDED = ("date", "violation")
_DAY = re.compile(
    r"(?P<year>\d{4})(?:-|/|\.|年)(?P<month>\d{1,2})(?:-|/|\.|月)(?P<day>\d{1,2})日?"
    r"(?:[T ]\s*(?P<time>\d{1,2}:\d{2}(?::\d{2})?)\s*(?P<zone>Z|[+-]\d{2}:?\d{2})?)?"
)
_NUMBER = re.compile(r"\d{1,9}(?:\.\d{1,2})?")


@dataclass(frozen=True, slots=True)
class _Cell:
    text: str
    line: int  # from 1
    column: int


@dataclass(frozen=True, slots=True)
class EventFile:
    """What a file says: incidents in file order, and what is wrong with the rest."""

    incidents: tuple[Incident, ...]
    findings: tuple[Finding, ...]


@dataclass(slots=True)
class _Reader:
    path: Path
    book: Rulebook
    incidents: list[Incident] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)

    def say(self, code: str, line: int, column: int, /, **blanks: object) -> None:
        level = Level.WARNING if code == "penalties.points-outside" else Level.ERROR
        self.findings.append(Finding(Place(self.path, line, column), level, code, blanks))


def read_events(path: Path, book: Rulebook) -> EventFile:
    """The incidents in a file, for the violations and the time zone of `book`.

    The form follows the content, not the file's name. Raises TrainerError: author.no-such-path,
    author.cannot-read, penalties.file-too-large.
    """
    if not path.is_file():
        raise TrainerError("author.no-such-path", path=str(path))
    try:
        if path.stat().st_size > MOST_BYTES:
            raise TrainerError("penalties.file-too-large", path=str(path))
        text = decode(path.read_bytes()).text
    except OSError as error:
        reason = error.strerror or str(error)
        raise TrainerError("author.cannot-read", path=str(path), reason=reason) from error
    reader = _Reader(path, book)
    for number, row in enumerate(_rows(text, reader)):
        if number == MOST_EVENTS:
            first = next(iter(row.values()))
            reader.say("penalties.too-many", first.line, 1, number=MOST_EVENTS)
            break
        _read_row(row, reader)
    found = tuple(sorted(reader.findings, key=lambda finding: finding.place))
    return EventFile(tuple(reader.incidents), found)


# Rows, with the place of every cell


def _rows(text: str, reader: _Reader) -> Iterator[Mapping[str, _Cell]]:
    if text.lstrip()[:1] in {"[", "{"}:
        return _json_rows(text, reader)
    if any(line.lstrip()[:1] == "|" for line in text.splitlines()):
        return _table_rows(_markdown_lines(text), reader)
    return _table_rows(_csv_lines(text), reader)


def _markdown_lines(text: str) -> Iterator[list[_Cell]]:
    for number, line in enumerate(text.splitlines(), start=1):
        if line.lstrip()[:1] != "|" or is_delimiter(line):
            continue
        yield list(_placed(cells_of(line), line, number))


def _csv_lines(text: str) -> Iterator[list[_Cell]]:
    lines = text.splitlines()
    head = next((line for line in lines if line.strip()), "")
    delimiter = max(",;\t，", key=head.count)
    for number, line in enumerate(lines, start=1):
        if line.strip() and not line.startswith("#"):
            cells = next(csv.reader([line], delimiter=delimiter))
            yield list(_placed([cell.strip() for cell in cells], line, number))


def _placed(cells: Sequence[str], line: str, number: int) -> Iterator[_Cell]:
    at = 0
    for cell in cells:
        found = line.find(cell, at)
        at = found if found >= 0 else at
        yield _Cell(cell, number, at + 1)
        at += len(cell) + 1


def _table_rows(lines: Iterator[list[_Cell]], reader: _Reader) -> Iterator[Mapping[str, _Cell]]:
    header = next(lines, None)
    if header is None:
        reader.say("penalties.no-rows", 1, 1)
        return
    names = [_COLUMNS.get(cell.text.strip().lower(), "") for cell in header]
    for cell, name in zip(header, names, strict=True):
        if not name and cell.text:
            reader.say("penalties.unknown-column", cell.line, cell.column, name=cell.text)
    for needed in _NEEDED:
        if needed not in names:
            reader.say("penalties.no-column", header[0].line, 1, name=needed)
    if any(needed not in names for needed in _NEEDED):
        return
    for cells in lines:
        row = dict(zip(names, cells, strict=False))
        row.pop("", None)
        if any(cell.text for cell in row.values()):
            yield row


def _json_rows(text: str, reader: _Reader) -> Iterator[Mapping[str, _Cell]]:
    """The objects of a list, or of the list under "events"; each value has its own place."""
    try:
        whole = json.loads(text)
    except json.JSONDecodeError as error:
        reader.say("penalties.bad-json", error.lineno, error.colno, reason=error.msg)
        return
    except (ValueError, RecursionError) as error:
        reader.say("penalties.bad-json", 1, 1, reason=str(error) or type(error).__name__)
        return
    listed = whole.get("events") if isinstance(whole, dict) else whole
    if not isinstance(listed, list):
        reader.say("penalties.no-rows", 1, 1)
        return
    starts = [0, *(found.end() for found in re.finditer("\n", text))]

    def place(offset: int) -> tuple[int, int]:
        line = bisect_right(starts, offset)
        return line, offset - starts[line - 1] + 1

    at = text.find("[", text.find('"events"') if isinstance(whole, dict) else 0)
    for one in listed:
        begin, end = _object_place(text, at)
        at = end
        if not isinstance(one, dict):
            line, column = place(begin)
            reader.say("penalties.no-object", line, column)
            continue
        row: dict[str, _Cell] = {}
        for key, value in one.items():
            found = text.find(json.dumps(key, ensure_ascii=False), begin, end)
            line, column = place(found if found >= 0 else begin)
            name = _COLUMNS.get(str(key).strip().lower(), "")
            if not name:
                reader.say("penalties.unknown-column", line, column, name=key)
            elif value is not None:
                row[name] = _Cell(str(value), line, column)
        line, column = place(begin)
        for needed in _NEEDED:
            row.setdefault(needed, _Cell("", line, column))
        yield row


def _object_place(text: str, at: int) -> tuple[int, int]:
    """Where the next value of a list begins and ends. The text is known to be JSON."""
    decoder = json.JSONDecoder()
    begin = at + 1
    while text[begin] in " \t\r\n,":
        begin += 1
    _, end = decoder.raw_decode(text, begin)
    return begin, end


# What a row says


def _read_row(row: Mapping[str, _Cell], reader: _Reader) -> None:
    errors = len(reader.findings)
    first = next(iter(row.values()))
    blank = _Cell("", first.line, first.column)
    day = _day(row.get("date", blank), reader)
    violation_id = _violation(row.get("violation", blank), reader)
    points = _number(row.get("points", blank), "points", reader)
    value = _number(row.get("value", blank), "value", reader)
    count = _count(row.get("count", blank), reader)
    annulled_at = row.get("annulled", blank)
    annulled = _day(annulled_at, reader) if annulled_at.text else None
    if day is None or violation_id is None or len(reader.findings) > errors:
        return
    if annulled is not None and annulled <= day:
        reader.say("penalties.annulled-before", annulled_at.line, annulled_at.column)
        return
    known = reader.book.violations.get(violation_id)
    if known is not None and points is not None and not known.low <= points <= known.high:
        _say_outside(known, row["points"], reader)
    reader.incidents.append(Incident(day, violation_id, points, value, count, annulled))


def _say_outside(violation: Violation, cell: _Cell, reader: _Reader) -> None:
    low, high = float(violation.low), float(violation.high)
    span = f"{low:g}" if low == high else f"{low:g}–{high:g}"
    reader.say("penalties.points-outside", cell.line, cell.column, value=cell.text, range=span)


def _day(cell: _Cell, reader: _Reader) -> date | None:
    found = _DAY.fullmatch(cell.text.strip())
    day = _written_day(found, reader.book.zone) if found else None
    if day is None:
        code = "penalties.bad-date" if cell.text else "penalties.no-date"
        reader.say(code, cell.line, cell.column, value=cell.text)
    return day


def _written_day(found: re.Match[str], zone: str) -> date | None:
    """The platform's day; a time without a zone is the platform's own."""
    try:
        day = date(int(found["year"]), int(found["month"]), int(found["day"]))
        if not found["time"] or not found["zone"]:
            return day
        offset = found["zone"].replace("Z", "+00:00")
        hours, _, rest = found["time"].partition(":")
        return day_at(datetime.fromisoformat(f"{day}T{hours:0>2}:{rest}{offset}"), zone)
    except (ValueError, OverflowError):
        return None


def _violation(cell: _Cell, reader: _Reader) -> str | None:
    """The id of a violation named by its id or by its title."""
    book, name = reader.book, cell.text.strip()
    if book.knows(name):
        return name
    rows: list[Violation | Fine] = [*book.violations.values(), *book.fines.values()]
    titled = [row.violation_id for row in rows if row.title.casefold() == name.casefold()]
    if name and titled:
        return titled[0]
    code = "penalties.unknown-violation" if name else "penalties.no-violation"
    reader.say(code, cell.line, cell.column, value=name, platform=book.platform)
    return None


def _number(cell: _Cell, name: str, reader: _Reader) -> Fraction | None:
    text = cell.text.strip()
    if not text:
        return None
    if not _NUMBER.fullmatch(text) or (name == "points" and Fraction(text) > 10_000):
        reader.say("penalties.bad-number", cell.line, cell.column, value=text, name=name)
        return None
    return Fraction(text)


def _count(cell: _Cell, reader: _Reader) -> int:
    text = cell.text.strip() or "1"
    if not re.fullmatch(r"[1-9][0-9]{0,5}", text):
        reader.say("penalties.bad-number", cell.line, cell.column, value=text, name="count")
        return 1
    return int(text)
