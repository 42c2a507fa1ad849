"""Progress: what is known, what comes, and the days of study; a sentence above each chart."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from trainer.desktop.background import BackgroundTask
from trainer.desktop.charts import Bar, Bars, CalendarHeat, Forecast
from trainer.desktop.controls import Button, Card, EmptyState
from trainer.desktop.days import day_in_words
from trainer.desktop.desk import Desk
from trainer.desktop.layouts import Flow, Page, stack
from trainer.desktop.text import Text
from trainer.foundation.clock import study_day
from trainer.foundation.errors import TrainerError
from trainer.presenters.progress import ProgressPage, progress_page
from trainer.presenters.subjects import competence_name
from trainer.services.progress import Progress


class ProgressScreen(QWidget):
    """Counts off the GUI thread: a year of answers takes a moment."""

    def __init__(
        self,
        desk: Desk,
        parent: QWidget | None = None,
        *,
        load: Callable[[], Progress] | None = None,
    ) -> None:
        super().__init__(parent)
        self._desk = desk
        self._load = load or self._from_the_log
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._page: Page | None = None
        self._task: BackgroundTask | None = None
        self.calendar: CalendarHeat | None = None
        self.shown: ProgressPage | None = None
        self._put(self._empty_page())

    def on_shown(self) -> None:
        if self._task is not None:
            return
        self._task = BackgroundTask(lambda _report: self._load(), self)
        self._task.succeeded.connect(self.show_progress)
        self._task.failed.connect(self._failed)
        self._task.finished.connect(self._finished)
        self._task.start()

    def close_down(self) -> None:
        if self._task is not None:
            self._task.stop()
            self._task.wait()

    def shortcuts(self) -> list[tuple[str, str]]:
        return [("Left", "progress.key-week"), ("Up", "progress.key-day")]

    def _from_the_log(self) -> Progress:
        from trainer.services.progress import progress_of

        desk = self._desk
        return progress_of(desk.learner, desk.library, desk.clock)

    def _finished(self) -> None:
        if self._task is not None:
            self._task.deleteLater()
            self._task = None

    def _failed(self, error: Exception) -> None:
        if not isinstance(error, TrainerError):
            raise error
        self._desk.shell.say(error)

    def show_progress(self, progress: Progress) -> None:
        today = study_day(self._desk.clock.now())
        self.shown = page = progress_page(progress, today)
        self._put(self._nothing_yet() if page.empty else self._charts(page))

    # Parts

    def _put(self, page: Page) -> None:
        if self._page is not None:
            self._layout.removeWidget(self._page)
            self._page.hide()
            self._page.deleteLater()
        self._page = page
        self._layout.addWidget(page)

    def _empty_page(self) -> Page:
        look = self._desk.look
        page = Page(look)
        page.column.addWidget(Text(look, self._desk.messages("place.progress"), "title", bold=True))
        return page

    def _nothing_yet(self) -> Page:
        desk, look, messages = self._desk, self._desk.look, self._desk.messages
        page = self._empty_page()
        button = Button(look, messages("progress.begin"), variant="primary", big=True)
        button.clicked.connect(lambda: desk.shell.go("study"))
        page.column.addWidget(
            EmptyState(
                look,
                "sprout",
                messages("progress.nothing"),
                messages("progress.nothing-more"),
                button=button,
            )
        )
        page.column.addStretch(1)
        return page

    def _charts(self, content: ProgressPage) -> Page:
        page = self._empty_page()
        column = page.column
        column.addLayout(self._figures(content))
        self._add_competences(column, content)
        self._add_forecast(column, content)
        self._add_calendar(column, content)
        column.addStretch(1)
        return page

    def _figures(self, content: ProgressPage) -> Flow:
        look, messages = self._desk.look, self._desk.messages
        grid = Flow(gap=look.px(12), cell=look.px(168), columns=3)
        if content.retention is None:
            retention = "–"
            about = messages.count("progress.retention-missing", content.reviews_missing)
        else:
            retention = f"{content.retention:.0%}".replace("%", " %")
            about = messages.count("progress.retention-about", content.reviews_counted)
        share = f"{content.met_share:.0%}".replace("%", " %")
        for figure, name, more in (
            (retention, messages("progress.retention"), about),
            (
                share,
                messages("progress.met"),
                messages("progress.met-about", met=content.cards_met, all=content.cards_in_all),
            ),
            (
                str(content.study_days),
                messages.count("progress.days", content.study_days),
                messages.count("progress.minutes", content.minutes),
            ),
        ):
            card = Card(look, padding=16)
            card.body.setSpacing(look.px(4))
            number = Text(look, figure, "title", bold=True, tabular=True, wrap=False)
            card.body.addWidget(number)
            card.body.addWidget(Text(look, name, "control", bold=True))
            card.body.addWidget(Text(look, more, "small", tone="ink_soft"))
            card.body.addStretch(1)
            grid.addWidget(card)
        return grid

    def _section(self, column: QVBoxLayout, title: str, sentence: str) -> Card:
        look = self._desk.look
        column.addSpacing(look.px(8))
        words = stack(look, gap=4)
        words.addWidget(Text(look, title, "lead", bold=True))
        words.addWidget(Text(look, sentence, "control", tone="ink_soft"))
        column.addLayout(words)
        card = Card(look)
        column.addWidget(card)
        return card

    def _add_competences(self, column: QVBoxLayout, content: ProgressPage) -> None:
        if not content.competences:
            return
        look, messages = self._desk.look, self._desk.messages
        if content.weakest:
            sentence = messages(
                "progress.competences-about",
                competence=competence_name(messages, content.weakest),
            )
        else:
            sentence = messages("progress.competences-none")
        card = self._section(column, messages("progress.competences"), sentence)
        bars = [
            Bar(
                competence_name(messages, line.name),
                messages(
                    "progress.competence-figures",
                    known=f"{line.known:.0%}".replace("%", " %"),
                    met=line.met,
                    all=line.cards,
                ),
                line.known,
                max(line.met_share, line.known),
                look.colours.competence(line.name),
            )
            for line in content.competences
        ]
        card.body.addWidget(Bars(look, messages("progress.competences"), bars))
        key = Text(look, messages("progress.competences-key"), "small", tone="ink_soft")
        card.body.addWidget(key)

    def _add_forecast(self, column: QVBoxLayout, content: ProgressPage) -> None:
        look, messages = self._desk.look, self._desk.messages
        sentence = messages.count("progress.forecast-week", content.due_in_week)
        if content.heaviest is not None:
            day, count = content.heaviest
            sentence = messages(
                "progress.forecast-both",
                week=sentence,
                heaviest=messages.count("progress.heaviest", count, day=day_in_words(look, day)),
            )
        card = self._section(column, messages("progress.forecast"), sentence)
        card.body.addWidget(Forecast(look, messages("progress.forecast"), content.forecast))

    def _add_calendar(self, column: QVBoxLayout, content: ProgressPage) -> None:
        look, messages = self._desk.look, self._desk.messages
        sentence = messages.count("progress.calendar-about", content.all_answers)
        card = self._section(column, messages("progress.calendar"), sentence)
        today = study_day(self._desk.clock.now())
        self.calendar = CalendarHeat(look, messages, content.answers, today)
        card.body.addWidget(self.calendar, 0, Qt.AlignmentFlag.AlignTop)
