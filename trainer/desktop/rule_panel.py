"""The rule behind a card, in smaller type: what it says, costs and rests on."""

from html import escape

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QGridLayout, QWidget

from trainer.decks.model import Rule, Source
from trainer.desktop.card_view import CardView, Render, polished
from trainer.desktop.controls import Picture
from trainer.desktop.look import Look
from trainer.desktop.text import Text, Tone
from trainer.desktop.theme import Step, token
from trainer.foundation.messages import Messages

# name of the line, icon, tone of its heading; danger is for a penalty and nothing else
_LINES: tuple[tuple[str, str, Tone], ...] = (
    ("penalty", "gavel", "danger"),
    ("elsewhere", "scale", "ink_soft"),
    ("was", "history", "ink_soft"),
    ("verify", "triangle-alert", "warning"),
    ("source", "file-text", "ink_soft"),
)


class RulePanel(QWidget):
    """A rule's title, text and lines. `link_wanted` carries the address of a pressed source."""

    link_wanted = Signal(str)

    def __init__(
        self,
        look: Look,
        messages: Messages,
        render: Render,
        parent: QWidget,
        *,
        titled: bool = True,
        step: Step = "control",
    ) -> None:
        super().__init__(parent)
        self._look, self._messages, self._render = look, messages, render
        self._step: Step = step
        self._rule: Rule | None = None
        self._grid = grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(look.px(8))
        grid.setVerticalSpacing(look.px(8))
        grid.setColumnStretch(2, 1)
        self._title: CardView | None = None
        if titled:
            self._title = CardView(look, render, self, step=step, bold=True)
            grid.addWidget(self._title, 0, 0, 1, 3)
        self.text = CardView(look, render, self, step=step)
        self.text.link_wanted.connect(self.link_wanted)
        grid.addWidget(self.text, 1, 0, 1, 3)
        self._lines: dict[str, tuple[QWidget, Text, CardView]] = {}

    def words_of(self, name: str) -> CardView | None:
        """The words of the line `name` (penalty, source …), None while it was never shown."""
        return self._lines[name][2] if name in self._lines else None

    def show_rule(self, rule: Rule) -> None:
        if rule is self._rule:
            return
        self._rule = rule
        self._render.stand_in(rule.rule_id)
        chinese = rule.language == "zh"
        if self._title is not None:
            self._title.show_markdown(rule.title, chinese=chinese)
        self.text.show_markdown(rule.text, chinese=chinese)
        self.text.setVisible(bool(rule.text))
        self._show_line("penalty", self._html(rule.penalty), chinese=chinese)
        self._show_line("elsewhere", self._html(rule.elsewhere), chinese=chinese)
        self._show_line("was", self._html(rule.was), chinese=chinese)
        self._show_line("verify", self._html(rule.verify), chinese=chinese)
        self._show_line("source", self._sources(rule), chinese=chinese)

    def _show_line(self, name: str, html: str, *, chinese: bool) -> None:
        if html and name not in self._lines:
            self._lines[name] = self._made_line(name)
        if name in self._lines:
            for part in self._lines[name]:
                part.setVisible(bool(html))
            self._lines[name][2].show_html(html, chinese=chinese)

    def _made_line(self, name: str) -> tuple[QWidget, Text, CardView]:
        """Made when a rule first needs it: most rules need two of the five."""
        look, grid = self._look, self._grid
        place, icon, tone = next(
            (place, icon, tone)
            for place, (line, icon, tone) in enumerate(_LINES, 2)
            if line == name
        )
        picture = Picture(look, icon, size=16, colour=token(look.colours, tone), parent=self)
        word = self._messages(f"rule.{name}")
        heading = Text(look, word, "small", tone=tone, bold=True, wrap=False, parent=self)
        words = CardView(look, self._render, self, step=self._step)
        words.link_wanted.connect(self.link_wanted)
        # The small heading stands on the line of its larger words.
        line = QFontMetrics(words.document().defaultFont()).height()
        for mark in (picture, heading):
            mark.setFixedHeight(max(line, mark.sizeHint().height()))
            grid.addWidget(mark, place, 0 if mark is picture else 1, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(words, place, 2)
        return picture, heading, words

    def _html(self, text: str) -> str:
        return polished(self._render(text))

    def _sources(self, rule: Rule) -> str:
        lines = [self._source(source) for source in rule.sources]
        if rule.as_of:
            lines.append(escape(self._messages("rule.as-of", date=rule.as_of)))
        return "<br>".join(lines)

    def _source(self, source: Source) -> str:
        title = escape(source.title)
        if source.url.startswith(("https://", "http://")):
            title = f'<a href="{escape(source.url, quote=True)}">{title}</a>'
        date = source.date or self._messages("rule.undated")
        return f'{title} <span class="soft">· {escape(date)}</span>'
