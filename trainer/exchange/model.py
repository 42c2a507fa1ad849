"""What passes between our decks and other programs' files, and what could not be carried."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Literal

import msgspec

from trainer.cards.model import Card, Cloze, Language, Term
from trainer.decks.model import Deck, Rule

ReportProgress = Callable[[int, int], None]  # done, total; raises Cancelled to stop


def no_report(_done: int, _total: int) -> None:
    """Progress that nobody looks at."""


class NotCarried(msgspec.Struct, frozen=True):
    """Something a format, or our decks, have no place for. `code` names the sentence."""

    code: str  # "carried.…"
    where: str = ""  # the question it is about: its id or how it begins; "": the file
    blanks: dict[str, str] = {}


class PastReview(msgspec.Struct, frozen=True):
    """An answer given in another program, or to be handed to one."""

    card_id: str  # in an import: a card of `Imported.deck`
    at: int  # milliseconds UTC
    rating: int  # 1 to 4
    taken_ms: int


class Imported(msgspec.Struct, frozen=True):
    """A file of another program as a deck of ours, not yet written. Blocks without an id of their
    own have provisional ones, which are all different."""

    deck: Deck
    pictures: dict[str, bytes] = {}  # by the path their texts name, beside the deck
    not_carried: tuple[NotCarried, ...] = ()
    reviews: tuple[PastReview, ...] = ()
    seen: int = 0  # how many questions the file has, those that could not be carried too


class Exported(msgspec.Struct, frozen=True):
    """A file for another program."""

    content: bytes
    not_carried: tuple[NotCarried, ...] = ()
    questions: int = 0


class Bundle(msgspec.Struct, frozen=True):
    """What is to be exported."""

    decks: tuple[Deck, ...]
    picture: Callable[[str, str], bytes | None] = lambda _deck_id, _target: None
    reviews: tuple[PastReview, ...] = ()
    now: int = 0  # milliseconds UTC: formats want to know when a file was made


class Note(msgspec.Struct, frozen=True):
    """One block of a deck: a card, all parts of a cloze, or both ways of a term."""

    card: Card  # the first; of a term the one that asks for the definition
    cards: tuple[Card, ...]
    rule: Rule | None
    deck: Deck

    @property
    def name(self) -> str:
        """The id without the deck's, for people."""
        return self.card.note_id.rpartition("#")[2]


def notes_of(deck: Deck) -> Iterator[Note]:
    """The blocks of `deck`, in file order."""
    rules = {rule.rule_id: rule for rule in deck.rules}
    groups: dict[str, list[Card]] = {}
    for card in deck.cards:
        groups.setdefault(card.note_id, []).append(card)
    for cards in groups.values():
        first = cards[0]
        if isinstance(first.body, Term) and first.body.asks_for == "term":
            first = next((c for c in cards if _asks_for_definition(c)), first)
        yield Note(first, tuple(cards), rules.get(first.rule_id), deck)


def _asks_for_definition(card: Card) -> bool:
    return isinstance(card.body, Term) and card.body.asks_for == "definition"


def left_behind(deck: Deck) -> Iterator[NotCarried]:
    """What no other program has a place for."""
    for case in deck.scenarios:
        yield NotCarried("carried.case", case.scenario_id.rpartition("#")[2])
    for rule in deck.rules:
        if rule.table is not None:
            yield NotCarried("carried.penalty-table", rule.rule_id.rpartition("#")[2])


# Making a deck of what was read


class Draft(msgspec.Struct):
    """One block as an importer found it. `body` of a term asks for the definition; that of a
    cloze has all its parts, and whatever `hidden` says."""

    question: str
    body: object  # cards.model.Body
    explanation: str = ""
    name: str = ""  # a wish for the id; taken when it can be one and is free
    rule: str = ""  # key into the rules given to `assembled`
    difficulty: int = 2
    tags: tuple[str, ...] = ()


class DraftRule(msgspec.Struct):
    """A heading with what belongs to all questions below it."""

    title: str
    name: str = ""
    text: str = ""
    rule: Rule | None = None  # where everything about it is known


def assembled(
    title: str,
    language: Language,
    drafts: Sequence[Draft],
    rules: Mapping[str, DraftRule],
    names: Callable[[str, int], str],
) -> tuple[Deck, list[tuple[str, ...]]]:
    """A deck of `drafts`, and for each draft its card ids, in the order of its parts or ways.

    `names(wish, number)` gives a block's id: the wish, or a provisional one.
    """
    kept_rules: dict[str, Rule] = {}
    for key in dict.fromkeys(draft.rule for draft in drafts if draft.rule):
        one = rules[key]
        rule_id = "#" + names(one.name, len(kept_rules))
        blank = Rule(rule_id=rule_id, language=language, title=one.title, text=one.text, line=0)
        kept_rules[key] = (
            blank
            if one.rule is None
            else msgspec.structs.replace(one.rule, rule_id=rule_id, language=language, table=None)
        )
    cards: list[Card] = []
    ids: list[tuple[str, ...]] = []
    for number, draft in enumerate(drafts):
        note_id = "#" + names(draft.name, len(kept_rules) + number)
        rule_id = kept_rules[draft.rule].rule_id if draft.rule else ""
        made = list(_cards(draft, note_id, rule_id, language))
        cards += made
        ids.append(tuple(card.card_id for card in made))
    deck = Deck(
        deck_id="",
        language=language,
        title=title,
        introduction="",
        rules=tuple(kept_rules.values()),
        cards=tuple(cards),
        scenarios=(),
    )
    return deck, ids


def _cards(draft: Draft, note_id: str, rule_id: str, language: Language) -> Iterable[Card]:
    whole = Card(
        card_id=note_id,
        note_id=note_id,
        language=language,
        question=draft.question,
        body=draft.body,  # type: ignore[arg-type] # the union is too wide for a mutable struct
        line=0,
        explanation=draft.explanation,
        rule_id=rule_id,
        difficulty=draft.difficulty,
        tags=draft.tags,
    )
    replace = msgspec.structs.replace
    match draft.body:
        case Term(shown=shown, hidden=hidden):
            there = Term(shown, hidden, "definition")
            yield replace(whole, card_id=f"{note_id}.definition", body=there)
            back = Term(hidden, shown, "term")
            yield replace(whole, card_id=f"{note_id}.term", body=back)
        case Cloze(text=text, parts=parts):
            for part in parts:
                body = Cloze(text, parts, part.key)
                yield replace(whole, card_id=f"{note_id}.{part.key}", body=body)
        case _:
            yield whole


Direction = Literal["import", "export"]
