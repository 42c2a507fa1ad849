"""What was typed before the program ended without saving: go on with it, or let it go."""

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from trainer.decks.text_edits import line_changes
from trainer.desktop.days import days_ago
from trainer.desktop.desk import Desk
from trainer.desktop.dialogs import Dialog
from trainer.desktop.text import Text
from trainer.foundation.clock import from_milliseconds
from trainer.services.deck_drafts import Draft


class DraftDialog(Dialog):
    """Esc leaves the draft where it is: it is offered again the next time."""

    def __init__(
        self,
        desk: Desk,
        draft: Draft,
        *,
        take: Callable[[], object],
        throw_away: Callable[[], object],
        parent: QWidget,
    ) -> None:
        look, messages = desk.look, desk.messages
        super().__init__(
            look,
            messages("editor.draft"),
            messages("editor.draft-more", path=draft.path.name),
            icon="file-text",
            parent=parent,
        )
        now = desk.clock.now()
        written = from_milliseconds(draft.written_ms, now.tzinfo)
        lines = sum(
            max(len(edit.lines), edit.end - edit.start)
            for edit in line_changes(draft.base.split("\n"), draft.text.split("\n"))
        )
        told = messages.count(
            "editor.draft-lines", lines, when=days_ago(messages, look, written, now)
        )
        self.body.addWidget(Text(look, told, "control", tone="ink_soft"))
        later = self.add_button(messages("editor.decide-later"), self.reject, key="Esc")
        later.setObjectName("draft-later")
        throw = self.add_button(messages("editor.draft-throw"), self.accept)
        throw.setObjectName("draft-throw")
        throw.clicked.connect(throw_away)
        go_on = self.add_button(
            messages("editor.draft-take"), self.accept, variant="primary", key="Return"
        )
        go_on.setObjectName("draft-take")
        go_on.clicked.connect(take)
