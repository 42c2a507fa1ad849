"""The rules somebody should read again, each with a way into the handbook."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Signal

from trainer.decks.model import Rule
from trainer.desktop.controls import Button, Card, Divider, Picture
from trainer.desktop.layouts import row
from trainer.desktop.look import Look
from trainer.desktop.text import Text
from trainer.foundation.messages import Messages


class RulesToRead(Card):
    """One line a rule. `rule_wanted` carries a rule's id."""

    rule_wanted = Signal(str)

    def __init__(self, look: Look, messages: Messages, rules: Sequence[Rule]) -> None:
        super().__init__(look, padding=8)
        self.body.setSpacing(look.px(4))
        verb = messages("handbook.read-rule")
        for rule in rules:
            if self.body.count():
                self.body.addWidget(Divider(look))
            line = row(look, gap=12)
            line.setContentsMargins(look.px(12), look.px(2), look.px(4), look.px(2))
            line.addWidget(Picture(look, "book-open"))
            title = Text(look, rule.title, "control", fill=True, chinese=rule.language == "zh")
            line.addWidget(title, 1)
            button = Button(look, verb, variant="quiet")
            button.setAccessibleName(f"{verb}: {rule.title}")
            button.clicked.connect(partial(self._want, rule.rule_id))
            line.addWidget(button)
            self.body.addLayout(line)

    def _want(self, rule_id: str) -> None:
        self.rule_wanted.emit(rule_id)
