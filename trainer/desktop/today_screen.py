"""Today: what waits, how long it takes, and one big button."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from trainer.desktop.controls import Button, Card, Divider, EmptyState, Picture, ProgressLine, Tile
from trainer.desktop.days import long_day
from trainer.desktop.desk import Desk
from trainer.desktop.layouts import Flow, Page, row, stack
from trainer.desktop.plain import plain_words
from trainer.desktop.text import Tag, Text, monogram_of
from trainer.foundation.clock import study_day
from trainer.presenters.subjects import subject_name
from trainer.presenters.today import Standing, SubjectLine, TodayPage, subject_selection, today_page
from trainer.services.progress import Today
from trainer.services.study import Selection

MOST_ROWS = 5  # of changed rules and of questions for the teacher
MOST_TILES = 6  # of subjects, until all are asked for


class TodayScreen(QWidget):
    """The first page after signing in."""

    def __init__(
        self,
        desk: Desk,
        parent: QWidget | None = None,
        *,
        load: Callable[[], Today] | None = None,
    ) -> None:
        super().__init__(parent)
        self._desk = desk
        self._load = load or self._from_the_log
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._page: Page | None = None
        self._first: QWidget | None = None
        self._all_subjects = False
        self.shown: TodayPage | None = None

    def on_shown(self) -> None:
        self.show_today(self._load())
        if self._first is not None:
            self._first.setFocus(Qt.FocusReason.OtherFocusReason)

    def shortcuts(self) -> list[tuple[str, str]]:
        return [("Return", "today.study")]

    def _from_the_log(self) -> Today:
        from trainer.services.progress import today_of

        desk = self._desk
        return today_of(desk.learner, desk.library, desk.clock, desk.settings)

    def show_today(self, today: Today) -> None:
        desk, look = self._desk, self._desk.look
        now = desk.clock.now()
        content = today_page(today, desk.library, desk.language, now)
        self.shown = content
        page = Page(look)
        column = page.column
        head = stack(look, gap=4)
        head.addWidget(Text(look, long_day(look, study_day(now)), "control", tone="ink_soft"))
        greeting = desk.messages(content.greeting, name=desk.learner.name)
        head.addWidget(Text(look, greeting, "title", bold=True))
        column.addLayout(head)
        column.addSpacing(look.px(8))
        self._first = None
        if content.standing is Standing.NO_DECKS:
            column.addWidget(
                EmptyState(
                    look,
                    "folder-open",
                    desk.messages("today.no-decks"),
                    desk.messages("today.no-decks-more", path=str(desk.places.content)),
                )
            )
        else:
            column.addWidget(self._hero(content))
            self._add_changed(column, content)
            self._add_subjects(column, content)
            self._add_asked(column, content)
        column.addStretch(1)
        if self._page is not None:
            self._layout.removeWidget(self._page)
            self._page.hide()
            self._page.deleteLater()
        self._page = page
        self._layout.addWidget(page)

    def _hero(self, content: TodayPage) -> Card:
        desk, look, messages = self._desk, self._desk.look, self._desk.messages
        card = Card(look)
        card.body.setSpacing(look.px(20))
        words = QWidget()
        lines = stack(look, gap=4)
        words.setLayout(lines)
        if content.standing is Standing.DONE:
            title = row(look, gap=12)
            title.addWidget(Picture(look, "circle-check", size=32, colour=look.colours.good))
            title.addWidget(Text(look, messages("today.done"), "question", bold=True), 1)
            lines.addLayout(title)
            lines.addWidget(
                Text(
                    look,
                    messages.count("today.done-more", content.answers_today),
                    "body",
                    tone="ink_soft",
                )
            )
            button = Button(
                look,
                messages("today.quiz"),
                variant="primary",
                key="Return",
                big=True,
            )
            button.clicked.connect(partial(desk.shell.go, "quiz"))
        else:
            figure = row(look, gap=12)
            number = Text(
                look, str(content.waiting), "display", bold=True, wrap=False, tabular=True
            )
            number.setAccessibleName(messages.count("today.waiting", content.waiting))
            figure.addWidget(number, 0, Qt.AlignmentFlag.AlignBottom)
            code = "today.begin" if content.standing is Standing.FRESH else "today.waiting-words"
            beside = Text(look, messages.count(code, content.waiting), "lead", wrap=False)
            beside.setContentsMargins(0, 0, 0, look.px(8))
            figure.addWidget(beside, 0, Qt.AlignmentFlag.AlignBottom)
            figure.addStretch(1)
            lines.addLayout(figure)
            lines.addWidget(Text(look, self._split(content), "body", tone="ink_soft", tabular=True))
            button = Button(
                look, messages("today.study"), variant="primary", key="Return", big=True
            )
            button.clicked.connect(partial(desk.shell.study, Selection()))
        button.setObjectName("study")
        self._first = button
        words.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        words.setMinimumWidth(look.px(260))
        top_row = row(look, gap=24)
        top_row.addWidget(words, 1)
        top_row.addWidget(button, 0, Qt.AlignmentFlag.AlignVCenter)
        card.body.addLayout(top_row)
        card.body.addWidget(Divider(look))
        card.body.addLayout(self._goal(content))
        return card

    def _split(self, content: TodayPage) -> str:
        messages = self._desk.messages
        parts = []
        if content.due:
            parts.append(messages.count("today.due", content.due))
        if content.new:
            parts.append(messages.count("today.new", content.new))
        parts.append(messages.count("today.minutes", content.minutes))
        return messages("today.separator").join(parts)

    def _goal(self, content: TodayPage) -> QVBoxLayout:
        look, messages = self._desk.look, self._desk.messages
        goal = messages("today.goal", studied=content.studied_minutes, goal=content.goal_minutes)
        lines = stack(look, gap=8)
        words = row(look, gap=12)
        words.addWidget(Text(look, goal, "control", tabular=True, wrap=False))
        words.addStretch(1)
        if content.goal_share >= 1:
            words.addWidget(
                Tag(look, messages("today.goal-reached"), tone="good", icon="circle-check")
            )
        if content.streak_days > 1:
            streak = messages.count("today.streak", content.streak_days)
            words.addWidget(Tag(look, streak, icon="calendar-days"))
        lines.addLayout(words)
        line = ProgressLine(look, goal, thick=6)
        line.setRange(0, max(content.goal_minutes, 1))
        line.setValue(min(content.studied_minutes, content.goal_minutes))
        lines.addWidget(line)
        return lines

    def _heading(self, column: QVBoxLayout, title: str, more: str = "") -> None:
        look = self._desk.look
        column.addSpacing(look.px(16))
        words = stack(look, gap=4)
        words.addWidget(Text(look, title, "lead", bold=True))
        if more:
            words.addWidget(Text(look, more, "control", tone="ink_soft"))
        column.addLayout(words)

    def _add_subjects(self, column: QVBoxLayout, content: TodayPage) -> None:
        look, messages = self._desk.look, self._desk.messages
        if len(content.subjects) < 2:
            return
        self._heading(column, messages("today.by-subject"), messages("today.by-subject-more"))
        grid = Flow(gap=look.px(12), cell=look.px(220), columns=3)
        lines = content.subjects if self._all_subjects else content.subjects[:MOST_TILES]
        for line in lines:
            parts = []
            if line.due:
                parts.append(messages.count("today.due-short", line.due))
            if line.new:
                parts.append(messages.count("today.new-short", line.new))
            tile = Tile(
                look,
                subject_name(messages, line.subject),
                messages("today.separator").join(parts),
                letters=monogram_of(line.subject),
            )
            tile.setObjectName(f"subject-{line.subject}")
            tile.clicked.connect(partial(self._study_subject, line.subject))
            grid.addWidget(tile)
        column.addLayout(grid)
        if len(lines) < len(content.subjects):
            more = Button(
                look,
                messages.count("today.all-subjects", len(content.subjects)),
                variant="quiet",
                icon="chevron-down",
            )
            more.setObjectName("all-subjects")
            more.clicked.connect(partial(self._show_all_subjects, content.subjects[MOST_TILES]))
            column.addWidget(more, 0, Qt.AlignmentFlag.AlignLeft)

    def _show_all_subjects(self, first: SubjectLine, _checked: bool = False) -> None:
        """All tiles; the keyboard goes on at the first that was hidden."""
        self._all_subjects = True
        page = self._page
        scrolled = page.verticalScrollBar().value() if page is not None else 0
        self.on_shown()
        tile = self.findChild(Tile, f"subject-{first.subject}")
        if tile is not None and self._page is not None:
            tile.setFocus(Qt.FocusReason.OtherFocusReason)
            bar = self._page.verticalScrollBar()
            QTimer.singleShot(0, bar, partial(bar.setValue, scrolled))

    def _study_subject(self, subject: str, _checked: bool = False) -> None:
        self._desk.shell.study(subject_selection(subject))

    def _add_changed(self, column: QVBoxLayout, content: TodayPage) -> None:
        messages = self._desk.messages
        if not content.changed:
            return
        self._heading(
            column,
            messages.count("today.changed", len(content.changed)),
            messages("today.changed-more"),
        )
        card = Card(self._desk.look, padding=8)
        for line in content.changed[:MOST_ROWS]:
            self._add_row(
                card,
                "refresh-cw",
                line.title,
                messages.count("today.changed-cards", line.cards),
                partial(self._desk.shell.read, line.rule_id),
            )
        self._add_rest(card, len(content.changed))
        column.addWidget(card)
        now = Button(self._desk.look, messages("today.changed-study"), icon="refresh-cw", key="C")
        now.setObjectName("study-changed")
        selection = Selection(cards=content.changed_cards)
        now.clicked.connect(lambda: self._desk.shell.study(selection))
        column.addWidget(now, 0, Qt.AlignmentFlag.AlignLeft)

    def _add_asked(self, column: QVBoxLayout, content: TodayPage) -> None:
        messages = self._desk.messages
        if not content.asked:
            return
        self._heading(
            column,
            messages.count("today.asked", len(content.asked)),
            messages("today.asked-more"),
        )
        card = Card(self._desk.look, padding=8)
        for line in content.asked[:MOST_ROWS]:
            act = partial(self._desk.shell.read, line.rule_id) if line.rule_id else None
            self._add_row(card, "message-circle-question-mark", plain_words(line.question), "", act)
        self._add_rest(card, len(content.asked))
        column.addWidget(card)

    def _add_row(
        self, card: Card, icon: str, title: str, detail: str, act: Callable[[], object] | None
    ) -> None:
        look, messages = self._desk.look, self._desk.messages
        if card.body.count():
            card.body.addWidget(Divider(look))
        line = row(look, gap=12)
        line.setContentsMargins(look.px(12), look.px(4), look.px(4), look.px(4))
        line.addWidget(Picture(look, icon))
        line.addWidget(Text(look, title, "control", fill=True), 1)
        if detail:
            line.addWidget(Text(look, detail, "small", tone="ink_soft", wrap=False))
        if act is not None:
            button = Button(look, messages("today.read"), variant="quiet")
            button.setAccessibleName(f"{messages('today.read')}: {title}")
            button.clicked.connect(act)
            line.addWidget(button)
        card.body.addLayout(line)

    def _add_rest(self, card: Card, count: int) -> None:
        if count > MOST_ROWS:
            look = self._desk.look
            rest = Text(
                look,
                self._desk.messages.count("today.more", count - MOST_ROWS),
                "small",
                tone="ink_soft",
            )
            rest.setContentsMargins(look.px(12), look.px(4), 0, look.px(8))
            card.body.addWidget(rest)
