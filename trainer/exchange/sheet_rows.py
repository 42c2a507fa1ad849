"""Rows of small tables people keep in Excel or as CSV: cells as text, each with its place.

Workbooks come from anywhere: what they unpack to is bounded before it is unpacked, entities are
refused (openpyxl reads XML through defusedxml), formulas are never computed.
"""

import csv
import io
import re
import warnings
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from trainer.decks.encoding import decode
from trainer.foundation.errors import TrainerError

MOST_BYTES = 16 << 20
MOST_UNPACKED = 64 << 20
MOST_ROWS = 5000
MOST_COLUMNS = 40
LONGEST_CELL = 4000
_SEPARATORS = ",;\t"
_LONGEST_CELL = 32_767  # characters; more damages a workbook
# Neither XML 1.0 nor a workbook has these.
_NOT_IN_CELLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class SheetRow:
    """`cells` are stripped texts; `line` counts from 1 in the file or on the sheet."""

    line: int
    cells: tuple[str, ...]

    def cell(self, column: int) -> str:
        return self.cells[column] if 0 <= column < len(self.cells) else ""


def read_rows(content: bytes) -> list[SheetRow]:
    """The rows that hold something, of a CSV text (UTF-8, GB18030, UTF-16 with a mark) or of the
    first sheet with anything on it.

    Raises TrainerError: table.too-big, table.damaged.
    """
    if len(content) > MOST_BYTES:
        raise TrainerError("table.too-big")
    rows = _workbook(content) if content[:4] == b"PK\x03\x04" else _text(content)
    return [row for row in rows if any(row.cells)]


def write_csv(rows: Iterable[Sequence[str]]) -> bytes:
    """UTF-8 with a signature, which Excel in China reads as Chinese; no cell is a formula."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    for row in rows:
        writer.writerow([f"'{cell}" if cell.startswith(_FORMULA) else cell for cell in row])
    return text.getvalue().encode("utf-8-sig")


def cell_text(text: str) -> str:
    """`text` without what a workbook cannot hold: a program that wrote it nevertheless would leave
    a file that nobody can open."""
    return _NOT_IN_CELLS.sub(" ", text)[:_LONGEST_CELL]


def write_xlsx(title: str, rows: Iterable[Sequence[str]], widths: Sequence[int]) -> bytes:
    """One sheet; every cell is text, whatever it begins with."""
    from openpyxl import Workbook  # takes long to load, and few ever export
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    workbook = Workbook(write_only=True)
    sheet = workbook.create_sheet(title)
    sheet.freeze_panes = "A2"
    for place, width in enumerate(widths, start=1):
        sheet.column_dimensions[get_column_letter(place)].width = width
    for number, row in enumerate(rows):
        cells = []
        for text in row:
            cell = WriteOnlyCell(sheet, cell_text(text))
            cell.data_type, cell.number_format = "s", "@"
            cell.font = Font(bold=number == 0)
            cells.append(cell)
        sheet.append(cells)
    buffer = io.BytesIO()
    workbook.save(buffer)
    return buffer.getvalue()


def _text(content: bytes) -> list[SheetRow]:
    text = decode(content).text
    first = next((line for line in text.splitlines() if line.strip()), "")
    reader = csv.reader(
        io.StringIO(text.replace("\0", ""), newline=""),
        delimiter=max(_SEPARATORS, key=first.count),
    )
    rows: list[SheetRow] = []
    try:
        before = 0
        for row in reader:
            cells = tuple(_unquoted(cell.strip())[:LONGEST_CELL] for cell in row[:MOST_COLUMNS])
            rows.append(SheetRow(before + 1, cells))
            before = reader.line_num
            if len(rows) > MOST_ROWS:
                raise TrainerError("table.too-big")
    except csv.Error as error:
        raise TrainerError("table.damaged") from error
    return rows


def _unquoted(cell: str) -> str:
    """Without the apostrophe that keeps a text from being a formula."""
    return cell[1:] if cell[:1] == "'" and cell[1:].startswith(_FORMULA) else cell


def _workbook(content: bytes) -> list[SheetRow]:
    from openpyxl import load_workbook  # takes long to load, and is needed for workbooks alone

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of styles and extensions, of no use to anybody
            _check(content)
            book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
            try:
                for sheet in book.worksheets[:10]:
                    sheet.reset_dimensions()
                    rows = []
                    cells = sheet.iter_rows(max_row=MOST_ROWS + 1, max_col=MOST_COLUMNS)
                    for line, row in enumerate(cells, start=1):
                        rows.append(SheetRow(line, tuple(_cell(one) for one in row)))
                    if len(rows) > MOST_ROWS:
                        raise TrainerError("table.too-big")
                    if any(any(row.cells) for row in rows):
                        return rows
            finally:
                book.close()
    except TrainerError:
        raise
    except Exception as error:  # a damaged workbook fails in zipfile, zlib, XML or openpyxl, each
        # with kinds of its own
        raise TrainerError("table.damaged") from error
    return []


def _check(content: bytes) -> None:
    """What members say of their size is all that is ever read of them."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        if sum(member.file_size for member in archive.infolist()) > MOST_UNPACKED:
            raise TrainerError("table.too-big")
        if "[Content_Types].xml" not in archive.namelist():
            raise TrainerError("table.damaged")


def _cell(cell: object) -> str:
    value = getattr(cell, "value", None)
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        share = "%" in str(getattr(cell, "number_format", ""))
        if share:
            value = round(value * 100, 6)
        if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
            value = int(value)
        return f"{value}%" if share else str(value)
    return str(value).strip()[:LONGEST_CELL]
