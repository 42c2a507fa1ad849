"""All papers of a sitting: forms drawn, questions made, options put in order, pictures named.

Everything follows from plan, pool and seed, so that any paper can be made again years later.
"""

import posixpath
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import blake2b

import msgspec

from trainer.cards.model import Card, Language, Value
from trainer.decks.images import image_path, images_in
from trainer.decks.model import Scenario
from trainer.exams.assembly import Form, draw_forms
from trainer.exams.blueprint import Blueprint, PoolCard
from trainer.exams.keys import ExamError
from trainer.exams.model import Item, Section
from trainer.exams.papers import (
    Question,
    card_question,
    case_question,
    change_texts,
    screen_order,
)
from trainer.foundation.chance import Chance

Asked = Mapping[Language, Card] | Mapping[Language, Scenario]
Find = Callable[[str], Asked]  # a card or case of the pool by its id, in every language it has

_TYPES = {".png": "png", ".jpg": "jpg", ".jpeg": "jpg"}


class Placed(Value, frozen=True):
    """A question in a form: its section and the order on the screen."""

    item_id: str
    section_id: str
    order: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture of a question: the name it has in the package, and the deck it comes from with the
    path below that deck's content folder."""

    name: str
    deck_id: str
    path: str


@dataclass(frozen=True, slots=True)
class PaperSet:
    """`questions` by item id, in the order they were met; `forms` by name."""

    questions: Mapping[str, Question]
    forms: Mapping[str, tuple[Placed, ...]]
    pictures: tuple[Picture, ...] = ()

    def form_items(self, name: str) -> list[Item]:
        return [self.questions[placed.item_id].item for placed in self.forms[name]]

    def written(self, name: str) -> bytes:
        """A whole form as bytes: what has to come out again when it is made from its seed."""
        return msgspec.json.encode((self.forms[name], self.form_items(name)))


def sections_of(plan: Blueprint) -> tuple[Section, ...]:
    return tuple(
        Section(f"s{place}", section.title, section.navigation, 60 * section.minutes)
        for place, section in enumerate(plan.sections, start=1)
    )


def make_papers(
    plan: Blueprint,
    pool: Collection[PoolCard],
    find: Find,
    names: Collection[str],
    seed: str,
) -> PaperSet:
    """The papers for the forms called `names`.

    Raises ExamError: exam.shortage, exam.always-unfit, exam.card-differs, exam.card-kind,
    exam.picture-kind, exam.picture-place.
    """
    forms = draw_forms(plan, pool, names, seed)
    questions: dict[str, Question] = {}
    pictures: list[Picture] = []
    made: dict[str, tuple[Placed, ...]] = {}
    for name, form in forms.items():
        for item_id, card_id, points in _wanted(form, seed):
            if item_id not in questions:
                question = _question(item_id, card_id, points, plan, find, seed)
                questions[item_id], found = _with_pictures(question, card_id)
                pictures += found
        made[name] = _placed(form, questions, plan, seed)
    return PaperSet(questions, made, tuple(pictures))


def item_name(seed: str, card_id: str, points: str) -> str:
    """16 hexadecimal digits that say nothing about the card to who does not know the seed."""
    text = f"{seed}\n{card_id}\n{points}"
    return blake2b(text.encode("utf-8"), digest_size=8, person=b"exam item").hexdigest()


def _wanted(form: Form, seed: str) -> list[tuple[str, str, str]]:
    return [
        (item_name(seed, drawn.card_id, drawn.points), drawn.card_id, drawn.points)
        for drawn in form.drawn
    ]


def _question(
    item_id: str, card_id: str, points: str, plan: Blueprint, find: Find, seed: str
) -> Question:
    found = find(card_id)
    cards: dict[Language, Card] = {}
    cases: dict[Language, Scenario] = {}
    for language in plan.languages:
        match found[language]:
            case Card() as card:
                cards[language] = card
            case Scenario() as case:
                cases[language] = case
    if cases:
        return case_question(item_id, cases, points, seed)
    return card_question(item_id, cards, points, plan, seed)


def _placed(
    form: Form, questions: Mapping[str, Question], plan: Blueprint, seed: str
) -> tuple[Placed, ...]:
    placed = []
    for (item_id, _, _), drawn in zip(_wanted(form, seed), form.drawn, strict=True):
        chance = Chance(f"{seed}/screen/{form.form_id}/{item_id}")
        order = screen_order(questions[item_id], plan, chance)
        placed.append(Placed(item_id, f"s{drawn.section + 1}", order))
    return tuple(placed)


def _with_pictures(question: Question, card_id: str) -> tuple[Question, Sequence[Picture]]:
    """The question with its pictures under the names they have in the package."""
    deck_id = card_id.partition("#")[0]
    folder = deck_id.rpartition("/")[0]
    names: dict[str, str] = {}  # path below the content folder -> name

    def named(text: str) -> str:
        for start, target in reversed(images_in(text)):
            path, trouble = image_path(target, folder)
            if trouble:
                raise ExamError("exam.picture-place", card=card_id, picture=target[:80])
            kind = _TYPES.get(posixpath.splitext(path)[1].lower())
            if kind is None:
                raise ExamError("exam.picture-kind", picture=path)
            name = names.setdefault(path, f"{question.item.item_id}.{len(names) + 1}.{kind}")
            text = f"{text[:start]}{name}{text[start + len(target) :]}"
        return text

    papers = []
    for paper in question.item.papers:
        changed = change_texts(paper, named)
        papers.append(msgspec.structs.replace(changed, media=tuple(names.values())))
    if not names:
        return question, ()
    item = msgspec.structs.replace(question.item, papers=tuple(papers))
    pictures = [Picture(name, deck_id, path) for path, name in names.items()]
    return replace(question, item=item), pictures
