"""One question of the paper: its case study, what is asked, and where it is answered."""

from collections.abc import Callable

from PySide6.QtCore import QByteArray, QUrl, Signal
from PySide6.QtGui import QImage, QTextDocument
from PySide6.QtWidgets import QVBoxLayout, QWidget

from trainer.cards.response import Response
from trainer.desktop.answers.area import AnswerArea
from trainer.desktop.card_view import CardView, Render
from trainer.desktop.controls import Card
from trainer.desktop.exam.case import CasePaper
from trainer.desktop.layouts import row
from trainer.desktop.look import Look
from trainer.desktop.text import Tag, Text
from trainer.foundation.errors import TrainerError
from trainer.foundation.messages import Messages
from trainer.presenters.exam_paper import as_showing, given_response, paper_in, stem_in
from trainer.presenters.exam_sheets import QuestionSheet


class PaperRender(Render):
    """Pictures come out of the package, which is opened in memory, and from nowhere else."""

    def __init__(self, media: Callable[[str, str], bytes]) -> None:
        """`media` gives the picture of a question by its name, or raises TrainerError."""
        super().__init__(list)
        self._media = media
        self.item_id = ""  # the question on the screen

    def resource(self, kind: int, address: QUrl, most: int) -> QImage | QByteArray:
        if kind != QTextDocument.ResourceType.ImageResource.value or address.scheme():
            return QByteArray()
        try:
            content = self._media(self.item_id, address.path())
        except TrainerError:
            return QByteArray()
        picture = QImage.fromData(content)
        return picture if picture.width() <= most else picture.scaledToWidth(most)


class QuestionPaper(QWidget):
    """`answered` carries what is entered now, after each change: None where it was taken back."""

    answered = Signal(object)
    walked = Signal(tuple)  # a case: the choices taken, in paper order
    moved = Signal(QWidget)
    done = Signal()  # Enter

    def __init__(
        self, look: Look, messages: Messages, render: PaperRender, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self._look, self._messages, self._render = look, messages, render
        self._sheet: QuestionSheet | None = None
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(look.px(12))
        self._stem_card = Card(look, self, padding=20, ground=look.colours.canvas)
        self.stem = CardView(look, render, self._stem_card, step="body")
        self._stem_card.body.addWidget(self.stem)
        self.paper = Card(look, self, padding=28)
        self.paper.body.setSpacing(look.px(16))
        head = row(look, gap=12)
        self.place = Text(look, step="control", tone="ink_soft", bold=True, wrap=False)
        self.points = Text(look, step="control", tone="ink_soft", wrap=False)
        self.flag = Tag(look, messages("exam.flagged"), tone="warning", icon="flag")
        head.addWidget(self.place)
        head.addWidget(self.points)
        head.addStretch(1)
        head.addWidget(self.flag)
        self.paper.body.addLayout(head)
        self.question = CardView(look, render, self.paper, step="question")
        self.instruction = Text(look, step="control", tone="ink_soft", fill=True)
        # In an exam Enter only goes on: an option nobody chose is no answer.
        self.answers = AnswerArea(look, messages, render, self.paper, enter_chooses=False)
        self.answers.checked.connect(self.done)
        self.answers.changed.connect(self._tell)
        self.answers.moved.connect(self.moved)
        self.case = CasePaper(look, messages, render, self.paper)
        self.case.walked.connect(self.walked)
        self.case.moved.connect(self.moved)
        for part in (self.question, self.instruction, self.answers, self.case):
            self.paper.body.addWidget(part)
        column.addWidget(self._stem_card)
        column.addWidget(self.paper)
        column.addStretch(1)

    def ask(self, sheet: QuestionSheet) -> None:
        """Show the question with the answer it has so far."""
        self._sheet = sheet
        words, item = self._messages, sheet.item
        self._render.item_id = item.item_id
        paper = paper_in(item, sheet.language)
        chinese = paper.language == "zh"
        stem = stem_in(item, sheet.language)
        self._stem_card.setVisible(bool(stem))
        self.stem.show_markdown(stem, chinese=chinese)
        self.place.set_text(words("exam.place", number=sheet.number, of=sheet.of))
        self.points.set_text(words("exam.points", points=item.points))
        self.flag.setVisible(sheet.flagged)
        is_case = item.kind == "case"
        self.answers.setVisible(not is_case)
        self.case.setVisible(is_case)
        self.setEnabled(not sheet.locked)
        if is_case:
            self.question.show_markdown(paper.stem, chinese=chinese)
            self.instruction.set_text(words("exam.how-case"))
            road = sheet.answered.road if sheet.answered else ()
            self.case.ask(paper.steps, road, chinese=chinese)
        else:
            showing = as_showing(item, paper, sheet.placed.order)
            self.question.show_markdown(showing.question, chinese=chinese)
            self.instruction.set_text(self._how(sheet))
            entered = sheet.answered.response if sheet.answered else None
            self.answers.blockSignals(True)  # showing it is no answer
            self.answers.ask(showing, entered)
            self.answers.blockSignals(False)
            self.answers.name_focus(self.question.accessibleName())

    def response(self) -> Response | None:
        """What stands in the controls now, an input method's unfinished text included."""
        return given_response(self.answers.response())

    def take_focus(self) -> None:
        if self._sheet is not None and self._sheet.item.kind == "case":
            self.case.take_focus()
        else:
            self.answers.take_focus()

    def _how(self, sheet: QuestionSheet) -> str:
        words, item = self._messages, sheet.item
        said = [words(f"answer.how.{item.kind}" if item.kind != "cloze" else "exam.how-cloze")]
        if item.kind == "multiple-response" and item.scoring is not None:
            said.append(words(f"exam.scoring.{item.scoring}"))
        if item.kind in {"typed", "cloze"}:
            said.append(words("exam.how-typed"))
        return " ".join(said)

    def _tell(self) -> None:
        self.answered.emit(self.response())
