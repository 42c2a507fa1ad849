"""A gradebook as a workbook, as CSV and as a printable page: the same rows, three forms.

Names come from class lists and may hold anything: a cell never becomes a formula, a page never
markup.
"""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from html import escape
from typing import TYPE_CHECKING

from trainer.exams.item_analysis import ItemFigures, PaperFigures
from trainer.exams.item_readings import Reading, read_item, read_paper
from trainer.exams.marking import Mark
from trainer.exchange.sheet_rows import cell_text
from trainer.foundation.messages import Messages

if TYPE_CHECKING:
    from openpyxl import Workbook

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class Candidate:
    """One line of the gradebook. `state` and `notes` are sentences; no marks, no result."""

    number: str
    name: str
    group: str
    state: str
    marks: Sequence[Mark] | None = None
    notes: Sequence[str] = ()

    @property
    def score(self) -> Fraction | None:
        if self.marks is None:
            return None
        return sum((mark.score for mark in self.marks), Fraction(0))

    @property
    def points(self) -> Fraction | None:
        if self.marks is None:
            return None
        return sum((mark.points for mark in self.marks), Fraction(0))


@dataclass(frozen=True, slots=True)
class Question:
    """A question as the gradebook names it. `title` is its stem in one line."""

    item_id: str
    title: str
    card_id: str
    points: Fraction
    right: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Change:
    """One time the papers were marked: when, and what was decided for it (sentences)."""

    when: str
    decisions: Sequence[str]
    moved: int  # candidates whose score changed by it


@dataclass(frozen=True, slots=True)
class Gradebook:
    title: str
    candidates: Sequence[Candidate]
    questions: Sequence[Question]
    items: Sequence[ItemFigures] = ()
    paper: PaperFigures | None = None
    changes: Sequence[Change] = field(default=())


def as_xlsx(book: Gradebook, messages: Messages) -> bytes:
    """The workbook: marks, a mark for each question, the analysis, and what was decided."""
    from openpyxl import Workbook  # takes long to load, and few ever export

    workbook = Workbook(write_only=True)
    _sheet(workbook, messages("marks.sheet"), _overview(book, messages), (14, 18, 14, 10, 10, 10))
    _sheet(workbook, messages("marks.by-question"), _matrix(book, messages), (14, 18))
    if book.items:
        _sheet(workbook, messages("marks.analysis"), _analysis(book, messages), (8, 48, 10))
    if book.changes:
        _sheet(workbook, messages("marks.history"), _history(book, messages), (22, 60, 12))
    buffer = io.BytesIO()
    workbook.save(buffer)
    return buffer.getvalue()


def as_csv(book: Gradebook, messages: Messages) -> bytes:
    """The marks as CSV in UTF-8 with a signature, which Excel in China reads as Chinese."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    for row in _overview(book, messages):
        writer.writerow([_harmless(cell) for cell in row])
    return text.getvalue().encode("utf-8-sig")


def as_html(book: Gradebook, messages: Messages) -> str:
    """Marks and analysis as a page to print."""
    parts = [f"<h1>{escape(book.title)}</h1>", _html_table(_overview(book, messages))]
    if book.paper is not None:
        parts.append(f'<h2 style="page-break-before:always">{messages("marks.analysis")}</h2>')
        parts += [f"<p>{escape(_said(one, messages))}</p>" for one in read_paper(book.paper)]
        parts.append(_html_table(_analysis(book, messages)))
    if book.changes:
        parts.append(f"<h2>{messages('marks.history')}</h2>")
        parts.append(_html_table(_history(book, messages)))
    return "\n".join(parts)


Cell = str | int | float | None
Rows = Sequence[Sequence[Cell]]


def _overview(book: Gradebook, messages: Messages) -> Rows:
    head = ("number", "name", "group", "score", "points", "percent", "state", "notes")
    rows: list[list[Cell]] = [[messages(f"marks.{name}") for name in head]]
    for one in book.candidates:
        score, points = one.score, one.points
        percent = round(float(100 * score / points), 1) if score is not None and points else None
        rows.append(
            [
                one.number,
                one.name,
                one.group,
                _number(score),
                _number(points),
                percent,
                one.state,
                " ".join(one.notes),
            ]
        )
    return rows


def _matrix(book: Gradebook, messages: Messages) -> Rows:
    places = {question.item_id: place for place, question in enumerate(book.questions)}
    titles: list[Cell] = [
        f"{place}. {question.title}" for place, question in enumerate(book.questions, start=1)
    ]
    rows: list[list[Cell]] = [[messages("marks.number"), messages("marks.name"), *titles]]
    for one in book.candidates:
        cells: list[Cell] = [None] * len(book.questions)
        for mark in one.marks or ():
            if mark.item_id in places:
                cells[places[mark.item_id]] = _number(mark.score)
        rows.append([one.number, one.name, *cells])
    return rows


def _analysis(book: Gradebook, messages: Messages) -> Rows:
    head = (
        "place",
        "question",
        "card",
        "n",
        "omitted",
        "not-reached",
        "facility",
        "discrimination",
        "upper-lower",
        "chosen",
        "reading",
    )
    rows: list[list[Cell]] = [[messages(f"marks.{name}") for name in head]]
    figures = {item.item_id: item for item in book.items}
    for place, question in enumerate(book.questions, start=1):
        item = figures.get(question.item_id)
        if item is None:
            continue
        chosen = " ".join(f"{chr(ord('A') + one.option)} {one.chosen}" for one in item.options)
        rows.append(
            [
                place,
                question.title,
                question.card_id,
                item.n,
                item.omitted,
                item.not_reached,
                _figure(item.facility, messages),
                _figure(item.discrimination, messages),
                _figure(item.upper_lower, messages),
                chosen,
                " ".join(_said(one, messages) for one in read_item(item, question.right)),
            ]
        )
    return rows


def _history(book: Gradebook, messages: Messages) -> Rows:
    head: list[Cell] = [messages(f"marks.{name}") for name in ("when", "decided", "moved")]
    rows: list[list[Cell]] = [head]
    rows += [[one.when, " ".join(one.decisions), one.moved] for one in book.changes]
    return rows


def _said(reading: Reading, messages: Messages) -> str:
    return messages(reading.code, **reading.blanks)


def _figure(value: float | None, messages: Messages) -> Cell:
    return messages("marks.none") if value is None else round(value, 3)


def _number(value: Fraction | None) -> Cell:
    """Two places are shown; computing goes on with the whole fraction."""
    if value is None:
        return None
    return int(value) if value.denominator == 1 else round(float(value), 2)


def _harmless(cell: Cell) -> Cell:
    """A text that a spreadsheet would take for a formula, with an apostrophe before it."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA) else cell


def _sheet(workbook: "Workbook", title: str, rows: Rows, widths: Sequence[int]) -> None:
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter

    sheet = workbook.create_sheet(title)
    sheet.freeze_panes = "A2"
    for place, width in enumerate(widths, start=1):
        sheet.column_dimensions[get_column_letter(place)].width = width
    for number, row in enumerate(rows):
        cells = []
        for value in row:
            # Notes carry what candidates' PCs wrote: what a workbook cannot hold must not stop it.
            shown = cell_text(value) if isinstance(value, str) else value
            cell = WriteOnlyCell(sheet, shown)
            if isinstance(value, str):
                cell.data_type = "s"  # never a formula, whatever it begins with
            cell.font = Font(bold=number == 0)
            cell.alignment = Alignment(vertical="top", wrap_text=True)
            cells.append(cell)
        sheet.append(cells)


def _html_table(rows: Rows) -> str:
    head, *body = rows

    def line(row: Sequence[Cell], tag: str) -> str:
        cells = (
            f'<{tag} align="{"right" if isinstance(cell, int | float) else "left"}">'
            f"{'' if cell is None else escape(str(cell))}</{tag}>"
            for cell in row
        )
        return f"<tr>{''.join(cells)}</tr>"

    return (
        '<table border="1" cellspacing="0" cellpadding="4" width="100%">'
        f"<thead>{line(head, 'th')}</thead>{''.join(line(row, 'td') for row in body)}</table>"
    )
