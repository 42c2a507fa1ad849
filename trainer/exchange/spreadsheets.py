"""The files question banks lie in: CSV in any encoding schools use, and Excel workbooks."""

import csv
import io
import warnings
import zipfile
from collections.abc import Iterator, Sequence

from trainer.decks.encoding import decode
from trainer.exchange.archives import Archive, zipped
from trainer.exchange.model import (
    Bundle,
    Exported,
    Imported,
    NotCarried,
    ReportProgress,
    no_report,
)
from trainer.exchange.names import title_of
from trainer.exchange.question_bank import (
    MOST_COLUMNS,
    MOST_ROWS,
    as_written,
    headings,
    neutralised,
    read_rows,
    rows_of,
)
from trainer.foundation.errors import TrainerError

_LARGEST = 64 * 2**20  # bytes, of everything in a workbook
_LONGEST_CELL = 32_767  # characters Excel can hold
_SEPARATORS = ",;\t"


def read_csv(content: bytes, name: str, report: ReportProgress = no_report) -> Imported:
    """Raises TrainerError: import.bad-row, import.no-headings, import.nothing-in-it,
    import.too-big."""
    if len(content) > _LARGEST:
        raise TrainerError("import.too-big")
    text = decode(content).text
    head = text[:4000].partition("\n")[0]
    separator = max(_SEPARATORS, key=head.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    total = text.count("\n")

    def rows() -> Iterator[Sequence[str]]:
        try:
            for row in reader:
                yield [as_written(cell) for cell in row[:MOST_COLUMNS]]
        except csv.Error as error:
            raise TrainerError("import.bad-row", line=reader.line_num) from error

    return read_rows(rows(), title_of(name), report, total)


def read_xlsx(content: bytes, name: str, report: ReportProgress = no_report) -> Imported:
    """The first sheet that has our headings. Raises TrainerError: import.damaged,
    import.entities, import.too-big, import.no-headings, import.nothing-in-it."""
    _check(content)
    # 60 ms, for those who open such a file.
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    bad = (InvalidFileException, zipfile.BadZipFile, KeyError, ValueError, TypeError, OSError)
    bad_too = (AttributeError, IndexError, OverflowError, SyntaxError, EOFError, RecursionError)
    trouble = TrainerError("import.no-headings")
    with warnings.catch_warnings():
        # What it says of styles and extensions is of no use to anybody here.
        warnings.simplefilter("ignore")
        try:
            book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
            sheets = book.worksheets
            for sheet in sheets[:20]:
                sheet.reset_dimensions()
                rows = sheet.iter_rows(
                    max_row=MOST_ROWS + 1, max_col=MOST_COLUMNS, values_only=True
                )
                texts = ([_cell(value) for value in row] for row in rows)
                try:
                    return read_rows(texts, title_of(name), report, MOST_ROWS)
                except TrainerError as error:
                    if error.code not in {"import.no-headings", "import.nothing-in-it"}:
                        raise
                    trouble = error
        except (*bad, *bad_too) as error:
            raise TrainerError("import.damaged") from error
    raise trouble


def _check(content: bytes) -> None:
    """Look at a workbook before others unpack it. What a member's header says of its size is all
    that is ever read of it."""
    archive = Archive(content)
    if not archive.has("[Content_Types].xml"):
        raise TrainerError("import.not-this-format")
    whole = 0
    for name in archive.names():
        if name.lower().endswith((".xml", ".rels")):
            member = archive.read(name)
            whole += len(member)
            if whole > _LARGEST:
                raise TrainerError("import.too-big")
            if any(mark in member for mark in _DECLARATIONS):
                raise TrainerError("import.entities")


_DECLARATIONS = tuple(
    text.encode(encoding)
    for text in ("<!DOCTYPE", "<!ENTITY")
    for encoding in ("ascii", "utf-16-le", "utf-16-be")
)


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return as_written(str(value))


def write_csv(bundle: Bundle, report: ReportProgress = no_report) -> Exported:
    """UTF-8 with a mark, by which Excel knows it."""
    lost: list[NotCarried] = []
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    count = 0
    for row in _rows(bundle, lost, report):
        writer.writerow([neutralised(cell) for cell in row])
        count += 1
    return Exported(text.getvalue().encode("utf-8-sig"), tuple(lost), count - 1)


def write_xlsx(bundle: Bundle, report: ReportProgress = no_report) -> Exported:
    """A workbook with one sheet; every cell is text, whatever it begins with."""
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
    from openpyxl.styles import Alignment, Font

    lost: list[NotCarried] = []
    book = Workbook(write_only=True)
    chinese = bool(bundle.decks) and bundle.decks[0].language == "zh"
    sheet = book.create_sheet("题库" if chinese else "Questions")
    sheet.freeze_panes = "A2"
    for place, width in enumerate((16, 12, 48), start=1):
        sheet.column_dimensions["ABC"[place - 1]].width = width
    bold, wrap = Font(bold=True), Alignment(wrap_text=True, vertical="top")
    count = 0
    for row in _rows(bundle, lost, report):
        cells = []
        for text in row:
            plain = ILLEGAL_CHARACTERS_RE.sub("\N{REPLACEMENT CHARACTER}", text)
            if len(plain) > _LONGEST_CELL:
                lost.append(NotCarried("carried.too-long", row[0]))
                plain = plain[:_LONGEST_CELL]
            cell = WriteOnlyCell(sheet, value=plain or None)
            if plain:
                cell.data_type = "s"
                cell.quotePrefix = plain[0] in "=+-@"
                cell.alignment = wrap
            if not count:
                cell.font = bold
            cells.append(cell)
        sheet.append(cells)
        count += 1
    packed = io.BytesIO()
    book.save(packed)
    # Without the moment it was made at, the same decks are the same file.
    archive = Archive(packed.getvalue())
    members = [(name, archive.read(name)) for name in archive.names()]
    return Exported(zipped(members), tuple(lost), count - 1)


def _rows(
    bundle: Bundle, lost: list[NotCarried], report: ReportProgress
) -> Iterator[Sequence[str]]:
    language = bundle.decks[0].language if bundle.decks else "en"
    yield headings(language)
    for number, deck in enumerate(bundle.decks):
        report(number, len(bundle.decks))
        yield from rows_of(deck, lost)
    report(len(bundle.decks), len(bundle.decks))
