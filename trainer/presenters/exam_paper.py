"""A question of a sealed paper as the answer controls know it: without knowing what is right.

The controls of study show cards; a paper's question becomes a card whose answer is a blank. Only
what is on the screen is made so, and nothing here can grade it.
"""

from trainer.cards.model import (
    Body,
    Card,
    Choice,
    Language,
    Matching,
    Number,
    Option,
    Ordering,
    TrueFalse,
    Typed,
)
from trainer.cards.response import GaveUp, Response, SelfGraded
from trainer.cards.showing import Showing
from trainer.decks.rendering import GAP
from trainer.exams.model import Item, PaperItem

PAPER_GAP = "{{gap}}"


def paper_in(item: Item, language: Language) -> PaperItem:
    """The question in `language`, or in the language it has."""
    return next((paper for paper in item.papers if paper.language == language), item.papers[0])


def stem_in(item: Item, language: Language) -> str:
    """The stem that stays above the questions of a case study, as Markdown; "" for none."""
    stems = dict(item.stem)
    return stems.get(language) or next(iter(stems.values()), "")


def as_showing(item: Item, paper: PaperItem, order: tuple[int, ...]) -> Showing:
    """`paper` for the answer controls. `order` is that of the screen; responses that the controls
    give count in paper order.

    Raises ValueError for a case, which is walked, not answered.
    """
    text = paper.stem
    if paper.cloze:
        text = "\n\n".join(part for part in (text, paper.cloze.replace(PAPER_GAP, GAP)) if part)
    card = Card(item.item_id, item.item_id, paper.language, text, _body(item.kind, paper), 1)
    if not order and isinstance(card.body, Choice | Ordering | Matching):
        order = tuple(range(len(paper.rights or paper.options)))
    return Showing(card, text, "", order)


def given_response(response: Response | None) -> Response | None:
    """What a control says, as an answer: an empty field is none."""
    return None if isinstance(response, SelfGraded | GaveUp) else response


def _body(kind: str, paper: PaperItem) -> Body:
    match kind:
        case "single-choice" | "multiple-response":
            # Several right ones make the control take several: how many it is says nothing.
            blanks = 1 if kind == "single-choice" else 2
            return Choice(
                tuple(
                    Option(option.text, place < blanks, last=option.last)
                    for place, option in enumerate(paper.options)
                )
            )
        case "true-false":
            return TrueFalse(truth=True)
        case "number" | "parametric":
            return Number("0", paper.unit)
        case "typed" | "cloze":
            return Typed(())
        case "ordering":
            return Ordering(tuple(option.text for option in paper.options))
        case "matching":
            pairs = tuple(zip(paper.lefts, paper.rights, strict=True))
            return Matching(paper.left_title, paper.right_title, pairs)
        case _:
            raise ValueError(kind)
