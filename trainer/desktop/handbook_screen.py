"""Handbook: every rule to read and to find, and what its cards are up to."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QKeyEvent, QKeySequence, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QStackedWidget, QVBoxLayout, QWidget

from trainer.decks.model import Rule
from trainer.desktop import keys
from trainer.desktop.card_view import Render
from trainer.desktop.desk import Desk
from trainer.desktop.foot import KeyedButton, Strip
from trainer.desktop.handbook_page import ReadingPane
from trainer.desktop.handbook_tree import HandbookTree, HitList
from trainer.foundation.errors import TrainerError
from trainer.presenters.handbook import CardLine, ChapterPage, HandbookPresenter, Shelf
from trainer.services.card_standing import CardStanding
from trainer.services.content_library import Hit

SEARCH_MS = 120  # after the last key
SIDE_WIDTH = 320
NARROW = 760  # below this width there is room for the tree or the page, not for both


class SearchField(QLineEdit):
    """Down and Enter lead into what was found, Esc empties the field."""

    def __init__(self, screen: "HandbookScreen") -> None:
        super().__init__(screen)
        self._screen = screen

    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        key = event.key()
        if key == keys.DOWN:
            self._screen.go_into_hits()
        elif key in keys.ENTERS:
            self._screen.open_first_hit()
        elif key == keys.ESCAPE and self.text():
            self.clear()
        else:
            super().keyPressEvent(event)


class HandbookScreen(QWidget):
    """Knows how the handbook looks and which key means what."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        look, messages = desk.look, desk.messages
        self.search = SearchField(self)
        self.search.setPlaceholderText(messages("handbook.search"))
        self.search.setAccessibleName(messages("handbook.search"))
        self.search.setClearButtonEnabled(True)
        self.search.addAction(
            look.icons.icon("search", look.colours.ink_soft, 16),
            QLineEdit.ActionPosition.LeadingPosition,
        )
        self.tree = HandbookTree(look, messages, self)
        self.hits = HitList(look, messages, self)
        self.pane = ReadingPane(look, messages, Render(desk.library.folders), self)
        self._left = QStackedWidget(self)
        self._left.addWidget(self.tree)
        self._left.addWidget(self.hits)
        self._reading = False  # on a narrow page: the chapter, not the tree
        self._side = side = QWidget(self)
        column = QVBoxLayout(side)
        column.setContentsMargins(look.px(16), look.px(16), 0, look.px(16))
        column.setSpacing(look.px(12))
        column.addWidget(self.search)
        column.addWidget(self._left, 1)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(0)
        line.addWidget(side, 2)
        line.addWidget(self._made_right(), 5)
        # Kept here because a signal does not keep a plain object's method alive.
        self._presenter = HandbookPresenter(
            desk.library,
            self,
            desk.language,
            states=CardStanding(desk.learner, desk.library, desk.clock),
            study=desk.shell.study,
            quiz=desk.shell.quiz,
        )
        self._search_timer = QTimer(self)
        self._search_timer.setInterval(SEARCH_MS)
        self._search_timer.setSingleShot(True)
        self._connect()
        self.pane.show_nothing()

    # What the window asks of a screen

    def on_shown(self) -> None:
        self._presenter.show()
        self._put_focus()

    def show_rule(self, rule_id: str) -> None:
        """Open the chapter of a rule, at the rule."""
        self._presenter.open_rule(rule_id)

    def kept(self) -> object:
        page = self._presenter.page
        return None if page is None else (page.deck.deck_id, page.rule_id)

    def take_up(self, kept: object) -> None:
        match kept:
            case (str() as deck_id, str() as rule_id):
                self._presenter.show()
                self._presenter.open_chapter(deck_id, rule_id)
            case _:
                pass

    def shortcuts(self) -> list[tuple[str, str]]:
        return [
            ("/", "handbook.search"),
            ("Ctrl+F", "handbook.search"),
            ("Up", "handbook.key.move"),
            ("Return", "handbook.key.open"),
            ("S", "handbook.study"),
            ("Q", "handbook.quiz"),
            ("L", "handbook.flip"),
            ("Alt+Left", "handbook.key.previous"),
            ("Alt+Right", "handbook.key.next"),
            ("Esc", "handbook.key.back"),
        ]

    # HandbookView

    def show_shelves(self, shelves: Sequence[Shelf]) -> None:
        self.tree.show_shelves(shelves)
        if self._presenter.page is None:
            self.tree.open_first()

    def show_rules(self, deck_id: str, rules: Sequence[Rule]) -> None:
        self.tree.show_rules(deck_id, rules)

    def show_page(self, page: ChapterPage, *, jump: bool) -> None:
        self.pane.show_page(page, jump=jump)
        self.tree.mark(page.deck.deck_id, page.rule_id)
        if jump:
            self._reading = True
            self._arrange()

    def show_cards(self, rule_id: str, cards: Sequence[CardLine]) -> None:
        self.pane.show_cards(rule_id, cards)

    def show_hits(self, text: str, hits: Sequence[Hit]) -> None:
        self.hits.show_hits(text, hits)
        self._left.setCurrentWidget(self.hits)

    def show_no_search(self) -> None:
        self._left.setCurrentWidget(self.tree)

    def show_empty(self) -> None:
        self.pane.show_no_decks()

    def show_note(self, code: str) -> None:
        self._desk.shell.toast(self._desk.messages(code))

    # Keys

    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        key = event.key()
        alone = event.modifiers() in (
            Qt.KeyboardModifier.NoModifier,
            Qt.KeyboardModifier.ShiftModifier,
            Qt.KeyboardModifier.KeypadModifier,
        )
        alt = event.modifiers() & Qt.KeyboardModifier.AltModifier
        if event.matches(QKeySequence.StandardKey.Find) or event.text() in {"/", "、", "／"}:
            if self._narrow:
                self._to_the_list()
            self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
            self.search.selectAll()
        elif alt and key in {keys.LEFT, keys.RIGHT}:
            self._presenter.step(1 if key == keys.RIGHT else -1)
        elif key == keys.ESCAPE:
            self._leave()
        elif alone and key == ord("S"):
            self._presenter.study_chapter()
        elif alone and key == ord("Q"):
            self._presenter.quiz_chapter()
        elif alone and key == ord("L"):
            self._flip()
        elif not self.pane.scroll_by_key(key):
            super().keyPressEvent(event)

    def go_into_hits(self) -> None:
        """From the search field down: into what was found, or into the tree."""
        self._search_now()
        if self._left.currentWidget() is self.hits:
            self.hits.focus_first()
        else:
            self.tree.setFocus(Qt.FocusReason.TabFocusReason)

    def open_first_hit(self) -> None:
        self._search_now()
        if self._left.currentWidget() is self.hits:
            self.hits.open(0)

    def _leave(self) -> None:
        """Out of the search first, then out of the handbook."""
        if self._narrow and self._reading:
            self._to_the_list()
        elif self._left.currentWidget() is self.hits:
            self.search.clear()
            self._search_now()
            self._put_focus()
        else:
            self._desk.shell.go("today")

    def _search_now(self) -> None:
        if self._search_timer.isActive():
            self._search_timer.stop()
            self._search()

    def _search(self) -> None:
        self._attempt(lambda: self._presenter.search(self.search.text()))

    def _flip(self) -> None:
        self._attempt(self._presenter.flip)

    def _put_focus(self) -> None:
        reading = self._narrow and self._reading
        (self if reading else self.tree).setFocus(Qt.FocusReason.OtherFocusReason)

    # Room

    @property
    def _narrow(self) -> bool:
        return self.width() < self._desk.look.px(NARROW)

    def resizeEvent(self, event: QResizeEvent, /) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        """Tree and page side by side, or one of the two where there is no room for both."""
        narrow, look = self._narrow, self._desk.look
        one = narrow and self._reading
        self._side.setVisible(not one)
        self._right.setVisible(not narrow or self._reading)
        self._back.setVisible(one)
        self._side.setMaximumWidth(self.width() if narrow else look.px(SIDE_WIDTH))
        side = self._side.layout()
        if side is not None:
            margin = look.px(16)
            side.setContentsMargins(margin, margin, margin if narrow else 0, margin)
        if one and not self.isAncestorOf(self.window().focusWidget() or self.window()):
            self.setFocus(Qt.FocusReason.OtherFocusReason)

    def _made_right(self) -> QWidget:
        look = self._desk.look
        self._right = QWidget(self)
        self._back = Strip(look, self._right, top=12, bottom=0)
        button = KeyedButton(
            look,
            self._desk.messages("handbook.to-list"),
            variant="quiet",
            icon="arrow-left",
            shows_key="Esc",
            parent=self._back,
        )
        button.clicked.connect(self._to_the_list)
        self._back.row.addWidget(button)
        self._back.row.addStretch(1)
        self._back.setVisible(False)
        column = QVBoxLayout(self._right)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._back)
        column.addWidget(self.pane, 1)
        return self._right

    def _to_the_list(self) -> None:
        self._reading = False
        self._arrange()
        self._put_focus()

    def _connect(self) -> None:
        presenter = self._presenter
        self.search.textChanged.connect(lambda _text: self._search_timer.start())
        self._search_timer.timeout.connect(self._search)
        self.tree.chapter_wanted.connect(presenter.open_chapter)
        self.tree.rule_wanted.connect(presenter.open_rule)
        self.tree.rules_wanted.connect(presenter.list_rules)
        self.hits.hit_wanted.connect(presenter.open_hit)
        self.pane.study_wanted.connect(presenter.study_chapter)
        self.pane.quiz_wanted.connect(presenter.quiz_chapter)
        self.pane.flip_wanted.connect(self._flip)
        self.pane.resume_wanted.connect(
            lambda rule, card: self._attempt(lambda: presenter.resume(rule, card))
        )
        self.pane.suspend_wanted.connect(
            lambda rule, card: self._attempt(lambda: presenter.suspend(rule, card))
        )

    def _attempt(self, act: Callable[[], None]) -> None:
        """Do something that the disk may refuse."""
        try:
            act()
        except TrainerError as error:
            self._desk.shell.say(error)
