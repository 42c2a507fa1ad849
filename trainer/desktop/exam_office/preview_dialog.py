"""Every form as it will be packed, to be leafed through."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import QTextBrowser, QWidget

from trainer.cards.model import Language
from trainer.desktop import keys
from trainer.desktop.controls import Button, Segments
from trainer.desktop.desk import Desk
from trainer.desktop.dialogs import Dialog
from trainer.desktop.layouts import row
from trainer.desktop.text import Text
from trainer.exams.assembly import form_names
from trainer.foundation.errors import TrainerError
from trainer.services.exam_packing import Order, papers_for
from trainer.services.exam_pool import ExamPool
from trainer.services.exam_sheets import PaperPress


class PreviewDialog(Dialog):
    """Left and Right turn from form to form."""

    def __init__(self, desk: Desk, order: Order, pool: ExamPool, parent: QWidget) -> None:
        look, messages = desk.look, desk.messages
        super().__init__(look, messages("plan.preview"), parent=parent, width=900)
        self._desk, self._order = desk, order
        self._at = 0
        self._presses: dict[Language, PaperPress] = {}
        numbers = [one.number for one in order.entrants]
        self._forms: Sequence[str] = sorted(set(form_names(order.plan, numbers).values()))
        self._papers = None
        try:
            self._papers = papers_for(order, pool)
            self._media = {one.name: pool.picture(one) for one in self._papers.pictures}
        except TrainerError as error:
            self.body.addWidget(Text(look, messages(error.code, **error.blanks), "body"))
        self._language: Language = order.plan.languages[0]
        self.page = QTextBrowser()
        self.page.setOpenLinks(False)
        self.page.setMinimumHeight(look.px(360))
        self.page.setAccessibleName(messages("plan.preview"))
        self._place = Text(look, "", "control", tone="ink_soft", wrap=False)
        line = row(look, gap=8)
        for code, icon, by in (("plan.form-before", "arrow-left", -1), ("plan.form-after", "", 1)):
            button = Button(look, messages(code), icon=icon)
            button.clicked.connect(lambda _=False, by=by: self.turn(by))
            line.addWidget(button)
        line.addWidget(self._place, 1)
        if len(order.plan.languages) > 1:
            languages = Segments(
                look,
                messages("plan.languages"),
                [("zh", messages("plan.chinese")), ("en", messages("plan.english"))],
                self._language,
            )
            languages.chosen.connect(self._flip)
            line.addWidget(languages)
        self.body.addLayout(line)
        self.body.addWidget(self.page, 1)
        self.add_button(messages("shell.close"), self.accept, variant="primary", key="Esc")
        self.turn(0)

    def showEvent(self, event: QShowEvent, /) -> None:
        super().showEvent(event)
        window = self.parentWidget()
        if window is not None:  # a page wants all the height there is
            height = window.height() - self._desk.look.px(48)
            middle = window.mapToGlobal(window.rect().center())
            self.resize(self.width(), height)
            self.move(self.x(), middle.y() - height // 2)
        self.page.setFocus(Qt.FocusReason.OtherFocusReason)

    def turn(self, by: int) -> None:
        """Show the form `by` places on."""
        if self._papers is None:
            return
        self._at = (self._at + by) % len(self._forms)
        name = self._forms[self._at]
        self.page.setHtml(self._press().form(name))
        self._place.set_text(
            self._desk.messages("plan.form-of", number=self._at + 1, of=len(self._forms))
        )

    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        if event.key() in {keys.LEFT, keys.RIGHT}:
            self.turn(-1 if event.key() == keys.LEFT else 1)
        else:
            super().keyPressEvent(event)

    def _flip(self, language: str) -> None:
        self._language = "zh" if language == "zh" else "en"
        self.turn(0)

    def _press(self) -> PaperPress:
        if self._papers is None:
            raise RuntimeError("there are no papers")
        if self._language not in self._presses:
            self._presses[self._language] = PaperPress(
                self._order.plan, self._papers, self._media, self._language, self._desk.messages
            )
        return self._presses[self._language]
