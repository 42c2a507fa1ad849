"""A class list as schools keep it: number, name, class, extra time; CSV or Excel, read with every
mistake named by row and column, and written so that it reads back the same."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePath

from trainer.exams.key_file import Entrant
from trainer.exchange.sheet_rows import SheetRow, read_rows, write_csv, write_xlsx
from trainer.foundation.source import Finding, Level, Place

MOST_CANDIDATES = 1000
_HEADING_WITHIN = 20  # rows: above the headings may stand the school's name
_MOST_PERCENT = 300
_MOST_MINUTES = 600

_HEADINGS = {
    "number": ("学号", "考号", "准考证号", "编号", "number", "student number", "student id", "id"),
    "name": ("姓名", "名字", "学生姓名", "name", "full name", "student", "student name"),
    "group": ("班级", "班", "行政班", "class", "group"),
    "extra": ("加时", "延时", "延长时间", "额外时间", "extra", "extra time"),
    "accommodations": ("便利", "特殊安排", "合理便利", "accommodation", "accommodations"),
}
_ACCOMMODATIONS = {
    "large-type": ("大字", "大字体", "large type", "large-type", "large print"),
    "high-contrast": ("高对比", "高对比度", "high contrast", "high-contrast"),
}
ACCOMMODATIONS = tuple(_ACCOMMODATIONS)
_NUMBER = re.compile(r"[0-9A-Za-z](?:[0-9A-Za-z_-]{0,31})")
# Names that Windows keeps for devices: no folder can bear them.
_DEVICES = re.compile(r"(?:con|prn|aux|nul|com[0-9]|lpt[0-9])", re.IGNORECASE)
_PERCENT = re.compile(r"([0-9]{1,4})(?:\.0+)?%")
_MINUTES = re.compile(r"([0-9]{1,4})(?:\.0+)?(?:分钟|分|minutes?|mins?|')?")


@dataclass(frozen=True, slots=True)
class ClassList:
    """Those who may sit the exam. Rows with an error are not among them."""

    entrants: tuple[Entrant, ...]
    findings: tuple[Finding, ...]

    @property
    def good(self) -> bool:
        return not any(finding.level is Level.ERROR for finding in self.findings)


def read_class_list(content: bytes, path: PurePath) -> ClassList:
    """The candidates in a file. Places are row and column of the table.

    Raises TrainerError: table.too-big, table.damaged.
    """
    return _Reader(path).read(read_rows(content))


def class_list_csv(entrants: Sequence[Entrant]) -> bytes:
    return write_csv(_rows(entrants))


def class_list_xlsx(entrants: Sequence[Entrant]) -> bytes:
    return write_xlsx("名单", _rows(entrants), (16, 16, 16, 14, 16))


def _rows(entrants: Sequence[Entrant]) -> list[list[str]]:
    rows = [["学号", "姓名", "班级", "加时", "便利"]]
    for one in entrants:
        extra = [f"{one.extra_percent}%"] if one.extra_percent else []
        extra += [f"{one.extra_minutes} 分钟"] if one.extra_minutes else []
        special = [_ACCOMMODATIONS[name][0] for name in one.accommodations]
        rows.append([one.number, one.name, one.group, " + ".join(extra), "、".join(special)])
    return rows


class _Reader:
    def __init__(self, path: PurePath) -> None:
        self._path = path
        self._findings: list[Finding] = []
        self._entrants: list[Entrant] = []
        self._lines: dict[str, int] = {}  # number, case folded -> line
        self._columns: dict[str, int] = {}

    def read(self, rows: Sequence[SheetRow]) -> ClassList:
        place = next(
            (
                at
                for at, row in enumerate(rows[:_HEADING_WITHIN])
                if "number" in _columns_of(row).values()
            ),
            None,
        )
        if place is None:
            self._say(1, 0, Level.ERROR, "class.no-headings")
            return self._done()
        for column, name in _columns_of(rows[place]).items():
            self._columns.setdefault(name, column)
        for column, text in enumerate(rows[place].cells):
            if text and column not in _columns_of(rows[place]):
                heading = text[:40]
                self._say(rows[place].line, column, Level.HINT, "class.column", heading=heading)
        for row in rows[place + 1 :]:
            if len(self._entrants) == MOST_CANDIDATES:
                self._say(row.line, 0, Level.ERROR, "class.too-many", most=MOST_CANDIDATES)
                break
            self._take(row)
        if not self._entrants:
            self._say(rows[place].line, 0, Level.ERROR, "class.empty")
        return self._done()

    def _done(self) -> ClassList:
        found = sorted(self._findings, key=lambda finding: finding.place)
        return ClassList(tuple(self._entrants), tuple(found))

    def _take(self, row: SheetRow) -> None:
        number = self._number(row)
        name = _one_line(self._cell(row, "name"))
        if "name" in self._columns and not name:
            self._say(row.line, self._columns["name"], Level.WARNING, "class.no-name")
        extra = self._extra(row)
        special = self._accommodations(row)
        if number is None or extra is None:
            return
        percent, minutes = extra
        group = _one_line(self._cell(row, "group"))[:60]
        self._lines[number.casefold()] = row.line
        self._entrants.append(
            Entrant(number, name[:80], group, percent, minutes, accommodations=special)
        )

    def _number(self, row: SheetRow) -> str | None:
        column = self._columns["number"]
        text = unicodedata.normalize("NFKC", row.cell(column)).strip()
        if not text:
            self._say(row.line, column, Level.ERROR, "class.no-number")
            return None
        if re.fullmatch(r"[0-9.]+e\+?[0-9]+", text, re.IGNORECASE):
            self._say(row.line, column, Level.ERROR, "class.number-lost", text=text[:40])
            return None
        if not _NUMBER.fullmatch(text) or _DEVICES.fullmatch(text):
            self._say(row.line, column, Level.ERROR, "class.bad-number", text=text[:40])
            return None
        first = self._lines.get(text.casefold())
        if first is not None:
            self._say(row.line, column, Level.ERROR, "class.twice", number=text, first=first)
            return None
        return text

    def _extra(self, row: SheetRow) -> tuple[int, int] | None:
        """Percent and minutes; None when it cannot be read."""
        text = _folded(self._cell(row, "extra")).replace(" ", "")
        if text in {"", "无", "no", "none", "-", "0"}:
            return 0, 0
        percent = minutes = 0
        for piece in re.split(r"[+＋、,;]", text):
            share, length = _PERCENT.fullmatch(piece), _MINUTES.fullmatch(piece)
            if share:
                percent += int(share[1])
            elif length:
                minutes += int(length[1])
            else:
                self._say_of("extra", row, "class.bad-extra", text=text[:40])
                return None
        if percent > _MOST_PERCENT or minutes > _MOST_MINUTES:
            self._say_of("extra", row, "class.much-extra", text=text[:40])
            return None
        return percent, minutes

    def _accommodations(self, row: SheetRow) -> tuple[str, ...]:
        found = []
        for piece in re.split(r"[+、,;/]", _folded(self._cell(row, "accommodations"))):
            name = next((n for n, words in _ACCOMMODATIONS.items() if piece.strip() in words), None)
            if name is not None:
                found.append(name)
            elif piece.strip() not in {"", "无", "no", "none", "-"}:
                column = self._columns["accommodations"]
                text = piece.strip()[:40]
                self._say(row.line, column, Level.WARNING, "class.accommodation", text=text)
        return tuple(dict.fromkeys(found))

    def _cell(self, row: SheetRow, name: str) -> str:
        return row.cell(self._columns.get(name, -1))

    def _say_of(self, name: str, row: SheetRow, code: str, **blanks: object) -> None:
        self._say(row.line, self._columns[name], Level.ERROR, code, **blanks)

    def _say(self, line: int, column: int, level: Level, code: str, **blanks: object) -> None:
        place = Place(self._path, line, column + 1)
        self._findings.append(Finding(place, level, code, blanks))


def _columns_of(row: SheetRow) -> dict[int, str]:
    names: dict[int, str] = {}
    for column, text in enumerate(row.cells):
        heading = _folded(text).rstrip(":").strip()
        name = next((n for n, words in _HEADINGS.items() if heading in words), None)
        if name is not None and name not in names.values():
            names[column] = name
    return names


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold().strip()


def _one_line(text: str) -> str:
    """Without what could turn a line of a printed page into two."""
    plain = "".join(" " if unicodedata.category(c)[0] == "C" else c for c in text)
    return " ".join(plain.split())
