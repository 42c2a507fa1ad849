"""The right side of the handbook: one chapter to read, with the cards under each rule."""

from collections.abc import Iterator, Sequence
from functools import partial

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from trainer.decks.model import Deck
from trainer.decks.rendering import GAP
from trainer.desktop.card_view import CardView, Render
from trainer.desktop.controls import Button, Card, Divider, EmptyState
from trainer.desktop.foot import SteadyPage
from trainer.desktop.layouts import Flow, row, stack
from trainer.desktop.look import Look
from trainer.desktop.plain import plain_words
from trainer.desktop.question_sheet import Notice, open_in_browser
from trainer.desktop.rule_panel import RulePanel
from trainer.desktop.settling import place_all
from trainer.desktop.text import Tag, Text, Tone
from trainer.foundation.messages import Messages
from trainer.presenters.durations import interval
from trainer.presenters.handbook import CardLine, ChapterPage, RulePage, Standing
from trainer.presenters.subjects import subject_name

STANDING_LOOKS: dict[Standing, tuple[str, Tone]] = {
    "new": ("sprout", "ink_soft"),
    "due": ("clock", "accent"),
    "later": ("check", "good"),
    "buried": ("moon", "ink_soft"),
    "suspended": ("pause", "warning"),
}


AT_ONCE = 4  # rules that are there at once: more than a screen shows


class CardList(QWidget):
    """The cards of a rule, folded until they are wanted."""

    resume_wanted = Signal(str)
    suspend_wanted = Signal(str)

    def __init__(self, look: Look, messages: Messages, chinese: bool, parent: QWidget) -> None:
        super().__init__(parent)
        self._look, self._messages, self._chinese = look, messages, chinese
        self._lines: tuple[CardLine, ...] = ()
        self._unfolded = False
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(look.px(8))
        self.fold = Button(look, "", variant="quiet", icon="chevron-right", parent=self)
        self.fold.clicked.connect(self._toggle)
        column.addWidget(self.fold, 0, Qt.AlignmentFlag.AlignLeft)
        self._sheet: Card | None = None

    def show_cards(self, lines: Sequence[CardLine]) -> None:
        self._lines = tuple(lines)
        self.setVisible(bool(lines))
        self._fill()

    def _toggle(self) -> None:
        self._unfolded = not self._unfolded
        self._fill()

    def _fill(self) -> None:
        messages, column = self._messages, self.layout()
        due = sum(line.standing == "due" for line in self._lines)
        words = messages.count("handbook.cards", len(self._lines))
        self.fold.set_text(words, messages.count("handbook.cards-due", due) if due else "")
        self.fold.setAccessibleDescription(
            messages("handbook.folded" if not self._unfolded else "handbook.unfolded")
        )
        self.fold._icon = "chevron-down" if self._unfolded else "chevron-right"  # noqa: SLF001
        if self._sheet is not None and column is not None:
            column.removeWidget(self._sheet)
            self._sheet.hide()
            self._sheet.deleteLater()
            self._sheet = None
        if self._unfolded and column is not None:
            self._sheet = self._made_sheet()
            column.addWidget(self._sheet)

    def _made_sheet(self) -> Card:
        look, messages = self._look, self._messages
        sheet = Card(look, self, padding=8)
        for line in self._lines:
            if sheet.body.count():
                sheet.body.addWidget(Divider(look))
            words = row(look, gap=8)
            words.setContentsMargins(look.px(8), look.px(2), look.px(2), look.px(2))
            prompt = plain_words(line.prompt).replace(GAP, " …… ")
            column = stack(look, gap=2)
            shown = Text(look, prompt, "control", fill=True, chinese=self._chinese)
            kind = Text(look, messages(f"kind.{line.kind}"), "small", tone="ink_soft", fill=True)
            for text in (shown, kind):
                text.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
                column.addWidget(text)
            words.addLayout(column, 1)
            if line.flagged:
                words.addWidget(Tag(look, messages("study.tag-flag"), icon="flag"))
            if line.asks_teacher:
                words.addWidget(
                    Tag(look, messages("study.tag-teacher"), icon="message-circle-question-mark")
                )
            icon, tone = STANDING_LOOKS[line.standing]
            words.addWidget(Tag(look, self._standing(line), tone=tone, icon=icon))
            button = self._made_button(line)
            button.setAccessibleName(f"{button.text()}: {prompt}")
            words.addWidget(button)
            sheet.body.addLayout(words)
        return sheet

    def _made_button(self, line: CardLine) -> Button:
        suspended = line.standing == "suspended"
        code = "handbook.resume" if suspended else "handbook.suspend"
        button = Button(self._look, self._messages(code), variant="quiet")
        wanted = self.resume_wanted if suspended else self.suspend_wanted
        button.clicked.connect(partial(self._tell, wanted, line.card_id))
        return button

    def _tell(self, wanted: object, card_id: str, _checked: bool = False) -> None:
        wanted.emit(card_id)  # type: ignore[attr-defined] # a bound signal

    def _standing(self, line: CardLine) -> str:
        if line.standing == "later" and line.due_in is not None:
            code, number = interval(line.due_in)
            return self._messages("handbook.later", time=self._messages(code, number=number))
        return self._messages(f"handbook.standing.{line.standing}")


class ReadingPane(SteadyPage):
    """A chapter from its title to its last card."""

    study_wanted = Signal()
    quiz_wanted = Signal()
    flip_wanted = Signal()
    resume_wanted = Signal(str, str)  # rule, card
    suspend_wanted = Signal(str, str)

    def __init__(self, look: Look, messages: Messages, render: Render, parent: QWidget) -> None:
        super().__init__(look, parent, top=24)
        self._messages, self._render = messages, render
        self._body: QWidget | None = None
        self._rules: dict[str, QWidget] = {}
        self._cards: dict[str, CardList] = {}
        self._deck: Deck | None = None
        self._unbuilt: Iterator[RulePage] | None = None
        self._last: tuple[Sequence[CardLine], QVBoxLayout] | None = None
        self._building = QTimer(self)
        self._building.setInterval(0)
        self._building.timeout.connect(self._build_next)

    def show_nothing(self) -> None:
        """No chapter is open yet."""
        column = self._fresh()
        messages = self._messages
        column.addWidget(
            EmptyState(
                self._look,
                "book-open",
                messages("handbook.choose"),
                messages("handbook.choose-more"),
            )
        )
        column.addStretch(1)

    def show_no_decks(self) -> None:
        column = self._fresh()
        messages = self._messages
        column.addWidget(
            EmptyState(
                self._look,
                "folder-open",
                messages("handbook.empty"),
                messages("handbook.empty-more"),
            )
        )
        column.addStretch(1)

    def show_page(self, page: ChapterPage, *, jump: bool) -> None:
        """Show a chapter; of one that is open already only the cards are looked at again."""
        if self._deck != page.deck:
            self._begin(page)
            jump = True
        for rule_page in page.pages:
            self.show_cards(rule_page.rule.rule_id, rule_page.cards)
        self.show_cards("", page.loose)
        if jump:
            if page.rule_id:
                self._build_up_to(page.rule_id)
            # The heights are known only when the layout has been through.
            QTimer.singleShot(0, self, partial(self.go_to, page.rule_id))

    def show_cards(self, rule_id: str, cards: Sequence[CardLine]) -> None:
        shown = self._cards.get(rule_id)
        if shown is not None:
            shown.show_cards(cards)

    def go_to(self, rule_id: str) -> None:
        """Scroll so that the rule stands at the top; "" is the top of the chapter."""
        body = self.widget()
        place_all()
        place = self._rules.get(rule_id)
        top = 0
        if place is not None and body is not None:
            top = max(place.mapTo(body, place.rect().topLeft()).y() - self._look.px(12), 0)
        self.verticalScrollBar().setValue(top)

    def _begin(self, page: ChapterPage) -> None:
        """Show the head and the first rules at once; the rest follows while they are read."""
        column = self._fresh()
        self._deck = page.deck
        self._add_head(column, page)
        self._unbuilt = iter(page.pages)
        self._last = (page.loose, column)
        for _ in range(AT_ONCE):
            self._build_next()
        self._building.start()

    def _build_next(self) -> str | None:
        """Add the next rule; None when all are there."""
        if self._unbuilt is None or self._last is None or self._deck is None:
            self._building.stop()
            return None
        loose, column = self._last
        chinese = self._deck.language == "zh"
        rule_page = next(self._unbuilt, None)
        if rule_page is not None:
            self._add_rule(column, rule_page, chinese=chinese)
            return rule_page.rule.rule_id
        if loose:
            column.addWidget(Divider(self._look))
            self._add_cards(column, "", loose, chinese=chinese)
        column.addStretch(1)
        self._unbuilt = self._last = None
        self._building.stop()
        return None

    def _build_up_to(self, rule_id: str) -> None:
        """Build until the rule and a screenful below it are there."""
        while rule_id not in self._rules and self._build_next() is not None:
            pass
        for _ in range(AT_ONCE):
            self._build_next()

    def _add_head(self, column: QVBoxLayout, page: ChapterPage) -> None:
        look, messages, deck = self._look, self._messages, page.deck
        chinese = deck.language == "zh"
        head = stack(look, gap=4)
        parts = [subject_name(messages, deck.subject)] if deck.subject else []
        parts.append(messages.count("handbook.rules", len(page.pages)))
        parts.append(messages.count("handbook.cards", len(deck.cards)))
        if deck.as_of:
            parts.append(messages("rule.as-of", date=deck.as_of))
        head.addWidget(Text(look, "  ·  ".join(parts), "small", tone="ink_soft"))
        head.addWidget(Text(look, deck.title, "title", bold=True, chinese=chinese))
        column.addLayout(head)
        self._add_buttons(column, page)
        self._add_findings(column, page)
        if deck.introduction:
            self._add_text(column, deck.introduction, chinese=chinese)

    def _add_rule(self, column: QVBoxLayout, rule_page: RulePage, *, chinese: bool) -> None:
        look, rule = self._look, rule_page.rule
        column.addWidget(Divider(look))
        title = Text(look, rule.title, "lead", bold=True, fill=True, chinese=chinese)
        column.addWidget(title)
        self._rules[rule.rule_id] = title
        panel = RulePanel(
            look, self._messages, self._render, self._holder(), titled=False, step="body"
        )
        panel.link_wanted.connect(open_in_browser)
        panel.show_rule(rule)
        column.addWidget(panel)
        self._add_cards(column, rule.rule_id, rule_page.cards, chinese=chinese)

    def _add_buttons(self, column: QVBoxLayout, page: ChapterPage) -> None:
        look, messages = self._look, self._messages
        flow = Flow(gap=look.px(8))
        if page.deck.cards:
            study = Button(
                look, messages("handbook.study"), variant="primary", icon="layers", shows_key="S"
            )
            study.clicked.connect(self.study_wanted)
            quiz = Button(look, messages("handbook.quiz"), icon="list-checks", shows_key="Q")
            quiz.clicked.connect(self.quiz_wanted)
            flow.addWidget(study)
            flow.addWidget(quiz)
        if page.other_language:
            flip = Button(
                look, messages("handbook.flip"), variant="quiet", icon="languages", shows_key="L"
            )
            flip.clicked.connect(self.flip_wanted)
            flow.addWidget(flip)
        column.addLayout(flow)

    def _add_findings(self, column: QVBoxLayout, page: ChapterPage) -> None:
        look, messages = self._look, self._messages
        if not page.findings and not page.entry.stale:
            return
        card = Card(look, padding=16, ground=look.colours.warning_soft)
        notice = Notice(look, card)
        code = "handbook.stale" if page.entry.stale else "handbook.findings"
        notice.show_words(
            "triangle-alert", "warning", messages.count(code, max(len(page.findings), 1))
        )
        card.body.addWidget(notice)
        for finding in page.findings[:5]:
            words = messages(
                "handbook.finding",
                line=finding.place.line,
                what=messages(finding.code, **finding.blanks),
            )
            card.body.addWidget(Text(look, words, "control", fill=True))
        column.addWidget(card)

    def _add_text(self, column: QVBoxLayout, text: str, *, chinese: bool) -> None:
        if self._deck is not None:
            self._render.stand_in(self._deck.deck_id)
        view = CardView(self._look, self._render, self._body, step="body")
        view.link_wanted.connect(open_in_browser)
        view.show_markdown(text, chinese=chinese)
        column.addWidget(view)

    def _add_cards(
        self, column: QVBoxLayout, rule_id: str, cards: Sequence[CardLine], *, chinese: bool
    ) -> None:
        shown = CardList(self._look, self._messages, chinese, self._holder())
        shown.show_cards(cards)
        shown.resume_wanted.connect(partial(self.resume_wanted.emit, rule_id))
        shown.suspend_wanted.connect(partial(self.suspend_wanted.emit, rule_id))
        self._cards[rule_id] = shown
        column.addWidget(shown)

    def _holder(self) -> QWidget:
        return self._body if self._body is not None else self

    def _fresh(self) -> QVBoxLayout:
        if self._body is not None:
            self.column.removeWidget(self._body)
            self._body.hide()
            self._body.deleteLater()
        self._rules.clear()
        self._cards.clear()
        self._deck = self._unbuilt = self._last = None
        self._building.stop()
        self._body = QWidget()
        column = QVBoxLayout(self._body)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(self._look.px(12))
        self.column.addWidget(self._body)
        return column
