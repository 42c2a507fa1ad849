"""Before saving: what it does to students, and what to do when somebody else was there first."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from trainer.decks.text_edits import line_changes
from trainer.desktop.card_view import CardView, Render
from trainer.desktop.controls import Card, Toggle
from trainer.desktop.desk import Desk
from trainer.desktop.dialogs import Dialog
from trainer.desktop.plain import plain_words
from trainer.desktop.question_sheet import Notice
from trainer.desktop.text import Text, Tone
from trainer.presenters.editor import ASK_FOR_WORDING, Conflict
from trainer.services.deck_effects import CardEffect, Effect, Effects

_LOOKS: dict[Effect, tuple[str, Tone]] = {
    Effect.ANSWER: ("history", "warning"),
    Effect.REMOVED: ("minus", "warning"),
    Effect.BROKEN: ("triangle-alert", "warning"),
    Effect.NEW: ("sprout", "good"),
    Effect.REWORDED: ("check", "ink_soft"),
}
MOST_SHOWN = 12  # cards of one kind that are told one by one


class EffectsDialog(Dialog):
    """The gravest first: changed answers with old and new side by side."""

    def __init__(
        self, desk: Desk, effects: Effects, go_on: Callable[[], None] | None, parent: QWidget
    ) -> None:
        """`go_on` saves; None when there is only something to look at."""
        look, messages = desk.look, desk.messages
        super().__init__(
            look,
            messages("editor.effects"),
            "" if effects.cards else messages("editor.effects-none"),
            icon="circle-help",
            width=640,
            parent=parent,
        )
        self._desk = desk
        self._render = Render(desk.library.folders)
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, look.px(12), 0)
        column.setSpacing(look.px(12))
        for effect in Effect:
            found = effects.of(effect)
            if found:
                self._add(column, effect, found)
        if effects.stamped:
            words = messages.count("editor.effects-stamped", effects.stamped)
            column.addWidget(Text(look, words, "control", tone="ink_soft", fill=True))
        column.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(inside)
        scroll.setAccessibleName(messages("editor.effects"))
        room = parent.window().height() - look.px(230)
        wide = min(look.px(640), parent.window().width() - look.px(48)) - look.px(72)
        wanted = max(column.totalHeightForWidth(wide), inside.sizeHint().height()) + look.px(8)
        scroll.setMinimumHeight(max(min(wanted, room), look.px(60)))
        self.body.addWidget(scroll)
        self._ask = Toggle(look, messages("editor.ask-for-wording"))
        self._ask.setObjectName("ask-for-wording")
        self._ask.setChecked(desk.settings[ASK_FOR_WORDING])
        self._ask.toggled.connect(self._remember)
        self.body.addWidget(self._ask)
        if go_on is None:
            self.add_button(messages("shell.close"), self.accept, variant="primary", key="Return")
            return
        self.add_button(messages("shell.cancel"), self.reject, key="Esc")
        self.add_button(messages("editor.save"), self.accept, variant="primary", key="Return")
        self.accepted.connect(go_on)

    def _add(self, column: QVBoxLayout, effect: Effect, cards: Sequence[CardEffect]) -> None:
        look, messages = self._desk.look, self._desk.messages
        icon, tone = _LOOKS[effect]
        notice = Notice(look, self)
        notice.show_words(icon, tone, messages.count(f"editor.effect.{effect}", len(cards)))
        column.addWidget(notice)
        for one in cards[:MOST_SHOWN]:
            question = plain_words(one.question)
            if effect is Effect.ANSWER:
                column.addWidget(self._both(one, question))
            else:
                line = Text(look, question, "control", fill=True)
                line.setContentsMargins(look.px(28), 0, 0, 0)
                column.addWidget(line)
        if len(cards) > MOST_SHOWN:
            more = messages.count("editor.effects-more", len(cards) - MOST_SHOWN)
            line = Text(look, more, "control", tone="ink_soft", fill=True)
            line.setContentsMargins(look.px(28), 0, 0, 0)
            column.addWidget(line)

    def _both(self, one: CardEffect, question: str) -> QWidget:
        """The question, and below it the answer before and now."""
        look, messages = self._desk.look, self._desk.messages
        sheet = Card(look, padding=12)
        sheet.body.setSpacing(look.px(6))
        sheet.body.addWidget(Text(look, question, "control", fill=True))
        grid = QGridLayout()
        grid.setHorizontalSpacing(look.px(16))
        self._render.stand_in(one.card_id)
        for place, (code, text) in enumerate(
            (("study.answer-before", one.old), ("study.answer-now", one.new))
        ):
            grid.addWidget(
                Text(look, messages(code), "small", tone="ink_soft", bold=True), 0, place
            )
            view = CardView(look, self._render, sheet, step="control", soft=not place)
            view.show_markdown(text, chinese=one.language == "zh")
            grid.addWidget(view, 1, place)
            grid.setColumnStretch(place, 1)
        sheet.body.addLayout(grid)
        return sheet

    def _remember(self, on: bool) -> None:
        self._desk.settings[ASK_FOR_WORDING] = on


class ConflictDialog(Dialog):
    """Somebody else changed the same lines: both are shown, and one is chosen."""

    def __init__(
        self,
        desk: Desk,
        conflict: Conflict,
        *,
        mine: Callable[[], object],
        theirs: Callable[[], object],
        parent: QWidget,
    ) -> None:
        look, messages = desk.look, desk.messages
        gone = conflict.theirs is None
        super().__init__(
            look,
            messages("editor.conflict"),
            messages("editor.conflict-gone" if gone else "editor.conflict-more"),
            icon="triangle-alert",
            width=760,
            parent=parent,
        )
        if conflict.theirs is not None:
            self.body.addWidget(_side_by_side(desk, conflict.mine, conflict.theirs.text))
        self.add_button(messages("editor.decide-later"), self.reject, key="Esc")
        if not gone:
            take = self.add_button(messages("editor.take-theirs"), self.accept)
            take.setObjectName("take-theirs")
            take.clicked.connect(theirs)
        keep = self.add_button(messages("editor.keep-mine"), self.accept, variant="primary")
        keep.setObjectName("keep-mine")
        keep.clicked.connect(mine)


def _side_by_side(desk: Desk, mine: str, theirs: str) -> QWidget:
    """The lines that differ, both ways."""
    look, messages = desk.look, desk.messages
    before, after = mine.split("\n"), theirs.split("\n")
    inside = QWidget()
    line = QHBoxLayout(inside)
    line.setContentsMargins(0, 0, 0, 0)
    line.setSpacing(look.px(12))
    pieces: tuple[list[str], list[str]] = ([], [])
    for edit in line_changes(before, after)[:MOST_SHOWN]:
        pieces[0].append("\n".join(before[edit.start : edit.end]) or "–")
        pieces[1].append("\n".join(edit.lines) or "–")
    for code, texts in zip(("editor.mine", "editor.theirs"), pieces, strict=True):
        side = QVBoxLayout()
        side.addWidget(Text(look, messages(code), "small", tone="ink_soft", bold=True))
        for text in texts:
            sheet = Card(look, padding=8)
            words = Text(look, text, "control", fill=True)
            words.setFont(look.typography.monospaced("small"))
            sheet.body.addWidget(words)
            side.addWidget(sheet)
        side.addStretch(1)
        line.addLayout(side, 1)
    scroll = QScrollArea()
    scroll.setWidgetResizable(True)
    scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    scroll.setWidget(inside)
    scroll.setAccessibleName(messages("editor.conflict"))
    scroll.setMinimumHeight(min(inside.sizeHint().height() + 8, look.px(280)))
    return scroll
