"""Results on the teacher's desk: open, look, decide, export, give back."""

from collections.abc import Callable, Collection, Sequence
from fractions import Fraction
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFileDialog,
    QFrame,
    QHeaderView,
    QLineEdit,
    QScrollArea,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from trainer.desktop.controls import Button, Card, Segments
from trainer.desktop.desk import Desk
from trainer.desktop.dialogs import Dialog
from trainer.desktop.fields import Field
from trainer.desktop.layouts import Flow, row, stack
from trainer.desktop.question_sheet import Notice
from trainer.desktop.text import Text
from trainer.exams.bundle import Bundle
from trainer.exams.item_analysis import ItemFigures
from trainer.exams.item_readings import Tone as ReadingTone
from trainer.exams.item_readings import read_item, read_paper
from trainer.exams.review import Level
from trainer.exams.second_key import takes_second_key
from trainer.foundation.clock import milliseconds
from trainer.foundation.errors import TrainerError
from trainer.foundation.settings import Setting
from trainer.services.exam_results import Analysis, ExamResults, Paper, shown_blanks

LAST_KEY = Setting("exam-results-key", "")
LAST_FOLDER = Setting("exam-results-folder", "")
_TONES: dict[ReadingTone, tuple[str, str]] = {
    "good": ("circle-check", "good"),
    "plain": ("info", "ink"),
    "look": ("circle-dot", "warning"),
    "mend": ("triangle-alert", "warning"),
}
_URGENCY: dict[ReadingTone, int] = {"mend": 0, "look": 1, "plain": 2, "good": 3}


class ResultsPage(QWidget):
    """Two tables, candidates and questions; below them what there is to say about the one that is
    chosen, and what can be done."""

    back_wanted = Signal()

    def __init__(self, desk: Desk, results: ExamResults, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk, self.results = desk, results
        self._papers: list[Paper] = []
        self._analysis: Analysis | None = None
        look, messages = desk.look, desk.messages
        column = self._scrolling_column()
        column.addWidget(Text(look, results.file.header.title, "lead", bold=True))
        head = Flow(gap=look.px(8))
        for code, icon, key, act in (
            ("results.add", "folder-open", "Ctrl+O", self._add),
            ("results.export", "save", "Ctrl+S", self._export),
            ("results.release", "user-round-plus", "", self._release),
            ("exam.to-back", "", "Esc", self.back_wanted.emit),
        ):
            button = Button(look, messages(code), variant="quiet", icon=icon, key=key)
            button.setObjectName(code.replace(".", "-"))
            button.clicked.connect(lambda _=False, act=act: act())
            head.addWidget(button)
        column.addLayout(head)
        line = row(look, gap=16)
        self._side = Segments(
            look,
            messages("results.show"),
            [("papers", messages("results.papers")), ("questions", messages("results.questions"))],
            "papers",
        )
        self._side.chosen.connect(lambda _value: self.refresh())
        self._sum = Text(look, "", "control", tone="ink_soft", tabular=True, wrap=False)
        line.addWidget(self._side)
        line.addWidget(self._sum, 1)
        column.addLayout(line)
        self.table = QTableWidget()
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.table.verticalHeader().setVisible(False)
        self.table.verticalHeader().setDefaultSectionSize(look.px(34))
        self.table.horizontalHeader().setMinimumSectionSize(look.px(56))
        self.table.setShowGrid(False)
        self.table.setWordWrap(False)
        self.table.setTabKeyNavigation(False)
        self.table.currentCellChanged.connect(lambda *_: self._show_chosen())
        self.table.setMinimumHeight(look.px(150))
        column.addWidget(self.table, 3)
        self._detail = Card(look, padding=16)
        self._holder = QWidget()
        self._detail.body.addWidget(self._holder)
        column.addWidget(self._detail, 2)
        self.refresh()

    def _scrolling_column(self) -> QVBoxLayout:
        """Where the window is low, the whole page scrolls instead of cutting its lower half."""
        look = self._desk.look
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        inside = QWidget()
        area.setWidget(inside)
        around = QVBoxLayout(self)
        around.setContentsMargins(0, 0, 0, 0)
        around.addWidget(area)
        column = QVBoxLayout(inside)
        column.setContentsMargins(look.px(24), look.px(16), look.px(24), look.px(16))
        column.setSpacing(look.px(12))
        return column

    def take_focus(self) -> None:
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def refresh(self) -> None:
        """Compute everything anew and show it."""
        self._papers = self.results.papers()
        messages = self._desk.messages
        done = [paper for paper in self._papers if paper.marks is not None]
        waiting = sum(paper.waits for paper in self._papers)
        said = [messages("results.of", done=len(done), all=len(self._papers))]
        if waiting:
            said.append(messages.count("results.waiting", waiting))
        if self.results.unread:
            said.append(messages.count("results.unread", len(self.results.unread)))
        self._sum.set_text("  ".join(said))
        self.table.setAccessibleName(messages(f"results.{self._side.value}"))
        place = max(self.table.currentRow(), 0)
        if self._side.value == "papers":
            self._fill_papers()
        else:
            self._fill_questions()
        self.table.setCurrentCell(min(place, self.table.rowCount() - 1), 0)
        self._show_chosen()

    # Tables

    def _fill_papers(self) -> None:
        messages = self._desk.messages
        rows = []
        for paper in self._papers:
            score = "" if paper.score is None else _shown(paper.score[0])
            points = "" if paper.score is None else f"/ {_shown(paper.score[1])}"
            state = messages(f"results.status-{paper.row.status}")
            receipt = paper.counted.index.receipt if paper.counted else ""
            notes = str(len(paper.remarks) + paper.waits or "")
            rows.append(
                [paper.entrant.number, paper.entrant.name, state, score, points, receipt, notes]
            )
        heads = ("number", "name", "state", "score", "points", "receipt", "notes")
        self._fill([messages(f"marks.{name}") for name in heads], rows, (3,))

    def _fill_questions(self) -> None:
        messages = self._desk.messages
        self._analysis = self.results.analysis()
        rows = []
        for place, figures in enumerate(self._analysis.items, start=1):
            readings = read_item(figures, self._analysis.rights.get(figures.item_id, frozenset()))
            # The caution about few candidates comes first, and hides nothing worse.
            worst = min(readings, key=lambda one: _URGENCY[one.tone], default=None)
            word = messages(f"results.tone-{worst.tone}") if worst else ""
            rows.append(
                [
                    str(place),
                    self._analysis.titles[figures.item_id],
                    str(figures.n),
                    _figure(figures.facility),
                    _figure(figures.discrimination),
                    _figure(figures.upper_lower),
                    word,
                ]
            )
        heads = ("place", "question", "n", "facility", "discrimination", "upper-lower", "verdict")
        self._fill([messages(f"marks.{name}") for name in heads], rows, (0, 2, 3, 4, 5))

    def _fill(
        self, heads: Sequence[str], rows: Sequence[Sequence[str]], figures: Collection[int]
    ) -> None:
        """The second column takes the room there is; those of `figures` stand at the right."""
        table = self.table
        table.clear()
        table.setColumnCount(len(heads))
        table.setRowCount(len(rows))
        table.setHorizontalHeaderLabels(list(heads))
        for at, cells in enumerate(rows):
            for column, text in enumerate(cells):
                item = QTableWidgetItem(text)
                if column in figures:
                    right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
                    item.setTextAlignment(right)
                table.setItem(at, column, item)
        header = table.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)

    # The one that is chosen

    def _show_chosen(self) -> None:
        at = self.table.currentRow()
        body = QWidget()
        column = stack(self._desk.look, gap=8)
        body.setLayout(column)
        if self._side.value == "papers" and 0 <= at < len(self._papers):
            self._add_paper(column, self._papers[at])
        elif self._analysis is not None and 0 <= at < len(self._analysis.items):
            self._add_question(column, self._analysis, self._analysis.items[at])
        column.addStretch(1)
        self._detail.body.replaceWidget(self._holder, body)
        self._holder.hide()
        self._holder.deleteLater()
        self._holder = body
        body.show()

    def _add_paper(self, column: QVBoxLayout, paper: Paper) -> None:
        look, messages = self._desk.look, self._desk.messages
        head = f"{paper.entrant.number}  {paper.entrant.name}"
        column.addWidget(Text(look, head, "control", bold=True))
        if paper.waits:
            self._say(column, "triangle-alert", "warning", messages("results.waits"))
        for remark in paper.remarks:
            words = messages(remark.code, **shown_blanks(remark, messages))
            self._say(column, "info", "ink", words)
        if paper.marks is not None and not paper.remarks and not paper.waits:
            self._say(column, "circle-check", "good", messages("results.nothing-odd"))
        line = Flow(gap=look.px(8))
        known = [*((paper.row.taken,) if paper.row.taken else ()), *paper.row.aside]
        if len(known) > 1 or paper.waits:
            for bundle in known:
                words = messages("results.this-counts", receipt=bundle.index.receipt)
                line.addWidget(self._button(words, self._counter(paper, bundle)))
            line.addWidget(
                self._button(messages("results.none-counts"), self._counter(paper, None))
            )
        if known:
            line.addWidget(
                self._button(messages("results.receipt"), lambda: self._ask_receipt(paper))
            )
        column.addLayout(line)

    def _add_question(self, column: QVBoxLayout, analysis: Analysis, figures: ItemFigures) -> None:
        look, messages = self._desk.look, self._desk.messages
        column.addWidget(Text(look, analysis.titles[figures.item_id], "control", bold=True))
        rights = analysis.rights.get(figures.item_id, frozenset())
        for reading in read_item(figures, rights):
            icon, tone = _TONES[reading.tone]
            self._say(column, icon, tone, messages(reading.code, **reading.blanks))
        chosen = "   ".join(
            f"{chr(ord('A') + one.option)} {one.chosen}{' ✓' if one.option in rights else ''}"
            for one in figures.options
        )
        if chosen:
            words = messages("results.chosen", counts=chosen)
            column.addWidget(Text(look, words, "control", tone="ink_soft", tabular=True))
        for reading in read_paper(analysis.paper)[:2] if self.table.currentRow() == 0 else ():
            self._say(column, "info", "ink_soft", messages(reading.code, **reading.blanks))
        line = Flow(gap=look.px(8))
        item_id = figures.item_id
        held = [one for one in self.results.decided.book.decisions if one.item_id == item_id]
        if held:
            line.addWidget(
                self._button(messages("results.take-back"), lambda: self._decide_back(held[-1]))
            )
        else:
            for rule in ("drop", "credit"):
                line.addWidget(
                    self._button(
                        messages(f"results.do-{rule}"),
                        partial(self._ask_void, item_id, rule),
                    )
                )
        if takes_second_key(self.results.file.keyed()[item_id]):
            line.addWidget(
                self._button(messages("results.do-also"), lambda: self._ask_second(item_id))
            )
        rule_id = self._rule_of(item_id)
        if rule_id:
            line.addWidget(
                self._button(messages("results.to-card"), lambda: self._desk.shell.read(rule_id))
            )
        column.addLayout(line)

    def _say(self, column: QVBoxLayout, icon: str, tone: str, words: str) -> None:
        notice = Notice(self._desk.look, self, step="control")
        notice.show_words(icon, tone, words)  # type: ignore[arg-type] # a tone by its name
        column.addWidget(notice)

    def _button(self, words: str, act: Callable[[], object]) -> Button:
        button = Button(self._desk.look, words)
        button.clicked.connect(lambda _=False: act())
        return button

    def _rule_of(self, item_id: str) -> str:
        """The rule behind a question, "" for none."""
        from trainer.exams.marking import KeyedCard

        keyed = self.results.file.keyed()[item_id].keyed
        return keyed.card.rule_id if isinstance(keyed, KeyedCard) else ""

    # Acts

    def _counter(self, paper: Paper, bundle: Bundle | None) -> Callable[[], None]:
        return lambda: self._try(lambda: self.results.count(paper.entrant.number, bundle))

    def _ask_receipt(self, paper: Paper) -> None:
        messages = self._desk.messages
        known = self.results.decided.receipts.get(paper.entrant.number, "")
        self._ask(
            messages("results.receipt"),
            messages("results.receipt-field"),
            known,
            lambda text: self.results.set_receipt(paper.entrant.number, text),
        )

    def _ask_void(self, item_id: str, rule: str) -> None:
        messages = self._desk.messages
        self._ask(
            messages(f"results.do-{rule}"),
            messages("results.reason"),
            "",
            lambda text: self.results.void(item_id, rule, text, self._now()),
        )

    def _ask_second(self, item_id: str) -> None:
        look, messages = self._desk.look, self._desk.messages
        dialog = Dialog(
            look, messages("results.do-also"), messages("results.also-more"), parent=self
        )
        answer, reason = QLineEdit(), QLineEdit()
        answer.setObjectName("also-answer")
        reason.setObjectName("also-reason")
        field = Field(look, messages("results.also-answer"), answer)
        answer.textEdited.connect(field.clear_wrong)
        dialog.body.addWidget(field)
        dialog.body.addWidget(Field(look, messages("results.reason"), reason))

        def go() -> None:
            try:
                self.results.accept_written(item_id, answer.text(), reason.text(), self._now())
            except TrainerError as error:
                field.show_wrong(messages(error.code, **error.blanks))
                return
            dialog.accept()
            self.refresh()

        dialog.add_button(messages("shell.cancel"), dialog.reject, key="Esc")
        do = dialog.add_button(messages("results.do-also"), go, variant="primary", key="Return")
        do.setObjectName("also-go")
        dialog.open()
        answer.setFocus(Qt.FocusReason.OtherFocusReason)

    def _decide_back(self, decision: object) -> None:
        self._try(lambda: self.results.take_back(decision, self._now()))  # type: ignore[arg-type]

    def _ask(self, title: str, label: str, value: str, act: Callable[[str], object]) -> None:
        look, messages = self._desk.look, self._desk.messages
        dialog = Dialog(look, title, parent=self)
        line = QLineEdit(value)
        dialog.body.addWidget(Field(look, label, line))

        def go() -> None:
            dialog.accept()
            self._try(lambda: act(line.text()))

        dialog.add_button(messages("shell.cancel"), dialog.reject, key="Esc")
        dialog.add_button(title, go, variant="primary", key="Return")
        dialog.open()
        line.setFocus(Qt.FocusReason.OtherFocusReason)

    def _try(self, act: Callable[[], object]) -> None:
        try:
            act()
            self.results.mark_now(self._now())
        except TrainerError as error:
            self._desk.shell.say(error)
        self.refresh()

    def _now(self) -> int:
        return milliseconds(self._desk.clock.now())

    def _add(self) -> None:
        folder = QFileDialog.getExistingDirectory(
            self, self._desk.messages("results.folder"), self._desk.settings[LAST_FOLDER]
        )
        if folder:
            self._desk.settings[LAST_FOLDER] = folder
            self.collect([Path(folder)])

    def collect(self, folders: Sequence[Path]) -> None:
        """Read what lies in `folders`, with progress."""
        desk = self._desk

        def done(_result: object) -> None:
            self._try(lambda: None)

        desk.shell.run(
            desk.messages("results.checking"),
            lambda report: self.results.collect_from(folders, report),
            done,
        )

    def _export(self) -> None:
        messages = self._desk.messages
        path, _ = QFileDialog.getSaveFileName(
            self, messages("results.export"), messages("results.file"), messages("results.filter")
        )
        if path:
            self.export(Path(path))

    def export(self, path: Path) -> None:
        from trainer.desktop.printing import print_pdf

        try:
            self.results.export(path, self._desk.messages, print_pdf)
        except TrainerError as error:
            self._desk.shell.say(error)
        else:
            self._desk.shell.toast(self._desk.messages("plan.saved", name=path.name))

    def _release(self) -> None:
        """Marks given back: how much, and in which file."""
        look, messages = self._desk.look, self._desk.messages
        dialog = Dialog(
            look, messages("results.release"), messages("results.release-more"), parent=self
        )
        level = Segments(
            look,
            messages("results.level"),
            [(each, messages(f"results.level-{each}")) for each in ("score", "answers", "full")],
            "score",
        )
        dialog.body.addWidget(Field(look, messages("results.level"), level))

        def go() -> None:
            package, _ = QFileDialog.getOpenFileName(
                self, messages("results.package"), "", messages("exam.package-filter")
            )
            path = ""
            if package:
                path, _ = QFileDialog.getSaveFileName(
                    self, messages("results.release"), messages("results.release-file")
                )
            if not path:
                return
            dialog.accept()
            chosen: Level = (
                "full"
                if level.value == "full"
                else ("answers" if level.value == "answers" else "score")
            )
            self.release(Path(path), chosen, Path(package))

        dialog.add_button(messages("shell.cancel"), dialog.reject, key="Esc")
        dialog.add_button(messages("results.release-go"), go, variant="primary", key="Return")
        dialog.open()

    def release(self, path: Path, level: Level, package: Path) -> None:
        from nacl.utils import random as entropy

        desk = self._desk

        def done(number: object) -> None:
            words = desk.messages.count("results.released", int(str(number)), path=path.name)
            desk.shell.toast(words)

        desk.shell.run(
            desk.messages("results.release"),
            lambda _report: self.results.release(path, level, 0, package, entropy),
            done,
        )


def _shown(value: Fraction) -> str:
    return str(value) if value.denominator == 1 else f"{float(value):.2f}"


def _figure(value: float | None) -> str:
    return "–" if value is None else f"{value:.2f}"
