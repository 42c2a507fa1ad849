"""How the handbook behaves: a tree of chapters, one page open, a search, and what each card is
up to; without a word or pixel of Qt."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal, Protocol

from trainer.cards.model import Card, Language, kind_of
from trainer.cards.showing import show
from trainer.decks.model import Deck, Rule
from trainer.foundation.errors import TrainerError
from trainer.foundation.source import Finding, Level
from trainer.presenters.answer_sheet import prompt_of
from trainer.services.card_standing import CardState
from trainer.services.content_library import DeckEntry, Hit, Library
from trainer.services.study import Selection

SUBJECT_KINDS = ("platform", "skill", "product", "")
MOST_HITS = 50


class CardStates(Protocol):
    """What the handbook asks about cards: `services.card_standing.CardStanding`."""

    def states(self, card_ids: Sequence[str]) -> Mapping[str, CardState]: ...

    def resume(self, card_id: str) -> None:
        """Ask a suspended card again from now on."""

    def suspend(self, card_id: str) -> None: ...


@dataclass(frozen=True, slots=True)
class Chapter:
    """A deck in the tree, in the language it is there in."""

    deck_id: str
    language: Language
    title: str
    rules: int
    cards: int
    errors: int
    stale: bool


@dataclass(frozen=True, slots=True)
class Shelf:
    """A platform, product or skill with its chapters."""

    subject_kind: str
    subject: str
    competence: str
    chapters: tuple[Chapter, ...]


Standing = Literal["new", "due", "later", "buried", "suspended"]


@dataclass(frozen=True, slots=True)
class CardLine:
    """A card under its rule. `prompt` is Markdown; `due_in` only when it is due later."""

    card_id: str
    kind: str
    prompt: str
    standing: Standing
    due_in: timedelta | None
    flagged: bool
    asks_teacher: bool


@dataclass(frozen=True, slots=True)
class RulePage:
    """A rule, and its cards."""

    rule: Rule
    cards: tuple[CardLine, ...]


@dataclass(frozen=True, slots=True)
class ChapterPage:
    """A chapter open in the reading pane. `rule_id` is where to look first, "" for the top."""

    deck: Deck
    entry: Chapter
    pages: tuple[RulePage, ...]
    loose: tuple[CardLine, ...]  # cards without a rule
    rule_id: str
    findings: tuple[Finding, ...]
    other_language: bool  # whether there is a translation to flip to


class HandbookView(Protocol):
    """What the presenter needs of a screen."""

    def show_shelves(self, shelves: Sequence[Shelf]) -> None: ...

    def show_rules(self, deck_id: str, rules: Sequence[Rule]) -> None:
        """The rules of a chapter, to stand below it in the tree."""

    def show_page(self, page: ChapterPage, *, jump: bool) -> None:
        """`jump` to `page.rule_id`; else what is read stays where it is."""

    def show_cards(self, rule_id: str, cards: Sequence[CardLine]) -> None:
        """The states of a rule's cards have changed."""

    def show_hits(self, text: str, hits: Sequence[Hit]) -> None: ...

    def show_no_search(self) -> None:
        """The search is empty: show the tree again."""

    def show_empty(self) -> None:
        """There are no decks at all."""

    def show_note(self, code: str) -> None: ...


class HandbookPresenter:
    """Reads from the library what is looked at, and nothing more."""

    def __init__(
        self,
        library: Library,
        view: HandbookView,
        language: Language,
        *,
        study: Callable[[Selection], None],
        quiz: Callable[[str], None],
        states: CardStates | None = None,
    ) -> None:
        self._library = library
        self._view = view
        self._language = language
        self._states = states
        self._study = study
        self._quiz = quiz
        self._shelves: tuple[Shelf, ...] = ()
        self._page: ChapterPage | None = None

    @property
    def language(self) -> Language:
        """The language read in, where a chapter is there in it."""
        return self._language

    @property
    def page(self) -> ChapterPage | None:
        return self._page

    def show(self) -> None:
        """Build the tree anew; the open page stays open when it is still there."""
        self._shelves = shelves_of(self._library.decks(), self._language)
        if not self._shelves:
            self._page = None
            self._view.show_empty()
            return
        self._view.show_shelves(self._shelves)
        if self._page is not None:
            self._open(self._page.deck.deck_id, self._page.rule_id, jump=False)

    def list_rules(self, deck_id: str) -> None:
        deck = self._deck(deck_id)
        if deck is not None:
            self._view.show_rules(deck_id, deck.rules)

    def open_chapter(self, deck_id: str, rule_id: str = "") -> None:
        self._open(deck_id, rule_id, jump=True)

    def _open(self, deck_id: str, rule_id: str, *, jump: bool) -> None:
        entry, deck = self._entry(deck_id), self._deck(deck_id)
        if entry is None or deck is None:
            self._view.show_note("handbook.gone")
            return
        self._page = self._made_page(entry, deck, rule_id)
        self._view.show_rules(deck_id, deck.rules)
        self._view.show_page(self._page, jump=jump)

    def open_rule(self, rule_id: str) -> None:
        self.open_chapter(rule_id.partition("#")[0], rule_id)

    def step(self, by: int) -> None:
        """The chapter before (-1) or after (1) the open one, in the order of the tree."""
        order = [chapter.deck_id for shelf in self._shelves for chapter in shelf.chapters]
        if self._page is None or self._page.deck.deck_id not in order:
            if order:
                self.open_chapter(order[0])
            return
        place = order.index(self._page.deck.deck_id) + by
        if 0 <= place < len(order):
            self.open_chapter(order[place])

    def flip(self) -> None:
        """Read in the other language, the same place."""
        if self._page is not None and not self._page.other_language:
            self._view.show_note("handbook.no-translation")
            return
        self._language = "en" if self._language == "zh" else "zh"
        self.show()

    def search(self, text: str) -> None:
        wanted = text.strip()
        if not wanted:
            self._view.show_no_search()
            return
        hits = self._library.search(wanted, self._language, MOST_HITS)
        if not hits:
            hits = self._library.search(wanted, None, MOST_HITS)
        self._view.show_hits(wanted, hits)

    def open_hit(self, hit: Hit) -> None:
        """Open what was found, in the language it was found in."""
        if hit.language != self._language:
            self._language = hit.language
            self._shelves = shelves_of(self._library.decks(), self._language)
            self._view.show_shelves(self._shelves)
        self.open_chapter(hit.deck_id, hit.rule_id)

    def resume(self, rule_id: str, card_id: str) -> None:
        if self._states is not None:
            self._states.resume(card_id)
            self._refresh_cards(rule_id)

    def suspend(self, rule_id: str, card_id: str) -> None:
        if self._states is not None:
            self._states.suspend(card_id)
            self._refresh_cards(rule_id)

    def study_chapter(self) -> None:
        if self._page is not None:
            self._study(Selection(decks=(self._page.deck.deck_id,)))

    def quiz_chapter(self) -> None:
        if self._page is not None:
            self._quiz(self._page.deck.deck_id)

    def _entry(self, deck_id: str) -> Chapter | None:
        return next(
            (
                chapter
                for shelf in self._shelves
                for chapter in shelf.chapters
                if chapter.deck_id == deck_id
            ),
            None,
        )

    def _deck(self, deck_id: str) -> Deck | None:
        other: Language = "en" if self._language == "zh" else "zh"
        return self._library.deck(deck_id, self._language) or self._library.deck(deck_id, other)

    def _made_page(self, entry: Chapter, deck: Deck, rule_id: str) -> ChapterPage:
        other: Language = "en" if deck.language == "zh" else "zh"
        paths = {
            deck_entry.path
            for deck_entry in self._library.decks()
            if deck_entry.deck_id == deck.deck_id and deck_entry.language == deck.language
        }
        findings = tuple(
            finding
            for finding in self._library.findings()
            if finding.level is Level.ERROR
            and any(_same_file(finding.place.path.as_posix(), path) for path in paths)
        )
        states = self._card_states([card.card_id for card in deck.cards])
        lines: dict[str, list[CardLine]] = {}
        for card in deck.cards:
            lines.setdefault(card.rule_id, []).append(_card_line(card, states.get(card.card_id)))
        known = {rule.rule_id for rule in deck.rules}
        return ChapterPage(
            deck=deck,
            entry=entry,
            pages=tuple(RulePage(rule, tuple(lines.get(rule.rule_id, ()))) for rule in deck.rules),
            loose=tuple(line for rule, some in lines.items() if rule not in known for line in some),
            rule_id=rule_id if rule_id in known else "",
            findings=findings,
            other_language=any(
                one.deck_id == deck.deck_id and one.language == other
                for one in self._library.decks()
            ),
        )

    def _card_states(self, card_ids: Sequence[str]) -> Mapping[str, CardState]:
        if self._states is None:
            return {}
        try:
            return self._states.states(card_ids)
        except TrainerError:
            return {}  # rules can be read without the learner's file

    def _refresh_cards(self, rule_id: str) -> None:
        if self._page is None:
            return
        self._page = self._made_page(self._page.entry, self._page.deck, self._page.rule_id)
        lines = next(
            (page.cards for page in self._page.pages if page.rule.rule_id == rule_id),
            self._page.loose,
        )
        self._view.show_cards(rule_id, lines)


def shelves_of(entries: Sequence[DeckEntry], language: Language) -> tuple[Shelf, ...]:
    """The tree: platforms, then skills, then products; chapters in the library's order.

    A chapter that is not there in `language` stands in the language it has.
    """
    chapters: dict[tuple[str, str], dict[str, DeckEntry]] = {}
    for entry in entries:
        shelf = chapters.setdefault((entry.subject_kind, entry.subject), {})
        if entry.deck_id not in shelf or entry.language == language:
            shelf[entry.deck_id] = entry
    shelves = [
        Shelf(
            kind,
            subject,
            next(iter(decks.values())).competence,
            tuple(
                Chapter(
                    entry.deck_id,
                    entry.language,
                    entry.title,
                    entry.rules,
                    entry.cards,
                    entry.errors,
                    entry.stale,
                )
                for entry in decks.values()
            ),
        )
        for (kind, subject), decks in chapters.items()
    ]
    places = {kind: place for place, kind in enumerate(SUBJECT_KINDS)}
    return tuple(sorted(shelves, key=lambda shelf: places.get(shelf.subject_kind, len(places))))


def short_title(title: str, subject: str) -> str:
    """A chapter's title without the name of the subject it stands under."""
    if not title.casefold().startswith(subject.casefold()):
        return title
    rest = title[len(subject) :].lstrip(" :：,，、-–—")
    return rest[:1].upper() + rest[1:] if rest else title


def _card_line(card: Card, state: CardState | None) -> CardLine:
    standing, due_in = _standing(state)
    return CardLine(
        card_id=card.card_id,
        kind=kind_of(card.body),
        prompt=prompt_of(show(card, 0), answered=False),
        standing=standing,
        due_in=due_in,
        flagged=state is not None and state.flagged,
        asks_teacher=state is not None and state.asks_teacher,
    )


def _standing(state: CardState | None) -> tuple[Standing, timedelta | None]:
    if state is None:
        return "new", None
    if state.suspended:
        return "suspended", None
    if state.buried:
        return "buried", None
    if state.due_in is None:
        return "new", None
    if state.due_in <= timedelta(0):
        return "due", None
    return "later", state.due_in


def _same_file(path: str, below_content: str) -> bool:
    return path == below_content or path.endswith(f"/{below_content}")
