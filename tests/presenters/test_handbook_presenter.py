"""The handbook without a window: tree, pages, search, and the state of each card."""
# ruff: noqa: ARG002 - fakes take what they are given

from collections.abc import Mapping, Sequence
from datetime import timedelta
from pathlib import PurePath

import pytest

from trainer.cards.model import Card, Cloze, ClozePart, Language, Recall
from trainer.decks.model import Deck, Rule
from trainer.decks.rendering import GAP
from trainer.foundation.source import Finding, Level, Place
from trainer.presenters.handbook import (
    CardLine,
    ChapterPage,
    HandbookPresenter,
    Shelf,
    shelves_of,
    short_title,
)
from trainer.services.card_standing import CardState
from trainer.services.content_library import DeckEntry, Hit, Library
from trainer.services.study import Selection


def entry(deck_id: str, kind: str, language: Language = "en") -> DeckEntry:
    return DeckEntry(
        deck_id=deck_id,
        language=language,
        path=f"{deck_id}{'.zh' if language == 'zh' else ''}.md",
        title=f"{deck_id} {language}",
        subject_kind=kind,
        subject=deck_id.split("/")[1],
        competence="platform-rules",
        as_of="",
        rules=2,
        cards=2,
        errors=0,
        warnings=0,
        stale=False,
    )


ENTRIES = [
    entry("products/toys", "product"),
    entry("platforms/amazon/health", "platform"),
    entry("platforms/amazon/health", "platform", "zh"),
    entry("platforms/amazon/orders", "platform"),
    entry("skills/payments/cards", "skill", "zh"),
]


def deck(deck_id: str, language: Language) -> Deck:
    rules = tuple(
        Rule(rule_id=f"{deck_id}#{name}", language=language, title=name, text=name, line=1)
        for name in ("first", "second")
    )
    asked = Card(
        f"{deck_id}#ask",
        f"{deck_id}#ask",
        language,
        "Why?",
        Recall("x"),
        1,
        rule_id=rules[0].rule_id,
    )
    gap = Card(
        f"{deck_id}#gap.1",
        f"{deck_id}#gap",
        language,
        "",
        Cloze("a claim", (ClozePart("1", 2, 7),), "1"),
        1,
    )
    return Deck(deck_id, language, f"{deck_id} {language}", "", rules, (asked, gap), ())


class Shelves(Library):
    """The decks above; what is found is what was set."""

    def __init__(self) -> None:
        self.entries: list[DeckEntry] = list(ENTRIES)
        self.mistakes: list[Finding] = []
        self.found: dict[Language | None, list[Hit]] = {}

    def decks(self, language: Language | None = None) -> Sequence[DeckEntry]:
        return [one for one in self.entries if language in {None, one.language}]

    def deck(self, deck_id: str, language: Language) -> Deck | None:
        there = {(one.deck_id, one.language) for one in self.entries}
        return deck(deck_id, language) if (deck_id, language) in there else None

    def findings(self) -> Sequence[Finding]:
        return self.mistakes

    def search(self, text: str, language: Language | None = None, limit: int = 50) -> Sequence[Hit]:
        return self.found.get(language, [])


class States:
    def __init__(self) -> None:
        self.known: dict[str, CardState] = {}

    def states(self, card_ids: Sequence[str]) -> Mapping[str, CardState]:
        return self.known

    def resume(self, card_id: str) -> None:
        self.known[card_id] = CardState()

    def suspend(self, card_id: str) -> None:
        self.known[card_id] = CardState(suspended=True)


class View:
    def __init__(self) -> None:
        self.shelves: list[Sequence[Shelf]] = []
        self.pages: list[tuple[ChapterPage, bool]] = []
        self.rules: list[tuple[str, int]] = []
        self.cards: list[tuple[str, Sequence[CardLine]]] = []
        self.hits: list[Sequence[Hit]] = []
        self.no_search = 0
        self.empty = 0
        self.notes: list[str] = []

    def show_shelves(self, shelves: Sequence[Shelf]) -> None:
        self.shelves.append(shelves)

    def show_rules(self, deck_id: str, rules: Sequence[Rule]) -> None:
        self.rules.append((deck_id, len(rules)))

    def show_page(self, page: ChapterPage, *, jump: bool) -> None:
        self.pages.append((page, jump))

    def show_cards(self, rule_id: str, cards: Sequence[CardLine]) -> None:
        self.cards.append((rule_id, cards))

    def show_hits(self, text: str, hits: Sequence[Hit]) -> None:
        self.hits.append(hits)

    def show_no_search(self) -> None:
        self.no_search += 1

    def show_empty(self) -> None:
        self.empty += 1

    def show_note(self, code: str) -> None:
        self.notes.append(code)


class Desk:
    def __init__(self, language: Language = "en") -> None:
        self.library, self.view, self.states = Shelves(), View(), States()
        self.studied: list[Selection] = []
        self.quizzed: list[str] = []
        self.presenter = HandbookPresenter(
            self.library,
            self.view,
            language,
            study=self.studied.append,
            quiz=self.quizzed.append,
            states=self.states,
        )
        self.presenter.show()

    @property
    def page(self) -> ChapterPage:
        return self.view.pages[-1][0]


HEALTH = "platforms/amazon/health"


def test_shelves_go_platforms_skills_products_and_translations_are_one_chapter() -> None:
    shelves = shelves_of(ENTRIES, "zh")
    assert [(shelf.subject_kind, shelf.subject) for shelf in shelves] == [
        ("platform", "amazon"),
        ("skill", "payments"),
        ("product", "toys"),
    ]
    chapters = [(chapter.deck_id, chapter.language) for chapter in shelves[0].chapters]
    assert chapters == [(HEALTH, "zh"), ("platforms/amazon/orders", "en")]


@pytest.mark.parametrize(
    ("title", "subject", "short"),
    [
        ("Amazon: opening an account", "Amazon", "Opening an account"),
        ("Alibaba.com disputes", "Alibaba.com", "Disputes"),
        ("亚马逊：开店", "亚马逊", "开店"),
        ("速卖通知识产权", "速卖通", "知识产权"),
        ("Wish", "Wish", "Wish"),
        ("The rise of Wish", "Wish", "The rise of Wish"),
    ],
)
def test_a_title_does_not_repeat_what_it_stands_under(title: str, subject: str, short: str) -> None:
    assert short_title(title, subject) == short


def test_a_chapter_shows_its_rules_with_their_cards() -> None:
    desk = Desk()
    desk.presenter.open_chapter(HEALTH)
    assert desk.view.rules == [(HEALTH, 2)]
    first, second = desk.page.pages
    assert [line.prompt for line in first.cards] == ["Why?"]
    assert second.cards == ()
    assert [line.prompt for line in desk.page.loose] == [f"a {GAP}"]
    assert desk.page.other_language


def test_a_rule_opens_its_chapter_at_the_rule() -> None:
    desk = Desk()
    desk.presenter.open_rule(f"{HEALTH}#second")
    assert desk.page.rule_id == f"{HEALTH}#second"
    assert desk.view.pages[-1][1]
    desk.presenter.open_rule(f"{HEALTH}#gone")
    assert desk.page.rule_id == ""


def test_coming_back_does_not_jump() -> None:
    desk = Desk()
    desk.presenter.open_rule(f"{HEALTH}#second")
    desk.presenter.show()
    assert desk.view.pages[-1] == (desk.page, False)


def test_a_chapter_that_is_gone_is_said() -> None:
    desk = Desk()
    desk.presenter.open_chapter("platforms/wish/nothing")
    assert desk.view.notes == ["handbook.gone"]
    assert desk.view.pages == []


def test_no_decks_at_all() -> None:
    desk = Desk()
    desk.library.entries = []
    desk.presenter.show()
    assert desk.view.empty == 1


def test_flipping_keeps_the_place() -> None:
    desk = Desk()
    desk.presenter.open_rule(f"{HEALTH}#second")
    desk.presenter.flip()
    assert desk.presenter.language == "zh"
    assert desk.page.deck.language == "zh"
    assert desk.page.rule_id == f"{HEALTH}#second"


def test_a_chapter_without_translation_does_not_flip() -> None:
    desk = Desk()
    desk.presenter.open_chapter("platforms/amazon/orders")
    desk.presenter.flip()
    assert desk.view.notes == ["handbook.no-translation"]
    assert desk.presenter.language == "en"


def test_next_and_previous_chapter_follow_the_tree() -> None:
    desk = Desk()
    desk.presenter.step(1)
    assert desk.page.deck.deck_id == HEALTH
    desk.presenter.step(1)
    desk.presenter.step(1)
    assert desk.page.deck.deck_id == "skills/payments/cards"
    desk.presenter.step(-1)
    assert desk.page.deck.deck_id == "platforms/amazon/orders"


def hit(language: Language) -> Hit:
    return Hit(HEALTH, f"{HEALTH}#first", language, "first", "\x02x\x03")


def test_a_search_falls_back_to_the_other_language_and_opens_it() -> None:
    desk = Desk()
    desk.library.found = {None: [hit("zh")]}
    desk.presenter.search("  扣分 ")
    assert desk.view.hits == [[hit("zh")]]
    desk.presenter.open_hit(hit("zh"))
    assert desk.presenter.language == "zh"
    assert desk.page.deck.language == "zh"
    assert desk.page.rule_id == f"{HEALTH}#first"


def test_an_empty_search_shows_the_tree_again() -> None:
    desk = Desk()
    desk.presenter.search("   ")
    assert (desk.view.no_search, desk.view.hits) == (1, [])


@pytest.mark.parametrize(
    ("state", "standing", "due_in"),
    [
        (None, "new", None),
        (CardState(), "new", None),
        (CardState(due_in=timedelta(days=-1)), "due", None),
        (CardState(due_in=timedelta(0)), "due", None),
        (CardState(due_in=timedelta(days=4)), "later", timedelta(days=4)),
        (CardState(due_in=timedelta(days=4), buried=True), "buried", None),
        (CardState(due_in=timedelta(days=-1), suspended=True), "suspended", None),
    ],
)
def test_where_a_card_stands(
    state: CardState | None, standing: str, due_in: timedelta | None
) -> None:
    desk = Desk()
    if state is not None:
        desk.states.known[f"{HEALTH}#ask"] = state
    desk.presenter.open_chapter(HEALTH)
    line = desk.page.pages[0].cards[0]
    assert (line.standing, line.due_in) == (standing, due_in)


def test_a_suspended_card_is_resumed_where_it_stands() -> None:
    desk = Desk()
    desk.presenter.open_chapter(HEALTH)
    desk.presenter.suspend(f"{HEALTH}#first", f"{HEALTH}#ask")
    rule_id, cards = desk.view.cards[-1]
    assert (rule_id, cards[0].standing) == (f"{HEALTH}#first", "suspended")
    desk.presenter.resume(f"{HEALTH}#first", f"{HEALTH}#ask")
    assert desk.view.cards[-1][1][0].standing == "new"
    desk.presenter.suspend("", f"{HEALTH}#gap.1")
    (rule_id, (loose,)) = desk.view.cards[-1]
    assert (rule_id, loose.standing) == ("", "suspended")


def test_only_errors_of_this_very_file_are_shown() -> None:
    desk = Desk()
    for path, level in (
        ("content/platforms/amazon/health.md", Level.ERROR),
        ("content/platforms/amazon/health.md", Level.WARNING),
        ("content/platforms/amazon/health.zh.md", Level.ERROR),
        ("content/my-platforms/amazon/health.md", Level.ERROR),
    ):
        desk.library.mistakes.append(Finding(Place(PurePath(path), 3, 1), level, "card.no-answer"))
    desk.presenter.open_chapter(HEALTH)
    assert [found.place.path.as_posix() for found in desk.page.findings] == [
        "content/platforms/amazon/health.md"
    ]


def test_study_and_quiz_the_open_chapter() -> None:
    desk = Desk()
    desk.presenter.study_chapter()
    desk.presenter.quiz_chapter()
    assert (desk.studied, desk.quizzed) == ([], [])
    desk.presenter.open_chapter(HEALTH)
    desk.presenter.study_chapter()
    desk.presenter.quiz_chapter()
    assert desk.studied == [Selection(decks=(HEALTH,))]
    assert desk.quizzed == [HEALTH]
